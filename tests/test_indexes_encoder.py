"""The packaged model itself, and folders that hold none."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexes.encoder import DEFAULT, SentenceEncoder
from indexes.errors import EncoderMissing
from tests.contracts import check_encoder


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


def test_it_keeps_the_contract(encoder: SentenceEncoder) -> None:
    check_encoder(encoder)


def test_shape_and_meaning(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(["secret médical", "le secret médical", "une voiture rouge"])
    assert vectors.shape == (3, 384)
    near, far = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert near > far


def test_a_text_alone_and_in_a_batch_is_the_same(encoder: SentenceEncoder) -> None:
    texts = [f"texte numéro {n} " * (n + 1) for n in range(40)]
    assert np.allclose(
        encoder.encode(texts)[[0, 39]], np.vstack([encoder.encode([texts[n]]) for n in (0, 39)]), atol=1e-5
    )


def test_its_name_tells_the_model_and_its_files(tmp_path: Path) -> None:
    assert SentenceEncoder().name == SentenceEncoder(DEFAULT).name
    assert SentenceEncoder().name.startswith(f"{DEFAULT}@")
    (tmp_path / "config.json").write_text("{}")
    first = SentenceEncoder(str(tmp_path)).name
    (tmp_path / "config.json").write_text("[]")
    assert SentenceEncoder(str(tmp_path)).name != first


@pytest.mark.parametrize("name", ["no-such-model", "/no/such/folder", "sentence-transformers/all-MiniLM-L6-v2"])
def test_a_missing_model_is_named(name: str) -> None:
    with pytest.raises(EncoderMissing, match=name) as caught:
        SentenceEncoder(name)
    assert caught.value.values == {"encoder": name}


@pytest.mark.parametrize("files", [{}, {"config.json": "not JSON"}, {"modules.json": "[]", "config.json": "{}"}])
def test_a_folder_that_is_no_model_is_named(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    encoder = SentenceEncoder(str(tmp_path))
    with pytest.raises(EncoderMissing) as caught:
        encoder.encode(["secret"])
    assert str(tmp_path) in str(caught.value)
    assert caught.value.values == {"encoder": str(tmp_path)}


def test_nothing_heavy_is_loaded_before_the_first_text() -> None:
    program = (
        "import sys, indexes\n"
        "heavy = {'torch', 'faiss', 'llama_index', 'sentence_transformers', 'transformers', 'bm25s'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "indexes.SentenceEncoder()\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "indexes.build_index, indexes.Index\n"
        "assert not (heavy - {'faiss', 'bm25s'}) & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)
