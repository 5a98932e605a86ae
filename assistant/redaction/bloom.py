"""A set of words small enough to ship: a Bloom filter over their folded spellings.

It never forgets a word that was put in; it takes a word that was not for one of its own with the probability that it
was made for (B. H. Bloom, "Space/time trade-offs in hash coding with allowable errors", CACM 13(7), 1970).
"""

import hashlib
import math
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path


def folded(word: str) -> str:
    """Return a word in lower case without accents, its ligatures opened."""
    decomposed = unicodedata.normalize("NFKD", word.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


class BloomFilter:
    """Words, asked for one by one.

    Parameters
    ----------
    bits
        The filter, as little-endian bytes: bit ``n`` is ``bits[n // 8] >> (n % 8) & 1``.
    hashes
        How many bits stand for a word.

    """

    def __init__(self, bits: bytes, hashes: int) -> None:
        self._bits = bits
        self._hashes = hashes

    @classmethod
    def of(cls, words: Collection[str], errors: float) -> "BloomFilter":
        """Make a filter that is wrong on a share ``errors`` of the words that are not in it."""
        size = max(8, math.ceil(-len(words) * math.log(errors) / math.log(2) ** 2))
        hashes = max(1, round(size / max(1, len(words)) * math.log(2)))
        bits = bytearray((size + 7) // 8)
        for word in words:
            for place in _places(folded(word), hashes, len(bits) * 8):
                bits[place // 8] |= 1 << place % 8
        return cls(bytes(bits), hashes)

    @classmethod
    def load(cls, path: Path) -> "BloomFilter":
        """Read a filter: one byte for the number of hashes, then the bits."""
        content = path.read_bytes()
        return cls(content[1:], content[0])

    def save(self, path: Path) -> None:
        """Write it as ``load`` reads it."""
        path.write_bytes(bytes([self._hashes]) + self._bits)

    def __contains__(self, word: str) -> bool:
        return self.has(folded(word))

    def has(self, word: str) -> bool:
        """Whether a word that is folded already is in it: for hundreds at a time."""
        bits = self._bits
        return all(bits[place // 8] >> place % 8 & 1 for place in _places(word, self._hashes, len(bits) * 8))


def _places(word: str, hashes: int, size: int) -> Iterator[int]:
    # Two halves of one digest serve for all (Kirsch and Mitzenmacher, "Less hashing, same performance", 2006).
    digest = hashlib.blake2b(word.encode(), digest_size=16).digest()
    first, second = int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little") | 1
    # One by one: most words that are not there fail at the first or the second.
    return ((first + n * second) % size for n in range(hashes))
