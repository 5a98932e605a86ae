"""The chat page in a real browser: it warns before anything is sent, keeps nothing, and runs no markup but its own.

Skipped with a message where Playwright or Chromium is not installed.
"""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest
import uvicorn

from api.access import Access
from api.app import create_app
from api.keyring import Keyring
from assistant.keys import new_key, write_keys
from assistant.models import Redaction
from tests.fake_assistant import ANSWERED, CITATION, HOSTILE, QUOTE, FakeAssistant

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

QUESTION = "La fille de Mme Vaubricourt, 06 12 34 56 78, veut son dossier. Je le donne ?"
MASKED = "La fille de Mme [PATIENTE], [TÉLÉPHONE], veut son dossier. Je le donne ?"
HEAVIEST = 100_000
"""Bytes of the first page and everything it loads, uncompressed."""


@dataclass
class Tab:
    """A page, and what it has done since it was opened."""

    page: object
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)

    def ask(self, question: str = QUESTION) -> None:
        self.page.fill("#question", question)
        self.page.keyboard.press("Enter")

    def answered(self) -> None:
        self.page.wait_for_selector(".turn.answered")

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def kept(self) -> list[object]:
        """What the browser would still have after the tab is closed."""
        return self.page.evaluate(
            """async () => [document.cookie, localStorage.length, sessionStorage.length,
            (await indexedDB.databases()).length, (await caches.keys()).length,
            (await navigator.serviceWorker.getRegistrations()).length, history.state]"""
        )


@contextmanager
def serving(app) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        installed = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        try:
            opened = started.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        except playwright.Error:
            pytest.skip("no Chromium to run")
        yield opened
        opened.close()


@contextmanager
def opening(browser, app, **options) -> Iterator[Tab]:
    """Open the chat page of an application in a browser that has never seen it."""
    with serving(app) as address:
        context = browser.new_context(**options)
        tab = Tab(context.new_page(), address)
        tab.page.on("request", lambda request: tab.requests.append(f"{request.method} {request.url}"))
        tab.page.on("console", lambda said: tab.complaints.append(said.text))
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.on("dialog", lambda dialog: (tab.complaints.append("dialog"), dialog.dismiss()))
        tab.page.on("response", lambda got: tab.weights.append(int(got.headers.get("content-length", 0))))
        tab.page.goto(f"{address}/", wait_until="networkidle")
        yield tab
        assert context.cookies() == []
        context.close()


@pytest.fixture
def assistant():
    hidden = (Redaction("name", "[PATIENTE]"), Redaction("phone", "[TÉLÉPHONE]"), Redaction("new_kind", "[X]"))
    return FakeAssistant(scripted=replace(ANSWERED, question=MASKED, redactions=hidden))


@pytest.fixture
def tab(browser, assistant):
    with opening(browser, create_app(assistant)) as opened:
        yield opened
        assert opened.complaints == []


def test_the_page_is_light_and_loads_our_own_files_only(tab):
    assert 0 < sum(tab.weights) <= HEAVIEST
    assert all(request.startswith(f"GET {tab.address}/") for request in tab.requests)


def test_it_warns_while_one_types_and_nothing_is_sent(tab):
    tab.requests.clear()
    assert tab.text("#seen") == ""
    tab.page.locator("#question").press_sequentially(QUESTION, delay=1)
    tab.page.wait_for_selector("#seen-mask")
    assert "un nom et un numéro de téléphone" in tab.text("#seen-words")
    assert tab.page.get_attribute("#seen-words", "role") == "status"
    tab.page.fill("#question", "La patiente veut son dossier. Je le donne ?")
    tab.page.wait_for_selector("#seen-mask", state="hidden")
    assert tab.text("#seen") == ""
    assert tab.requests == []


def test_it_masks_by_the_keyboard_and_undoes_it(tab, assistant):
    tab.page.locator("#question").fill(QUESTION)
    tab.page.wait_for_selector("#seen-mask")
    tab.page.keyboard.press("Shift+Tab")
    tab.page.keyboard.press("Enter")
    assert tab.page.input_value("#question") == MASKED
    assert tab.page.evaluate("document.activeElement.id") == "question"
    tab.page.click("#seen-undo")
    assert tab.page.input_value("#question") == QUESTION
    tab.page.click("#seen-mask")
    tab.page.click("#send")
    tab.answered()
    assert [call[0] for call in assistant.calls] == [MASKED]
    assert tab.text("#seen") == ""


