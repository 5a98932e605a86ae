"""How far a name goes: which words may begin one after a title, a cue or nothing, and which go on with it."""

import re
from collections.abc import Sequence

from assistant.redaction.name_words import (
    Word,
    is_cue,
    is_everyday,
    is_first,
    is_last,
    is_listed_thing,
    is_new,
    is_ordinary,
    is_stop,
    is_thing,
    is_title,
    is_unknown,
    listed,
)

MOST_WORDS = 6
"""Words that one name may have."""

CLOSE = re.compile(r"[ \t\u00a0\u202f]{1,3}")
JOINED = re.compile(r"['’][ ]?")
_QUALITY = re.compile(
    r"(?:aires?|iens?|iennes?|eure?s?|al|ale|aux|els?|elles?|iques?|ifs?|ives?|ants?|antes?|ents?|ees?|istes?|ables?)\Z"
)
# How French surnames end that are also names of things.
_SURNAME = re.compile(
    r"(?:et(?:te)?|ot(?:te)?|ard|aud|eau|el|elle|[^a]in|on|ier|oir|ault|oux|ac|ec|ou|aie|oche|ouche|ache|euil)\Z"
)
_INITIAL = re.compile(r"\.?[ \t\u00a0\u202f]?-?")


def end_of(words: Sequence[Word], index: int, sign: str, *, short: bool = False) -> int:
    """Return where the name that begins at ``index`` ends, ``index`` when none does.

    Parameters
    ----------
    sign
        What announces it: ``title``, ``cue`` (« patiente »), ``colleague``, ``naming`` (« s'appelle ») or ``first``, a
        first name before it.
    short
        Whether the title may be another word too (« me », « pr »).

    """
    end = index
    while end < len(words) and end - index < MOST_WORDS:
        if end > index and not goes_on(words[end], words[end - 1]):
            break
        ahead = after_particles(words, end)
        if ahead is None:
            break
        fits = (
            _may_begin(words, ahead, sign, short, direct=ahead == index)
            if end == index
            else _may_follow(words, ahead, direct=ahead == end)
        )
        if not fits:
            break
        end = ahead + 1
    return end


def after_particles(words: Sequence[Word], index: int) -> int | None:
    """Return the word after particles and initials, None when nothing follows them."""
    while index < len(words) and (
        listed(words[index], "particles", "words") or is_initial(words, index) or _is_elided(words, index)
    ):
        if index + 1 >= len(words) or not goes_on(words[index + 1], words[index]):
            return None
        index += 1
    return index if index < len(words) else None


def is_initial(words: Sequence[Word], index: int) -> bool:
    """Whether a word is the initial of a first name: « J. Exemple », « J.-P. Exemple »."""
    word = words[index]
    short = len(word.text) == 1 or (word.capital and listed(word, "particles", "initials"))
    return short and index + 1 < len(words) and words[index + 1].gap.startswith(".")


def _is_elided(words: Sequence[Word], index: int) -> bool:
    """Whether the article of a surname stands here: « L'Exemple »."""
    return words[index].text == "L" and index + 1 < len(words) and words[index + 1].gap in {"'", "’"}


def goes_on(word: Word, before: Word) -> bool:
    """Whether nothing but a space, or the apostrophe of a particle, stands between two words of a name."""
    if CLOSE.fullmatch(word.gap):
        return True
    if len(before.text.rpartition("-")[2]) <= 2 and JOINED.fullmatch(word.gap):
        return True
    short = len(before.text) == 1 or listed(before, "particles", "initials")
    return short and bool(word.gap) and bool(_INITIAL.fullmatch(word.gap))


def is_followed(words: Sequence[Word], index: int) -> bool:
    """Whether a first name is followed by what can only be a surname."""
    if index + 1 >= len(words) or not CLOSE.fullmatch(words[index + 1].gap):
        return False
    ahead = after_particles(words, index + 1)
    if ahead is None:
        return False
    after = words[ahead]
    if words[index + 1].folded in {"de", "d", "du"} and is_everyday(words[index]) and not words[index].capital:
        return False  # « le dernier roman de … »
    return is_unknown(after) or (after.capital and is_last(after)) or (is_first(after) and not is_everyday(after))


def precedes_first(words: Sequence[Word], index: int) -> bool:
    """Whether a surname is followed by a first name: « EXEMPLE Jeanne », « exemple jeanne »."""
    if index + 1 >= len(words) or not CLOSE.fullmatch(words[index + 1].gap):
        return False
    after = words[index + 1]
    return is_first(after) and (not is_everyday(after) or after.capital or listed(after, "first", "nouns"))


def _precedes_last(words: Sequence[Word], index: int) -> bool:
    after = index + 1
    return after < len(words) and bool(CLOSE.fullmatch(words[after].gap)) and is_last(words[after])


def _precedes_unknown(words: Sequence[Word], index: int) -> bool:
    after = index + 1
    return after < len(words) and bool(CLOSE.fullmatch(words[after].gap)) and is_unknown(words[after])


def _is_never(word: Word) -> bool:
    return is_stop(word) or len(word.text) < 2 or listed(word, "stop", "bearers") or listed(word, "stop", "bearers_of")


