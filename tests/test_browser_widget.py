"""The widget in a real browser, on a page of another origin whose policy is strict and whose styles are hostile.

Its shadow root is closed; a script that runs before those of the page opens it for the tests and for axe-core. One test
goes without.
"""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse

from api.access import Access
from api.app import create_app
from api.keyring import Keyring
from assistant.keys import new_key, write_keys
from assistant.store.feedback import FeedbackStore
from indexes.errors import IndexMissing
from tests.browser import Watch, accessible, serving, shoot, wide
from tests.fake_assistant import ANSWERED, CITATION, HOSTILE, QUOTE, RETRIEVED, FakeAssistant
from tests.faults import eventually

OPEN = """const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, { ...options, mode: "open" }); };"""
HOSTILE_CSS = """body * { display: none !important; }
* { all: unset !important; color: red !important; font-size: 40px !important; visibility: hidden !important; }
deonto-chat { position: absolute !important; left: -9999px !important; opacity: 0 !important; }
html, body { display: block !important; visibility: visible !important; }"""
EXAMPLE = Path(__file__).parents[1] / "docs" / "widget-example.html"
LAUNCHER = '<script src="{server}/widget.js" data-mode="launcher" data-key="{key}" defer></script>'
SITE = """<!doctype html><html lang=fr><meta name=viewport content="width=device-width"><title>Le site</title>
<link rel=stylesheet href=/host.css><body><main><h1>Le site</h1>{body}</main>"""
POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src {server}",
        "connect-src {server}",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
)
CUT_OFF = """root => [...root.shadowRoot.querySelectorAll(".panel *")].filter((node) => {
    const { overflowX, display } = getComputedStyle(node);
    return node.scrollWidth > node.clientWidth + 1 && overflowX === "visible" && display === "block";
}).map((node) => node.outerHTML)"""
HEAR = """window.heard = []; for (const type of ["keydown", "input", "paste", "beforeinput"])
    document.addEventListener(type, () => heard.push(type));"""
PLAIN = replace(ANSWERED, redactions=(), citations=())
LEADING = f"Aucun document ne répond. Le plus proche :\n\n- {RETRIEVED[0].label}"
REFUSED = replace(PLAIN, outcome="refused", reason="no_evidence", answer=LEADING)
READINGS = ("Et après la mort ?", "Et pour un mineur ?")
ASKING_BACK = "Plusieurs lectures :\n\n- Et après la mort ?\n- Et pour un mineur ?"
VAGUE = replace(PLAIN, outcome="clarification", passages=(), answer=ASKING_BACK, readings=READINGS)


@dataclass
class Held(FakeAssistant):
    """An assistant that begins and then waits."""

    going_on: threading.Event = field(default_factory=threading.Event)

    def stream(self, question, **options):
        for number, event in enumerate(super().stream(question, **options)):
            if number == 1:
                assert self.going_on.wait(30)
            yield event


@dataclass
class Stage:
    """A page of another site, and a server that it may ask."""

    host: str
    server: str
    pages: dict[str, str]
    watch: Watch
    opened: Callable
    assistant: FakeAssistant

    def show(self, body=LAUNCHER, *, key="", opened=OPEN, **options):
        """Open the site with a body; ``{server}`` and ``{key}`` in it are filled."""
        self.pages["/"] = body.replace("{server}", self.server).replace("{key}", key)
        page = self.opened(**options)
        if opened:
            page.add_init_script(opened)
        page.goto(self.host)
        page.locator("deonto-chat").first.wait_for(state="attached")
        return page


@pytest.fixture
def stage(open_page, watch):
    """Return a way to set the stage, with what the server is given."""
    with ExitStack() as stack:

        def set_up(assistant=None, css="", **access):
            pages = {}
            servers = []

            async def site(scope, receive, send):
                if scope["type"] != "http":
                    return
                if scope["path"] == "/host.css":
                    response = PlainTextResponse(css, media_type="text/css")
                elif scope["path"] == "/":
                    policy = POLICY.replace("{server}", servers[0])
                    headers = {"content-security-policy": policy}
                    response = HTMLResponse(SITE.replace("{body}", pages["/"]), headers=headers)
                else:
                    response = PlainTextResponse("", 204)
                await response(scope, receive, send)

            host = stack.enter_context(serving(site))
            assistant = assistant or FakeAssistant()
            feedback = access.pop("feedback", None)
            access = {"origins": frozenset({host})} | {
                name: value(host) if callable(value) else value for name, value in access.items()
            }
            servers.append(
                stack.enter_context(serving(create_app(assistant, feedback=feedback, access=Access(**access))))
            )
            for origin in (host, servers[0]):
                watch.allow(origin)
            return Stage(host, servers[0], pages, watch, open_page, assistant)

        yield set_up


