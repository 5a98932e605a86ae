"""The encoders: the shipped static one, the packaged English model, folders, and models of the local hub cache."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import huggingface_hub.constants
import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

import indexes.encoder
from indexes import Encoder, open_encoder
from indexes.encoder import DEFAULT, PACKAGED, SHIPPED, SentenceEncoder, model_path
from indexes.errors import EncoderDamaged, EncoderMissing
from indexes.static import CARD, TOKENIZER, WEIGHTS, StaticEncoder
from tests.contracts import ODD_TEXTS, check_encoder
from tests.files import DAMAGES, break_file

(ENGLISH,) = PACKAGED
TEXTS = ["Le secret médical", "Une réquisition de la gendarmerie", "œuvre, cœur et « ça »", "R. 4127-4", "a" * 300]
PROMPTS = "config_sentence_transformers.json"


@pytest.fixture(scope="module", params=[DEFAULT, ENGLISH])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return open_encoder(request.param)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped encoder, to break."""
    return shutil.copytree(SHIPPED, tmp_path / "mien")


# --- every encoder


def test_it_keeps_the_contract(encoder: Encoder) -> None:
    check_encoder(encoder)


def test_shape_and_meaning(encoder: Encoder) -> None:
    vectors = encoder.encode(["secret médical", "le secret médical", "une voiture rouge"])
    assert vectors.shape == (3, encoder.encode([]).shape[1])
    near, far = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert near > far


def test_a_text_alone_and_in_a_batch_is_the_same(encoder: Encoder) -> None:
    texts = [f"texte numéro {n} " * (n + 1) for n in range(40)]
    alone = np.vstack([encoder.encode([texts[n]]) for n in (0, 39)])
    assert np.allclose(encoder.encode(texts)[[0, 39]], alone, atol=1e-5)


# --- the static encoder


def test_the_shipped_encoder_is_the_default_and_is_named_by_its_files() -> None:
    assert model_path(DEFAULT) == SHIPPED
    shipped = open_encoder()
    assert isinstance(shipped, StaticEncoder)
    assert shipped.name == open_encoder(DEFAULT).name
    assert shipped.name.startswith(f"{DEFAULT}@")
    assert len(shipped.name) == len(DEFAULT) + 9


def test_vectors_are_those_of_sentence_transformers() -> None:
    """Where both define them: a text without any known token is nothing there."""
    theirs = SentenceTransformer(str(SHIPPED), device="cpu", local_files_only=True)
    texts = TEXTS + [text.encode(errors="replace").decode() for text in ODD_TEXTS.values()] + ["", " "]
    expected = theirs.encode(texts, normalize_embeddings=True, show_progress_bar=False, batch_size=1)
    defined = np.linalg.norm(expected, axis=1) > 0.5
    assert defined[: len(TEXTS)].all()
    assert defined.sum() >= len(texts) - 2
    # Their mean of tens of thousands of tokens, in single precision, is itself off by more.
    allowed = np.array([1e-5 if len(text) < 1_000 else 1e-4 for text in texts])
    for query in (False, True):
        ours = open_encoder().encode(texts, query=query)
        assert (np.abs(ours - expected).max(axis=1) < allowed)[defined].all()
        assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER, "modules.json"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named(copy: Path, name: str, damage: str) -> None:
    file = copy / name
    break_file(file, damage)
    broken = open_encoder(str(copy))
    assert broken.name.startswith("mien@"), "nothing is read before the first text"
    for texts in (["secret"], []):
        with pytest.raises(EncoderDamaged) as caught:
            broken.encode(texts)
        assert caught.value.values == {"file": str(file)}


CARDS = [
    "",
    "{",
    "[]",
    "{}",
    "3",
    '{"files": []}',
    '{"files": {"modules.json": "ab"}}',
    f'{{"files": {{"{WEIGHTS}": 3}}}}',
]


@pytest.mark.parametrize("card", CARDS)
def test_a_damaged_card_is_named(copy: Path, card: str) -> None:
    (copy / CARD).write_text(card)
    with pytest.raises(EncoderDamaged) as caught:
        open_encoder(str(copy))
    assert caught.value.values == {"file": str(copy / CARD)}


