"""Identifying data never survives, and what only looks like it stays. All people and numbers are invented."""

import string
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.fr import nir as nir_checks

from assistant.privacy import redact

# Made-up commune and order numbers; the key is computed.
BODY = "1841276451089"


def key(body: str) -> str:
    """97 less the number modulo 97; Corsica counts as 19 and 18."""
    return f"{97 - int(body.replace('2A', '19').replace('2B', '18')) % 97:02d}"


def grouped(number: str, separator: str) -> str:
    ends = [1, 3, 5, 7, 10, 13, 15]
    return separator.join(number[a:b] for a, b in zip([0, *ends], ends, strict=False) if number[a:b])


def kinds(text: str) -> list[str]:
    return [redaction.kind for redaction in redact(text).redactions]


WHOLE = BODY + key(BODY)
CORSICAN = ("284122A004089", "284122B004089")


def test_the_numbers_of_these_tests_are_real_ones():
    assert nir_checks.is_valid(WHOLE)
    assert all(nir_checks.is_valid(body + key(body)) for body in CORSICAN)


@pytest.mark.parametrize("separator", ["", " ", ".", "-", "/", "_", "  ", "\u00a0", "\u202f", "\u2009"])
@pytest.mark.parametrize("number", [WHOLE, BODY, *(body + key(body) for body in CORSICAN), *CORSICAN])
def test_a_nir_is_hidden_however_it_is_spaced(number, separator):
    assert redact(f"Le patient {grouped(number, separator)}, vu hier.").text == "Le patient [NIR], vu hier."


@pytest.mark.parametrize(
    "written",
    [
        BODY + "00",
        WHOLE[:-1] + str((int(WHOLE[-1]) + 1) % 10),
        "1 84 12 2a 451 089",
        "7841276451089",
        "1842076451089",
        "1849976451089",
        f"n°{WHOLE}",
        f"NIR{WHOLE}",
        f"sécu:{WHOLE}",
        f"sécu-{WHOLE}",
    ],
)
def test_a_nir_with_a_wrong_key_or_an_unusual_field_is_hidden_too(written):
    assert kinds(f"Numéro {written}.") == ["nir"]
    assert BODY[3:] not in redact(f"Numéro {written}.").text


PHONES = [
    "0612345678",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "06-12-34-56-78",
    "06/12/34/56/78",
    "06_12_34_56_78",
    "06\u00a012\u00a034\u00a056\u00a078",
    "06\u202f12\u202f34\u202f56\u202f78",
    "06  12  34  56  78",
    "06 12 345 678",
    "0 612 345 678",
    "01 23 45 67 89",
    "09 70 12 34 56",
    "+33612345678",
    "+33 6 12 34 56 78",
    "+33\u202f6\u202f12\u202f34\u202f56\u202f78",
    "+33 (0)6 12 34 56 78",
    "(+33) 6 12 34 56 78",
    "0033 6 12 34 56 78",
    "0033612345678",
    "+262 692 12 34 56",
    "0692123456",
    "+32 470 12 34 56",
]


@pytest.mark.parametrize("phone", PHONES)
@pytest.mark.parametrize("before", ["Appelez le ", "tél:", "Tél. "])
def test_a_telephone_number_is_hidden(phone, before):
    assert redact(f"{before}{phone}, le soir.").text == f"{before}[TÉLÉPHONE], le soir."


def test_a_telephone_number_before_an_hour_is_hidden():
    hidden = redact("Rappeler Mme Exemple au 06 12 34 56 78 18h, le 12/03/2021").text
    assert hidden == "Rappeler Mme [PATIENTE] au [TÉLÉPHONE] 18h, le 12/03/2021"


@pytest.mark.parametrize(
    "email",
    [
        "camille.exemple@example.org",
        "camille+rdv@mail.example.org",
        "c_exemple-2@example.co",
        "camille.exemple @ example.org",
        "camille.exemple(at)example.org",
        "camille.exemple [at] example.org",
        "camille.exemple arobase example.org",
        "Camille.Exemple@EXAMPLE.ORG",
        "camille@cabinet",
        "hélène.exemple@exämple.org",
    ],
)
def test_an_email_address_is_hidden(email):
    assert redact(f"Écrire à <{email}>.").text == "Écrire à <[COURRIEL]>."


# Zero width, direction, joiners, soft hyphen, variation selectors, fillers, tags, controls.
INVISIBLE = (
    "\u200b \u200c \u200d \u200e \u200f \u202a \u202b \u202c \u202d \u202e \u2060 \u2066 \u2067 \u2068 \u2069 \ufeff"
)
INVISIBLE += " \u00ad \u034f \u061c \u115f \u180e \u3164 \ufe0f \uffa0 \U000e0041 \U000e0100 \x00 \x08 \x7f \x9f"


@pytest.mark.parametrize("char", INVISIBLE.split(" "), ids=ascii)
@pytest.mark.parametrize(
    ("secret", "placeholder"),
    [
        (WHOLE, "[NIR]"),
        ("0612345678", "[TÉLÉPHONE]"),
        ("06 12 34 56 78", "[TÉLÉPHONE]"),
        ("+32 470 12 34 56", "[TÉLÉPHONE]"),
        ("camille.exemple@example.org", "[COURRIEL]"),
        ("camille.exemple arobase example.org", "[COURRIEL]"),
    ],
)
def test_an_invisible_character_lets_nothing_through(char, secret, placeholder):
    everywhere = char.join(["", *secret, ""])
    assert redact(f"Dossier {everywhere}, vu.").text == f"Dossier {placeholder}, vu."
    for at in range(len(secret)):
        assert redact(f"Dossier {secret[:at]}{char}{secret[at:]}, vu.").text == f"Dossier {placeholder}, vu."