def launch(page):
    page.get_by_role("button", name="Une question de déontologie").click()


def ask(page, question="Et après la mort ?"):
    box = page.get_by_label("Votre question", exact=True)
    box.fill(question)
    box.press("Enter")
    return page.locator(".turn").last


def test_nothing_is_asked_or_kept_before_a_question_and_the_page_cannot_look_in(stage):
    site = stage()
    site.pages["/"] = LAUNCHER.replace("{server}", site.server).replace("{key}", "")
    page, requests = site.opened(), []
    page.on("request", lambda request: requests.append(request))
    page.goto(site.host, wait_until="networkidle")
    # Shut for scripts of the page, and so for this one: only the keyboard gets in.
    assert page.evaluate("document.querySelector('deonto-chat').shadowRoot") is None
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert {request.url for request in requests} == {
        f"{site.host}/",
        f"{site.host}/host.css",
        f"{site.server}/widget.js",
    }
    with page.expect_response(f"{site.server}/v1/answers/stream") as answered:
        page.keyboard.type("Et après la mort ?")
        page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    sent = answered.value.request
    assert sent.post_data_json == {"question": "Et après la mort ?", "turns": []}
    assert not {"cookie", "referer", "authorization"} & set(sent.all_headers())
    kept = (
        "[document.cookie, localStorage.length, sessionStorage.length, location.hash, document.activeElement.localName]"
    )
    assert page.evaluate(kept) == ["", 0, 0, "", "deonto-chat"]
    assert page.context.cookies() == []
    assert {request.url for request in requests} - {site.host + "/", site.host + "/host.css"} == {
        f"{site.server}/widget.js", f"{site.server}/v1/answers/stream",
    }  # fmt: skip


@pytest.mark.parametrize(
    "look",
    [{}, {"dark": True}, {"phone": True}, {"phone": True, "dark": True, "viewport": {"width": 320, "height": 568}}],
)
def test_every_state_is_accessible_and_fits(stage, look):
    site = stage()
    page = site.show(**look)
    width = look.get("viewport", {}).get("width", 360 if look.get("phone") else 1280)
    for state, scripted, failure in (
        ("closed", None, None), ("open", None, None), ("answered", ANSWERED, None), ("refused", REFUSED, None),
        ("vague", VAGUE, None), ("failed", ANSWERED, IndexMissing("gone")),
    ):  # fmt: skip
        if state == "open":
            launch(page)
        if scripted:
            site.assistant.scripted, site.assistant.failure = scripted, failure
            turn = ask(page)
            turn.get_by_role("button").last.wait_for()
        accessible(page)
        assert wide(page) == []
        assert page.locator("deonto-chat").evaluate(CUT_OFF) == []
        shoot(page, f"widget-{state}-{width}{'-dark' if look.get('dark') else ''}", full=False)
    box = page.locator("dialog").bounding_box()
    if look.get("phone"):
        assert (box["x"], box["y"], box["width"]) == (0, 0, width)
        assert page.locator("dialog").evaluate("dialog => dialog.matches(':modal')")
    else:
        assert box["x"] > 700
        assert not page.locator("dialog").evaluate("dialog => dialog.matches(':modal')")


