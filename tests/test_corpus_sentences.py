"""Where sentences begin and end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentence_spans


def sentences(text):
    return [text[a:b] for a, b in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Il en parle à M. Martin.",
        "Selon Mme Roux et MM. Petit et Grand, oui.",
        "Le Dr. Roux et le Pr. Blanc répondent.",
        "Voir art. R. 4127-4 du code.",
        "Voir l'art. L. 1110-4 et p. 28.",
        "Voir chap. II, fig. 3, n. 4 et vol. 2.",
        "Cass. Crim. du jour.",
        "J.-P. Martin en parle.",
        "Le taux de 3.5 pour cent.",
        "Le montant, 1.500 euros.",
        "Il répond… mais pas tout de suite.",
        "Le site www.exemple.fr répond.",
    ],
)
def test_one_sentence(text):
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["Il répond.", "Elle écrit."],
        ["Peut-il répondre ?", "Non !", "Jamais."],
        ["Il dit : « Je réponds. »", "Elle écrit."],
        ["Il dit « non ».", "« Oui », dit-elle."],
        ["Il attend…", "Elle écrit."],
        ["C'est l'article 4.", "Il le dit."],
        ["Il vient en 2024.", "3 questions restent."],
        ["Il vient (enfin.)", "– Elle part."],
        ["À lui de voir.", "Écrire reste utile.", "Œuvrer aussi."],
    ],
)
def test_several_sentences(parts):
    assert sentences(" ".join(parts)) == parts


def test_line_breaks_always_end_a_sentence():
    assert sentences("Il vérifie :\n- le nom ;\n- la date. Puis il signe.\n\nFin") == [
        "Il vérifie :",
        "- le nom ;",
        "- la date.",
        "Puis il signe.",
        "Fin",
    ]


def test_numbers_of_a_list_stay_with_their_item():
    assert sentences("1. Vérifier le nom. 2. Signer.") == ["1. Vérifier le nom.", "2. Signer."]
    assert sentences("II. Les exceptions") == ["II. Les exceptions"]


def test_offsets_may_start_elsewhere():
    assert sentence_spans("  Un mot. Deux.", 100) == ((102, 109), (110, 115))


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_nothing(text):
    assert sentence_spans(text) == ()


@given(st.text(st.sampled_from("ab É.!?…»« \n-1M"), max_size=60))
def test_spans_are_ordered_trimmed_and_lose_only_white_space(text):
    spans = sentence_spans(text)
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
