"""The pages of the council lawyers' search over HTTP: addresses, redaction, exports, errors, access."""

import csv
import html
import io
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.access import Access
from api.app import create_app
from api.keyring import Keyring
from assistant.answering import Assistant
from assistant.keys import new_key, write_keys

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = (
    "/recherche",
    "/recherche?q=certificat+divorce",
    "/recherche?q=azertyuiop",
    "/decisions/ce-2000-12-29-211240",
    "/articles/R4127-28",
    "/articles/8?code=CEDH",
    "/comparer",
)


@pytest.fixture(scope="module")
def assistant(sheets_index):
    return Assistant(sheets_index)


@pytest.fixture(scope="module")
def client(assistant):
    return TestClient(create_app(assistant), headers=BROWSER, follow_redirects=False)


@pytest.fixture(scope="module")
def small(small_index):
    return TestClient(create_app(Assistant(small_index)), headers=BROWSER, follow_redirects=False)


def links(page):
    """Return the addresses that a page leads to."""
    return [html.unescape(address) for address in re.findall(r'<a [^>]*href="([^"]*)"', page)]


def total(page):
    return int(re.search(r'<h2 id="count">(\d+)', page)[1])


@pytest.mark.parametrize("path", PAGES)
class TestEveryPage:
    def test_is_french_and_holds_nothing_inline_or_from_elsewhere(self, client, path):
        response = client.get(path)
        assert response.status_code == 200
        assert '<html lang="fr">' in response.text
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|<[^>]*\s(?:style|on\w+)=", response.text)
        for address in re.findall(r'<(?:script|link|img)[^>]*\s(?:src|href)="([^"]*)"', response.text):
            assert address.startswith("/static/")
        assert response.headers["cache-control"] == "no-store"
        assert "set-cookie" not in response.headers
        assert len(response.content) < 100_000

    def test_every_way_on_leads_somewhere(self, client, path):
        page = client.get(path).text
        for address in links(page)[:60]:
            if address.startswith(("http", "#")):
                continue
            address = address if address.startswith("/") else f"{urlsplit(path).path}{address}"
            assert client.get(address.partition("#")[0]).status_code == 200, address


class TestSearch:
    def test_the_words_are_marked_and_lead_to_the_passage(self, client):
        page = client.get("/recherche?q=certificat+divorce").text
        assert re.search(r"<mark>certificats?</mark>", page)
        (address, *_) = [a for a in links(page) if a.startswith("/documents/") and "#passage" in a]
        assert '<mark id="passage">' in client.get(address).text

    def test_a_facet_gives_as_many_as_it_says_and_can_be_removed(self, client):
        page = client.get("/recherche?q=certificat+divorce").text
        found = re.findall(
            r'<a href="(/recherche\?[^"]*theme=[^"]*)"><span>[^<]*</span> <span class="count">.*?</span>(\d+)', page
        )
        address, count = found[0]
        narrowed = client.get(html.unescape(address)).text
        assert total(narrowed) == int(count)
        assert "Retirer le critère" in narrowed
        assert "/recherche?q=certificat%20divorce" in links(narrowed)

    def test_pages_hold_every_result_once(self, client):
        titles, address = [], "/recherche?kind=precedent"
        while address:
            page = client.get(address).text
            titles += re.findall(r'<h3 id="r\d+"><a href="([^"]*)"', page)
            following = re.search(r'rel="next" href="([^"]*)"', page)
            address = html.unescape(following[1]) if following else ""
        assert len(titles) == len(set(titles)) == total(client.get("/recherche?kind=precedent").text)
        assert client.get("/recherche?kind=precedent&page=999").status_code == 200

    def test_nothing_found_helps(self, client):
        page = html.unescape(client.get("/recherche?q=azertyuiop+divorce&court=Conseil constitutionnel&from=2024").text)
        assert "Vérifiez l'orthographe" in page
        assert "« azertyuiop »".replace(" ", "\xa0") in page
        assert "Chercher sans" in page
        assert (
            "Retirer « Juridiction : Conseil constitutionnel »".replace(" : ", "\xa0: ")
            .replace("« ", "«\xa0")
            .replace(" »", "\xa0»")
            in page
        )

    def test_an_article_leads_to_its_page(self, client):
        assert "/articles/R4127-28" in links(client.get("/recherche?q=article+28").text)
        assert "/articles/R4127-28" in links(client.get("/recherche?ref=R.+4127-28").text)

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("from=hier", "la première date"),
            ("from=2024&to=2020", "la période"),
            ("kind=roman", "la nature"),
            ("court=Mme+Vaubricourt", "la juridiction"),
            ("theme=Mme+Vaubricourt", "le thème"),
            ("article=Mme+Vaubricourt", "l'article"),
            ("sort=hasard", "l'ordre"),
        ],
    )
    def test_what_is_wrong_is_named_and_not_given_back(self, client, query, said):
        response = client.get(f"/recherche?q=Mme+Vaubricourt&{query}")
        assert response.status_code == 422
        assert said in html.unescape(response.text)
        assert "Vaubricourt" not in response.text

    def test_too_long_is_an_error_page(self, client):
        assert client.get(f"/recherche?q={'a' * 2001}").status_code == 422

    def test_markup_in_the_words_stays_text(self, client):
        page = client.get(f"/recherche?q={quote('<script>alert(1)</script> secret')}").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


