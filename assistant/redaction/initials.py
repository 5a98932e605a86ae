"""Somebody who is given by initials: "A.-M. K., de …, 71 ans", "patient R.L."."""

import re
from collections.abc import Iterator

from assistant.redaction.bloom import folded
from assistant.redaction.identities import Found
from assistant.redaction.name_words import wording

_INITIAL = r"[A-ZÀ-ÖØ-Þ]"
_INITIALS = re.compile(
    rf"(?<![^\W_])(?<![.'’\-])(?:M\. )?(?P<who>{_INITIAL}(?:\.|(?=-{_INITIAL}\.))"
    rf"(?:[ ]?-?[ ]?{_INITIAL}\.){{0,2}}[ ]?-?[ ]?{_INITIAL}"
    r"(?:\.(?![^\W_])|(?=[ ]?[,(])))"
)
_PARTS = re.compile(r"[ \-]")
_OF = r"(?:âgée? de )?"
_AGED = re.compile(rf"(?:[ ]?[,(][^\d.;!?\n]{{0,50}}[ ,(]|[ ]?[,(]?[ ]?){_OF}\d{{1,3}} ?(?:ans?|a|mois)(?![^\W_])")
_CUE = re.compile(r"(?<![^\W\d_])(?P<cue>[^\W\d_]+)\.?[ ]?[ :,(«\"“]{1,2}$")
_WHO = {"patient_m": "man", "patient_f": "woman", "relative": "relative"}


def initials(text: str) -> Iterator[Found]:
    """Find initials that an age follows or a word for a patient or a relative announces; abbreviations are none."""
    for match in _INITIALS.finditer(text):
        letters = "".join(char for char in folded(match["who"]) if char.isalpha())
        if letters in wording()["stop"]["abbreviations"] or (len(letters) > 3 and not _PARTS.search(match["who"])):
            continue
        who = _announced(text[max(0, match.start("who") - 25) : match.start("who")])
        if who or _AGED.match(text, match.end()):
            yield Found("name", *match.span("who"), f"person.{who or 'anybody'}")


def _announced(before: str) -> str:
    match = _CUE.search(before)
    cues = wording()["cues"]
    return next((who for cue, who in _WHO.items() if match and folded(match["cue"]) in cues[cue]), "")
