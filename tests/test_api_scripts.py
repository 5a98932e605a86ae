"""The pages' pure functions, run by Node where there is one: blocks of an answer, labels said once, figures."""

import json
import re
import shutil
import subprocess

import pytest

from api.templating import STATIC

NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed")

SHEET = "Fiche : Que dire ? (d'après CSP)"
BULLETIN = "Bulletin n° 7, janv. 2026"

SEVERAL = """
import { identifying, masked } from "./identifying.js";
const said = (text) => identifying(text).map(({ kind, start, end }) => `${kind}:${text.slice(start, end)}`);
export const seenIn = (texts) => texts.map(said);
const hidden = (text) => masked(text, identifying(text), ({ placeholder }) => `[${placeholder}]`);
export const maskedIn = (texts) => texts.map(hidden);
export const quick = (pieces) => pieces.every((piece) => hidden(piece.repeat(20000 / piece.length)).length > 0);
"""


@pytest.fixture
def call(tmp_path):
    """Call a function of a script that touches no page, ``text.js`` if not said, and return what it gives as JSON."""
    for script in STATIC.glob("*.js"):
        shutil.copy(script, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "several.js").write_text(SEVERAL)

    def run(function, *arguments, script="text"):
        given = ", ".join(json.dumps(argument) for argument in arguments)
        code = f"import * as t from './{script}.js'; console.log(JSON.stringify(t.{function}({given})));"
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
    assert call("chipOf", now, before, "En bref", script="labels") == {"label": label, "place": place}


def test_figures_read_as_french_and_are_rounded_down(call):
    assert call("decimal", 5.3965, script="labels") == "5,4"
    assert call("decimal", 0, script="labels") == "0"
    shares = [call("percent", share, script="labels") for share in (0, 0.349, 0.9999)]
    assert [share.replace("\u202f", "\u00a0") for share in shares] == [
        "0\u00a0%",
        "34\u00a0%",
        "99\u00a0%",
    ]


SAID = {"sheet": "Fiche : {title}", "reread": "relue le {date}"}


@pytest.mark.parametrize(
    ("label", "more", "reference"),
    [
        (
            "Fiche : Que… (d'après CSP (extraits) ; Code)",
            {"kind": "sheet", "date": "2026-11-01", "locator": "La règle"},
            "Fiche : Que dire ? (d'après CSP (extraits) ; Code), La règle, relue le 1er novembre 2026",
        ),
        ("Fiche interne", {"kind": "sheet", "date": "", "locator": "Que dire ?"}, "Fiche : Que dire ?"),
        (f"{BULLETIN}, p. 3", {"date": "2026-01", "locator": "p. 3"}, f"{BULLETIN}, p. 3"),
        (
            "Code, art. 4 (R. 4127-4)",
            {"date": "2015-04-10", "locator": "art. R. 4127-4", "notice": "Version au 10 avril 2015 ; modifié depuis"},
            "Code, art. 4 (R. 4127-4), Version au 10 avril 2015 ; modifié depuis",
        ),
        ("Rapport", {"date": "2024", "notice": None}, "Rapport, 2024"),
        ("Sans date", {"date": ""}, "Sans date"),
    ],
)
def test_a_reference_says_each_thing_once(call, label, more, reference):
    given = {**citation(label), "kind": "bulletin", "notice": None, **more}
    assert call("referenceOf", given, SAID, script="labels") == reference


HOSTILE_MARKDOWN = [
    "<script>alert(1)</script>",
    "[clic](javascript:alert(2))",
    "![x](https://example.org/x.png)",
    "# Titre",
    "- puce",
    "1. un",
    "> citation",
    "*a* _b_ `c` ~~d~~ $e$ | f |",
    "    code",
    "&lt;b&gt;",
    "Titre\n=====",
]


def test_nothing_in_an_exported_text_is_markup(call):
    """What a Markdown reader would act on has a backslash before it."""
    for text in HOSTILE_MARKDOWN:
        written = call("inert", text, script="exporting")
        assert re.sub(r"\\([^\w\s]|_)", r"\1", written).split() == text.split()
        markup = r"(?<!\\)[`*_\[\]<>&~|$]|(?<!\\):(?=//)|^\s*(?:[#+=-]|\d+[.)])|^ {4}"
        assert not re.search(markup, written, re.MULTILINE), written
    assert call("inert", "Oui : 3,5 % (art. 4), c'est-à-dire non.", script="exporting") == (
        "Oui : 3,5 % (art. 4), c'est-à-dire non."
    )


def test_a_french_sign_stays_with_its_word(call):
    assert call("unbroken", "Oui : « non » ? Si ; 3 !") == ("Oui\u00a0: «\u00a0non\u00a0»\u00a0? Si\u00a0; 3\u00a0!")


