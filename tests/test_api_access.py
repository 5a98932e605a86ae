"""Who may use the server: keys, origins, operators, this machine alone, limits, deadlines, headers."""

import asyncio
import logging
import threading
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api import gate
from api.access import USUAL_RATE, Access
from api.app import create_app
from api.deadlines import Deadlines
from api.errors import Refusal
from api.keyring import Keyring
from assistant.errors import InvalidKeys, KeysNeeded
from assistant.keys import new_key, revoke, write_keys
from assistant.settings import Settings
from tests.fake_assistant import FakeAssistant
from tests.test_api_errors import check

ASK = {"question": "Et après la mort ?"}
HERE, ELSEWHERE = ("127.0.0.1", 5_000), ("192.0.2.9", 5_000)
WIDGET = "https://conseil.example"
EVIL = "https://evil.example"
GUARDED = ["/v1/search?q=secret", "/v1/documents", "/v1/models", "/documents/fiche:secret", "/metrics", "/v1/nowhere"]
OPEN = ["/", "/static/chat.js", "/health/live", "/health/ready", "/openapi.json"]


def client(access=None, address=ELSEWHERE, host="testserver", **more):
    app = create_app(FakeAssistant(), access=access, **more)
    return TestClient(app, base_url=f"http://{host}", client=address)


class Keys:
    """A file of four keys, and a server that asks for one."""

    def __init__(self, path):
        self.path = path
        made = {
            "program": new_key("program"),
            "widget": new_key("widget", origins=(WIDGET,)),
            "operator": new_key("operator", scope="admin"),
            "slow": new_key("slow", rate="2/hour"),
        }
        self.secret = {name: secret for name, (secret, _) in made.items()}
        self.lines = [key for _, key in made.values()]
        write_keys(path, self.lines)
        self.access = Access(keyring=Keyring(path), rate="1000/minute")

    def bearer(self, name, **headers):
        return {"Authorization": f"Bearer {self.secret[name]}", **headers}


@pytest.fixture
def keys(tmp_path):
    return Keys(tmp_path / "keys.json")


