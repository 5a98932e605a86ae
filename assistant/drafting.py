"""A language model's draft, let through sentence by sentence: only what a passage supports, with its exact words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.breaker import Breaker
from assistant.errors import ModelUnavailable
from assistant.extracting import Extract, alike, lead_in_span, starts_with_item
from assistant.messages import message
from assistant.prompting import harmless, numbered, template
from assistant.stance import negations, plain, stances
from assistant.supporting import Checker, Support
from corpus.models import Passage
from corpus.sentences import sentence_spans

ENOUGH = 120
"""Characters of checked sentences before any is shown: with less, the extracts answer instead."""
LONGEST_DRAFT = 6_000
"""Characters after which a model that does not stop is stopped."""
LONGEST_SENTENCE = 1_000
"""Characters without an end after which it is stopped too: that is no sentence, and looking for its end takes long."""
MOST_SENTENCES = 12

_MARKERS = re.compile(r"(?<!\s)\s*(?:\[\s*\d+(?:\s*[,;]\s*\d+)*\s*\]|【\s*\d+[^】]*】)")
_OTHER_MARKER = re.compile(r"[\[\]【】]")
# A model that writes nothing but stops would take the patterns below minutes: they look back from each.
_STOPS = re.compile(r"[.!?…]{3,}")
_AFTER = re.compile(r"(\s?(?<![.!?…])[.!?…]++)((?:\s*(?:\[\s*\d+(?:\s*[,;]\s*\d+)*\s*\]|【\s*\d+[^】]*】))+)")
_MAY_GO_ON = re.compile(r"^\s*+[\[【]?[\d\s,;]*$")
_ITEM = re.compile(r"^(?:[-–—•*]|\d{1,2}[.)])\s+")
_DECORATION = re.compile(r"\*\*|__|^#+\s*")
_ASKS = re.compile(r"\?[\s»”\")]*$")
# Nobody says "tu" to a physician: a passage that does speaks to a model, and nothing in it can be trusted.
_COMMANDS = re.compile(r"\b(?:reponds|ecris)\b|\b(?:ignore[zr]?|oublie[zr]?)\b.{0,40}\b(?:consigne|instruction|regle)")


class Writer(Protocol):
    """A language model that writes."""

    name: str

    def stream(self, instructions: str, prompt: str) -> Iterator[str]:
        """Yield the pieces of the model's answer as they come.

        Raises
        ------
        ModelUnavailable
            It did not answer, or stopped before its end.

        """
        ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be shown: its words without markers, and the exact words that it rests on.

    ``starts_line`` is set for an item of a list, with or without what announces it, and for what follows one.
    """

    text: str
    extracts: tuple[Extract, ...]
    starts_line: bool = False


@dataclass(slots=True)
class Tally:
    """What became of a draft: sentences kept, those dropped by reason, and whether the model came to its end."""

    kept: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    complete: bool = False

    def drop(self, why: str) -> None:
        """Count a sentence that is not shown."""
        self.dropped[why] = self.dropped.get(why, 0) + 1


