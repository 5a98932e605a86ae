"""The embeddable widget: one script, put together from the pages' modules, its own, its words and its styles."""

import hashlib
import re
from functools import cache
from html import unescape

from fastapi import APIRouter, Request, Response

from api.assembling import assemble
from api.templating import STATIC, TEMPLATES

SOURCES = STATIC / "widget"
TOKEN = re.compile(r"--([\w-]+): ([^;]+);")
SENTENCE = re.compile(r'<p data-text="([^"]+)">([^<]*)</p>')
UNBROKEN = re.compile(r" (?=[:;?!»])")  # a French sign stays with the word before it
TIGHT = re.compile(r" ?([{};]) ?|(?<=[:,]) ")
LASTS = 3600
"""Seconds that a browser keeps the script: pages that carry it are opened more often than it changes."""

router = APIRouter(include_in_schema=False)


@router.get("/widget.js")
def widget(request: Request) -> Response:
    """Return the widget; open to everybody, for a script tag brings no key."""
    script, tag = assembled()
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={LASTS}"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(script, media_type="text/javascript", headers=headers)


@cache
def assembled() -> tuple[str, str]:
    """Return the script and its entity tag."""
    replaced = {STATIC / "dom.js": SOURCES / "words.js"}
    constants = {SOURCES / "given.js": {"WORDS": words(), "STYLES": styles()}}
    script = assemble(SOURCES / "element.js", replaced, constants)
    return script, f'"{hashlib.sha256(script.encode()).hexdigest()[:32]}"'


def words() -> dict[str, str]:
    """Return the widget's sentences by key: its own, those of the chat page that it says too, kinds of data."""
    given = vars(TEMPLATES.env.get_template("_widget.html").module)
    pages = dict(SENTENCE.findall(TEMPLATES.env.get_template("chat.html").render(document_count=0)))
    masks = [key for key in pages if key.startswith(("kind-", "kinds-", "placeholder-"))]
    common = {key: unescape(pages[key]) for key in (*given["shared"], *masks)}
    return common | {key: UNBROKEN.sub("\u00a0", text) for key, text in given["words"].items()}


def styles() -> str:
    """Return the widget's style sheet; the pages' tokens come first, each unless the host sets its ``--deonto-…``."""
    base = (STATIC / "base.css").read_text(encoding="utf-8")
    light, dark = (dict(TOKEN.findall(block)) for block in re.findall(r":root \{(.*?)\}", base, re.DOTALL)[:2])
    own = (SOURCES / "widget.css").read_text(encoding="utf-8")
    used = {name for name in light if f"var(--{name})" in own}
    values = {n: f"light-dark({light[n]}, {dark[n]})" if n in dark else light[n] for n in light if n in used}
    tokens = "".join(f"--{name}:var(--deonto-{name},{value});" for name, value in values.items())
    bare = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", own, flags=re.DOTALL))
    return f":host{{{tokens}}}" + TIGHT.sub(r"\1", bare)
