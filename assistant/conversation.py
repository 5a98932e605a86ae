"""What a message owes to those before it: the topic it carries on, whether it opens another, whether it insists."""

import re
from collections.abc import Sequence
from typing import Literal

from assistant.stance import plain
from indexes.french import words
from indexes.references import references_in

Bond = Literal["opens", "leans", "insists", "follows"]
"""How a message stands to what came before: it opens a topic, cannot be understood alone, disputes the answer, or
stands alone and may still be on the same topic."""

TURNS_KEPT = 6
"""Earlier user messages that are looked at."""
LONGEST_TOPIC = 800
"""Characters of a topic that are carried."""
SHORT = 4
"""A question with fewer words of its own than this, stop words aside, leans on what came before."""
WHOLE = 5
"""One that begins like an answer to what came before ("Si", "Oui") but has as many words of its own stands alone."""

_CUE = re.compile(
    r"^(?:et|mais|pour|donc|alors|ok|d'accord|du coup|par contre|dans ce cas|en revanche|meme si|sauf si)\b"
    r"|\b(?:dans ce cas|a ce moment|la-dessus|le faire|lui dire|l'en informer)\b"
)
# "un assureur", "mon associé": whoever brings in somebody new opens a topic.
_NEWCOMER = re.compile(r"\b(?:une?|mon|ma|mes|des)\s+[a-z]{4,}")
_WEAK_CUE = re.compile(r"^(?:si|ou|oui|non|sinon)\b(?!-)")
_CHANGE = re.compile(
    r"\b(?:rien a voir|autre (?:question|sujet)|(?:question|sujet) suivante?|chang(?:eons|ement|e) de sujet|au fait)\b"
    r"|^(?:une |et |bon |ok )*autre (?:chose|point)\b|\bautre (?:chose|point) ?[:,]"
    r"|^(?:(?:ok |bon |tres bien |super )?merci|sinon,|suivante? ?:|autrement,)"
)
# Thanks before a follow-up ("merci, et pour un mineur ?") close nothing.
_THANKS = re.compile(r"^(?:(?:ok|bon|tres bien|super),? )?merci\W+(?=(?:et|mais|pour)\b)")
_INSISTENCE = re.compile(
    r"\b(?:(?:vous etes|tu es|t'es) (?:vraiment )?(?:sur|certain)|pourtant|mais non|mais si ?(?:[,.!]|$)"
    r"|on m'a (?:dit|toujours|assure)"
    r"|la loi a change|m'a (?:dit|jure|assure|certifie|affirme|garanti)|tout le monde le fait|n'importe quoi"
    r"|c'est (?:ecrit|marque|prevu)|je (?:vous |t')?assure|vous vous trompez|tu te trompes|c'est faux"
    r"|^pas d'accord|je (?:ne )?suis pas d'accord"
    r"|j'ai toujours (?:fait|pense|cru|entendu)|(?:le|la|me|l'|m') ?(?:a|ont) (?:toujours|bien) (?:fait|dit))"
)
# What a patient or a relative said is a story to judge, not an authority against the answer.
_STORY = re.compile(
    r"\b(?:patiente?|malade|mere|pere|parents?|fils|fille|enfant|femme|mari|conjointe?) (?:ne )?(?:m'a|m'avait|m'ont) "
)


def bond(message: str, turns: Sequence[str]) -> Bond:
    """Return how a message stands to the earlier messages of its user; the first one opens."""
    folded = _THANKS.sub("", plain(message).strip())
    if not turns or _CHANGE.search(folded):
        return "opens"
    if references_in(message):
        return "follows"
    if _INSISTENCE.search(_STORY.sub(" ", folded)):
        return "insists"
    return "leans" if _leans(folded) else "follows"


def topic(turns: Sequence[str]) -> str:
    """Return the latest earlier message that stands alone, else the oldest that is looked at; at least one is given."""
    kept = turns[-TURNS_KEPT:]
    found = next(
        (turn for n, turn in reversed(list(enumerate(kept))) if bond(turn, kept[:n] or turns[:1]) in ALONE), ""
    )
    return (found or turns[0])[:LONGEST_TOPIC].strip()


ALONE = frozenset({"opens", "follows"})


def _leans(folded: str) -> bool:
    """Tell whether a message needs an earlier one to be understood."""
    own = len(words(folded))
    short = own < SHORT and not _NEWCOMER.search(folded)
    return short or bool(_CUE.search(folded)) or (own < WHOLE and bool(_WEAK_CUE.search(folded)))
