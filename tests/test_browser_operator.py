"""The operator's page: its figures, in a browser and for whom."""

import datetime
import os

import pytest
from fastapi.testclient import TestClient

from api.access import Access
from api.app import create_app
from api.keyring import Keyring
from api.overview import DAYS, coverage, unread, verdicts
from assistant.keys import new_key, write_keys
from assistant.settings import Settings
from assistant.store.feedback import FeedbackStore
from indexes.library import Library
from tests.browser import accessible, serving, shoot, wide
from tests.fake_assistant import FakeAssistant, FakeLibrary

TODAY = datetime.datetime.now(tz=datetime.UTC).date()


@pytest.fixture
def store(tmp_path):
    store = FeedbackStore(tmp_path / "verdicts.sqlite", retention=90)
    for number, verdict in enumerate(["helpful", "helpful", "helpful", "incomplete"]):
        store.add(f"a{number}", verdict, "", "")
    yield store
    store.close()


@pytest.fixture
def operated(tmp_path, store, sheets_index):
    (tmp_path / "papiers").mkdir()
    (tmp_path / "papiers" / "illisible.pdf").write_bytes(b"")
    settings = Settings(documents=(tmp_path / "papiers",), rate="30/minute")
    assistant = FakeAssistant(library=sheets_index.library)
    app = create_app(assistant, feedback=store, settings=settings, access=Access(local=True, rate="30/minute"))
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_shows_what_is_indexed_thought_and_kept(open_page, watch, operated, phone, dark):
    watch.allow(operated)
    page = open_page(phone=phone, dark=dark)
    page.goto(f"{operated}/operateur")
    assert wide(page) == []
    accessible(page)
    for summary in page.locator("summary").all():
        summary.click()
    accessible(page)
    words = page.locator("main").inner_text()
    for part in (
        "Fiche pratique",
        "Décision",
        "ffffffffffffffff",
        "illisible.pdf",
        "30/minute",
        "90\u00a0jours",
        "4 avis",
    ):
        assert part in words
    assert page.get_by_role("row", name="Utile 3").count() == 1
    bars = page.locator(".bar rect").evaluate_all("bars => bars.map((bar) => bar.getBoundingClientRect().width)")
    assert bars[0] > 2 * bars[2] > 0 == bars[1]
    shoot(page, f"operator-{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}")


def test_the_page_says_what_is_missing(page, watch):
    with serving(create_app(FakeAssistant(), access=Access(local=True))) as address:
        watch.allow(address)
        page.goto(f"{address}/operateur")
        words = page.locator("main").inner_text()
        accessible(page)
    for part in ("Rien n'est conservé", "DEONTO_DOCUMENTS", "Pas encore de rapport", "Sans fiche"):
        assert part in words


def test_a_store_that_fails_does_not_take_the_page_with_it(tmp_path):
    (tmp_path / "folder").mkdir()
    store = FeedbackStore(tmp_path / "folder")
    response = TestClient(create_app(FakeAssistant(), feedback=store), client=("127.0.0.1", 1)).get("/operateur")
    assert response.status_code == 200
    assert "ne répond pas" in response.text


def test_the_report_is_a_file_to_keep_never_a_page_of_ours(tmp_path, monkeypatch):
    client = TestClient(create_app(FakeAssistant()), client=("127.0.0.1", 1))
    monkeypatch.chdir(tmp_path)
    assert client.get("/operateur/rapport").status_code == 404
    (tmp_path / "var" / "eval" / "report").mkdir(parents=True)
    (tmp_path / "var" / "eval" / "report" / "report.html").write_text("<style>p {}</style>")
    os.utime(tmp_path / "var" / "eval" / "report" / "report.html", (0, 1_750_000_000))
    assert "15 juin 2025" in client.get("/operateur").text
    response = client.get("/operateur/rapport")
    assert response.headers["content-disposition"].startswith("attachment")
    assert "style-src 'self'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/operateur", "/operateur/rapport"])
def test_it_is_for_the_operator_alone(path, tmp_path):
    elsewhere = TestClient(create_app(FakeAssistant()), client=("192.0.2.7", 1))
    assert elsewhere.get(path).status_code == 403


def test_with_keys_it_opens_with_the_operator_s_own_from_the_page_that_holds_it(open_page, watch, tmp_path):
    (program, use), (operator, admin) = new_key("program"), new_key("operator", scope="admin")
    write_keys(tmp_path / "keys.json", [use, admin])
    app = create_app(FakeAssistant(), access=Access(keyring=Keyring(tmp_path / "keys.json"), rate="120/minute"))
    client = TestClient(app)
    for key, status in (("", 401), (program, 403), (operator, 200)):
        assert client.get("/operateur", headers={"Authorization": f"Bearer {key}"}).status_code == status
    with serving(app) as address:
        watch.allow(address)
        watch.expect("401|favicon.ico")  # the browser looks for an icon while document.js replaces the page
        asking = open_page()
        asking.goto(address)
        asking.get_by_label("Votre question", exact=True).fill("Et après la mort ?")
        asking.keyboard.press("Enter")
        asking.get_by_label("Votre clé").fill(operator)
        asking.keyboard.press("Enter")
        asking.locator(".turn.answered").wait_for()
        page = asking.context.new_page()
        page.goto(f"{address}/static/document.html?/operateur")
        page.get_by_role("heading", name="Exploitation").wait_for()
        assert "par clé" in page.locator("main").inner_text()
        accessible(page)
        page.context.close()  # before the server that it may still ask


def test_coverage_counts_the_sheets_and_decisions_of_each_article(sheets_index):
    covered = coverage(sheets_index.library)
    assert len(covered) == 111
    assert all(article.sheets for article in covered)
    assert not any(article.text for article in covered)
    assert {article.sheets for article in coverage(FakeLibrary())} == {0}
    assert len(coverage(Library((), ()))) == 111


def test_files_behind_no_document_are_named(tmp_path, sheets_index):
    for name in ("note.txt", "copie.txt", "image.png"):
        (tmp_path / name).write_text("x")
    documents = [document for document in FakeLibrary().documents if document.source != "note.txt"]
    assert unread((tmp_path,), documents) == ("copie.txt", "note.txt")


def test_bars_are_shares_of_the_greatest_and_days_are_the_last_ones(store):
    shown = verdicts(store, TODAY)
    assert [(verdict, n, share) for verdict, n, share in shown.totals if n] == [
        ("helpful", 3, 100),
        ("incomplete", 1, 33),
    ]
    assert len(shown.days) == DAYS
    assert (shown.days[-1].day, shown.days[-1].times, shown.days[-1].height, shown.busiest) == (
        TODAY.isoformat(),
        4,
        100,
        4,
    )
    later = verdicts(store, TODAY + datetime.timedelta(days=DAYS))
    assert later.busiest == 0
    assert {day.height for day in later.days} == {0}
