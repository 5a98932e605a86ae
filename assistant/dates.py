"""ISO dates that may be partial: "2024", "2024-11", "2024-11-05"."""

import datetime
import re

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def is_date(text: str) -> bool:
    """Tell whether a text is a date that the calendar has."""
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


def is_reversed(first: str | None, last: str | None) -> bool:
    """Tell whether a range ends before it begins. Both ends are included: what is as precise in both decides."""
    if not first or not last:
        return False
    length = min(len(first), len(last))
    return first[:length] > last[:length]
