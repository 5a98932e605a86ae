"""What was downloaded before: ``fetched.json`` beside the documents."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import FetchFailed

RECORD = "fetched.json"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document that is there: ``outcome`` is ``present``, ``downloaded`` or ``changed`` since the last time."""

    id: str
    file: str
    url: str
    sha256: str
    size: int
    date: str
    outcome: str


def read_record(folder: Path) -> dict[str, Fetched]:
    """Return what was fetched into a folder, by id.

    Raises
    ------
    FetchFailed
        The record is there and cannot be read.

    """
    try:
        rows = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return {name: Fetched(**row) for name, row in rows.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise FetchFailed(RECORD, "record", type(error).__name__) from error


def add_to_record(folder: Path, fetched: Fetched) -> None:
    """Write one document into the record, all or nothing."""
    record = {name: asdict(known) for name, known in {**read_record(folder), fetched.id: fetched}.items()}
    fresh = folder / f".{RECORD}"
    fresh.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(folder / RECORD)
