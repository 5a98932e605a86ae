"""Names in small letters that nothing announces: words like no French word, where somebody is met or acts.

A slip of typing is no French word either: what stands one letter from a word that exists is taken for that word.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.redaction.name_bounds import CLOSE
from assistant.redaction.name_words import (
    Word,
    forget_words,
    is_everyday,
    is_first,
    is_last,
    is_ordinary_spelling,
    is_unknown,
    listed,
)

LEAST = 6
"""Letters from which a word can be told from a slip."""
MOST_UNKNOWN = 4
"""Long unknown words in small letters, from which a text is taken for one in another language or dialect."""
REMEMBERED = 20_000

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST_SLIP = 30
"""Letters of a word that may be misspelt; the spellings beside a longer one would take seconds to look up."""
# A letter that is none of French.
_FOREIGN = re.compile(
    r"[^\Wa-z\d_\u00e0\u00e2\u00e4\u00e6\u00e7-\u00eb\u00ee\u00ef\u00f4\u00f6\u00f9\u00fb\u00fc\u00ff\u0153-]"
)
_LATIN = re.compile(r"[a-z\u00df-\u024f]+")
# What medicines, diseases and made-up abstractions end with.
_SCIENCE = re.compile(
    r"(?:mab|nib|zole|statine|olol|pril|sartan|illine|mycine|zepam|xaban|gliptine|flozine|tide|vir|oxacine|triptan"
    r"|ectomies?|graphies?|plasties?|tomies?|scopies?|pathies?|algies?|emies?|uries?|ites?|oses?|omes?|ismes?|istes?"
    r"|logies?|therapies?|metries?|metres?|phobies?|phobes?|plegies?|azines?|idines?|amines?|amides?|ations?|ments?"
    r"|ables?|ibles?|aires?|ables?|atoires?|iennes?|antes?|ises?|iser|isation|ing|ware|tech|ant)\Z"
)
_APOSTROPHES = frozenset("'’")
_AGE = re.compile(r"\s?[,(]?\s?\d{1,3}\s?(?:ans|mois|a\b)")


def is_strange(word: Word) -> bool:
    """Whether a word is like no French word: not even one letter from any."""
    if not is_unknown(word):
        return False
    if listed(word, "last", "plain") or (not word.capital and is_foreign(word)):
        return True
    return len(word.text) >= LEAST and not _SCIENCE.search(word.folded) and not _is_slip(word.folded)


def is_foreign(word: Word) -> bool:
    """Whether it has a letter that French does not: « aydın », « łukasz »."""
    small = word.text.lower()
    return len(small) > 2 and bool(_LATIN.fullmatch(small)) and bool(_FOREIGN.search(small))


def length(text: str, words: Sequence[Word], index: int) -> int:
    """Return how many words the name has that begins at ``index``, 0 when none does."""
    word = words[index]
    if listed(word, "first", "nicknames") and len(word.text) > 2 and _acts_or_met(text, words, index, 1):
        return 1
    if _is_pair(words, index) and _acts_or_met(text, words, index, 2):
        return 2
    if _is_everyday_name(text, words, index):
        return 1
    if word.capital or not is_unknown(word):
        return 0
    if index and words[index - 1].text in {"N", "M", "O"} and word.gap in _APOSTROPHES:
        return 1
    if index and listed(words[index - 1], "particles", "foreign") and _acts_or_met(text, words, index, 1):
        return 1
    if is_foreign(word):
        return 1
    if not _is_french(words) or (index and listed(words[index - 1], "around", "articles")):
        return 0
    follows = _next(words, index)
    if follows and is_unknown(follows) and min(len(word.text), len(follows.text)) > 3 and not follows.capital:
        both = (word, follows)
        if any(is_strange(w) for w in both) and not any(_SCIENCE.search(w.folded) for w in both):
            return 2
    if _is_mine(words, index):
        return 1
    return int(is_strange(word) and (_is_told_of(words, index) or _acts_or_met(text, words, index, 1)))


def particled(words: Sequence[Word], index: int) -> int:
    """Return where a surname begins that « van der », « ben » or « N' » may stand before."""
    while index:
        before, gap = words[index - 1], words[index].gap
        joined = CLOSE.fullmatch(gap) and listed(before, "particles", "foreign")
        if not (joined or (before.text in {"N", "M", "O"} and gap in _APOSTROPHES)):
            break
        index -= 1
    return index


