"""The chat page in a real browser: asked by hand or keyboard, answered, checked, kept, judged, and all failing."""

import asyncio
import re
from contextlib import contextmanager
from dataclasses import replace

import pytest

from api.app import create_app
from assistant.models import Citation
from assistant.store.feedback import FeedbackStore
from tests.browser import accessible, serving, shoot, wide
from tests.fake_assistant import ANSWERED, CITATION, HOSTILE, QUOTE, SHEET_TEXT, FakeAssistant

POLICE = "La police me convoque au sujet d'un patient. Dois-je y aller, et que puis-je dire ?"
HEAVIEST = 100_000
"""Bytes of the first page and everything it loads, uncompressed."""
FORGIVEN = r"\b(404|503|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_REFUSED)\b"


def cited(marker: int, quote: str, locator: str, **more: object) -> Citation:
    start = SHEET_TEXT.index(quote)
    place = {"locator": locator, "quote": quote, "start": start, "end": start + len(quote), "marker": marker}
    return replace(CITATION, **{"context": quote, **place, **more})


RULE = cited(1, "Le secret protège le patient et s'impose à chaque médecin.", CITATION.title)
LABEL = "Fiche : Que couvre le secret… (d'après CSP ; Code de déontologie)"
THREE = [
    replace(RULE, label=LABEL),
    cited(2, QUOTE, "La règle", label=LABEL),
    cited(3, "- ce que la loi permet.", "", passage_id="fiche:secret:ce-que-vous-pouvez-ecrire#1", label=LABEL),
]
SHEETS = replace(
    ANSWERED,
    answer="\n\n".join(f"« {one.quote} » [{one.marker}]" for one in THREE),
    citations=tuple(THREE),
    verdict="non",
    suggestions=("Et avant la mort ?", "Et qui en hérite ?"),
    redactions=(),
)


def ask(page, question=POLICE):
    page.fill("#question", question)
    page.keyboard.press("Enter")


def answered(page, outcome="answered", nth=0):
    page.wait_for_selector(f".turn.{outcome} >> nth={nth}")


def text(page, selector):
    return page.locator(selector).first.inner_text()


@contextmanager
def going_to(app, open_page, watch, **options):
    """Open the chat page of another application than ``site``."""
    with serving(app) as address:
        watch.allow(address)
        page = open_page(base_url=address, **options)
        page.goto("/", wait_until="networkidle")
        yield page
        page.goto("about:blank")


class Troubled:
    """An application whose answers come in part, then nothing: ``cut`` off, or silent until it is ``helped``."""

    def __init__(self, app, *, cut):
        self.app, self.cut, self.helped = app, cut, False

    async def __call__(self, scope, receive, send):
        if self.helped or not scope.get("path", "").endswith("/stream"):
            await self.app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        part = 'event: status\ndata: {"text": "Recherche…"}\n\nevent: token\ndata: {"text": "Un début"}\n\n'
        await send({"type": "http.response.body", "body": part.encode(), "more_body": True})
        for _ in range(1000):
            if self.cut or self.helped:
                break
            await asyncio.sleep(0.02)
        await send({"type": "http.response.body", "body": b""})


def test_a_doctor_asks_reads_the_verdict_and_checks_the_words_in_their_document(page):
    page.goto("/")
    page.click(".examples button >> nth=0")
    answered(page)
    assert text(page, ".verdict strong") == "Il y a une obligation"
    quote = text(page, "blockquote")
    assert quote.startswith("«\u00a0Allez à la convocation")
    chip = page.locator(".citation .chip").first
    assert re.match(r"1\s+Fiche\s: La police", chip.inner_text())
    assert text(page, ".origin").startswith("D'après Médecins")
    assert text(page, ".date").startswith("Fiche relue le ")
    with page.context.expect_page() as opened:
        chip.click()
    mark = opened.value.wait_for_selector("mark#passage")
    words = " ".join(opened.value.locator("mark").all_inner_texts())
    assert words.split() == quote.strip("«\u00a0»").split()
    assert mark.is_visible()
    assert page.locator("body").evaluate("() => getSelection().toString()") == ""


