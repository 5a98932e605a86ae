"""The ten tasks of ``docs/tasks.md``, done as a new user would, in as many interactions as are written there."""

import re
from pathlib import Path

import pytest
from starlette.responses import HTMLResponse

from api.access import Access
from api.app import create_app
from assistant.answering import Assistant
from tests.browser import accessible, serving, shoot

DOCUMENT = (Path(__file__).parents[1] / "docs" / "tasks.md").read_text(encoding="utf-8")
TASKS = {
    int(number): re.findall(r"^\d+\. (.+)$", body, re.MULTILINE)
    for number, body in re.findall(r"^## (\d+)\. .+\n((?:(?!^## ).*\n?)*)", DOCUMENT, re.MULTILINE)
}
MOST = 4
OPEN = """const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, { ...options, mode: "open" }); };"""
ANSWER = ".turn.answered"


class Person:
    """Somebody at a page, whose interactions are counted and whose words are those of the document."""

    def __init__(self, page, task):
        self.page, self.steps, self.done = page, TASKS[task], 0

    def _next(self, verb):
        step = self.steps[self.done]
        assert step.startswith(verb), f"step {self.done + 1} is written otherwise: {step}"
        self.done += 1
        return step

    def types(self, into):
        into.fill(re.search(r'"([^"]+)"', self._next("Type"))[1])

    def sends(self):
        self._next("Press Enter")
        self.page.keyboard.press("Enter")

    def clicks(self, what):
        self._next("Click")
        what.click()

    def opens(self, what):
        """Click what opens a page in another tab, and go on there."""
        with self.page.expect_popup() as opened:
            self.clicks(what)
        self.page = opened.value
        self.page.wait_for_load_state()

    def named(self, **where):
        """Return the button or link that the next step names between quotation marks."""
        words = re.search(r'"([^"…]+)', self.steps[self.done])[1]
        page = where.get("within", self.page)
        return page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words)).first

    @property
    def question(self):
        return self.page.get_by_label("Votre question", exact=True)

    def copied(self):
        return self.page.evaluate("navigator.clipboard.readText()")

    def ends(self, name):
        assert self.done == len(self.steps)
        accessible(self.page)
        shoot(self.page, f"task-{name}", full=False)


@pytest.fixture
def comes(open_page):
    def come(task, address="/", **options):
        page = open_page(permissions=["clipboard-read", "clipboard-write"], **options)
        page.goto(address)
        return Person(page, task)

    return come


def test_every_task_is_written_and_short():
    assert list(TASKS) == list(range(1, 11))
    assert all(1 <= len(steps) <= MOST for steps in TASKS.values())


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_1_the_police_call(comes, phone):
    person = comes(1, phone=phone)
    person.clicks(person.named())
    chip = person.page.locator(f"{ANSWER} .citation a.chip").first
    quote = person.page.locator(f"{ANSWER} .citation blockquote").first.inner_text()
    person.opens(chip)
    marked = " ".join(person.page.locator("mark").all_text_contents())
    assert marked.split() == quote.strip("«» \u00a0").split()
    assert person.page.locator("#passage").is_visible()
    person.ends("1")


def test_2_the_insurer(comes):
    person = comes(2)
    person.types(person.question)
    person.sends()
    quote = person.page.locator(f"{ANSWER} blockquote").first.inner_text().strip("«» \u00a0")
    person.clicks(person.named())
    person.page.get_by_role("button", name="Copié").wait_for()
    assert quote in person.copied()
    assert "Références\n[1] " in person.copied()
    person.ends("2")


def test_3_a_reference_for_a_letter(comes):
    person = comes(3)
    person.types(person.question)
    person.sends()
    person.page.locator(ANSWER).wait_for()
    person.opens(person.page.locator(".citation a.chip").first)
    person.clicks(person.named())
    person.page.get_by_role("status").get_by_text("Copié").wait_for()
    quote, reference = person.copied().split("\u00a0»\n")
    assert quote.lstrip("«\u00a0") in person.page.locator("#text").inner_text()
    assert "Fiche" in reference
    person.ends("3")


