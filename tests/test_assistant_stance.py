"""What a text says one may, must or must not do, however it is typed; clauses, denials, what cannot both hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.stance import clauses, negations, opposed, plain, stances

SAYS = {
    "permitted": [
        "vous avez le droit de refuser",
        "puis-je témoigner ?",
        "C’est autorisé",
        "j'peux le donner ?",
        "jpeux lui dire ?",
        "LE MÉDECIN PEUT REFUSER",
        "c'est licite",
        # Not forbidden is permitted, however it is denied.
        "ce n'est pas interdit",
        "cela n'est pas formellement interdit",
        "rien ne l'interdit",
        "aucun texte n’interdit de le dire",
        "ce n'est pas illégal",
        "ce n'est jamais exclu",
        "sans interdiction",
    ],
    "forbidden": [
        "j'ai pas le droit",
        "J’ai pas le droit de parler à l'assureur",
        "on peut pas garder le dossier",
        "je ne peux pas refuser",
        "jpeux pas",
        "je dois pas le donner",
        "il ne peut refuser ses soins",
        "il ne doit jamais céder",
        "c'est interdit",
        "Illégal !",
        "aucun droit sur le dossier",
        "c'est pas possible",
        "vous ne pouvez pas, c'est interdit",
        "ne le donnez pas : c'est interdit",
    ],
    "required": [
        "le médecin doit informer",
        "faut-il signer ?",
        "il est obligatoire de signer",
        "vous êtes tenu de répondre",
        "on est forcé de répondre",
    ],
    "optional": [
        "je suis pas obligé de répondre",
        "vous n'êtes pas tenu de répondre",
        "rien n'oblige à répondre",
        "il n'a pas à le dire",
        "t'as pas besoin de l'accord",
        "y a pas d'obligation",
        "c'est facultatif",
        "dispensé de secret",
    ],
    "restricted": [
        "il ne peut agir que sur mandat",
        "vous ne devez parler qu'au patient",
        "le juge ne peut saisir le dossier qu’en présence d'un conseiller",
    ],
}
SAYS_NOTHING = ["le médecin dort", "la force publique", "pardon", "", "?"]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in SAYS.items() for text in texts])
def test_what_a_text_says(name, text):
    assert stances(text) == {name}


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_what_says_nothing(text):
    assert stances(text) == frozenset()


def test_a_text_may_say_several_things():
    assert stances("Il doit se taire, mais il peut témoigner.") == {"required", "permitted"}
    assert stances("Il peut refuser ; il ne doit jamais mentir.") == {"permitted", "forbidden"}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("je peux refuser", "le médecin ne peut pas refuser", True),
        ("je dois répondre", "rien n'oblige à répondre", True),
        ("il faut répondre", "c'est interdit", True),
        ("c'est interdit", "ce n'est pas interdit", True),
        ("j'ai pas le droit", "vous avez le droit", True),
        ("je peux refuser", "vous devez refuser", False),
        ("je peux refuser", "vous pouvez refuser", False),
        ("je peux refuser", "rien n'oblige à répondre", False),
        ("je peux parler", "il ne peut parler qu'au juge", False),
        ("le médecin dort", "c'est interdit", False),
        ("c'est interdit", "le médecin dort", False),
        # What both say is no contradiction, whatever else one of them says.
        ("je peux refuser", "vous pouvez refuser, mais il est interdit de mentir", False),
    ],
)
def test_what_cannot_both_hold(first, second, expected):
    assert bool(opposed(stances(first), stances(second))) is expected
    assert bool(opposed(stances(second), stances(first))) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le médecin doit, sauf urgence, informer.", ["le medecin doit", "urgence", "informer"]),
        ("Il se tait ; mais il peut écrire : c'est tout", ["il se tait", "il peut ecrire", "c'est tout"]),
        ("1,5 point, puis 2", ["1,5 point", "puis 2"]),  # a number's comma parts nothing
        ("en revanche il signe car il sait", ["il signe", "il sait"]),
        ("a\n\nb", ["a", "b"]),
        (" . ", []),
    ],
)
def test_clauses(text, expected):
    assert list(clauses(text)) == expected


@pytest.mark.parametrize(
    ("text", "denies", "without"),
    [
        ("il parle", False, False),
        ("il ne parle pas", True, False),
        ("Il n’a rien", True, False),
        ("personne ne sait", True, False),
        ("c'est interdit", True, False),
        ("il refuse", True, False),
        ("sans délai", False, True),
        ("hors urgence, jamais", True, True),
        ("une pastille au nid", False, False),  # "pas" and "ni" are words, not letters
        ("", False, False),
    ],
)
def test_denials(text, denies, without):
    assert negations(text) == (denies, without)


def test_texts_are_read_folded_with_one_apostrophe():
    assert plain("L’ÉTÉ, c'est Où ?") == "l'ete, c'est ou ?"


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    assert stances(text) <= set(SAYS)
    assert all(clause == clause.strip() != "" for clause in clauses(text))
    assert not opposed(stances(text), stances(text))


@pytest.mark.parametrize(
    "text",
    ["aucune dérogation ne vous autorise à le signaler", "la loi ne permet pas de le dire", "rien n’autorise ce refus"],
)
def test_what_nothing_allows_is_forbidden(text):
    assert stances(text) == {"forbidden"}
