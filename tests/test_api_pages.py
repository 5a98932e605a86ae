"""The pages: headers, nothing inline, nothing from outside, documents that try to be markup, exact marks."""

import html
import re
import tomllib
from pathlib import Path
from typing import get_args
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

import assistant
from api.app import create_app
from api.reading import find_target, lay_out, table_of_contents
from api.templating import STATIC, TEMPLATES
from assistant.models import Outcome, Reason
from assistant.retrieval import WEIGHTS
from assistant.store.feedback import VERDICTS
from assistant.supporting import Fault
from corpus.models import Passage, Verdict
from tests.fake_assistant import BULLETIN, CITATION, HOSTILE, HOSTILE_TEXT, PASSAGES, QUOTE, RULE, SHEET, FakeAssistant

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SHEET_PASSAGES = PASSAGES[:2]


@pytest.fixture
def client():
    return TestClient(create_app(FakeAssistant()), headers=BROWSER)


def marked(page):
    """Return the marked characters of a page, as text."""
    runs = re.findall(r"<mark[^>]*>(.*?)</mark>", page, flags=re.DOTALL)
    return [html.unescape(run) for run in runs]


@pytest.mark.parametrize(
    "path", ["/", "/documents/fiche:secret", "/documents/hostile", "/documents/nowhere", "/nowhere"]
)
class TestEveryPage:
    def test_is_html_in_french_with_security_headers(self, client, path):
        response = client.get(path)
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert '<html lang="fr">' in response.text
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["cache-control"] == "no-store"
        assert "set-cookie" not in response.headers

    def test_holds_no_inline_script_or_style(self, client, path):
        page = client.get(path).text
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
        assert "<style" not in page
        assert not re.search(r"<[^>]*\s(?:style|on\w+)=", page)

    def test_loads_only_our_own_files_and_they_exist(self, client, path):
        page = client.get(path).text
        loaded = re.findall(r'<(?:script|link|img)[^>]*\s(?:src|href)="([^"]*)"', page)
        assert loaded
        for address in loaded:
            assert address.startswith("/static/")
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_scripts_insert_text_only_and_keep_nothing(script):
    code = script.read_text(encoding="utf-8")
    banned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage"
    banned += r"|DOMParser|createContextualFragment|sendBeacon|history\.|setHTML"
    assert not re.search(banned + r"|indexedDB|\.cookie|https?://", code)
    for imported in re.findall(r'from "([^"]+)"', code):
        assert (STATIC / imported).is_file()


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_styles_load_nothing(sheet):
    assert not re.search(r"url\(|@import", sheet.read_text(encoding="utf-8"))


def test_the_chat_page_has_every_text_its_scripts_ask_for(client):
    page = client.get("/").text
    code = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    keys = {f"{shown}-{count}" for shown in ("consulted", "found") for count in ("one", "many")}
    keys |= {key for call in re.findall(r"\btext\(([^)]*)\)", code) for key in re.findall(r'"([a-z-]+)"', call)}
    assert {"stop", "send", "unreachable"} < keys
    assert {key for key in keys if f'data-text="{key}"' not in page} == set()
    slots = set(re.findall(r'slot\([^,]+, "([a-z-]+)"\)', code))
    assert {slot for slot in slots if f'data-slot="{slot}"' not in page} == set()


def test_the_chat_page_can_say_why_it_answered_or_not(client):
    """The names come from the assistant: a new one must be given its French words here."""
    ours = set(re.findall(r'data-text="([^"]+)"', client.get("/").text))
    retrievers = {f"retriever-{name}" for name in WEIGHTS}
    unsearched = {"empty", "too_long"}  # there is nothing to say of these
    outcomes = {f"why-{name}" for name in ({*get_args(Reason), *get_args(Outcome)} - unsearched - {"refused"})}
    drops = {f"dropped-{name}" for name in (*get_args(Fault), "no_marker", "unknown_marker", "repeated", "too_many")}
    assert (retrievers | outcomes | drops) - ours == set()


def test_the_chat_page_names_every_kind_that_the_guard_hides_and_masks_as_it_does(client):
    page = html.unescape(client.get("/").text)
    placeholders = tomllib.loads((Path(assistant.__file__).parent / "messages.toml").read_text("utf-8"))["placeholders"]
    ours = dict(re.findall(r'data-text="placeholder-([^"]+)">([^<]*)<', page))
    for kind, words in {**placeholders, **placeholders["person"]}.items():
        if isinstance(words, str):
            assert ours[kind] == words, kind
    for kind in {*placeholders, "name", "other"} - {"person"}:
        assert f'data-text="kind-{kind}"' in page
        assert re.search(rf'data-text="kinds-{kind}">\{{count\}}', page)
    shapes = (STATIC / "identifying.js").read_text("utf-8")
    assert {"nir", "identity_paper"} < set(re.findall(r'^  \["([a-z_]+)", ', shapes, re.MULTILINE)) <= set(ours)


