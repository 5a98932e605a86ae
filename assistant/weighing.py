"""What the confidence in an answer rests on: figures of the evidence and of the question, each between 0 and 1."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict
from functools import lru_cache

from assistant.alignment import Alignment, Told, align, sentences
from assistant.forms import asked, given
from assistant.intents import BEYOND, OURS, held_of, intents_of
from assistant.retrieval import Evidence
from assistant.understanding import Understanding
from corpus.models import Passage
from indexes.encoder import shipped
from indexes.french import tokens
from indexes.lexical import LexicalIndex
from indexes.models import Hit
from indexes.persistence import Index

_QUESTION = ("named", "missing", "ours", "held", "asks", "gives", "country", "profession")
_ASKED = (
    "covered",
    "passage",
    "wording",
    "cosine",
    "meaning",
    "margin",
    "agreement",
    "unknown",
    "unasked",
    "spoken",
    "unmet",
    "met",
    "one_wording",
    "one_sentence",
    "likewise",
    *_QUESTION,
)
FEATURES = {
    "asked": _ASKED,
    "sheets": _ASKED,
    "unasked": (
        "covered",
        "passage",
        "cosine",
        "lead",
        "agreement",
        "unknown",
        "words",
        "unread",
        "read",
        "one_sentence",
        *_QUESTION,
    ),
}
"""Figures by model: ``asked`` serves documents that the question bank has wordings for, ``sheets`` our own sheets and
summaries of decisions, ``unasked`` all others."""
UNKNOWN: Mapping[str, float] = {"ours": 0.988, "held": 0.62}
"""Between the means of questions that are answered (0.99, 0.69) and of others (0.98, 0.42), nearer the first, which are
more: 1, which hardly one reaches, would speak for any question."""
SAID = ("country", "profession")
"""Forms that are asked about, and not for."""
AMONG = 5
"""Best passages that are looked at for what a question asks for, and for its words."""
LEAST = 0.01
"""Probability below which a question by itself, apart from what was found, says no more."""
CLOSEST = 10
"""Wordings nearest to a question that are looked at for what they ask for."""


def features(
    understanding: Understanding,
    evidence: Evidence,
    index: Index,
    about: Mapping[str, float] | None = None,
    held: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Return the figures that the confidence rests on, each between 0 and 1; all weights of words are idf.

    ``covered``: the greatest share of the question's weight that one of the first five passages holds. ``passage``
    and ``wording``: BM25 of the best passage, and of the nearest wordings of the bank, see ``_strength``. ``lead``
    and ``margin``: how far the best passage, and the nearest wordings, stand above the tenth. ``cosine`` and
    ``meaning``: that of the nearest passage, and of the nearest wording. ``agreement``: share of the first five
    passages that two retrievers have in their first ten. ``unknown`` and ``unasked``: share of the question's
    weight in words that no passage, or no wording, has. ``words``: content words, over five. ``named``: the
    question names an article or decision that is there; ``missing``: one that is not. ``ours``: how likely it is a
    question of our field, see ``_log``; ``held``: that it is one which documents like ours answer, see ``_odds``.
    ``asks``: it asks for a sum, a delay, an address …; ``gives``: how soon a passage gives that; ``country`` and
    ``profession``: how soon a passage names the other one that it is about, 1 where it is about none. ``spoken``: the
    share of the question's weight that the first passage and its wordings hold. ``likewise``: share of the nearest
    wordings that ask for the same forms. The others are those of ``assistant.alignment``.

    Parameters
    ----------
    about, held
        The probability of each intent, and what the second model says, see ``assistant.intents``; found if not given.

    """
    query = understanding.standalone
    stems = set(tokens(query))
    names = ("lexical", "bank", "dense", "wordings")
    lexical, bank, dense, meant = rankings = [evidence.rankings.get(name, ()) for name in names]
    tops = [{hit.passage_id for hit in ranking[:10]} for ranking in rankings]
    first = [hit.passage_id for hit in evidence.hits[:5]]
    known = [index.references.knows(reference) for reference in understanding.references]
    wordings = index.bank.wordings
    return {
        "covered": max(
            (_share(stems, _stems((*p.headings, p.text)), index.lexical) for p in evidence.passages[:5]), default=0.0
        ),
        "passage": _strength(lexical, index.lexical),
        "wording": _strength(bank, wordings),
        "margin": _above_the_tenth(bank),
        "lead": _above_the_tenth(lexical),
        "cosine": max(0.0, dense[0].score) if dense else 0.0,
        "meaning": max(0.0, meant[0].score) if meant else 0.0,
        "agreement": sum(sum(p in top for top in tops) >= 2 for p in first) / max(1, len(first)),
        "unknown": 1 - _share(stems, {s for s in stems if index.lexical.knows(s)}, index.lexical),
        "unasked": 1 - _share(stems, {s for s in stems if wordings.knows(s)}, wordings),
        "words": min(1.0, len(stems) / 5),
        "named": float(any(known)),
        "missing": float(bool(known) and not all(known)),
        **_intended(
            intents_of(query, shipped()) if about is None else about,
            held_of(query, shipped()) if held is None else held,
        ),
        **_formal(query, evidence),
        **_aligned(query, stems, evidence, index),
        "spoken": _spoken(stems, evidence, index),
        "likewise": _likewise(query, index),
    }


