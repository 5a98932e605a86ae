"""Telephone numbers, e-mail addresses and the social security number, by their shape or by the words before them."""

import re
from collections.abc import Iterator

from assistant.redaction.folding import digits_of, fold
from assistant.redaction.identities import Found

_SEPARATOR = r"[ \n._/\-]{0,3}"
# Sex, year, month (above 12 when the birth month is unknown), department (Corsica is 2A or 2B), commune, order, key.
_NIR = re.compile(
    rf"(?<![0-9])(?<![0-9]-)(?<![0-9][a-f])[1-478]{_SEPARATOR}[0-9]{{2}}{_SEPARATOR}(?:0[1-9]|[1-9][0-9]){_SEPARATOR}"
    rf"(?:[0-9]{{2}}|2[ab]){_SEPARATOR}[0-9]{{3}}{_SEPARATOR}[0-9]{{3}}"
    rf"(?:{_SEPARATOR}(?:cle ?:? ?)?[0-9]{{2}})?(?![0-9])"
)
_LOOSE = r"[1-478](?:[ ._/\-]{0,3}(?:[0-9]|(?<=2)[ab](?=[ ._/\-]{0,3}[0-9])))"
# Grouped in another way: with its word, or with the right key.
_NAMED_NIR = re.compile(
    r"(?:\bnir|\bins|secu|securite sociale|\bn ?° ?ss|\bnumero (?:de )?ss|carte vitale|\bnumero d'assuree?)\b"
    rf"[^0-9\n]{{0,30}}(?P<number>{_LOOSE}{{9,20}})(?![0-9])"
)
_ANY_NIR = re.compile(rf"(?<![0-9])(?<![0-9][ .\-])(?P<number>{_LOOSE}{{14}})(?![0-9])")

_AT = (
    r"(?:\s?(?:@|[(\[{<]\s?(?:at|a|arobas\w?)\s?[)\]}>])\s?|\s(?:arobas\w?|chez arobase)\s"
    r"|\sat\s(?=[\w\-]+(?:\.| point )\w))"
)
_DOT = r"(?:\.|\s?[(\[{](?:dot|point)[)\]}]\s?|\s(?:point|dot)\s)"
# Tried once a word, not at each of its letters: a long run of letters must not take a minute.
_EMAIL = re.compile(
    rf"(?<![\w.+%'-])[\w.+%'-]+(?:\s(?:point|dot|tiret|underscore)\s[\w.+%'-]+){{0,4}}"
    rf"(?:(?!\s@[\w.-]*\.[0-9]){_AT}[\w-]+(?:{_DOT}[\w-]+)+|\sarobas\w?\s[\w-]+|@[\w-]+)",
    re.IGNORECASE,
)

# The same separator throughout, or dates that follow each other ("01/02/03 04/05/06") would look like a number.
_FRENCH_PHONE = re.compile(
    rf"(?<![0-9])(?:(?:\((?:\+|00){_SEPARATOR}33\)|(?:\+|"
    rf"00){_SEPARATOR}33){_SEPARATOR}(?:\(0\){_SEPARATOR})?|33 ?|[0o])"
    rf"(?P<area>[1-9])(?P<between>{_SEPARATOR})[0-9]{{2}}(?:(?P=between)[0-9]{{2}}){{3}}(?![0-9])"
)
_DATE_LIKE = r"0[1-9][ ./\-]{1,2}(?:0[1-9]|1[0-2])[ ./\-]{1,2}(?:19|20)[0-9]{2}"
_MOBILE = re.compile(
    rf"(?<![0-9])(?:(?<![0-9][\-/])(?!{_DATE_LIKE})[0o][67](?:[ .\-]{{0,2}}[0-9]){{8}}"
    r"|(?<![0-9][ .])[67](?:[ .][0-9]{2}){4})(?![0-9])"
)
_NAMED_PHONE = re.compile(
    r"\b(?:tel|telephon\w*|portables?|mobiles?|fixe|gsm|fax|joindre|joignable|rappel\w*|appel\w*|sms|whatsapp)(?![a-z])"
    rf"[^0-9\n+]{{0,25}}(?P<number>(?!{_DATE_LIKE})(?:(?:\+|00)[1-9](?:[ .\-_()]{{0,3}}[0-9]){{7,13}}"
    r"|0[1-9](?:[ .\-_()]{0,3}[0-9]){7,8}))(?![0-9])"
)
_FIGURES = (
    "zero|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|"
    "quarante|cinquante|soixante|et"
)
_SPELT_PHONE = re.compile(rf"\bzero(?:[ ,\-]{{1,2}}(?:{_FIGURES})(?![a-z])){{5,30}}")


def numbers(text: str) -> Iterator[Found]:
    """Find social security numbers, telephone numbers and e-mail addresses.

    Numbers that begin with 08 are services and help lines, never a person's.
    """
    for match in _EMAIL.finditer(text):
        yield Found("email", *match.span())
    plain = fold(text)
    for match in _SPELT_PHONE.finditer(plain):
        yield Found("phone", *match.span())
    if sum(char.isdecimal() for char in plain) < 6:
        return
    yield from _nirs(plain)
    for start, end in _phones(plain):
        if not _is_service(plain[start:end]):
            yield Found("phone", start, end)


def _nirs(plain: str) -> Iterator[Found]:
    for match in _NIR.finditer(plain):
        yield Found("nir", *match.span())
    for match in _NAMED_NIR.finditer(plain):
        yield Found("nir", *match.span("number"))
    for match in _ANY_NIR.finditer(plain):
        from stdnum.fr import nir  # only for texts that could hold one

        if nir.is_valid(re.sub(r"[^0-9ab]", "", match["number"]).upper()):
            yield Found("nir", *match.span("number"))


def _phones(plain: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of French and international telephone numbers; dates, articles and short help lines are none."""
    for match in _FRENCH_PHONE.finditer(plain):
        yield match.span()
    for match in _MOBILE.finditer(plain):
        yield match.span()
    for match in _NAMED_PHONE.finditer(plain):
        yield match.span("number")
    import phonenumbers  # 40 ms: only for texts that could hold a number

    for found in phonenumbers.PhoneNumberMatcher(plain, "FR", leniency=phonenumbers.Leniency.POSSIBLE):
        # Without its first zero a number of a company looks like one (SIREN).
        tail = plain[max(0, found.start - 2) : found.start]
        first = found.raw_string.lstrip("( ")[:1]
        if len(digits_of(found.raw_string)) >= 9 and first in "0+" and not re.fullmatch("[0-9][/-]", tail):
            opened = found.raw_string.count("(") > found.raw_string.count(")")
            yield found.start + opened, found.end


def _is_service(number: str) -> bool:
    national = re.sub(r"^(?:(?:\+|00)33|33(?=[0-9]{9}$))0?", "0", re.sub(r"[^0-9+]", "", number.replace("o", "0")))
    return national.startswith("08")
