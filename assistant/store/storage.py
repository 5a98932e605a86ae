"""Where what is kept lies: one SQLite file, or a PostgreSQL database; opened, brought to its form, and translated.

SQLite keeps its rollback journal rather than a write-ahead log: writes are one row each, and after each of them the
words stand in one file and nowhere else, which is what makes an erasure whole. A connection is opened for each
transaction: a file may be moved, restored or removed, and a database restarted, under a server that runs.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from assistant.errors import FeedbackUnavailable, InvalidSetting
from assistant.store.tables import KEPT, METADATA, VERSION, feedback, meta
from indexes.errors import cause_of

TIMEOUT = 5.0
"""Seconds that a transaction waits for another one, and a connection for its server."""
PSYCOPG = "postgresql+psycopg"
_LOCK = 0x44C3A96F
"""Number of the advisory lock under which one process at a time makes the tables of PostgreSQL."""
_SQLITE_CAUSES = {
    "SQLITE_FULL": "ENOSPC",
    "SQLITE_READONLY": "READONLY",
    "SQLITE_BUSY": "BUSY",
    "SQLITE_LOCKED": "BUSY",
    "SQLITE_CORRUPT": "DAMAGED",
    "SQLITE_NOTADB": "DAMAGED",
    "SQLITE_CANTOPEN": "CANTOPEN",
}


class Storage:
    """A place for the tables.

    Parameters
    ----------
    address
        A file path, ``sqlite:///PATH`` or ``postgresql+psycopg://…``.
    timeout
        Seconds that a transaction waits for another one.

    Raises
    ------
    InvalidSetting
        From the constructor: the address is none of these.
    FeedbackUnavailable
        From every method: the place cannot be read or written, or holds something else.

    """

    def __init__(self, address: str | Path, *, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._lock = Lock()
        self._engine: Engine | None = None
        self._is_ready = False
        try:
            self._url = make_url(str(address)) if "://" in str(address) else URL.create("sqlite", database=str(address))
        except (ArgumentError, ValueError):  # from None: an address may hold a password
            raise InvalidSetting("not the address of a database", name="DEONTO_FEEDBACK") from None
        is_file = self._url.get_backend_name() == "sqlite"
        if not (self._url.database if is_file else self._url.drivername in {"postgresql", PSYCOPG}):
            raise InvalidSetting(f"{self._url.drivername}: nothing is kept there", name="DEONTO_FEEDBACK")
        self.path = Path(str(self._url.database)) if is_file else None
        """The SQLite file; None for PostgreSQL."""
        self.shown = str(self.path) if self.path else self._url.set(query={}).render_as_string(hide_password=True)
        """The address without its password, nor what follows ``?``, where one may stand too."""

    @property
    def is_absent(self) -> bool:
        """Whether nothing was ever kept here; only a file can tell."""
        with self._translated():
            try:
                return self.path is not None and not self.path.stat()
            except FileNotFoundError:
                return True

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that may write; tables are made before it, and the file with them."""
        with self._translated(), self._opened("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction that only reads; of a file that is not there it reads empty tables, and makes none."""
        if self.is_absent:
            engine = create_engine("sqlite://", poolclass=NullPool)
            with engine.begin() as connection:
                METADATA.create_all(connection)
                yield connection
        else:
            with self._translated(), self._opened("BEGIN") as connection:
                yield connection

    def compact(self) -> None:
        """Rewrite the tables without the room of what was erased, so that its bytes are gone too."""
        with self._translated(), self._made().connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            if self.path:
                connection.exec_driver_sql("VACUUM")
            else:
                self._limit(connection, "SET")
                connection.exec_driver_sql(f"VACUUM FULL {', '.join(table.name for table in KEPT)}")

    @contextmanager
    def _opened(self, begin: str) -> Iterator[Connection]:
        with self._begun(begin) as connection:
            # A file may have been replaced since the last time; a database is looked at once.
            if (self._is_ready and not self.path) or _version(connection) == VERSION:
                self._is_ready = True
                if not self.path:
                    self._limit(connection, "SET LOCAL")
                yield connection
                return
        with self._begun("BEGIN IMMEDIATE") as connection:
            self._bring_up(connection)
        with self._opened(begin) as ready:
            yield ready

    @contextmanager
    def _begun(self, begin: str) -> Iterator[Connection]:
        with self._made().connect() as plain:
            connection = plain.execution_options(begin=begin, timeout=self._timeout)
            with connection.begin():
                yield connection

    def _limit(self, connection: Connection, command: str) -> None:
        connection.exec_driver_sql(f"{command} lock_timeout = {int(self._timeout * 1000)}")

    def _bring_up(self, connection: Connection) -> None:
        """Make the tables, or bring those of an earlier version to this one; nothing that they hold is lost."""
        if not self.path:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        found = _version(connection)  # again: another process may have been first
        if found == VERSION:
            return
        if found > VERSION:
            raise self._unavailable("NEWER")
        names = set(inspect(connection).get_table_names())
        is_ours = not names if self.path else names.isdisjoint(METADATA.tables)
        if names == {feedback.name}:
            is_ours = {c["name"] for c in inspect(connection).get_columns(feedback.name)} == set(feedback.c.keys())
        if not is_ours:
            raise self._unavailable("FOREIGN")
        METADATA.create_all(connection)
        for index in feedback.indexes:
            index.create(connection, checkfirst=True)
        connection.execute(meta.insert().values(name="version", value=str(VERSION)))
        if self.path and names:
            self.path.chmod(0o600)

    def _made(self) -> Engine:
        """Return the engine; made at first use, so that a server starts and answers without its store."""
        if self.path and self.is_absent:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        with self._lock:
            if self._engine is None:
                self._engine = self._file_engine() if self.path else self._server_engine()
            return self._engine

    def _file_engine(self) -> Engine:
        url = URL.create("sqlite", database=str(self.path))
        wait = {"timeout": self._timeout}
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=wait)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def _server_engine(self) -> Engine:
        seconds = max(1, round(self._timeout))
        given: dict[str, Any] = {"connect_timeout": seconds, "tcp_user_timeout": 2_000 * seconds}
        options = {name: value for name, value in given.items() if name not in self._url.query}
        url = self._url.set(drivername=PSYCOPG)
        return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=options)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError, ImportError) as error:
            # From None: what a database says of a row may repeat the row.
            raise self._unavailable(_cause(error)) from None

    def _unavailable(self, cause: str) -> FeedbackUnavailable:
        return FeedbackUnavailable(f"{self.shown}: {cause}", path=self.shown, cause=cause)


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    """Set up a connection to a file: transactions are ours to begin, and what is deleted is overwritten."""
    connection.isolation_level = None
    connection.execute("PRAGMA secure_delete = ON").close()
    connection.execute("PRAGMA journal_mode = DELETE").close()
    connection.execute("PRAGMA temp_store = MEMORY").close()  # no words in temporary files


