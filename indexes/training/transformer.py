"""The transformer in training: the first layers of an English encoder under a French vocabulary.

A piece's vector starts as the mean of those of the English pieces that spell it; the layers above start as they are,
and ``distillation`` teaches both what French means.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, processors
from torch import Tensor, nn
from torch.nn.functional import normalize
from transformers import BertModel, PreTrainedTokenizerFast

from indexes.training.vocabulary import PADDING, UNKNOWN

LONGEST = 96
"""Tokens of a text that are read, the two marks among them."""
FIRST, LAST = "[CLS]", "[SEP]"
BEGINNING = "▁"
ALONE = -40.0
"""Logarithm of the chance of that sign alone: lower than that of any piece that begins with it."""
TOGETHER = 16
"""Texts that are run at once: of about one length, so that little is spent on padding."""
BODY = 0.375
"""Learning rate of the layers, as a share of that of the pieces' vectors, which begin much further from right."""
PIECES = "embeddings.word_embeddings.weight"
KINDS = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}


class TransformerModel:
    """A small BERT with the mean of its last states; see ``contrastive.Embedder``.

    Parameters
    ----------
    english
        Folder of the English model: a BERT with its word pieces.
    tokenizer
        French word pieces; two marks are added to a copy of it.
    layers
        Layers that are kept, from the first on.
    half
        Whether to multiply in 16 bits: several times faster where the processor has instructions for it, and slower
        where it has none.

    """

    def __init__(self, english: Path, tokenizer: Tokenizer, layers: int, *, half: bool = False) -> None:
        self.name = "in training"
        self.tokenizer = _marked(tokenizer)
        self._half = half
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        numbers = self.tokenizer.get_vocab()
        self._pad, self._unknown, self._first, self._last = (numbers[t] for t in (PADDING, UNKNOWN, FIRST, LAST))
        # Dropout draws from a state that no checkpoint keeps, and so short a training does not need it.
        bert: BertModel = BertModel.from_pretrained(
            english, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        if not 1 <= layers <= len(bert.encoder.layer):
            raise ValueError(f"{layers} layers: {english} has {len(bert.encoder.layer)}; ask for 1 to that many")
        bert.encoder.layer = bert.encoder.layer[:layers]
        bert.config.num_hidden_layers = layers
        pieces = _pieces(english, bert.embeddings.word_embeddings.weight.detach(), self.tokenizer)
        bert.embeddings.word_embeddings = nn.Embedding(len(pieces), pieces.shape[1], self._pad, _weight=pieces)
        bert.config.vocab_size = len(pieces)
        bert.config.pad_token_id = self._pad
        self._bert = bert.train()
        nn.Module.to(self._bert, self._device)

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each text, without the marks."""
        encodings = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids[: LONGEST - 2] or [self._unknown] for encoding in encodings]

    def vectors(self, tokens: Sequence[Sequence[int]]) -> Tensor:
        """Return unit vectors, shape ``(len(tokens), dimensions)``."""
        order = np.argsort([len(ids) for ids in tokens], kind="stable")
        parts = [self._run([tokens[n] for n in order[at : at + TOGETHER]]) for at in range(0, len(order), TOGETHER)]
        return torch.cat(parts)[torch.from_numpy(np.argsort(order, kind="stable")).to(self._device)]

    def module(self) -> nn.Module:
        """Return what holds the weights."""
        module: nn.Module = self._bert
        return module

    def groups(self, rate: float) -> list[tuple[list[nn.Parameter], float]]:
        """Return the pieces' vectors with the whole rate, and the rest with ``BODY`` of it."""
        pieces = [weight for name, weight in self._bert.named_parameters() if name == PIECES]
        rest = [weight for name, weight in self._bert.named_parameters() if name != PIECES]
        return [(pieces, rate), (rest, BODY * rate)]

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        """Return unit vectors as an encoder does, to mine negatives with."""
        with torch.no_grad():
            return self.vectors(self.tokens(texts)).cpu().numpy()

    def save(self, folder: Path) -> list[str]:
        """Write a sentence-transformers model into ``folder``; return the names of its files."""
        folder.mkdir(parents=True, exist_ok=True)
        self._bert.save_pretrained(folder)
        PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_object=self.tokenizer,
            model_max_length=LONGEST,
            pad_token=PADDING,
            unk_token=UNKNOWN,
            cls_token=FIRST,
            sep_token=LAST,
        ).save_pretrained(folder)
        modules = [
            {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for n, (path, kind) in enumerate(KINDS.items())
        ]
        settings: dict[str, object] = {
            "modules.json": modules,
            "sentence_bert_config.json": {"max_seq_length": LONGEST, "do_lower_case": False},
            "1_Pooling/config.json": {
                "word_embedding_dimension": self._bert.config.hidden_size,
                "pooling_mode_mean_tokens": True,
            },
            "2_Normalize/config.json": {},
            "config_sentence_transformers.json": {
                "model_type": "SentenceTransformer",
                "prompts": {},
                "similarity_fn_name": "cosine",
            },
        }
        for name, content in settings.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")
        return ["model.safetensors", "tokenizer.json", "config.json", *settings]

    def _run(self, tokens: Sequence[Sequence[int]]) -> Tensor:
        rows = [[self._first, *ids[: LONGEST - 2], self._last] for ids in tokens]
        width = max(map(len, rows))
        ids = torch.tensor([row + [self._pad] * (width - len(row)) for row in rows], device=self._device)
        mask = ids.ne(self._pad).long()
        with torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._half):
            states = self._bert(input_ids=ids, attention_mask=mask).last_hidden_state
        shares = mask[:, :, None] / mask.sum(dim=1)[:, None, None]
        return normalize((states.float() * shares).sum(dim=1), dim=1)


def _marked(tokenizer: Tokenizer) -> Tokenizer:
    """Return a copy that puts a mark before and after a text, and that cuts no word's beginning off.

    Trained, the sign of a word's beginning is so frequent a piece that it often stands alone; that costs a quarter of
    the tokens of a text, of which only so many are read.
    """
    content = json.loads(tokenizer.to_str())
    vocabulary = content["model"]["vocab"]
    content["model"]["vocab"] = [[piece, ALONE if piece == BEGINNING else score] for piece, score in vocabulary]
    marked = Tokenizer.from_str(json.dumps(content))
    marked.add_special_tokens([FIRST, LAST])
    marks = [(token, marked.token_to_id(token)) for token in (FIRST, LAST)]
    marked.post_processor = processors.TemplateProcessing(single=f"{FIRST} $A {LAST}", special_tokens=marks)
    return marked


def _pieces(english: Path, vectors: Tensor, french: Tokenizer) -> Tensor:
    """Return a vector for each French piece: the mean of those of the English pieces that spell it."""
    spelling = Tokenizer.from_file(str(english / "tokenizer.json"))
    spelling.no_padding()
    spelling.no_truncation()
    known = spelling.get_vocab()
    by_number = sorted(french.get_vocab().items(), key=lambda item: item[1])
    return torch.stack([vectors[_spelt(piece, spelling, known)].mean(dim=0) for piece, _ in by_number])


def _spelt(piece: str, english: Tokenizer, known: Mapping[str, int]) -> list[int]:
    inside = f"##{piece}"
    if piece in {PADDING, UNKNOWN, FIRST, LAST} or inside in known:
        return [known[piece if piece.startswith("[") else inside]]
    return english.encode(piece.strip(BEGINNING), add_special_tokens=False).ids or [known[UNKNOWN]]