def _may_follow(words: Sequence[Word], index: int, *, direct: bool) -> bool:
    """Whether a name goes on with a word; ``direct``: without particles before it."""
    word = words[index]
    if _is_never(word):
        return False
    if word.capital:
        lone = direct and is_first(words[index - 1]) and word.shouted == words[index - 1].shouted
        named = lone or is_first(word) or is_last(word) or not is_listed_thing(word)
        return named and (direct or not is_thing(word))
    before = words[index - 1]
    if not direct:
        before = next((w for w in reversed(words[:index]) if not listed(w, "particles", "words")), before)
    if is_unknown(word) or (is_first(word) and not is_everyday(word)):
        return True
    if not direct and words[index - 1].folded == "le":
        return listed(word, "last", "with_le")
    if not direct:
        return is_last(word) and not listed(word, "last", "seldom") and (is_unknown(before) or is_first(before))
    if (is_unknown(before) or is_first(before) or is_last(before)) and listed(word, "first", "nouns"):
        return True
    if is_first(before) and not is_everyday(before) and _is_set_apart(words, index):
        return True
    return is_last(word) and is_first(before) and not before.capital


def _is_before_first(words: Sequence[Word], index: int) -> bool:
    """Whether an ordinary word stands as a surname before a first name that is none: « tabouret jean-loup »."""
    return precedes_first(words, index) and not is_everyday(words[index + 1]) and _is_like_surname(words[index])


def _is_like_surname(word: Word) -> bool:
    """Whether an ordinary word may well be a surname: « tabouret » rather than « diabétique »."""
    if (
        is_thing(word)
        or is_title(word)
        or is_cue(word)
        or listed(word, "last", "seldom")
        or listed(word, "last", "trades")
    ):
        return False
    if listed(word, "last", "unlike") or listed(word, "around", "verbs"):
        return False
    return word.capital or (bool(_SURNAME.search(word.folded)) and not _QUALITY.search(word.folded))


def _is_set_apart(words: Sequence[Word], index: int) -> bool:
    """Whether a comma, a bracket or « née » follows an ordinary word: after a first name, a surname then."""
    if index + 1 >= len(words) or listed(words[index], "around", "verbs"):
        return False
    after = words[index + 1]
    if after.gap.lstrip()[:1].isdecimal() and _is_like_surname(words[index]):
        return True
    return after.gap.lstrip()[:1] in {",", "(", ";"} or after.folded == "nee"


def _may_begin(words: Sequence[Word], index: int, sign: str, short: bool, *, direct: bool) -> bool:
    """Whether a name that is announced so may begin with a word; ``direct``: without particles before it."""
    word = words[index]
    if _is_never(word):
        return False
    if is_first(word) and not is_everyday(word):
        return True
    if is_first(word) and (is_followed(words, index) or _precedes_last(words, index)):
        return True
    if is_new(word) and sign in {"title", "naming"}:
        return True
    if is_new(word) and index and listed(words[index - 1], "particles", "foreign"):
        return True
    if is_last(word) and direct and not listed(word, "last", "seldom"):
        patient = listed(words[index - 1], "cues", "patient_m") or listed(words[index - 1], "cues", "patient_f")
        acts = listed(word, "around", "verbs")
        patient = patient or (index > 1 and listed(words[index - 2], "around", "whose"))
        if (sign == "naming" or patient) and not acts and not listed(word, "last", "trades"):
            return True
    if is_unknown(word):
        return word.capital or listed(word, "last", "plain") or len(word.text) > (3 if sign == "cue" else 5)
    if is_last(word) and precedes_first(words, index) and not is_everyday(words[index + 1]):
        return True
    if sign != "colleague" and direct and _is_before_first(words, index):
        return True
    if sign != "colleague" and direct and listed(word, "first", "nicknames"):
        return True
    if sign == "cue" and direct and listed(word, "first", "nouns"):
        return True
    if sign == "colleague" and direct and (listed(word, "first", "nouns") or listed(word, "first", "grown")):
        after = words[index + 1] if index + 1 < len(words) else None
        return word.capital or listed(word, "first", "grown") or bool(after and listed(after, "around", "verbs"))
    if sign == "naming" and direct and _precedes_unknown(words, index):
        return True
    if sign == "title" and word.capital and words[index].gap in {"'", "’"} and not is_listed_thing(word):
        return True
    if sign == "colleague" and direct and word.capital and not word.shouted and not words[index - 1].capital:
        return bool(CLOSE.fullmatch(word.gap)) and not (
            is_listed_thing(word) or is_title(word) or _QUALITY.search(word.folded)
        )
    if sign in {"cue", "colleague"}:
        return word.capital and not word.opens and (is_last(word) or is_first(word))
    if sign == "title" and word.capital and is_last(word):
        return True
    if sign == "naming" and direct and word.capital and is_first(word):
        return True
    if is_listed_thing(word) or (is_thing(word) and sign != "title"):
        return False
    if word.capital:
        return direct or not is_ordinary(word)
    if sign == "naming":
        return direct and listed(word, "first", "everyday")
    return not short and (is_last(word) or (is_first(word) and listed(word, "first", "everyday")))
