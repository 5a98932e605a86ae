"""The assistant's work, in threads that the process need not wait for when it ends, nor a reader who left.

The thread pool of the framework is joined when Python ends: an answer that waits for a silent model would hold it.
"""

import asyncio
import contextvars
import queue
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from api.stopping import Stopped, Stopping

MOST = 40
"""Pieces of work done at once; others wait their turn. As many as the framework has for everything else."""
FEW = 4
"""The same where no language model is waited for: answers are work of the processor then, and forty that share it all
end late, the first one too."""
LOOK = 0.25
"""Seconds between two looks at whether the server stops, while a piece of work is waited for."""

T = TypeVar("T")


class Pool:
    """Up to ``most`` daemon threads, started as they are needed."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._running = 0
        self._lock = threading.Lock()
        self._idle = threading.Semaphore(0)
        self._work: queue.SimpleQueue[tuple[Future[Any], contextvars.Context, Callable[[], Any]]] = queue.SimpleQueue()

    def limit(self, most: int) -> None:
        """Start no more than so many threads from now on."""
        with self._lock:
            self._most = most

    def submit(self, call: Callable[[], T]) -> "Future[T]":
        """Have a thread make a call, in the context of the caller."""
        waiting: Future[T] = Future()
        self._work.put((waiting, contextvars.copy_context(), call))
        with self._lock:
            if not self._idle.acquire(blocking=False) and self._running < self._most:
                self._running += 1
                threading.Thread(target=self._serve, name=f"answers-{self._running}", daemon=True).start()
        return waiting

    def _serve(self) -> None:
        while True:
            try:
                waiting, context, call = self._work.get_nowait()
            except queue.Empty:
                self._idle.release()
                waiting, context, call = self._work.get()
            if waiting.set_running_or_notify_cancel():
                try:
                    waiting.set_result(context.run(call))
                except BaseException as error:  # whoever waits is told
                    waiting.set_exception(error)
            del waiting, context, call  # or an idle thread would keep an assistant that was replaced


POOL = Pool()


async def called(call: Callable[[], T], stopping: Stopping) -> T:
    """Return what a call gives; a reader who leaves no longer waits for it.

    Raises
    ------
    Stopped
        The server stops, and its grace is over.

    """
    waiting = asyncio.wrap_future(POOL.submit(call))
    try:
        while not waiting.done():
            if stopping.is_over:
                raise Stopped
            await asyncio.wait({waiting}, timeout=LOOK)
        return waiting.result()
    finally:
        waiting.cancel()  # nothing, once it is done; what has begun goes on, and its outcome is dropped


async def pulled(
    items: Iterator[T], stopping: Stopping, joined: Callable[[list[T]], Iterable[T]] = iter
) -> AsyncGenerator[T, None]:
    """Yield the items of an iterator, made in one thread; at the end, whatever it is, the iterator is closed.

    Items that came together are handed over together, and ``joined`` may make fewer of them: an answer's two hundred
    words cost one trip between threads and one write. Sent word by word they kept a busy event loop for seconds.

    Raises
    ------
    Stopped
        The server stops, and its grace is over.

    """
    source = _Source(items)
    POOL.submit(source.make)
    try:
        while not source.ended:
            for item in joined(await source.arrived()):
                yield item
            if stopping.is_over and not source.ended:
                raise Stopped
        if source.error is not None:
            raise source.error
    finally:
        source.left = True


class _Source:
    """An iterator run in a thread, read in the event loop; who leaves sets ``left``, and the thread then closes it."""

    def __init__(self, items: Iterator[Any]) -> None:
        self._items = items
        self._made: deque[Any] = deque()
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._finished = False
        self.left = False
        self.error: BaseException | None = None

    @property
    def ended(self) -> bool:
        """Whether everything was made and read."""
        return self._finished and not self._made

    def make(self) -> None:
        """Make every item, in a thread, until there is none or nobody waits for one."""
        try:
            for item in self._items:
                self._made.append(item)
                self._tell()
                if self.left:
                    break
            close = getattr(self._items, "close", None)
            if close is not None:
                close()
        except BaseException as error:  # whoever waits is told
            self.error = error
        finally:
            self._finished = True
            self._tell()

    def _tell(self) -> None:
        if not self._news.is_set():
            with suppress(RuntimeError):  # the loop is closed: nobody waits
                self._loop.call_soon_threadsafe(self._news.set)

    async def arrived(self) -> list[Any]:
        """Return what was made since the last look, nothing when that takes longer than ``LOOK``."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), LOOK)
        self._news.clear()
        return [self._made.popleft() for _ in range(len(self._made))]
