"""What every implementation of a protocol promises, fakes included."""

from collections.abc import Collection

import numpy as np

from assistant.messages import message
from assistant.redaction.identities import Finder
from indexes.models import Hit
from indexes.protocols import Encoder, Retriever

ODD_TEXTS = {
    "emoji": "secret 🩺👨‍⚕️🇫🇷 ?",
    "control characters": "secret\x00\x07\x1b[31m\u202eterces\u202c\ufeff",
    "half a surrogate pair": "secret \ud800",
    "50 kB in one word": "a" * 50_000,
    "50 kB of words": "secret médical " * 3_300,
    "50 kB of references": "art. 4, 5 et 6 R. 4127-" * 2_200,
    "syntax": "'; DROP TABLE passages; -- {{7*7}} ${x} [a](b) \\ %s \n\r\t",
    "another script": "医療の秘密 секрет السر",
    "combining marks": "e\u0301\u0302\u0303" * 50,
    "marks only": "?!… — « » ()",
}


def check_retriever(retriever: Retriever, known: Collection[str], query: str) -> None:
    """At most ``k`` hits with ranks from 1, descending scores and known ids, each once; the same every time."""
    everything = retriever.search(query, len(known) + 5)
    assert everything, "the contract needs a query that finds something"
    for k in (0, 1, 2, len(known), len(known) + 5):
        hits = retriever.search(query, k)
        assert hits == retriever.search(query, k)
        assert len(hits) == min(k, len(everything))
        check_hits(hits, known)
        assert [hit.passage_id for hit in hits] == [hit.passage_id for hit in everything[:k]]
    for blank in ("", " ", "\n\t\u00a0"):
        assert retriever.search(blank, 3) == []
    for odd in ODD_TEXTS.values():
        hits = retriever.search(odd, 3)
        assert len(hits) <= 3
        check_hits(hits, known)


def check_hits(hits: Collection[Hit], known: Collection[str]) -> None:
    ranks = [hit.rank for hit in hits]
    scores = [hit.score for hit in hits]
    ids = [hit.passage_id for hit in hits]
    assert ranks == list(range(1, len(ids) + 1))
    assert scores == sorted(scores, reverse=True)
    assert all(type(score) is float and np.isfinite(score) for score in scores)
    assert len(set(ids)) == len(ids)
    assert set(ids) <= set(known)
    assert len({hit.origin for hit in hits}) <= 1


def check_encoder(encoder: Encoder) -> None:
    """Unit rows of float32, the same for the same text alone or among others, and none for no text."""
    texts = ["Le secret médical", "Une réquisition", "Le secret médical", *ODD_TEXTS.values()]
    vectors, asked = encoder.encode(texts), encoder.encode(texts, query=True)
    for rows in (vectors, asked):
        assert rows.dtype == np.float32
        assert rows.shape == (len(texts), vectors.shape[1])
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, encoder.encode(texts))
    assert np.array_equal(asked, encoder.encode(texts, query=True))
    assert np.allclose(vectors[0], vectors[2], atol=1e-5)
    assert np.allclose(vectors[1], encoder.encode(["Une réquisition"])[0], atol=1e-5)
    assert not np.allclose(vectors[0], vectors[1], atol=1e-2)
    assert encoder.encode([]).shape == encoder.encode([], query=True).shape == (0, vectors.shape[1])
    assert encoder.name


def check_finder(finder: Finder, telling: str) -> None:
    """Stretches that are not empty and lie in the text, of kinds that have a placeholder; the same every time."""
    assert list(finder(telling)), "the contract needs a text in which something is found"
    for text in (telling, f"{telling}\n{telling}", "", " ", *ODD_TEXTS.values()):
        found = list(finder(text))
        assert found == list(finder(text))
        for one in found:
            assert 0 <= one.start < one.end <= len(text)
            assert text[one.start : one.end].strip()
            placeholder = message(f"placeholders.{one.placeholder or one.kind}")
            assert placeholder.startswith("[")
            assert placeholder.endswith("]")
            assert not list(finder(placeholder))
