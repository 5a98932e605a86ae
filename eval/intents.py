"""Fit the intents of questions: ``python -m eval.intents [--write]``.

Trained on ``intents.jsonl``, questions of every intent written for it, apart from every evaluation set; on near misses
and questions like them that are answered; and on wordings of the bank and domain pairs as questions that are ours to
answer. The model of all intents sees the margins that were written beside all we have, and what is answered of
``everyday/``, questions as physicians type them; the one that only tells what is ours from what is beyond sees
every margin, every twin and all of those. Cross-validated and development figures are printed;
``--write`` puts the weights in ``assistant/intents.npz`` and ``assistant/held.npz``.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import FeatureUnion

from assistant.intents import BEYOND, OURS, pairs_of, terms_of
from corpus.questions import load_wordings
from eval.questions import read_questions
from indexes.encoder import open_encoder
from indexes.protocols import Encoder

SAMPLE = 20_000
"""Wordings and domain questions taken as ours."""
SEED = 0
STRENGTH = 5.0
"""Inverse of the regularisation."""
FEWEST = 3
"""Questions that hold a term."""
SHOWN = (0.4, 0.8)
"""Probabilities at which precision and recall are printed."""
EVERYDAY, WORDING, TWIN = 4.0, 0.3, 0.5
"""Weights for what is held of a question as physicians type it, of a wording or domain question, and of a twin.