def test_the_box_lets_no_service_of_the_browser_read_what_is_typed(client):
    """Some browsers send what is typed to a spelling or writing service."""
    boxes = re.findall(r"<(?:textarea|input)[^>]*>", client.get("/").text)
    assert len(boxes) == 3  # the question, the access key, and the template of a verdict's comment
    for box in boxes:
        for attribute in ('autocomplete="off"', 'spellcheck="false"', 'writingsuggestions="false"'):
            assert attribute in box
    assert "name=" not in boxes[1]  # the access key: a form sent by accident would not put it in an address


def test_the_warning_and_the_access_form_are_there_and_empty(client):
    page = client.get("/").text
    assert '<p id="seen-words" role="status"></p>' in page
    assert re.search(r'<button type="button" [^>]*id="seen-mask" hidden>Masquer maintenant<', page)
    assert '<dialog id="access" aria-labelledby="access-title">' in page
    assert '<label for="access-key">' in page


def test_the_page_that_opens_documents_with_a_key_is_one_of_ours(client):
    response = client.get("/static/document.html")
    assert response.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|<[^>]*\s(?:style|on\w+)=", response.text)
    for address in re.findall(r'(?:src|href)="([^"]*)"', response.text):
        assert client.get(address).status_code == 200
    code = client.get("/static/document.js").text
    assert {
        name for name in re.findall(r'(?:byId|refuse)\("([a-z-]+)"\)', code) if f'id="{name}"' not in response.text
    } == set()


def test_the_chat_page_has_a_place_for_each_part_of_an_answer(client):
    page = client.get("/").text
    assert re.search(r'<ul class="questions" data-slot="readings" aria-label="[^"]+" hidden>', page)
    assert re.search(r'<details class="why" data-slot="why" hidden>\s*<summary>Pourquoi cette réponse', page)
    assert '<p class="how" data-slot="how" hidden></p>' in page
    assert re.search(r'data-slot="contradicts" hidden>Contredit la question<', page)
    verdicts = re.findall(r'<button type="button" class="quiet-button" value="([a-z_]+)"', page)
    assert tuple(verdicts) == VERDICTS
    for verdict in get_args(Verdict):
        assert f'data-text="verdict-{verdict}"' in page


def test_a_reading_is_a_button_as_high_as_a_finger_is_wide(client):
    assert 'element("button", "", unbroken(question))' in client.get("/static/card.js").text
    rule = re.search(r"[^}]*\.questions button \{([^}]*)\}", client.get("/static/chat.css").text)
    assert rule
    assert "min-height: 2.75rem" in rule[1]  # 44 px


def test_the_table_of_passages_is_one_for_screen_readers(client):
    code = client.get("/static/why.js").text
    for piece in ('"caption"', 'scoped("col"', 'scoped("row"', '"aria-labelledby"', "tabIndex = 0"):
        assert piece in code
    assert "overflow: auto" in re.search(r"\.table-box \{([^}]*)\}", client.get("/static/answer.css").text)[1]


def test_the_chat_page_says_what_it_is(client):
    page = client.get("/").text
    assert "Déonto cherche dans 3 documents" in page
    assert "Assistant automatique" in page
    assert "conseil départemental" in page
    assert "aucun avis clinique" in page
    assert page.count('<li><button type="button">') == 4
    assert 'role="log" aria-live="off"' in page


def test_static_files_are_revalidated(client):
    response = client.get("/static/chat.js")
    assert response.headers["cache-control"] == "no-cache"
    assert "etag" in response.headers
    assert "javascript" in response.headers["content-type"]


