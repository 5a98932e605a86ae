"""Postal addresses, with or without capitals, number, postcode."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.redaction.folding import fold
from assistant.redaction.identities import Found
from assistant.redaction.streets import POSTCODE, address_end, has_postcode, is_town, name_end, town_end, words

_NUMBER = (
    r"(?<![a-z0-9\-/])(?<![0-9][.,])(?P<number>[0-9]{1,4})(?: ?(?:bis|ter|quater|quinquies|[a-d](?![a-z'])))?"
    r"(?: ?(?:-|/|et|ou|a) ?[0-9]{1,4}(?: ?(?:bis|ter|[a-d](?![a-z'])))?)?(?P<comma>[ ,]{0,3})"
    r"(?:de la |du |de l'|des )?"
)
# "article 5, place du médecin": a number that counts a text, not a house.
_COUNTED = re.compile(
    r"\b(?:articles?|art|alineas?|al|page|p|chapitre|loi|decret|figure|tableau|[lrd])\.? ?"
    r"(?:[0-9][0-9.\-]{0,9}(?:, | et )){0,4}$"
)
_DWELLING = (
    r"\b(?:habit(?:e|es|ent|ant|ait|aient|er|ation)|domicil\w*|demeur\w*|resid(?:e|es|ent|ant|ante|ait|er)|"
    r"log(?:e|ee|es|ent|eant|eait|er)|vi(?:t|vant|vait|vre)|adresses?|sise?|emmenag\w*|demenag\w*)(?![a-z])"
)
_NEAR_DWELLING = re.compile(rf"{_DWELLING}[^.;!?\n]{{0,45}}$")
_INDEFINITE = re.compile(r"\b(?:une?|cette|meme|sa|ma|ta|leur|notre|votre|chaque|quelle)\s+$")
_ARTICLE = re.compile(r" (?:de |du |des |d'|les |la |le |l'|[0-9])")
_HOMELESS = re.compile(r"\b(?:a|dans) la $")
_HOUSE = re.compile(r",? [0-9]{1,4},? [0-9]{4} ")
_CODED = re.compile(rf"(?<![a-z0-9.,/\-°])(?P<code>{POSTCODE})(?P<gap>[ ,]{{1,2}}|-)(?=[^\W\d_])")
_NOT_CODED = re.compile(r"(?:n ?°|numero|\bno\.?|loi|decision|requete|pourvoi|dossier|soit|environ|total)[ :]{0,2}$")
_BRACKETED = re.compile(rf"(?<![^\W_])(?P<town>[^\W\d_]+(?:[ '\-][^\W\d_]+){{0,4}}) ?\({POSTCODE}\)")
_TO_CODE = re.compile(rf"{_DWELLING}(?P<gap>[^.;!?\n0-9]{{1,60}}?)(?P<code>{POSTCODE})(?=(?P<then>[ ,]+[^\W\d_])?)")
_POST_BOX = re.compile(
    r"(?<![a-z])(?:bp|b\.p\.|cs|c\.s\.|tsa) ?(?:n ?° ?)?[0-9]{2,6}(?![0-9/])(?=(?P<at>[ ,\-]{1,3}(?:a )?))?"
)
_BOX = re.compile(r"(?<![a-z])(?:bp|b\.p\.|cs|c\.s\.|tsa) ?[0-9]{1,6}[ ,\n\-]{1,3}$")
_DOOR = re.compile(
    r"\b(?:code postal|digicode|code (?:de la )?porte|code d'entree|code de l'immeuble|"
    r"interphone)(?![a-z])[ :n°=]{0,8}(?:est )?"
    r"(?P<code>(?=[a-z]{0,3}[0-9])[a-z0-9]{2,8})(?![a-z0-9])"
)
_PLACE_ON_EARTH = re.compile(r"(?<![0-9.])-?[0-9]{1,2}\.[0-9]{4,12}[ ,;]{1,3}-?[0-9]{1,3}\.[0-9]{4,12}(?![0-9])")


@cache
def _heads() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what finds a number before a street, a street after a dwelling's word, and a street with a capital."""
    two = {"lieu dit", "grande rue", "grand rue", "grand'rue"}
    streets = "|".join(sorted(words("streets") | two, key=len, reverse=True))
    others = "|".join(sorted(words("single") | words("other"), key=len, reverse=True))
    street = rf"(?:(?P<street>{streets})|(?P<other>{others}))(?![a-z0-9\-])\.?"
    return (
        re.compile(rf"{_NUMBER}{street}"),
        re.compile(rf"{_DWELLING}(?P<gap>[^.;!?\n0-9]{{0,30}}?)(?<![a-z\-]){street}"),
        re.compile(rf"(?<![a-z\-]){street}"),
    )


