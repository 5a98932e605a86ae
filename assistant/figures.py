"""The figures of a text: numbers with what they count, dates, rates and articles."""

import re

from assistant.stance import plain
from corpus.references import BARE, LETTERED, articles_in
from indexes.french import stem

NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split(), start=2
    )
} | {
    "vingt": "20",
    "trente": "30",
    "quarante": "40",
    "cinquante": "50",
    "soixante": "60",
    "cent": "100",
    "mille": "1000",
}
_NUMBER = re.compile(r"\d+(?:[ .\u00a0\u202f]\d{3})*(?:,\d+)?")
_UNIT = re.compile(
    r"\s?(?:premiers? |derniers? )?((?:€|%)|(?:euros?|ans?|annees?|mois|jours?|heures?|semaines?|minutes?|fois|voix"
    r"|metres?|km|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b)"
)
_RATE = re.compile(r"\bpar (?:an|mois|jour|semaine|heure|acte|patient|personne|page)\b")
_MONTH = re.compile(r"\b(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b")
_NUMBERED = re.compile(r"\b[lrda]\. ?\*?(\d[\d-]*(?: [a-z]\b(?!'))?)")
_AS_ONE = re.compile(r"\bun(?:e)? (ans?|annees?|mois|jours?|heures?|semaines?)\b")

SAME = {"euros": "€", "euro": "€", "annee": "an", "annees": "an", "ans": "an"}
"""Units that are written in two ways."""


def figures(text: str) -> frozenset[str]:
    """Return the figures of a text, each alone and with what it counts, and its articles."""
    folded = _AS_ONE.sub(r"1 \1", plain(BARE.sub(" ", LETTERED.sub(" ", text))))
    for word, value in NUMBERS.items():
        folded = re.sub(rf"\b{word}\b", value, folded)
    found = {f"article {article}" for article in articles_in(text)}
    found |= {match.group() for match in _MONTH.finditer(folded)}
    found |= {match.group() for match in _RATE.finditer(folded)}
    found |= {f"article {match.group(1)}" for match in _NUMBERED.finditer(plain(text))}
    for match in _NUMBER.finditer(folded):
        value = re.sub(r"[^\d,]", "", match.group())  # 2,5 is not 25
        unit = _UNIT.match(folded, match.end())
        counted = unit.group(1) if unit else ""
        found |= {value, f"{value} {SAME.get(counted, stem(counted) if counted else 'of')}"}
    return frozenset(found)
