"""The PDF files behind the documents, as long as they hold what was indexed."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from threading import Lock

from corpus.errors import UnreadableSource
from corpus.isolation import Isolation
from corpus.models import Document

SUFFIX = ".pdf"


class Originals:
    """Finds the file of a document by the name that it was indexed under, never by anything in a request.

    Parameters
    ----------
    folders
        The operator's folders of documents.

    """

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = tuple(folders)
        self._same: dict[tuple[Path, int, int, str], bool] = {}
        self._lock = Lock()

    def may_hold(self, document: Document) -> bool:
        """Tell whether a file of this document's name is there; quick, it is not opened."""
        return bool(self._candidates(document))

    def find(self, document: Document) -> Path | None:
        """Return the file whose text is the document's, to the letter; None where it is gone or has changed.

        It is read again, once, as it was for the index: seconds for a long one.
        """
        return next((path for path in self._candidates(document) if self._is_same(path, document)), None)

    def _candidates(self, document: Document) -> list[Path]:
        name = PurePosixPath(document.source)
        if name.suffix.lower() != SUFFIX or name.is_absolute() or ".." in name.parts:
            return []
        found: list[Path] = []
        for folder in self._folders:
            with suppress(OSError, ValueError):
                found += [path] if (path := folder / name).is_file() else []
        return found

    def _is_same(self, path: Path, document: Document) -> bool:
        with self._lock, suppress(OSError, UnreadableSource):  # one at a time: each is a process of its own
            about = path.stat()
            text = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
            key = (path, about.st_mtime_ns, about.st_size, text)
            if key not in self._same:
                with Isolation() as isolation:
                    self._same[key] = isolation.load(path, document.source).document.text == document.text
            return self._same[key]
        return False
