"""The watch over pages sees what it must: otherwise every other test in a browser would pass for nothing."""

import pytest
from starlette.responses import HTMLResponse

from tests.browser import accessible, serving, wide


def of(html):
    async def app(scope, receive, send):
        if scope["type"] == "http":
            await HTMLResponse(f"<!doctype html><html lang=fr><title>Essai</title><body>{html}")(scope, receive, send)

    return app


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<script>console.error('mince')</script>", "console: mince"),
        ("<script>setTimeout(() => { throw new Error('zut') })</script>", "script error: .*zut"),
        ("<img alt src='http://192.0.2.1/x.png'>", "off origin: http://192.0.2.1/x.png"),
        ("<img alt src='http://ailleurs.example/x.png'>", "failed: http://ailleurs.example/x.png"),
    ],
)
def test_a_problem_is_seen(page, watch, html, problem):
    with serving(of(html)) as address:
        watch.allow(address)
        page.goto(address, wait_until="networkidle")
    watch.expect("Failed to load resource")
    seen = len(watch.unexpected())
    watch.expect(problem)
    assert len(watch.unexpected()) < seen
    watch.expect("off origin|failed")


def test_a_violation_is_seen(page, watch):
    with serving(of("<input>")) as address:
        watch.allow(address)
        page.goto(address)
        with pytest.raises(AssertionError, match="label"):
            accessible(page)


def test_what_scrolls_sideways_is_seen(open_page, watch):
    with serving(of("<meta name=viewport content='width=device-width'><p style='width: 800px'>Large")) as address:
        watch.allow(address)
        page = open_page(phone=True)
        page.goto(address)
        assert any("800px" in element for element in wide(page))
