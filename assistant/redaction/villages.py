"""Villages and tribes that somebody is said to be of, overseas above all: "pt …, village de vaitupu bp 418"."""

import re
from collections.abc import Iterator

from assistant.redaction.folding import HIDDEN, fold, is_common
from assistant.redaction.identities import Found

_LETTERS = r"[^\W\d_]+(?:['\-][^\W\d_]+)*"
_VILLAGE = re.compile(
    r"(?<![a-z])(?:villages?|tribus?|hameaux?|atoll|ilet|ilot|motu|douar|lieu[ \-]dit|lieudit|district)[ ]"
    rf"(?:de la |de l'|de |du |des |d')?"
    rf"(?P<name>{_LETTERS}(?:[ \-](?!(?:bp|cs|tsa)(?![a-z]))(?:de |du |la |le )?{_LETTERS})?)"
)
_CODED = re.compile(r"[ ,(\-]{1,3}(?:b\.?p\.? ?[0-9]|[0-9]{5}(?![0-9]))")
_SOMEBODY = re.compile(
    r"(?:(?<![a-z])(?:habit\w+|demeur\w+|resid\w+|domicili\w+|log\w+|vi(?:t|vant)|originaire|natif|native|issue?|venue?|vient|"
    r"patiente?|pte?|enfant|famille|mme|mr|chef)(?![a-z])|"
    rf"{HIDDEN})[^.;!?\n]{{0,50}}$"
)


def villages(text: str) -> Iterator[Found]:
    """Find the names of villages near a person or before a postcode; ordinary words are none: "village de vacances"."""
    plain = fold(text)
    for match in _VILLAGE.finditer(plain):
        start, end = match.span("name")
        first = re.match(_LETTERS, match["name"])
        if not first or is_common(first[0]):
            continue
        more = text[start + len(first[0]) : end].strip(" -")
        if more and not more.rpartition(" ")[2][0].isupper() and is_common(more.rpartition(" ")[2].lower()):
            end = start + len(first[0])
        near = plain[max(0, match.start() - 60) : match.start()]
        if _CODED.match(plain, end) or _SOMEBODY.search(near):
            yield Found("address", start, end)
