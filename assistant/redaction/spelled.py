"""Names given letter by letter: "L E G O U E S T R E", "v-i-l-t-a-r-d", "b a deux r o i s", "D comme Denis, …"."""

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.redaction.folding import HIDDEN, fold
from assistant.redaction.identities import Found
from assistant.redaction.name_words import is_listed_thing, is_ordinary, words_of

_MARK = r"(?: accent (?:aigu|grave|circonflexe)| trema| cedille)?"
_LETTER = rf"(?:(?:(?:deux|double|2) )?[a-z]{_MARK}|tiret|trait d'union|apostrophe|espace)"
_RUN = re.compile(
    rf"(?<![a-z0-9'.@_/\-])[a-z]{_MARK}(?P<by> {{1,3}}|\. |[.\-/]|, ?| - )"
    rf"(?:{_LETTER}(?P=by)){{2,30}}{_LETTER}(?![a-z0-9'@_]|[.\-/][a-z0-9])"
)
_WORD = r"[a-z] comme [a-z][a-z'\-]{1,20}"
_AS = re.compile(rf"(?<![a-z0-9'\-])(?:{_WORD}(?:[ ,;.\-]{{1,3}}(?:et |puis |deux )?(?={_WORD}))?){{3,30}}")
# What is spelt after such words is a name, even where the letters would make an ordinary word.
_ANNOUNCED = re.compile(
    r"(?:(?<![a-z])(?:mr?|mme|mlle|monsieur|madame|dr|docteur|patiente?|pte?|(?:nom|prenom)(?: d[e'] ?[a-z]{4,12})?|"
    rf"epell?e\w*|s'ecrit|orthographi\w*|lettre par lettre|s'appelle|nommee?)(?![a-z])|{HIDDEN})"
    r"[^a-z0-9]{0,5}(?:(?:ca|se|c'est|est) )?$"
)
# Words of one letter that French sentences are full of: "qu'est ce qu il n y a t il".
_CLITICS = frozenset("acdjlmnsty")
_VOWELS = frozenset("aeiouy")
SURE = 6
"""Letters from which a run is no sequence of short words."""


def spelled(text: str) -> Iterator[Found]:
    """Find names spelt out; abbreviations, lists of letters and ordinary words with spaces in them are none."""
    plain = fold(text)
    for match in _AS.finditer(plain):
        yield Found("name", *match.span(), "person.anybody")
    for match in _RUN.finditer(plain):
        if _is_name(text, plain, match):
            yield Found("name", *match.span(), "person.anybody")


def _is_name(text: str, plain: str, match: re.Match[str]) -> bool:
    letters = "".join(re.findall(r"(?<![a-z])[a-z](?![a-z])", match[0]))
    if all(ord(after) == ord(one) + 1 for one, after in pairwise(letters)):
        return False  # the answers A, B, C, D
    capitals = text[match.start()].isupper()
    if capitals and not _VOWELS & set(letters) and "." in match["by"]:
        return False  # "R.Q.T.H."
    near = plain[max(0, match.start() - 40) : match.start()]
    said = near.split()[-1:] == [letters]  # "viltard v i l t a r d"
    if said or _ANNOUNCED.search(near):
        return True
    if "," in match["by"] or "/" in match["by"] or (capitals and "." in match["by"]):
        return False
    if capitals and (not _VOWELS & set(letters) or sorted(set(letters)) == list(letters)):
        return False  # "R Q T H", "vitamines A D E K"
    if len(letters) < SURE and sum(letter not in _CLITICS for letter in letters) < 2:
        return False
    word = words_of(letters)[0]
    return not (is_ordinary(word) or is_listed_thing(word))
