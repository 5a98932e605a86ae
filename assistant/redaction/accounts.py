"""Bank accounts and payment cards."""

import re
from collections.abc import Iterator

from assistant.redaction.folding import digits_of, fold
from assistant.redaction.identities import Found

# Two letters, two digits, then 11 to 30 letters or digits in groups of any size.
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}[ .\-]?[0-9][ .\-]?[0-9](?:[ .\-]{0,3}[a-z0-9]){11,30}")
_FRENCH_IBAN = re.compile(
    r"(?<![a-z])fr[ .\-]?[0-9][ .\-]?[0-9](?:[ .\-]{0,3}[0-9]){10}(?:[ .\-]{0,3}[a-z0-9]){0,13}(?![a-z0-9])"
)
_NAMED_ACCOUNT = re.compile(
    r"\b(?:iban|rib|compte (?:bancaire|courant)|numero de compte|n ?° ?de compte|compte n ?°)(?![a-z])[^0-9\n;]{0,25}"
    r"(?P<number>[0-9](?:[ .\-]{0,2}[0-9]){9,25})(?![0-9])"
)
_CARD = re.compile(
    r"(?<![0-9])(?:[2-6][0-9]{3}(?P<by>[ .\-]{0,2})[0-9]{4}(?P=by)[0-9]{4}(?P=by)[0-9]{4}"
    r"|3[47][0-9]{2}[ .\-]?[0-9]{6}[ .\-]?[0-9]{5})(?![0-9])"
)
_NAMED_CARD = re.compile(
    r"\b(?:carte (?:bancaire|bleue|de credit|visa)|cb|mastercard|visa|american express)(?![a-z])[^0-9\n;]{0,25}"
    r"(?P<number>[0-9](?:[ .\-]{0,2}[0-9]){12,18})(?![0-9])"
    r"|\bcarte(?![a-z])[^0-9\n;]{0,25}(?P<any>[0-9](?:[ .\-]{0,2}[0-9]){15})(?![0-9])"
)
LENGTHS = {
    **{
        "be": 16,
        "no": 15,
        "nl": 18,
        "dk": 18,
        "fi": 18,
        "at": 20,
        "lu": 20,
        "ch": 21,
        "li": 21,
        "de": 22,
        "gb": 22,
        "ie": 22,
    },
    **{
        "es": 24,
        "pt": 25,
        "pl": 28,
        "it": 27,
        "mc": 27,
        "fr": 27,
        "gr": 27,
        "sm": 27,
        "ro": 24,
        "se": 24,
        "cz": 24,
        "sk": 24,
    },
    **{
        "ma": 28,
        "tn": 24,
        "dz": 26,
        "mr": 27,
        "tr": 26,
        "hu": 28,
        "bg": 22,
        "hr": 21,
        "si": 19,
        "ad": 24,
        "cy": 28,
        "mt": 31,
    },
}
"""Characters of an IBAN by country (ISO 13616 registry), where patients of French physicians bank."""


def accounts(text: str) -> Iterator[Found]:
    """Find IBANs (a French one with a wrong key too), bank details with their word, payment cards."""
    plain = fold(text)
    if sum(char.isdecimal() for char in plain) < 10:
        return
    for match in _IBAN.finditer(plain):
        yield from _iban(plain, match)
    for match in _FRENCH_IBAN.finditer(plain):
        yield Found("iban", *match.span())
    for match in _NAMED_ACCOUNT.finditer(plain):
        yield Found("iban", *match.span("number"))
    for match in _NAMED_CARD.finditer(plain):
        yield Found("bank_card", *match.span("number" if match["number"] else "any"))
    for match in _CARD.finditer(plain):
        from stdnum import luhn

        if luhn.is_valid(digits_of(match[0])):
            yield Found("bank_card", *match.span())


def _iban(plain: str, match: re.Match[str]) -> Iterator[Found]:
    places = [place for place in range(*match.span()) if plain[place].isalnum()]
    length = LENGTHS.get(match[0][:2], 0)
    if 0 < length <= len(places):
        from stdnum import iban  # 45 ms: only for what has its shape

        if iban.is_valid("".join(plain[place] for place in places[:length]), check_country=False):
            yield Found("iban", match.start(), places[length - 1] + 1)
