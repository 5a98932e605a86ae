"""Real-browser tests: a served app, Debian's Chromium driven by Playwright, axe-core, pictures in ``var/screenshots``.

A test asks for ``page`` (or ``open_page`` for a phone, the dark scheme or several pages) and gets a page of ``site``:
``page.goto("/")``. When the test ends it fails on any console error, error of a script, failed request or request to
another origin. ``watch.allow(origin)`` and ``watch.expect(pattern)`` say beforehand what a test provokes on purpose.
Tests that use the browser get the marker ``browser`` by themselves; without one they are skipped, or fail where ``CI``
is ``true``.
"""

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.types import ASGIApp

from api.access import Access
from api.app import create_app
from api.connections import Connection
from api.serving import Address
from assistant.answering import Assistant
from assistant.settings import Settings
from assistant.store.feedback import FeedbackStore
from indexes import Index

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCREENSHOTS = Path(__file__).parent.parent / "var" / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
STARTS_WITHIN = 10.0  # seconds


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives Chromium (make browser installs it)")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port of 127.0.0.1, in a thread; gives its address, without a last slash."""
    with Address("127.0.0.1", 0).bind() as listener:
        config = uvicorn.Config(
            app, http=Connection, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            limit = time.monotonic() + STARTS_WITHIN
            while not server.started:
                assert thread.is_alive(), "the server ended before it listened"
                assert time.monotonic() < limit, "the server does not start"
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def site(sheets_index: Index, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the shipped sheets and decisions, which keeps readers' verdicts."""
    store = FeedbackStore(tmp_path_factory.mktemp("feedback") / "feedback.sqlite")
    with serving(create_app(Assistant(sheets_index), feedback=store, access=Access.of(Settings()))) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """The browser. By module: while it runs, no other test of the thread could use ``asyncio.run``."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _absent("Playwright for Python is missing: make install")
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        _absent("no Chromium on this machine: make browser")
    # Nothing but this machine has an address: what a page would load from elsewhere fails, and is seen.
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


def _absent(why: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@dataclass
class Watch:
    """What went wrong in the pages of a test, but for what it expects."""

    origins: set[str]
    expected: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def allow(self, origin: str) -> None:
        """Let pages ask another origin, such as that of a second server."""
        self.origins.add(_origin(origin))

    def expect(self, pattern: str) -> None:
        """Forgive the problems in which this regular expression is found."""
        self.expected.append(pattern)

    def unexpected(self) -> list[str]:
        """Return every other problem."""
        return [problem for problem in self.problems if not any(re.search(one, problem) for one in self.expected)]

    def follow(self, context: Any) -> None:
        """Watch every page of a browser context, new tabs too."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    def _console(self, said: Any) -> None:
        if said.type == "error":
            self.problems.append(f"console: {said.text} ({said.location.get('url', '')})")

    def _request(self, request: Any) -> None:
        if request.url.startswith("http") and _origin(request.url) not in self.origins:
            self.problems.append(f"off origin: {request.url}")

    def _failed(self, request: Any) -> None:
        # Aborted: the reader left or stopped it, or it became a download.
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.problems.append(f"failed: {request.url} ({request.failure})")


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


@pytest.fixture
def watch(site: str) -> Watch:
    """What is watched in this test's pages."""
    return Watch({_origin(site)})


@pytest.fixture
def open_page(
    chromium: "Browser", site: str, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., "Page"]]:
    """A way to open blank pages of ``site``: ``open_page(phone=True, dark=True, javascript=False, **more)``."""
    contexts = []

    def opened(*, phone: bool = False, dark: bool = False, javascript: bool = True, **more: Any) -> "Page":
        options: dict[str, Any] = {
            "base_url": site,
            "locale": "fr-FR",
            "color_scheme": "dark" if dark else "light",
            "reduced_motion": "reduce",
            "java_script_enabled": javascript,
            **(PHONE if phone else DESKTOP),
            **more,
        }
        context = chromium.new_context(**options)
        context.set_default_timeout(10_000)
        watch.follow(context)
        contexts.append(context)
        return context.new_page()

    yield opened
    for number, context in enumerate(contexts):
        for page in context.pages[-1:]:
            which = f"-{number + 1}" if number else ""
            shoot(page, f"{request.path.stem}-{request.node.name}{which}", full=False)
        context.close()
    assert watch.unexpected() == []


@pytest.fixture
def page(open_page: Callable[..., "Page"]) -> "Page":
    """A blank page at 1280 pixels, light."""
    return open_page()


def shoot(page: "Page", name: str, *, full: bool = True) -> Path:
    """Keep a picture of a page, whole or as seen; returns its file."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-")
    file = SCREENSHOTS / f"{plain}.png"
    page.screenshot(path=file, full_page=full)
    return file


def accessible(page: "Page") -> None:
    """Fail on every violation of WCAG 2.1, levels A and AA, that axe-core finds in the page as it is now."""
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(page, options={**RULES, "resultTypes": ["violations"]}).response["violations"]
    found = [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:200]}\n{node.get('failureSummary', '')}"
        for rule in violations
        for node in rule["nodes"]
    ]
    assert not found, "\n\n".join(found)


def wide(page: "Page") -> list[str]:
    """Return what makes the page scroll sideways: the elements that end past its right edge; [] when none does."""
    script = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
        : [...document.querySelectorAll("body *")]
            .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .map((one) => one.outerHTML.slice(0, 120))"""
    return list(page.evaluate(script))
