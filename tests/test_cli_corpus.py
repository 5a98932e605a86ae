"""``deonto corpus``: what is indexed, what must be mended, and adding documents."""

import datetime
import json

import pytest

import corpus.checking
from corpus.checking import LAST_ARTICLE, coverage, findings, themes
from corpus.front_matter import Verification
from corpus.precedents import load_precedents
from corpus.questions import Wordings
from corpus.sheets import load_sheets, parse_sheet
from tests.command import parsed, quick, run
from tests.test_corpus_precedents import GOOD as DECISION
from tests.test_corpus_precedents import parse_precedent
from tests.test_corpus_sheets import GOOD as SHEET

__all__ = ["quick"]

pytestmark = pytest.mark.usefixtures("quick")
TODAY = datetime.date(2026, 2, 1)


def sheet(**changed):
    text = SHEET
    for old, new in changed.pop("replace", {}).items():
        text = text.replace(old, new)
    return parse_sheet(text, "essai")


def codes(*sheets, precedents=(), wordings=(), today=TODAY):
    found = findings(sheets, precedents, wordings, today)
    return [(f.code, f.detail) for f in found if f.code not in {"hole", "wordings"}]


# --- what is wrong


def test_a_sheet_in_order_gives_nothing():
    assert codes(sheet()) == []


@pytest.mark.parametrize(
    ("today", "code"), [(datetime.date(2027, 3, 1), "stale"), (datetime.date(2026, 1, 1), "future")]
)
def test_a_date_that_is_old_or_to_come_is_named(today, code):
    assert codes(sheet(), today=today) == [(code, "2026-01-31")]


def test_an_article_that_is_named_and_not_listed_is_found():
    body = {"Le praticien répond.": "Les articles R. 4127-4, 226-14 et L. 1110-4 le disent."}
    assert sorted(codes(sheet(replace=body))) == [("reference", "226-14"), ("reference", "L1110-4")]
    listed = {'["R. 4127-4 CSP"]': '["R. 4127-4 CSP", "226-14 CP", "L. 1110-4-1 C. ass."]', **body}
    assert codes(sheet(replace=listed)) == []


def test_a_fact_confirmed_by_nothing_known_is_found():
    assert codes(sheet(replace={'where = "medecins-102"': 'where = "un-inconnu, p. 3"'})) == [("anchor", "un-inconnu")]
    assert codes(sheet(replace={'where = "medecins-102"': 'where = "https://example.org, p. 3"'})) == []


def test_a_decision_to_come_or_confirmed_by_nothing_is_found():
    late = parse_precedent(DECISION.replace("2020-02-01\n", "2030-02-01\n"), "cour-essai-2020-02-01-12")
    assert codes(precedents=[late]) == [("future", "2030-02-01")]
    adrift = parse_precedent(
        DECISION.replace('where = "https://example.org/decision"', 'where = "nulle-part"'), "cour-essai-2020-02-01-12"
    )
    assert codes(precedents=[adrift]) == [("anchor", "nulle-part")]
    assert Verification("a", "b").where == "b"


def test_wordings_for_nothing_and_too_few_are_found():
    few = [Wordings("fiche:essai", ("Quoi ?",)), Wordings("fiche:absente", ("Qui ?",))]
    found = {(f.code, f.place, f.detail) for f in findings([sheet()], [], few, TODAY) if f.code != "hole"}
    assert found == {("orphan", "fiche:absente", ""), ("wordings", "essai", "1")}
    enough = [Wordings("fiche:essai", tuple(f"Quoi {n} ?" for n in range(10)))]
    keyed = [Wordings("ailleurs", ("Où ?",), (1, 2), (0, 3)), Wordings("", ("Où ?",), article="R4127-4", code="CSP")]
    assert {f.code for f in findings([sheet()], [], enough + keyed, TODAY)} == {"hole"}


def test_the_articles_of_the_code_are_counted():
    covered = coverage([sheet()])
    assert len(covered) == LAST_ARTICLE - 1, "the code has no article 92"
    assert covered["R4127-4"] == ("essai",)
    assert covered["R4127-5"] == ()
    holes = [f.place for f in findings([sheet()], [], [], TODAY) if f.code == "hole"]
    assert len(holes) == len(covered) - 1
    assert themes([sheet(), sheet()]) == [("secret", 2)]


def test_what_is_shipped_is_in_order_and_leaves_no_hole():
    sheets = list(load_sheets())
    assert all(coverage(sheets).values())
    result = run("corpus", "check")
    assert "0 point(s) à corriger" in result.stderr
    assert result.stdout.startswith("R4127-1 ")
    table = parsed(run("corpus", "check", "--json"))
    assert table["sheets"] == len(sheets)
    assert table["precedents"] == len(list(load_precedents()))
    assert table["findings"] == []


def test_something_to_mend_exits_with_1(monkeypatch):
    monkeypatch.setattr(corpus.checking, "FEWEST_WORDINGS", 10_000)
    result = run("corpus", "check", code=1)
    assert "trop peu de formulations" in result.stderr
    assert json.loads(run("corpus", "check", "--json", code=1).stdout)["findings"]


# --- what is indexed, and adding


def test_documents_are_listed(small_path):
    rows = parsed(run("corpus", "list", "--index", small_path, "--json"))["documents"]
    assert {row["id"] for row in rows} >= {"accueil", "archives", "fiche:secret-assureur"}
    assert all(row["passages"] > 0 for row in rows)
    result = run("corpus", "list", "--index", small_path)
    assert len(result.stdout.splitlines()) == len(rows)
    assert "sheet : " in result.stderr
    assert run("corpus", "list", "--index", "nowhere", code=1).stderr


def test_documents_are_added_and_found(tmp_path, small_folder):
    (tmp_path / "note.txt").write_text("Le cabinet garde ses clefs dans un coffre bleu, au fond du couloir.", "utf-8")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4 rien")
    result = run("corpus", "add", small_folder, tmp_path / "note.txt", tmp_path / "scan.pdf", "--index", "made")
    assert "5 document(s) ajouté(s)" in result.stderr
    assert "scan.pdf : fichier endommagé" in result.stderr
    assert "DEONTO_DOCUMENTS=var/documents" in result.stderr
    assert (tmp_path / "var/documents/sous-dossier/notes.md").is_file()
    found = parsed(run("search", "--index", "made", "--kind", "document", "--json", "coffre bleu du couloir"))[
        "passages"
    ]
    assert found[0]["document_id"] == "note"


def test_a_document_already_there_is_never_replaced(tmp_path, small_folder, monkeypatch):
    monkeypatch.setenv("DEONTO_DOCUMENTS", str(tmp_path / "mine"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/note.txt").write_text("Le mien, à garder tel quel, avec assez de mots.", "utf-8")
    (tmp_path / "note.txt").write_text("Un autre texte qui porte le même nom, avec assez de mots.", "utf-8")
    result = run("corpus", "add", tmp_path / "note.txt", "--index", "made", code=1)
    assert "il n'a pas été remplacé" in result.stderr
    assert "Aucun document ajouté" in result.stderr
    assert (tmp_path / "mine/note.txt").read_text("utf-8").startswith("Le mien")
    assert not (tmp_path / "made").exists()
    assert run("corpus", "add", tmp_path / "absent.txt", code=2).stderr
