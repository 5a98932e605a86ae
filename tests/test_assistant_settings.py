"""Settings come from the environment, once; a blank value counts as unset."""

import dataclasses
import os
from pathlib import Path

import pytest

from assistant.errors import InvalidSetting
from assistant.settings import Settings
from indexes.encoder import DEFAULT


def test_nothing_set():
    unset = Settings.from_environ({})
    assert unset == Settings()
    assert (unset.index, unset.documents, unset.encoder) == (Path("var/index"), (), DEFAULT)
    assert (unset.questions, unset.feedback) == (Path("var/questions"), "")
    assert (unset.conversations, unset.retention) == (False, 180)
    assert (unset.model_url, unset.model, unset.model_key, unset.model_timeout) == ("", "", "", 30.0)
    assert (unset.host, unset.port) == ("127.0.0.1", 8000)


def test_everything_set():
    environ = {
        "DEONTO_INDEX": "/srv/index",
        "DEONTO_DOCUMENTS": os.pathsep.join(["/srv/a", "/srv/b c"]),
        "DEONTO_ENCODER": "/srv/model",
        "DEONTO_QUESTIONS": "/srv/questions",
        "DEONTO_FEEDBACK": "/srv/feedback.sqlite",
        "DEONTO_CONVERSATIONS": "1",
        "DEONTO_RETENTION": "30",
        "DEONTO_MODEL_URL": "http://127.0.0.1:9/v1",
        "DEONTO_MODEL": "some-model",
        "DEONTO_MODEL_KEY": "k-123",
        "DEONTO_MODEL_TIMEOUT": "12.5",
        "DEONTO_HOST": "0.0.0.0",
        "DEONTO_PORT": "80",
        "OTHER": "ignored",
    }
    documents = (Path("/srv/a"), Path("/srv/b c"))
    assert Settings.from_environ(environ) == Settings(
        index=Path("/srv/index"),
        documents=documents,
        encoder="/srv/model",
        questions=Path("/srv/questions"),
        feedback="/srv/feedback.sqlite",
        conversations=True,
        retention=30,
        model_url="http://127.0.0.1:9/v1",
        model="some-model",
        model_key="k-123",
        model_timeout=12.5,
        host="0.0.0.0",
        port=80,
    )


@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_a_blank_value_counts_as_unset(blank):
    names = [field.name.upper() for field in dataclasses.fields(Settings)]
    assert len(names) >= 20
    assert Settings.from_environ({f"DEONTO_{name}": blank for name in names}) == Settings()


def test_empty_folders_between_separators_are_left_out():
    given = os.pathsep.join(["", "/srv/a", "", " "])
    assert Settings.from_environ({"DEONTO_DOCUMENTS": given}).documents == (Path("/srv/a"),)


@pytest.mark.parametrize("port", ["0", "65535", "8000"])
def test_ports(port):
    assert Settings.from_environ({"DEONTO_PORT": port}).port == int(port)


@pytest.mark.parametrize("port", ["65536", "-1", "http", "80.5", "8 0", "²", "1" * 5_000])
def test_what_is_not_a_port_is_refused(port):
    with pytest.raises(InvalidSetting) as caught:
        Settings.from_environ({"DEONTO_PORT": port})
    assert caught.value.values == {"name": "DEONTO_PORT"}


@pytest.mark.parametrize(
    ("given", "seconds"), [("1", 1.0), ("0.5", 0.5), (" 45 ", 45.0), ("9999", 9999.0), ("0.001", 0.001)]
)
def test_timeouts(given, seconds):
    assert Settings.from_environ({"DEONTO_MODEL_TIMEOUT": given}).model_timeout == seconds


@pytest.mark.parametrize("given", ["0", "0.000", "-1", "30s", "1,5", "1e3", "nan", "inf", ".5", "5.", "²", "1" * 5_000])
def test_what_is_not_a_number_of_seconds_is_refused(given):
    with pytest.raises(InvalidSetting) as caught:
        Settings.from_environ({"DEONTO_MODEL_TIMEOUT": given})
    assert caught.value.values == {"name": "DEONTO_MODEL_TIMEOUT"}


@pytest.mark.parametrize(
    "given",
    ["verdicts.sqlite", "sqlite:///verdicts.sqlite", "postgresql+psycopg://u:p@h/d", "postgresql:///d?host=/run", "a "],
)
def test_places_for_verdicts(given):
    assert Settings.from_environ({"DEONTO_FEEDBACK": given}).feedback == given.strip()


@pytest.mark.parametrize(
    "given", ["sqlite://", "sqlite:///", "mysql://u:secret@h/d", "postgresql+asyncpg://u:secret@h"]
)
def test_what_is_no_place_for_verdicts_is_refused_and_its_password_not_shown(given):
    with pytest.raises(InvalidSetting) as caught:
        Settings.from_environ({"DEONTO_FEEDBACK": given})
    assert caught.value.values == {"name": "DEONTO_FEEDBACK"}
    assert "secret" not in str(caught.value)


def test_the_place_for_verdicts_is_never_shown():
    assert "p4ss" not in repr(Settings.from_environ({"DEONTO_FEEDBACK": "postgresql://u:p4ss@h/d"}))


def test_conversations_need_a_place():
    with pytest.raises(InvalidSetting) as caught:
        Settings.from_environ({"DEONTO_CONVERSATIONS": "1"})
    assert caught.value.values == {"name": "DEONTO_CONVERSATIONS"}
    assert Settings.from_environ({"DEONTO_CONVERSATIONS": "0"}) == Settings()


@pytest.mark.parametrize("given", ["0", "3651", "-1", "1.5", "six", "²", "1" * 5_000])
def test_what_is_not_a_retention_is_refused(given):
    with pytest.raises(InvalidSetting) as caught:
        Settings.from_environ({"DEONTO_RETENTION": given})
    assert caught.value.values == {"name": "DEONTO_RETENTION"}
    assert [Settings.from_environ({"DEONTO_RETENTION": days}).retention for days in ("1", " 3650 ")] == [1, 3650]


def test_the_key_of_the_model_is_never_shown():
    assert "k-123" not in repr(Settings.from_environ({"DEONTO_MODEL_KEY": "k-123"}))


def test_settings_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1
