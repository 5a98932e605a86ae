"""Two runs on the same questions: what changed, with paired intervals, and every question won or lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.errors import NotComparable
from eval.figures import MEASURES, TOTALS, resampled
from eval.models import Row, Run

LED_BY = "mrr@10"
"""The measure by which a question is won or lost, where it has one; else ``REFUSED``."""
REFUSED = "refusal_recall"


@dataclass(frozen=True, slots=True)
class Change:
    """The mean of ``second - first`` over the ``n`` questions that both runs have a value for.

    ``low`` and ``high`` bound 95 % of paired resamples of the questions (percentile bootstrap, Efron 1979): a change is
    clear when 0 lies outside.
    """

    measure: str
    n: int
    first: float
    second: float
    difference: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """``won`` and ``lost`` hold pairs of rows, first and second run, in which the second does better or worse."""

    first: Run
    second: Run
    changes: tuple[Change, ...]
    won: tuple[tuple[Row, Row], ...]
    lost: tuple[tuple[Row, Row], ...]


def compare(first: Run, second: Run) -> Comparison:
    """Compare two runs question by question.

    Raises
    ------
    NotComparable
        They did not ask the same questions of the same set.

    """
    if first.about["sha256"] != second.about["sha256"] or [r.id for r in first.rows] != [r.id for r in second.rows]:
        raise NotComparable("the runs asked other questions", first=first.name, second=second.name)
    pairs = list(zip(first.rows, second.rows, strict=True))
    changes = tuple(c for measure in MEASURES if (c := _change(measure, [(a.values, b.values) for a, b in pairs])))
    won = tuple(pair for pair in pairs if _worth(pair[1]) > _worth(pair[0]))
    lost = tuple(pair for pair in pairs if _worth(pair[1]) < _worth(pair[0]))
    return Comparison(first, second, changes, won, lost)


def _change(measure: str, pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]]) -> Change | None:
    both = [(a[measure], b[measure]) for a, b in pairs if measure in a and measure in b]
    if not both:
        return None
    scale = len(both) if measure in TOTALS else 1
    low, high = resampled([b - a for a, b in both])
    means = (sum(a for a, _ in both) / len(both), sum(b for _, b in both) / len(both))
    numbers = (means[0], means[1], means[1] - means[0], low, high)
    return Change(measure, len(both), *(round(scale * x, 4) for x in numbers))


def _worth(row: Row) -> float:
    return row.values.get(LED_BY, row.values.get(REFUSED, 0.0))