def addresses(text: str) -> Iterator[Found]:
    """Find postal addresses.

    A street with a number, after a word of dwelling, or with its town; a postcode with its town; the code of a door;
    a place by its coordinates.
    """
    plain = fold(text)
    numbered, dwelled, bare = _heads()
    for match in numbered.finditer(plain):
        if end := _numbered(text, plain, match):
            yield Found("address", match.start(), end)
    for match in dwelled.finditer(plain):
        if end := _dwelled(text, plain, match):
            yield Found("address", match.start("street" if match["street"] else "other"), end)
    for match in bare.finditer(plain):
        if end := _unnumbered(text, plain, match):
            yield Found("address", match.start(), end)
    if any(char.isdecimal() for char in plain):
        yield from _coded(text, plain)
        for match in _DOOR.finditer(plain):
            yield Found("address", *match.span("code"))
        for match in _PLACE_ON_EARTH.finditer(plain):
            yield Found("address", *match.span())


def _unnumbered(text: str, plain: str, match: re.Match[str]) -> int:
    named = bool(match["street"]) and match["street"].startswith("lieu")
    end = name_end(text, plain, match.end(), capital=False)
    if end == match.end() or not _is_whole(plain, match):
        return 0
    capital = name_end(text, plain, match.end(), capital=True) > match.end()
    whole = address_end(text, plain, match.start(), _house(text, plain, end) if capital else end)
    if capital and match[0] == "res.":
        return whole
    if match["other"] and not (match["other"] in words("homes") and capital and whole > end):
        return whole if capital and any(char.isdecimal() for char in plain[end:whole]) else 0
    return whole if named or (whole > end and (capital or has_postcode(plain, end))) else 0


def _house(text: str, plain: str, end: int) -> int:
    """Return the end of a house number after its street, as in Belgium."""
    match = _HOUSE.match(plain, end)
    return town_end(text, plain, match.end(), capital=True) if match else end


def _numbered(text: str, plain: str, match: re.Match[str]) -> int:
    before = plain[max(0, match.start() - 60) : match.start()]
    if _COUNTED.search(before):
        return 0
    end = name_end(text, plain, match.end(), capital=False)
    main = bool(match["street"]) and match["street"].startswith("grand")
    if (end == match.end() and not main) or not _is_whole(plain, match):
        return 0
    dwelling = bool(_NEAR_DWELLING.search(before))
    whole = address_end(text, plain, match.start(), end, dwelling=dwelling)
    number = int(match["number"])
    sure = bool(match["street"]) or (match["other"] in words("single") and number > 1 and "," not in match["comma"])
    doubtful = 1900 <= number <= 2100 or (number > 999 and not match["comma"].strip() and "-" in match[0])
    if not doubtful and (sure or name_end(text, plain, match.end(), capital=True) > match.end()):
        return whole
    placed = whole > end if not doubtful else any(char.isdecimal() for char in plain[end:whole])
    return whole if dwelling or placed else 0


def _is_whole(plain: str, match: re.Match[str]) -> bool:
    """Whether a word of one letter is followed by its point or an article: "12 r. Foch", "12 r des Lilas"."""
    return match["other"] != "r" or match[0].endswith(".") or plain.startswith((" de", " du "), match.end())


def _dwelled(text: str, plain: str, match: re.Match[str]) -> int:
    kind = match["street"] or match["other"]
    if _INDEFINITE.search(match["gap"]) or not _is_whole(plain, match) or kind == "mail":
        return 0
    named = bool(_ARTICLE.match(plain, match.end())) and (match["street"] or kind in words("estates"))
    road = kind in words("roads") and not _HOMELESS.search(match["gap"])
    end = name_end(text, plain, match.end(), capital=not (named or road))
    start = match.start("street" if match["street"] else "other")
    return address_end(text, plain, start, end, dwelling=True) if end > match.end() else 0


def _coded(text: str, plain: str) -> Iterator[Found]:
    """Yield postcodes with their town."""
    for match in _CODED.finditer(plain):
        before = plain[max(0, match.start() - 60) : match.start()]
        end = town_end(text, plain, match.end(), capital=not _NEAR_DWELLING.search(before))
        if end > match.end() and not _NOT_CODED.search(before):
            box = _BOX.search(before)
            start = match.start() - (len(box[0]) if box else 0)
            yield Found("address", start, address_end(text, plain, start, end))
    for match in _POST_BOX.finditer(plain):
        end = address_end(text, plain, *match.span())
        near = _NEAR_DWELLING.search(plain[max(0, match.start() - 60) : match.start()])
        at = match.end("at") if match["at"] else match.end()
        placed = end > match.end() and (text[at : at + 1].isupper() or is_town(plain, at))
        if near or placed or has_postcode(plain, match.end()):
            yield Found("address", match.start(), end)
    for match in _BRACKETED.finditer(plain):
        town = re.search(r"[A-ZÀ-Þ][^A-ZÀ-Þ]*(?:[ '\-][A-ZÀ-Þ].*)?$", text[slice(*match.span("town"))])
        if town:
            yield Found("address", match.start() + town.start(), match.end())
    for match in _TO_CODE.finditer(plain):
        place = re.search(r"[A-ZÀ-Þ]", text[slice(*match.span("gap"))])
        end = match.end("code")
        if match["then"]:
            start = match.end("then") - 1
            last = town_end(text, plain, start, capital=False)
            end = last if last > start else end if "," in match["then"] else 0
        if end:
            yield Found("address", match.start("gap") + place.start() if place else match.start("code"), end)
