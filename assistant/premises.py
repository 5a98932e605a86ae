"""Whether a question takes for granted what a sheet contradicts, and the sentence that says so.

Two logistic regressions: one reads the question alone (its words, pairs of words and vector: does it assert something
wrong by the way?), the other weighs that against the sheet: what the question says one may or must do, its figures.
Their weights stand in ``premises.npz`` and ``premises.json`` and are fitted by ``python -m eval.premises`` on
``corpus/premises.jsonl``.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.extracting import Extract, body_start
from assistant.figures import figures
from assistant.intents import Intents, shipped
from assistant.retrieval import Evidence
from assistant.stance import opposed, plain, stances
from assistant.understanding import Understanding
from corpus.models import Passage
from corpus.premises import Premises, premises
from corpus.sentences import sentence_spans
from indexes.library import Library
from indexes.protocols import Encoder

AMONG = 3
"""Best passages whose sheet is looked at."""
RULES = 2
"""First passages of a sheet: its answer and its rule."""
MEANT, OPPOSED = 0.15, 0.15
"""What a sentence gains that was written to correct false premises, and one that says the opposite of the question."""
SUPPOSES = "supposes"
"""The label of a question that takes something wrong for granted."""
FIGURES = ("supposes", "cue", "opposed", "agrees", "figure")
_CUE = re.compile(
    r"\b(?:puisqu\w*|vu qu\w*|comme|etant donne|sachant|depuis que|du coup|donc|on est d'accord|n'est-ce pas|alors"
    r"|je sais (?:bien )?qu\w*|maintenant qu\w*|bien sur|evidemment|normalement|forcement|logiquement|on m'a dit)\b"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """The fitted weights; ``threshold`` for a question, ``insisted`` for a message that disputes an answer."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float
    insisted: float


@cache
def rule() -> Rule:
    """Return the shipped rule."""
    return Rule(**json.loads(files("assistant").joinpath("premises.json").read_text(encoding="utf-8")))


@cache
def reading() -> Intents:
    """Return the shipped model of the question alone."""
    return shipped("premises.npz")


def contradiction(
    understanding: Understanding, evidence: Evidence, library: Library, encoder: Encoder
) -> Extract | None:
    """Return the words of a sheet that contradict what a question takes for granted; None where nothing does."""
    if encoder.name != reading().encoder:
        return None
    found = next((p for p in evidence.passages[:AMONG] if p.document_id in premises()), None)
    if found is None:
        return None
    known, question = premises()[found.document_id], understanding.standalone
    values = weighed(question, known, library.document(found.document_id).text, encoder)
    fitted = rule()
    odds = fitted.intercept + sum(weight * values[name] for name, weight in fitted.weights.items())
    # "Comme je suis obligé de …" against "aucune obligation" needs no figures.
    plainly = bool(values["cue"] and values["opposed"])
    if odds < (fitted.insisted if understanding.insists else fitted.threshold) and not plainly:
        return None
    return _nearest(question, known.corrects, library.passages_of(found.document_id), encoder)


def _nearest(question: str, corrects: str, passages: Sequence[Passage], encoder: Encoder) -> Extract | None:
    """Return the sentence of a sheet's answer or rule that meets the question's premise best."""
    candidates = [
        Extract(passage, passage.start + start, passage.start + end)
        for passage in passages[:RULES]
        for start, end in sentence_spans(passage.text[body_start(passage) :], body_start(passage))
    ]
    if not candidates:
        return None
    quotes = [candidate.quote for candidate in candidates]
    vectors = encoder.encode([question, *quotes])
    own = stances(question)
    scores = (vectors[1:] @ vectors[0]).tolist()
    for n, quote in enumerate(quotes):
        scores[n] += MEANT * (corrects in quote or quote in corrects) + OPPOSED * opposed(own, stances(quote))
    return candidates[max(range(len(scores)), key=scores.__getitem__)]


def weighed(
    question: str, known: Premises, text: str, encoder: Encoder, model: Intents | None = None
) -> dict[str, float]:
    """Return the figures that the rule rests on.

    ``supposes``: log-odds by the question alone. ``cue``: it announces a premise ("puisque"). ``opposed`` and
    ``agrees``: what it says one may or must do, against the correcting sentence. ``figure``: it states a figure that
    the sheet does not.

    Parameters
    ----------
    model
        That of the question alone; the shipped one by default.

    """
    own, theirs = stances(question), stances(known.corrects)
    shares = (model or reading()).probabilities(question, encoder.encode([question], query=True)[0])
    return {
        "supposes": _log_odds(shares[SUPPOSES]),
        "cue": float(bool(_CUE.search(plain(question)))),
        "opposed": float(opposed(own, theirs)),
        "agrees": float(bool(own & theirs)),
        "figure": float(bool(figures(question) - figures(text))),
    }


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(kept / (1 - kept))
