"""The reader in a real browser: cited words in view, their neighbours, articles, the file, a quotation to copy."""

import pytest

from api.app import create_app
from assistant.settings import Settings
from corpus import load
from corpus.models import Document, Metadata, Passage
from indexes.library import Library
from tests.browser import accessible, serving, shoot, wide
from tests.fake_assistant import FakeAssistant
from tests.files import pdf_of

ARTICLE = "Article R. 4127-4\n\nChaque associé garde le silence sur ce qu'un patient lui confie."
OTHER = "Article R. 4127-9\n\nChaque associé porte secours, comme à l'article R. 4127-4."
CODE_TEXT = f"{ARTICLE}\n\n{OTHER}"
CODE = Document(
    Metadata(
        "code-essai", "Code d'essai", "Code d'essai", "code", url="https://example.org/code", version_date="2015-04-10",
        code="CSP", notice="Version d'essai", amended=("R4127-4",),
    ),
    "code.md",
    CODE_TEXT,
)  # fmt: skip
CODE_PASSAGES = tuple(
    Passage(f"code-essai:{number}#1", "code-essai", (f"Article {number}",), text, CODE_TEXT.index(text),
            CODE_TEXT.index(text) + len(text), article=number, label=f"Code d'essai, art. {number}")
    for number, text in (("R4127-4", ARTICLE), ("R4127-9", OTHER))
)  # fmt: skip


