"""``deonto corpus questions``: real questions that found nothing, and what an editor attaches them to."""

import json

import pytest

from assistant.models import Answer
from assistant.store.feedback import FeedbackStore
from corpus import Corpus, Metadata, Page, Reading, load, load_reading
from corpus.questions import load_wordings
from indexes import build_index
from tests.command import QUESTION, parsed, quick, run
from tests.fakes import HashEncoder

__all__ = ["quick"]

pytestmark = pytest.mark.usefixtures("quick")
ASKED = "où dorment les vieux cartons ?"
OTHER = "qui nourrit le chat du cabinet ?"


def keep(store, question, outcome="refused", verdict="wrong_source", times=1):
    reason = "no_evidence" if outcome == "refused" else None
    store.remember(Answer("a1", question, question, outcome, reason, "", (), (), (), 0.1))
    for _ in range(times):
        store.add("a1", verdict)


@pytest.fixture
def store(tmp_path, monkeypatch):
    path = tmp_path / "feedback.sqlite"
    monkeypatch.setenv("DEONTO_FEEDBACK", str(path))
    return FeedbackStore(path)


@pytest.fixture
def attached(tmp_path):
    return tmp_path / "var" / "questions" / "attached.jsonl"


@pytest.fixture(scope="module")
def built(small_folder, tmp_path_factory):
    """The small documents alone: an index that is quick to build; read only."""
    path = tmp_path_factory.mktemp("alone") / "index"
    build_index(load([small_folder], sheets=False), path, HashEncoder())
    return path


def review(index, *typed):
    return run("corpus", "questions", "--review", "--index", index, typed="".join(f"{line}\n" for line in typed))


def place(index, question, document_id):
    """Return the number under which a passage of a document is offered for a question."""
    found = parsed(run("search", "--index", index, "--json", "-k", "9", question))["passages"]
    return next(passage["rank"] for passage in found if passage["document_id"] == document_id)


# --- listing


def test_without_a_file_nothing_is_kept_and_it_is_said(tmp_path):
    for args in ((), ("--review",), ("--json",)):
        result = run("corpus", "questions", *args, code=1)
        assert result.stderr == "Aucun avis n'est conservé : pour l'activer, donnez un fichier à DEONTO_FEEDBACK.\n"
        assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_review_needs_no_index(store):
    for args in ((), ("--review",)):
        result = run("corpus", "questions", *args)
        assert (result.stdout, result.stderr) == ("", "0 question(s) à revoir.\n")
    assert parsed(run("corpus", "questions", "--json")) == {"questions": []}


def test_questions_are_listed_with_how_often_and_what_became_of_them(store):
    keep(store, OTHER, "answered", "incomplete")
    keep(store, ASKED, times=2)
    keep(store, "fine", "answered", "helpful")
    result = run("corpus", "questions")
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["2", "sans", "réponse", *ASKED.split()],
        ["1", "mal", "répondu", *OTHER.split()],
    ]
    assert result.stderr == "2 question(s) à revoir.\n"
    assert parsed(run("corpus", "questions", "--json"))["questions"] == [
        {"question": ASKED, "outcome": "refused", "verdict": "wrong_source", "times": 2},
        {"question": OTHER, "outcome": "answered", "verdict": "incomplete", "times": 1},
    ]


def test_a_broken_file_is_said_in_french(store, tmp_path):
    (tmp_path / "feedback.sqlite").write_bytes(b"not a database " * 100)
    result = run("corpus", "questions", code=1)
    said = f"Les avis ne peuvent être ni lus ni écrits dans {tmp_path}/feedback.sqlite (le fichier est endommagé"
    assert result.stderr.startswith(said)
    assert result.stdout == ""


def test_a_review_without_an_index_says_how_to_build_one_and_marks_nothing(store, attached):
    keep(store, ASKED)
    result = run("corpus", "questions", "--review", code=1, typed="1\n")
    assert "deonto index build" in result.stderr
    assert len(store.to_review()) == 1
    assert not attached.exists()


# --- attaching


def test_an_attached_question_is_found_at_the_next_build(store, attached, small_folder):
    run("index", "build", "--documents", small_folder, "--no-sheets", "--output", "made")
    before = parsed(run("ask", "--index", "made", "--json", "--explain", ASKED))
    assert before["outcome"] == "refused"
    keep(store, ASKED)
    number = place("made", ASKED, "archives")
    result = review("made", number)
    assert f"« {ASKED} »" in result.stdout
    assert "armoire ignifugée" in result.stdout
    assert "1 question(s) à revoir." in result.stderr
    assert "1 question(s) rattachée(s) dans var/questions/attached.jsonl" in result.stderr
    assert store.to_review() == ()

    run("index", "build", "--documents", small_folder, "--no-sheets", "--output", "made")
    after = parsed(run("ask", "--index", "made", "--json", "--explain", ASKED))
    assert after["passages"][0]["document_id"] == "archives"
    first = after["explain"]["passages"][0]
    assert first["wording"] == {"text": ASKED, "machine": False}
    assert first["scores"]["wordings"] > 0.99
    assert after["outcome"] == "answered"


