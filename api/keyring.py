"""The access keys in use: read from their file, again whenever it changes."""

import hmac
from pathlib import Path

from api.audit import audit
from assistant.errors import InvalidKeys
from assistant.keys import Key, digest_of, read_keys

LONGEST = 200
"""Characters of what is looked up; a key of ours has 50."""


class Keyring:
    """Looks keys up.

    A file that has become unreadable changes nothing: the keys that were last read go on opening what they opened, and
    one audit line says so. A key is withdrawn by ``deonto keys revoke``, never by removing the file.

    Raises
    ------
    InvalidKeys
        The file cannot be read at the start, or holds no key that opens anything.

    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = _state(path)
        self._keys = read_keys(path)
        if all(key.revoked for key in self._keys):
            raise InvalidKeys(f"{path}: no key in it; add one", path=str(path), cause="NoKey")

    def find(self, given: str) -> Key | None:
        """Return the key that was given, revoked or not, None when it is not one of ours.

        Digests are compared in constant time and all of them: how long it takes says nothing of how near a guess came.
        """
        digest, found = digest_of(given[:LONGEST]), None
        for key in self._current():
            if hmac.compare_digest(key.digest, digest):
                found = key
        return found

    def origins(self) -> frozenset[str]:
        """Return the web origins that any key may be used from."""
        return frozenset(origin for key in self._current() if not key.revoked for origin in key.origins)

    def _current(self) -> tuple[Key, ...]:
        state = _state(self._path)
        if state != self._seen:
            self._seen = state  # a file that is broken is read again when it changes again, not at each request
            try:
                fresh = read_keys(self._path)
            except InvalidKeys as error:
                audit("keys_invalid", code=str(error.values["cause"]))
            else:
                before, self._keys = self._keys, fresh
                _tell(before, fresh)
        return self._keys


def _state(path: Path) -> tuple[int, ...] | None:
    """Return what changes whenever the file is written; None when it is not there."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return (seen.st_ino, seen.st_mtime_ns, seen.st_size)


def _tell(before: tuple[Key, ...], after: tuple[Key, ...]) -> None:
    """Audit what has changed."""
    audit("keys_reloaded", count=sum(not key.revoked for key in after))
    opened = {key.digest for key in before if not key.revoked}
    opening = {key.digest: key for key in after if not key.revoked}
    for digest, key in opening.items():
        if digest not in opened:
            audit("key_added", key=key.label, role="admin" if key.scope == "admin" else "reader")
    for key in before:
        if key.digest in opened - set(opening):
            audit("key_revoked", key=key.label, role="admin" if key.scope == "admin" else "reader")
