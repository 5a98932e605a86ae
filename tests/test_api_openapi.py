"""The OpenAPI description: complete, with examples that obey it."""

import pytest
from fastapi.testclient import TestClient

from api import app as app_module
from api.app import create_app
from api.chat_schemas import ChatBody, ChatRequest, ModelsBody
from api.resources import DocumentBody, PassageBody
from api.schemas import (
    EXAMPLES,
    AnswerBody,
    AnswerRequest,
    ErrorBody,
    ExplanationBody,
    FeedbackBody,
    FeedbackRequest,
    SearchBody,
)
from tests.fake_assistant import FakeAssistant

MODELS = (
    AnswerRequest,
    AnswerBody,
    ExplanationBody,
    SearchBody,
    PassageBody,
    DocumentBody,
    FeedbackRequest,
    FeedbackBody,
    ChatRequest,
    ChatBody,
    ModelsBody,
    ErrorBody,
)


@pytest.fixture(scope="module")
def description():
    response = TestClient(create_app(FakeAssistant())).get("/openapi.json")
    assert response.status_code == 200
    return response.json()


def test_every_route_of_the_interface_is_described(description):
    assert sorted(description["paths"]) == [
        "/health/live",
        "/health/ready",
        "/metrics",
        "/v1/admin/feedback",
        "/v1/answers",
        "/v1/answers/stream",
        "/v1/chat/completions",
        "/v1/documents",
        "/v1/documents/{document_id}",
        "/v1/feedback",
        "/v1/models",
        "/v1/models/{model}",
        "/v1/passages/{passage_id}",
        "/v1/precedents",
        "/v1/precedents/{document_id}",
        "/v1/search",
    ]
    assert description["info"]["title"] == "Déonto"
    assert (app_module.MAX_BODY_SIZE, app_module.MAX_CHAT_BODY_SIZE) == (64_000, 1_000_000)


def test_every_error_is_described_in_our_shape(description):
    for path, methods in description["paths"].items():
        for method in methods.values():
            for status, response in method["responses"].items():
                if status != "200":
                    reference = response["content"]["application/json"]["schema"]["$ref"]
                    assert reference.endswith("/ErrorBody"), (path, status)
    assert "HTTPValidationError" not in description["components"]["schemas"]


def test_what_an_answer_may_lack_is_described(description):
    schemas = description["components"]["schemas"]
    fields = schemas["AnswerBody"]["properties"]
    assert fields["readings"]["items"] == {"type": "string"}
    assert [kind["type"] for kind in fields["false_premise"]["anyOf"]] == ["integer", "null"]
    assert [kind["type"] for kind in fields["notice"]["anyOf"]] == ["string", "null"]
    assert fields["drafting"]["anyOf"][0]["$ref"].endswith("/DraftingBody")
    assert schemas["DraftingBody"]["required"] == ["model", "kept", "dropped"]


def test_the_stream_is_described_as_events(description):
    content = description["paths"]["/v1/answers/stream"]["post"]["responses"]["200"]["content"]
    assert content["text/event-stream"]["example"] == EXAMPLES["stream"]
    content = description["paths"]["/v1/chat/completions"]["post"]["responses"]["200"]["content"]
    assert content["text/event-stream"]["example"] == EXAMPLES["chat_stream"]
    assert content["application/json"]["schema"]["$ref"].endswith("/ChatBody")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_example_obeys_its_model_and_is_shown(model, description):
    example = EXAMPLES[model.__name__]
    assert model.model_validate(example).model_dump(mode="json", by_alias=True, exclude_unset=True) == example
    assert description["components"]["schemas"][model.__name__]["examples"] == [example]


def test_the_examples_quote_exactly():
    document, (citation,) = EXAMPLES["DocumentBody"], EXAMPLES["AnswerBody"]["citations"]
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert document["characters"] == len(document["text"])
    for passage in document["passages"]:
        assert document["text"][passage["start"] : passage["end"]] == passage["text"]