class TestKeys:
    def test_without_one_everything_but_the_page_is_closed(self, keys):
        http = client(keys.access)
        for path in GUARDED:
            response = http.get(path)
            check(response, 401, "unauthorized")
            assert response.headers["www-authenticate"] == "Bearer"
        check(http.post("/v1/answers", json=ASK), 401, "unauthorized")
        check(http.post("/v1/answers/stream", json=ASK), 401, "unauthorized")
        check(http.post("/v1/feedback", json={}), 401, "unauthorized")
        for path in OPEN:
            assert http.get(path).status_code == 200

    def test_even_this_machine_needs_one(self, keys):
        check(client(keys.access, HERE, "localhost:8000").get("/v1/models"), 401, "unauthorized")
        check(client(keys.access, HERE, "localhost:8000").get("/metrics"), 401, "unauthorized")

    @pytest.mark.parametrize(
        "path", ["//v1/models", "/v1//models", "/V1/models", "/%761/models", "/static/../v1/models"]
    )
    def test_no_spelling_of_an_address_goes_around(self, keys, path):
        assert client(keys.access).get(path).status_code in {401, 404}

    def test_it_travels_in_either_header(self, keys):
        http, secret = client(keys.access), keys.secret["program"]
        for headers in ({"Authorization": f"bearer  {secret}"}, {"X-API-Key": secret}):
            assert http.post("/v1/answers", json=ASK, headers=headers).status_code == 200
            assert http.get("/documents/fiche:secret", headers=headers).status_code == 200

    @pytest.mark.parametrize(
        "wrong", ["", "Bearer", "Bearer ", "Basic {}", "{}", "Bearer {}x", "Bearer é", "Bearer " + "x" * 9_000]
    )
    def test_a_wrong_one_opens_nothing(self, keys, wrong):
        sent = {"Authorization": wrong.replace("{}", keys.secret["program"]).encode("latin-1")}
        check(client(keys.access).get("/v1/models", headers=sent), 401, "unauthorized")

    def test_it_stands_in_no_log_and_no_answer(self, keys, caplog):
        caplog.set_level(logging.DEBUG)
        http, secret = client(keys.access), keys.secret["program"]
        for sent in (secret, secret[:-1]):
            response = http.get("/v1/nowhere", headers={"X-API-Key": sent})
            assert sent not in response.text + str(response.headers)
            assert sent not in caplog.text

    def test_a_page_says_so_to_a_browser(self, keys):
        response = client(keys.access).get("/documents/fiche:secret", headers={"Accept": "text/html"})
        assert response.status_code == 401
        assert "<h1>Une clé d&#39;accès valable est nécessaire" in response.text
        assert "Il vaut aussi" not in response.text

    def test_a_withdrawn_one_is_refused_at_once(self, keys):
        http = client(keys.access)
        assert http.get("/v1/models", headers=keys.bearer("program")).status_code == 200
        write_keys(keys.path, revoke(keys.lines, "program"))
        check(http.get("/v1/models", headers=keys.bearer("program")), 401, "unauthorized")
        assert http.get("/v1/models", headers=keys.bearer("operator")).status_code == 200

    def test_readers_need_none_where_the_operator_says_so(self, keys):
        http = client(replace(keys.access, open_reader=True))
        assert http.get("/documents/fiche:secret").status_code == 200
        check(http.get("/v1/documents/fiche:secret"), 401, "unauthorized")

    def test_operators_have_their_own(self, keys):
        for address in (HERE, ELSEWHERE):
            http = client(keys.access, address)
            assert http.get("/metrics", headers=keys.bearer("operator")).status_code == 200
            for path in ("/metrics", "/v1/admin/feedback", "/v1/admin/nowhere"):
                check(http.get(path, headers=keys.bearer("program")), 403, "forbidden")
                assert http.get(path, headers=keys.bearer("operator")).status_code != 403

    def test_a_request_to_a_server_without_keys_may_bring_one(self):
        sent = {"Authorization": "Bearer anything"}
        assert client().post("/v1/answers", json=ASK, headers=sent).status_code == 200


