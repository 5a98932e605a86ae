"""POST /v1/answers and GET /v1/search: the contract's shape, and what reaches the assistant."""

import json
from dataclasses import asdict, replace

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from assistant.models import Drafting, Filters
from tests.fake_assistant import ANSWERED, EMPTY, EXPLANATION, RETRIEVED, FakeAssistant

ANSWER_KEYS = [
    "id",
    "question",
    "standalone_question",
    "outcome",
    "reason",
    "answer",
    "citations",
    "passages",
    "redactions",
    "confidence",
    "timings_ms",
    "readings",
    "false_premise",
    "notice",
    "drafting",
    "verdict",
    "suggestions",
]
CITATION_KEYS = [
    "marker",
    "passage_id",
    "document_id",
    "source",
    "label",
    "title",
    "kind",
    "date",
    "locator",
    "quote",
    "start",
    "end",
    "context",
    "notice",
]


@pytest.fixture
def assistant():
    return FakeAssistant()


@pytest.fixture
def client(assistant):
    return TestClient(create_app(assistant))


def test_an_answer_is_the_assistants_own_in_the_shape_of_the_contract(client):
    response = client.post("/v1/answers", json={"question": "Et après la mort ?"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == ANSWER_KEYS
    assert list(body["citations"][0]) == CITATION_KEYS
    assert body == json.loads(json.dumps(asdict(ANSWERED)))
    assert body["timings_ms"] == {"total": 3.5, "privacy": 0.5, "retrieve": 2.0, "answer": 1.0}


def test_readings_a_false_premise_a_notice_and_a_draft_are_given(client, assistant):
    plain = client.post("/v1/answers", json={"question": "?!"}).json()
    assert [plain[name] for name in ANSWER_KEYS[-6:]] == [[], None, None, None, None, []]
    assistant.scripted = replace(
        ANSWERED,
        readings=("Le secret vaut-il après la mort ?", "Qui hérite du dossier ?"),
        false_premise=1,
        notice="Le modèle n'a pas répondu.",
        drafting=Drafting("petit-modele", 2, {"figure": 1, "stance": 3}),
        verdict="sous conditions",
        suggestions=("Et avant la mort ?", "Et qui hérite ?"),
    )
    given = client.post("/v1/answers", json={"question": "?!"}).json()
    assert [given[name] for name in ANSWER_KEYS[-6:]] == [
        ["Le secret vaut-il après la mort ?", "Qui hérite du dossier ?"],
        1,
        "Le modèle n'a pas répondu.",
        {"model": "petit-modele", "kept": 2, "dropped": {"figure": 1, "stance": 3}},
        "sous conditions",
        ["Et avant la mort ?", "Et qui hérite ?"],
    ]


def test_the_quote_is_the_characters_of_the_documents_text(client):
    citation = client.post("/v1/answers", json={"question": "?"}).json()["citations"][0]
    text = client.get(f"/v1/documents/{citation['document_id']}").json()["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_an_empty_question_is_a_refusal_not_an_error(client, question):
    response = client.post("/v1/answers", json={"question": question})
    assert response.status_code == 200
    assert response.json() == json.loads(json.dumps(asdict(EMPTY)))
    assert response.json()["reason"] == "empty"


def test_turns_and_filters_reach_the_assistant(client, assistant):
    body = {
        "question": "Et lui ?",
        "turns": ["Un 👩‍⚕️ confrère…", "absent"],
        "conversation_id": "c1",
        "filters": {"kind": "code", "article": "R. 4127-4", "court": "CDN", "from": "2015", "to": "2026-01-31"},
    }
    assert client.post("/v1/answers", json=body).status_code == 200
    filters = Filters(kind="code", article="R. 4127-4", court="CDN", date_from="2015", date_to="2026-01-31")
    assert assistant.calls == [("Et lui ?", ("Un 👩‍⚕️ confrère…", "absent"), filters)]


def test_filters_that_restrict_nothing_are_no_filters(client, assistant):
    client.post("/v1/answers", json={"question": "?", "filters": {"kind": None}})
    client.post("/v1/answers", json={"question": "?", "filters": None})
    client.post("/v1/answers", json={"question": "?"})
    assert [filters for _, _, filters in assistant.calls] == [None] * 3


def test_unknown_fields_are_ignored(client):
    body = {"question": "?", "langue": "fr", "filters": {"theme": "x"}, "model": {"a": [1]}}
    assert client.post("/v1/answers", json=body).status_code == 200


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/ld+json"])
def test_json_by_any_of_its_names_is_accepted(client, content_type):
    response = client.post("/v1/answers", content=b'{"question": "?"}', headers={"Content-Type": content_type})
    assert response.status_code == 200


def test_an_explanation_is_given_when_it_is_asked_for(client, assistant):
    body = {"question": "Et après ?", "turns": ["La mort"], "explain": True, "filters": {"kind": "sheet"}}
    answer = client.post("/v1/answers", json=body).json()
    assert list(answer) == [*ANSWER_KEYS, "explain"]
    assert answer.pop("explain") == json.loads(json.dumps(asdict(EXPLANATION)))
    assert answer == json.loads(json.dumps(asdict(ANSWERED)))
    assert assistant.explained == [(ANSWERED, ("La mort",), Filters(kind="sheet"))]


@pytest.mark.parametrize("body", [{}, {"explain": False}])
def test_an_explanation_that_is_not_asked_for_is_neither_made_nor_given(client, assistant, body):
    assert list(client.post("/v1/answers", json={"question": "?", **body}).json()) == ANSWER_KEYS
    assert assistant.explained == []


def test_a_refusal_is_explained_too(client):
    answer = client.post("/v1/answers", json={"question": "", "explain": True}).json()
    assert (answer["reason"], answer["explain"]["threshold"]) == ("empty", 0.4)


def test_search_passes_every_filter_and_returns_ranked_passages(client, assistant):
    address = "/v1/search?q=secret&kind=sheet&article=R.+4127-4&court=CDN&from=2020&to=2026-01&k=1"
    body = client.get(address).json()
    assert body == json.loads(json.dumps({"passages": [asdict(RETRIEVED[0])]}))
    filters = Filters(kind="sheet", article="R. 4127-4", court="CDN", date_from="2020", date_to="2026-01")
    assert assistant.searches == [("secret", filters, 1)]


def test_search_defaults_to_ten_passages_and_no_filter(client, assistant):
    client.get("/v1/search?q=secret")
    assert assistant.searches == [("secret", None, 10)]


@pytest.mark.parametrize(
    "query", ["", "q=", "q=a&k=0", "q=a&k=51", "q=a&k=dix", "q=a&from=hier", "q=a&kind=roman", "q=" + "a" * 2001]
)
def test_a_search_out_of_bounds_is_refused(client, assistant, query):
    assert client.get(f"/v1/search?{query}").status_code == 422
    assert assistant.searches == []