def pages(pdf):
    """Draw the text of a page: enough for several passages in the document."""
    number = pdf.page_no()
    for point in range(6):
        words = f"Point {number}.{point} : le cabinet ferme son armoire, selon l'article R. 4127-4 du code de la santé "
        pdf.multi_cell(
            0, text=f"{words}publique, et en remet la clef au nouvel associé. " * 3, new_x="LMARGIN", new_y="NEXT"
        )
        pdf.ln(6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("originals")
    (folder / "reglement.pdf").write_bytes(pdf_of(pages, pages, pages))
    return folder


@pytest.fixture(scope="module")
def library(folder):
    own = load([folder], sheets=False)
    return Library((*own.documents, CODE), (*own.passages, *CODE_PASSAGES))


@pytest.fixture(scope="module")
def reader(library, folder):
    with serving(create_app(FakeAssistant(library=library), settings=Settings(documents=(folder,)))) as address:
        yield address


@pytest.fixture
def read(reader, watch):
    watch.allow(reader)
    return lambda page, passage: page.goto(
        f"{reader}/documents/{passage.document_id}?passage={passage.id.replace('#', '%23')}"
    )


def marked(page):
    """Return the marked words."""
    return " ".join(page.locator("mark").all_text_contents()).split()


@pytest.fixture
def middle(library):
    passages = library.passages_of("reglement")
    return passages[len(passages) // 2]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_cited_words_are_in_view_below_what_covers_the_page(open_page, read, middle, phone, dark):
    page = open_page(phone=phone, dark=dark)
    read(page, middle)
    first, covered = page.locator("#passage").bounding_box(), page.locator("#tools").bounding_box()
    assert covered["y"] + covered["height"] <= first["y"] < page.viewport_size["height"]
    assert wide(page) == []
    accessible(page)
    page.evaluate("scrollTo(0, 0)")
    accessible(page)


def test_the_neighbours_lead_through_the_text_by_keyboard_alone(page, read, library, middle):
    passages = library.passages_of("reglement")
    at = passages.index(middle)
    read(page, middle)
    page.get_by_role("link", name="Suivant").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{passages[at + 1].id.rpartition('#')[2]}*#passage")
    assert marked(page) == passages[at + 1].text.split()
    page.get_by_role("link", name="Précédent").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{middle.id.rpartition('#')[2]}*#passage")
    assert marked(page) == middle.text.split()


def test_the_first_and_last_passages_have_one_neighbour(page, read):
    read(page, CODE_PASSAGES[0])
    assert page.locator(".tools nav a").count() == 1
    page.get_by_role("link", name="Suivant").click()
    assert page.get_by_role("link", name="Suivant").count() == 0


def test_an_article_leads_to_its_own_text_and_says_that_it_changed(page, read, middle):
    read(page, middle)
    page.locator("mark a", has_text="R. 4127-4").first.click()
    page.wait_for_url("**/documents/code-essai?*")
    assert "Article R. 4127-4" in page.locator("mark").all_text_contents()
    assert page.get_by_text("modifié depuis").count() > 0
    official = page.get_by_role("link", name="https://example.org/code")
    assert official.get_attribute("rel") == "noreferrer noopener"


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_quotation_is_copied_with_its_reference(open_page, read, phone):
    page = open_page(phone=phone, permissions=["clipboard-read", "clipboard-write"])
    read(page, CODE_PASSAGES[0])
    page.get_by_role("button", name="Copier avec la référence").click()
    page.get_by_role("status").get_by_text("Copié").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"«\u00a0{ARTICLE}\u00a0»\nCode d'essai, art. R4127-4 (Version d'essai ; ")
    assert copied.endswith("\nhttps://example.org/code")
    accessible(page)


def test_what_is_selected_is_copied_with_its_page(open_page, read, middle):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    read(page, middle)
    page.evaluate(
        """() => { const [first, second] = document.querySelectorAll("#text p[id]:nth-last-child(-n+2)");
            getSelection().setBaseAndExtent(first.firstChild, 0, second.lastChild, second.lastChild.length); }"""
    )
    page.get_by_role("button", name="Copier la sélection avec sa référence").click()
    page.get_by_role("status").get_by_text("Copié").wait_for()
    quote, reference = page.evaluate("navigator.clipboard.readText()").rsplit("\n", 1)
    assert "Point 3.5" in quote
    assert reference.endswith(", p. 3") or reference.endswith(", p.\u00a03")


def test_where_copying_is_refused_the_words_can_be_selected(page, read):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    read(page, CODE_PASSAGES[0])
    page.get_by_role("button", name="Copier").click()
    assert page.locator("#quotation").is_visible()
    accessible(page)


def test_without_javascript_everything_is_there(open_page, read, middle, library):
    page = open_page(javascript=False)
    read(page, middle)
    assert marked(page) == middle.text.split()
    assert page.get_by_role("link", name="Suivant").is_visible()
    assert page.locator(".contents, .original").first.is_visible()
    page.get_by_text("Citer ce passage").click()
    assert " ".join(middle.text.split()) in " ".join(page.locator("#quotation").inner_text().split())
    assert not page.locator("#copy").is_visible()


def test_the_file_opens_beside_the_text_at_its_page(page, read, reader, middle):
    read(page, middle)
    with page.expect_response(f"{reader}/documents/reglement/original") as fetched:
        page.get_by_text("Voir le PDF d'origine").click()
    assert fetched.value.headers["content-type"] == "application/pdf"
    frame, text = page.locator("iframe"), page.locator("#passage")
    assert frame.get_attribute("src").startswith("/documents/reglement/original#page=")
    beside = frame.bounding_box()
    assert beside["x"] + beside["width"] <= text.bounding_box()["x"]
    assert text.bounding_box()["y"] < page.viewport_size["height"]
    accessible(page)
    shoot(page, "reader-with-file", full=False)


def test_a_phone_opens_the_file_in_its_own_viewer(open_page, read, middle):
    page = open_page(phone=True)
    read(page, middle)
    assert not page.locator("iframe").is_visible()
    assert (
        page.get_by_role("link", name="PDF, à la page")
        .get_attribute("href")
        .startswith("/documents/reglement/original#page=")
    )


@pytest.mark.parametrize("width", [320, 640], ids=["320 pixels", "1280 pixels at 200 %"])
def test_narrow_and_enlarged_pages_do_not_scroll_sideways(open_page, read, middle, width):
    page = open_page(viewport={"width": width, "height": 450})
    for passage in (middle, CODE_PASSAGES[0]):
        read(page, passage)
        assert wide(page) == []


def test_a_decision_of_ours_can_be_read(page, site):
    decisions = page.request.get("/v1/documents").json()["documents"]
    decision = next(document for document in decisions if document["kind"] == "precedent")
    page.goto(f"/documents/{decision['id']}")
    assert page.locator("#tools").is_hidden()
    accessible(page)
