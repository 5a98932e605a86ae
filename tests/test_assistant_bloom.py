"""The shipped sets of words: nothing that was put in is forgotten, and what was not is seldom taken for it."""

import pytest

from assistant.redaction.bloom import BloomFilter, folded
from assistant.redaction.name_words import FOLDER

WORDS = [f"mot{n}" for n in range(3_000)]


def test_every_word_is_found_whatever_its_case_and_accents(tmp_path):
    BloomFilter.of([*WORDS, "Élève", "œuvre"], 0.01).save(tmp_path / "words.bloom")
    words = BloomFilter.load(tmp_path / "words.bloom")
    assert all(word in words for word in WORDS)
    assert {"eleve", "ÉLÈVE", "oeuvre", "Œuvre"} <= {w for w in ("eleve", "ÉLÈVE", "oeuvre", "Œuvre") if w in words}


@pytest.mark.parametrize("errors", [0.05, 0.001])
def test_others_are_taken_for_them_about_as_seldom_as_asked(errors):
    words = BloomFilter.of(WORDS, errors)
    wrong = sum(f"autre{n}" in words for n in range(20_000)) / 20_000
    assert wrong <= 2 * errors
    assert wrong >= 0.05 / 3 or errors < 0.05


def test_an_empty_set_has_no_word():
    assert "mot" not in BloomFilter.of([], 0.01)


def test_folding():
    assert folded("Ça Œuvre, NAÏVE") == "ca oeuvre, naive"


def test_the_shipped_sets_hold_what_they_should():
    words, names = (BloomFilter.load(FOLDER / f"{name}.bloom") for name in ("words", "first_names"))
    assert all(word in words for word in "patient refuse veut dossier médicalement néanmoins pierre".split())
    assert not any(word in words for word in "corentin kevin lesmarchais vaubricourt martinez".split())
    assert all(name in names for name in "corentin kevin pierre marie jean fatoumata".split())
    assert not any(name in names for name in "dossier lesmarchais le la".split())
