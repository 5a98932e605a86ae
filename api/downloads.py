"""Exports as files that a browser saves."""

from collections.abc import Sequence

from fastapi import Response

from assistant.research.exporting import Entry, to_bibliography, to_csv, to_markdown

TYPES = {"csv": "text/csv", "md": "text/markdown", "bib": "application/x-bibtex"}


def download(entries: Sequence[Entry], form: str, title: str, name: str) -> Response:
    """Return entries as a file of one of the forms of ``TYPES``."""
    if form == "csv":
        text = to_csv(entries)
    else:
        text = to_markdown(entries, title) if form == "md" else to_bibliography(entries)
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return Response(text.encode(), media_type=f"{TYPES[form]}; charset=utf-8", headers=headers)