def test_the_whole_way_is_walked_by_keyboard(page):
    page.goto("/")
    page.keyboard.type(POLICE)  # the box has the focus
    page.keyboard.press("Enter")
    answered(page)
    reached = []
    page.evaluate("document.querySelector('.turn').focus()")
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.slot ?? document.activeElement.textContent"))
        if reached[-1] == "open":
            break
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    opened.value.wait_for_selector("mark#passage")
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.slot ?? document.activeElement.textContent"))
    for wanted in ("open", "copy", "copy-all", "print", "export", "Utile", "Pas ma situation"):
        assert wanted in reached, wanted
    assert page.evaluate("document.querySelectorAll('[tabindex]:not([tabindex=\"-1\"], .table-box)').length") == 0


def test_an_answer_is_announced_once_and_does_not_grow_in_a_live_region(page):
    page.goto("/")
    page.evaluate(
        """() => { window.said = []; const told = document.getElementById("announcer");
        new MutationObserver(() => window.said.push(told.textContent)).observe(told, { childList: true }); }"""
    )
    ask(page)
    answered(page)
    said = page.evaluate("window.said")
    assert [words for words in said if "Allez à la convocation" in words] == said[-1:]
    assert "Il y a une obligation" in said[-1]
    live = page.evaluate("document.querySelector('.answer').closest('[aria-live], [role=log], [role=status]').ariaLive")
    assert live == "off"


def test_extracts_of_one_sheet_name_it_once_and_a_letter_is_no_rule(open_page, watch):
    with going_to(create_app(FakeAssistant(scripted=SHEETS)), open_page, watch) as page:
        ask(page)
        answered(page)
        said = "À la question « Que couvre le secret médical ? », la fiche citée répond :"
        assert text(page, ".verdict").replace("\u00a0", " ").split("\n") == [said, "Non"]
        assert page.locator(".source").count() == 1
        first, second, third = (" ".join(chip.split()) for chip in page.locator(".chip .names").all_inner_texts())
        assert first == "Fiche : Que couvre le secret médical ?"
        assert second.endswith("La règle")
        assert third == "Même document"
        assert text(page, ".answer").lower().count("d'après csp") == 1
        assert page.locator(".citation.letter").count() == 1
        assert "non une règle" in text(page, ".citation.letter")


def test_an_answer_is_copied_with_its_references(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/")
    ask(page)
    answered(page)
    page.click("[data-slot=copy-all]")
    page.wait_for_selector("[data-slot=copy-all]:text-is('Copié')")
    plain, markup = page.evaluate(
        """async () => { const [item] = await navigator.clipboard.read();
        return Promise.all(["text/plain", "text/html"].map(async (type) => (await item.getType(type)).text())); }"""
    )
    assert plain.startswith(POLICE)
    assert "« Allez à la convocation" in plain
    assert "Références\n[1] Fiche : La police" in plain.replace("\u00a0", " ")
    assert "assistant automatique" in plain
    assert "<blockquote>" in markup
    assert "http" not in plain  # nobody else can reach this machine
    page.click("[data-slot=copy] >> nth=0")
    page.wait_for_selector("[data-slot=copy]:text-is('Copié')")
    short = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"« Allez à .* » \(Fiche.: La police.*, fiche relue le [^()]*\)", short)


def test_a_page_without_the_clipboard_copies_as_older_browsers_do(page):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto("/")
    ask(page)
    answered(page)
    page.click("[data-slot=copy-all]")
    page.wait_for_selector("[data-slot=copy-all]:text-is('Copié')")
    page.focus("#question")
    page.keyboard.press("Control+V")
    assert page.input_value("#question").startswith(POLICE)


def test_an_answer_is_saved_as_markdown_in_which_nothing_is_markup(open_page, watch):
    hostile = replace(
        ANSWERED,
        question=HOSTILE,
        answer=f"{HOSTILE}\n\n- [un](javascript:x)\n\n« {QUOTE} » [1]",
        citations=(replace(CITATION, label=HOSTILE, notice="# Titre"),),
        redactions=(),
    )
    with going_to(create_app(FakeAssistant(scripted=hostile)), open_page, watch) as page:
        ask(page)
        answered(page)
        with page.expect_download() as saved:
            page.click("[data-slot=export]")
        assert re.fullmatch(r"deonto-\d{4}-\d\d-\d\d\.md", saved.value.suggested_filename)
        written = saved.value.path().read_text(encoding="utf-8")
    assert written.startswith("# \\<script\\>alert")
    assert f"> « {QUOTE} » \\[1\\]" in written
    assert "## Références\n\n1. " in written
    assert not re.search(r"(?<!\\)[<\[](?!http)", written)


