"""Fit what tells a false premise: ``python -m eval.premises [--write]``.

Trained on ``corpus/premises.jsonl``: questions on each sheet that take something wrong for granted, something right, or
nothing; and on ordinary questions of the intents, the margins and the domain, each with the sheet found for it.
Figures come from folds that keep the questions of one sheet together; the threshold is the one that ordinary
questions of ``data/sheets.jsonl`` pass ``FALSE_ALARMS`` of the time.
"""

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.intents import OURS, Intents, terms_of
from assistant.opening import build
from assistant.premises import FIGURES, SUPPOSES, weighed
from assistant.retrieval import Retrieval
from assistant.understanding import understand
from corpus.premises import premises
from eval.intents import margins, tf_idf, write
from eval.questions import read_questions
from indexes.encoder import DEFAULT, open_encoder
from indexes.persistence import Index, read_index

FOLDS = 5
STRENGTH = 3.0
"""Inverse of the regularisation of the model of the question alone."""
DOMAIN = 1_500
"""Domain questions taken as ordinary."""
FALSE_ALARMS, INSISTED = 0.01, 0.15
"""Share of ordinary questions that may be taken for false premises: at a first turn, and when an answer is disputed."""
SEED = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the sheet it is on, and what it takes for granted."""

    question: str
    sheet: str
    kind: str

    @property
    def supposes(self) -> bool:
        """Whether it takes something wrong for granted."""
        return self.kind == "false"


def examples(index: Index) -> list[Example]:
    """Return the questions written on each sheet, and ordinary ones with the sheet that is found for them."""
    written = [
        Example(question, known.document_id, kind)
        for known in premises().values()
        for kind, questions in (("false", known.false), ("true", known.true), ("neutral", known.neutral))
        for question in questions
    ]
    rows = [json.loads(line) for line in files("eval").joinpath("intents.jsonl").read_text("utf-8").splitlines()]
    ordinary = [row["question"] for row in rows if row["intent"] == OURS] + [
        row.question for row in margins() if not row.of
    ]
    pairs = files("indexes.training").joinpath("domain-pairs.jsonl").read_text("utf-8").splitlines()
    domain = [question for line in pairs for question in json.loads(line)["questions"]]
    ordinary += random.Random(SEED).sample(domain, DOMAIN)  # noqa: S311 - a sample, not a secret
    return written + placed(ordinary, index)


def placed(questions: Sequence[str], index: Index) -> list[Example]:
    """Return ordinary questions, each with the sheet that is found for it; those that find none are left out."""
    retrieval = Retrieval(index)
    found = []
    for question in questions:
        passages = retrieval.find(understand(question)).passages
        if sheet := next((p.document_id for p in passages if p.document_id in premises()), ""):
            found.append(Example(question, sheet, "ordinary"))
    return found


def read(rows: Sequence[Example], index: Index) -> tuple[Intents, FeatureUnion, LogisticRegression]:
    """Return the model of the question alone fitted on some examples, as the assistant reads it and as fitted."""
    vectorizer = tf_idf((terms_of,), 2)
    questions = [row.question for row in rows]
    vectors = csr_matrix(index.encoder.encode(questions, query=True))
    table = hstack([vectorizer.fit_transform(questions), vectors]).tocsr()
    labels = [SUPPOSES if row.supposes else "asks" for row in rows]
    model = LogisticRegression(C=STRENGTH, max_iter=3_000).fit(table, labels)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        write(path, index.encoder, vectorizer, model)
        return Intents.load(path), vectorizer, model


def figures(rows: Sequence[Example], index: Index, model: Intents) -> np.ndarray:
    """Return what the rule weighs of each example, shape ``(examples, figures)``."""
    table = []
    for row in rows:
        text = index.library.document(row.sheet).text
        values = weighed(row.question, premises()[row.sheet], text, index.encoder, model)
        table.append([values[name] for name in FIGURES])
    return np.array(table)


def main() -> None:
    """Print held-out figures, and write both models if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    wanted = parser.parse_args().write
    with TemporaryDirectory() as folder:
        build([], Path(folder) / "index", DEFAULT)
        index = read_index(Path(folder) / "index", open_encoder())
    rows = examples(index)
    labels, sheets = np.array([row.supposes for row in rows]), [row.sheet for row in rows]
    table = np.zeros((len(rows), len(FIGURES)))
    for kept, left in GroupKFold(FOLDS).split(rows, labels, sheets):
        model, *_ = read([rows[n] for n in kept], index)
        table[left] = figures([rows[n] for n in left], index, model)
    odds = np.zeros(len(rows))
    for kept, left in GroupKFold(FOLDS).split(rows, labels, sheets):
        odds[left] = _rule().fit(table[kept], labels[kept]).decision_function(table[left])
    rule = _rule().fit(table, labels)
    model, vectorizer, fitted = read(rows, index)
    ordinary = placed([q.question for q in read_questions("sheets").questions if q.answerable], index)
    scores = rule.decision_function(figures(ordinary, index, model))
    threshold, insisted = (float(np.quantile(scores, 1 - share)) for share in (FALSE_ALARMS, INSISTED))
    _print(rows, labels, odds, threshold)
    weights = rule[1].coef_[0] / rule[0].scale_
    result = {
        "weights": {name: round(float(w), 4) for name, w in zip(FIGURES, weights, strict=True)},
        "intercept": round(float(rule[1].intercept_[0] - (weights * rule[0].mean_).sum()), 4),
        "threshold": round(threshold, 4),
        "insisted": round(insisted, 4),
    }
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    if wanted:
        target = Path(__file__).parent.parent / "assistant"
        (target / "premises.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        write(target / "premises.npz", index.encoder, vectorizer, fitted)


def _rule() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.5, max_iter=1_000))


def _print(rows: Sequence[Example], labels: np.ndarray, odds: np.ndarray, threshold: float) -> None:
    sys.stdout.write(f"{len(rows)} questions, held-out AUC {roc_auc_score(labels, odds):.3f}\n")
    kinds = np.array([row.kind for row in rows])
    for kind in dict.fromkeys(kinds):
        said = np.mean(odds[kinds == kind] >= threshold)
        sys.stdout.write(f"  {kind:10} n {np.sum(kinds == kind):4d}  taken for a false premise {said:.2f}\n")


if __name__ == "__main__":
    main()
