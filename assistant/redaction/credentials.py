"""What opens a session, a card or a door of software: "mot de passe : …", "code CPS 4417-82"."""

import re
from collections.abc import Iterator

from assistant.redaction.folding import HIDDEN, digits_of, fold, is_common
from assistant.redaction.identities import Found
from assistant.redaction.patient_numbers import NOT_COUNTED

_OPENED = (
    "acces|activation|authentification|verification|validation|connexion|deverrouillage|deblocage|securite|session|cps|"
    "e-?cps|carte(?: cps| pro| vitale(?: pro)?)?|coffre|telephone|portable|logiciel|ordi(?:nateur)?|alarme|"
    "messagerie|wi-?fi|compte|poste|cabinet|service|secretariat|dmp"
)
_CODE = re.compile(
    r"(?<![a-z])(?:codes? (?:e-?cps|cps|cpe|pin|puk|otp|sms|wi-?fi|ameli(?: ?pro)?|doctolib|porteur|utilisateur|"
    r"personnel|secret|confidentiel|provisoire|temporaire|"
    rf"(?:d'|de |du |de la |de l'|de mon |de ma |de sa |de son )?(?:{_OPENED}))"
    rf"|pin|puk|otp)(?![a-z])(?: (?:de |du |d'|de la |de l')?(?:ma |mon |la |sa |son )?(?:{_OPENED})(?![a-z])){{0,2}}"
    r"[ :=]{0,3}(?:(?:est|c'est|etait|de|n ?°|numero|le)[ :]{0,2}){0,2}[«\"'“(]? ?"
    rf"(?P<value>(?=[^\s0-9]{{0,12}}[0-9])[a-z0-9][^\s,;:)»\"”?{HIDDEN}]{{2,30}}(?: [0-9]{{2,6}}(?![0-9a-z])){{0,4}})"
)
_PASSWORD = re.compile(
    r"(?<![a-z])(?:mots? de passe|mdp|password|passwd|pwd|passphrase|phrase secrete)(?![a-z])"
    rf"(?: (?:(?:de |du |d'|pour |sur )?(?:la |le |mon |ma |son |sa )?"
    rf"(?:{_OPENED}|ameli|doctolib|windows|mail))){{0,2}}"
    r"(?P<link>[ ]?[:=][ ]?|[ ](?:est|c'est|etait)[ ]?:?[ ]|[ ])(?P<quote>[«\"'“] ?)?"
    rf"(?P<value>[^\s,;»\"”?{HIDDEN}]{{3,40}})(?P<ends> ?(?:[,;/)»\"”\n]|$| et (?:l'|login|identifiant)))?"
)
_ODD = re.compile(r"[^\w'\-]")
LEAST = 3
"""Figures of a code."""
_COUNTED = re.compile(NOT_COUNTED)


def credentials(text: str) -> Iterator[Found]:
    """Find codes and passwords by the words before them; codes of law, of acts and of diseases are none."""
    plain = fold(text)
    for match in _CODE.finditer(plain):
        value = match["value"].rstrip(".'-/")
        if _is_code(value) and _COUNTED.match(plain, match.start("value") + len(value)):
            yield Found("number", match.start("value"), match.start("value") + len(value))
    for match in _PASSWORD.finditer(plain):
        value = match["value"].rstrip(".'/")
        if _is_password(text, match, value):
            yield Found("username", match.start("value"), match.start("value") + len(value))


def _is_code(value: str) -> bool:
    """Whether it has three figures, or two among letters: « Zx81Qm »."""
    figures = len(digits_of(value))
    return figures >= LEAST or (figures == LEAST - 1 and value.isalnum() and len(value) > LEAST + 1)


def _is_password(text: str, match: re.Match[str], value: str) -> bool:
    """Whether the word after « mot de passe » is one: with a figure or a sign in it, quoted, or all that follows."""
    written = text[match.start("value") : match.start("value") + len(value)]
    if any(char.isdecimal() for char in value) or _ODD.search(value):
        return any(char.isalnum() for char in value)
    if match["quote"]:
        return True
    if not match["link"].strip():
        return any(char.isupper() for char in written[1:]) and not written.isupper()
    return bool(match["ends"]) or not is_common(value)
