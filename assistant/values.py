"""From the text of an environment variable to a value, or ``InvalidSetting`` with the variable's name."""

import ipaddress
import re
from collections.abc import Mapping

from assistant.errors import InvalidSetting
from assistant.keys import MOST_DAILY, RATE
from assistant.origins import origin_of

_FLAGS = {"1": True, "true": True, "yes": True, "oui": True, "0": False, "false": False, "no": False, "non": False}


def flag(given: Mapping[str, str], name: str) -> bool:
    """Return whether something is switched on; unset it is not."""
    text = given.get(name, "0").strip().lower()
    if text not in _FLAGS:
        raise _wrong(name, text, "give 1 or 0")
    return _FLAGS[text]


def seconds(given: Mapping[str, str], name: str, unset: float) -> float:
    """Return a number of seconds above 0."""
    text = given.get(name, str(unset)).strip()
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) or not float(text):
        raise _wrong(name, text, "not a number of seconds above 0")
    return float(text)


def daily(given: Mapping[str, str], name: str) -> int:
    """Return a number of requests a day; 0, as unset, means no cap."""
    text = given.get(name, "0").strip()
    if not re.fullmatch("[0-9]{1,8}", text) or int(text) > MOST_DAILY:
        raise _wrong(name, text, f"not a number of requests up to {MOST_DAILY}")
    return int(text)


def days(given: Mapping[str, str], name: str, unset: int) -> int:
    """Return a number of days, from 1 to ten years."""
    text = given.get(name, str(unset)).strip()
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= 3650:
        raise _wrong(name, text, "not a number of days from 1 to 3650")
    return int(text)


def store(given: Mapping[str, str], name: str) -> str:
    """Return a file path or the address of a database, "" where none is set; what is seen may hold a password."""
    text = given.get(name, "").strip()
    if "://" in text and not re.match(r"sqlite:///.|postgresql(\+psycopg)?://.", text):
        raise InvalidSetting(f"{name}: not a file, sqlite:///PATH or postgresql+psycopg://HOST/NAME", name=name)
    return text


def rate(given: Mapping[str, str], name: str) -> str:
    """Return a rate such as ``60/minute``, "" where none is set."""
    text = given.get(name, "").strip().lower()
    if text and not RATE.fullmatch(text):
        raise _wrong(name, text, "not a rate; give a number, / and second, minute, hour or day")
    return text


def origins(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return web origins, separated by commas or spaces in the text."""
    try:
        return tuple(dict.fromkeys(origin_of(part) for part in _parts(given, name)))
    except ValueError as error:
        raise _wrong(name, given[name], "exact origins such as https://conseil.example") from error


def networks(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return addresses and networks, separated by commas or spaces in the text."""
    try:
        return tuple(str(ipaddress.ip_network(part)) for part in _parts(given, name))
    except ValueError as error:
        raise _wrong(name, given[name], "addresses such as 127.0.0.1 or 10.0.0.0/8") from error


def counters(given: Mapping[str, str], name: str) -> str:
    """Return the address of a Redis server, "" where none is set."""
    text = given.get(name, "").strip()
    if text and not re.match("rediss?://.", text):
        raise InvalidSetting(f"{name}: not an address that begins with redis:// or rediss://", name=name)
    return text


def _parts(given: Mapping[str, str], name: str) -> list[str]:
    return [part for part in re.split(r"[,\s]+", given.get(name, "")) if part]


def _wrong(name: str, seen: str, wanted: str) -> InvalidSetting:
    return InvalidSetting(f"{name}={seen[:20]!r}: {wanted}", name=name)
