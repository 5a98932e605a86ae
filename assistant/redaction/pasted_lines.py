"""Lines "Nom : …", "Adresse : …", as a record or the head of a letter gives them."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.redaction.folding import is_common
from assistant.redaction.identities import Found
from assistant.redaction.pasted_fields import bare, kind_of, listed, values_in
from assistant.redaction.written_dates import any_date

_COLON = re.compile(r"[:=]")
_WORDS_BEFORE = re.compile(r"(?:[a-z0-9()/.°'_\-]{1,20}[ *]{1,2}){0,4}[a-z0-9()/.°'_\-]{1,20}[ *]{0,3}$")
_BEGINS = re.compile(r"(?:^|[\n\t;|,(\u2022>*\-]|  ) ?$")
_END = re.compile(r"[\n;|\t?!]|(?<=[a-z0-9]{2})\.(?: |$)| - |  | (?=[a-z]{2,20}\.? ?:)|,(?= ?[a-z0-9 ()°.]{2,30}[:=])")
_NUMBER = re.compile(
    r"\+?\(?(?:[a-z]{1,5}[\-/]?)?[0-9](?:[0-9 .\-/()]{0,40}[0-9])?(?:[\-/]?[a-z0-9]{1,6})?(?![a-z0-9])"
)
_TOKEN = re.compile(r"[^\s,;]{3,60}")
LONGEST = 120
"""Characters of a value on a line."""
MOST_NAMES = 6
SHORT = 3
"""Words of a name that needs no capital where other fields stand with it."""
_compiled = cache(re.compile)


def lines(text: str, plain: str) -> Iterator[Found]:
    """Find the values of such fields; after the same words, prose stays: "Patient : refuse de venir"."""
    fields = list(_fields(plain))
    for index, (kind, name, _, after) in enumerate(fields):
        stop = min(after + LONGEST, fields[index + 1][2] if index + 1 < len(fields) else len(plain))
        ended = _END.search(plain, after, stop)
        end = ended.start() if ended else stop
        if ended and ended[0] == "?":
            continue
        if (
            kind == "name"
            and len(fields) > 1
            and len(plain[after:end].split()) <= SHORT
            and name not in listed("roles")
        ):
            yield from values_in(plain, kind, after, end)
        yield from _values(text, plain, kind, name, after, end)


def _fields(plain: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield kind, name, start and end of the fields of a text, the colon included."""
    done = 0
    for colon in _COLON.finditer(plain):
        window = plain[max(done, colon.start() - 60) : colon.start()]
        before = _WORDS_BEFORE.search(window)
        if not before:
            continue
        offset = colon.start() - len(window)
        for word in re.finditer(r"[^ *]+", before[0]):
            start = before.start() + word.start()
            said = window[start:]
            if (kind := kind_of(said)) and (done or _BEGINS.search(plain[max(0, offset + start - 3) : offset + start])):
                yield kind, bare(said), offset + start, colon.end()
                done = colon.end()
                break


def _values(text: str, plain: str, kind: str, field: str, start: int, end: int) -> Iterator[Found]:
    if kind in {"name", "doctor"}:
        end = min(end, *(at for sign in ",(" if (at := plain.find(sign, start, end)) >= 0), end)
        if _is_name(text[start:end], sure=field not in listed("roles")):
            yield from values_in(plain, kind, start, end)
    elif kind in {"birth", "death"}:
        for match in _compiled(any_date()).finditer(plain, start, end):
            yield Found(kind, *match.span())
    elif kind == "address":
        written = text[start:end]
        if any(char.isdecimal() for char in written) or _is_name(written, sure=True):
            yield from values_in(plain, kind, start, end)
    elif kind in {"nir", "file", "rpps", "iban", "phone"}:
        for match in _NUMBER.finditer(plain, start, end):
            if sum(char.isdecimal() for char in match[0]) > (7 if kind == "phone" else 3):
                yield Found(kind, *match.span())
    elif kind == "username" and (token := _TOKEN.search(plain, start, end)) and not is_common(token[0]):
        yield Found(kind, *token.span())


def _is_name(written: str, *, sure: bool) -> bool:
    """Whether all words have a capital, or, after a field that holds nothing else, one is no ordinary word."""
    words = re.findall(r"[^\W\d_]+", written)
    if not 0 < len(words) <= MOST_NAMES:
        return False
    strange = any(not is_common(word.lower()) for word in words)
    capitals = all(word[0].isupper() or len(word) < 4 for word in words) and any(word[0].isupper() for word in words)
    return (strange and (sure or capitals)) or (capitals and sure)
