"""What a question is about, apart from what the documents say.

It may be ours to answer; in our field, but beyond what documents like ours say; or clinical, off topic, unlawful,
vague.

A multinomial logistic regression over the question's words and pairs of words (tf-idf) and its vector tells all these
(``intents.npz``). A second one tells only the first two apart (``held.npz``), by pairs of stems as well; it learnt from
many more questions: among so many, the rarer intents would be drowned. ``python -m eval.intents`` fits both. They hold
for the shipped encoder, which they ask whatever encoder searches; with another, nothing is said.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path

import numpy as np

from corpus.cleaning import fold
from indexes.french import tokens
from indexes.protocols import Encoder

OURS, BEYOND = "answerable", "beyond"
CERTAIN: Mapping[str, float] = {"clinical": 0.25, "off_topic": 0.5, "unlawful": 0.5}
"""Probability from which a question is refused though documents may brush its subject."""
PLAIN: Mapping[str, float] = {"clinical": 0.6, "off_topic": 0.7, "unlawful": 0.6}
"""Probability from which a question is refused whatever the documents hold."""
REFUSED = 0.1
"""Share of the questions that are ours to answer, among those refused, to their share among all: about one in ten."""
REACH = 12
"""Stems after one that it makes pairs with: all those of a question, few of a page that is pasted."""
_WORD = re.compile(r"\w+")

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Vector = np.ndarray[tuple[int], np.dtype[np.float32]]


def terms_of(question: str) -> list[str]:
    """Return the folded words of a question, stop words included, and each two in a row."""
    words = _WORD.findall(fold(question))
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def pairs_of(question: str) -> list[str]:
    """Return each two different stems of a question that are near each other, whichever comes first.

    Whether documents say it depends on a subject and on what is asked of it: neither is enough by itself.
    """
    stems = list(dict.fromkeys(tokens(question)))
    return [
        " + ".join(sorted((first, second))) for n, first in enumerate(stems) for second in stems[n + 1 : n + 1 + REACH]
    ]


@dataclass(frozen=True, slots=True)
class Intents:
    """A fitted model.

    Attributes
    ----------
    encoder
        The name of the encoder it was fitted with.
    columns, idf
        The column of each term or pair, and the inverse document frequencies, shape ``(terms,)``.
    of_terms, of_vector, intercepts
        Weights, shapes ``(labels, terms)``, ``(labels, dimensions)`` and ``(labels,)``.

    """

    encoder: str
    labels: tuple[str, ...]
    columns: Mapping[str, int]
    idf: Vector
    of_terms: Matrix
    of_vector: Matrix
    intercepts: Vector

    def probabilities(self, question: str, vector: Vector) -> dict[str, float]:
        """Return the probability of each label."""
        scores = self.of_vector @ vector + self.intercepts
        scores = scores + self._said(terms_of(question)) + self._said(pairs_of(question))
        shares = np.exp(scores - scores.max())
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))

    def _said(self, terms: Sequence[str]) -> Vector | float:
        """Return what terms add to the score of each label."""
        counts = Counter(column for term in terms if (column := self.columns.get(term)) is not None)
        if not counts:
            return 0.0
        held = list(counts)
        # As scikit-learn's TfidfVectorizer with sublinear_tf: (1 + ln tf) · idf, brought to unit length.
        weights = np.array([1 + math.log(counts[column]) for column in held], dtype=np.float32) * self.idf[held]
        return self.of_terms[:, held] @ (weights / np.linalg.norm(weights))

    @classmethod
    def load(cls, path: Path) -> "Intents":
        """Read what ``eval.intents`` wrote."""
        with np.load(path) as held:
            return cls(
                encoder=str(held["encoder"]),
                labels=tuple(str(held["labels"]).split("\n")),
                columns={term: column for column, term in enumerate(str(held["terms"]).split("\n"))},
                idf=held["idf"].astype(np.float32),
                of_terms=held["of_terms"].astype(np.float32),
                of_vector=held["of_vector"].astype(np.float32),
                intercepts=held["intercepts"].astype(np.float32),
            )


@cache
def intents() -> Intents:
    """Return the shipped model of all intents."""
    return shipped("intents.npz")


@cache
def held() -> Intents:
    """Return the shipped model of what is ours to answer and what is beyond it."""
    return shipped("held.npz")


def shipped(name: str) -> Intents:
    """Return a model that stands beside this file."""
    with as_file(files("assistant").joinpath(name)) as path:
        return Intents.load(path)


def intents_of(question: str, encoder: Encoder) -> dict[str, float]:
    """Return the probability of each intent; nothing for an encoder that the models were not fitted with."""
    return _probabilities(intents(), question, encoder)


def held_of(question: str, encoder: Encoder) -> dict[str, float]:
    """Return the probabilities of ours and beyond for a question of our field, as the second model sees them."""
    return _probabilities(held(), question, encoder)


def _probabilities(model: Intents, question: str, encoder: Encoder) -> dict[str, float]:
    if encoder.name != model.encoder:
        return {}
    return model.probabilities(question, encoder.encode([question], query=True)[0])


def certain(found: Mapping[str, float]) -> str:
    """Return the intent for which a question is refused though documents may brush its subject, "" for none."""
    return next((name for name, enough in CERTAIN.items() if found.get(name, 0.0) >= enough), "")


def likely(found: Mapping[str, float]) -> str:
    """Return the intent that a refusal may give as its reason, "" when no other than ours stands out.

    Few questions that are refused are ours to answer: that probability is taken at ``REFUSED`` of what it is.
    """
    weighed = {name: share * (REFUSED if name == OURS else 1.0) for name, share in found.items()}
    name = max(weighed, key=lambda n: weighed[n], default="")
    return name if name not in {"", OURS, BEYOND} else ""
