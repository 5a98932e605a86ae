"""One table from error codes to HTTP statuses, and the one shape in which every error leaves.

``{"error": {"code": "…", "message": "French sentence", "request_id": "…"}}``

The message comes from ``assistant/messages.toml`` by code. Neither ``str(exception)`` nor anything the user sent goes
into it: pydantic's own description of a bad request repeats the input, so it is replaced by the field's name and rule.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.exchange import current
from api.logs import first_of, place_of, say
from api.templating import TEMPLATES, wants_page
from assistant.messages import explain, message
from corpus.errors import DeontoError

logger = logging.getLogger("api")

STATUS: Mapping[str, int] = {
    # raised below the HTTP layer
    "unknown_document": 404,
    "unknown_passage": 404,
    "invalid_request": 422,
    "unknown_retriever": 422,
    "index_missing": 503,
    "index_stale": 503,
    "index_corrupt": 503,
    "index_unwritable": 503,
    "index_foreign": 503,
    "nothing_to_index": 503,
    "encoder_mismatch": 503,
    "encoder_missing": 503,
    "encoder_damaged": 503,
    "feedback_off": 404,
    "feedback_unavailable": 503,
    "model_unavailable": 503,
    "model_missing": 503,
    "fetch_failed": 500,
    "invalid_question_bank": 500,
    "corpus": 500,
    "unreadable": 500,
    "invalid_sheet": 500,
    "invalid_setting": 500,
    "invalid_keys": 500,
    "keys_needed": 500,
    "error": 500,
    # raised here
    "bad_request": 400,
    "invalid_json": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "request_timeout": 408,
    "body_too_large": 413,
    "unsupported_media_type": 415,
    "misdirected": 421,
    "too_many_requests": 429,
    "daily_cap": 429,
    "overloaded": 503,
    "answer_timeout": 503,
    "unavailable": 503,
}
CODE_OF_STATUS: Mapping[int, str] = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "body_too_large",
    415: "unsupported_media_type",
    421: "misdirected",
    422: "invalid_request",
    429: "too_many_requests",
    503: "unavailable",
}
# pydantic's error types and the key under [api.fields] that says the rule in French
RULES: Mapping[str, str] = {
    "missing": "missing",
    "string_type": "text",
    "string_unicode": "text",
    "string_too_short": "empty",
    "string_too_long": "too_long",
    "list_type": "list",
    "too_long": "too_many",
    "int_type": "number",
    "int_parsing": "number",
    "int_from_float": "number",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "literal_error": "choice",
    "string_pattern_mismatch": "date",
    "date_impossible": "date",
    "dates_reversed": "reversed",
    "not_text": "not_text",
    "no_question": "no_question",
    "model_attributes_type": "object",
    "model_type": "object",
}


class Refusal(HTTPException):
    """A request that is not served, by one of the codes of ``STATUS``."""

    def __init__(self, code: str, **headers: str) -> None:
        super().__init__(STATUS[code], headers={name.replace("_", "-"): value for name, value in headers.items()})
        self.code = code


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as the client sees it: HTTP status, stable code, French sentence."""

    status: int
    code: str
    message: str

    def body(self, request_id: str) -> dict[str, dict[str, str]]:
        """Return the JSON body."""
        return {"error": {"code": self.code, "message": self.message, "request_id": request_id}}


def problem_of(error: Exception) -> Problem:
    """Return what the client is told of an exception.

    A failure on our side (5xx) gets a general sentence: its own one names paths of this machine, and goes to the log.
    """
    if isinstance(error, RequestValidationError):
        return _invalid(error.errors())
    if isinstance(error, HTTPException):
        code = error.code if isinstance(error, Refusal) else CODE_OF_STATUS.get(error.status_code, "error")
        return _by_code(code, error.status_code)
    if isinstance(error, DeontoError) and error.code in STATUS:
        status = STATUS[error.code]
        if status < 500:
            return Problem(status, error.code, explain(error))
        return Problem(status, error.code, message("api.unavailable" if status == 503 else "errors.error"))
    return Problem(500, "error", message("errors.error"))


def _by_code(code: str, status: int) -> Problem:
    if code == "error":
        return Problem(status, code, message("errors.error"))
    if code == "invalid_request":
        return Problem(status, code, message("errors.invalid_request", detail=message("api.fields.unreadable")))
    return Problem(status, code, message(f"api.{code}"))


def _invalid(errors: Sequence[Any]) -> Problem:
    if any(error["type"] == "json_invalid" for error in errors):
        return _by_code("invalid_json", 400)
    details = dict.fromkeys(_rule(error["type"], error["loc"]) for error in errors)
    return Problem(422, "invalid_request", message("errors.invalid_request", detail=" ; ".join(details)))


def _rule(kind: str, location: tuple[str | int, ...]) -> str:
    # The location holds names of our own fields and positions in lists: unknown fields are ignored, never reported.
    field = ".".join(str(part) for part in location[1:]) or message("api.fields.body")
    return message(f"api.fields.{RULES.get(kind, 'other')}", field=field)


def log_failure(error: Exception, request_id: str) -> None:
    """Log where an exception came from, without its text, which may hold the user's words."""
    code = error.code if isinstance(error, DeontoError) else "error"
    kind, where = type(first_of(error)).__name__, place_of(error)
    say(logger, logging.ERROR, "failed", request_id=request_id, type=kind, code=code, where=where)
    if (exchange := current()) is not None:
        exchange.failure = code


def error_response(request: Request, error: Exception) -> Response:
    """Return the response for an exception: JSON, or a page when a browser was opening one of our pages."""
    problem = problem_of(error)
    request_id = str(request.state.request_id)
    if problem.status >= 500 and not isinstance(error, HTTPException):
        log_failure(error, request_id)
    headers = getattr(error, "headers", None)
    if wants_page(request):
        context = {"problem": problem, "request_id": request_id}
        return TEMPLATES.TemplateResponse(request, "error.html", context, problem.status, headers=headers)
    return JSONResponse(problem.body(request_id), problem.status, headers=headers)


def install(app: FastAPI) -> None:
    """Register the handlers; exceptions of no known kind are caught by ``api.middleware.Boundary``."""
    for kind in (DeontoError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _handle)


async def _handle(request: Request, error: Exception) -> Response:
    return error_response(request, error)
