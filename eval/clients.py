"""Clients that ask a server at the same time, for a time: what they ask, when they stop, what came of each request."""

import asyncio
import contextlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx2

from corpus.questions import load_wordings

PATIENCE = 15.0
"""Seconds that a request may take; after a stage, those that requests in progress still have."""
PAUSE = 0.25
"""Seconds that a client waits after an error: a server that is down must not be asked a thousand times a second."""
SHARES: Mapping[str, float] = {"answer": 0.55, "stream": 0.20, "follow-up": 0.15, "search": 0.10}
"""What is asked: whole answers, streamed ones, whole ones with earlier turns, searches."""
LONGEST_SEARCH = 2_000
MOST_TURNS = 3


@dataclass(frozen=True, slots=True)
class Stage:
    """So many clients at once, for so long.

    Attributes
    ----------
    seconds
        After which no client asks again.
    think
        Seconds, on average, between an answer and the same client's next question; 0 asks again at once.

    """

    clients: int
    seconds: float
    think: float = 0.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: ``body`` is posted as JSON, ``words`` are searched."""

    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was made, the milliseconds to its last byte, and what went wrong, "" when nothing did."""

    kind: str
    milliseconds: float
    error: str = ""


class Deck:
    """Requests made of wordings that share a place, in an order that a seed decides; begins again at its end.

    A follow-up's earlier turns are other wordings of the same place.
    """

    def __init__(self, seed: int, wordings: Sequence[Sequence[str]] = ()) -> None:
        self._random = Random(seed)  # noqa: S311 - nothing to guess
        places = wordings or [entry.questions for entry in load_wordings()]
        self._questions = [(question, place) for place in places for question in place]
        self._random.shuffle(self._questions)
        self._next = 0

    def draw(self) -> Ask:
        """Return the next request."""
        question, place = self._questions[self._next % len(self._questions)]
        self._next += 1
        kind = self._random.choices(list(SHARES), list(SHARES.values()))[0]
        if kind == "search":
            return Ask(kind, words=question[:LONGEST_SEARCH])
        turns = [other for other in place if other != question]
        if kind == "follow-up" and turns:
            turns = self._random.sample(turns, min(len(turns), self._random.randint(1, MOST_TURNS)))
            return Ask(kind, {"question": question, "turns": turns})
        return Ask("answer" if kind == "follow-up" else kind, {"question": question})

    def pause(self, mean: float) -> float:
        """Return how long somebody thinks: long thoughts are rarer than short ones."""
        return self._random.expovariate(1 / mean) if mean else 0.0


def client_of(url: str, most: int, timeout: float = PATIENCE) -> httpx2.AsyncClient:
    """Return what ``drive`` asks with: one connection a client, kept open, and no proxy of the environment's."""
    limits = httpx2.Limits(max_connections=most, max_keepalive_connections=most)
    return httpx2.AsyncClient(base_url=url, limits=limits, timeout=timeout, trust_env=False)


async def drive(
    client: httpx2.AsyncClient, stage: Stage, deck: Deck, patience: float = PATIENCE
) -> tuple[tuple[Sent, ...], float]:
    """Ask as a stage says; return what was sent, and the seconds until the last answer.

    Whatever the server does, this ends ``patience`` seconds after the stage, or little later: what is not answered by
    then is given up, with the error ``unfinished``.
    """
    sent: list[Sent] = []
    began = time.monotonic()
    until = began + stage.seconds
    asking = {asyncio.create_task(_ask_until(client, stage, deck, sent, until)) for _ in range(stage.clients)}
    _, late = await asyncio.wait(asking, timeout=stage.seconds + patience)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=patience)
    return tuple(sent), time.monotonic() - began


async def _ask_until(client: httpx2.AsyncClient, stage: Stage, deck: Deck, sent: list[Sent], until: float) -> None:
    await asyncio.sleep(min(deck.pause(stage.think), until - time.monotonic()))  # not all of them at once
    while time.monotonic() < until:
        found = await _timed(client, deck.draw(), sent)
        pause = deck.pause(stage.think) + (PAUSE if found.error else 0.0)
        await asyncio.sleep(max(0.0, min(pause, until - time.monotonic())))


async def _timed(client: httpx2.AsyncClient, ask: Ask, sent: list[Sent]) -> Sent:
    began, error = time.perf_counter(), "unfinished"
    try:
        error = await _error_of(client, ask)
    except Exception as failure:  # whatever it is, it is counted and the client goes on
        error = type(failure).__name__
    finally:  # a request that is given up counts too
        found = Sent(ask.kind, (time.perf_counter() - began) * 1000, error)
        sent.append(found)
    return found


async def _error_of(client: httpx2.AsyncClient, ask: Ask) -> str:
    """Make a request and take all of its response; return what is wrong with it, "" for nothing."""
    if ask.kind == "stream":
        return await _stream_error(client, ask)
    if ask.kind == "search":
        response = await client.get("/v1/search", params={"q": ask.words})
    else:
        response = await client.post("/v1/answers", json=dict(ask.body))
    if response.status_code != 200:
        return _refusal(response.status_code, response.content)
    wanted = b'"passages"' if ask.kind == "search" else b'"outcome"'
    return "" if wanted in response.content and response.content.endswith(b"}") else "not an answer"


async def _stream_error(client: httpx2.AsyncClient, ask: Ask) -> str:
    last = ""
    async with client.stream("POST", "/v1/answers/stream", json=dict(ask.body)) as response:
        if response.status_code != 200:
            return _refusal(response.status_code, await response.aread())
        async for line in response.aiter_lines():
            name, _, value = line.partition(":")
            last = value.strip() if name == "event" else last
    return "" if last == "done" else f"stream ended with {last or 'nothing'}"


def _refusal(status: int, body: bytes) -> str:
    code = ""
    with contextlib.suppress(ValueError, KeyError, TypeError):
        code = str(json.loads(body)["error"]["code"])[:40]
    return f"{status} {code}".strip()
