"""Which words of a question the evidence meets: the worst met pieces show what a mean hides."""

import numpy as np
import pytest

from assistant.alignment import MISSES, Alignment, Told, align, sentences
from indexes.encoder import shipped

TEXT = "Le dossier est conservé vingt ans. La copie est remise au patient."
TOLD = Told(("Dossier médical",), sentences(TEXT), ("je garde les dossiers combien d'années ?",))


def test_nothing_meets_nothing():
    for told in ([], [Told((), (), ())]):
        assert align("Où sont hébergés les dossiers ?", told) == Alignment(1.0, 1.0, 0.0, 0.0, 0.0, 0.0)


def test_a_question_that_stands_there_is_met_whole():
    found = align("La copie est remise au patient.", [TOLD])
    assert (found.unread, found.read, found.one_sentence) == pytest.approx((0, 1, 1), abs=1e-5)
    asked = align("je garde les dossiers combien d'années ?", [TOLD])
    assert (asked.unmet, asked.met, asked.one_wording) == pytest.approx((0, 1, 1), abs=1e-5)
    assert asked.read < 0.9, "the passage alone does not use its words"
    assert asked.unread > asked.unmet


def test_one_word_that_nothing_meets_shows():
    near, missed = (align(f"La copie est {word} au patient.", [TOLD]) for word in ("remise", "télécopiée"))
    assert missed.unread > near.unread
    assert missed.read < near.read


def test_the_passage_that_meets_it_best_counts_wherever_it_stands():
    other = Told(("Armoires",), ("Une armoire ferme à clef.",), ())
    question = "La copie est remise au patient."
    first, second = align(question, [TOLD, other]), align(question, [other, TOLD])
    assert first == second
    late = align(question, [other, other, other, TOLD])
    assert late.unread == pytest.approx(0, abs=1e-5)
    assert late.read < 0.9, "only the first three are looked at for the worst of all pieces"


def test_the_arithmetic_by_hand():
    question, text = "copie télécopiée", "La copie est remise."
    encoder = shipped()
    asked, held = encoder.pieces(question), encoder.pieces(text)
    nearest = (encoder.directions(asked) @ encoder.directions(held).T).max(axis=1).clip(0)
    misses = sorted(encoder.shares(asked) * (1 - nearest))[-MISSES:]
    found = align(question, [Told((), (text,), ())])
    assert found.unread == found.unmet == pytest.approx(sum(misses), abs=1e-5)
    assert found.read == found.one_sentence == pytest.approx(nearest.min(), abs=1e-5)
    assert found.one_wording == 0


def test_the_pieces_of_a_text():
    encoder = shipped()
    pieces = encoder.pieces("secret médical")
    assert np.allclose(np.linalg.norm(encoder.directions(pieces), axis=1), 1, atol=1e-5)
    assert encoder.shares(pieces).sum() == pytest.approx(1)
    mean = encoder.shares(pieces) @ encoder._loaded[1][pieces].astype(np.float32)
    assert np.allclose(mean / np.linalg.norm(mean), encoder.encode(["secret médical"])[0], atol=1e-5)
    for odd in ("", "\ud800", "☎"):
        assert len(encoder.pieces(odd)) >= 1