def _is_everyday_name(text: str, words: Sequence[Word], index: int) -> bool:
    """Whether an everyday word without an article is somebody who is met or acts."""
    word = words[index]
    first = listed(word, "first", "likely")
    if not (first or listed(word, "first", "nouns") or is_last(word)) or listed(word, "last", "seldom"):
        return False
    before = words[index - 1] if index else None
    if before and listed(before, "around", "articles"):
        return False
    if before and listed(before, "around", "meets") and CLOSE.fullmatch(word.gap):
        return first or (word.capital and not word.shouted) or not listed(before, "around", "prepositions")
    if not (first or listed(word, "first", "nouns") or word.capital):
        return False
    return _acts_or_met(text, words, index, 1)


def _is_pair(words: Sequence[Word], index: int) -> bool:
    """Whether a first name and a surname that are everyday words both stand here: « olive poisson »."""
    word, after = words[index], _next(words, index)
    if after is None or not (is_first(word) and is_everyday(word) and is_last(after)):
        return False
    if listed(after, "last", "seldom") or listed(word, "last", "seldom"):
        return False
    return not (index and listed(words[index - 1], "around", "articles"))


def _is_told_of(words: Sequence[Word], index: int) -> bool:
    """Whether what stands before can only be about somebody: « part de », « dossier », « remettre à »."""
    before = words[index - 1] if index and CLOSE.fullmatch(words[index].gap) else None
    if before is None:
        return False
    if listed(before, "around", "labels"):
        return True
    linked = listed(before, "particles", "linking") and index > 1
    return linked and (listed(words[index - 2], "around", "about") or listed(words[index - 2], "cues", "belongings"))


def _acts_or_met(text: str, words: Sequence[Word], index: int, count: int) -> bool:
    """Whether these words are somebody who is met, or, where a sentence or a clause begins, who acts."""
    last = words[index + count - 1]
    start = particled(words, index)
    if start == index and index > 1 and words[index - 1].folded in {"de", "d"}:
        start = index - 1 if listed(words[index - 2], "around", "meets") else index
    index, count = start, count + index - start
    word = words[index]
    before = words[index - 1] if index else None
    if before and CLOSE.fullmatch(word.gap) and listed(before, "around", "meets"):
        return True
    begins = word.opens or before is None or not CLOSE.fullmatch(word.gap) or listed(before, "around", "leads")
    after = _next(words, index + count - 1)
    if after and (listed(after, "around", "states") or (listed(after, "around", "verbs") and (begins or count > 1))):
        return True
    return begins and (bool(_AGE.match(text, last.end)) or _is_coupled(words, index + count))


def _is_coupled(words: Sequence[Word], index: int) -> bool:
    """Whether « et sa femme » stands here."""
    return index + 1 < len(words) and words[index].folded == "et" and listed(words[index + 1], "around", "owners")


def _is_mine(words: Sequence[Word], index: int) -> bool:
    """Whether a sentence begins with a word that « est mon patient » follows."""
    if not words[index].opens or index + 3 >= len(words):
        return False
    verb, whose, who = words[index + 1 : index + 4]
    cues = ("patient_m", "patient_f", "relative", "colleague")
    return (
        verb.folded in {"est", "etait", "c"}
        and listed(whose, "around", "owners")
        and any(listed(who, "cues", cue) for cue in cues)
    )


def _next(words: Sequence[Word], index: int) -> Word | None:
    after = words[index + 1] if index + 1 < len(words) else None
    return after if after and CLOSE.fullmatch(after.gap) else None


def _is_french(words: Sequence[Word]) -> bool:
    unknown = sum(len(word.text) > 3 and not word.capital and is_unknown(word) for word in words)
    return unknown <= max(MOST_UNKNOWN, len(words) // 8) and (unknown <= 2 or unknown * 2 <= len(words))


@lru_cache(REMEMBERED)
def _is_slip(word: str) -> bool:
    return len(word) <= LONGEST_SLIP and any(is_ordinary_spelling(other) for other in _beside(word))


def _beside(word: str) -> Iterator[str]:
    """Yield the spellings one letter from a word: one left out, turned round, changed or put in."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    for at in range(len(word)):
        for letter in _LETTERS:
            yield word[:at] + letter + word[at + 1 :]
    for at in range(len(word) + 1):
        for letter in _LETTERS:
            yield word[:at] + letter + word[at:]


def forget() -> None:
    """Forget the words that were looked up: those of one conversation, names among them, are not kept for the next."""
    _is_slip.cache_clear()
    forget_words()
