"""Access keys in a file: what each one opens, and of the key itself a digest only.

A key is 256 random bits. No list of likely keys exists for somebody to try who has stolen the file, so one SHA-256
hides it as well as a slow password hash, and a salt would have nothing to protect: no two keys are equal. A key costs
one digest a request instead of a second of work that anybody could ask for.
"""

import datetime
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Literal, get_args

from assistant.errors import InvalidKeys
from assistant.origins import origin_of
from indexes.errors import cause_of

Scope = Literal["use", "admin"]
FORMAT = 1
PREFIX = "deonto_"
"""Begins every key: scanners of leaked secrets can know one."""
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
RATE = re.compile(r"[1-9][0-9]{0,5}/(?:second|minute|hour|day)")
MOST_DAILY = 10_000_000
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Key:
    """One access key.

    Attributes
    ----------
    name
        What the operator calls it.
    digest
        SHA-256 of the key, in hexadecimal.
    scope
        ``use``: questions and documents; ``admin``: the operator's routes too.
    origins
        Web origins it may be used from, exactly; none means programs, and our own pages.
    rate
        Requests it may make, such as ``60/minute``; "" means no limit of its own.
    daily
        Requests it may make in a day; 0 means no limit of its own.
    created
        Day, ``YYYY-MM-DD``.
    revoked
        Whether it opens nothing any more; it stays in the file, so that its name is not given twice.

    """

    name: str
    digest: str
    scope: Scope = "use"
    origins: tuple[str, ...] = ()
    rate: str = ""
    daily: int = 0
    created: str = ""
    revoked: bool = False

    @property
    def label(self) -> str:
        """What audit lines call it: the beginning of its digest, for a name may say who somebody is."""
        return self.digest[:8]

    @classmethod
    def of(cls, row: object) -> "Key":
        """Return the key of one object of the file.

        Raises
        ------
        ValueError
            A field is missing, unknown or wrong: a key whose limits were misread must not open anything.

        """
        names = {field.name for field in fields(cls)}
        if not isinstance(row, dict) or set(row) != names:
            raise ValueError(f"not a key: its fields must be {sorted(names)}")
        origins = row["origins"]
        if not isinstance(origins, list) or not all(isinstance(origin, str) for origin in origins):
            raise ValueError("origins: not a list of texts")
        key = cls(**{**row, "origins": tuple(origins)})
        right = {
            "name": isinstance(key.name, str) and NAME.fullmatch(key.name),
            "digest": isinstance(key.digest, str) and _DIGEST.fullmatch(key.digest),
            "scope": key.scope in get_args(Scope),
            "origins": all(origin == origin_of(origin) for origin in key.origins),
            "rate": isinstance(key.rate, str) and (not key.rate or RATE.fullmatch(key.rate)),
            "daily": type(key.daily) is int and 0 <= key.daily <= MOST_DAILY,
            "created": isinstance(key.created, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", key.created),
            "revoked": isinstance(key.revoked, bool),
        }
        wrong = [name for name, good in right.items() if not good]
        if wrong:
            raise ValueError(f"wrong: {', '.join(wrong)}")
        return key


def digest_of(key: str) -> str:
    """Return what the file keeps of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def new_key(
    name: str, *, scope: Scope = "use", origins: tuple[str, ...] = (), rate: str = "", daily: int = 0
) -> tuple[str, Key]:
    """Return a new key, to be shown once, and its line of the file."""
    secret = PREFIX + secrets.token_urlsafe(32)
    while not re.search("[a-f]", digest_of(secret)[:8]):  # figures alone could be somebody's number in a log
        secret = PREFIX + secrets.token_urlsafe(32)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    return secret, Key(name, digest_of(secret), scope, origins, rate, daily, today)


def read_keys(path: Path) -> tuple[Key, ...]:
    """Return the keys of a file, revoked ones too.

    Raises
    ------
    InvalidKeys
        The file is missing, cannot be read, or is not of its form.

    """
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidKeys(f"{path}: {error.strerror}", path=str(path), cause=cause_of(error)) from error
    except (ValueError, RecursionError) as error:
        raise InvalidKeys(f"{path}: {error}; mend it or restore it", path=str(path), cause="Malformed") from error


def _parsed(text: str) -> tuple[Key, ...]:
    content = json.loads(text)
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("keys"), list):
        raise ValueError(f"not a file of keys of format {FORMAT}")
    keys = tuple(Key.of(row) for row in content["keys"])
    if len({key.name for key in keys}) < len(keys) or len({key.digest for key in keys}) < len(keys):
        raise ValueError("the same name or digest twice")
    return keys


def write_keys(path: Path, keys: Iterable[Key]) -> None:
    """Put keys in place of a file's, all or nothing, readable by its owner alone."""
    path = path.resolve()  # a link stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump({"format": FORMAT, "keys": [asdict(key) for key in keys]}, out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        if path.exists() and hasattr(os, "chown"):
            # An administrator adds a key to a file that the service's own user must go on reading.
            with suppress(OSError):
                os.chown(fresh, path.stat().st_uid, path.stat().st_gid)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def revoke(keys: Iterable[Key], name: str) -> tuple[Key, ...]:
    """Return the keys with one of them revoked."""
    return tuple(replace(key, revoked=True) if key.name == name else key for key in keys)
