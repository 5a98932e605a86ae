"""The privacy guard against invented identities in every template: the promises of docs/privacy.md."""

import pytest

from assistant.privacy import redact
from eval.filling import filled
from eval.privacy import Outcome, changed, outcome_of, recall, rows_of, sentences_of, words_lost

SEED, ROUNDS = 7, 3
TEMPLATES, KEPT = rows_of("all")
BARS = {"all formatted": 0.99, "all names": 0.95, "all others": 0.95}
MOST_CHANGED = 0.01
MOST_LOST = 0.02
EVERY = 5
"""One sentence in so many of our sheets is tried."""


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [outcome_of(sentence, redact) for sentence in filled(TEMPLATES, SEED, ROUNDS)]


@pytest.mark.parametrize("kinds", BARS)
def test_identities_are_hidden(outcomes: list[Outcome], kinds: str) -> None:
    found = {row.kind: row for row in recall(outcomes)}[kinds]
    by_kind = {row.kind: row.value for row in recall(outcomes)}
    assert found.value >= BARS[kinds], f"{by_kind}; `python -m eval.privacy --show 40` lists what is left"


def test_words_around_identities_stay(outcomes: list[Outcome]) -> None:
    assert words_lost(outcomes).value <= MOST_LOST


def test_look_alikes_stay_as_they_are() -> None:
    figures, after = changed(((row.kept, row.text) for row in KEPT), redact)
    assert figures[0].value <= MOST_CHANGED, after


def test_sentences_of_our_sheets_stay_as_they_are() -> None:
    figures, after = changed(list(sentences_of(()))[::EVERY], redact)
    assert figures[0].value <= MOST_CHANGED, after[:10]