def test_a_shipped_encoder_that_is_not_there_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes.encoder, "SHIPPED", tmp_path / "nothing")
    with pytest.raises(EncoderDamaged) as caught:
        open_encoder()
    assert caught.value.values == {"file": str(tmp_path / "nothing" / CARD)}


def test_a_static_encoder_of_ones_own_is_named_by_its_folder_and_files(copy: Path) -> None:
    own = open_encoder(str(copy))
    assert isinstance(own, StaticEncoder)
    assert own.name == open_encoder().name.replace(DEFAULT, "mien")
    assert np.array_equal(own.encode(TEXTS), open_encoder().encode(TEXTS))
    (copy / "modules.json").write_text("[]")
    card = json.loads((copy / CARD).read_text())
    card["files"]["modules.json"] = hashlib.sha256(b"[]").hexdigest()
    (copy / CARD).write_text(json.dumps(card))
    assert open_encoder(str(copy)).name != own.name


# --- models of sentence-transformers, by folder and by name


def cached(home: Path, name: str, *files: Path) -> Path:
    """Put files into a hub cache as a download would, and return the folder that holds them."""
    repository, revision = home / f"models--{name.replace('/', '--')}", "0" * 40
    snapshot = repository / "snapshots" / revision
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(revision)
    for file in files:
        shutil.copytree(file, snapshot / file.name) if file.is_dir() else shutil.copy(file, snapshot / file.name)
    return snapshot


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def test_a_packaged_model_and_its_folder_are_the_same() -> None:
    packaged, folder = open_encoder(ENGLISH), model_path(ENGLISH)
    assert isinstance(packaged, SentenceEncoder)
    assert packaged.name.startswith(f"{ENGLISH}@")
    by_folder = open_encoder(str(folder))
    assert by_folder.name.split("@")[1] == packaged.name.split("@")[1]
    assert np.array_equal(by_folder.encode(TEXTS), packaged.encode(TEXTS))


def test_a_model_of_the_local_cache_is_found_by_its_name(hub: Path) -> None:
    snapshot = cached(hub, "essai/petit-e5", *model_path(ENGLISH).iterdir())
    found = open_encoder("essai/petit-e5")
    assert model_path("essai/petit-e5") == snapshot
    assert found.name.startswith("petit-e5@")
    english = open_encoder(ENGLISH)
    assert np.allclose(found.encode(TEXTS), english.encode([f"passage: {text}" for text in TEXTS]), atol=1e-5)
    assert np.allclose(found.encode(TEXTS, query=True), english.encode([f"query: {t}" for t in TEXTS]), atol=1e-5)


def test_a_static_model_of_the_local_cache_is_static(hub: Path) -> None:
    cached(hub, "essai/statique", *SHIPPED.iterdir())
    found = open_encoder("essai/statique")
    assert isinstance(found, StaticEncoder)
    assert found.name.startswith("statique@")


@pytest.mark.parametrize("name", ["no-such-model", "/no/such/folder", "essai/absent", "a//b", "é" * 100])
def test_a_missing_model_is_named(hub: Path, name: str) -> None:
    with pytest.raises(EncoderMissing, match=name) as caught:
        open_encoder(name)
    assert caught.value.values == {"encoder": name}


def test_a_packaged_model_that_is_not_installed_is_missing(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGED, "essai", ("no_such_package_here", "model"))
    with pytest.raises(EncoderMissing, match="essai"):
        open_encoder("essai")