Wordings are all answered, and written in a manner that near misses are not; twins are told apart by one detail alone.
"""

ANSWERED = 0.4
"""Weight for the model of all intents of an answered question as physicians type it: there are many."""
HELD = (terms_of, pairs_of)
"""Terms that tell what is held. Pairs of stems tell nothing more of the other intents."""

Example = tuple[str, str, float]
"""A question, its intent, and its weight."""
Terms = Callable[[str], list[str]]
"""A kind of terms of a question."""


def examples() -> list[Example]:
    """Return questions of all intents, those at the margin of what documents say apart, see ``margins``."""
    pairs = files("indexes.training").joinpath("domain-pairs.jsonl").read_text("utf-8").splitlines()
    ours = [question for entry in load_wordings() for question in entry.questions]
    ours += [question for line in pairs for question in json.loads(line)["questions"]]
    drawn = random.Random(SEED).sample(ours, SAMPLE)  # noqa: S311 - a sample, not a secret
    written = [(row["question"], row["intent"], 1.0) for row in _rows("intents.jsonl")]
    return written + [(question, OURS, 1.0) for question in drawn]


@dataclass(frozen=True, slots=True)
class Marginal:
    """A question in the field, and whether documents or sheets answer it.

    Attributes
    ----------
    real
        It is asked as physicians ask: in unusual clothes (a long story, haste, names, an article's number), or as they
        would type it who know none of the texts' words (``everyday/``).
    of
        What it was written beside: ``documents``, ``sheets``, "" for both.
    pair
        A number that a question shares with its twin: on the same subject and in the same manner, one is answered and
        the other is not.
    by
        The number of who wrote it, for ``everyday/``: what is learnt must hold for other people's questions.

    """

    question: str
    answerable: bool
    real: bool = False
    of: str = ""
    pair: int = -1
    by: int = -1


def margins() -> list[Marginal]:
    """Return the questions at the margin, the twins after the others."""
    alone = [
        Marginal(row["question"], row["answerable"], row.get("real", False), row.get("of", ""))
        for row in _rows("margins.jsonl")
    ]
    alone += [Marginal(row["question"], row["answerable"], True, row["of"], by=row["by"]) for row in everyday()]
    twins = [
        Marginal(row[side], side == "answered", of=row["of"], pair=pair)
        for pair, row in enumerate(_rows("twins.jsonl"))
        for side in ("answered", "missed")
    ]
    return alone + twins


def everyday() -> list[dict[str, Any]]:
    """Return the rows of the questions as physicians type them, those about documents first."""
    return _rows("everyday/documents.jsonl") + _rows("everyday/sheets.jsonl")


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files("eval").joinpath(name).read_text("utf-8").splitlines()]


def fitted(
    examples: Sequence[Example], encoder: Encoder, kinds: Sequence[Terms] = (terms_of,)
) -> tuple[FeatureUnion, LogisticRegression, csr_matrix]:
    """Return the vectorizer of some kinds of terms and the model fitted on some examples, and what it was fitted on."""
    questions, labels, weights = (list(column) for column in zip(*examples, strict=True))
    vectorizer = tf_idf(kinds, FEWEST)
    table = hstack([vectorizer.fit_transform(questions), csr_matrix(encoder.encode(questions, query=True))]).tocsr()
    return vectorizer, LogisticRegression(C=STRENGTH, max_iter=3_000).fit(table, labels, sample_weight=weights), table


def tf_idf(kinds: Sequence[Terms], fewest: int) -> FeatureUnion:
    """Return what makes tf-idf weights of terms, each kind of them brought to unit length apart."""
    parts = [(kind.__name__, TfidfVectorizer(analyzer=kind, sublinear_tf=True, min_df=fewest)) for kind in kinds]
    return FeatureUnion(parts, verbose_feature_names_out=False)


def probabilities(
    questions: Sequence[str], encoder: Encoder, vectorizer: FeatureUnion, model: LogisticRegression
) -> list[dict[str, float]]:
    """Return the probability of each intent of some questions."""
    table = hstack([vectorizer.transform(questions), csr_matrix(encoder.encode(questions, query=True))]).tocsr()
    return [dict(zip(model.classes_, map(float, row), strict=True)) for row in model.predict_proba(table)]


def of_intents(rows: Sequence[Marginal]) -> list[Example]:
    """Return what the model of all intents learns from.

    Neither twins nor what is beyond the documents in everyday words: the rarer intents would be drowned.
    """
    alone = [_example(row) for row in rows if not row.of]
    return examples() + alone + [_example(row, ANSWERED) for row in rows if row.by >= 0 and row.answerable]


def of_held(rows: Sequence[Marginal]) -> list[Example]:
    """Return what the model of ours and beyond learns from."""
    ours = [(question, intent, WORDING) for question, intent, _ in examples() if intent == OURS]
    return ours + [_example(row, EVERYDAY if row.by >= 0 else TWIN if row.pair >= 0 else 1.0) for row in rows]


def _example(row: Marginal, weight: float = 1.0) -> Example:
    return row.question, OURS if row.answerable else BEYOND, weight


def fit(encoder: Encoder) -> tuple[FeatureUnion, LogisticRegression]:
    """Fit on every example after printing cross-validated and development figures."""
    every = of_intents(margins())
    labels = [label for _, label, _ in every]
    vectorizer, model, table = fitted(every, encoder)
    guessed = cross_val_predict(clone(model), table, labels, cv=5, method="predict_proba")
    truth, names = np.array(labels), sorted(set(labels))
    _say(f"five-fold, {len(labels)} questions")
    for column, name in enumerate(names):
        for least in SHOWN:
            said = guessed[:, column] >= least
            precision, recall = np.mean(truth[said] == name), np.mean(said[truth == name])
            _say(f"  {name:12} from {least}: precision {precision:.2f}, recall {recall:.2f}, n {np.sum(truth == name)}")
    asked = read_questions("development").questions
    texts = [question.question for question in asked]
    found = model.predict(hstack([vectorizer.transform(texts), csr_matrix(encoder.encode(texts, query=True))]).tocsr())
    kinds: dict[str, Counter[str]] = {}
    for question, intent in zip(asked, found, strict=True):
        name = "answerable" if question.answerable else f"not answerable, {question.kind}"
        kinds.setdefault(name, Counter())[str(intent)] += 1
    for name, counts in sorted(kinds.items()):
        _say(f"  development, {name}: {dict(counts.most_common())}")
    return vectorizer, model


def write(target: Path, encoder: Encoder, vectorizer: FeatureUnion, model: LogisticRegression) -> None:
    """Write what ``assistant.intents`` reads; half precision is enough."""
    terms = vectorizer.get_feature_names_out()
    weights, intercepts = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two labels; the softmax of (0, z) is that of z
        weights = np.vstack([np.zeros_like(weights), weights])
        intercepts = np.concatenate([np.zeros_like(intercepts), intercepts])
    np.savez_compressed(
        target,
        encoder=np.array(encoder.name),
        labels=np.array("\n".join(model.classes_)),
        terms=np.array("\n".join(terms)),
        idf=np.concatenate([part.idf_ for _, part in vectorizer.transformer_list]).astype(np.float16),
        of_terms=weights[:, : len(terms)].astype(np.float16),
        of_vector=weights[:, len(terms) :].astype(np.float16),
        intercepts=intercepts.astype(np.float32),
    )


def main() -> None:
    """Fit with the shipped encoder, and write the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    wanted = parser.parse_args().write
    encoder, folder = open_encoder(), Path(__file__).parent.parent / "assistant"
    models = {"intents.npz": fit(encoder), "held.npz": fitted(of_held(margins()), encoder, HELD)[:2]}
    for name, (vectorizer, model) in models.items():
        if wanted:
            write(folder / name, encoder, vectorizer, model)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
