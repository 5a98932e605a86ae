"""Numbers that a register gives a person: health professionals, identity papers, vehicles."""

import re
from collections.abc import Iterator

from assistant.redaction.folding import digits_of, fold
from assistant.redaction.identities import Found

_ELEVEN = r"[0-9](?:[ .\-]?[0-9]){10}(?![0-9])"
_NINE = r"(?:[0-9]{2}|2[ab])(?:[ .\-]?[0-9]){7}(?![0-9])"
_ALMOST_NINE = r"(?:[0-9]{2}|2[ab])(?:[ .\-]?[0-9]){5,8}(?![0-9])"
# The number after its word, or before it in brackets.
_NAMED = {
    "rpps": re.compile(
        rf"\brpps(?![a-z])[^0-9\n;]{{0,40}}?(?P<number>{_ELEVEN}|[0-9](?:[ .\-]?[0-9]){{6,11}}(?![0-9]))"
        rf"|(?<![0-9])(?P<before>{_ELEVEN}) ?[(,:\-]? ?(?:n ?° ?)?rpps\b"
    ),
    "adeli": re.compile(
        rf"\badeli(?![a-z])[^0-9\n;]{{0,40}}?(?P<number>{_ALMOST_NINE})"
        rf"|(?<![0-9])(?P<before>{_NINE}) ?[(,:\-]? ?(?:n ?° ?)?adeli\b"
    ),
    "finess": re.compile(
        rf"\bfiness(?![a-z])[^0-9\n;]{{0,40}}?(?P<number>{_ALMOST_NINE})"
        rf"|(?<![0-9])(?P<before>{_NINE}) ?[(,:\-]? ?(?:n ?° ?)?finess\b"
    ),
}
# All numbers of the register begin with 10 so far; the last digit is a key (Luhn).
_BARE_RPPS = re.compile(r"(?<![0-9])(?<![0-9][.,\-])10(?:[ .\-]?[0-9]){9}(?![0-9])")
_PAPER = re.compile(
    r"\b(?:passeport|carte (?:nationale )?d'? ?identite|cni|(?:titre|carte|permis) de sejour|carte de resident|"
    r"recepisse|permis(?: de conduire)?|livret de famille|visa|agdref|numero (?:d')?etranger|carte vitale|"
    r"carte d'ame)(?![a-z])"
    r"[^0-9\n;.!?]{0,30}?(?<![a-z0-9])"
    r"(?P<number>(?=[a-z]{0,3}[0-9])[a-z0-9]{7,16}(?![a-z0-9])|[0-9]{2} ?[a-z]{2} ?[0-9]{5}"
    r"|[0-9]{2,4}(?: [0-9]{2,5}){2,5}(?![0-9]))"
)
_PLATE = re.compile(r"(?<![\w-])[A-HJ-NP-TV-Z]{2}([ -]?)[0-9]{3}\1[A-HJ-NP-TV-Z]{2}(?![\w-])")
_HYPHENED_PLATE = re.compile(r"(?<![a-z0-9\-])[a-z]{2}-[0-9]{3}-[a-z]{2}(?![a-z0-9\-])")
_VEHICLE = r"\b(?:immatricul\w*|plaques?|vehicule|voiture|scooter|moto|camion|ambulance)(?![a-z])[^0-9\n;.]{0,40}?"
_NAMED_PLATE = re.compile(rf"{_VEHICLE}(?<![a-z0-9])(?P<number>[a-z]{{2}}[ \-]?[0-9]{{3}}[ \-]?[a-z]{{2}})(?![a-z0-9])")
_OLD_PLATE = re.compile(
    rf"{_VEHICLE}(?P<number>[0-9]{{2,4}}[ \-]?(?P<letters>[a-z]{{2,3}})[ \-]?(?:[0-9]{{2}}|2[ab]))(?![a-z0-9])"
)


def registrations(text: str) -> Iterator[Found]:
    """Find RPPS, ADELI and FINESS numbers, identity papers, number plates.

    An RPPS number is found by its key alone; with the words beside them, all are found whatever their key.
    """
    plain = fold(text)
    if not any(char.isdecimal() for char in plain):
        return
    for kind, pattern in _NAMED.items():
        for match in pattern.finditer(plain):
            yield Found(kind, *match.span("number" if match["number"] else "before"))
    for match in _BARE_RPPS.finditer(plain):
        from stdnum import luhn

        if luhn.is_valid(digits_of(match[0])):
            yield Found("rpps", *match.span())
    for match in _PAPER.finditer(plain):
        if len(digits_of(match["number"])) > 1:
            yield Found("identity_paper", *match.span("number"))
    for match in _PLATE.finditer(text):
        yield Found("plate", *match.span())
    for match in _HYPHENED_PLATE.finditer(plain):
        yield Found("plate", *match.span())
    for match in _NAMED_PLATE.finditer(plain):
        yield Found("plate", *match.span("number"))
    for match in _OLD_PLATE.finditer(plain):
        if text[slice(*match.span("letters"))].isupper():
            yield Found("plate", *match.span("number"))
