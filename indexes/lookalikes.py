"""Letters that look like Latin ones, as themselves: Cyrillic and Greek twins, full-width and mathematical forms.

Who types "аrticle 226‐13" with a Cyrillic "а" and a typographer's hyphen, on purpose or through a keyboard or a PDF,
asks for article 226-13.
"""

import re
import unicodedata

_TWINS = (
    "аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw ӏl ѵv АA ВB ЕE ЗZ КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS Ԁd ԚQ ԜW "
    "οo νv αa ιi κk ρp υu ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ɑa ɡg ıi ʟl"
)
_TABLE = str.maketrans({pair[0]: pair[1] for pair in _TWINS.split()} | dict.fromkeys("‐−﹣⁃", "-"))
_FOREIGN = re.compile(
    "[\u0131\u0251\u0261\u029f\u0370-\u052f\u2010\u2043\u2212\ufe50-\ufe6f\uff01-\uff5e\U0001d400-\U0001d7ff]"
)
_FORMS = re.compile("[\ufe50-\ufe6f\uff01-\uff5e\U0001d400-\U0001d7ff]+")


def latin(text: str) -> str:
    """Return a text with its look-alikes replaced; any other text as it is."""
    if not _FOREIGN.search(text):
        return text
    return _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text).translate(_TABLE)
