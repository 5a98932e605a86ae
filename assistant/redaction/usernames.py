"""User names: with an at sign, after « pseudo » or « login », in the address of a profile, by their shape."""

import re
from collections.abc import Iterator
from functools import partial

from assistant.redaction.folding import fold, is_common
from assistant.redaction.handles import handles
from assistant.redaction.identities import Found
from assistant.redaction.word_lists import word_list

# The local part of an e-mail address is the e-mail finder's; "@15h" is an hour.
_HANDLE = re.compile(r"(?<![\w.@/+%'-])@(?![0-9]{1,2}h)(?P<name>[a-z0-9_][\w.\-]{0,40}\w)")
_ADDRESS = re.compile(
    r"(?<![\w.@-])(?:https?://)?(?:[a-z0-9\-]{1,20}\.){0,2}?(?P<site>[a-z0-9\-]{1,30}\.[a-z]{2,4})"
    r"/(?P<path>[^\s<>\"'»)\]]+)"
)
_SITE = r"instagram|insta|facebook|fb|tiktok|twitter|snapchat|snap|telegram|linkedin|youtube|discord|skype"
_NAMED = re.compile(
    r"\b(?P<cue>pseudo(?:nyme)?s?|log-?in|identifiants?|user ?name|nom d'utilisat(?:eur|rice)|nickname|handle|gamertag"
    rf"|compte (?:{_SITE}|x)|(?:{_SITE})(?= ?:| [a-z]+[._0-9]))(?![a-z\-])"
    rf"(?P<link>(?: ?[:=(,] ?|[ ](?:est|etait|c'est|donc|patient|doctolib|ameli|{_SITE})(?= ?[:=(«\"“' ])){{0,3}}"
    r" ?(?P<quote>[«\"“'‹]? ?))(?P<name>[^\W_][\w.\-]{0,40}\w|_[\w.\-]{1,40})"
)
_SNAKE = re.compile(
    rf"\b(?:{_SITE}|profil|s'appelle|alias|surnom|forum|reseaux? sociaux)(?![a-z])[^\n.;]{{0,60}}?"
    r"(?<![\w.@/-])(?P<name>[a-z0-9.]{1,30}(?:_[a-z0-9.]{1,30}){1,5})(?![\w@/-])"
)
_QUOTED = re.compile(r"[^«»\"“”\n.;]{0,40}?(?= ?[»\"”])")


_listed = partial(word_list, "usernames")


def usernames(text: str) -> Iterator[Found]:
    """Find the names people go by on a site; those of institutions and the sites themselves are none."""
    plain = fold(text)
    if "@" in plain:
        for match in _HANDLE.finditer(plain):
            if match["name"] not in _listed("nobody"):
                yield Found("username", *match.span())
    if "/" in plain:
        for match in _ADDRESS.finditer(plain):
            if _is_profile(match["site"], match["path"]):
                yield Found("username", match.start(), match.start() + len(match[0].rstrip(".,;:!?")))
    for match in _SNAKE.finditer(plain):
        yield Found("username", match.start("name"), match.start("name") + len(match["name"].rstrip(".")))
    for match in _NAMED.finditer(plain):
        if _is_name(text, match):
            closing = _QUOTED.match(plain, match.end()) if match["quote"].strip() else None
            yield Found("username", match.start("name"), closing.end() if closing else match.end())
    yield from handles(text)


def _is_profile(site: str, path: str) -> bool:
    parts = [part for part in re.split(r"[/?#]", path.rstrip(".,;:!?")) if part]
    if site in _listed("directories"):
        return len(parts) > 2
    return site in _listed("profiles") and bool(parts) and parts[0].lstrip("@") not in _listed("nobody")


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether the word after « pseudo » is one: quoted, with a digit or inner capital, or no ordinary word."""
    name, link = match["name"], match["link"]
    if name in _listed("ordinary") or name in _listed("nobody"):
        return False
    quoted = match["quote"].strip(" '") and not match["cue"].startswith("ident")
    if quoted or any(char.isdecimal() or char == "_" for char in name):
        return not name.isdecimal() or len(name) > 3
    if not link:
        return False
    written = text[slice(*match.span("name"))]
    if any(char.isupper() for char in written[1:]) and not written.isupper():
        return True
    return ("." in name and "www" not in name) or not is_common(name)