def test_4_a_decision_on_a_refusal_of_care(comes):
    person = comes(4, "/recherche")
    person.types(person.page.get_by_label("Mots", exact=True))
    person.sends()
    person.page.locator(".facets").wait_for()
    person.clicks(person.named(within=person.page.locator(".facets")))
    person.clicks(person.page.locator(".result h3 a").first)
    person.page.wait_for_url("**/decisions/**")
    assert person.page.get_by_role("heading", level=1).is_visible()
    assert person.page.locator("a[href^='https://']").count() > 0
    person.ends("4")


def test_5_what_cites_an_article(comes):
    person = comes(5, "/recherche")
    person.types(person.page.get_by_label("Article ou numéro de décision"))
    person.sends()
    person.clicks(person.page.get_by_role("link", name="Article R. 4127-47").first)
    rows = person.page.locator("#citing tbody tr").count()
    assert rows > 10
    with person.page.expect_download() as downloaded:
        person.clicks(person.named())
    lines = Path(downloaded.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > rows / 2
    person.ends("5")


def test_6_a_follow_up(comes):
    person = comes(6)
    person.clicks(person.named())
    person.page.locator(ANSWER).wait_for()
    person.types(person.question)
    person.sends()
    person.page.locator(ANSWER).nth(1).wait_for()
    assert "mineur" in person.page.locator(ANSWER).nth(1).inner_text().partition("victime est mineure")[2]
    person.ends("6")


def test_7_what_identifies_somebody_is_masked(comes):
    person = comes(7)
    sent = []
    person.page.on("request", lambda request: sent.append(request.post_data or ""))
    person.types(person.question)
    person.clicks(person.named())
    assert "06 12 34 56 78" not in person.question.input_value()
    person.question.focus()
    person.sends()
    person.page.locator(".turn:has(.answer:not(:empty))").wait_for()
    assert "[TÉLÉPHONE]" in person.page.locator("#log").inner_text()
    for where in (*sent, person.page.locator("body").inner_text()):
        assert "34 56 78" not in where
    person.ends("7")


def test_8_a_wrong_source_is_reported(comes):
    person = comes(8)
    person.clicks(person.named())
    person.page.locator(ANSWER).wait_for()
    person.clicks(person.named())
    person.types(person.page.locator("[data-slot=comment]").first)
    person.clicks(person.named())
    person.page.get_by_text("votre avis est enregistré").wait_for()
    person.ends("8")


def test_9_the_council_s_own_site(comes, open_page, watch, sheets_index):
    pages = {}

    async def council(scope, receive, send):
        if scope["type"] == "http":
            await HTMLResponse(pages["/"] if scope["path"] == "/" else "")(scope, receive, send)

    with serving(council) as host:
        access = Access(origins=frozenset({host}))
        with serving(create_app(Assistant(sheets_index), access=access)) as server:
            watch.allow(host)
            watch.allow(server)
            pages["/"] = (
                "<!doctype html><html lang=fr><meta name=viewport content='width=device-width'><title>Conseil</title>"
                f"<main><h1>Le conseil</h1></main><script src='{server}/widget.js' data-mode=launcher defer></script>"
            )
            page = open_page()
            page.add_init_script(OPEN)
            page.goto(host)
            person = Person(page, 9)
            person.clicks(page.locator("deonto-chat .launcher"))
            person.types(page.locator("deonto-chat textarea").first)
            person.sends()
            page.locator("deonto-chat blockquote").first.wait_for()
            person.ends("9")


def test_10_what_the_installation_holds(comes):
    person = comes(10, "/operateur")
    words = person.page.locator("main").inner_text()
    for part in ("Fiche pratique", "Décision", "Dernière construction", "Avis des lecteurs"):
        assert part in words
    person.clicks(person.page.get_by_text("Article par article"))
    assert person.page.locator(".articles tbody tr").count() == 111
    person.ends("10")
