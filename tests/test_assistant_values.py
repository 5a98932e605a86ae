"""Settings of access: what is understood, and what is refused with the variable's name and without its secrets."""

import pytest

from assistant.errors import InvalidSetting
from assistant.settings import Settings

UNDERSTOOD = [
    ("DEONTO_OPEN", "1", "open", True),
    ("DEONTO_OPEN", "oui", "open", True),
    ("DEONTO_OPEN", "0", "open", False),
    ("DEONTO_OPEN_READER", "TRUE", "open_reader", True),
    (
        "DEONTO_ORIGINS",
        "https://A.example, http://b.example:81/",
        "origins",
        ("https://a.example", "http://b.example:81"),
    ),
    ("DEONTO_PROXIES", "127.0.0.1 10.0.0.0/8,::1", "proxies", ("127.0.0.1/32", "10.0.0.0/8", "::1/128")),
    ("DEONTO_RATE", "60/Minute", "rate", "60/minute"),
    ("DEONTO_DAILY", "2000", "daily", 2000),
    ("DEONTO_LIMITS_STORE", "rediss://:pw@host:6380/1", "limits_store", "rediss://:pw@host:6380/1"),
    ("DEONTO_REQUEST_TIMEOUT", "0.5", "request_timeout", 0.5),
]
WRONG = [
    ("DEONTO_OPEN", "peut-être"),
    ("DEONTO_OPEN_READER", "2"),
    ("DEONTO_ORIGINS", "*"),
    ("DEONTO_ORIGINS", "https://a.example, b.example"),
    ("DEONTO_PROXIES", "*"),
    ("DEONTO_PROXIES", "10.0.0.1/8"),
    ("DEONTO_PROXIES", "proxy.example"),
    ("DEONTO_RATE", "60"),
    ("DEONTO_RATE", "0/minute"),
    ("DEONTO_RATE", "1/0 minute"),
    ("DEONTO_DAILY", "-1"),
    ("DEONTO_DAILY", "1e3"),
    ("DEONTO_DAILY", "99999999"),
    ("DEONTO_LIMITS_STORE", "memcached://host"),
    ("DEONTO_LIMITS_STORE", "redis://"),
    ("DEONTO_REQUEST_TIMEOUT", "0"),
    ("DEONTO_REQUEST_TIMEOUT", "soon"),
]


@pytest.mark.parametrize(("name", "given", "field", "value"), UNDERSTOOD)
def test_what_is_understood(name, given, field, value):
    assert getattr(Settings.from_environ({name: given}), field) == value


@pytest.mark.parametrize(("name", "given"), WRONG)
def test_what_is_refused(name, given):
    with pytest.raises(InvalidSetting) as refused:
        Settings.from_environ({name: given})
    assert refused.value.values == {"name": name}


def test_the_password_of_the_store_is_shown_nowhere():
    assert "pw" not in repr(Settings.from_environ({"DEONTO_LIMITS_STORE": "redis://:pw@host"}))
    with pytest.raises(InvalidSetting) as refused:
        Settings.from_environ({"DEONTO_LIMITS_STORE": "http://:pw@host"})
    assert "pw" not in str(refused.value)