class TestOrigins:
    def test_a_widgets_key_opens_from_its_site_alone(self, keys):
        http = client(keys.access)
        response = http.post("/v1/answers", json=ASK, headers=keys.bearer("widget", Origin=WIDGET))
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == WIDGET
        assert "Origin" in response.headers["vary"]
        for origin in (
            EVIL,
            "null",
            f"{WIDGET}.evil.example",
            f"{WIDGET}:8443",
            "http://conseil.example",
            "http://testserver",
        ):
            refused = http.post("/v1/answers", json=ASK, headers=keys.bearer("widget", Origin=origin))
            check(refused, 403, "forbidden")
            assert "access-control-allow-origin" not in refused.headers
        check(http.post("/v1/answers", json=ASK, headers=keys.bearer("widget")), 403, "forbidden")

    def test_another_key_serves_programs_and_our_own_page(self, keys):
        http = client(replace(keys.access, origins=frozenset({"https://intranet.example"})))
        for origin in (None, "http://testserver", "https://testserver", "https://intranet.example"):
            sent = keys.bearer("program", **({"Origin": origin} if origin else {}))
            assert http.post("/v1/answers", json=ASK, headers=sent).status_code == 200
        for origin in (EVIL, WIDGET, "null"):
            check(http.post("/v1/answers", json=ASK, headers=keys.bearer("program", Origin=origin)), 403, "forbidden")

    @pytest.mark.parametrize("access", [Access(), Access(local=True)])
    def test_a_page_of_another_site_cannot_drive_a_server_without_keys(self, access):
        http = client(access, HERE, "localhost:8000")
        assistant = http.app.state.assistant
        for origin in (EVIL, "null", "http://localhost:3000", "http://localhost.evil.example:8000"):
            for kind in ("application/json", "text/plain"):
                sent = {"Origin": origin, "Content-Type": kind}
                check(http.post("/v1/answers", content='{"question": "?"}', headers=sent), 403, "forbidden")
            check(http.get("/v1/search?q=secret", headers={"Origin": origin}), 403, "forbidden")
        silent = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        check(http.get("/v1/search?q=secret", headers=silent), 403, "forbidden")
        assert assistant.calls == assistant.searches == []
        for own in ({"Origin": "http://localhost:8000"}, {"Sec-Fetch-Site": "same-origin"}, {}):
            assert http.post("/v1/answers", json=ASK, headers=own).status_code == 200
        link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        assert http.get("/documents/fiche:secret", headers=link).status_code == 200

    def test_our_own_page_is_known_behind_a_proxy_that_changes_the_host(self):
        sent = {"Origin": "https://deonto.example", "Sec-Fetch-Site": "same-origin"}
        assert client(host="127.0.0.1:8000").post("/v1/answers", json=ASK, headers=sent).status_code == 200

    def test_preflights_are_answered_for_the_allow_list_alone(self, keys):
        http = client(replace(keys.access, origins=frozenset({"https://intranet.example"})))
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        for origin in (WIDGET, "https://intranet.example"):
            response = http.options("/v1/answers", headers={"Origin": origin, **asked})
            assert (response.status_code, response.content) == (204, b"")
            assert response.headers["access-control-allow-origin"] == origin
            assert "Authorization" in response.headers["access-control-allow-headers"]
            assert "access-control-allow-credentials" not in response.headers
        for origin in (EVIL, "null", "*"):
            response = http.options("/v1/answers", headers={"Origin": origin, **asked})
            check(response, 403, "forbidden")
            assert "access-control-allow-origin" not in response.headers
        write_keys(keys.path, revoke(keys.lines, "widget"))
        check(http.options("/v1/answers", headers={"Origin": WIDGET, **asked}), 403, "forbidden")

    def test_a_widget_can_read_why_it_is_refused(self, keys):
        http = client(keys.access)
        for response in (
            http.post("/v1/answers", json=ASK, headers={"Origin": WIDGET}),
            http.post("/v1/answers", json={}, headers=keys.bearer("widget", Origin=WIDGET)),
            http.post("/v1/answers", json={"question": "x" * 70_000}, headers=keys.bearer("widget", Origin=WIDGET)),
        ):
            assert response.status_code in {401, 413, 422}
            assert response.headers["access-control-allow-origin"] == WIDGET
            assert "Retry-After" in response.headers["access-control-expose-headers"]

    def test_nobody_is_ever_allowed_by_a_star(self, keys):
        for access in (None, keys.access):
            for origin in (WIDGET, EVIL, "*", "null"):
                allowed = client(access).get("/health/live", headers={"Origin": origin}).headers
                assert allowed.get("access-control-allow-origin") in {None, WIDGET}


class TestThisMachine:
    LOCAL = Access(local=True)

    @pytest.mark.parametrize(
        "host", ["localhost", "localhost:8000", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "[::1]"]
    )
    def test_its_names_are_served(self, host):
        assert client(self.LOCAL, HERE).get("/v1/models", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "evil.example:8000",
            "evil.example:localhost",
            "localhost.evil.example",
            "localhost@evil.example",
            "127.0.0.1.evil.example",
            "[::1].evil.example",
            "192.168.1.4:8000",
            "0.0.0.0:8000",
            "localhost:x",
            "",
        ],
    )
    def test_another_name_that_points_here_is_not(self, host):
        http = client(self.LOCAL, HERE)
        for path in ("/", "/v1/models", "/static/chat.js", "/health/live", "/metrics"):
            check(http.get(path, headers={"Host": host}), 421, "misdirected")
        sent = {"Host": host, "Origin": f"http://{host}"}
        check(http.post("/v1/answers", json=ASK, headers=sent), 421, "misdirected")

    def test_a_request_has_one_host_and_no_more(self):
        names_this_machine = gate._names_this_machine
        assert names_this_machine(["localhost"])
        assert not names_this_machine([])
        assert not names_this_machine(["localhost", "localhost"])

    def test_nothing_slows_a_script(self):
        http = client(Access.of(Settings()), HERE, "localhost")
        assert {http.get("/v1/models").status_code for _ in range(300)} == {200}

    def test_operators_routes_answer_it_alone(self):
        assert client(address=HERE).get("/metrics").status_code == 200
        assert client(address=("::1", 1)).get("/metrics").status_code == 200
        check(client(address=ELSEWHERE).get("/metrics"), 403, "forbidden")
        # A proxy on this machine hands on requests from anywhere.
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
            check(client(address=HERE).get("/metrics", headers={header: "for=127.0.0.1"}), 403, "forbidden")