def test_on_paper_are_the_question_the_answer_and_its_sources(page):
    page.add_init_script("window.print = () => { window.printed = document.body.className; }")
    page.goto("/")
    ask(page)
    answered(page)
    ask(page, "Combien de temps garder un dossier ?")
    answered(page, nth=1)
    page.emulate_media(media="print")
    for shown in (".asked", ".verdict", "blockquote", ".chip", ".origin", ".on-paper"):
        assert page.locator(shown).first.is_visible(), shown
    for absent in (".composer", ".tools", ".top", ".feedback", ".questions", ".why", ".link-button"):
        assert not page.locator(absent).first.is_visible(), absent
    assert page.locator("blockquote").first.evaluate("node => getComputedStyle(node).color") == "rgb(0, 0, 0)"
    shoot(page, "chat-paper")
    page.emulate_media(media="screen")
    page.click(".turn >> nth=1 >> [data-slot=print]")
    assert "printing-one" in page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert [turn.is_visible() for turn in page.locator(".turn").all()] == [False, True]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert [turn.is_visible() for turn in page.locator(".turn").all()] == [True, True]


def test_a_verdict_is_kept_where_the_server_keeps_them(open_page, watch, tmp_path):
    store = FeedbackStore(tmp_path / "feedback.sqlite")
    with going_to(create_app(FakeAssistant(), feedback=store), open_page, watch) as page:
        ask(page)
        answered(page)
        page.click("text=Mauvaise source")
        assert page.evaluate("document.activeElement.dataset.slot") == "comment"
        accessible(page)
        page.keyboard.type("C'est l'article 44.")
        page.click("text=Envoyer mon avis")
        page.wait_for_selector("text=Merci")
        assert page.evaluate("document.activeElement.dataset.slot") == "feedback-state"
        ask(page)
        answered(page, nth=1)
        page.click(".turn >> nth=1 >> text=Utile")
        page.wait_for_selector(".turn >> nth=1 >> text=Merci")
    counts = {(count.verdict, count.times) for count in store.records.counts()}
    assert counts == {("wrong_source", 1), ("helpful", 1)}


def test_a_server_that_keeps_no_verdict_says_so_once(open_page, watch):
    watch.expect(FORGIVEN)
    with going_to(create_app(FakeAssistant()), open_page, watch) as page:
        for nth in range(2):
            ask(page)
            answered(page, nth=nth)
        page.click(".turn >> nth=1 >> text=Utile")
        page.wait_for_selector("text=Les avis ne sont pas conservés sur ce serveur.")
        ask(page)
        answered(page, nth=2)
        assert [one.is_visible() for one in page.locator(".feedback").all()] == [False, True, False]
        assert page.locator(".feedback button:visible").count() == 0


def test_a_question_nearby_is_asked_by_a_button_and_what_is_typed_stays(page):
    page.goto("/")
    ask(page)
    answered(page)
    near = page.locator(".next button")
    assert 2 <= near.count() <= 3
    wanted = near.first.inner_text()
    page.fill("#question", "Un brouillon")
    near.first.click()
    answered(page, nth=1)
    assert page.locator(".asked").nth(1).inner_text().endswith(wanted.replace("\u00a0", " "))
    assert page.input_value("#question") == "Un brouillon"


@pytest.mark.parametrize("cut", [True, False], ids=["cut", "silent"])
def test_a_server_that_stops_loses_nothing(open_page, watch, cut):
    watch.expect(FORGIVEN)
    app = Troubled(create_app(FakeAssistant()), cut=cut)
    with going_to(app, open_page, watch) as page:
        page.clock.install()
        ask(page)
        page.wait_for_selector("text=Un début")
        page.fill("#question", "Un brouillon")
        if not cut:
            page.clock.fast_forward(7000)
            assert "plus de temps" in text(page, ".steps li >> nth=-1")
            assert "plus de temps" in page.locator("#announcer").inner_text()
            accessible(page)
            page.click("#send")  # stops it
        page.wait_for_selector(".problem")
        assert text(page, ".problem p") == (
            "La réponse s'est interrompue avant la fin. Réessayez." if cut else "Réponse interrompue."
        )
        assert "Un début" in text(page, ".turn")
        accessible(page)
        shoot(page, f"chat-{'cut' if cut else 'stopped'}")
        app.helped = True
        page.click(".problem button")
        page.clock.resume()
        answered(page)
        assert page.locator(".turn").count() == 1
        assert page.input_value("#question") == "Un brouillon"


