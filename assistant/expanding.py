"""Wordings for documents that have none, asked of a language model: kept apart, marked, checked before they count."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from assistant.errors import ModelMissing, ModelUnavailable
from assistant.privacy import redact
from assistant.prompting import attribute, harmless, template
from assistant.settings import Settings
from corpus.loading import Corpus
from corpus.models import Passage
from corpus.questions import OURS, Wordings, append, attach, place_of
from corpus.signatures import hashes

FILE = "machine.jsonl"
"""In the folder of the operator's wordings."""
WANTED = 8
"""Wordings asked for a passage."""
FEWEST_WORDS, MOST_WORDS = 3, 60
SHORTEST_PASSAGE = 20
"""Words below which a passage answers nothing."""
FAILURES = 3
"""Failures in a row after which the model is given up."""
COPIED = 0.5
"""Share of a wording's runs of words that stand in the passage, above which it is a copy and no wording."""

_BULLET = re.compile(r"^\s*(?:[-–—•*]|\d{1,2}\s*[.)])\s*")


class Model(Protocol):
    """A language model."""

    name: str

    def complete(self, prompt: str) -> str:
        """Return the model's answer to a prompt.

        Raises
        ------
        ModelUnavailable
            It did not answer.

        """
        ...


@dataclass(frozen=True, slots=True)
class Expansion:
    """How many passages were given wordings, how many had nothing to ask, how many failed."""

    worded: int
    nothing: int
    failed: int


def expander(settings: Settings) -> Model:
    """Return the configured model.

    Raises
    ------
    ModelMissing
        None is configured.

    """
    if not (settings.model_url and settings.model):
        raise ModelMissing("no model: set DEONTO_MODEL_URL and DEONTO_MODEL")
    from assistant.llm import ChatModel

    return ChatModel(settings.model_url, settings.model, settings.model_key)


def wanting(corpus: Corpus, known: Sequence[Wordings]) -> list[tuple[Passage, Wordings]]:
    """Return the passages of documents that have no wordings written by people, and where wordings would point.

    Passages that a model was asked about before are left out.
    """
    people = {passage_id for passage_id, _ in attach(corpus, [entry for entry in known if not entry.machine])}
    asked = {passage_id for passage_id, _ in attach(corpus, [entry for entry in known if entry.machine])}
    # Of passages that say the same, wordings are attached to the first alone; the others must not be asked for ever.
    said = {entry.signature for entry in known if entry.machine and entry.signature}
    found = []
    for item in corpus.loaded:
        own = {passage.id for passage in item.passages}
        if item.document.id.startswith(OURS) or own & people:
            continue
        code = item.document.metadata.code
        for passage in item.passages:
            place = place_of(passage, code)
            if passage.id in asked or place.signature in said or len(passage.text.split()) < SHORTEST_PASSAGE:
                continue
            found.append((passage, place))
            said |= {place.signature} if place.signature else set()
    return found


def expand(
    corpus: Corpus,
    known: Sequence[Wordings],
    model: Model,
    folder: Path,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Expansion:
    """Ask a model for wordings of each passage that wants some, and add them to ``FILE`` as they come.

    Identifying data in a passage is replaced before the model sees it.

    Raises
    ------
    ModelUnavailable
        The model failed ``FAILURES`` times in a row; what it wrote before is kept, and the next call goes on.

    """
    folder.mkdir(parents=True, exist_ok=True)
    places = wanting(corpus, known)
    worded = nothing = failed = in_a_row = 0
    for n, (passage, place) in enumerate(places, start=1):
        try:
            written = checked(model.complete(_prompt(passage)), passage.text)
            in_a_row = 0
        except ModelUnavailable:
            failed, in_a_row, written = failed + 1, in_a_row + 1, ()
            if in_a_row == FAILURES:
                raise
        else:
            nothing += not written
        if written:
            append(folder / FILE, replace(place, questions=written, machine=model.name))
            worded += 1
        progress(n, len(places))
    return Expansion(worded, nothing, failed)


def checked(answer: str, text: str) -> tuple[str, ...]:
    """Return the lines of a model's answer that are wordings: short, not copied from the passage, each once."""
    copied = set(hashes(text))
    kept: dict[str, None] = {}
    for line in answer.splitlines():
        wording = redact(_BULLET.sub("", line).strip().strip('"«»“” ')).text
        words = wording.split()
        runs = hashes(wording)
        if wording.endswith(":"):
            continue  # it announces the others
        if FEWEST_WORDS <= len(words) <= MOST_WORDS and sum(run in copied for run in runs) <= COPIED * len(runs):
            kept[wording] = None
    return tuple(kept)[: 2 * WANTED]


def _prompt(passage: Passage) -> str:
    title = attribute(" › ".join(passage.headings[-2:]))
    return template("wordings").format(title=title, text=harmless(passage.text), n=WANTED)
