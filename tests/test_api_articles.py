"""Links from the articles that a text names to their own words: the right text or none."""

import pytest

from api.articles import Articles, articles_of
from api.originals import Originals
from corpus import load
from corpus.models import Document, Metadata, Passage
from tests.fake_assistant import FakeLibrary
from tests.files import pdf_of


def code(identifier, short, articles, version="2015-04-10"):
    text = "\n".join(articles)
    passages = [
        Passage(f"{identifier}:{a}#1", identifier, (), a, text.index(a), text.index(a) + len(a), article=a)
        for a in articles
    ]
    return Document(
        Metadata(identifier, identifier, identifier, "code", version_date=version, code=short), "x.md", text
    ), passages


HEALTH, HEALTH_PASSAGES = code("csp", "CSP", ["R4127-4", "L1110-4", "R4127-9"])
OLD, OLD_PASSAGES = code("csp-ancien", "CSP", ["R4127-4", "L1111-7"], "2004-01-01")
PENAL, PENAL_PASSAGES = code("cp", "CP", ["226-13", "226-14"], "2026-04-02")
ARTICLES = Articles((OLD, HEALTH, PENAL), (*OLD_PASSAGES, *HEALTH_PASSAGES, *PENAL_PASSAGES))


def named(text, **more):
    return {text[link.start : link.end]: link.address.partition("passage=")[2] for link in ARTICLES.links(text, **more)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("l'article R. 4127-4 du code de la santé publique", {"R. 4127-4": "csp:R4127-4%231"}),
        ("voir L. 1110-4 et L1111-7 CSP", {"L. 1110-4": "csp:L1110-4%231", "L1111-7": "csp-ancien:L1111-7%231"}),
        ("les articles 226-13 et 226-14 du code pénal", {"226-13": "cp:226-13%231", "226-14": "cp:226-14%231"}),
        ("Code pénal, art. 226-13", {"226-13": "cp:226-13%231"}),
        ("l'article 9 du code de déontologie", {"article 9 du code de déontologie": "csp:R4127-9%231"}),
        ("l'article 226-13 du code de la santé publique", {}),
        ("l'article L. 1110-4 du code du travail", {}),
        ("Code civil, art. 226-13", {}),
        ("les articles 226-13 et 226-14 du code de procédure pénale", {}),
        ("l'article R. 4127-5, l'article 9 et la page 226", {}),
    ],
)
def test_an_article_leads_to_the_newest_text_of_the_code_that_is_named(text, found):
    assert named(text) == found


def test_a_text_that_names_no_code_means_its_own_or_the_only_one():
    assert named("selon R. 4127-4.", code="CSP") == {"R. 4127-4": "csp:R4127-4%231"}
    assert named("selon 226-13.", code="CSP") == {"226-13": "cp:226-13%231"}


def test_an_article_does_not_lead_to_itself():
    assert [link.address for link in ARTICLES.links(HEALTH.text, "CSP", "csp")] == []
    assert len(ARTICLES.links(HEALTH.text, "CSP", "autre")) == 3


def test_the_articles_of_a_library_are_found_once():
    library = FakeLibrary()
    assert articles_of(library) is articles_of(library)


@pytest.fixture
def indexed(tmp_path):
    (tmp_path / "sous dossier").mkdir()
    (tmp_path / "sous dossier" / "note.pdf").write_bytes(pdf_of("Le cabinet garde ses clefs dans une armoire fermée."))
    return load([tmp_path], sheets=False).documents[0]


def test_a_file_is_given_while_it_holds_what_was_indexed(indexed, tmp_path):
    originals = Originals((tmp_path / "ailleurs", tmp_path))
    assert originals.may_hold(indexed)
    file = originals.find(indexed)
    assert file == tmp_path / "sous dossier" / "note.pdf"
    file.write_bytes(pdf_of("Le cabinet garde ses clefs dans une armoire ouverte."))
    assert originals.find(indexed) is None
    file.write_bytes(b"%PDF-1.7 nothing")
    assert originals.find(indexed) is None
    file.unlink()
    assert not originals.may_hold(indexed)
    assert originals.find(indexed) is None


@pytest.mark.parametrize(
    "source", ["../note.pdf", "/etc/note.pdf", "note.html", "sous/../../note.pdf", "note.pdf/x", ""]
)
def test_no_name_leads_out_of_the_folders(tmp_path, source):
    (tmp_path / "note.pdf").write_bytes(pdf_of("Une note."))
    (tmp_path / "note.html").write_text("<p>Une note.</p>")
    (tmp_path / "sous").mkdir()
    document = Document(Metadata("d", "d", "d", "document"), source, "Une note.")
    assert not Originals((tmp_path / "sous", tmp_path) if source == "note.html" else (tmp_path / "sous",)).may_hold(
        document
    )