class Drafter:
    """Has a model draft, checks each sentence as it comes, and gives up on a model that keeps failing."""

    def __init__(self, writer: Writer, checker: Checker, breaker: Breaker | None = None) -> None:
        self.name = writer.name
        self._writer = writer
        self._checker = checker
        self._breaker = breaker or Breaker()

    def sentences(self, question: str, passages: Sequence[Passage], tally: Tally) -> Iterator[Sentence]:
        """Yield the checked sentences of a draft; the first comes when there are ``ENOUGH`` characters of them.

        Nothing is raised whatever the model does: ``tally`` says what came of it.
        """
        if not passages or not self._breaker.allows():
            return
        held: list[Sentence] = []
        shown = False
        try:
            for sentence in self._checked(self._written(question, passages), passages, tally):
                held.append(sentence)
                if not shown and sum(len(s.text) for s in held) < ENOUGH:
                    continue
                shown = True
                yield from held
                held.clear()
            tally.complete = True
            self._breaker.succeeded()
        except ModelUnavailable:
            self._breaker.failed()

    def _written(self, question: str, passages: Sequence[Passage]) -> Iterator[str]:
        prompt = template("question").format(passages=numbered(passages), question=harmless(question))
        return self._writer.stream(template("answer"), prompt)

    def _checked(self, pieces: Iterator[str], passages: Sequence[Passage], tally: Tally) -> Iterator[Sentence]:
        lead = ""  # holds for every item below it, and is shown with the first that is kept
        announced = listing = False
        seen: list[str] = []
        for raw in _split(pieces):
            text, markers = _read(raw)
            if not text:
                continue
            item = bool(_ITEM.match(text))
            if text.endswith(":") and not item:
                lead, announced = text, False
                continue
            # As one clause: what the lead-in permits or forbids is said of the item.
            told = f"{lead.rstrip(': ')} {_ITEM.sub('', text)}".strip() if item else text
            found = self._supported(told, markers, passages)
            if isinstance(found, str):
                tally.drop(found)
            elif any(alike(text, other) for other in seen):
                tally.drop("repeated")
            elif tally.kept == MOST_SENTENCES:
                tally.drop("too_many")
            else:
                tally.kept += 1
                seen.append(text)
                shown = f"{lead}\n{text}" if item and lead and not announced else text
                yield Sentence(shown, found, starts_line=item or listing)
                listing, announced = item, announced or item

    def _supported(self, text: str, markers: Sequence[int], passages: Sequence[Passage]) -> tuple[Extract, ...] | str:
        """Return what a sentence rests on: every passage that it cites must support it."""
        if not markers:
            return "no_marker"
        if _OTHER_MARKER.search(text) or any(not 1 <= marker <= len(passages) for marker in markers):
            return "unknown_marker"
        found = []
        for marker in markers:
            passage = passages[marker - 1]
            support = self._checker.check(text, passage)
            if not isinstance(support, Support):
                return support
            if not _asserts(passage, support, text):
                return "unsupported"
            found.append(Extract(passage, passage.start + support.start, passage.start + support.end))
        return tuple(found)


def _asserts(passage: Passage, support: Support, text: str) -> bool:
    """Tell whether a passage says by itself what some of its words say: asks it not, commands it not, denies it not.

    An item of a list is no more than its lead-in makes of it: "Le médecin ne doit jamais :" turns what follows round.
    """
    quote = passage.text[support.start : support.end]
    if _ASKS.search(quote) or _COMMANDS.search(plain(passage.text)):
        return False
    span = lead_in_span(passage.text[: support.start]) if starts_with_item(quote) else None
    lead = passage.text[slice(*span)] if span else ""
    denied = zip(negations(lead), negations(text), strict=True)
    return stances(lead) <= stances(text) and all(said or not held for held, said in denied)


def _split(pieces: Iterator[str]) -> Iterator[str]:
    """Yield the sentences of a draft as they end; a marker after the full stop belongs to the sentence before it."""
    rest, length = "", 0
    for piece in pieces:
        length += len(piece)
        rest = _STOPS.sub("…", rest + piece)
        ended, rest = _ended(rest)
        yield from ended
        if length > LONGEST_DRAFT or len(rest) > LONGEST_SENTENCE:
            return
    rest = _AFTER.sub(r"\2\1", rest)
    yield from (rest[a:b] for a, b in sentence_spans(rest))


def _ended(text: str) -> tuple[list[str], str]:
    """Return the sentences of a text that are certainly over, and what follows them."""
    text = _AFTER.sub(r"\2\1", text)
    spans = sentence_spans(text)
    over = [span for n, span in enumerate(spans[:-1]) if not _MAY_GO_ON.match(text[spans[n + 1][0] :])]
    return [text[a:b] for a, b in over], text[over[-1][1] :] if over else text


def _read(raw: str) -> tuple[str, tuple[int, ...]]:
    """Return a sentence without its markers or decoration, and the numbers of its markers, each once.

    What cannot be seen is taken out, so that what is checked is what is read. 0 stands for a marker of no passage.
    """
    seen = "".join(c for c in raw if c.isprintable() or c.isspace())
    numbers = [number for found in _MARKERS.findall(seen) for number in re.findall(r"\d+", found)[:20]]
    text = _DECORATION.sub("", _MARKERS.sub("", seen)).strip()
    return text, tuple(dict.fromkeys(int(number) if len(number) < 5 else 0 for number in numbers))


def notice_of(tally: Tally, *, shown: bool) -> str | None:
    """Return the French sentence that says why extracts answer, None when the model's words do."""
    if tally.complete:
        return None if shown else message("model.unsupported")
    return message("model.cut" if shown else "model.unavailable")