class TestReader:
    def test_shows_the_whole_text_exactly(self, client):
        page = client.get("/documents/bulletin-7").text
        for paragraph in BULLETIN.text.split("\n\n"):
            assert html.escape(paragraph, quote=False) in page.replace("&#39;", "'").replace("&#34;", '"')
        assert "Version" not in page
        assert BULLETIN.metadata.notice in page
        assert "janvier 2026" in page
        assert marked(page) == []

    def test_marks_the_characters_that_were_cited(self, client):
        page = client.get(f"/documents/fiche:secret?start={CITATION.start}&end={CITATION.end}").text
        assert marked(page) == [QUOTE]
        assert page.count('id="passage"') == 1
        assert "Passage cité" in page
        assert "Fiche — Règle" in page

    def test_marks_a_passage_by_its_identifier(self, client):
        page = client.get(f"/documents/fiche:secret?passage={quote(PASSAGES[0].id, safe='')}").text
        assert marked(page) == [RULE]

    def test_a_passage_of_several_blocks_is_marked_once_for_the_link(self, client):
        page = client.get(f"/documents/fiche:secret?passage={quote(PASSAGES[1].id, safe='')}").text
        assert len(marked(page)) == 4
        assert page.count('<mark id="passage">') == 1

    @pytest.mark.parametrize(
        "query", ["start=0&end=99999", "start=5&end=5", "start=-1&end=4", "passage=bulletin-7:x", "start=3"]
    )
    def test_marks_nothing_rather_than_the_wrong_words(self, client, query):
        response = client.get(f"/documents/fiche:secret?{query}")
        assert response.status_code == 200
        assert marked(response.text) == []
        assert "Rien n'est surligné" in html.unescape(response.text)

    def test_an_offset_that_is_no_number_is_422(self, client):
        assert client.get("/documents/fiche:secret?start=un&end=deux").status_code == 422

    def test_markup_in_a_document_is_shown_as_text(self, client):
        page = client.get(f"/documents/hostile?passage={quote('hostile:a#1', safe='')}").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "javascript:" not in page
        assert "49" not in marked(page)[0]
        assert marked(page) == [HOSTILE_TEXT.split("\n\n")[1]]
        assert html.escape(HOSTILE, quote=False).split(" ")[0] in page

    def test_page_labels_stand_where_pages_begin(self, client):
        page = client.get("/documents/bulletin-7").text
        assert re.findall(r'data-page="(\d+)"', page) == ["28", "29"]

    def test_an_unknown_document_is_a_page_for_people(self, client):
        response = client.get("/documents/nowhere")
        assert response.status_code == 404
        assert response.headers["x-request-id"] in response.text


@pytest.mark.parametrize("document", [SHEET, BULLETIN], ids=lambda document: document.id)
@pytest.mark.parametrize("span", [None, (0, 5), (3, 60)])
def test_blocks_are_the_text_without_its_blank_lines(document, span):
    passages = FakeAssistant().library.passages_of(document.id)
    start, end = span or (None, None)
    target = find_target(document, passages, passage_id=None, start=start, end=end)
    blocks = lay_out(document, passages, target)
    at = 0
    for block in blocks:
        assert document.text[at : block.start].strip() == ""
        assert document.text[block.start : block.end] == block.text
        at = block.end
    assert document.text[at:].strip() == ""
    words = "\n".join(piece.text for block in blocks for piece in block.pieces if piece.marked)
    assert words.split() == document.text[slice(*(span or (0, 0)))].split()
    assert sum(piece.first for block in blocks for piece in block.pieces) == (span is not None)


def test_the_contents_lead_to_headings_and_tell_where_the_reader_is():
    target = find_target(SHEET, SHEET_PASSAGES, passage_id="fiche:secret:en-pratique#1", start=None, end=None)
    blocks = lay_out(SHEET, SHEET_PASSAGES, target)
    contents = table_of_contents(SHEET_PASSAGES, blocks)
    assert [(entry.title, entry.depth, entry.current) for entry in contents] == [
        ("La règle", 1, False),
        ("En pratique", 1, True),
    ]
    for entry in contents:
        assert SHEET.text[entry.anchor :].startswith(entry.title)
    kinds = [(block.kind, block.level) for block in blocks]
    assert kinds[:3] == [("heading", 2), ("heading", 2), ("text", 0)]
    assert kinds[-3:] == [("item", 0)] * 3


def test_headings_absent_from_the_text_lead_to_the_passage():
    text = "Un.\n\nDeux."
    passages = (Passage("d:a#1", "d", ("A",), "Un.", 0, 3), Passage("d:b#1", "d", ("B", "C"), "Deux.", 5, 10))
    document = type(SHEET)(SHEET.metadata, "d.md", text)
    contents = table_of_contents(passages, lay_out(document, passages, None))
    assert [(entry.title, entry.depth, entry.anchor) for entry in contents] == [("A", 1, 0), ("B", 1, 5), ("C", 2, 5)]


@pytest.mark.parametrize(
    ("iso", "french"),
    [
        ("2026-01-01", "1er janvier 2026"),
        ("2015-04-10", "10 avril 2015"),
        ("2024-11", "novembre 2024"),
        ("2020", "2020"),
    ],
)
def test_dates_read_as_french(iso, french):
    words = TEMPLATES.get_template("_words.html").module
    assert str(words.french_date(iso)) == french


def test_the_scripts_that_the_chat_page_begins_with_are_fetched_together(client):
    """What ``chat.js`` imports, and what that imports, stands in the head: nothing waits for a script to be read."""
    needed, waiting = set(), ["chat.js"]
    while waiting:
        code = (STATIC / waiting.pop()).read_text(encoding="utf-8")
        found = set(re.findall(r'^(?:import|export) .*from "\./([^"]+)"', code, re.MULTILINE)) - needed
        needed |= found
        waiting += found
    assert set(re.findall(r'<link rel="modulepreload" href="/static/([^"]+)">', client.get("/").text)) == needed
