"""A French vocabulary of word pieces, trained on the texts that the encoder is trained on."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

PADDING, UNKNOWN = "[PAD]", "[UNK]"
LONGEST_PIECE = 14


def train_vocabulary(texts: Iterable[str], size: int) -> Tokenizer:
    """Return a unigram tokenizer (Kudo 2018, arXiv 1804.10959) of ``size`` pieces that ignores case and accents."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace("’", "'"),
            normalizers.Replace("œ", "oe"),
            normalizers.Replace("Œ", "oe"),
            normalizers.NFD(),
            normalizers.StripAccents(),
            normalizers.Lowercase(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Metaspace()])
    trainer = trainers.UnigramTrainer(
        vocab_size=size,
        special_tokens=[PADDING, UNKNOWN],
        unk_token=UNKNOWN,
        max_piece_length=LONGEST_PIECE,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def kept_vocabulary(texts: Sequence[str], size: int, work: Path) -> Tokenizer:
    """Return the vocabulary that was trained on these texts before, from the folder ``work``, or train and keep it.

    Trained twice on the same texts, the library gives the pieces in another order and with slightly other chances: a
    run that was interrupted could not go on with them.
    """
    digest = hashlib.sha256(str(size).encode())
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    file = work / f"vocabulary-{digest.hexdigest()[:16]}.json"
    if not file.is_file():
        tokenizer = train_vocabulary(texts, size)
        fresh = file.with_suffix(".fresh")
        work.mkdir(parents=True, exist_ok=True)
        tokenizer.save(str(fresh), pretty=False)
        fresh.replace(file)
    return Tokenizer.from_file(str(file))
