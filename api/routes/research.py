"""The council lawyers' search, and what it found as a file."""

from dataclasses import replace
from typing import get_args

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse

from api.asking import Asked, read_address
from api.dependencies import AssistantDependency
from api.downloads import download
from api.leading import article_address, document_address, home_address, listed_address, passage_address
from api.templating import TEMPLATES
from assistant.citing import notice
from assistant.messages import message
from assistant.research.exporting import Entry, Format
from assistant.research.researcher import Researcher
from assistant.research.searching import LONGEST
from assistant.research.snippets import snippet, whole
from assistant.research.wanted import Found, Result
from corpus.cleaning import fold
from corpus.models import Passage

router = APIRouter(include_in_schema=False)

PER_PAGE = 20
SHOWN = 2
FOLDED = 5
"""Passages of a result that are shown at once, and those that unfold."""
MOST_EXPORTED = 1_000


@router.get("/recherche")
def research(request: Request, assistant: AssistantDependency) -> Response:
    """Return the search page: the form, and what was found where something is asked."""
    researcher = assistant.research
    asked = read_address(request, researcher)
    if max(len(asked.wanted.words), len(asked.wanted.reference)) > LONGEST:
        raise RequestValidationError([{"type": "string_too_long", "loc": ("query", "q"), "msg": "", "input": None}])
    export = request.query_params.get("format", "")
    found = None
    if not asked.wrong and (export or not asked.wanted.is_empty):
        found = researcher.search(asked.wanted)
        asked = replace(asked, wanted=replace(asked.wanted, words=found.words, reference=found.reference))
        if found.redactions and not asked.hidden:
            # The address that is kept in the browser's history is the redacted one.
            kinds = [redaction.kind for redaction in found.redactions]
            return RedirectResponse(asked.address(hidden=kinds, page=asked.page, export=export), status_code=303)
    elif asked.wrong:
        asked = replace(asked, wanted=replace(asked.wanted, words="", reference=""))  # nobody has redacted these
    if export in get_args(Format) and found:
        results = found.results[:MOST_EXPORTED]
        title = message("research.results_of", asked=found.words or found.reference, count=len(results))
        if not (found.words or found.reference):
            title = message("research.results", count=len(results))
        entries = [_entry(result, found, str(request.base_url)) for result in results]
        return download(entries, export, title, "deonto-recherche")
    pages = max(1, -(-len(found.results) // PER_PAGE)) if found else 1
    page = min(asked.page, pages)
    shown = found.results[(page - 1) * PER_PAGE : page * PER_PAGE] if found else ()
    context = {
        "asked": asked,
        "wanted": asked.wanted,
        "found": found,
        "results": [_shown(result, found) for result in shown] if found else [],
        "first": (page - 1) * PER_PAGE + 1,
        "page": page,
        "pages": pages,
        "courts": researcher.courts,
        "everything": researcher.everything,
        "themes": _themes(asked, researcher),
        "document_count": len(assistant.library.documents),
        "cited": researcher.articles.most_cited(12),
        "listed_address": listed_address,
        "article": _article(asked, researcher),
        "restrictions": asked.restrictions(),
        "simpler": _simpler(asked, found),
        "exported": MOST_EXPORTED,
    }
    return TEMPLATES.TemplateResponse(request, "recherche.html", context, 422 if asked.wrong else 200)


def _themes(asked: Asked, researcher: Researcher) -> list[str]:
    """Return the most frequent themes and those that are asked for, in the order of the alphabet."""
    values = next((facet.values for facet in researcher.everything.facets if facet.name == "theme"), ())
    return sorted({*(value.value for value in values), *asked.wanted.themes}, key=fold)


def _article(asked: Asked, researcher: Researcher) -> dict[str, object] | None:
    """Return the article that the reference or the words are, where the documents hold or cite it."""
    named = researcher.articles.number_of(asked.wanted.reference or asked.wanted.words)
    article = researcher.articles.find(named.number, named.code) if named else None
    if article is None or not (article.versions or article.citing):
        return None
    return {"display": article.display, "count": len(article.citing), "address": article_address(article.number)}


def _shown(result: Result, found: Found) -> dict[str, object]:
    """Return what a result shows of itself."""
    metadata, reference = result.document.metadata, Entry(result.document, result.article).reference
    snippets = [
        {
            "passage": passage,
            "snippet": snippet(passage, found.stems),
            "address": passage_address(passage),
            "place": _place(passage, result),
            "notice": notice(passage, result.document),
        }
        for passage in result.passages[: SHOWN + FOLDED]
    ]
    return {
        "result": result,
        "metadata": metadata,
        "reference": reference,
        "title": whole(metadata.title if metadata.kind == "sheet" else reference, found.stems),
        "address": home_address(result.document, result.article),
        "passages": snippets[:SHOWN],
        "more": snippets[SHOWN:],
        "left": len(result.passages) - len(snippets),
        "reader": document_address(result.document),
    }


def _place(passage: Passage, result: Result) -> str:
    """Return where in its document a passage stands, "" where that says nothing more than the document's title."""
    place = passage.locator or (passage.headings[-1] if passage.headings else "")
    return "" if place == result.document.metadata.title or result.article else place


def _simpler(asked: Asked, found: Found | None) -> str:
    """Return the address of the same search without the words that no document holds, "" where it has none."""
    if found is None or not found.unknown:
        return ""
    kept = " ".join(word for word in found.words.split() if not any(unknown in word for unknown in found.unknown))
    return asked.address(words=kept) if kept else ""


def _entry(result: Result, found: Found, base: str) -> Entry:
    passage = result.passages[0]
    cut = snippet(passage, found.stems)
    return Entry(
        result.document,
        result.article,
        passage.locator,
        passage.text[cut.start : cut.end],
        notice(passage, result.document) or "",
        base.rstrip("/") + passage_address(passage),
    )
