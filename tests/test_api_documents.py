"""The catalogue, documents and passages: exact text, exact offsets, identifiers with ``:`` and ``#``."""

from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.fake_assistant import BULLETIN, PASSAGES, SHEET, FakeAssistant


@pytest.fixture
def client():
    return TestClient(create_app(FakeAssistant()))


def test_the_catalogue_lists_every_document_without_its_text(client):
    documents = client.get("/v1/documents").json()["documents"]
    assert [document["id"] for document in documents] == ["fiche:secret", "bulletin-7", "hostile"]
    assert all("text" not in document for document in documents)
    assert documents[0]["characters"] == len(SHEET.text)
    assert documents[0]["passage_count"] == 2
    assert documents[1]["notice"] == BULLETIN.metadata.notice


@pytest.mark.parametrize("encoded", ["fiche:secret", "fiche%3Asecret"])
def test_a_document_has_its_exact_text_and_its_passages_as_offsets(client, encoded):
    body = client.get(f"/v1/documents/{encoded}").json()
    assert body["id"] == "fiche:secret"
    assert body["text"] == SHEET.text
    assert len(body["passages"]) == 2
    for passage in body["passages"]:
        assert passage["document_id"] == body["id"]
        assert body["text"][passage["start"] : passage["end"]] == passage["text"]


def test_offsets_count_characters_even_past_an_emoji(client):
    body = client.get("/v1/documents/bulletin-7").json()
    (passage,) = body["passages"]
    assert "📁" in passage["text"]
    assert body["text"][passage["start"] : passage["end"]] == passage["text"]
    assert [page["label"] for page in body["pages"]] == ["28", "29"]


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage.id)
def test_a_passage_is_found_by_its_encoded_identifier(client, passage):
    body = client.get(f"/v1/passages/{quote(passage.id, safe='')}").json()
    assert body["id"] == passage.id
    assert body["text"] == passage.text
    assert body["headings"] == list(passage.headings)


def test_a_number_sign_left_bare_is_a_fragment_and_finds_nothing(client):
    assert client.get("/v1/passages/fiche:secret:la-regle#1").status_code == 404