def _begin(connection: Connection) -> None:
    """Begin as the caller said; a transaction that will write takes its place at once, and cannot be turned back.

    SQLite waits for a place ever longer between trials, up to 0.1 s, so that busy writers starve one another: the
    trials are ours, at random moments.
    """
    options = connection.get_execution_options()
    if "begin" not in options:
        return
    until = time.monotonic() + options["timeout"]
    connection.exec_driver_sql("PRAGMA busy_timeout = 1")
    while True:
        try:
            connection.exec_driver_sql(options["begin"])
            break
        except OperationalError as error:
            if _cause(error) != "BUSY" or time.monotonic() > until:
                raise
            time.sleep(0.001 * (1 + time.perf_counter_ns() % 10))
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(options['timeout'] * 1000)}")


def _version(connection: Connection) -> int:
    """Return the version of the tables, 0 where none says it."""
    if not inspect(connection).has_table(meta.name):
        return 0
    said = connection.scalar(select(meta.c.value).where(meta.c.name == "version"))
    return int(said) if said and said.isdecimal() else 0


def _cause(error: Exception) -> str:
    """Return why it failed, as a key of ``[causes]`` where there is one."""
    below = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(below, OSError):
        return cause_of(below)
    if isinstance(below, ImportError):
        return "DRIVER"
    name = str(getattr(below, "sqlite_errorname", ""))
    if name:
        return next((cause for start, cause in _SQLITE_CAUSES.items() if name.startswith(start)), name)
    is_cut = isinstance(error, DBAPIError) and (error.connection_invalidated or isinstance(error, OperationalError))
    return "SERVER" if is_cut else type(below).__name__