@pytest.mark.parametrize("files", [{}, {"config.json": "not JSON"}, {"modules.json": "[]", "config.json": "{}"}])
def test_a_folder_that_is_no_model_is_named(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    encoder = open_encoder(str(tmp_path))
    with pytest.raises(EncoderMissing) as caught:
        encoder.encode(["secret"])
    assert str(tmp_path) in str(caught.value)
    assert caught.value.values == {"encoder": str(tmp_path)}


def test_a_name_tells_the_models_files(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    first = open_encoder(str(tmp_path)).name
    assert first.startswith(f"{tmp_path.name}@")
    assert open_encoder(str(tmp_path)).name == first
    (tmp_path / "config.json").write_text("[]")
    assert open_encoder(str(tmp_path)).name != first


SAID: dict[str, tuple[str, object, tuple[str, str]]] = {
    "its own": ("m", {"prompts": {"query": "Q: ", "passage": "P: "}}, ("Q: ", "P: ")),
    "its own, called a document": ("m", {"prompts": {"query": "Q: ", "document": "D: "}}, ("Q: ", "D: ")),
    "its own go before its family's": ("multilingual-e5-small", {"prompts": {"query": "Q: "}}, ("Q: ", "")),
    "for a query alone": ("m", {"prompts": {"query": "Q: ", "document": None}}, ("Q: ", "")),
    "for other tasks": ("m", {"prompts": {"clustering": "C: "}}, ("", "")),
    "its family's": ("multilingual-e5-small", {"prompts": {}}, ("query: ", "passage: ")),
    "empty ones give way": ("my-E5", {"prompts": {"query": "", "document": ""}}, ("query: ", "passage: ")),
    "another family's": ("solon-base", {}, ("query : ", "")),
    "no family": ("m", {}, ("", "")),
    "nothing said": ("m", None, ("", "")),
    "no object": ("e5", [], ("query: ", "passage: ")),
    "no texts": ("e5", {"prompts": ["query"]}, ("query: ", "passage: ")),
}


@pytest.mark.parametrize(("name", "config", "expected"), SAID.values(), ids=SAID)
def test_prompts_of_a_model(tmp_path: Path, name: str, config: object, expected: tuple[str, str]) -> None:
    (tmp_path / name).mkdir()
    if config is not None:
        (tmp_path / name / PROMPTS).write_text(json.dumps(config))
    assert indexes.encoder._prompts(tmp_path / name, str(tmp_path / name)) == expected


def test_prompts_reach_the_model(tmp_path: Path) -> None:
    folder = shutil.copytree(model_path(ENGLISH), tmp_path / "mien")
    config = json.loads((folder / PROMPTS).read_text()) if (folder / PROMPTS).is_file() else {}
    (folder / PROMPTS).write_text(json.dumps({**config, "prompts": {"query": "Q : ", "document": "D : "}}))
    own, english = open_encoder(str(folder)), open_encoder(ENGLISH)
    assert np.allclose(own.encode(TEXTS), english.encode([f"D : {text}" for text in TEXTS]), atol=1e-5)
    assert np.allclose(own.encode(TEXTS, query=True), english.encode([f"Q : {text}" for text in TEXTS]), atol=1e-5)


# --- what is loaded when


def process(program: str, folder: Path, **environment: str) -> None:
    root = str(Path(__file__).parent.parent)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DEONTO_")}
    command = [sys.executable, "-W", "error", "-c", program]
    subprocess.run(command, check=True, timeout=120, cwd=folder, env={**kept, "PYTHONPATH": root, **environment})


def test_nothing_heavy_is_loaded_before_the_first_text(tmp_path: Path) -> None:
    program = (
        "import sys, indexes\n"
        "heavy = {'torch', 'faiss', 'llama_index', 'sentence_transformers', 'transformers', 'bm25s', 'tokenizers'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        f"indexes.open_encoder(), indexes.open_encoder({ENGLISH!r})\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "indexes.build_index, indexes.Index\n"
        "assert not (heavy - {'faiss', 'bm25s'}) & set(sys.modules), heavy & set(sys.modules)\n"
    )
    process(program, tmp_path)


def test_asking_the_shipped_encoder_loads_no_torch(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys\n"
        "from assistant.opening import build, open_assistant\n"
        "from assistant.settings import Settings\n"
        "settings = Settings.from_environ(os.environ)\n"
        "build([pathlib.Path('documents')], settings.index, settings.encoder, sheets=False)\n"
        "answer = open_assistant(settings).answer('les volets du cabinet')\n"
        "assert answer.passages[0].document_id == 'a', answer\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'llama_index', 'huggingface_hub'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("Le cabinet ferme ses volets chaque soir, sauf en juillet.")
    process(program, tmp_path)


def test_the_cache_of_the_environment_is_used(tmp_path: Path) -> None:
    snapshot = cached(tmp_path / "home" / "hub", "essai/statique", *SHIPPED.iterdir())
    program = f"from indexes.encoder import model_path\nassert str(model_path('essai/statique')) == {str(snapshot)!r}\n"
    process(program, tmp_path, HF_HOME=str(tmp_path / "home"))
