"""People's names in ordinary prose: with a title or without, capitals or not.

A name is told by what announces it (a title, « patiente », « s'appelle »), by a first name, or by a word that nothing
else explains; ``names.toml`` holds the lists, ``vocabulary`` the French words and the first names. What only
bears somebody's name is left (a law, a decision, a disease, a hospital), and so are the people whom the documents
name, unless they are spoken of as a patient.
"""

from collections.abc import Iterator, Sequence

from assistant.redaction.identities import Found
from assistant.redaction.name_borne import is_borne, is_case
from assistant.redaction.name_bounds import (
    CLOSE,
    after_particles,
    end_of,
    is_followed,
    is_initial,
    precedes_first,
)
from assistant.redaction.name_families import is_family, things_named
from assistant.redaction.name_renowned import is_figure, is_hospital, is_repeated
from assistant.redaction.name_signs import Name, announced
from assistant.redaction.name_strange import is_strange, length, particled
from assistant.redaction.name_words import (
    Word,
    is_cue,
    is_everyday,
    is_first,
    is_last,
    is_listed_thing,
    is_ordinary,
    is_stop,
    is_thing,
    is_title,
    is_unknown,
    listed,
    words_of,
    written,
)
from assistant.redaction.persons import NOBODY, Knows


class Names:
    """The finder of names.

    Parameters
    ----------
    knows
        Whether the documents name somebody in these words.
    heard
        Folded words of names found elsewhere in the conversation: a name without a title is one all the same then.

    """

    def __init__(self, knows: Knows = NOBODY, heard: frozenset[str] = frozenset()) -> None:
        self._knows = knows
        self._heard = heard

    def __call__(self, text: str) -> Iterator[Found]:
        """Yield the names of a text."""
        words = words_of(text)
        for name in self.names(text, words):
            yield Found("name", words[name.first].start, words[name.last - 1].end, f"person.{name.placeholder}")

    def heard_in(self, text: str) -> frozenset[str]:
        """Return the folded words by which the names of a text would be known again."""
        words = words_of(text)
        return frozenset(w.folded for name in self.names(text, words) for w in _telling(words[name.first : name.last]))

    def names(self, text: str, words: Sequence[Word]) -> list[Name]:
        """Return the names of a text by their words, each word in one at most."""
        found = [name for name in _all(text, words) if not self._is_known(text, words, name)]
        again = set(self._heard)
        for name in found:
            again.update(w.folded for w in _telling(words[name.first : name.last]))
        found += [other for name in found for other in _with(words, name)]
        taken = {index for name in found for index in range(name.first, name.last)}
        for index, word in enumerate(words):
            if index in taken or word.folded not in again or (is_ordinary(word) and (not word.capital or word.opens)):
                continue
            if not is_borne(words, index):
                found.append(Name(index, index + 1, "anybody", sure=True))
        again_odd = things_named(words, frozenset(taken))
        return [*found, *(Name(index, index + 1, "anybody", sure=True) for index in again_odd)]

    def _is_known(self, text: str, words: Sequence[Word], name: Name) -> bool:
        if is_hospital(words, name.first, name.last):
            return True
        if name.sure:
            return False
        if name.placeholder in {"anybody", "doctor"} and is_figure(words[name.first : name.last]):
            return True
        said = text[words[name.first].start : words[name.last - 1].end]
        if name.last - name.first > 1:
            return self._knows(said)
        word = words[name.first]
        if is_first(word):
            return False
        if name.placeholder == "doctor":
            return self._knows.titled(said)
        if name.placeholder != "anybody":
            return False
        cases = str(written()["known"]["cases"]).split()
        return any(self._knows(f"{case} {said}") for case in cases) or (not is_last(word) and self._knows(said))


def _telling(words: Sequence[Word]) -> list[Word]:
    """Return the words of a name by which it is known again: none of its particles and initials."""
    return [
        w
        for w in words
        if len(w.text) > 2 and not listed(w, "particles", "words") and not is_stop(w) and not is_listed_thing(w)
    ]


def _all(text: str, words: Sequence[Word]) -> list[Name]:
    found: list[Name] = []
    index = 0
    while index < len(words):
        name = announced(text, words, index) or _bare(text, words, index)
        if name is None or (name.last - name.first == 1 and is_repeated(words, name.first)):
            index += 1
        else:
            found.append(name)
            index = name.last
    return found


