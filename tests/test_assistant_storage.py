"""What is kept: its place, its form, who may write at once, how long it stays, and how it goes away.

With ``DEONTO_TEST_POSTGRESQL`` (the address of an empty database) the tests of both databases run on PostgreSQL too.
"""

import datetime
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import assistant.store.conversations
import assistant.store.records
from assistant.errors import FeedbackUnavailable, InvalidSetting
from assistant.store.conversations import Conversations
from assistant.store.feedback import FeedbackStore
from assistant.store.records import Count, Records, Rows
from assistant.store.retention import Retention, purge
from assistant.store.storage import Storage
from assistant.store.tables import KEPT, METADATA, VERSION
from tests.fake_assistant import ANSWERED

POSTGRESQL = os.environ.get("DEONTO_TEST_POSTGRESQL", "")
PHONE = "06 12 34 56 78"
SECRET = "pelargonium-quadrangulaire"
DAY = datetime.date(2026, 3, 10)
OLD_TABLE = """
create table if not exists feedback (
    id integer primary key, day text not null, answer_id text not null, verdict text not null, reason text not null,
    comment text not null, question text not null, outcome text not null, refusal text not null,
    reviewed integer not null default 0
)
"""
"""As version 1 made it."""
OLD_ROW = (
    "insert into feedback (day, verdict, answer_id, reason, comment, question, outcome, refusal)"
    " values (?, ?, ?, ?, ?, ?, ?, ?)"
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept" / "store.sqlite"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.skipif(not POSTGRESQL, reason="unset"))])
def address(request, path):
    """The address of an empty place."""
    if request.param == "sqlite":
        return f"sqlite:///{path}"
    engine = create_engine(POSTGRESQL)
    METADATA.drop_all(engine)
    engine.dispose()
    return POSTGRESQL


def verdict(day="2026-03-10", answer_id="a1", comment="", verdict="helpful"):
    row = {"day": day, "answer_id": answer_id, "verdict": verdict, "comment": comment}
    return {**row, "reason": "", "question": "Une question ?", "outcome": "answered", "refusal": ""}


def conversation(day="2026-03-10", answer_id="a1", answer="Oui."):
    row = {"day": day, "answer_id": answer_id, "answer": answer, "passages": ["fiche:a#1"]}
    return {**row, "conversation": "", "question": "Une question ?", "outcome": "answered", "reason": ""}


def raw(path, statement, *values):
    with closing(sqlite3.connect(path)) as opened, opened:
        return opened.execute(statement, values).fetchall()


def old_file(path, rows):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute(OLD_TABLE)
        opened.executemany(OLD_ROW, rows)
    path.chmod(0o644)


def bytes_of(path):
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def until(condition):
    """Wait for what another thread does."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


class Told(list):
    """Takes what would be said to the operator."""

    def __call__(self, level, event, /, **facts):
        self.append((event, facts))


# --- the place


@pytest.mark.parametrize("prefix", ["", "sqlite:///", "sqlite+pysqlite:///"])
def test_a_file_is_made_at_the_first_row_for_its_owner_alone(path, prefix):
    records = Records(f"{prefix}{path}")
    assert (list(records.rows()), records.counts(), records.to_review()) == ([], (), [])
    assert records.erase() == Rows(0, 0)
    assert records.summary().size == 0
    assert not path.parent.exists()
    records.add_verdict(verdict())
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_mode_that_the_operator_gave_is_left(path):
    Records(path).add_verdict(verdict())
    path.chmod(0o640)
    Records(path).add_verdict(verdict())
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("wrong", ["sqlite://", "mysql://u:s3cret@h/d", "postgresql://u:s3cret@h:port/d", "://"])
def test_another_address_is_refused_without_its_password(wrong):
    with pytest.raises(InvalidSetting) as caught:
        Storage(wrong)
    assert caught.value.values == {"name": "DEONTO_FEEDBACK"}
    assert "s3cret" not in str(caught.value)


def test_an_old_file_is_brought_up_and_loses_nothing(path):
    rows = [("2026-01-02", "helpful", "x", "r", f"c{n}", "q", "answered", "") for n in range(700)]
    old_file(path, rows)
    raw(path, "update feedback set reviewed = 1 where id = 3")
    before = raw(path, "select * from feedback order by id")
    Records(path).add_conversations([conversation()])
    assert raw(path, "select * from feedback order by id") == before
    assert raw(path, "select value from meta where name = 'version'") == [(str(VERSION),)]
    assert path.stat().st_mode & 0o777 == 0o600
    Records(path).add_verdict(verdict())
    assert Records(path).summary().feedback == 701
    made = raw(path, "select name from sqlite_master where type = 'index' and sql is not null order by name")
    assert made == [(index.name,) for index in sorted((i for t in KEPT for i in t.indexes), key=lambda i: i.name)]


def test_many_may_bring_an_old_file_up_at_once(path):
    old_file(path, [("2026-01-02", "helpful", "x", "", "", "q", "", "")])
    start = threading.Barrier(4)
    failed = []

    def add():
        start.wait(10)
        try:
            Records(path).add_verdict(verdict())
        except FeedbackUnavailable as error:
            failed.append(error)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert raw(path, "select count(*) from feedback") == [(5,)]


@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        ("create table bookmarks (url text)", "FOREIGN"),
        ("create table meta (name text, value text)", "FOREIGN"),
        ("create table meta as select 'version' as name, '99' as value", "NEWER"),
    ],
)
def test_what_is_not_ours_or_is_newer_is_left_alone(path, statement, cause):
    path.parent.mkdir()
    raw(path, statement)
    before = path.read_bytes()
    for call in (lambda: Records(path).add_verdict(verdict()), Records(path).counts, Records(path).erase):
        with pytest.raises(FeedbackUnavailable) as caught:
            call()
        assert caught.value.values == {"path": str(path), "cause": cause}
    assert path.read_bytes() == before


def test_statements_are_those_of_postgresql_too(path):
    """Every statement that runs on SQLite can be written for PostgreSQL."""
    records, seen = Records(path), []
    event.listen(records.storage._made(), "before_execute", lambda _, statement, *__: seen.append(statement))
    records.add_verdict(verdict())
    records.add_conversations([conversation()])
    for read in (records.counts, records.summary, records.to_review, lambda: records.asked("a1")):
        read()
    list(records.rows())
    records.reviewed("x")
    records.erase(answer_id="a1", before="2026-01-01")
    texts = [str(statement.compile(dialect=postgresql.dialect())) for statement in seen]
    assert len({text.split()[0] for text in texts} & {"INSERT", "SELECT", "UPDATE", "DELETE"}) == 4
    tables = [str(CreateTable(table).compile(dialect=postgresql.dialect())) for table in KEPT]
    assert all("id SERIAL NOT NULL" in text for text in tables)
    assert "passages JSON NOT NULL" in tables[1]
    assert str(CreateIndex(next(iter(KEPT[0].indexes))).compile(dialect=postgresql.dialect()))


# --- rows


def test_rows_come_back_as_they_went_in(address):
    records = Records(address)
    records.add_verdict(verdict(comment="très bien 🩺"))
    records.add_conversations([conversation()])
    first, second = records.rows()
    assert first == {"kind": "feedback", "id": 1, **verdict(comment="très bien 🩺"), "reviewed": 0}
    assert second == {"kind": "conversations", "id": 1, **conversation()}
    assert records.asked("a1") == ("Une question ?", "answered", "")
    assert records.asked("a2") is None
    summary = records.summary()
    assert (summary.feedback, summary.conversations, summary.version) == (1, 1, VERSION)
    assert (summary.first, summary.last) == ("2026-03-10", "2026-03-10")


def test_every_page_of_rows_is_read(address, monkeypatch):
    monkeypatch.setattr(assistant.store.records, "PAGE", 3)
    records = Records(address)
    for n in range(7):
        records.add_verdict(verdict(comment=str(n)))
    for n in range(6):
        records.add_conversations([conversation(answer=str(n))])
    assert [row.get("comment", row.get("answer")) for row in records.rows()] == [*"0123456", *"012345"]


def test_verdicts_are_counted_by_day_and_kind(address):
    records = Records(address)
    for day, said in [("2026-03-01", "helpful"), ("2026-03-02", "incomplete"), ("2026-03-02", "helpful")] * 2:
        records.add_verdict(verdict(day, verdict=said))
    assert records.counts() == (
        Count("2026-03-02", "helpful", 2),
        Count("2026-03-02", "incomplete", 2),
        Count("2026-03-01", "helpful", 2),
    )


def test_what_is_to_review_on_either_database(address):
    store = FeedbackStore(address)
    for question, times in (("once", 1), ("twice", 2)):
        store.remember(replace(ANSWERED, standalone_question=question))
        for _ in range(times):
            store.add("a1", "incomplete")
    assert [(asked.question, asked.times) for asked in store.to_review()] == [("twice", 2), ("once", 1)]
    store.reviewed("twice")
    assert [asked.question for asked in store.to_review()] == ["once"]


# --- conversations


def test_a_conversation_is_kept_redacted_with_a_day_and_no_more(address, path):
    store = FeedbackStore(address, conversations=True)
    said = f"Appelez le {PHONE}"
    before = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    store.remember(replace(ANSWERED, standalone_question=said, answer=said), "1b4e28ba-2fa1-4d2b-883f-0016d3cca427")
    store.close()
    (row,) = store.records.rows()
    assert before <= row.pop("day") <= datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    assert row == {
        "kind": "conversations",
        "id": 1,
        "answer_id": "a1",
        "conversation": "1b4e28ba-2fa1-4d2b-883f-0016d3cca427",
        "question": "Appelez le [TÉLÉPHONE]",
        "outcome": "answered",
        "reason": "",
        "answer": "Appelez le [TÉLÉPHONE]",
        "passages": ["fiche:secret:la-regle#1"],
    }
    assert not path.exists() or PHONE.encode() not in bytes_of(path)


NAMED = ["camille-exemple", "dossier 12", "0612345678", "ab12", "a" * 65, "abcdef 0612345678", "abcdef0612345678abcdef"]


@pytest.mark.parametrize("named", NAMED)
def test_a_conversation_that_its_caller_named_is_kept_without_the_name(path, named):
    store = FeedbackStore(path, conversations=True)
    store.remember(ANSWERED, named)
    store.close()
    assert next(store.records.rows())["conversation"] == ""


def test_without_conversations_none_is_kept(path):
    store = FeedbackStore(path)
    store.remember(ANSWERED, "1b4e28ba2fa14d2b883f0016d3cca427")
    store.close()
    assert not path.parent.exists()


def test_a_verdict_finds_its_question_whichever_worker_answered(address):
    answering, other = (FeedbackStore(address, conversations=True) for _ in range(2))
    answering.remember(replace(ANSWERED, id="0612345678abcdef", reason="no_evidence"))
    answering.close()
    other.add("0612345678abcdef", "incomplete")
    row = next(other.records.rows())
    assert (row["question"], row["refusal"]) == (ANSWERED.standalone_question, "no_evidence")
    assert row["answer_id"] == "0612345678abcdef"  # ours, drawn at random, whatever it looks like
    assert next(other.records.rows())["outcome"] == "answered"


def test_without_conversations_another_worker_does_not_know_the_question(path):
    answering, other = (FeedbackStore(path) for _ in range(2))
    answering.remember(ANSWERED)
    other.add("a1", "incomplete")
    assert next(other.records.rows())["question"] == ""


def test_an_erased_conversation_gives_its_question_to_no_later_verdict(path):
    store = FeedbackStore(path, conversations=True)
    store.remember(ANSWERED)
    store.close()
    Records(path).erase(answer_id="a1")
    store.add("a1", "incomplete")
    assert next(store.records.rows())["question"] == ""


def test_a_store_that_fails_fails_no_answer_and_is_said_once_without_words(path):
    told = Told()
    store = FeedbackStore(path, conversations=True, tell=told)
    path.parent.mkdir()
    path.write_bytes(b"not a database " * 100)
    for _ in range(3):
        store.remember(replace(ANSWERED, standalone_question=SECRET))
    assert store.conversations.flush(20)
    assert told == [("conversations_not_stored", {"cause": "DAMAGED"})]
    path.unlink()
    store.remember(ANSWERED)
    store.close()
    assert told[1:] == [("conversations_stored_again", {"lost": 3})]
    assert len(list(store.records.rows())) == 1


def test_a_mistake_of_ours_stops_neither_answers_nor_the_thread(path, monkeypatch):
    told = Told()
    store = FeedbackStore(path, conversations=True, tell=told)
    with monkeypatch.context() as patch:
        patch.setattr(assistant.store.conversations, "redact", lambda _: 1 / 0)
        store.remember(ANSWERED)
        assert store.conversations.flush(20)
    store.remember(ANSWERED)
    store.close()
    assert told[0] == ("conversations_not_stored", {"cause": "ZeroDivisionError"})
    assert len(list(store.records.rows())) == 1


class Gated:
    """A store that does not answer until it is let."""

    def __init__(self):
        self.asked, self.open, self.batches = threading.Event(), threading.Event(), []

    def add_conversations(self, rows):
        self.asked.set()
        assert self.open.wait(20)
        self.batches.append(len(rows))


def test_what_waits_for_a_slow_store_is_bounded_and_written_at_once(monkeypatch):
    monkeypatch.setattr(assistant.store.conversations, "WAITING", 4)
    gated, told = Gated(), Told()
    kept = Conversations(gated, told)
    kept.keep(ANSWERED)
    assert gated.asked.wait(20)
    for n in range(9):
        kept.keep(replace(ANSWERED, id=f"b{n}"))
    assert kept.asked("b2") == (ANSWERED.standalone_question, "answered", "")  # known though not written
    gated.open.set()
    kept.close(20)
    assert gated.batches == [1, 3]
    assert told == [("conversations_stored_again", {"lost": 6})]


def test_closing_does_not_wait_for_a_store_that_does_not_answer():
    gated, told = Gated(), Told()
    kept = Conversations(gated, told)
    kept.keep(ANSWERED)
    assert gated.asked.wait(20)
    kept.keep(ANSWERED)
    kept.close(0.05)
    assert told == [("conversations_lost", {"lost": 2})]  # at most
    gated.open.set()
    assert kept.flush(20)
    assert gated.batches == [1]  # that which was being written
    kept.keep(ANSWERED)  # a server that starts again on the same store
    kept.close(20)
    assert gated.batches == [1, 1]


# --- several at once

WRITER = """
import sys
from assistant.store.feedback import FeedbackStore
from tests.fake_assistant import ANSWERED
from dataclasses import replace
store = FeedbackStore(sys.argv[1], conversations=True)
for n in range(int(sys.argv[3])):
    name = f"{sys.argv[2]}-{n}"
    store.remember(replace(ANSWERED, id=name))
    store.add(name, "helpful", "", name)
    print(name, flush=True)
store.close()
"""


def writer(address, name, rows):
    command = [sys.executable, "-W", "error", "-c", WRITER, address, name, str(rows)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_several_processes_write_and_nothing_is_lost(address):
    writers = [writer(address, f"w{n}", 50) for n in range(4)]
    for process in writers:
        _, said = process.communicate(timeout=120)
        assert (process.returncode, said) == (0, "")
    rows = list(Records(address).rows())
    names = {f"w{n}-{m}" for n in range(4) for m in range(50)}
    kept = [row for row in rows if row["kind"] == "feedback"]
    assert len(kept) == 200
    assert {row["comment"] for row in kept} == names == {row["answer_id"] for row in rows if "answer" in row}
    assert {row["question"] for row in kept} == {ANSWERED.standalone_question}


def test_a_process_that_is_killed_loses_nothing_that_it_said_was_stored(address):
    process = writer(address, "killed", 5_000)
    said = [process.stdout.readline().strip() for _ in range(10)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    said += rest.split("\n")[:-1]
    records = Records(address)
    assert set(said) <= {row.get("comment") for row in records.rows()}
    records.add_verdict(verdict(comment="after"))
    assert [row["comment"] for row in records.rows() if row["kind"] == "feedback"][-1] == "after"


# --- failures


def test_a_file_that_another_program_holds_is_said_and_serves_again(path):
    records = Records(path)
    records.add_verdict(verdict())
    records.storage = Storage(path, timeout=0.05)
    with closing(sqlite3.connect(path)) as other:
        other.execute("begin exclusive")
        for call in (lambda: records.add_verdict(verdict()), records.counts, records.erase, records.storage.compact):
            with pytest.raises(FeedbackUnavailable) as caught:
                call()
            assert caught.value.values["cause"] == "BUSY"
        other.rollback()
    records.add_verdict(verdict())
    assert records.summary().feedback == 2


@pytest.mark.parametrize(
    ("pragma", "cause"), [("max_page_count = 12", "ENOSPC"), ("query_only = on", "READONLY")], ids=["full", "read-only"]
)
def test_a_disk_that_is_full_or_read_only_loses_no_row_that_was_there(path, pragma, cause):
    records = Records(path)
    records.add_verdict(verdict(comment="there"))
    engine = records.storage._made()

    def limit(connection, _):
        connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", limit)
    with pytest.raises(FeedbackUnavailable) as caught:
        records.add_verdict(verdict(comment=SECRET * 5_000))
    assert caught.value.values["cause"] == cause
    assert SECRET not in str(caught.value) + repr(caught.value.__cause__)
    event.remove(engine, "connect", limit)
    records.add_verdict(verdict(comment="after"))
    assert [row["comment"] for row in records.rows()] == ["there", "after"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_folder_that_may_not_be_written_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(FeedbackUnavailable) as caught:
        Records(tmp_path / "store.sqlite").add_verdict(verdict())
    tmp_path.chmod(0o700)
    assert caught.value.values["cause"] == "EACCES"


def test_a_file_cut_in_two_is_said(path):
    records = Records(path)
    for _ in range(50):
        records.add_verdict(verdict(comment="x" * 1_000))
    path.write_bytes(path.read_bytes()[:9_000])
    with pytest.raises(FeedbackUnavailable) as caught:
        list(records.rows())
    assert caught.value.values["cause"] == "DAMAGED"


def test_without_the_driver_of_postgresql_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    records = Records("postgresql://user:s3cret@127.0.0.1/kept?sslpassword=s3cret")
    with pytest.raises(FeedbackUnavailable) as caught:
        records.add_verdict(verdict())
    assert caught.value.values["cause"] == "DRIVER"
    assert caught.value.values["path"] == "postgresql://user:***@127.0.0.1/kept"
    assert "s3cret" not in str(caught.value)


def test_a_database_that_is_not_there_is_said(tmp_path):
    pytest.importorskip("psycopg")
    store = FeedbackStore(f"postgresql://user:s3cret@/kept?host={tmp_path}", conversations=True, tell=(told := Told()))
    with pytest.raises(FeedbackUnavailable) as caught:
        store.records.add_verdict(verdict())
    assert caught.value.values["cause"] == "SERVER"
    assert "s3cret" not in str(caught.value)
    store.remember(ANSWERED)
    store.close()
    assert told == [("conversations_not_stored", {"cause": "SERVER"})]


# --- erasing


@pytest.mark.parametrize(
    ("what", "left"),
    [
        ({"answer_id": "a2"}, ["a1", "a3"]),
        ({"before": "2026-03-02"}, ["a2", "a3"]),
        ({"before": "2026-03-01"}, ["a1", "a2", "a3"]),
        ({}, []),
    ],
)
def test_what_is_erased_and_what_is_left(address, what, left):
    records = Records(address)
    for n in (1, 2, 3):
        records.add_verdict(verdict(f"2026-03-0{n}", f"a{n}"))
        records.add_conversations([conversation(f"2026-03-0{n}", f"a{n}")])
    assert records.erase(**what) == Rows(3 - len(left), 3 - len(left))
    assert [row["answer_id"] for row in records.rows()] == left * 2
    records.add_verdict(verdict())  # it can be written to again


def test_a_verdict_whose_identifier_was_redacted_is_erased_by_it(path):
    store = FeedbackStore(path)
    store.add(PHONE, "helpful")
    assert store.records.erase(answer_id=PHONE) == Rows(1, 0)


@pytest.mark.parametrize("length", [1, 400], ids=["in a page", "over many pages"])
def test_the_bytes_of_what_was_erased_are_gone(path, length):
    records = Records(path)
    for n in range(30):
        records.add_verdict(verdict(answer_id=f"b{n}", comment="something else " * 20))
    records.add_verdict(verdict(answer_id="gone", comment=SECRET * length))
    records.add_conversations([conversation(answer_id="gone", answer=SECRET * length)])
    assert SECRET.encode() in bytes_of(path)
    assert records.erase(answer_id="gone") == Rows(1, 1)
    assert SECRET.encode() not in bytes_of(path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(list(records.rows())) == 30


def test_what_an_earlier_version_deleted_without_overwriting_goes_too(path):
    old_file(path, [("2026-01-01", "helpful", f"a{n}", "", SECRET * 200, "", "", "") for n in range(9)])
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("pragma secure_delete = off")
        opened.execute("delete from feedback where id > 1")
    assert bytes_of(path).count(SECRET.encode()) > 300
    Records(path).erase(before="2026-01-02")
    assert SECRET.encode() not in bytes_of(path)


# --- retention


@pytest.mark.parametrize(("days", "left"), [(1, 1), (2, 2), (7, 4), (8, 5), (3650, 6)])
def test_a_row_is_kept_for_its_days_and_no_longer(address, days, left):
    """A row of today is 0 days old; one of seven days ago goes with a period of seven."""
    records = Records(address)
    ages = [0, 1, 2, 6, 7, 200]
    for age in ages:
        day = (DAY - datetime.timedelta(days=age)).isoformat()
        records.add_verdict(verdict(day, comment=str(age)))
        records.add_conversations([conversation(day)])
    assert purge(records, days, DAY) == Rows(len(ages) - left, len(ages) - left)
    assert [row["comment"] for row in records.rows() if "comment" in row] == [str(age) for age in ages[:left]]
    assert purge(records, days, DAY) == Rows(0, 0)


def test_the_job_erases_at_the_start_and_then_as_days_pass(path):
    records, day, told = Records(path), [DAY], Told()
    for age in (12, 10, 9, 8):
        records.add_verdict(verdict((DAY - datetime.timedelta(days=age)).isoformat(), comment=str(age)))
    job = Retention(records, 10, clock=lambda: day[0], every=0.005, tell=told)
    job.start()
    until(lambda: len(list(records.rows())) == 2)
    day[0] += datetime.timedelta(days=1)
    until(lambda: len(list(records.rows())) == 1)
    job.stop()
    assert not job._thread.is_alive()
    day[0] += datetime.timedelta(days=30)
    assert [row["comment"] for row in records.rows()] == ["8"]
    assert told == [("retention", {"feedback": n, "conversations": 0}) for n in (2, 1)]


def test_the_job_purges_once_a_day(path):
    looked, purged = [], []
    records = Records(path)
    records.erase = lambda **given: purged.append(given) or Rows(0, 0)
    job = Retention(records, 1, clock=lambda: looked.append(0) or DAY, every=0.001)
    job.start()
    until(lambda: len(looked) > 5)
    job.stop()
    assert purged == [{"before": "2026-03-10"}]


def test_a_job_whose_store_fails_says_so_once_a_day_and_tries_again(path):
    records, told, looked, day = Records(path), Told(), [], [DAY]
    records.add_verdict(verdict("2020-01-01", comment=SECRET))
    whole = path.read_bytes()
    path.write_bytes(b"not a database " * 100)
    job = Retention(records, 1, clock=lambda: looked.append(0) or day[0], every=0.005, tell=told)
    job.start()
    until(lambda: len(looked) > 3)
    assert told == [("retention_failed", {"cause": "DAMAGED"})]
    day[0] += datetime.timedelta(days=1)
    until(lambda: len(told) == 2)
    mended = path.with_name("mended")
    mended.write_bytes(whole)
    mended.replace(path)
    until(lambda: told[-1][0] == "retention")
    job.stop()
    assert list(records.rows()) == []


def test_a_job_waits_for_no_day_to_stop(path):
    job = Retention(Records(path), 180)
    job.start()
    job.stop(20)
    assert not job._thread.is_alive()
    assert not path.parent.exists()
