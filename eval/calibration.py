"""Fit the refusal rule on the development questions: ``python -m eval.calibration --documents DIR``.

Cross-validated figures are printed; ``--write`` puts the fitted weights in ``assistant/refusal.json``.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.opening import build
from assistant.refusal import FEATURES, features
from assistant.retrieval import RETRIEVERS, Retrieval
from assistant.understanding import understand
from eval.questions import Question, read_questions
from indexes.encoder import DEFAULT, open_encoder
from indexes.persistence import Index, read_index

OVER_REFUSAL = 0.05
"""Share of answerable questions that the threshold may refuse."""
NEVER_ANSWERED = frozenset(
    {"clinical", "off_topic", "false_premise_absent", "vague", "gibberish", "injection", "unlawful"}
)
SIGNS = {"unknown": -1, "unasked": -1, "missing": -1}
"""Figures that speak against answering; all others speak for it."""
SEED = 7


@dataclass(frozen=True, slots=True)
class Table:
    """Features ``(questions, features)``, whether each question is answerable, and the kinds of questions."""

    rows: np.ndarray
    labels: np.ndarray
    kinds: tuple[str, ...]


def table(indexes: Sequence[tuple[Index, Sequence[Question]]], model: str) -> Table:
    """Return what the rule sees of each question; ``unasked`` is fitted as if there were no question bank."""
    rows, labels, kinds = [], [], []
    for index, judged_questions in indexes:
        retrieval = Retrieval(index, RETRIEVERS if model == "asked" else ("lexical", "dense", "references"))
        for judged in judged_questions:
            understanding = understand(judged.question, judged.turns)
            values = features(understanding, retrieval.find(understanding), index)
            rows.append([values[name] for name in FEATURES[model]])
            labels.append(bool(judged.answerable))
            kinds.append(judged.kind)
    return Table(np.array(rows), np.array(labels), tuple(kinds))


def beyond_the_sheets() -> tuple[Question, ...]:
    """Return the development questions that nothing answers, whatever the documents."""
    asked = read_questions("development").questions
    return tuple(q for q in asked if not q.answerable and q.kind in NEVER_ANSWERED)


def fit(model: str, data: Table) -> dict[str, Any]:
    """Fit one model, print its ten-fold figures by kind of question, and return its weights and threshold.

    A figure whose weight has the wrong sign (evidence that would count against answering) only echoes how the questions
    were written: the worst is left out and the rest fitted again, until all signs are right.
    """
    names = list(FEATURES[model])
    while True:
        rows = data.rows[:, [FEATURES[model].index(name) for name in names]]
        pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=0.5, max_iter=1_000)).fit(rows, data.labels)
        scaler, fitted = pipeline[0], pipeline[1]
        wrong = [(abs(w), name) for w, name in zip(fitted.coef_[0], names, strict=True) if w * SIGNS.get(name, 1) < 0]
        if not wrong:
            break
        names.remove(max(wrong)[1])
    folds = StratifiedKFold(10, shuffle=True, random_state=SEED)
    guessed = cross_val_predict(pipeline, rows, data.labels, cv=folds, method="predict_proba")[:, 1]
    threshold = float(np.quantile(guessed[data.labels], OVER_REFUSAL))
    _print(model, data, guessed, threshold)
    weights = fitted.coef_[0] / scaler.scale_
    return {
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
        "intercept": round(float(fitted.intercept_[0] - (weights * scaler.mean_).sum()), 4),
        "threshold": round(threshold, 4),
    }


def _print(model: str, data: Table, guessed: np.ndarray, threshold: float) -> None:
    auc = roc_auc_score(data.labels, guessed)
    print(f"\n{model}: {len(data.labels)} questions, ten-fold AUC {auc:.3f}, threshold {threshold:.3f}")  # noqa: T201
    for wanted, title in ((True, "answerable"), (False, "not answerable")):
        for kind in ("all", *dict.fromkeys(data.kinds)):
            chosen = np.array([kind in {k, "all"} for k in data.kinds]) & (data.labels == wanted)
            if chosen.any():
                share = np.mean(guessed[chosen] >= threshold)
                print(f"  {title:15} {kind:22} n {chosen.sum():3d}  answered {share:.2f}")  # noqa: T201


def main() -> None:
    """Fit both models on the documents and on the sheets alone, and write the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, required=True, help="folder that holds ordre/ and lois/")
    parser.add_argument("--work", type=Path, default=Path("var/calibration"), help="where the two indexes are built")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    encoder = open_encoder(DEFAULT)
    indexes = []
    for name, folders in (("development", [args.documents]), ("sheets", [])):
        build(folders, args.work / name, DEFAULT)
        asked = read_questions(name).questions + (beyond_the_sheets() if name == "sheets" else ())
        indexes.append((read_index(args.work / name, encoder), asked))
    result = {model: fit(model, table(indexes, model)) for model in FEATURES}
    print(json.dumps(result, indent=1))  # noqa: T201
    if args.write:
        target = Path(__file__).parent.parent / "assistant" / "refusal.json"
        target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
