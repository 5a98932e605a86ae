"""Every setting, read once from the environment by an entry point and passed down as plain values."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import InvalidSetting
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
        ``DEONTO_FEEDBACK``: file where readers' verdicts are kept; None keeps nothing.
    model_url, model, model_key
        ``DEONTO_MODEL_URL``, ``DEONTO_MODEL``, ``DEONTO_MODEL_KEY``: an OpenAI-compatible endpoint, the name of its
        model, and its key; no address means no model.
    model_timeout
        ``DEONTO_MODEL_TIMEOUT``: seconds that the model may be silent.
    host, port
        ``DEONTO_HOST``, ``DEONTO_PORT``: where the server listens.

    """

    index: Path = Path("var/index")
    documents: tuple[Path, ...] = ()
    encoder: str = DEFAULT
    questions: Path = Path("var/questions")
    feedback: Path | None = None
    model_url: str = ""
    model: str = ""
    model_key: str = field(default="", repr=False)
    model_timeout: float = 30.0
    host: str = "127.0.0.1"
    port: int = 8000

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from environment variables; a blank one counts as unset.

        Raises
        ------
        InvalidSetting
            ``DEONTO_PORT`` is not a port number, ``DEONTO_MODEL_TIMEOUT`` no number of seconds.

        """
        unset = cls()
        given = {name: value for name, value in environ.items() if value.strip()}
        port = given.get("DEONTO_PORT", str(unset.port))
        if not re.fullmatch("[0-9]{1,5}", port.strip()) or int(port) > 65535:
            raise InvalidSetting(f"DEONTO_PORT={port[:20]!r}: not a port; give 0 to 65535", name="DEONTO_PORT")
        timeout = given.get("DEONTO_MODEL_TIMEOUT", str(unset.model_timeout)).strip()
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", timeout) or not float(timeout):
            raise InvalidSetting(
                f"DEONTO_MODEL_TIMEOUT={timeout[:20]!r}: not a number of seconds above 0", name="DEONTO_MODEL_TIMEOUT"
            )
        folders = given.get("DEONTO_DOCUMENTS", "").split(os.pathsep)
        return cls(
            index=Path(given.get("DEONTO_INDEX", str(unset.index))),
            documents=tuple(Path(folder) for folder in folders if folder.strip()),
            encoder=given.get("DEONTO_ENCODER", unset.encoder),
            questions=Path(given.get("DEONTO_QUESTIONS", str(unset.questions))),
            feedback=Path(given["DEONTO_FEEDBACK"]) if "DEONTO_FEEDBACK" in given else None,
            model_url=given.get("DEONTO_MODEL_URL", unset.model_url),
            model=given.get("DEONTO_MODEL", unset.model),
            model_key=given.get("DEONTO_MODEL_KEY", unset.model_key),
            model_timeout=float(timeout),
            host=given.get("DEONTO_HOST", unset.host),
            port=int(port),
        )