def test_by_keyboard_alone_with_the_answer_announced_once(stage):
    page = stage().show("<button>avant</button>" + LAUNCHER)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    launcher = page.get_by_role("button", name="Une question de déontologie")
    assert launcher.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Déontologie médicale")
    dialog.wait_for()
    said = "root => { window.said = []; const node = root.shadowRoot.querySelector('p[role=status].unseen');"
    said += "new MutationObserver(() => said.push(node.textContent)).observe(node, { childList: true }) }"
    page.locator("deonto-chat").evaluate(said)
    page.keyboard.type("Première ligne")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("et la suite ?")
    page.keyboard.press("Enter")
    dialog.get_by_role("link", name="Fiche").first.wait_for()
    assert page.evaluate("said.length") == 2
    assert page.evaluate("said[0]") == "Question envoyée."
    assert page.evaluate("said[1]").endswith(f"Réponse. Oui.\n\n« {QUOTE} »")
    assert dialog.get_by_role("log").get_attribute("aria-live") == "off"
    assert dialog.get_by_label("Votre question", exact=True).evaluate("box => box.matches(':focus')")
    # Back to the chip, on to its neighbours: all of it can be reached.
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if dialog.locator(".chip").evaluate("chip => chip.matches(':focus')"):
            break
    else:
        pytest.fail("the citation is not reached")
    page.keyboard.press("Escape")
    assert dialog.count() == 0
    assert launcher.evaluate("button => button.matches(':focus')")
    assert launcher.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    assert dialog.get_by_role("heading", name="Votre question").count() == 1  # still there
    dialog.get_by_role("button", name="Recommencer").press("Enter")
    assert dialog.get_by_role("heading", name="Votre question").count() == 0


def test_styles_of_the_page_do_not_reach_it(stage):
    site = stage(css=HOSTILE_CSS)
    page = site.show()
    launcher = page.get_by_role("button", name="Une question de déontologie")
    assert launcher.is_visible()
    launch(page)
    style = "node => { const s = getComputedStyle(node); return [s.fontSize, s.color, s.visibility] }"
    assert page.locator(".welcome p").first.evaluate(style) == ["16px", "rgb(28, 37, 40)", "visible"]
    ask(page).get_by_role("link", name="Fiche").wait_for()
    assert page.locator("blockquote").is_visible()


def test_variables_and_attributes_change_its_looks(stage):
    css = "deonto-chat { --deonto-accent: rgb(80, 20, 90); --deonto-width: 400px; }"
    tag = '<script src="{server}/widget.js" data-title="Le conseil" data-theme="dark" data-heading="3" data-open'
    tag += ' data-questions="Un ?|Deux ?"></script>'
    site = stage(css=css)
    page = site.show(tag)
    dialog = page.get_by_role("dialog", name="Le conseil")
    assert dialog.is_visible()
    assert page.evaluate("document.activeElement.localName") == "body"  # it opened by itself, and took nothing
    assert dialog.get_by_role("heading", level=3, name="Le conseil").count() == 1
    assert dialog.bounding_box()["width"] == 400
    assert page.locator(".send").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(80, 20, 90)"
    assert page.locator(".panel").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(19, 24, 26)"
    dialog.get_by_role("button", name="Deux ?").click()
    dialog.get_by_role("link", name="Fiche").wait_for()
    assert site.assistant.calls[0][0] == "Deux ?"


def test_a_citation_opens_at_its_words_in_a_tab_of_its_own(stage):
    notice = replace(
        CITATION, notice="Texte modifié depuis", kind="bulletin", label="Bulletin n° 7 — Le cas", date="2026-01"
    )
    site = stage(FakeAssistant(scripted=replace(ANSWERED, citations=(notice,))))
    page = site.show()
    launch(page)
    turn = ask(page)
    chip = turn.get_by_role("link", name="Bulletin n° 7")
    assert chip.get_attribute("rel") == "noopener noreferrer"
    assert unquote(chip.get_attribute("href")).startswith(
        f"{site.server}/documents/fiche:secret?passage=fiche:secret:la-regle#1"
    )
    assert "Le cas" in chip.inner_text()
    for words in ("Texte modifié depuis", "janvier 2026", "Masqué avant tout traitement"):
        assert turn.get_by_text(words).is_visible()
    assert turn.locator("blockquote").inner_text() == f"« {QUOTE} »"
    turn.get_by_text("Lire le passage entier").click()
    assert turn.locator("mark").inner_text() == QUOTE
    with page.context.expect_page() as opened:
        chip.click()
    assert opened.value.locator("mark").first.inner_text() == QUOTE
    assert opened.value.evaluate("window.opener") is None
    opened.value.wait_for_load_state("networkidle")
    opened.value.close()


