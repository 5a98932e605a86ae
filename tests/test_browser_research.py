"""The council lawyers' search in a real browser: without a script, by keyboard, on a phone, with a copied reference."""

import csv
import io

import pytest

from api.app import create_app
from assistant.answering import Assistant
from tests.browser import accessible, serving, shoot, wide

STATES = {
    "vide": "/recherche",
    "resultats": "/recherche?q=certificat+divorce",
    "affines": "/recherche?q=certificat+divorce&kind=sheet&theme=divorce",
    "aucun": "/recherche?q=azertyuiop+divorce&court=Conseil+constitutionnel",
    "masque": "/recherche?q=secret+de+Mme+Vaubricourt",
    "decision": "/decisions/ce-2000-12-29-211240",
    "article": "/articles/R4127-28",
    "comparaison-vide": "/comparer",
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", STATES)
def test_every_state_is_accessible_on_a_desktop_and_a_phone(open_page, name, dark):
    for phone in (False, True):
        page = open_page(phone=phone, dark=dark)
        page.goto(STATES[name])
        accessible(page)
        assert wide(page) == []
        shoot(page, f"research-{name}-{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("name", STATES)
def test_nothing_is_wider_than_320_pixels(open_page, name):
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto(STATES[name])
    assert wide(page) == []


def test_a_wrong_date_is_said_and_the_page_stays_accessible(open_page, watch):
    watch.expect("422")  # browsers report the status of the page itself
    page = open_page()
    page.goto("/recherche?q=secret&from=hier")
    assert "la première date" in page.get_by_role("alert").inner_text()
    accessible(page)


def test_a_search_without_any_script(open_page):
    page = open_page(javascript=False)
    page.goto("/recherche")
    page.get_by_label("Mots").fill("certificat divorce")
    page.get_by_role("button", name="Rechercher", exact=True).click()
    total = page.get_by_role("heading", level=2).first.inner_text()
    assert page.locator("mark").first.inner_text().lower().startswith(("certificat", "divorc"))
    facet = page.get_by_role("complementary").get_by_role("link", name="Décision")
    count = facet.inner_text().split()[-2] if "résultat" in facet.inner_text() else facet.inner_text().split()[-1]
    facet.click()
    assert page.get_by_role("heading", level=2).first.inner_text().startswith(f"{count} résultat")
    page.get_by_role("link", name="Retirer le critère Nature").click()
    assert page.get_by_role("heading", level=2).first.inner_text() == total
    page.locator(".passages a").first.click()
    assert page.locator("mark#passage").count() == 1


def test_a_search_by_keyboard_alone(page):
    page.goto("/recherche")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    for _ in range(3):
        if page.evaluate("document.activeElement.id") == "words":
            break
        page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "words"
    page.keyboard.type("certificat divorce")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche?q=**")
    assert page.url.endswith("/recherche?q=certificat+divorce")  # an address without empty criteria
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "results"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.exports') !== null")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_typed_names_leave_the_address_and_the_history(page):
    page.goto("/recherche")
    page.get_by_label("Mots").fill("secret de Mme Vaubricourt")
    page.keyboard.press("Enter")
    page.wait_for_url("**hidden=name**")
    assert "Vaubricourt" not in page.url
    assert "Vaubricourt" not in page.content()
    assert "un nom" in page.get_by_role("status").first.inner_text()
    page.go_back()
    assert page.url.endswith("/recherche")


def test_a_table_is_downloaded_and_read_back(page):
    page.goto("/recherche?q=certificat+divorce")
    total = int(page.locator("#count").inner_text().split()[0])
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "deonto-recherche.csv"
    text = download.value.path().read_bytes().decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))) == total


def test_a_reference_is_copied(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/decisions/ce-2000-12-29-211240")
    page.get_by_role("button", name="Copier la référence").click()
    page.wait_for_function("document.querySelector('.copied').textContent === 'Copié'")
    assert page.evaluate("navigator.clipboard.readText()") == "Conseil d'État, 29 décembre 2000, n° 211240, Gubler"


def test_from_a_decision_to_everything_that_cites_its_article(page):
    page.goto("/decisions/ce-2000-12-29-211240")
    page.get_by_role("link", name="R. 4127-28 CSP").first.click()
    page.wait_for_url("**/articles/R4127-28")
    table = page.get_by_role("table")
    assert table.get_by_role("link", name="CE, 29 déc. 2000, n° 211240 (Gubler)").count() == 1
    rows = table.get_by_role("row").count() - 1
    assert page.locator("#citing-title").inner_text().startswith(f"{rows} documents citent")


def test_a_comparison(small_index, open_page, watch):
    with serving(create_app(Assistant(small_index))) as address:
        watch.allow(address)
        for phone in (False, True):
            page = open_page(phone=phone)
            page.goto(f"{address}/comparer")
            page.get_by_label("Premier article").fill("R. 4127-4")
            page.get_by_label("Second article").fill("R. 4127-9")
            page.get_by_role("button", name="Comparer").click()
            page.wait_for_url("**a=**")
            assert page.locator("del").count() > 0
            assert page.locator("ins").count() > 0
            assert page.get_by_role("heading", name="Les différences, une par une").is_visible()
            accessible(page)
            assert wide(page) == []
            shoot(page, f"research-comparaison-{'phone' if phone else 'desktop'}")
