"""The static model in training: one vector a token, and their mean."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import normalize

from indexes.static import MODULE
from indexes.training.vocabulary import UNKNOWN

LONGEST = 400
"""Tokens of a text that are trained on."""
SPREAD = 0.3
"""Length of a token's vector before training."""
MODULES = [
    {"idx": 0, "name": "0", "path": MODULE, "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]


class StaticModel:
    """A bag of tokens; see ``contrastive.Embedder``."""

    def __init__(self, tokenizer: Tokenizer, dimensions: int, seed: int = 0) -> None:
        torch.manual_seed(seed)
        self.name = "in training"
        self.tokenizer = tokenizer
        self._unknown = tokenizer.token_to_id(UNKNOWN) or 0
        self._embedding = nn.EmbeddingBag(tokenizer.get_vocab_size(), dimensions, mode="mean")
        nn.init.normal_(self._embedding.weight, std=SPREAD / dimensions**0.5)

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each text."""
        encodings = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids[:LONGEST] or [self._unknown] for encoding in encodings]

    def vectors(self, tokens: Sequence[Sequence[int]]) -> Tensor:
        """Return unit vectors, shape ``(len(tokens), dimensions)``."""
        starts = np.cumsum([0, *(len(ids) for ids in tokens[:-1])])
        flat = np.concatenate([np.asarray(ids, dtype=np.int64) for ids in tokens])
        return normalize(self._embedding(torch.from_numpy(flat), torch.from_numpy(starts)), dim=1)

    def module(self) -> nn.Module:
        """Return what holds the weights."""
        return self._embedding

    def groups(self, rate: float) -> list[tuple[list[nn.Parameter], float]]:
        """Return all weights with one rate."""
        return [(list(self._embedding.parameters()), rate)]

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        """Return unit vectors as an encoder does, to mine negatives with."""
        with torch.no_grad():
            return self.vectors(self.tokens(texts)).numpy()

    def save(self, folder: Path) -> list[str]:
        """Write a sentence-transformers model of signed bytes into ``folder``; return the names of its files."""
        (folder / MODULE).mkdir(parents=True, exist_ok=True)
        (folder / "1_Normalize").mkdir(exist_ok=True)
        weight = self._embedding.weight.detach().numpy()
        largest = np.abs(weight).max(axis=1)
        weights = (np.where(largest > 0, largest, 1.0) / 127).astype(np.float32)
        embeddings = np.rint(weight / weights[:, None]).astype(np.int8)
        save_file({"embeddings": embeddings, "weights": weights}, folder / MODULE / "model.safetensors")
        (folder / MODULE / "model.safetensors").chmod(0o644)  # the library leaves it to its owner alone
        self.tokenizer.save(str(folder / MODULE / "tokenizer.json"), pretty=False)
        (folder / "modules.json").write_text(json.dumps(MODULES, indent=1), encoding="utf-8")
        (folder / "1_Normalize" / "config.json").write_text("{}", encoding="utf-8")
        (folder / "config_sentence_transformers.json").write_text(
            json.dumps({"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"}),
            encoding="utf-8",
        )
        return [f"{MODULE}/model.safetensors", f"{MODULE}/tokenizer.json", "modules.json"]
