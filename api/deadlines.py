"""Requests that take too long, and requests too many at once: refused with 408 or 503, so that the others go on."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.audit import audit
from api.errors import Refusal

MOST_AT_ONCE = 256
"""Requests served at once, those that wait for a thread too; probes and files are not counted."""
SECONDS = 120.0
COUNTED = "/v1/"


class Deadlines:
    """ASGI middleware inside the boundary.

    A body must have arrived whole, and the answer must have begun, ``seconds`` after the request: a client that sends
    a byte at a time, or an answer that never comes, holds nothing for longer. A stream that has begun may go on: it
    ends when the model falls silent or the reader leaves.

    Parameters
    ----------
    seconds
        Time for the body to arrive and the answer to begin.
    most
        Requests to ``/v1/`` served at once.

    """

    def __init__(self, app: ASGIApp, seconds: float = SECONDS, most: int = MOST_AT_ONCE) -> None:
        self.app = app
        self.seconds = seconds
        self.most = most
        self._running: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one exchange."""
        if scope["type"] != "http" or not scope["path"].startswith(COUNTED):
            await self.app(scope, receive, send)
            return
        if len(self._running) >= self.most:
            audit("overloaded", limit=self.most)
            raise Refusal("overloaded", retry_after="1")
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        headers, late = Headers(scope=scope), False
        arrived = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers

        async def receive_noting() -> Message:
            nonlocal arrived
            message = await receive()
            arrived = arrived or message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def send_in_time(message: Message) -> None:
            if late:  # the client has been told something else
                return
            if not begun.done():
                begun.set_result(None)
            await send(message)

        work = asyncio.create_task(self._work(scope, receive_noting, send_in_time))
        self._running.add(work)
        work.add_done_callback(self._done)
        try:
            await asyncio.wait({work, begun}, timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED)
            if work.done() or begun.done():
                await work
                return
        except asyncio.CancelledError:
            work.cancel()
            raise
        late = True
        audit("request_timeout", seconds=self.seconds)
        if arrived:
            # Its thread cannot be stopped: what it finds is dropped, and until then it counts as running.
            raise Refusal("answer_timeout", retry_after="5")
        work.cancel()
        raise Refusal("request_timeout", connection="close")

    async def _work(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    def _done(self, work: asyncio.Task[None]) -> None:
        self._running.discard(work)
        if not work.cancelled():
            work.exception()  # looked at, or the event loop would print it