class TestRedaction:
    TYPED = "secret de Mme Vaubricourt au 06 12 34 56 78"

    def test_the_address_becomes_the_redacted_one_and_the_page_says_so(self, client):
        response = client.get(f"/recherche?q={quote(self.TYPED)}&kind=sheet")
        assert response.status_code == 303
        target = response.headers["location"]
        asked = parse_qs(urlsplit(target).query)
        assert asked["hidden"] == ["name", "phone"]
        assert asked["kind"] == ["sheet"]
        assert "Vaubricourt" not in target
        page = client.get(target)
        assert page.status_code == 200
        assert "un nom, un numéro de téléphone" in html.unescape(page.text)
        assert "Vaubricourt" not in page.text
        assert not any("hidden=" in address for address in links(page.text))

    def test_an_address_that_says_it_was_redacted_is_still_redacted(self, client):
        response = client.get(f"/recherche?q={quote(self.TYPED)}&hidden=name&ref={quote('pour Mme Vaubricourt')}")
        assert response.status_code == 200
        assert "Vaubricourt" not in response.text
        assert "12 34" not in response.text

    @pytest.mark.parametrize("form", ["csv", "md", "bib"])
    def test_exports_too(self, client, form):
        response = client.get(f"/recherche?q={quote(self.TYPED)}&format={form}")
        assert response.status_code == 303
        exported = client.get(response.headers["location"])
        assert exported.status_code == 200
        assert "Vaubricourt" not in exported.text


class TestExports:
    def test_a_table_holds_every_result(self, client):
        asked = "/recherche?q=certificat+divorce"
        response = client.get(f"{asked}&format=csv")
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert response.headers["content-disposition"] == 'attachment; filename="deonto-recherche.csv"'
        assert response.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert len(rows) == total(client.get(asked).text)
        for row in rows:
            assert row["Référence"]
            address = row["Dans Déonto"].removeprefix("http://testserver")
            page = html.unescape(client.get(address).text)
            assert '<mark id="passage">' in page

    def test_a_note_and_references(self, client):
        note = client.get("/recherche?ref=469089&format=md")
        assert note.headers["content-type"] == "text/markdown; charset=utf-8"
        assert "## CE, 28 mai 2024, n° 469089" in note.text
        references = client.get("/decisions/ce-2024-05-28-469089?format=bib").text
        assert references.startswith("@jurisdiction{ce-2024-05-28-469089,")
        assert client.get("/recherche?q=secret&format=pdf").headers["content-type"].startswith("text/html")

    def test_what_cites_an_article(self, client):
        rows = client.get("/articles/R4127-28?kind=precedent&format=csv").content.decode("utf-8-sig").split("\r\n")
        page = client.get("/articles/R4127-28?kind=precedent").text
        assert len(rows) - 2 == page.count('<th scope="row">')


