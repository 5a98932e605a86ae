"""Whether a passage supports a sentence that a language model drafted: by words, meaning, figures and denials.

Everything here errs on the side of no: a faithful sentence that is dropped costs a reader nothing but its style, since
the extracts are there; a lie that passes costs everything. ``python -m eval.drafts`` prints what becomes of sentences
written by hand; ``docs/answers.md`` says how they were used.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from assistant.extracting import starts_with_item
from assistant.figures import NUMBERS, figures
from assistant.stance import clauses, negations, opposed, plain, stances
from assistant.word_order import same_actors, same_order
from corpus.models import Passage
from corpus.sentences import sentence_spans
from indexes.french import stem, words
from indexes.protocols import Encoder

Fault = Literal["language", "orders", "unsupported", "figure", "decisive", "narrowing", "stance", "actor", "order"]

COSINE = 0.6
"""Cosine that a sentence and what supports it must have at least."""
BEGINNING = 5
"""Letters that make two stems one: "convocation" and "convoquer" do not stem alike."""
NEXT = 60
"""Characters after a narrowing word in which the next word is looked for."""
SHARED = 2
"""Words that two clauses must share to speak of the same act."""


@dataclass(frozen=True, slots=True)
class Support:
    """Characters ``[start, end)`` of a passage's text that say what a sentence says, and how near they are, 0 to 1."""

    start: int
    end: int
    cosine: float


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("assistant").joinpath("support.toml").read_text(encoding="utf-8"))


@cache
def _order() -> re.Pattern[str]:
    return re.compile(_data()["orders"])


@cache
def _narrowing() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_data()['narrowing']})")


class Checker:
    """Checks drafted sentences against the passages that they cite, with the encoder of the index."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def check(self, sentence: str, passage: Passage) -> Support | Fault:
        """Return what supports a sentence, without its markers, or why nothing does."""
        if _order().search(plain(sentence)):
            return "orders"
        if not _is_french(sentence):
            return "language"
        fault: Fault = "unsupported"
        best: Support | None = None
        for start, end, lead, text in _windows(passage.text):
            context = " ".join([*passage.headings, lead])
            if not _holds(f"{context} {text}", sentence):
                continue
            # As one clause: what the lead-in permits or forbids is said of the item.
            told = f"{lead.rstrip(': ')} {text.lstrip('-– ')}" if lead else text
            wrong = _wrong(sentence, told, context)
            if wrong and lead:
                wrong = _wrong(sentence, f"{lead} {text}", context)
            if wrong is not None:
                fault = wrong if fault == "unsupported" else fault
                continue
            one, other = self._encoder.encode([sentence, told])
            cosine = float(one @ other)
            if cosine >= COSINE and (best is None or cosine > best.cosine):
                best = Support(start, end, cosine)
        return best or fault


def _holds(text: str, sentence: str) -> bool:
    """Tell whether every word of a sentence stands in a text, but for those that add nothing; a bare one has none."""
    said, held = _stems(sentence), _stems(text)
    begun = {stem[:BEGINNING] for stem in held}
    missing = {stem for stem in said if stem not in held and stem[:BEGINNING] not in begun}
    return bool(said) and not any(stem[:BEGINNING] not in _neutral() for stem in missing)


@cache
def _neutral() -> frozenset[str]:
    return frozenset(stem(word)[:BEGINNING] for word in _data()["neutral"])


def _wrong(sentence: str, text: str, context: str) -> Fault | None:
    """Return what a sentence says otherwise than the text that it resembles."""
    held = f"{context}\n{text}"
    if not figures(sentence) <= figures(held):
        return "figure"
    if not _decisive(sentence, held):
        return "decisive"
    if not _as_narrow(sentence, text):
        return "narrowing"
    for clause in clauses(sentence):
        twin = _twin(clause, text)
        if twin is None:
            continue
        own, theirs = stances(clause), stances(twin)
        if opposed(own, theirs) or _denies_more(clause, twin) or not _same_modality(own, theirs, stances(text)):
            return "stance"
    if not same_actors(sentence, text):
        return "actor"
    return None if same_order(sentence, text) else "order"


def _as_narrow(sentence: str, text: str) -> bool:
    """Tell whether all that narrows a text ("sauf", "si") narrows a sentence too: the word after it is there."""
    said, folded = _stems(sentence), plain(text)
    for found in _narrowing().finditer(folded):
        after = [stem(word) for word in words(folded[found.end() : found.end() + NEXT])[:1] if not word[-1].isdigit()]
        if any(word not in said for word in after):
            return False
    return True


def _windows(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield what may support one sentence: the span of each sentence, what leads it in if it is an item, and its words.

    What semicolons part is yielded apart: each part is of another case.
    """
    lead = ""
    for start, end in sentence_spans(text):
        piece = text[start:end]
        item = starts_with_item(piece)
        if not item:
            lead = piece if piece.rstrip().endswith(":") else ""
        for part in piece.split(";"):
            yield start, end, lead if item else "", part


def _stems(text: str) -> frozenset[str]:
    """Return the stems of a text's words, figures apart: they are compared by themselves."""
    return frozenset(
        stem(word) for word in words(text) if not word[-1].isdigit() and not word[0].isdigit() and word not in NUMBERS
    )


def _is_french(sentence: str) -> bool:
    found = re.findall(r"[a-z']+", plain(sentence).replace("'", "' "))
    ours = sum(word in _common("french") or word.endswith("'") for word in found)
    theirs = sum(word in _common("foreign") for word in found)
    return bool(ours > 2 * theirs)


@cache
def _common(language: str) -> frozenset[str]:
    return frozenset(_data()[language])


@cache
def _decisive_groups() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b(?:{group})") for group in _data()["decisive"])


def _decisive(sentence: str, held: str) -> bool:
    """Tell whether every word that would change the rule stands in what a sentence rests on."""
    said, there = plain(sentence), plain(held)
    return all(group.search(there) for group in _decisive_groups() if group.search(said))


def _twin(clause: str, text: str) -> str | None:
    """Return the clause of a text that shares most words with another, None when none shares enough."""
    own = _stems(clause)
    best = max(clauses(text), key=lambda other: (len(own & _stems(other)), -len(other)), default="")
    return best if len(own & _stems(best)) >= min(SHARED, len(own) or 1) else None


def _denies_more(clause: str, twin: str) -> bool:
    """Tell whether one of two clauses denies what the other does not, or does without what it does not."""
    return negations(clause) != negations(twin)


def _same_modality(own: frozenset[str], twin: frozenset[str], text: frozenset[str]) -> bool:
    """Tell whether what one may or must do is also said by the clause that resembles it, or by the text around it."""
    if not own:
        return True
    return own <= (twin or text)
