"""What the privacy guard hides and what it should not: ``python -m eval.privacy [--documents DIR] [--part PART]``.

Recall by kind over sentences with invented identities (``eval.filling``): an identity is hidden when none of its pieces
is left. Over-hiding: look-alikes that changed, and words around an identity that went with it. False alarms: sentences
of documents that changed, our sheets and decisions always, a folder's with ``--documents``.
Printed as Markdown with 95 % Wilson intervals; a template filled several times is not independent of itself, so that
intervals are somewhat too narrow when ``--rounds`` is above 1.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.privacy import Guard, Redacted
from assistant.redaction.persons import Persons
from corpus.loading import load
from corpus.sentences import sentence_spans
from eval.figures import ALL, Figure, figure
from eval.filling import PARTS, Filled, Identity, Template, filled, pieces_in, templates

SEED = 20_261
FORMATTED = ("nir", "rpps", "adeli", "finess", "phone", "email", "iban")
NAMES = ("name: both", "name: surname", "name: first")
OTHERS = ("address", "birth", "death", "file", "room", "username")
GROUPS = {"all formatted": FORMATTED, "all names": NAMES, "all others": OTHERS}
"""Kinds that are also shown together."""
FRAGMENT = 3
"""Digits in a row of a number that tell it apart, wherever they stand in it."""
LONG_RUN = 6
"""Digits from which two left at either end of an unbroken number count too."""
WORD = 4
"""Letters from which a word around an identity is missed."""

_TITLES = frozenset("madame monsieur mademoiselle docteur professeur maitre veuve".split())
Redact = Callable[[str], Redacted]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sentence, what came of it, and the kinds of its identities with whether each was hidden."""

    sentence: Filled
    shown: str
    hidden: tuple[tuple[str, bool], ...]
    lost: tuple[str, ...]
    """Long words around the identities that are gone; titles may go."""


def is_hidden(identity: Identity, left: Sequence[str]) -> bool:
    """Tell whether nothing of an identity is among the pieces that are left of a sentence, placeholders aside."""
    whole = "".join(piece for piece in identity.pieces if piece.isdigit())
    for piece in left:
        if piece in identity.pieces:
            return False
        if piece.isdigit() and len(piece) >= FRAGMENT and piece in whole:
            return False
        if (
            piece.isdigit()
            and len(piece) >= 2
            and any(
                len(p) >= LONG_RUN and (p.startswith(piece) or p.endswith(piece))
                for p in identity.pieces
                if p.isdigit()
            )
        ):
            return False
    return True


def outcome_of(sentence: Filled, redact: Redact) -> Outcome:
    """Redact one sentence and judge what is left of it."""
    given = redact(sentence.text)
    shown = given.text
    for placeholder in {redaction.placeholder for redaction in given.redactions}:
        shown = shown.replace(placeholder, " ")
    left = pieces_in(shown)
    around = Counter(sentence.fixed)
    found = [piece for piece in left if not (piece.isdigit() and piece in around)]
    hidden = tuple((identity.kind, is_hidden(identity, found)) for identity in sentence.identities)
    gone = around - Counter(left)
    lost = tuple(word for word in gone.elements() if _is_missed(word))
    return Outcome(sentence, given.text, hidden, lost)