def test_the_line_points_at_the_passage_that_was_chosen(store, attached, built):
    keep(store, ASKED)
    found = parsed(run("search", "--index", built, "--json", "-k", "9", ASKED))["passages"]
    review(built, 2)
    (wordings,) = load_wordings(attached.parent)
    assert wordings.questions == (ASKED,)
    assert wordings.document == found[1]["document_id"]
    assert wordings.signature
    assert wordings.machine == ""


def test_a_sheet_is_pointed_at_as_a_whole(store, attached, small_path):
    keep(store, QUESTION)
    review(small_path, place(small_path, QUESTION, "fiche:secret-mineur"))
    (wordings,) = load_wordings(attached.parent)
    assert (wordings.document, wordings.signature, wordings.span) == ("fiche:secret-mineur", (), None)


def test_an_article_of_a_code_is_pointed_at_by_its_number(store, attached, tmp_path):
    page = Page(0, "1", "# Article R. 4127-4\n\nUn pigeon à la fenêtre du médecin, chaque jour.")
    law = load_reading(Reading("markdown", (page,)), Metadata("law", "law", "law", "code", code="CSP"), "law.md")
    build_index(Corpus((law,), ()), tmp_path / "law", HashEncoder())
    keep(store, ASKED)
    review(tmp_path / "law", 1)
    (wordings,) = load_wordings(attached.parent)
    assert (wordings.document, wordings.article, wordings.code) == ("", "R4127-4", "CSP")


def test_lines_are_added_to_those_that_are_there(store, attached, built):
    attached.parent.mkdir(parents=True)
    mine = json.dumps({"document": "archives", "questions": ["la mienne ?"]})
    attached.write_text(mine)  # as an editor may leave it, without an end of line
    keep(store, ASKED, times=2)
    keep(store, OTHER)
    result = review(built, 1, 3)
    assert "2 question(s) rattachée(s)" in result.stderr
    lines = attached.read_text(encoding="utf-8").splitlines()
    assert lines[0] == mine
    assert [entry.questions for entry in load_wordings(attached.parent)] == [("la mienne ?",), (ASKED,), (OTHER,)]


def test_a_question_is_shown_once_whatever_was_said_of_its_answers(store, attached, built):
    keep(store, ASKED)
    keep(store, ASKED, "answered", "wrong_source")
    keep(store, ASKED, "answered", "incomplete")
    assert len(store.to_review()) == 3
    result = review(built, 1, 1, 1)
    assert result.stdout.count(f"« {ASKED} »") == 1
    assert len(attached.read_text(encoding="utf-8").splitlines()) == 1
    assert store.to_review() == ()


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\u2028", "\u0085", "\x0b", "\t"], ids=ascii)
def test_a_question_of_several_lines_is_one_line_of_the_bank(store, attached, built, separator):
    question = f"où dorment{separator}les vieux cartons ?"
    keep(store, question)
    assert len(run("corpus", "questions").stdout.splitlines()) == 1
    review(built, 1)
    (wordings,) = load_wordings(attached.parent)
    assert wordings.questions == (ASKED,)
    assert store.to_review() == ()


# --- other choices


def test_nothing_answers_it(store, attached, built):
    keep(store, ASKED)
    result = review(built, "r")
    assert "0 question(s) rattachée(s)" in result.stderr
    assert store.to_review() == ()
    assert not attached.exists()


@pytest.mark.parametrize("later", ["p", "P", " p ", ""])
def test_later_leaves_it(store, attached, built, later):
    keep(store, ASKED, times=2)
    keep(store, OTHER)
    review(built, later, "r")
    assert [asked.question for asked in store.to_review()] == [ASKED]
    assert not attached.exists()


@pytest.mark.parametrize("typed", [("1", "q"), ("1", "Q"), ("1",)], ids=["q", "Q", "end of input"])
def test_to_stop_keeps_what_was_done(store, attached, built, typed):
    keep(store, ASKED, times=2)
    keep(store, OTHER)
    result = review(built, *typed)
    assert "1 question(s) rattachée(s)" in result.stderr
    assert [asked.question for asked in store.to_review()] == [OTHER]
    assert len(attached.read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize(
    "odd", ["0", "99", "-1", "1.5", "²", "x", "r p", "1 2", "9" * 5_000], ids=lambda o: ascii(o)[:9]
)
def test_another_answer_is_asked_again(store, attached, built, odd):
    keep(store, ASKED)
    result = review(built, odd, "r")
    assert result.stderr.count("Répondez par un numéro de la liste, r, p ou q.") == 1
    assert store.to_review() == ()
    assert not attached.exists()


def test_only_the_passages_offered_can_be_chosen(store, attached, built):
    keep(store, ASKED)
    offered = len(parsed(run("search", "--index", built, "--json", "-k", "9", ASKED))["passages"])
    result = review(built, offered + 1, offered)
    assert result.stderr.count("Répondez par un numéro") == 1
    assert f"(1 à {offered})" in result.stdout
    assert len(list(load_wordings(attached.parent))) == 1
