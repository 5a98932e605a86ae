"""``deonto serve`` as a process of its own: it does not listen for others without a key, and asks for one with them."""

import http.client
import os
import socket
import subprocess
import sys
import time

import pytest

from assistant.keys import new_key, revoke, write_keys


def process(*args, cwd, **environ):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DEONTO_")}
    return subprocess.Popen(
        [sys.executable, "-m", *args],
        cwd=cwd,
        env=kept | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "aucune clé d'accès ne protège le serveur"),
        ("", "n'a pas la forme attendue"),
        ('{"format": 1, "keys": []}', "aucune clé valable"),
    ],
)
def test_it_refuses_to_listen_for_others_without_a_key(tmp_path, content, said, workers):
    environ = {}
    if content is not None:
        (tmp_path / "keys.json").write_text(content)
        environ["DEONTO_KEYS"] = str(tmp_path / "keys.json")
    port = free_port()
    arguments = ["--host", "0.0.0.0", "--port", str(port), "--workers", workers]
    serving = process("api", *arguments, cwd=tmp_path, **environ)
    out, err = serving.communicate(timeout=120)
    assert serving.returncode == 1
    assert out == ""
    assert said in " ".join(err.split())
    assert "deonto keys add" in err
    assert "Traceback" not in err
    with socket.socket() as caller:
        assert caller.connect_ex(("127.0.0.1", port)) != 0
    assert not (tmp_path / "var").exists()  # it refused before anything slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder where a small index was built by the real encoder."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "documents").mkdir()
    (folder / "documents" / "a.txt").write_text("Le cabinet ferme ses volets chaque soir, sauf en juillet.")
    built = process("assistant", "index", "build", "--documents", "documents", "--no-sheets", cwd=folder)
    _, err = built.communicate(timeout=120)
    assert built.returncode == 0, err
    return folder


class Server:
    """A server that runs, and requests to it."""

    def __init__(self, folder, *args, **environ):
        self.port = free_port()
        self._process = process("api", "--port", str(self.port), *args, cwd=folder, **environ)
        until = time.monotonic() + 120
        while self.status("/health/live") is None:
            assert self._process.poll() is None, self._process.communicate()[1]
            assert time.monotonic() < until
            time.sleep(0.1)

    def status(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def stop(self):
        self._process.terminate()
        _, err = self._process.communicate(timeout=60)
        return err


def test_keys_are_asked_for_and_followed_without_a_restart(folder, tmp_path):
    first, a = new_key("a")
    second, b = new_key("b", scope="admin")
    path = tmp_path / "keys.json"
    write_keys(path, [a])
    server = Server(folder, "--host", "0.0.0.0", DEONTO_KEYS=str(path), DEONTO_RATE="20/hour")
    try:
        assert server.status("/v1/models") == 401
        assert server.status("/v1/models", X_API_Key=first) == 200
        assert server.status("/metrics", X_API_Key=first) == 403
        assert server.status("/v1/models", X_API_Key=second) == 401
        write_keys(path, [*revoke([a], "a"), b])
        assert server.status("/v1/models", X_API_Key=second) == 200
        assert server.status("/metrics", X_API_Key=second) == 200
        assert server.status("/v1/models", X_API_Key=first) == 401
        # No proxy was named: what a client says of its address changes nothing, not even from this machine.
        guesses = [server.status("/v1/models", X_API_Key="x", X_Forwarded_For=f"192.0.2.{n}") for n in range(30)]
        assert (guesses[0], guesses[-1]) == (401, 429)
    finally:
        err = server.stop()
    assert first not in err
    assert second not in err
    assert '"event": "keys_reloaded"' in err
    assert '"event": "unauthorized"' in err
    assert "left_out" not in err


@pytest.mark.parametrize("workers", ["1", "2"])
def test_this_machine_alone_is_served_by_its_own_names(folder, workers):
    # The command line's word on the address reaches the workers too.
    server = Server(folder, "--host", "127.0.0.1", "--workers", workers, DEONTO_HOST="0.0.0.0")
    try:
        assert server.status("/v1/models") == 200
        assert server.status("/v1/models", Host="evil.example") == 421
        assert server.status("/v1/models", Origin="https://evil.example") == 403
        assert server.status("/metrics") == 200
        assert server.status("/metrics", X_Forwarded_For="127.0.0.1") == 403
    finally:
        server.stop()
