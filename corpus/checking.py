"""What an editor must know of the shipped sheets, decisions and wordings: what is wrong, and what they cover."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.catalogue import sources
from corpus.front_matter import Verification
from corpus.precedents import Precedent
from corpus.questions import Wordings
from corpus.references import articles_in, normal_number
from corpus.sheets import Sheet

LAST_ARTICLE = 112
"""Articles of the code de déontologie: R. 4127-1 to R. 4127-112."""
WITHOUT_TEXT = frozenset({"R4127-92"})
"""Articles that the code skips."""
FEWEST_WORDINGS = 10
STALE_AFTER = 365
"""Days after which a sheet should be read again against its sources."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: ``code`` names the kind, ``place`` the file, ``detail`` what was seen."""

    code: str
    place: str
    detail: str


def findings(
    sheets: Sequence[Sheet], precedents: Sequence[Precedent], wordings: Iterable[Wordings], today: datetime.date
) -> list[Finding]:
    """Return everything that is wrong, file by file.

    ``stale`` and ``future``: dates; ``reference``: an article that a sheet names without listing it; ``anchor``: a
    fact confirmed by no entry of the catalogue and no address; ``orphan``: wordings for a document that is not there;
    ``wordings``: too few; ``hole``: an article of the code that no sheet treats.
    """
    found: list[Finding] = []
    for sheet in sheets:
        age = (today - sheet.reviewed_on).days
        if age > STALE_AFTER or age < 0:
            found.append(Finding("stale" if age > 0 else "future", sheet.id, sheet.reviewed_on.isoformat()))
        listed = {_normal(article) for article in sheet.articles}
        for article in articles_in(f"{sheet.short_answer}\n{sheet.body}"):
            if article not in listed and not _within(article, listed):
                found.append(Finding("reference", sheet.id, article))
        found += _anchors(sheet.id, sheet.verified_with)
    for precedent in precedents:
        if precedent.date > today:
            found.append(Finding("future", precedent.id, precedent.date.isoformat()))
        found += _anchors(precedent.id, precedent.verified_with)
    found += _of_wordings(sheets, precedents, wordings)
    covered = coverage(sheets)
    found += [Finding("hole", article, "") for article, held in covered.items() if not held]
    return found


def coverage(sheets: Iterable[Sheet]) -> Mapping[str, tuple[str, ...]]:
    """Return, for each article of the code de déontologie, the sheets that list it."""
    wanted = [f"R4127-{n}" for n in range(1, LAST_ARTICLE + 1) if f"R4127-{n}" not in WITHOUT_TEXT]
    held: dict[str, list[str]] = {article: [] for article in wanted}
    for sheet in sheets:
        for article in {_normal(article) for article in sheet.articles} & held.keys():
            held[article].append(sheet.id)
    return {article: tuple(sorted(ids)) for article, ids in held.items()}


def themes(items: Iterable[Sheet | Precedent]) -> list[tuple[str, int]]:
    """Return the themes with how many sheets or decisions have each, the most frequent first."""
    counts = Counter(theme for item in items for theme in item.themes)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _normal(article: str) -> str:
    text = re.sub(r" (?:C\. )?\S+$", "", article)
    letter = text[:1] if text[:1].isalpha() else ""
    return normal_number(letter, text.removeprefix(letter).strip(" .*"))


def _within(article: str, listed: set[str]) -> bool:
    """Tell whether a listed article begins with this one, or this with it: "226-14" for "226-14-1"."""
    return any(known.startswith(f"{article}-") or article.startswith(f"{known}-") for known in listed)


def _anchors(place: str, facts: Iterable[Verification]) -> list[Finding]:
    wheres = [re.split(r",? ", fact.where)[0] for fact in facts]
    return [
        Finding("anchor", place, where)
        for where in wheres
        if not where.startswith(("https://", "http://")) and where not in sources()
    ]


def _of_wordings(
    sheets: Sequence[Sheet], precedents: Sequence[Precedent], wordings: Iterable[Wordings]
) -> list[Finding]:
    ours = {f"fiche:{sheet.id}" for sheet in sheets} | {f"decision:{precedent.id}" for precedent in precedents}
    counts: Counter[str] = Counter()
    for entry in wordings:
        if not entry.article and not entry.signature:
            counts[entry.document] += len(entry.questions)
    orphans = [Finding("orphan", document, "") for document in counts if document not in ours]
    few = [
        Finding("wordings", sheet.id, str(counts[f"fiche:{sheet.id}"]))
        for sheet in sheets
        if counts[f"fiche:{sheet.id}"] < FEWEST_WORDINGS
    ]
    return orphans + few
