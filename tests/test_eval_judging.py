"""Judging: by shared words where the gold is a stretch of a file, by document or file where it is a whole one."""

import hashlib
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.messages import explain
from eval.errors import GoldMissing, GoldMoved
from eval.judging import RUN, Judge, runs_of
from eval.questions import Gold, Question

BEFORE = "Préambule sans intérêt.\r\n"
PASSAGE = (
    "Le secrétariat ne confirme jamais par téléphone qu'une personne est suivie au cabinet, "
    "même à un proche pressant ou à un employeur."
)
AFTER = "\r\nL'original du dossier reste dans l'armoire ignifugée du cabinet jusqu'à sa fermeture."
START = len(BEFORE)
END = START + len(PASSAGE)


@dataclass(frozen=True)
class Found:
    document_id: str = "d"
    source: str = "s"


def asked(*gold, line=7):
    return Question("q", "Que dit-il ?", "case", True, gold=gold, line=line)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "reglement.txt").write_text(BEFORE + PASSAGE + AFTER, encoding="utf-8", newline="")
    return tmp_path


@pytest.fixture
def parts(folder):
    def judged(text, *gold, found=Found()):
        question = asked(*(gold or (Gold(file="reglement.txt", start=START, end=END),)))
        return Judge([question], folder).parts(question, found, text)

    return judged


def some_words(text, start, end):
    return " ".join(text.split()[start:end])


# The passage has 23 words ("qu'une" is two), thus 19 runs of 5.
@pytest.mark.parametrize(
    ("text", "right"),
    [
        (PASSAGE, True),
        (BEFORE + PASSAGE + AFTER, True),  # all of the gold in a longer text
        (some_words(PASSAGE, 0, 5), True),  # a short text wholly in the gold
        (some_words(PASSAGE, 0, 12) + " mais ailleurs rien de tel", True),
        (some_words(PASSAGE, 0, 7) + " ou alors bien autre chose qui ne dit rien", False),  # 3 runs of 12
        (some_words(PASSAGE, 0, 4), False),  # too short to be known by
        ("", False),
        ("… !", False),
        (AFTER, False),
        (" ".join(reversed(PASSAGE.split())), False),  # the same words, no common run
    ],
)
def test_half_of_the_shorter_is_enough(parts, text, right):
    assert parts(text) == ({1} if right else set())


def test_exactly_half_of_the_runs_is_enough(parts):
    own = some_words(PASSAGE, 0, 7)  # 3 runs
    assert len(runs_of(f"{own} et puis rien")) == 6
    assert parts(f"{own} et puis rien") == {1}
    assert parts(f"{own} et puis rien encore") == set()  # 3 of 7
    nearly = some_words(PASSAGE, 0, 9) + " et puis rien encore de plus ici"
    assert (len(runs_of(nearly)), len(runs_of(nearly) & runs_of(PASSAGE))) == (13, 6)
    assert parts(nearly) == set()


@pytest.mark.parametrize(
    "text",
    [
        PASSAGE.replace("téléphone", "télé-\nphone"),  # a word cut at the end of a line
        PASSAGE.replace("téléphone", "télé\u00adphone"),
        PASSAGE.replace("'", "’").replace(" ", "\u00a0"),
        PASSAGE.upper(),
        f"**{PASSAGE}** [1]",
        PASSAGE.replace(" ", "\n\n"),
    ],
)
def test_cleaning_makes_no_difference(parts, text):
    assert parts(text) == {1}


def test_carriage_returns_count_in_the_offsets(parts):
    start = END + 2
    assert parts(AFTER, Gold(file="reglement.txt", start=start, end=start + len(AFTER) - 2)) == {1}


def test_a_whole_document_is_known_by_its_identifier(parts):
    assert parts("", Gold(document="fiche:a"), found=Found("fiche:a", "x")) == {1}
    assert parts(PASSAGE, Gold(document="fiche:a"), found=Found("x", "fiche:a")) == set()
    assert parts("", Gold(document="fiche:a", file="f"), found=Found("x", "f")) == set()


def test_a_whole_file_is_known_by_its_source(parts):
    assert parts("", Gold(file="f.txt"), found=Found("x", "f.txt")) == {1}
    assert parts("", Gold(file="f.txt"), found=Found("f.txt", "x")) == set()


def test_whole_documents_need_no_folder():
    question = asked(Gold(document="d"))
    assert Judge([question], None).parts(question, Found(), "n'importe quoi") == {1}


def test_each_part_that_is_given_is_named(parts):
    both = [
        Gold(file="reglement.txt", start=START, end=END),
        Gold(file="reglement.txt", start=END + 2, end=END + len(AFTER), part=2),
        Gold(document="fiche:a", part=2),  # another way to give the second part
        Gold(document="fiche:b", part=3),
    ]
    assert parts(PASSAGE, *both) == {1}
    assert parts(AFTER, *both) == {2}
    assert parts(PASSAGE + AFTER, *both) == {1, 2}
    assert parts(PASSAGE, *both, found=Found("fiche:a")) == {1, 2}
    assert parts("rien", *both) == set()


def test_nothing_is_right_for_a_question_without_gold():
    assert Judge([asked()], None).parts(asked(), Found(), PASSAGE) == set()


def test_a_gold_passage_is_checked_by_its_digest(parts):
    digest = hashlib.sha256(PASSAGE.encode()).hexdigest()[:16]
    assert parts(PASSAGE, Gold(file="reglement.txt", start=START, end=END, sha256=digest)) == {1}


@pytest.mark.parametrize(
    "moved",
    [
        Gold(file="reglement.txt", start=START, end=END, sha256="0" * 16),
        Gold(file="reglement.txt", start=9_000, end=9_100),
        Gold(file="reglement.txt", start=0, end=9),  # a word: nothing to be known by
    ],
)
def test_a_passage_that_moved_is_said_with_its_line(folder, moved):
    with pytest.raises(GoldMoved) as caught:
        Judge([asked(line=1), asked(moved, line=12)], folder)
    assert caught.value.values == {"file": "reglement.txt", "line": 12, "start": moved.start}
    assert "ligne 12" in explain(caught.value)
    assert str(moved.start) in explain(caught.value)


@pytest.mark.parametrize("given_folder", [True, False])
def test_a_missing_file_is_said_with_its_line(folder, given_folder):
    with pytest.raises(GoldMissing) as caught:
        Judge([asked(Gold(file="absent.txt", end=90), line=31)], folder if given_folder else None)
    assert caught.value.values == {"file": "absent.txt", "line": 31}
    assert "ligne 31" in explain(caught.value)
    assert "absent.txt" in explain(caught.value)


def test_runs_by_hand():
    assert runs_of("L'été, à 9 h — ŒUVRE") == {("l", "ete", "a", "9", "h"), ("ete", "a", "9", "h", "oeuvre")}
    assert runs_of("un deux trois quatre") == frozenset()


FRENCH = st.text("abcdeéèêàçùïœ079", min_size=1, max_size=6)


@given(st.lists(FRENCH, max_size=15), st.sampled_from([" ", "\n", " – ", ", ", "’", "-"]))
def test_runs_do_not_depend_on_case_accents_or_punctuation(words, between):
    plain = runs_of(" ".join(words))
    bare = str.maketrans("éèêàçùï", "eeeacui")
    assert runs_of(f"« {between.join(words)} ».".upper()) == plain
    assert runs_of(" ".join(words).translate(bare)) == plain
    assert len(plain) <= max(0, len(words) - RUN + 1)
