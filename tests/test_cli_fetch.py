"""``deonto corpus fetch`` with a publisher on loopback."""

import json
from dataclasses import replace

import pytest

import corpus.catalogue
from corpus.catalogue import Download
from tests.command import parsed, quick, run
from tests.publisher import publisher

__all__ = ["publisher", "quick"]

pytestmark = pytest.mark.usefixtures("quick")
PAGE = (
    "<html><body><h1>Commentaire</h1><p>" + "Le médecin consulte le président du conseil départemental. " * 9 + "</p>"
)


@pytest.fixture(autouse=True)
def catalogue(monkeypatch, publisher):
    publisher.content, publisher.content_type = PAGE.encode(), "text/html; charset=utf-8"
    real = corpus.catalogue.sources()
    here = Download("cnom-article-56", publisher.address.replace("pdf", "html"), "html")
    gone = Download("cnom-article-81", "http://127.0.0.1:9/81.html", "html")
    changed = {
        "cnom-article-56": replace(real["cnom-article-56"], download=here),
        "cnom-article-81": replace(real["cnom-article-81"], download=gone),
        "medecins-102": real["medecins-102"],
    }
    monkeypatch.setattr(corpus.catalogue, "sources", lambda: changed)


def test_what_comes_is_indexed_under_its_catalogue_name(tmp_path, monkeypatch, publisher):
    monkeypatch.setenv("DEONTO_DOCUMENTS", str(tmp_path / "documents"))
    run("corpus", "fetch", "cnom-article-56", "--index", tmp_path / "index")
    found = parsed(run("corpus", "list", "--json", "--index", tmp_path / "index"))["documents"]
    listed = {row["id"]: row for row in found}
    assert listed["cnom-article-56"]["short"] == "Ordre, commentaire de l'article 56"
    asked = len(publisher.asked)
    result = run("corpus", "fetch", "cnom-article-56", "--index", tmp_path / "index")
    assert len(publisher.asked) == asked
    assert "l'index n'a pas changé" in result.stderr


def test_one_that_fails_is_named_and_the_others_are_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("DEONTO_DOCUMENTS", str(tmp_path / "documents"))
    result = run("corpus", "fetch", "--index", tmp_path / "index", code=1)
    assert "cnom-article-81 : éditeur injoignable" in result.stderr
    assert "hors ligne" not in result.stderr
    assert list(json.loads((tmp_path / "documents" / "officiels" / "fetched.json").read_text())) == ["cnom-article-56"]


def test_offline_it_says_so_and_leaves_everything(tmp_path, monkeypatch):
    monkeypatch.setenv("DEONTO_DOCUMENTS", str(tmp_path / "documents"))
    result = run("corpus", "fetch", "cnom-article-81", "--index", tmp_path / "index", code=1)
    assert "Déonto continue avec les documents déjà là" in result.stderr
    assert not (tmp_path / "index").exists()


def test_the_list_names_only_what_can_be_downloaded():
    listed = run("corpus", "fetch", "--list").stdout
    assert "cnom-article-56" in listed
    assert "medecins-102" not in listed


def test_an_unknown_document_is_a_mistake_in_the_arguments():
    assert "medecins-102" in run("corpus", "fetch", "medecins-102", code=2).stderr
