"""How many results have each property: what a search can be narrowed by."""

from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.filtering import admits
from assistant.models import Filters
from assistant.research.wanted import Facet, Result, Value, Wanted
from indexes.french import tokens

MOST_VALUES = 40
"""Values of one facet, the most frequent ones."""
DECADE = 10


class Themes:
    """Free themes that differ by accent, number or case only, as one: the form that most documents have."""

    def __init__(self, themes: Iterable[str]) -> None:
        counts = Counter(themes)
        forms: dict[tuple[str, ...], str] = {}
        for theme, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            forms.setdefault(_key(theme), theme)
        self._forms = forms
        self._form = {theme: forms[_key(theme)] for theme in counts}

    def form(self, theme: str) -> str:
        """Return the form that a theme is shown in, "" for one that no document has."""
        return self._form.get(theme) or self._forms.get(_key(theme), "")


def _key(theme: str) -> tuple[str, ...]:
    return tuple(tokens(theme)) or (theme.casefold(),)


def has(result: Result, wanted: Wanted, themes: Themes) -> bool:
    """Tell whether a result keeps to what is asked beside words and reference."""
    metadata = result.document.metadata
    dates = Filters(date_from=wanted.date_from or None, date_to=wanted.date_to or None)
    return (
        (not wanted.kind or metadata.kind == wanted.kind)
        and (not wanted.court or (metadata.kind == "precedent" and metadata.publisher == wanted.court))
        and (not wanted.match or result.whole == (wanted.match == "all"))
        and set(wanted.articles) <= set(metadata.articles)
        and {themes.form(theme) for theme in wanted.themes} <= _themes(result, themes)
        and admits(dates, result.document)
    )


def facets(results: Sequence[Result], themes: Themes, *, words: bool) -> tuple[Facet, ...]:
    """Return the facets of some results, without the values that all of them share: these narrow nothing.

    ``match`` is counted for a search of words only. A period is a decade, "2010-2019".
    """
    counted: dict[str, Counter[str]] = {
        "match": Counter("all" if result.whole else "near" for result in results if words),
        "kind": Counter(str(result.document.metadata.kind) for result in results),
        "court": Counter(r.document.metadata.publisher for r in results if r.document.metadata.kind == "precedent"),
        "period": Counter(_decade(result.date) for result in results if result.date),
        "theme": Counter(theme for result in results for theme in _themes(result, themes)),
        "article": Counter(article for result in results for article in set(result.document.metadata.articles)),
    }
    found = []
    for name, counts in counted.items():
        narrowing = [Value(value, count) for value, count in counts.items() if value and count < len(results)]
        order = _newest if name == "period" else _frequent
        if narrowing:
            found.append(Facet(name, tuple(sorted(narrowing, key=order)[:MOST_VALUES])))
    return tuple(found)


def _themes(result: Result, themes: Themes) -> set[str]:
    return {themes.form(theme) for theme in result.document.metadata.themes}


def _decade(date: str) -> str:
    first = int(date[:4]) // DECADE * DECADE
    return f"{first}-{first + DECADE - 1}"


def _frequent(value: Value) -> tuple[int, str]:
    return -value.count, value.value


def _newest(value: Value) -> tuple[int, str]:
    return -int(value.value[:4]), ""
