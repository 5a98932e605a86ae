"""Articles as sheets and decisions list them: "R. 4127-47 CSP", "8 CEDH", "434-3 CP"."""

import re
from dataclasses import dataclass

from corpus.models import Document
from corpus.references import display_number, normal_number

_LISTED = re.compile(r"(?P<letter>[LRDA])?[\s.*]*(?P<number>\d+(?:[-‑–]\d+)*)\s*(?P<code>\S.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Listed:
    """An article of a code: its normal number ("R4127-47", "8") and the code's short name, "" where none is given."""

    number: str
    code: str = ""

    @property
    def display(self) -> str:
        """As people print it: "R. 4127-47 CSP"."""
        return f"{display_number(self.number)} {self.code}".strip()


def read_listed(text: str) -> Listed | None:
    """Return the article that a text names and nothing else, None where it has not the form of one."""
    match = _LISTED.fullmatch(text.strip())
    if match is None:
        return None
    return Listed(
        normal_number(match.group("letter") or "", match.group("number")), (match.group("code") or "").strip()
    )


def listed_by(document: Document) -> tuple[Listed, ...]:
    """Return the articles that a document lists, in order."""
    return tuple(found for text in document.metadata.articles if (found := read_listed(text)))
