"""What the OpenAPI description says of access: the two ways to send a key, and the refusals of every route."""

from typing import Any

from api.access import OPEN, OPEN_BELOW

SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "Access key, where the operator asks for one"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key"},
}
REFUSALS = {
    "401": "No key, or one that opens nothing",
    "403": "The key, or the site that the request comes from, is not allowed this",
    "408": "The request did not arrive in time",
    "421": "A server that serves its own machine alone was called by another name",
    "429": "Too many requests; Retry-After says when to come back",
}
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}


def describe_access(description: dict[str, Any]) -> None:
    """Add to a description what the gate does before any route."""
    description["components"]["securitySchemes"] = SCHEMES
    for path, methods in description["paths"].items():
        if path in OPEN or path.startswith(OPEN_BELOW):
            continue
        for operation in methods.values():
            operation["security"] = [{}, *({name: []} for name in SCHEMES)]
            for status, said in REFUSALS.items():
                operation["responses"].setdefault(status, {"description": said, "content": ERROR})