def test_a_refusal_leads_and_a_vague_question_is_read_for_you(stage):
    site = stage(FakeAssistant(scripted=REFUSED))
    page = site.show()
    launch(page)
    lead = ask(page).get_by_role("link", name=RETRIEVED[0].label)
    assert "/documents/fiche%3Asecret?passage=" in lead.get_attribute("href")
    site.assistant.scripted = VAGUE
    ask(page, "Le secret ?").get_by_role("button", name="Et pour un mineur ?").wait_for()
    site.assistant.scripted = ANSWERED
    page.get_by_role("button", name="Et pour un mineur ?").click()
    eventually(lambda: len(site.assistant.calls) == 3)
    page.get_by_role("button", name="Arrêter la réponse").wait_for(state="hidden")
    # A reading begins anew, and what follows is asked with it.
    assert site.assistant.calls[-1][:2] == ("Et pour un mineur ?", ())
    ask(page, "Et ensuite ?").get_by_role("link", name="Fiche").wait_for()
    assert site.assistant.calls[-1][:2] == ("Et ensuite ?", (ANSWERED.question,))


def test_an_answer_is_stopped_and_closing_stops_it_too(stage):
    site = stage(Held())
    page = site.show()
    launch(page)
    ask(page).get_by_text("Lecture de la question…").wait_for()
    page.get_by_role("button", name="Arrêter la réponse").click()
    page.get_by_role("alert").get_by_text("Réponse interrompue.").wait_for()
    page.get_by_role("button", name="Réessayer").click()
    page.locator(".turn").get_by_text("Lecture de la question…").wait_for()
    page.keyboard.press("Escape")
    launch(page)
    page.get_by_role("alert").get_by_text("Réponse interrompue.").wait_for()
    site.assistant.going_on.set()
    page.get_by_role("button", name="Réessayer").click()
    page.get_by_role("link", name="Fiche").wait_for()
    assert page.get_by_role("alert").count() == 0


def test_a_server_that_fails_says_so_and_can_be_asked_again(stage):
    site = stage(FakeAssistant(failure=IndexMissing("gone"), failure_after=4))
    page = site.show()
    launch(page)
    turn = ask(page)
    turn.get_by_role("alert").get_by_text("n'est pas disponible pour le moment").wait_for()
    site.assistant.failure = None
    turn.get_by_role("button", name="Réessayer").click()
    page.get_by_role("link", name="Fiche").wait_for()
    assert page.locator(".turn").count() == 1
    site.watch.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    ask(page).get_by_text("hors connexion").wait_for()


@pytest.mark.parametrize(
    ("body", "said"), [("event: status\ndata: {}\n\n", "interrompue avant la fin"), ("", "avant la fin")]
)
def test_an_answer_that_is_cut_says_so(stage, body, said):
    site = stage()
    page = site.show()
    headers = {"access-control-allow-origin": site.host, "content-type": "text/event-stream"}
    page.route("**/v1/answers/stream", lambda route: route.fulfill(status=200, headers=headers, body=body))
    launch(page)
    ask(page).get_by_role("alert").get_by_text(said).wait_for()


def test_a_key_opens_from_its_origins_within_its_rate(stage, tmp_path):
    def keyring(host):
        secret, key = new_key("widget", origins=(host,), rate="2/minute")
        keys.append(secret)
        write_keys(tmp_path / "keys.json", [key])
        return Keyring(tmp_path / "keys.json")

    keys = []
    site = stage(keyring=keyring, origins=frozenset(), open_reader=True)
    site.watch.expect("Failed to load resource.*(401|429)")
    page = site.show(key=keys[0])
    launch(page)
    for _ in range(2):
        ask(page).get_by_role("link", name="Fiche").wait_for()
    refused = ask(page).get_by_role("alert")
    refused.get_by_text("Trop de questions en peu de temps").wait_for()
    assert "seconde" in refused.inner_text()
    page = site.show(key="deonto_wrong")
    launch(page)
    ask(page).get_by_role("alert").get_by_text("refuse la clé de cette page").wait_for()


def test_a_page_that_the_server_does_not_know_gets_nothing(stage):
    site = stage(origins=frozenset({"https://conseil.example"}))
    site.watch.expect("CORS|Failed to load resource|ERR_FAILED")
    page = site.show()
    launch(page)
    ask(page).get_by_role("alert").get_by_text("ne répond pas").wait_for()
    assert site.assistant.calls == []


