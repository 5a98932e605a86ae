"""Decisions over HTTP: filtered, newest first, and with what is related to them."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from assistant.answering import Assistant
from assistant.filtering import related
from corpus.precedents import load_precedents


@pytest.fixture(scope="module")
def client(small_index):
    return TestClient(create_app(Assistant(small_index)))


@pytest.fixture(scope="module")
def everything(client):
    return client.get("/v1/precedents").json()["precedents"]


def test_every_shipped_decision_is_listed_newest_first(everything):
    assert len(everything) == len(list(load_precedents()))
    dates = [row["date"] for row in everything]
    assert dates == sorted(dates, reverse=True)
    assert {row["kind"] for row in everything} == {"precedent"}
    assert "text" not in everything[0]


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ({"court": "conseil d'état"}, lambda row: row["publisher"] == "Conseil d'État"),
        ({"from": "2022"}, lambda row: row["date"] >= "2022"),
        ({"to": "2010-12"}, lambda row: row["date"] < "2011"),
        ({"article": "226-13"}, lambda row: "226-13 CP" in row["articles"]),
        ({"theme": "secret"}, lambda row: any("secret" in theme for theme in row["themes"])),
        ({"court": "cassation", "from": "2020", "to": "2024"}, lambda row: "2020" <= row["date"] < "2025"),
    ],
)
def test_decisions_are_filtered(client, everything, query, holds):
    found = client.get("/v1/precedents", params=query).json()["precedents"]
    assert 0 < len(found) < len(everything)
    assert all(holds(row) for row in found)


def test_a_decision_comes_with_its_text_and_what_is_related(client, everything):
    identifier = next(row["id"] for row in everything if "226-13 CP" in row["articles"])
    found = client.get(f"/v1/precedents/{identifier}").json()
    assert found["text"].startswith(found["title"])
    assert all(found["text"][p["start"] : p["end"]] == p["text"] for p in found["passages"])
    assert found["url"].startswith("https://")
    assert 0 < len(found["related"]) <= 10
    assert {row["kind"] for row in found["related"]} <= {"precedent", "sheet"}
    assert identifier not in {row["id"] for row in found["related"]}


@pytest.mark.parametrize("identifier", ["decision:nope", "fiche:secret-assureur", "accueil"])
def test_what_is_no_decision_is_not_found(client, identifier):
    answer = client.get(f"/v1/precedents/{identifier}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "unknown_document"


@pytest.mark.parametrize("query", [{"from": "hier"}, {"from": "2024", "to": "2020"}, {"from": "2024-02-30"}])
def test_a_filter_that_is_wrong_is_refused(client, query):
    assert client.get("/v1/precedents", params=query).status_code == 422


def test_nothing_is_related_to_a_document_that_shares_nothing(small_index):
    documents = small_index.library.documents
    alone = next(d for d in documents if not d.metadata.themes and not d.metadata.articles)
    assert related(documents, alone) == []


def test_search_keeps_to_decisions(client):
    found = client.get("/v1/search", params={"q": "certificat", "kind": "precedent", "k": 5}).json()["passages"]
    assert found
    assert all(row["document_id"].startswith("decision:") for row in found)
