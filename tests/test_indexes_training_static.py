"""The static encoder as it is written, its card, and the command that makes it."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

import indexes.training.__main__ as command_module
import indexes.training.sources as module
from corpus.questions import Wordings
from indexes.encoder import open_encoder
from indexes.static import StaticEncoder
from indexes.training.__main__ import main
from indexes.training.card import write_card
from indexes.training.contrastive import Recipe, train
from indexes.training.pairs import Source
from indexes.training.static import StaticModel
from indexes.training.vocabulary import train_vocabulary
from tests.contracts import check_encoder
from tests.training_data import LONG, PAIRS, TEXTS, open_data

pytestmark = pytest.mark.usefixtures("one_thread")

RECIPE = Recipe(batch=4, rate=0.05, steps=10, every=2)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A trained model and the folder it was written to."""
    folder = tmp_path_factory.mktemp("models") / "petit"
    folder.mkdir()
    trained = StaticModel(train_vocabulary(TEXTS, 120), 32, seed=1)
    train(trained, PAIRS, RECIPE, folder.parent / "c.pt")
    counts = [(Source("essai", "CC0", 3, lambda: iter(PAIRS)), 7)]
    about = {"pieces": 120, "dimensions": 32, "minutes": 0.1, "processors": 2, "loss": 0.5, "dropped": 4}
    write_card(folder, trained.save(folder), counts, RECIPE, about)
    return trained, folder


QUERIES = [*TEXTS, "Qui GARDE la clef de l’armoire ?", "漢", "", "mot " * 300]


def test_what_is_written_is_what_was_trained(shipped):
    trained, folder = shipped
    vectors = open_encoder(str(folder)).encode(QUERIES)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert ((vectors * trained.encode(QUERIES)).sum(axis=1) > 0.999).all()


def test_sentence_transformers_gives_the_same_vectors(shipped):
    _, folder = shipped
    texts = [text for text in QUERIES if text]  # an empty text has no token for it, and one for us
    library = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    assert np.abs(library.encode(texts) - open_encoder(str(folder)).encode(texts)).max() < 1e-5


def test_the_card_says_what_it_was_made_from(shipped):
    _, folder = shipped
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert len(card["files"]) == 3
    for name, digest in card["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert card["data"] == [{"name": "essai", "licence": "CC0", "pairs": 7, "seen": 21}]
    assert card["recipe"]["rate"] == RECIPE.rate
    assert card["dropped"] == 4
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "| essai | CC0 | 7 | 21 |" in readme
    assert "{" not in readme


@pytest.fixture
def command(tmp_path, small_folder, small_corpus, monkeypatch):
    """Runs the command over tiny data; the pairs are ours and made up."""
    data = open_data(tmp_path)
    excluded = tmp_path / "asked.jsonl"
    excluded.write_text(json.dumps({"question": "Titre du registre", "turns": ["Et pour la clef ?"]}) + "\n")
    monkeypatch.setattr(module, "load", lambda *_, **__: small_corpus)
    monkeypatch.setattr(module, "_domain_pairs", lambda: iter(PAIRS))
    wordings = [Wordings(small_corpus.documents[0].id, ("qui répond au telephone",))]
    monkeypatch.setattr(module, "load_wordings", lambda: iter(wordings))

    def run(name, *options):
        fixed = ["--data", str(data), "--documents", str(small_folder), "--exclude", str(excluded)]
        fixed += ["--output", str(tmp_path / name), "--work", str(tmp_path / "work"), "--pieces", "150"]
        main([*fixed, *options])
        return tmp_path / name

    return run


def test_the_command_writes_an_encoder_that_opens(command, capsys):
    options = ["--dimensions", "16", "--batch", "8", "--steps", "3"]
    folder = command("fini", *options, "--negatives")
    check_encoder(open_encoder(str(folder)))
    assert isinstance(open_encoder(str(folder)), StaticEncoder)
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert (card["dimensions"], card["dropped"], card["recipe"]["batch"]) == (16, 1, 8)
    assert {row["name"]: row["pairs"] for row in card["data"]}["service-public.fr headings"] == 0
    assert "too near" in capsys.readouterr().err
    other = command("sans", *options)
    assert open_encoder(str(other)).name != open_encoder(str(folder)).name


def test_a_command_that_was_interrupted_writes_the_very_same_encoder(command, tmp_path, monkeypatch):
    said = []

    def stop(text):
        said.append(text)
        if text.startswith("step 100 "):
            raise KeyboardInterrupt

    options = ["--dimensions", "16", "--batch", "8", "--steps", "101"]
    monkeypatch.setattr(command_module, "_say", stop)
    with pytest.raises(KeyboardInterrupt):
        command("repris", *options)
    monkeypatch.setattr(command_module, "_say", said.append)
    resumed = command("repris", *options)
    assert [text.split()[1] for text in said if text.startswith("step ")] == ["50", "100", "100", "101"]
    (tmp_path / "work" / "first.pt").unlink()
    whole = command("entier", *options)
    files = json.loads((whole / "card.json").read_text(encoding="utf-8"))["files"]
    assert json.loads((resumed / "card.json").read_text(encoding="utf-8"))["files"] == files


def test_the_command_trains_on_our_pairs_only_when_told(command):
    folder = command("nos", "--dimensions", "16", "--batch", "8", "--steps", "1", "--ours")
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert {row["licence"] for row in card["data"]} == {"ours"}


def test_a_static_encoder_learns_a_teacher_s_vectors_first(command, shipped):
    _, teacher = shipped
    fixed = ["--dimensions", "32", "--batch", "8", "--steps", "1", "--rate", "0.02", "--thinned", "0"]
    alone = command("seul", *fixed)
    pupil = command("instruit", *fixed, "--teacher", str(teacher), "--distil-steps", "60")
    card = json.loads((pupil / "card.json").read_text(encoding="utf-8"))
    assert (card["dimensions"], card["teacher"]) == (32, "petit")
    wanted = open_encoder(str(teacher)).encode([LONG, *TEXTS])
    taught, untaught = (
        (open_encoder(str(folder)).encode([LONG, *TEXTS]) * wanted).sum(axis=1).mean() for folder in (pupil, alone)
    )
    assert taught > 0.5
    assert abs(untaught) < 0.2


@pytest.mark.parametrize(
    "options",
    [["--kind", "other"], ["--teacher", "petit"], ["--kind", "transformer", "--teacher", "t", "--distil-steps", "1"]],
)
def test_options_that_do_not_go_together_are_said(options, capsys):
    with pytest.raises(SystemExit):
        main(["--data", "data", "--output", "out", *options])
    assert options[-2] in capsys.readouterr().err or "--teacher" in options


def test_nothing_of_the_training_is_imported_by_a_search():
    package = Path(module.__file__).parents[1]
    for file in package.glob("*.py"):
        assert "indexes.training" not in file.read_text(encoding="utf-8"), file.name