def test_a_verdict_is_kept_or_quietly_not(stage, tmp_path):
    site = stage(feedback=FeedbackStore(tmp_path / "feedback.sqlite"))
    page = site.show()
    launch(page)
    turn = ask(page)
    turn.get_by_role("button", name="Mauvaise source").click()
    turn.get_by_text("Merci, votre avis est noté.").wait_for()
    assert turn.get_by_role("button", name="Utile").count() == 0
    site = stage()
    site.watch.expect("Failed to load resource.*404")
    page = site.show()
    launch(page)
    turn = ask(page)
    turn.get_by_role("button", name="Utile").click()
    turn.get_by_text("ne recueille pas d'avis").wait_for()
    turn = ask(page)
    turn.get_by_role("button", name="Copier").wait_for()
    assert turn.get_by_role("button", name="Utile").count() == 0


def test_an_answer_is_copied_with_its_references(stage):
    site = stage()
    page = site.show(permissions=["clipboard-read", "clipboard-write"])
    launch(page)
    ask(page).get_by_role("button", name="Copier avec les références").click()
    page.locator(".said").get_by_text("Réponse copiée").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"« {QUOTE} » [1]" in copied
    assert f"[1] Fiche\u00a0: {CITATION.title}" in copied
    assert f"{site.server}/documents/fiche%3Asecret?passage=" in copied
    # Where a page may not write there, the words are ready to be copied by hand.
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    page.get_by_role("button", name="Copier avec les références").click()
    box = page.get_by_label("Réponse et références à copier")
    assert box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == copied.replace("\r\n", "\n")


def test_what_is_typed_stays_inside_and_a_name_is_seen_before_it_leaves(stage):
    page = stage().show()
    page.evaluate(HEAR)
    launch(page)
    box = page.get_by_label("Votre question", exact=True)
    box.press_sequentially("Mme Vaubricourt refuse")
    page.get_by_text("Ce texte semble contenir un nom").wait_for()
    assert page.evaluate("heard") == []
    page.get_by_role("button", name="Masquer maintenant").click()
    assert box.input_value() == "Mme [PATIENTE] refuse"


def test_words_of_documents_and_readers_stay_words(stage):
    hostile = replace(
        CITATION,
        label=HOSTILE,
        title=HOSTILE,
        locator=HOSTILE,
        quote=HOSTILE,
        context=f"{HOSTILE} {HOSTILE}",
        notice=HOSTILE,
        date=HOSTILE,
    )
    answer = f"{HOSTILE}\n\n- {HOSTILE} [1]\n\n« {HOSTILE} » [1]"
    page = stage(FakeAssistant(scripted=replace(ANSWERED, answer=answer, citations=(hostile,), notice=HOSTILE))).show()
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    launch(page)
    turn = ask(page, HOSTILE)
    turn.get_by_role("button", name="Copier").wait_for()
    assert turn.locator("script, img").count() == 0
    assert turn.locator("blockquote").inner_text() == f"« {HOSTILE} »"
    assert dialogs == []


def test_two_on_one_page_know_nothing_of_each_other_as_the_docs_show(stage):
    site = stage()
    html = EXAMPLE.read_text("utf-8").replace("https://deonto.example", site.server).replace("deonto_VOTRE_CLE", "")
    head, body = html.split("<body>")
    tag = head[head.index("<script") : head.index("</script>") + 9]
    assert f"script-src {site.server}; connect-src {site.server}" in head
    page = site.show(
        tag + body.partition("</body>")[0].replace("<main>", "").replace("</main>", "").replace("<h1>Le", "<h2>Le")
    )
    assert page.locator("deonto-chat").count() == 2
    inline, floating = page.locator("deonto-chat[mode=inline]"), page.locator("deonto-chat[mode=launcher]")
    ask(inline).get_by_role("link", name="Fiche").wait_for()
    launch(page)
    assert floating.locator(".turn").count() == 0
    ask(floating.get_by_role("dialog", name="Une question à l'Ordre")).get_by_role("link", name="Fiche").wait_for()
    assert [call[1] for call in site.assistant.calls] == [(), ()]
    accessible(page)
    # A part of the page that is taken away ends what it was doing.
    inline.evaluate("chat => chat.remove()")
    assert page.locator("deonto-chat").count() == 1
