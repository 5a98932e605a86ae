"""The transformer in training: its first weights, what English teaches it, and what is written."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

import indexes.training.sources as module
import indexes.training.stages
from corpus.questions import Wordings
from indexes.encoder import SentenceEncoder, model_path, open_encoder
from indexes.training.__main__ import main
from indexes.training.contrastive import Recipe, train
from indexes.training.distillation import Lesson, aligned, apart, batch_of, distil
from indexes.training.stages import ENGLISH
from indexes.training.transformer import LONGEST, PIECES, TransformerModel
from indexes.training.vocabulary import train_vocabulary
from tests.contracts import check_encoder
from tests.fakes import HashEncoder
from tests.training_data import PAIRS, STATUTES, TEXTS, interrupted_at, open_data, same, weights

VOCABULARY = train_vocabulary(TEXTS, 150)
pytestmark = pytest.mark.usefixtures("one_thread")

WIDTH = 48
TEACHER = HashEncoder(dimensions=WIDTH)
LESSON = Lesson(steps=6, batch=4, rate=1e-3, every=2)


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    """A tiny model in the form of the English one: a BERT of three layers whose pieces are letters and a few words."""
    folder = tmp_path_factory.mktemp("english")
    letters = "abcdefghijklmnopqrstuvwxyz'.,:;!?0123456789"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters), "le", "##ion"]
    numbers = {piece: n for n, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    tokenizer.enable_padding(length=32)  # as the real one, which no spelling must take along
    names = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep")}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)
    torch.manual_seed(0)
    shape = {"hidden_size": WIDTH, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(pieces), **shape)).save_pretrained(folder)
    real = model_path(ENGLISH)
    (folder / "modules.json").write_bytes((real / "modules.json").read_bytes())
    (folder / "1_Pooling").mkdir()
    pooling = json.loads((real / "1_Pooling" / "config.json").read_text(encoding="utf-8"))
    pooling["word_embedding_dimension"] = WIDTH
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def model(english):
    """Makes an untrained model."""

    def make(layers=1, **options):
        return TransformerModel(english, VOCABULARY, layers, **options)

    return make


@pytest.fixture(scope="module")
def fresh(model):
    """An untrained model; read only."""
    return model(layers=2)


def test_the_first_layers_are_those_of_the_english_model(fresh, english):
    ours = fresh.module().state_dict()
    theirs = BertModel.from_pretrained(english, add_pooling_layer=False).state_dict()
    assert {name for name in theirs if name not in ours} == {name for name in theirs if ".layer.2." in name}
    assert len(fresh.module().encoder.layer) == 2
    for name, value in ours.items():
        assert "word_embeddings" in name or torch.equal(value, theirs[name]), name


def test_a_piece_begins_as_the_mean_of_what_spells_it(fresh, english):
    start = BertModel.from_pretrained(english, add_pooling_layer=False).embeddings.word_embeddings.weight
    known = json.loads((english / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    french = fresh.tokenizer.get_vocab()
    long = max((piece for piece in french if piece.isalpha() and f"▁{piece}" not in french), key=len)
    spelt = {"▁le": ["le"], "[CLS]": ["[CLS]"], "e": ["##e"], "▁": ["[UNK]"]}
    spelt[long] = [long[0], *(f"##{letter}" for letter in long[1:])]
    for piece, pieces in spelt.items():
        mine = fresh.module().embeddings.word_embeddings.weight[french[piece]]
        mean = torch.stack([start[known[each]] for each in pieces]).mean(dim=0)
        assert torch.allclose(mine, mean, atol=1e-6), piece


def test_the_real_english_model_has_what_is_taken_from_it():
    real = TransformerModel(model_path(ENGLISH), VOCABULARY, 6)
    assert real.encode(["mesure"]).shape == (1, 384)
    names = [name for name, _ in real.module().named_parameters()]
    assert sum(name == PIECES for name in names) == 1


def test_the_sign_of_a_beginning_stands_alone_only_before_what_it_begins_no_piece_of(english):
    chances = {"[PAD]": 0.0, "[UNK]": 0.0, "▁": -1.0, ",": -1.0, ";": -1.0, "▁,": -5.0, "▁mot": -3.0}
    french = Tokenizer(models.Unigram(list(chances.items()), unk_id=1))
    french.pre_tokenizer = VOCABULARY.pre_tokenizer
    assert french.encode("mot, mot;").tokens == ["▁mot", "▁", ",", "▁mot", "▁", ";"]
    ours = TransformerModel(english, french, 1).tokenizer
    assert ours.encode("mot, mot;").tokens == ["[CLS]", "▁mot", "▁,", "▁mot", "▁", ";", "[SEP]"]


def test_a_vector_does_not_depend_on_its_batch(fresh):
    texts = [*TEXTS, "mot " * 300, "", "漢"]
    together = fresh.encode(texts)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    alone = np.vstack([fresh.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5
    assert np.abs(fresh.encode(["mot " * 300]) - fresh.encode(["mot " * LONGEST])).max() < 1e-6


def test_sixteen_bits_give_nearly_the_same_vectors(model, fresh):
    assert ((model(layers=2, half=True).encode(TEXTS) * fresh.encode(TEXTS)).sum(axis=1) > 0.99).all()


@pytest.mark.parametrize("layers", [0, 4])
def test_more_layers_than_there_are_is_an_error(model, layers):
    with pytest.raises(ValueError, match=f"{layers} layers: .* has 3"):
        model(layers)


def test_pieces_and_body_have_their_own_rates(fresh):
    (pieces, high), (rest, low) = fresh.groups(1e-3)
    assert (high, low) == (1e-3, pytest.approx(3.75e-4))
    assert [tuple(weight.shape) for weight in pieces] == [(len(fresh.tokenizer.get_vocab()), WIDTH)]
    assert len(pieces) + len(rest) == len(list(fresh.module().parameters()))


def test_sentence_transformers_reads_what_is_written(fresh, tmp_path):
    files = fresh.save(tmp_path / "petit")
    assert all((tmp_path / "petit" / name).is_file() for name in files)
    texts = [*TEXTS, "mot " * 300, "漢"]
    library = SentenceTransformer(str(tmp_path / "petit"), device="cpu", local_files_only=True)
    assert library.max_seq_length == LONGEST
    assert np.abs(library.encode(texts) - fresh.encode(texts)).max() < 1e-5
    encoder = open_encoder(str(tmp_path / "petit"))
    assert isinstance(encoder, SentenceEncoder)
    assert np.abs(encoder.encode(texts) - fresh.encode(texts)).max() < 1e-5


def test_contrastive_training_lowers_its_loss(model, tmp_path):
    losses = []
    recipe = Recipe(batch=8, rate=1e-3, thinned=0.0, steps=8, every=2)
    train(model(), PAIRS, recipe, tmp_path / "c.pt", progress=lambda step, steps, loss: losses.append(loss))
    assert losses[-1] < 0.7 * losses[0]


def test_statutes_are_read_each_once_and_the_short_ones_left_out(tmp_path):
    path = open_data(tmp_path) / "statutes-fr-en.jsonl.gz"
    found = aligned(path, 10)
    english = {second for _, second in STATUTES} - {"Short title"}
    assert {second for _, second in found} == english
    assert len(found) == len(english)
    assert {(first, second) for first, second in found} <= {(a, b) for a, b in STATUTES}
    assert aligned(path, 2) == found[:2]
    assert aligned(path, 10, seed=3) != found


def test_a_student_comes_nearer_to_its_teacher(model, tmp_path):
    student, losses = model(), []
    pairs = [(text, text) for text in TEXTS]
    lesson = Lesson(steps=30, batch=8, rate=2e-3, every=5)
    before = (student.encode(TEXTS) * TEACHER.encode(TEXTS)).sum(axis=1).mean()
    distil(student, pairs, TEACHER, lesson, tmp_path / "d.pt", lambda step, steps, loss: losses.append(loss))
    assert losses[-1] < 0.7 * losses[0]
    assert (student.encode(TEXTS) * TEACHER.encode(TEXTS)).sum(axis=1).mean() > before + 0.2


def test_a_distillation_that_was_interrupted_ends_with_the_very_same_weights(model, tmp_path):
    pairs = [(text, text) for text in TEXTS]
    whole, broken, again, steps = model(), model(), model(), []
    distil(whole, pairs, TEACHER, LESSON, tmp_path / "whole.pt")
    with pytest.raises(KeyboardInterrupt):
        distil(broken, pairs, TEACHER, LESSON, tmp_path / "broken.pt", interrupted_at(4))
    distil(again, pairs, TEACHER, LESSON, tmp_path / "broken.pt", lambda step, *_: steps.append(step))
    assert steps == [4, 6]
    assert same(weights(whole), weights(again))
    other, all_steps = model(), []
    teacher = HashEncoder("other", dimensions=WIDTH)
    distil(other, pairs, teacher, LESSON, tmp_path / "broken.pt", lambda step, *_: all_steps.append(step))
    assert all_steps == [2, 4, 6]  # another teacher's checkpoint is not used


def test_the_loss_of_a_distillation_by_hand():
    eye = torch.eye(2)
    student = eye[[0, 1, 0]]
    # Cosines with their own: 1, 1, 0; the second and third teach the same text, and do not push each other away.
    loss = apart(student, eye[[0, 1, 1]], ["a", "b", "b"], scale=1.0)
    e = np.e
    rows = [np.log((e + 2) / e), np.log((e + 1) / e), np.log(e + 1)]
    assert loss.item() == pytest.approx(1 / 3 + np.mean(rows), abs=1e-6)


def test_every_text_is_seen_once_a_round_and_texts_of_a_batch_are_about_as_long():
    lengths = np.random.default_rng(0).integers(1, 90, 320)
    lesson = Lesson(steps=99, batch=8)
    batches = [batch_of(lengths, lesson, step) for step in range(80)]
    assert [sorted(row for rows in batches[at : at + 40] for row in rows) for at in (0, 40)] == [list(range(320))] * 2
    assert batches[:40] != batches[40:]
    assert batches == [batch_of(lengths, lesson, step) for step in range(80)]
    spread = np.mean([np.ptp(lengths[rows]) for rows in batches])
    assert spread < 0.25 * np.mean([np.ptp(lengths[at : at + 8]) for at in range(0, 320, 8)])
    means = [lengths[rows].mean() for rows in batches[:32]]
    assert means != sorted(means)  # short texts do not all come first


def test_the_command_writes_a_transformer_that_opens(english, tmp_path, small_folder, small_corpus, monkeypatch):
    monkeypatch.setattr(indexes.training.stages, "ENGLISH", str(english))
    monkeypatch.setattr(module, "load", lambda *_, **__: small_corpus)
    monkeypatch.setattr(module, "_domain_pairs", lambda: iter(PAIRS))
    wordings = [Wordings(small_corpus.documents[0].id, ("qui répond au telephone",))]
    monkeypatch.setattr(module, "load_wordings", lambda: iter(wordings))
    places = ["--data", open_data(tmp_path), "--documents", small_folder, "--work", tmp_path / "work"]
    options = "--kind transformer --layers 2 --pieces 200 --aligned 4 --distil-steps 2 --steps 2 --batch 4 --ours"
    main([*map(str, [*places, "--output", tmp_path / "fini"]), *options.split()])
    check_encoder(open_encoder(str(tmp_path / "fini")))
    assert isinstance(open_encoder(str(tmp_path / "fini")), SentenceEncoder)
    card = json.loads((tmp_path / "fini" / "training.json").read_text(encoding="utf-8"))
    assert (card["layers"], card["teacher"], card["dimensions"]) == (2, ENGLISH, WIDTH)
    assert next((row["name"], row["pairs"]) for row in card["data"]) == ("aligned statutes", 4)
    assert "2 layers" in Path(tmp_path / "fini" / "README.md").read_text(encoding="utf-8")
