"""Bytes to text: which encoding a file uses, and the newlines every reader hands on."""

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

from corpus.errors import UnreadableSource

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark starts with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What old French files are written in. latin-1 is read as cp1252, which holds the same letters and the quotes besides.
_FRENCH_ENCODINGS: Final = ("cp1252", "mac_roman", "cp850")
_FRENCH: Final = frozenset("àâäçèéêëîïôöùûüÿœæÀÂÄÇÈÉÊËÎÏÔÖÙÛÜŸŒÆ«»’‘“”–—…€°§ª²³·•º©®\xa0")
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b") | {127})
_NEWLINES: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")

_MOST_CONTROLS: Final = 0.05
_MOST_REPLACED: Final = 0.05
_LEAST_FRENCH: Final = 0.8


def decode(data: bytes, source: str, *, declared: str = "") -> str:
    """Turn the bytes of a text file into text.

    A byte order mark decides; then valid UTF-8; then ``declared``; then the single-byte encoding in which the bytes
    read as French; then a statistical guess. UTF-8 with a few stray bytes stays UTF-8, each stray byte as U+FFFD.

    Parameters
    ----------
    data
        The whole file.
    source
        File name, for the error.
    declared
        Encoding that the file names itself (``<meta charset>``), "" when it names none.

    Raises
    ------
    UnreadableSource
        ``not_text`` when the bytes are binary or fit no encoding.

    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _lenient(data, encoding, source)
    if _binary(data):
        raise UnreadableSource(source, "not_text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = _declared(data, declared) or _nearly_utf8(data) or _french(data) or _guess(data)
    if text is None:
        raise UnreadableSource(source, "not_text")
    return text


def normalise(text: str) -> str:
    r"""Make every line end ``\n`` and every character one that UTF-8 can hold."""
    return _SURROGATES.sub("\ufffd", _NEWLINES.sub("\n", text))


def _binary(data: bytes) -> bool:
    if b"\0" in data or data.lstrip().startswith(b"%PDF-"):
        return True
    return len(data) - len(data.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(data)


def _lenient(data: bytes, encoding: str, source: str) -> str:
    """Decode despite a few broken bytes, as at the end of a file that was cut short."""
    text = data.decode(encoding, errors="replace")
    controls = sum(text.count(chr(code)) for code in _CONTROLS)
    if text.count("\ufffd") > max(1, _MOST_REPLACED * len(text)) or controls > _MOST_CONTROLS * len(text):
        raise UnreadableSource(source, "not_text")
    return text


def _declared(data: bytes, name: str) -> str | None:
    name = name.strip().lower()
    if not name or name.startswith(("utf-16", "utf-32")):  # the declaration itself was read as ASCII: it is wrong
        return None
    try:
        return data.decode("cp1252" if name in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"} else name)
    except (LookupError, ValueError):
        return None


def _nearly_utf8(data: bytes) -> str | None:
    text = data.decode("utf-8", errors="replace")
    foreign = sum(character > "\x7f" for character in text)
    return text if text.count("\ufffd") <= _MOST_REPLACED * foreign else None


def _french(data: bytes) -> str | None:
    """Return the first reading whose characters beyond ASCII are nearly all those of French, if there is one.

    The order matters: letters of cp1252 are also French letters, other ones, in the encodings after it; the letters of
    those are mostly signs, or nothing, in cp1252.
    """
    for encoding in _FRENCH_ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        foreign = [character for character in text if character > "\x7f"]
        if sum(character in _FRENCH for character in foreign) >= _LEAST_FRENCH * len(foreign):
            return text
    return None


def _guess(data: bytes) -> str | None:
    match = from_bytes(data).best()
    return None if match is None else str(match)
