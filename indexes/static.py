"""The static encoder: a text's vector is the mean of its tokens' vectors. NumPy and a tokenizer, no PyTorch."""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from indexes.errors import EncoderDamaged
from indexes.protocols import Vectors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Bytes = np.ndarray[tuple[int, int], np.dtype[np.int8]]
Weights = np.ndarray[tuple[int], np.dtype[np.float32]]
Pieces = np.ndarray[tuple[int], np.dtype[np.intp]]
"""The numbers of a text's word pieces, in its order."""

MODULE = "0_StaticEmbedding"
"""Folder inside a sentence-transformers model that holds the vectors and the tokenizer."""
WEIGHTS, TOKENIZER = f"{MODULE}/model.safetensors", f"{MODULE}/tokenizer.json"
CARD = "card.json"
"""What the training wrote about the model; ``files`` holds the SHA-256 of each file."""


class StaticEncoder:
    """A model of ``sentence_transformers.models.StaticEmbedding`` followed by normalisation, in the model2vec layout.

    ``embeddings`` are signed bytes, row by row to be multiplied by ``weights``: the vectors are those that
    sentence-transformers gives, to 1e-5 (a test), from a quarter of the bytes.

    Parameters
    ----------
    folder
        Holds ``modules.json``, ``card.json`` and ``0_StaticEmbedding/``.
    model
        What it is called; the digests of its files are added.

    Raises
    ------
    EncoderDamaged
        The card cannot be read; or, at the first text, a file is missing, or is not the one that was trained.

    """

    def __init__(self, folder: Path, model: str) -> None:
        self._folder = folder
        card = folder / CARD
        try:
            said: dict[str, str] = json.loads(card.read_text(encoding="utf-8"))["files"]
            self._digests = {**said, WEIGHTS: said[WEIGHTS], TOKENIZER: said[TOKENIZER]}
            content = "".join(sorted(said.values()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EncoderDamaged(f"{card}: not the card of a static encoder; install again", file=str(card)) from error
        self.name = f"{model}@{hashlib.sha256(content.encode()).hexdigest()[:8]}"

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return one unit vector a text, shape ``(len(texts), dimensions)``, float32."""
        tokenizer, embeddings, weights = self._loaded
        vectors = np.empty((len(texts), embeddings.shape[1]), dtype=np.float32)
        # The tokenizer refuses half of a surrogate pair, which JSON lets through.
        sound = [text.encode(errors="replace").decode() for text in texts]
        for row, encoding in enumerate(tokenizer.encode_batch(sound, add_special_tokens=False)):
            ids = encoding.ids or [tokenizer.token_to_id("[UNK]") or 0]
            vector = weights[ids] @ embeddings[ids].astype(np.float32)
            vectors[row] = vector / (np.linalg.norm(vector) or 1.0)
        return vectors

    def pieces(self, text: str) -> Pieces:
        """Return the word pieces of a text; a blank one has the unknown piece."""
        tokenizer = self._loaded[0]
        encoding = tokenizer.encode(text.encode(errors="replace").decode(), add_special_tokens=False)
        return np.asarray(encoding.ids or [tokenizer.token_to_id("[UNK]") or 0], dtype=np.intp)

    def directions(self, pieces: Pieces) -> Vectors:
        """Return the unit vector of each piece, shape ``(len(pieces), dimensions)``."""
        vectors = self._loaded[1][pieces].astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return cast("Vectors", vectors / np.where(lengths > 0, lengths, 1.0))

    def shares(self, pieces: Pieces) -> Weights:
        """Return how much each piece counts in the text that they make, shape ``(len(pieces),)``, summing to 1."""
        weights = self._loaded[2][pieces]
        return cast("Weights", weights / (weights.sum() or 1.0))

    @cached_property
    def _loaded(self) -> "tuple[Tokenizer, Bytes, Weights]":
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        read = {name: self._checked(name) for name in self._digests}
        arrays = load(read[WEIGHTS])
        return Tokenizer.from_str(read[TOKENIZER].decode()), arrays["embeddings"], arrays["weights"]

    def _checked(self, name: str) -> bytes:
        """Return a file's content after comparing it with its digest."""
        file = self._folder / name
        try:
            content = file.read_bytes()
        except OSError as error:
            raise EncoderDamaged(f"{file}: missing; install again", file=str(file)) from error
        if hashlib.sha256(content).hexdigest() != self._digests[name]:
            raise EncoderDamaged(f"{file}: altered; install again", file=str(file))
        return content