def test_a_text_is_cut_around_words_whatever_signs_they_hold(call):
    assert call("splitAt", "Mme [X], [X] et [Y (2)].", ["[X]", "[Y (2)]"], script="labels") == [
        "Mme ",
        "[X]",
        ", ",
        "[X]",
        " et ",
        "[Y (2)]",
        ".",
    ]


SEEN = {
    "Mme Vaubricourt refuse": "name:Vaubricourt",
    "mme vaubricourt refuse": "name:vaubricourt",
    "le Dr. de La Fressange": "name:de La Fressange",
    "Me Aubrescart m'écrit": "name:Aubrescart",
    "patient corentin lesmarchais 45 ans": "name:corentin lesmarchais",
    "ma patiente Estrabaud veut": "name:Estrabaud",
    "son fils gaspard refuse": "name:gaspard",
    "elle s'appelle xabi et refuse": "name:xabi",
    "Jean-Marc Taillevesse": "name:Jean-Marc Taillevesse",
    "le père, Malo Grandjouan, appelle": "name:Malo Grandjouan",
    "tel 06.12.34.56.78": "phone:06.12.34.56.78",
    "au +33 6 12 34 56 78 ou": "phone:+33 6 12 34 56 78",
    "1 54 05 75 116 003 12": "nir:1 54 05 75 116 003 12",
    "nir 254052a116003": "nir:254052a116003",
    "écrire à a.b-c@exemple.fr.": "email:a.b-c@exemple.fr",
    "FR76 3000 6000 0112 3456 7890 189": "iban:FR76 3000 6000 0112 3456 7890 189",
    "carte 4111 1111 1111 1111": "bank_card:4111 1111 1111 1111",
    "née le 3 mai 1951 à": "birth:3 mai 1951",
    "ddn 03/05/51": "birth:03/05/51",
    "décédé le 1er mars": "death:1er mars",
    "habite 12 bis rue des lilas, 75020 Paris": "address:12 bis rue des lilas, 75020 Paris",
    "dossier n° 2023-145": "file:2023-145",
    "IPP 00412345": "file:00412345",
    "chambre 12B": "room:12B",
    "RPPS : 10003456789": "rpps:10003456789",
    "cni n° 12AB34567": "identity_paper:12AB34567",
    "sa voiture AB-123-CD": "plate:AB-123-CD",
    "sur insta @la_petite.mu": "username:@la_petite.mu",
}


def test_identifying_data_of_each_kind_is_seen(call):
    # Node takes a tenth of a second to start: all the texts at once.
    seen = call("seenIn", list(SEEN), script="several")
    assert dict(zip(SEEN, (", ".join(found) for found in seen), strict=True)) == SEEN


UNSEEN = [
    "Que dit l'article R. 4127-4 du code de la santé publique ?",
    "la loi du 4 mars 2002, dite loi Kouchner, s'applique-t-elle au patient mineur ?",
    "patient agressif, psychiatrique, décédé depuis 3 ans : que puis-je dire à sa femme ?",
    "Madame refuse, monsieur exige, le docteur peut-il trancher ? Madame le maire aussi",
    "décision n° 14563 de la chambre disciplinaire, dossier n° 12345",
    "le 3919 ou le 15 répondent jour et nuit, 24 h/24",
    "Monsieur le Procureur de la République me demande un certificat au sujet d'un patient",
    "hôpital Robert Debré, rue Jean Moulin, maladie de Charcot, syndrome de Gilles de la Tourette",
    "il lit 3 articles par an, 12 patients par jour, 1 500 euros, 25 % des cas",
    "LE PATIENT DEMANDE SON DOSSIER ET SON FILS REFUSE",
    "un patient Alzheimer, sa fille VIH +, un proche sur WhatsApp",
    "[PATIENTE] née le [DATE DE NAISSANCE] habite [ADRESSE], Mme [PATIENTE]",
    "Cour de cassation, 1re chambre civile, 3 juin 2010, pourvoi n° 09-13.591",
    "",
]


def test_ordinary_questions_raise_no_warning(call):
    assert call("seenIn", UNSEEN, script="several") == [[] for _ in UNSEEN]


def test_what_is_seen_is_replaced_and_nothing_else_and_quickly_whatever_the_text(call):
    text = "Mme Vaubricourt (06 12 34 56 78), de Mme Vaubricourt 😀 fin"
    assert call("maskedIn", [text], script="several") == ["Mme [woman] ([phone]), de Mme [woman] 😀 fin"]
    hostile = ["a", "1", "1 ", "12 rue de la ", "M. ", "@", "a-", "J.", "née le ", "dossier n° ", "a@a."]
    assert call("quick", hostile, script="several") is True
