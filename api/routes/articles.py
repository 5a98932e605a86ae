"""The page of an article with everything that cites it, and two articles or versions side by side."""

from typing import get_args

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from api.dependencies import AssistantDependency
from api.downloads import download
from api.leading import article_address, home_address, passage_address
from api.templating import TEMPLATES
from assistant.messages import message
from assistant.research.articles import Articles, Citing, Version
from assistant.research.differences import compare
from assistant.research.exporting import Entry, Format
from assistant.research.listed import read_listed
from corpus.models import Kind

router = APIRouter(include_in_schema=False)

MOST_OFFERED = 400


@router.get("/articles/{number}")
def article(request: Request, number: str, assistant: AssistantDependency, code: str = "", kind: str = "") -> Response:
    """Return an article's text and the documents that cite it, all or those of one kind."""
    articles = assistant.research.articles
    named = read_listed(f"{number} {code}") if code else articles.number_of(number)
    if named is None:
        raise HTTPException(404)
    found = articles.find(named.number, code)
    if code and code not in found.codes and not found.versions:
        raise HTTPException(404)
    form = request.query_params.get("format", "")
    kind = kind if kind in get_args(Kind) else ""
    citing = [one for one in found.citing if kind in ("", one.document.metadata.kind)]
    if number != named.number:
        return RedirectResponse(article_address(named.number, code if code in found.codes else ""), status_code=308)
    if form in get_args(Format):
        entries = [_entry(one, str(request.base_url).rstrip("/")) for one in citing]
        title = message("research.citing", article=found.display, count=len(entries))
        return download(entries, form, title, f"deonto-article-{found.number}")
    context = {
        "article": found,
        "kind": kind,
        "code": code,
        "versions": [(version, passage_address(version.passages[0])) for version in found.versions],
        "citing": [
            (one, home_address(one.document), [(passage, passage_address(passage)) for passage in one.passages])
            for one in citing
        ],
        "address": article_address(found.number, code),
        "before": article_address(found.before) if found.before else "",
        "after": article_address(found.after) if found.after else "",
    }
    known = found.versions or found.citing
    return TEMPLATES.TemplateResponse(request, "article.html", context, 200 if known else 404)


def _entry(citing: Citing, base: str) -> Entry:
    passage = citing.passages[0] if citing.passages else None
    return Entry(
        citing.document,
        place=" | ".join(dict.fromkeys(p.locator for p in citing.passages if p.locator)),
        extract=passage.text if passage else "",
        address=base + (passage_address(passage) if passage else home_address(citing.document)),
    )


@router.get("/comparer")
def comparison(request: Request, assistant: AssistantDependency, a: str = "", b: str = "") -> Response:
    """Return two articles, or two versions of one, side by side; the form alone where they are not both there."""
    articles = assistant.research.articles
    first, second = _version(articles, a), _version(articles, b)
    if first and not b.strip() and len(articles.versions(first.number)) > 1:
        second = next(version for version in articles.versions(first.number) if version != first)
    sides = [(version, passage_address(version.passages[0])) for version in (first, second) if version]
    context = {
        "first": first,
        "second": second,
        "missing": [name for name, typed, found in (("a", a, first), ("b", b, second)) if typed.strip() and not found],
        "sides": sides,
        "comparison": compare(first.text, second.text) if first and second else None,
        "numbers": articles.held[:MOST_OFFERED],
        "several": [(number, articles.versions(number)) for number in articles.several],
        "others": [(one, articles.versions(one.number)) for one in _different(first, second)],
    }
    return TEMPLATES.TemplateResponse(request, "comparer.html", context)


def _version(articles: Articles, typed: str) -> Version | None:
    """Return the version that somebody names: "csp-deontologie-2015:R4127-47", or the newest of "R. 4127-47"."""
    document, _, number = typed.strip().rpartition(":")
    named = articles.number_of(number)
    versions = articles.versions(named.number) if named else ()
    if document:
        versions = tuple(version for version in versions if version.document.id == document)
    return versions[0] if versions else None


def _different(*versions: Version | None) -> list[Version]:
    found: dict[str, Version] = {}
    for version in versions:
        if version:
            found.setdefault(version.number, version)
    return list(found.values())
