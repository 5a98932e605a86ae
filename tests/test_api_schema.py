"""Requests made from the OpenAPI description, good and bad ones: each answer is one that the description promises.

The run is short and always the same; ``make fuzz`` makes it longer and different each time.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks

from api.app import create_app
from assistant.answering import Assistant
from indexes import Index
from tests.fake_assistant import FakeAssistant

LONG = "FUZZ_EXAMPLES" in os.environ
EXAMPLES = int(os.environ["FUZZ_EXAMPLES"]) // 20 if LONG else 20
CHECKED = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.positive_data_acceptance,
    checks.negative_data_rejection,
    checks.unsupported_method,
    checks.allow_header_conformance,
]
# Dates of the calendar, in order; a message of the user: no JSON schema says so, and a request without is refused.
HAS_OTHER_RULES = {"/v1/answers", "/v1/answers/stream", "/v1/chat/completions", "/v1/search", "/v1/precedents"}
OPERATIONS = [
    (method, path) for path, methods in create_app(FakeAssistant()).openapi()["paths"].items() for method in methods
]


@pytest.fixture(scope="module")
def described(small_index: Index) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(Assistant(small_index)))


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_response_is_as_described(
    described: schemathesis.BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    operation = described[path][method]
    applied = [
        check for check in CHECKED if path not in HAS_OTHER_RULES or check is not checks.positive_data_acceptance
    ]

    @settings(
        max_examples=EXAMPLES,
        derandomize=not LONG,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def conforms(case: schemathesis.Case) -> None:
        response = case.call()
        case.validate_response(response, checks=applied)
        assert "Traceback" not in response.text
        if response.status_code >= 400:
            assert list(response.json()["error"]) == ["code", "message", "request_id"]

    try:
        conforms()
    except Unsatisfiable:
        pytest.skip("no request breaks this description")
