"""Every setting, read once from the environment by an entry point and passed down as plain values."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant import values
from assistant.errors import InvalidSetting
from assistant.store.retention import DAYS
from indexes.encoder import DEFAULT


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run; ``README.md`` has the table, checked by a test.

    Attributes
    ----------
    index
        ``DEONTO_INDEX``: where the index is, or will be built.
    documents
        ``DEONTO_DOCUMENTS``: folders of documents for the default index, separated by the path separator.
    encoder
        ``DEONTO_ENCODER``: a packaged model's name or a folder.
    questions
        ``DEONTO_QUESTIONS``: the operator's own wordings, read at every build beside the shipped ones.
    feedback
        ``DEONTO_FEEDBACK``: file, or address of a database, where readers' verdicts are kept; "" keeps nothing.
    conversations
        ``DEONTO_CONVERSATIONS``: questions and answers are kept there too.
    retention
        ``DEONTO_RETENTION``: days after which what is kept is erased.
    model_url, model, model_key
        ``DEONTO_MODEL_URL``, ``DEONTO_MODEL``, ``DEONTO_MODEL_KEY``: an OpenAI-compatible endpoint, the name of its
        model, and its key; no address means no model.
    model_timeout
        ``DEONTO_MODEL_TIMEOUT``: seconds that the model may be silent.
    host, port
        ``DEONTO_HOST``, ``DEONTO_PORT``: where the server listens.
    keys
        ``DEONTO_KEYS``: file of the access keys; None asks for no key, and others cannot then reach the server.
    open, open_reader
        ``DEONTO_OPEN``: listen for others without any key; ``DEONTO_OPEN_READER``: the documents' pages ask for no key.
    origins
        ``DEONTO_ORIGINS``: web origins whose pages may call the server, beside those of each key.
    proxies
        ``DEONTO_PROXIES``: addresses and networks whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed.
    rate, daily
        ``DEONTO_RATE``, ``DEONTO_DAILY``: requests of one address; "" means 120/minute for a server that others can
        reach and no limit on this machine alone, 0 no daily cap.
    limits_store
        ``DEONTO_LIMITS_STORE``: address of a Redis server that counts for several servers; "" counts in each process.
    request_timeout
        ``DEONTO_REQUEST_TIMEOUT``: seconds for a request to arrive and its answer to begin.

    """

    index: Path = Path("var/index")
    documents: tuple[Path, ...] = ()
    encoder: str = DEFAULT
    questions: Path = Path("var/questions")
    feedback: str = field(default="", repr=False)
    conversations: bool = False
    retention: int = DAYS
    model_url: str = ""
    model: str = ""
    model_key: str = field(default="", repr=False)
    model_timeout: float = 30.0
    host: str = "127.0.0.1"
    port: int = 8000
    keys: Path | None = None
    open: bool = False
    open_reader: bool = False
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    rate: str = ""
    daily: int = 0
    limits_store: str = field(default="", repr=False)
    request_timeout: float = 120.0

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from environment variables; a blank one counts as unset.

        Raises
        ------
        InvalidSetting
            A variable's value is not of its form; ``name`` says which.

        """
        unset = cls()
        given = {name: value for name, value in environ.items() if value.strip()}
        port = given.get("DEONTO_PORT", str(unset.port))
        if not re.fullmatch("[0-9]{1,5}", port.strip()) or int(port) > 65535:
            raise InvalidSetting(f"DEONTO_PORT={port[:20]!r}: not a port; give 0 to 65535", name="DEONTO_PORT")
        store, conversations = values.store(given, "DEONTO_FEEDBACK"), values.flag(given, "DEONTO_CONVERSATIONS")
        if conversations and not store:
            raise InvalidSetting("DEONTO_CONVERSATIONS: give DEONTO_FEEDBACK too", name="DEONTO_CONVERSATIONS")
        folders = given.get("DEONTO_DOCUMENTS", "").split(os.pathsep)
        return cls(
            index=Path(given.get("DEONTO_INDEX", str(unset.index))),
            documents=tuple(Path(folder) for folder in folders if folder.strip()),
            encoder=given.get("DEONTO_ENCODER", unset.encoder),
            questions=Path(given.get("DEONTO_QUESTIONS", str(unset.questions))),
            feedback=store,
            conversations=conversations,
            retention=values.days(given, "DEONTO_RETENTION", unset.retention),
            model_url=given.get("DEONTO_MODEL_URL", unset.model_url),
            model=given.get("DEONTO_MODEL", unset.model),
            model_key=given.get("DEONTO_MODEL_KEY", unset.model_key),
            model_timeout=values.seconds(given, "DEONTO_MODEL_TIMEOUT", unset.model_timeout),
            host=given.get("DEONTO_HOST", unset.host),
            port=int(port),
            keys=Path(given["DEONTO_KEYS"]) if "DEONTO_KEYS" in given else None,
            open=values.flag(given, "DEONTO_OPEN"),
            open_reader=values.flag(given, "DEONTO_OPEN_READER"),
            origins=values.origins(given, "DEONTO_ORIGINS"),
            proxies=values.networks(given, "DEONTO_PROXIES"),
            rate=values.rate(given, "DEONTO_RATE"),
            daily=values.daily(given, "DEONTO_DAILY"),
            limits_store=values.counters(given, "DEONTO_LIMITS_STORE"),
            request_timeout=values.seconds(given, "DEONTO_REQUEST_TIMEOUT", unset.request_timeout),
        )