def test_a_server_that_is_gone_is_said_to_be_and_is_tried_again(open_page, watch):
    watch.expect(FORGIVEN)
    watch.expect("ERR_FAILED|ERR_INTERNET_DISCONNECTED")
    with going_to(create_app(FakeAssistant()), open_page, watch) as page:
        page.context.set_offline(True)
        ask(page)
        page.wait_for_selector(".problem")
        assert text(page, ".problem p").startswith("Le serveur ne répond pas")
        accessible(page)
        page.context.set_offline(False)
        page.click(".problem button")
        answered(page)


def test_an_error_in_mid_answer_is_shown_with_its_number(open_page, watch):
    with going_to(create_app(FakeAssistant(failure=OSError(), failure_after=4)), open_page, watch) as page:
        ask(page)
        page.wait_for_selector(".problem .request")
        page.click(".problem button")
        answered(page)


def test_an_answer_from_something_else_than_our_server_is_a_problem_in_words(open_page, watch):
    watch.expect("502")
    with going_to(create_app(FakeAssistant()), open_page, watch) as page:
        page.route("**/v1/answers/stream", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
        ask(page)
        page.wait_for_selector(".problem")
        assert "erreur 502" in text(page, ".problem p")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_every_state_is_accessible_and_fits(open_page, phone, dark):
    page = open_page(phone=phone, dark=dark)
    page.goto("/", wait_until="networkidle")
    look = f"chat-{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}"
    accessible(page)
    assert wide(page) == []
    shoot(page, f"{look}-welcome", full=False)
    ask(page, "Mme Vaubricourt, 06 12 34 56 78, décédée : sa fille veut le dossier, je le donne ?")
    answered(page)
    accessible(page)
    shoot(page, f"{look}-answer")
    for details in page.locator(".turn details:not([hidden]) > summary").all():
        details.click()
    page.wait_for_selector(".why dl")
    accessible(page)
    assert wide(page) == []
    for question, outcome in (("Quelle dose d'amoxicilline ?", "refused"), ("c'est possible ?", "clarification")):
        page.click("#restart")
        ask(page, question)
        answered(page, outcome)
        accessible(page)
        assert wide(page) == []


@pytest.mark.parametrize(("width", "height"), [(320, 568), (640, 360)], ids=["320", "zoom"])
def test_a_small_screen_and_a_zoom_of_200_percent_leave_room_to_read(open_page, width, height):
    page = open_page(viewport={"width": width, "height": height})
    page.goto("/")
    assert wide(page) == []
    ask(page)
    answered(page)
    assert wide(page) == []
    box = page.locator(".composer").bounding_box()
    assert box["y"] + box["height"] <= height + 1
    assert box["height"] <= height / 2.5


def test_on_a_phone_one_thumb_asks_and_reads(open_page):
    page = open_page(phone=True)
    page.goto("/")
    page.tap("#question")
    page.keyboard.type(POLICE)
    page.tap("#send")
    answered(page)
    assert page.evaluate("document.activeElement.id") != "question"  # the keyboard is down
    assert page.locator(".verdict strong").bounding_box()["y"] < 740
    for button in page.locator(".tools button, .verdicts button, .chip, .next button, #send").all():
        assert button.bounding_box()["height"] >= 44


def test_the_first_page_is_light_and_the_rest_comes_when_it_is_needed(page):
    weights = {}
    page.on("response", lambda got: weights.__setitem__(got.url.rpartition("/")[2], len(got.body())))
    page.goto("/", wait_until="networkidle")
    assert 0 < sum(weights.values()) <= HEAVIEST
    assert not {"card.js", "why.js", "exporting.js"} & set(weights)
    ask(page)
    answered(page)
    assert "card.js" in weights
    assert not {"why.js", "exporting.js"} & set(weights)


def test_the_names_of_sources_stand_where_a_drafted_sentence_has_its_marker(open_page, watch):
    drafted = replace(ANSWERED, answer="Le secret survit au patient [1]. Rien n'est dit [7].", redactions=())
    with going_to(create_app(FakeAssistant(scripted=drafted)), open_page, watch) as page:
        ask(page)
        answered(page)
        assert "Fiche : Que couvre" in text(page, ".lead .marker").replace("\u00a0", " ")
        assert "[7]" in text(page, ".lead")
        assert QUOTE in text(page, ".sources blockquote")
        accessible(page)
        with page.context.expect_page() as opened:
            page.click(".marker")
        opened.value.wait_for_selector("mark#passage")
        assert opened.value.locator("mark").inner_text() == QUOTE
