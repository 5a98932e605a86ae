"""Access keys: what the file keeps, what it may hold, how the command line changes it, how a server follows it."""

import json
import os
import stat
import sys

import pytest

from api.keyring import Keyring
from assistant.errors import InvalidKeys
from assistant.keys import PREFIX, Key, digest_of, new_key, read_keys, revoke, write_keys
from assistant.messages import explain, message
from assistant.origins import origin_of
from tests.command import run

DAY = "2026-01-02"


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("DEONTO_KEYS", str(tmp_path / "keys.json"))
    return tmp_path / "keys.json"


def line(**changed):
    """Return a line of a file of keys, with some fields changed."""
    good = {"name": "a", "digest": "ab" * 32, "scope": "use", "origins": [], "rate": "", "daily": 0}
    return {**good, "created": DAY, "revoked": False, **changed}


def put(path, *lines, **changed):
    path.write_text(json.dumps({"format": 1, "keys": lines, **changed}), encoding="utf-8")


class TestFile:
    def test_keeps_a_digest_and_never_the_key(self, path):
        secret, key = new_key("widget", origins=("https://a.example",), rate="60/minute", daily=5)
        write_keys(path, [key])
        assert secret not in path.read_text()
        assert secret.removeprefix(PREFIX) not in path.read_text()
        assert read_keys(path) == (key,)
        assert key.digest == digest_of(secret)

    def test_keys_are_long_and_no_two_are_equal(self):
        made = [new_key("a") for _ in range(50)]
        assert len({secret for secret, _ in made}) == 50
        assert all(len(secret) == len(PREFIX) + 43 for secret, _ in made)
        # What stands in logs could never be a telephone number.
        assert all(any(letter in key.label for letter in "abcdef") and len(key.label) == 8 for _, key in made)

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
    def test_is_readable_by_its_owner_alone_even_when_it_was_not(self, path):
        put(path, line())
        path.chmod(0o666)
        before = os.umask(0)
        try:
            write_keys(path, read_keys(path))
        finally:
            os.umask(before)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_is_written_all_or_not_at_all(self, path, monkeypatch):
        put(path, line())
        before = path.read_text()

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            write_keys(path, [])
        assert path.read_text() == before
        assert list(path.parent.iterdir()) == [path]

    def test_a_link_to_it_stays_a_link(self, path):
        real = path.with_name("real.json")
        put(real, line())
        path.symlink_to(real)
        write_keys(path, [])
        assert path.is_symlink()
        assert read_keys(real) == ()

    @pytest.mark.parametrize(
        "content",
        ["", "{", "[]", "null", '{"format": 2, "keys": []}', '{"format": 1}', '{"format": 1, "keys": {}}', "[" * 9_000]
        + [json.dumps({"format": 1, "keys": [row]}) for row in (None, 7, [], {}, {"name": "a"})],
    )
    def test_of_another_form_is_refused(self, path, content):
        path.write_text(content)
        with pytest.raises(InvalidKeys) as refused:
            read_keys(path)
        assert "{" not in explain(refused.value)
        assert "deonto keys add" in explain(refused.value)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"name": "a b"},
            {"name": "x" * 65},
            {"name": 7},
            {"digest": "ab"},
            {"digest": "AB" * 32},
            {"digest": None},
            {"scope": "root"},
            {"scope": []},
            {"origins": "https://a.example"},
            {"origins": ["*"]},
            {"origins": ["https://*.example"]},
            {"origins": ["https://A.example"]},
            {"origins": [3]},
            {"rate": "60"},
            {"rate": "60/fortnight"},
            {"rate": 60},
            {"daily": -1},
            {"daily": True},
            {"daily": "5"},
            {"created": "hier"},
            {"revoked": "no"},
            {"origin": ["https://a.example"]},
        ],
    )
    def test_with_a_wrong_or_unknown_field_is_refused_whole(self, path, wrong):
        put(path, line(name="good", digest="cd" * 32), line(**wrong))
        with pytest.raises(InvalidKeys):
            read_keys(path)

    def test_with_a_name_or_a_key_twice_is_refused(self, path):
        for other in (line(digest="cd" * 32), line(name="b")):
            put(path, line(), other)
            with pytest.raises(InvalidKeys):
                read_keys(path)

    def test_that_is_missing_is_said_so(self, path):
        with pytest.raises(InvalidKeys) as refused:
            read_keys(path)
        assert "fichier ou dossier introuvable" in explain(refused.value)


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Conseil.example/", "https://conseil.example"),
        ("https://conseil.example:443", "https://conseil.example"),
        ("http://conseil.example:80", "http://conseil.example"),
        ("https://conseil.example:8443", "https://conseil.example:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_origins_are_written_as_browsers_send_them(given, origin):
    assert origin_of(given) == origin


@pytest.mark.parametrize(
    "given",
    [
        "*",
        "null",
        "",
        "conseil.example",
        "https://",
        "https://a.example/page",
        "https://*.example",
        "ftp://a.example",
        "https://a.example https://b.example",
        "https://a@b.example",
        "https://é.example",
    ],
)
def test_what_is_no_exact_origin_is_refused(given):
    with pytest.raises(ValueError, match="origin"):
        origin_of(given)


class TestCommand:
    def test_a_key_is_shown_once_and_alone_on_the_standard_output(self, path):
        added = run("keys", "add", "widget", "--origin", "https://A.example/", "--rate", "60/minute", "--daily", "9")
        secret = added.stdout.strip()
        assert added.stdout == f"{secret}\n"
        assert secret not in added.stderr
        (key,) = read_keys(path)
        assert (key.digest, key.scope, key.origins) == (digest_of(secret), "use", ("https://a.example",))
        assert (key.rate, key.daily, key.revoked) == ("60/minute", 9, False)
        for args in (["list"], ["list", "--json"]):
            shown = run("keys", *args).stdout
            assert "widget" in shown
            assert secret not in shown
            assert key.digest not in shown

    def test_a_key_is_withdrawn_and_its_name_not_given_again(self, path):
        run("keys", "add", "a")
        run("keys", "add", "b", "--admin")
        before = run("keys", "add", "a", code=1)
        assert message("keys.exists", name="a") in " ".join(before.stderr.split())
        run("keys", "revoke", "a")
        run("keys", "add", "a", code=1)
        assert [(key.name, key.scope, key.revoked) for key in read_keys(path)] == [
            ("a", "use", True),
            ("b", "admin", False),
        ]
        assert "retirée" in run("keys", "list").stdout
        run("keys", "revoke", "nobody", code=1)

    @pytest.mark.parametrize(
        "wrong", [["a b"], ["é"], ["a", "--rate", "often"], ["a", "--origin", "*"], ["a", "--daily", "-1"]]
    )
    def test_wrong_arguments_change_nothing(self, path, wrong):
        run("keys", "add", *wrong, code=2)
        assert not path.exists()

    def test_a_broken_file_is_neither_read_nor_replaced(self, path):
        path.write_text("{")
        for args in (["add", "a"], ["list"], ["revoke", "a"]):
            assert "n'a pas la forme attendue" in " ".join(run("keys", *args, code=1).stderr.split())
        assert path.read_text() == "{"

    def test_the_file_must_be_named(self, path, monkeypatch):
        monkeypatch.delenv("DEONTO_KEYS")
        assert "DEONTO_KEYS" in run("keys", "add", "a", code=1).stderr
        run("keys", "add", "a", "--file", path)
        assert path.exists()


class TestKeyring:
    def test_finds_keys_and_nothing_else(self, path):
        made = [new_key(name) for name in "abc"]
        write_keys(path, [key for _, key in made])
        ring = Keyring(path)
        assert [ring.find(secret) for secret, _ in made] == [key for _, key in made]
        secret, key = made[0]
        for wrong in ["", secret[:-1], secret + "x", secret.upper(), key.digest, key.name, "é", "x" * 10_000]:
            assert ring.find(wrong) is None

    def test_follows_the_file(self, path, caplog):
        first, a = new_key("a", origins=("https://a.example",))
        second, b = new_key("b", scope="admin", origins=("https://b.example",))
        write_keys(path, [a])
        ring = Keyring(path)
        assert ring.find(second) is None
        write_keys(path, [a, b])
        assert ring.find(second) == b
        assert ring.origins() == {"https://a.example", "https://b.example"}
        write_keys(path, revoke([a, b], "a"))
        assert ring.find(first).revoked
        assert ring.origins() == {"https://b.example"}
        assert first not in caplog.text
        told = caplog.text
        assert told.count("keys_invalid") == 0

    def test_a_file_that_breaks_leaves_the_last_good_keys_and_is_said_once(self, path, caplog):
        secret, key = new_key("a")
        write_keys(path, [key])
        ring = Keyring(path)
        path.write_text("{")
        for _ in range(5):
            assert ring.find(secret) == key
        assert caplog.text.count("keys_invalid") == 1
        path.unlink()
        assert ring.find(secret) == key
        assert caplog.text.count("keys_invalid") == 2
        write_keys(path, revoke([key], "a"))
        assert ring.find(secret).revoked

    def test_without_a_key_that_opens_anything_there_is_no_server(self, path):
        _, key = new_key("a")
        for keys in ([], revoke([key], "a")):
            write_keys(path, keys)
            with pytest.raises(InvalidKeys) as refused:
                Keyring(path)
            assert refused.value.values["cause"] == "NoKey"


def test_a_key_says_nothing_of_itself_in_a_trace():
    secret, key = new_key("a")
    assert isinstance(key, Key)
    assert secret not in repr(key)
