"""The pages' pure functions, run by Node where there is one: blocks of an answer, labels said once, figures."""

import json
import shutil
import subprocess

import pytest

from api.templating import STATIC

NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed")

SHEET = "Fiche : Que dire ? (d'après CSP)"
BULLETIN = "Bulletin n° 7, janv. 2026"


@pytest.fixture
def call(tmp_path):
    """Call a function of ``text.js`` with JSON, and return what it gives."""
    # Under this name Node takes it for a module, whatever its version.
    shutil.copy(STATIC / "text.js", tmp_path / "text.mjs")

    def run(function, *arguments):
        given = ", ".join(json.dumps(argument) for argument in arguments)
        code = f"import * as t from './text.mjs'; console.log(JSON.stringify(t.{function}({given})));"
        done = subprocess.run(
            [NODE, "--input-type=module", "-e", code], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def citation(label=SHEET, locator="", document="d", marker=1, quote="Un mot."):
    return {
        "label": label,
        "locator": locator,
        "title": "Que dire ?",
        "document_id": document,
        "marker": marker,
        "quote": quote,
    }


def test_lists_and_citations_are_cut_out_of_an_answer(call):
    answer = "Selon le cas :\n- oui [1]\n- non\nEt encore.\n\n« Un mot. » [1]\n\n- seul"
    blocks = call("splitAnswer", answer, [citation()])
    assert [block.get("text", block.get("items", "quoted")) for block in blocks] == [
        "Selon le cas :",
        ["oui [1]", "non"],
        "Et encore.",
        "quoted",
        ["seul"],
    ]


def test_a_quotation_that_holds_a_list_stays_whole(call):
    answer = "« Trois points :\n- qui ;\n- quoi. » [1]"
    assert call("splitAnswer", answer, []) == [{"kind": "text", "text": answer}]
    quoted = citation(quote="Trois points :\n- qui ;\n- quoi.")
    assert [block["kind"] for block in call("splitAnswer", answer, [quoted])] == ["citation"]


@pytest.mark.parametrize(
    ("now", "before", "label", "place"),
    [
        (citation(locator="La règle"), None, SHEET, "La règle"),
        (citation(locator="Que dire ?"), None, SHEET, ""),
        (citation(locator="La règle"), citation(document="e"), SHEET, "La règle"),
        (citation(locator="La règle"), citation(locator="Que dire ?"), "", "La règle"),
        (citation(locator="Que dire ?"), citation(locator="La règle"), "", "En bref"),
        (citation(f"{BULLETIN} — Le cas"), citation(f"{BULLETIN} — Un mot"), "", "Le cas"),
        (citation(f"{BULLETIN} — Le cas"), citation(f"{BULLETIN} — Le cas"), "", "Le cas"),
        (citation(f"{BULLETIN}, p. 3", "p. 3"), citation(f"{BULLETIN}, p. 2", "p. 2"), "", "p. 3"),
        (citation("CSP, art. L. 1", "art. L. 1"), None, "CSP, art. L. 1", ""),
        (citation("CSP, art. L. 1"), citation("CSP, art. L. 2"), "", "art. L. 1"),
        (citation("Code, art. 4 (R. 4127-4)", "art. R. 4127-4"), None, "Code, art. 4 (R. 4127-4)", ""),
        (citation("CSP"), citation("CSP"), "CSP", ""),
        (citation("Un titre"), citation("Un autre"), "Un titre", ""),
    ],
)
def test_a_label_is_said_once_per_run_of_citations_of_one_document(call, now, before, label, place):
    assert call("chipOf", now, before, "En bref") == {"label": label, "place": place}


def test_figures_read_as_french_and_are_rounded_down(call):
    assert call("decimal", 5.3965) == "5,4"
    assert call("decimal", 0) == "0"
    assert [call("percent", share).replace("\u202f", "\u00a0") for share in (0, 0.349, 0.9999)] == [
        "0\u00a0%",
        "34\u00a0%",
        "99\u00a0%",
    ]


def test_a_french_sign_stays_with_its_word(call):
    assert call("unbroken", "Oui : « non » ? Si ; 3 !") == ("Oui\u00a0: «\u00a0non\u00a0»\u00a0? Si\u00a0; 3\u00a0!")