@pytest.mark.parametrize("space", [" ", "\t", "\n", "\r\n", "\u00a0", "\u2028", "\x1c"])
def test_white_space_stays(space):
    assert redact(f"un{space}mot").text == f"un{space}mot"


LOOK_ALIKES = [
    "article R. 4127-4",
    "R4127-4, R. 4127-112",
    "226-14",
    "articles 226-13 et 226-14",
    "L. 1110-4",
    "L.1110-4-1",
    "12/03/2021",
    "12.03.2021",
    "12-03-2021",
    "le 12 03 2021 à 14 30",
    "du 01/01/2020 au 31/12/2021",
    "01/02/03 04/05/06",
    "décret n° 2020-1662",
    "loi n° 2002-303 du 4 mars 2002",
    "pourvoi n° 19-87.651",
    "arrêt n° 189057 du 28 mai 1999",
    "15 000 €",
    "1 500 000 euros",
    "119, 3919, 17, 15",
    "le 15, le 17, le 18 ou le 112",
    "2019 2020 2021",
    "2 048 000 octets",
    "ISSN 1967-2845",
    "ISBN 978-2-07-036822-8",
    "0800 123 456",
    "08 842 846 37",
    "20 mg 3 fois par jour pendant 10 jours",
    "3,1415926535",
    "rdv @ 15h",
]


@pytest.mark.parametrize("look_alike", LOOK_ALIKES)
def test_what_only_looks_like_it_stays(look_alike):
    text = f"Que dit {look_alike} ?"
    assert redact(text).text == text
    assert redact(text).redactions == ()


def test_what_overlaps_is_hidden_whole():
    assert redact(f"n° {grouped(WHOLE, ' ')}a@example.org.").text == "n° [NIR][COURRIEL]."


def test_the_order_and_the_kinds_are_kept():
    hidden = redact(f"{BODY}, camille@example.org ou 0612345678")
    assert hidden.text == "[NIR], [COURRIEL] ou [TÉLÉPHONE]"
    assert [(r.kind, r.placeholder) for r in hidden.redactions] == [
        ("nir", "[NIR]"),
        ("email", "[COURRIEL]"),
        ("phone", "[TÉLÉPHONE]"),
    ]


DIGITS = "0123456789"
SEPARATORS = st.sampled_from(["", " ", ".", "-", "\u00a0", "\u202f"])
WORDS = st.sampled_from("patient dossier médecin l'arrêt (note) avis, mineur ? décès ; n° secret".split())
SENTENCES = st.lists(WORDS, max_size=6).map(" ".join)


@st.composite
def nirs(draw):
    department = draw(st.sampled_from(["01", "13", "75", "99", "2A", "2B"]))
    body = (
        draw(st.sampled_from("12"))
        + f"{draw(st.integers(0, 99)):02d}{draw(st.integers(1, 12)):02d}{department}"
        + f"{draw(st.integers(1, 990)):03d}{draw(st.integers(1, 999)):03d}"
    )
    number = body + (key(body) if draw(st.booleans()) else "")
    return grouped(number, draw(SEPARATORS)), body[7:]


@st.composite
def phones(draw):
    separator = draw(SEPARATORS)
    pairs = draw(st.lists(st.text(DIGITS, min_size=2, max_size=2), min_size=4, max_size=4))
    first = draw(st.sampled_from("12345679"))  # 08 is a service's, never a person's
    prefix = draw(st.sampled_from(["0", f"+33{separator}", f"0033{separator}", "+33 (0)"]))
    return separator.join([prefix + first, *pairs]), separator.join(pairs)


@st.composite
def emails(draw):
    letters = st.text(string.ascii_lowercase + DIGITS, min_size=1, max_size=8)
    name = ".".join(draw(st.lists(letters, min_size=1, max_size=3)))
    domain = ".".join(["x" + draw(letters), "example"])
    return f"{name}@{domain}", f"{name}@"


@given(before=SENTENCES, secret=st.one_of(nirs(), phones(), emails()), after=SENTENCES)
def test_identifying_data_put_anywhere_in_a_sentence_never_survives(before, secret, after):
    written, telling = secret
    hidden = redact(f"{before} {written} {after}")
    assert written not in hidden.text
    assert telling not in hidden.text
    assert hidden.redactions


@given(st.text(alphabet=DIGITS + " .-/+()@a_AB€\u202f", max_size=60))
@example("0612345678 0612345679")
@example(f"{BODY}{BODY}")
@example("06 12 34 56 78 06 12 34 56 78 90")
def test_redacting_twice_changes_nothing(text):
    once = redact(text)
    twice = redact(once.text)
    assert twice.text == once.text
    assert twice.redactions == ()


@given(st.text(max_size=200))
def test_any_text_can_be_redacted_and_placeholders_match(text):
    hidden = redact(text)
    placeholders = {redaction.placeholder for redaction in hidden.redactions}
    assert sum(hidden.text.count(placeholder) for placeholder in placeholders) >= len(hidden.redactions)


def test_accents_written_apart_hide_nothing():
    apart = unicodedata.normalize("NFD", "Patiente née le 12/03/1971, Mme Kerbé")
    assert redact(apart).text == "Patiente née le [DATE DE NAISSANCE], Mme [PATIENTE]"
    assert redact("Appelez le 06 12 34 5\u03016 78").text == "Appelez le [TÉLÉPHONE]"