def test_sending_as_it_is_stays_possible_and_the_answer_says_what_was_hidden(tab, assistant):
    tab.ask()
    tab.answered()
    said = tab.text(".redaction")
    assert "un nom, un numéro de téléphone et une donnée identifiante" in said
    assert "secret médical" in said
    assert tab.page.locator(".asked .masked").all_inner_texts() == ["[PATIENTE]", "[TÉLÉPHONE]"]
    assert said in tab.text("#announcer")
    assert "Vaubricourt" not in tab.page.content()
    assert [call[0] for call in assistant.calls] == [QUESTION]


def test_nothing_is_kept_in_the_browser(tab):
    tab.ask()
    tab.answered()
    assert tab.kept() == ["", 0, 0, 0, 0, 0, None]
    assert tab.page.url == f"{tab.address}/"
    tab.page.reload(wait_until="networkidle")
    assert tab.page.input_value("#question") == ""
    assert tab.page.locator(".turn").count() == 0


def test_markup_in_questions_answers_and_documents_is_inert(browser):
    """Everything that the server repeats is hostile here, and so is the question as it was typed."""
    cited = replace(
        CITATION, label=HOSTILE, title=HOSTILE, locator=HOSTILE, notice=HOSTILE, context=f"{QUOTE} {HOSTILE}"
    )
    passages = tuple(replace(passage, label=HOSTILE, text=HOSTILE) for passage in ANSWERED.passages)
    answer = replace(
        ANSWERED,
        question=f"{HOSTILE} [X]",
        answer=f"{HOSTILE}\n\n- {HOSTILE}\n\n« {QUOTE} » [1]",
        citations=(cited,),
        passages=passages,
        redactions=(Redaction("<b>", "[X]"),),
    )
    with opening(browser, create_app(FakeAssistant(scripted=answer))) as tab:
        tab.ask(HOSTILE)
        tab.answered()
        for details in tab.page.locator(".turn details:not([hidden]) > summary").all():
            details.click()
        assert tab.text(".asked").endswith(f"{HOSTILE} [X]")
        assert tab.page.locator("#log :is(script, img, iframe, b, [onerror], [style])").count() == 0
        assert tab.page.locator("#log a:not([href^='/documents/'], [href^='#'])").count() == 0
        assert tab.complaints == []


def test_the_key_is_asked_for_kept_in_memory_and_lent_to_documents(browser, assistant, tmp_path):
    secret, key = new_key("reader")
    write_keys(tmp_path / "keys.json", [key])
    access = Access(keyring=Keyring(tmp_path / "keys.json"))
    with opening(browser, create_app(assistant, access=access)) as tab:
        tab.ask()
        for wrong in ("clé", "deonto_wrong"):
            tab.page.fill("#access-key", wrong)
            tab.page.keyboard.press("Enter")
            tab.page.wait_for_selector("#access-wrong")
        tab.page.fill("#access-key", f" {secret}\n")
        tab.page.keyboard.press("Enter")
        tab.answered()
        assert not tab.page.locator("#access").is_visible()
        tab.ask("Et ensuite ?")
        tab.page.wait_for_selector(".turn.answered >> nth=1")
        tab.page.locator(".why > summary").first.click()
        tab.page.wait_for_selector(".why dl")
        with tab.page.context.expect_page() as opened:
            tab.page.locator(".citation .chip").first.click()
        opened.value.wait_for_selector("mark#passage")
        assert opened.value.locator("mark").inner_text() == QUOTE
        assert tab.kept() == ["", 0, 0, 0, 0, 0, None]
        for address in (tab.page.url, opened.value.url, *tab.requests):
            assert secret not in address
        assert secret not in tab.page.content() + opened.value.content()
        assert tab.page.input_value("#access-key") == ""
        # What remains of the refusals: a browser writes each of them to its console.
        assert [said for said in tab.complaints if "401" not in said] == []


def test_without_a_key_a_question_can_be_given_up_and_tried_again(browser, assistant, tmp_path):
    secret, key = new_key("reader")
    write_keys(tmp_path / "keys.json", [key])
    with opening(browser, create_app(assistant, access=Access(keyring=Keyring(tmp_path / "keys.json")))) as tab:
        tab.ask()
        tab.page.wait_for_selector("#access[open]")
        tab.page.click("#access-cancel")
        assert "clé d'accès" in tab.text(".problem p >> nth=0")
        tab.page.click(".problem button")
        tab.page.fill("#access-key", secret)
        tab.page.keyboard.press("Enter")
        tab.answered()
        assert tab.page.locator(".turn").count() == 1
        assert assistant.calls[-1][0] == QUESTION