def recall(outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
    """Return the share of identities hidden: by group of kinds, then by kind."""
    values: dict[str, list[float]] = {}
    for kind, hidden in (pair for outcome in outcomes for pair in outcome.hidden):
        values.setdefault(kind, []).append(float(hidden))
    together = {name: [v for kind in kinds for v in values.get(kind, [])] for name, kinds in GROUPS.items()}
    ordered = {kind: values[kind] for kinds in GROUPS.values() for kind in kinds if kind in values}
    return tuple(figure("recall", kind, found) for kind, found in (together | ordered).items() if found)


def words_lost(outcomes: Sequence[Outcome]) -> Figure:
    """Return the share of long words around identities that went with them."""
    gone = sum(len(outcome.lost) for outcome in outcomes)
    every = sum(_is_missed(word) for outcome in outcomes for word in outcome.sentence.fixed)
    return figure("words lost", ALL, [1.0] * gone + [0.0] * (every - gone))


def changed(sentences: Iterable[tuple[str, str]], redact: Redact) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """Return the share of (sort, sentence) pairs that are changed, together and by sort, and the changed ones after."""
    values: dict[str, list[float]] = {ALL: []}
    after = []
    for sort, sentence in sentences:
        given = redact(sentence)
        differs = given.text != sentence or bool(given.redactions)
        values[ALL].append(float(differs))
        values.setdefault(sort, []).append(float(differs))
        if differs:
            after.append(f"{sort}: {sentence} → {given.text}")
    return tuple(figure("changed", sort, found) for sort, found in values.items() if found), tuple(after)


def sentences_of(folders: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Yield the sentences of our sheets and decisions, and of folders of documents, as ("sheets", sentence) pairs."""
    parts = [("sheets", load([], sheets=True))]
    if folders:
        parts.append(("documents", load(folders, sheets=False)))
    for name, corpus in parts:
        for document in corpus.documents:
            for start, end in sentence_spans(document.text):
                yield name, document.text[start:end]


def rows_of(part: str) -> tuple[tuple[Template, ...], tuple[Template, ...]]:
    """Return the templates and the look-alikes of a part, or of both ("all")."""
    rows = [row for row in templates() if part in {ALL, row.part}]
    return tuple(row for row in rows if not row.kept), tuple(row for row in rows if row.kept)


def table(title: str, figures: Sequence[Figure]) -> Iterator[str]:
    """Yield a table of shares, with the counts behind them."""
    yield f"| {title} | n | count | share | 95 % |"
    yield "|---|---|---|---|---|"
    for row in figures:
        count = round(row.value * row.n)
        yield f"| {row.kind} | {row.n} | {count} | {row.value:.4f} | [{row.low:.4f}, {row.high:.4f}] |"


def _is_missed(word: str) -> bool:
    return len(word) >= WORD and word.isalpha() and word not in _TITLES


def _misses(outcomes: Sequence[Outcome]) -> list[str]:
    return [
        f"{', '.join(kind for kind, hidden in outcome.hidden if not hidden)}: {outcome.sentence.text} → {outcome.shown}"
        for outcome in outcomes
        if not all(hidden for _, hidden in outcome.hidden)
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every table, and some of what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path, action="append", default=[], metavar="DIR")
    parser.add_argument("--part", choices=[*PARTS, ALL], default=PARTS[0])
    parser.add_argument("--show", type=int, default=0, metavar="N", help="misses and false alarms to list")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rounds", type=int, default=1, help="times that each template is filled")
    wanted = parser.parse_args(arguments)
    with_slots, alike = rows_of(wanted.part)
    sentences = list(sentences_of(wanted.documents))
    # As in an answer: whom the documents name stays readable.
    redact = Guard(Persons(sentence for _, sentence in sentences)).redact
    outcomes = [outcome_of(sentence, redact) for sentence in filled(with_slots, wanted.seed, wanted.rounds)]
    kept, kept_after = changed(((row.kept, row.text) for row in alike), redact)
    alarms, alarms_after = changed(sentences, redact)
    lists = (("Identities left", _misses(outcomes)), ("Look-alikes changed", kept_after), ("Alarms", alarms_after))
    lost = [f"{', '.join(o.lost)}: {o.sentence.text} → {o.shown}" for o in outcomes if o.lost]
    tables = (
        ("identities hidden", recall(outcomes)),
        ("words around them gone", (words_lost(outcomes),)),
        ("look-alikes changed", kept),
        ("sentences of documents changed", alarms),
    )
    for title, figures in tables:
        _say("\n".join(table(title, figures)) + "\n")
    for title, lines in (*lists, ("Words gone", lost)):
        if wanted.show and lines:
            _say(
                f"{title} ({len(lines)})\n"
                + "\n".join(re.sub(r"\s+", " ", line) for line in lines[: wanted.show])
                + "\n"
            )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
