"""User names told by their shape: « nicolas_dadou », « bichonvero63 », « KroDu90 », « morel.45 »."""

import re
from collections.abc import Iterator
from functools import partial

from assistant.redaction.folding import fold, is_common
from assistant.redaction.identities import Found
from assistant.redaction.name_words import is_listed_thing, words_of
from assistant.redaction.word_lists import word_list

# A part of an e-mail or web address, of a path or of a number is none; nor is the name of a field of a record.
_TOKEN = re.compile(
    r"(?<![\w.@/+%°|\\\u00a4-])(?<!n')(?=[^\W_])(?P<name>[\w.\-]{3,60})(?![\w@/°\\\u00a4])(?P<field>[\"'] ?[:=]|=)?"
)
_SNAKE = re.compile(r"[^\W_][^\W_.\-]*(?:[.\-][^\W_]+)*_[\w.\-]+")
_NUMBERED = re.compile(r"(?P<letters>[^\W\d_]+(?:[.\-][^\W\d_]+)*)(?P<by>[.\-]?)(?P<digits>[0-9]{2,4})")
_INNER_CAPITAL = re.compile(r"[^\W\d_]*[^\W\d_A-ZÀ-Þ][A-ZÀ-Þ][^\W_]*")
_DOTTED = re.compile(r"[^\W\d_]{2,}(?:\.[^\W\d_]{2,})+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|csv|json|xml|txt|jpe?g|png|mp[34]|zip|eml|dcm|html?|md|py|toml|odt|ods)")
_UNIT = re.compile(r" ?(?:ans?|mois|jours?|semaines?|heures?|h|min|mg|g|ml|kg|cm|mm|euros?|fois)(?![a-z])| ?[%€]")
# After such words nearly anything of the kind is one.
_ANNOUNCED = re.compile(
    r"\b(?:comptes?(?! ?-?rendu| tenu)|log-?in|identifiants?|pseudo(?:nyme)?s?|utilisat(?:eur|rice)s?|internautes?|"
    r"sous le nom(?: de)?|profils?|messagerie|abonnee?s?|s'appelle|alias|surnom|username|user)(?![a-z])[^.;?!\n]{0,60}$"
)
_RIGHT_AFTER = re.compile(
    r"\b(?:sous le (?:compte|nom|pseudo)|l'utilisat(?:eur|rice)|l'internaute"
    r"|(?:log-?in|identifiant|pseudo|compte)(?! ?-?rendu)[^.;?!\n:]{0,40}(?: est| ?:| ?=))[ «\"“']{1,3}$"
)
SHORTEST = 4
"""Letters of a user name that ends in digits."""
_listed = partial(word_list, "usernames")


def handles(text: str) -> Iterator[Found]:
    """Find tokens with the shape of a user name; codes, articles, doses, names of files and products are none.

    Letters that end in digits are one where they are no ordinary word, or where something announces an account.
    """
    plain = fold(text)
    for match in _TOKEN.finditer(plain):
        start = match.start("name")
        name = match["name"].rstrip(".-_")
        end = start + len(name)
        if match["field"] or name.isdecimal() or _FILE.search(name):
            continue
        if _is_handle(text[start:end], name, plain[max(0, start - 100) : start], plain[end : end + 12]):
            yield Found("username", start, end)


def _is_handle(written: str, name: str, before: str, after: str) -> bool:
    if _SNAKE.fullmatch(name):
        return _is_snake(written, name, before)
    if match := _NUMBERED.fullmatch(name):
        return not _UNIT.match(after) and _is_numbered(written, match, before)
    if _DOTTED.fullmatch(name):
        return name.rpartition(".")[2] not in _listed("endings") and bool(_RIGHT_AFTER.search(before))
    return bool(_INNER_CAPITAL.fullmatch(written) and _RIGHT_AFTER.search(before))


def _is_snake(written: str, name: str, before: str) -> bool:
    if name in _listed("nobody"):
        return False
    parts = re.findall(r"[^\W\d_]+", name)
    coded = (
        written.isupper() or max(map(len, parts), default=0) < 3 or any(part in _listed("technical") for part in parts)
    )
    return not coded or bool(_RIGHT_AFTER.search(before))


def _is_numbered(written: str, match: re.Match[str], before: str) -> bool:
    letters, digits = written[: match.end("letters")], match["digits"]
    parts = re.split(r"[.\-]", match["letters"])
    if sum(map(len, parts)) < SHORTEST or any(part in _listed("codes") for part in parts):
        return False
    dated = bool(_YEAR.fullmatch(digits))
    common = is_common(letters) or all(is_listed_thing(word) for word in words_of(letters))
    if _ANNOUNCED.search(before) and not (dated and common):
        return True
    if letters.isupper() or match["by"] == "-" or (match["by"] and len(digits) != 2):
        return False
    if _INNER_CAPITAL.fullmatch(letters):
        return not (dated and all(is_common(part) for part in re.findall(r"[A-ZÀ-Þ]?[^A-ZÀ-Þ]+", letters)))
    # "amoxicilline500"
    return not common and not (len(digits) > 2 and not dated and digits[-1] in "05")
