"""A client that leaves while its answer is being streamed."""

import asyncio
import json
import time
from collections.abc import Mapping, MutableMapping
from typing import Any

from fastapi import FastAPI

from tests.fake_assistant import FakeAssistant

Message = MutableMapping[str, Any]


def leave(app: FastAPI, path: str, asked: Mapping[str, object], *, pieces: int = 1, version: str = "2.3") -> bytes:
    """Post ``asked`` and close the connection once some pieces of the body have come; return what had come.

    Parameters
    ----------
    version
        Of the ASGI specification: up to 2.3 the server says by a message that the client is gone, from 2.4 on it
        refuses to send.

    """
    came: list[bytes] = []

    async def post() -> None:
        gone = asyncio.Event()
        requests = iter([{"type": "http.request", "body": json.dumps(asked).encode(), "more_body": False}])

        async def receive() -> Message:
            if request := next(requests, None):
                return request
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] != "http.response.body" or not message["body"]:
                return
            came.append(message["body"])
            if len(came) >= pieces:
                if version == "2.4":
                    raise OSError
                gone.set()
                await asyncio.sleep(0.05)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": version},
            "http_version": "1.1",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"content-type", b"application/json"), (b"host", b"testserver")],
            "client": ("testclient", 1),
            "server": ("testserver", 80),
            "scheme": "http",
            "root_path": "",
        }
        await asyncio.wait_for(app(scope, receive, send), timeout=5)

    asyncio.run(post())
    return b"".join(came)


def closed(assistant: FakeAssistant) -> int:
    """How often its streams were closed, once the thread that makes the answer has come to its next step."""
    deadline = time.monotonic() + 5
    while not assistant.closed and time.monotonic() < deadline:
        time.sleep(0.01)
    return assistant.closed
