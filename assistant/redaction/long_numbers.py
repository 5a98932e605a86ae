"""Long numbers that nothing explains: somebody's, more often than not."""

import re
from collections.abc import Iterator

from assistant.redaction.folding import fold
from assistant.redaction.identities import Found

_RUN = re.compile(
    r"(?<![0-9a-z/_#&=])(?<![0-9][.,\-])(?P<number>[0-9]{10,})(?![0-9]|[.,][0-9]| ?(?:euros?|francs?|€|%))"
)
# A telephone number is found as such, or is a help line; then books and drugs by their first digits.
_KNOWN = re.compile(r"(?:0|0033|33)[1-9][0-9]{8}|97[89][0-9]{10}|3400[0-9]{9}|[0-9]*0{6}")
_ANNOUNCED = re.compile(
    r"\b(?:sire[tn]|isbn|issn|ean|gtin|cip|ucd|acl|code.barres?|legi[a-z]*|jorf[a-z]*|jo|nor|ceta[a-z]*|kali[a-z]*|"
    r"factures?|devis|commande|decisions?|arrets?|pourvois?|requetes?|tva|naf|ape|doi|pmid|pmc|ecli|eudract|nct|oid|"
    r"hal|issn-l|version|lot)(?![a-z])[^0-9\n;]{0,30}$"
)


def long_numbers(text: str) -> Iterator[Found]:
    """Find runs of ten digits or more that no company, book, text of law or decision announces."""
    plain = fold(text)
    for match in _RUN.finditer(plain):
        before = plain[max(0, match.start() - 60) : match.start()]
        if not _KNOWN.fullmatch(match["number"]) and not _ANNOUNCED.search(before):
            yield Found("number", *match.span())