class TestDecision:
    def test_says_what_identifies_it_and_how_to_cite_it(self, client):
        page = html.unescape(client.get("/decisions/decision:ce-2000-12-29-211240").text)
        for words in (
            "Conseil d'État, 29 décembre 2000, n° 211240, Gubler",
            "29 décembre 2000",
            "211240",
            "La décision",
        ):
            assert words in page
        assert "/articles/R4127-28" in links(page)
        assert any(address.startswith("/decisions/") for address in links(page))
        assert any(address.startswith("/documents/fiche:") for address in links(page))

    @pytest.mark.parametrize(
        "path", ["/decisions/nowhere", "/decisions/fiche:arret-travail-antidate", "/articles/Vaubricourt"]
    )
    def test_what_is_not_there_is_404(self, client, path):
        response = client.get(path)
        assert response.status_code == 404
        assert "Vaubricourt" not in response.text


class TestArticle:
    def test_other_spellings_lead_to_one_address(self, client):
        for typed in ("R. 4127-28", "r4127-28", "28"):
            response = client.get(f"/articles/{quote(typed)}")
            assert (response.status_code, response.headers["location"]) == (308, "/articles/R4127-28")

    def test_an_article_that_nobody_cites_is_404_and_helps(self, client):
        response = client.get("/articles/R9999-99")
        assert response.status_code == 404
        assert "Vérifiez son numéro" in response.text

    def test_shows_its_text_and_neighbours(self, small):
        page = small.get("/articles/R4127-4").text
        assert "Chaque associé garde le silence" in html.unescape(page)
        assert "/articles/R4127-9" in links(page)


class TestComparison:
    def test_two_articles_with_their_differences_marked_and_listed(self, small):
        page = small.get("/comparer?a=R.+4127-4&b=R4127-9").text
        assert re.search(r"Chaque associé <del>garde le silence</del>|Chaque associé <del>garde", page)
        assert "<ins>porte" in page
        bare = html.unescape(re.sub(r"</?(?:del|ins)>", "", page))
        assert "Chaque associé garde le silence sur ce qu'un patient lui confie" in bare
        assert "Chaque associé porte secours à qui se trouve mal" in bare
        assert page.count("<li>«") == page.count("est remplacé par") + page.count("est retiré") + page.count(
            "est ajouté"
        )

    def test_what_is_not_held_is_said_and_not_given_back(self, small):
        page = small.get("/comparer?a=Vaubricourt&b=R4127-9").text
        assert "Le texte du premier article" in page
        assert "Vaubricourt" not in page


class TestAccess:
    @pytest.fixture
    def keyed(self, assistant, tmp_path):
        secret, key = new_key("conseil")
        write_keys(tmp_path / "keys.json", [key])

        def opened(**more):
            access = Access(keyring=Keyring(tmp_path / "keys.json"), **more)
            return TestClient(create_app(assistant, access=access), headers=BROWSER), secret

        return opened

    @pytest.mark.parametrize("path", PAGES)
    def test_as_closed_as_the_pages_of_documents(self, keyed, path):
        client, secret = keyed()
        assert client.get(path).status_code == 401
        assert client.get(path, headers={"Authorization": f"Bearer {secret}"}).status_code == 200
        client, _ = keyed(open_reader=True)
        assert client.get(path).status_code == 200

    def test_who_searches_without_a_key_is_counted(self, keyed):
        client, _ = keyed(open_reader=True, rate="2/minute")
        assert [client.get("/recherche?q=secret").status_code for _ in range(3)] == [200, 200, 429]
        assert client.get("/decisions/ce-2000-12-29-211240").status_code == 200