def _with(words: Sequence[Word], name: Name) -> Iterator[Name]:
    """Yield a name that « et » joins to a name."""
    several = name.first > 0 and listed(words[name.first - 1], "around", "several")
    for joint, other in ((name.first - 1, name.first - 2), (name.last, name.last + 1)):
        if other < 0 or other >= len(words) or words[joint].folded != "et" or is_stop(words[other]):
            continue
        word = words[other]
        if several and other > joint:
            yield Name(other, max(other + 1, end_of(words, other, "title")), name.placeholder, sure=name.sure)
        elif (is_first(word) and (not is_everyday(word) or listed(word, "first", "everyday"))) or (
            word.capital and words[name.first].capital and is_unknown(word) and not is_borne(words, other)
        ):
            yield Name(other, other + 1, name.placeholder, sure=name.sure)


def _bare(text: str, words: Sequence[Word], index: int) -> Name | None:
    """Return the name that begins at ``index`` without any announcement."""
    word = words[index]
    if is_borne(words, index) or (word.capital and is_case(text, word)):
        return None
    count = 0 if is_title(word) else length(text, words, index)
    if count:
        first = particled(words, index)
        return Name(first, max(index + count, end_of(words, index, "title")), "anybody", sure=False)
    if word.capital and index and words[index - 1].text == "Le" and listed(word, "last", "after_le"):
        return Name(index - 1, max(index + 1, end_of(words, index, "title")), "anybody", sure=False)
    if is_initial(words, index) and word.capital and not is_title(word):
        ahead = after_particles(words, index)
        if ahead is not None and words[ahead].capital and (is_unknown(words[ahead]) or is_first(words[ahead])):
            return Name(index, max(ahead + 1, end_of(words, ahead, "title")), "anybody", sure=False)
        return None
    if len(word.text) < 2 or is_stop(word) or is_cue(word) or is_title(word):
        return None
    if is_family(words, index):
        return Name(index, max(index + 1, end_of(words, index, "title")), "anybody", sure=False)
    if is_first(word) and (not is_thing(word) or is_followed(words, index)):
        return _from_first(words, index)
    if is_last(word) and not is_unknown(word):
        named = word.capital and (precedes_first(words, index) or _precedes_unknown(words, index))
        if not named and not (index and listed(words[index - 1], "around", "articles")):
            small = not word.capital and not listed(word, "last", "seldom") and precedes_first(words, index)
            named = small and not is_everyday(words[index + 1])
        return Name(index, max(index + 2, end_of(words, index + 1, "title")), "anybody", sure=False) if named else None
    if not is_unknown(word):
        return None
    if precedes_first(words, index):
        return Name(index, max(index + 2, end_of(words, index, "title")), "anybody", sure=False)
    if not word.capital:
        return None
    if text[word.end : word.end + 1].isdigit():
        return None  # an identifier
    end = end_of(words, index, "title")
    if end - index > 1 and words[index + 1].capital and _is_surname(words[index + 1]):
        return Name(index, end, "anybody", sure=False)
    if len(word.text) > 3 and _is_somebody(words, index):
        return Name(index, index + 1, "anybody", sure=False)
    return None


def _from_first(words: Sequence[Word], index: int) -> Name | None:
    word = words[index]
    ahead = after_particles(words, index + 1)
    if ahead is not None and ahead > index + 1 and is_listed_thing(words[ahead]) and not is_stop(words[ahead]):
        return None  # « Gilles de la Tourette »
    followed = is_followed(words, index)
    if not followed:
        if is_everyday(word) and not (word.capital and not word.opens and listed(word, "first", "everyday")):
            return None
        if not word.capital and len(word.text) < 4:
            return None
    return Name(index, max(index + 1, end_of(words, index, "first")), "anybody", sure=False)


def _is_somebody(words: Sequence[Word], index: int) -> bool:
    """Whether a capital alone tells a name: no article before it, or, where a sentence begins, somebody who acts."""
    if words[index].opens:
        after = words[index + 1] if index + 1 < len(words) else None
        if after is None or not CLOSE.fullmatch(after.gap):
            return words[index].shouted and is_strange(words[index])
        return listed(after, "around", "verbs") or is_initial(words, index + 1)
    before = words[index - 1]
    place = before.folded in {"a", "depuis"} and (index < 2 or listed(words[index - 2], "around", "sited"))
    return not place and not listed(before, "around", "articles")


def _is_surname(word: Word) -> bool:
    return is_last(word) or not is_ordinary(word)


def _precedes_unknown(words: Sequence[Word], index: int) -> bool:
    after = index + 1
    return (
        after < len(words)
        and bool(CLOSE.fullmatch(words[after].gap))
        and words[after].capital
        and is_unknown(words[after])
    )