class TestLimits:
    def refused(self, response, code="too_many_requests"):
        check(response, 429, code)
        assert 1 <= int(response.headers["retry-after"]) <= 86_400

    def test_each_address_has_its_own(self):
        access = Access(rate="2/hour")
        app = create_app(FakeAssistant(), access=access)
        first, second = (TestClient(app, client=(address, 1)) for address in ("192.0.2.1", "192.0.2.2"))
        assert [first.get("/v1/models").status_code for _ in range(2)] == [200, 200]
        self.refused(first.get("/v1/models"))
        self.refused(first.post("/v1/answers/stream", json=ASK))
        assert second.get("/v1/models").status_code == 200
        for path in OPEN:
            assert first.get(path).status_code == 200

    def test_a_day_has_an_end(self):
        http = client(Access(daily=2))
        assert [http.get("/v1/models").status_code for _ in range(2)] == [200, 200]
        self.refused(http.get("/v1/models"), "daily_cap")

    def test_a_key_has_its_own_wherever_it_comes_from(self, keys):
        app = create_app(FakeAssistant(), access=replace(keys.access, rate="1/hour"))
        seen = [
            TestClient(app, client=(f"192.0.2.{n}", 1)).get("/v1/models", headers=keys.bearer("slow"))
            for n in (1, 1, 2)
        ]
        assert [response.status_code for response in seen] == [200, 200, 429]
        # It replaced that of its address; another key has none of its own.
        http = TestClient(app, client=("192.0.2.9", 1))
        assert http.get("/v1/models", headers=keys.bearer("program")).status_code == 200
        self.refused(http.get("/v1/models", headers=keys.bearer("program")))

    def test_a_widgets_readers_have_theirs_beside_that_of_its_key(self, keys):
        secret, key = new_key("busy", origins=(WIDGET,), rate="3/hour")
        write_keys(keys.path, [*keys.lines, key])
        app = create_app(FakeAssistant(), access=replace(keys.access, rate="2/hour"))
        sent = {"X-API-Key": secret, "Origin": WIDGET}
        first, second = (TestClient(app, client=(address, 1)) for address in ("192.0.2.1", "192.0.2.2"))
        assert [first.get("/v1/models", headers=sent).status_code for _ in range(2)] == [200, 200]
        assert second.get("/v1/models", headers=sent).status_code == 200
        self.refused(second.get("/v1/models", headers=sent))  # that of the key
        assert [first.get("/v1/models").status_code for _ in range(2)] == [429, 429]  # that of the address

    def test_guesses_are_counted(self, keys):
        http = client(replace(keys.access, rate="3/hour"))
        seen = [http.get("/v1/models", headers={"X-API-Key": f"guess-{n}"}) for n in range(5)]
        assert [response.status_code for response in seen] == [401, 401, 401, 429, 429]
        assert all("guess" not in response.text for response in seen)

    def test_what_a_client_says_of_its_address_is_believed_of_proxies_alone(self):
        def statuses(access, address, *forwarded):
            app = create_app(FakeAssistant(), access=access)
            http = TestClient(app, client=(address, 1))
            return [http.get("/v1/models", headers={"X-Forwarded-For": said}).status_code for said in forwarded]

        told = ("198.51.100.1", "198.51.100.2", "198.51.100.3")
        assert statuses(Access(rate="1/hour"), "127.0.0.1", *told) == [200, 429, 429]
        behind = Access(rate="1/hour", proxies=("10.0.0.0/8",))
        assert statuses(behind, "192.0.2.1", *told) == [200, 429, 429]
        behind = Access(rate="1/hour", proxies=("10.0.0.0/8",))
        assert statuses(behind, "10.0.0.5", *told) == [200, 200, 200]
        # The proxy adds the address it sees at the end; what the client wrote before it says nothing.
        behind = Access(rate="1/hour", proxies=("10.0.0.0/8",))
        lies = [f"198.51.100.{n}, 192.0.2.1" for n in range(3)]
        assert statuses(behind, "10.0.0.5", *lies) == [200, 429, 429]

    def test_a_client_cannot_say_that_it_is_this_machine(self):
        behind = Access(proxies=("10.0.0.0/8",))
        for address in ("192.0.2.1", "10.0.0.5"):
            http = client(behind, (address, 1))
            check(http.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1, 192.0.2.1"}), 403, "forbidden")


class TestDeadlines:
    def test_an_answer_that_does_not_come_is_503(self):
        release = threading.Event()
        http = client(request_timeout=0.05)
        http.app.state.assistant.answer = lambda *_, **__: release.wait(20)
        try:
            response = http.post("/v1/answers", json=ASK)
        finally:
            release.set()
        check(response, 503, "answer_timeout")
        assert int(response.headers["retry-after"]) >= 1

    @pytest.mark.parametrize("sent", [{"content-length": "50"}, {"transfer-encoding": "chunked"}])
    def test_a_body_that_does_not_arrive_is_408(self, sent):
        app = create_app(FakeAssistant(), request_timeout=0.05)
        status, headers = asyncio.run(slow_body(app, sent))
        assert status == 408
        assert headers[b"connection"] == b"close"

    def test_a_stream_that_has_begun_goes_on(self):
        http = client(request_timeout=0.2)
        assistant, stream = http.app.state.assistant, http.app.state.assistant.stream
        pause = threading.Event()

        def slowly(*args, **kwargs):
            for event in stream(*args, **kwargs):
                pause.wait(0.05)
                yield event

        assistant.stream = slowly
        response = http.post("/v1/answers/stream", json=ASK)
        assert response.status_code == 200
        assert "event: done" in response.text

    def test_what_comes_too_late_is_not_sent(self):
        sent = []

        async def run():
            hold = asyncio.Event()

            async def app(scope, receive, send):
                await hold.wait()
                await send({"type": "http.response.start", "status": 200, "headers": []})
                sent.append("after")

            async def send(message):
                sent.append(message)

            served = Deadlines(app, seconds=0.01)
            with pytest.raises(Refusal) as refused:
                await served({"type": "http", "path": "/v1/models", "headers": []}, None, send)
            assert len(served._running) == 1  # it holds a place until it has ended
            hold.set()
            await asyncio.gather(*served._running)
            assert refused.value.code == "answer_timeout"

        asyncio.run(run())
        assert sent == ["after"]

    def test_more_at_once_than_it_can_serve_are_503(self):
        async def run():
            hold = asyncio.Event()

            async def app(scope, receive, send):
                await hold.wait()
                await send({"type": "http.response.start", "status": 200, "headers": []})

            async def send(_):
                pass

            served = Deadlines(app, most=2)
            scope = {"type": "http", "path": "/v1/models", "headers": []}
            first = [asyncio.create_task(served(dict(scope), None, send)) for _ in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(Refusal) as refused:
                await served(dict(scope), None, send)
            probe = asyncio.create_task(served({**scope, "path": "/health/live"}, None, send))
            hold.set()
            await asyncio.gather(*first, probe)
            await served(dict(scope), None, send)
            return refused.value

        refusal = asyncio.run(run())
        assert (refusal.status_code, refusal.code, refusal.headers) == (503, "overloaded", {"retry-after": "1"})


async def slow_body(app, sent):
    """Send a body's first byte and no other; return the status and the headers of the response."""
    said = []

    async def receive():
        if not said:
            said.append(b"{")
            return {"type": "http.request", "body": b"{", "more_body": True}
        await asyncio.Event().wait()

    started = {}

    async def send(message):
        if message["type"] == "http.response.start":
            started.update(message)

    headers = {"host": "testserver", "content-type": "application/json", **sent}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/answers",
        "raw_path": b"/v1/answers",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": HERE,
        "server": ("testserver", 80),
    }
    await asyncio.wait_for(app(scope, receive, send), 20)
    return started["status"], dict(started["headers"])


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/v1/models", "/static/chat.js", "/v1/nowhere", "/health/live"])
    def test_are_on_every_response(self, path):
        headers = client().get(path).headers
        policy = headers["content-security-policy"].split("; ")
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert not any(word in " ".join(policy) for word in ("unsafe", "data:", "http:", "https:", "*"))
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "set-cookie" not in headers

    def test_what_other_sites_load_by_a_tag_may_be_loaded(self):
        assert client().get("/widget.js").headers["cross-origin-resource-policy"] == "cross-origin"

    def test_transport_is_made_strict_over_tls_alone(self):
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        behind = client(Access(proxies=("10.0.0.1/32",)), ("10.0.0.1", 1))
        assert "max-age=" in behind.get("/", headers=forwarded).headers["strict-transport-security"]
        assert "strict-transport-security" not in behind.get("/").headers
        assert "strict-transport-security" not in client().get("/", headers=forwarded).headers


class TestSettings:
    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "deonto.example", "", "127.0.0.1.example", "0"])
    def test_others_are_not_let_in_without_a_key(self, host):
        with pytest.raises(KeysNeeded):
            Access.of(Settings(host=host))
        unprotected = Access.of(Settings(host=host, open=True))
        assert (unprotected.keyring, unprotected.local, unprotected.rate) == (None, False, USUAL_RATE)

    @pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
    def test_this_machine_alone_needs_none_and_has_no_limit(self, host):
        alone = Access.of(Settings(host=host))
        assert (alone.keyring, alone.local, alone.rate, alone.daily) == (None, True, "", 0)
        assert Access.of(Settings(host=host, rate="5/minute")).rate == "5/minute"
        behind_a_proxy = Access.of(Settings(host=host, open=True))
        assert (behind_a_proxy.local, behind_a_proxy.rate) == (False, USUAL_RATE)

    def test_keys_protect_everywhere(self, keys):
        for host in ("0.0.0.0", "127.0.0.1"):
            access = Access.of(Settings(host=host, keys=keys.path))
            assert access.keyring is not None
            assert (access.local, access.rate) == (False, USUAL_RATE)

    def test_a_file_that_cannot_be_used_closes_the_door_even_when_open(self, keys):
        keys.path.write_text("{")
        for host in ("0.0.0.0", "127.0.0.1"):
            with pytest.raises(InvalidKeys):
                Access.of(Settings(host=host, keys=keys.path, open=True))


def test_each_refusal_is_audited_in_words_of_ours(keys, caplog):
    caplog.set_level(logging.INFO, logger="deonto.audit")
    http = client(replace(keys.access, rate="4/hour"))
    canary = "zqxj-canary"
    http.get("/v1/models", headers={"X-API-Key": canary})
    http.get("/v1/models", headers=keys.bearer("program", Origin=f"https://{canary}.example"))
    http.get("/metrics", headers=keys.bearer("program"))
    http.post("/v1/answers", content=canary * 9_000, headers=keys.bearer("program"))
    for _ in range(5):
        http.get("/v1/models", headers=keys.bearer("program"))
    client(Access(local=True)).get(f"/{canary}", headers={"Host": canary})
    events = [record.getMessage().split(" ")[0] for record in caplog.records if record.name == "deonto.audit"]
    expected = ["unauthorized", "origin_refused", "forbidden", "body_too_large", "rate_limited", "host_refused"]
    assert list(dict.fromkeys(events)) == expected
    assert canary not in caplog.text
    assert keys.lines[0].label in caplog.text
    assert "left_out" not in caplog.text