def _intended(about: Mapping[str, float], held: Mapping[str, float]) -> dict[str, float]:
    """Return what the intents say; where the encoder is newer than they are, what they say of a middling question."""
    if not about or not held:
        return dict(UNKNOWN)
    return {"ours": _log(about.get(OURS, 0.0) + about.get(BEYOND, 0.0)), "held": _odds(held[OURS])}


def _log(probability: float) -> float:
    """Return a probability on a scale of its logarithm, from 0 (one in 10,000 or less) to 1."""
    return 1 + math.log10(max(1e-4, probability)) / 4


def _odds(probability: float) -> float:
    """Return a probability on a scale of its odds' logarithm: ``LEAST`` or less is 0, an even chance 0.5."""
    held = min(1 - LEAST, max(LEAST, probability))
    return 0.5 + math.log(held / (1 - held)) / (2 * math.log((1 - LEAST) / LEAST))


def _formal(question: str, evidence: Evidence) -> dict[str, float]:
    """Return how soon the best passages give the forms that a question asks for."""
    held = texts(evidence)
    found = {name: given(wanted, held) for name, wanted in asked(question).items()}
    others = {name: found.pop(name, 1.0) for name in SAID}
    return {"asks": float(bool(found)), "gives": min(found.values(), default=1.0), **others}


def _aligned(question: str, stems: set[str], evidence: Evidence, index: Index) -> dict[str, float]:
    """Return how the best passages meet the words of a question, by the names of ``assistant.alignment``.

    A text meets "merci" or "?!" as a whole easily: where no passage and no wording holds a content word of the
    question, nothing does.
    """
    if not any(stems & _told(passage, index) for passage in evidence.passages[:AMONG]):
        return asdict(Alignment())
    told = [
        Told(p.headings, sentences(p.text), tuple(wording.text for wording in index.wordings.of(p.id)))
        for p in evidence.passages[:AMONG]
    ]
    return asdict(align(question, told))


def _spoken(stems: set[str], evidence: Evidence, index: Index) -> float:
    if not evidence.passages:
        return 0.0
    return _share(stems, _told(evidence.passages[0], index), index.lexical)


def _told(passage: Passage, index: Index) -> frozenset[str]:
    """Return the stems of a passage and of its wordings."""
    return _stems((*passage.headings, passage.text, *(wording.text for wording in index.wordings.of(passage.id))))


@lru_cache(maxsize=2_000)
def _stems(told: tuple[str, ...]) -> frozenset[str]:
    """Return the stems of texts of an index; kept at hand, for passages are found again and again."""
    return frozenset(stem for text in told for stem in tokens(text))


def _likewise(question: str, index: Index) -> float:
    wanted = set(asked(question))
    closest = index.wordings.closest(question, CLOSEST)
    return sum(set(asked(wording.text)) == wanted for wording in closest) / CLOSEST


def texts(evidence: Evidence) -> list[str]:
    """Return the best passages, with their headings, as forms are looked for in them."""
    return ["\n".join([passage.label, *passage.headings, passage.text]) for passage in evidence.passages[:AMONG]]


def _strength(ranking: Sequence[Hit], lexical: LexicalIndex) -> float:
    """Return the best BM25 score over that of four words that no text has: the size of an index does not count."""
    return min(1.0, ranking[0].score / (4 * lexical.idf(""))) if ranking else 0.0


def _above_the_tenth(ranking: Sequence[Hit]) -> float:
    return 1 - ranking[min(9, len(ranking) - 1)].score / ranking[0].score if ranking else 0.0


def _share(stems: set[str], held: Set[str], lexical: LexicalIndex) -> float:
    """Return the share of the weight of ``stems`` that is also in ``held``; 0 for no stems."""
    total = sum(lexical.idf(stem) for stem in stems)
    return sum(lexical.idf(stem) for stem in stems & held) / total if total else 0.0
