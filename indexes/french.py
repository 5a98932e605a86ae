"""French text → lexical tokens: references whole, elisions cut, accents folded, words stemmed."""

import re
import unicodedata
from functools import lru_cache

import Stemmer

from corpus.cleaning import WITHOUT_MARKS, fold
from corpus.references import BARE, LETTERED, normal_number
from indexes.lookalikes import latin

_ELISION = re.compile(r"\b(?:[ldjnstmc]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)'(?=\w)")
_WORD = re.compile(r"[^\W_]+")
_STEMMER = Stemmer.Stemmer("french")

STOP_WORDS = frozenset(
    """a ai aie ait alors apres as au aucun aucune aura aurait aussi autre autres aux avait avant avec avez avoir avons
    ayant bien c ca car ce cela celle celles celui cependant ces cet cette ceux chaque chez ci comme comment
    concernant d dans de depuis des desormais dit dois doit doivent donc dont du elle elles en encore entre es est
    et etaient etait etant etc ete etes etre eu eux fait faire faut font fut hors ici il ils j je jusqu l la le
    lequel les leur leurs lors lorsque lui m ma mais me meme memes mes mieux moi moins mon n ne ni non nos notre
    nous on ont or ou oui par parce parmi pas pendant peu peut peuvent peux plus plutot pour pourquoi pourrait puis
    puisque qu quand que quel quelle quelles quelque quelques quels qui quoi s sa sans se sera serait ses si soi
    soit son sont sous suis sur t ta tandis te tel telle telles tels tes toi ton tous tout toute toutefois toutes
    tres trop tu un une va vais vers veut veulent veux voici voila vos votre vous vu y
    bonjour bonsoir svp stp merci salut cordialement question jai cest kil koi jsuis jpeux qd pr ke ki tt""".split()
)
"""Folded words that say nothing of the subject, among them those of greetings and of hurried typing."""


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the Snowball stem of a folded word; the same with or without accents in the source."""
    return str(_STEMMER.stemWord(word))


def words(text: str) -> list[str]:
    """Return folded words and whole references ("r4127-4", "226-14"), stop words left out, in order."""
    found: list[tuple[int, str]] = []

    def take(match: re.Match[str], letter: str) -> str:
        found.append((match.start(), normal_number(letter, match.group("number")).lower()))
        return " " * len(match.group())

    def lettered(match: re.Match[str]) -> str:
        short = "-" not in match.group("number") and len(match.group("number")) < 3
        preposition = match.group().startswith("A ")  # "À 226-14 …", its accent gone
        return match.group() if short or preposition else take(match, match.group("letter"))

    plain = _unaccented(latin(text).replace("’", "'"))
    plain = BARE.sub(lambda m: take(m, ""), LETTERED.sub(lettered, plain))
    plain = _ELISION.sub(lambda m: " " * len(m.group()), plain.lower())
    for match in _WORD.finditer(plain):
        word = fold(match.group())
        if word not in STOP_WORDS and (len(word) > 1 or word.isdigit()):
            found.append((match.start(), word))
    return [word for _, word in sorted(found, key=lambda f: f[0])]


def _unaccented(text: str) -> str:
    """Return the text without its accents, composed or not, so that both spellings are cut into words alike."""
    return text if text.isascii() else unicodedata.normalize("NFD", text).translate(WITHOUT_MARKS)


def tokens(text: str) -> list[str]:
    """Return the stems of ``words``; references stay whole."""
    return [word if word[-1].isdigit() else stem(word) for word in words(text)]
