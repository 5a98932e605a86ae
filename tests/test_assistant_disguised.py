"""Identities in disguise: spelt out, misread by a scanner, cut to initials; secrets and villages. All is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.privacy import redact
from assistant.redaction.scanned import mended

HIDDEN = [
    # letter by letter
    ("madame  B O U V R E S S E veut son dossier", "madame  [PERSONNE] veut son dossier"),
    ("son nom c'est m-o-r-a-n-d-i-n, il refuse", "son nom c'est [PERSONNE], il refuse"),
    ("le patient d i a deux r a demande un certificat", "le patient [PERSONNE] demande un certificat"),
    ("elle épelle : D comme Denis, U comme Ursule, P comme Paul", "elle épelle : [PERSONNE]"),
    ("mme tassinari t a s s i n a r i refuse", "mme [PATIENTE] [PERSONNE] refuse"),
    ("nom de famille p e t i t, refuse", "nom de famille [PERSONNE], refuse"),
    ("le nom s'épelle T, A, R, D, I, E, U", "le nom s'épelle [PERSONNE]"),
    ("il s'appelle L. O. P. E. Z.", "il s'appelle [PERSONNE]."),
    # as a scanner reads
    ("N0M : BELT0N", "N0M : [PERSONNE]"),
    ("Patient : M0RVAN Cl0tilde, née Ie l2/O3/l958", "Patient : [PERSONNE], née Ie [DATE DE NAISSANCE]"),
    ("PATlENT : Marcelle F0URN1ER", "PATlENT : [PERSONNE]"),
    ("M. DUB0IS refuse les soins", "M. [PATIENT] refuse les soins"),
    ("appeler le O6 I2 34 5O 78", "appeler le [TÉLÉPHONE]"),
    ("NIR 2 5l O3 76 45l 089 12", "NIR [NIR]"),
    # initials
    ("R.-J. T., de Saint-Ybars, 54 ans, refuse", "[PERSONNE], de [PERSONNE], 54 ans, refuse"),
    ("L.V., 34 ans, veut une IVG", "[PERSONNE], 34 ans, veut une IVG"),
    ("Patient J. P. L. (82 ans) en EHPAD", "Patient [PATIENT] (82 ans) en EHPAD"),
    ("ma patiente S.B. refuse", "ma patiente [PATIENTE] refuse"),
    ("M-A. T., de Ribérac, 63 ans", "[PERSONNE], de [PERSONNE], 63 ans"),
    # what opens a session
    ("mot de passe : Printemps2023! pour la session", "mot de passe : [PSEUDONYME] pour la session"),
    ("mdp soleil75 de ma secrétaire", "mdp [PSEUDONYME] de ma secrétaire"),
    ("mon mot de passe est camomille, est-ce grave ?", "mon mot de passe est [PSEUDONYME], est-ce grave ?"),
    ("le mot de passe « tournesol » circule", "le mot de passe « [PSEUDONYME] » circule"),
    ("le mdp du dmp c'est Toto1234", "le mdp du dmp c'est [PSEUDONYME]"),
    ("code PIN de ma carte CPS : 7391", "code PIN de ma carte CPS : [NUMÉRO]"),
    ("code d'accès 55-20-18 du logiciel", "code d'accès [NUMÉRO] du logiciel"),
    ("code wifi du cabinet Zx81Qm", "code wifi du cabinet [NUMÉRO]"),
    # villages
    ("village de hapatoni bp 12 98742.", "village de [ADRESSE] [ADRESSE]."),
    ("patient de la tribu de tiendanite", "patient de la tribu de [ADRESSE]"),
    ("elle habite le village de Grand-Santi", "elle habite le village de [ADRESSE]"),
]

KEPT = [
    "E.H.P.A.D., C.D.A.P.H. et S.A.M.U.",
    "réponses A B C D E",
    "vitamines A D E K",
    "qu'est ce qu il n y a t il",
    "c o n s e n t e m e n t et U R G E N T",
    "G I R 4, R Q T H",
    "HbA1c à 7, H1N1, T1N0M0, CYP2D6, BRCA1, SpO2, COVID19, HLA-B27, à J0, G1P0",
    "article l1110-4 et l1111-7, l 1110-4 du code",
    "Une I.V.G., à 16 ans",
    "A.L.D., 12 ans de suivi",
    "un patient R.Q.T.H. au travail",
    "code de la santé publique 2024, code CCAM DEQP003, code APE 8621Z",
    "code d'accès à 4 chiffres, code secret à 6 chiffres",
    "mot de passe oublié, mot de passe robuste exigé par la CNIL",
    "faut-il un mot de passe : oui ou non ?",
    "village de vacances, le village de mon patient, un village de France",
]


@pytest.mark.parametrize(("said", "shown"), HIDDEN)
def test_an_identity_in_disguise_is_hidden(said, shown):
    assert redact(said).text == shown


@pytest.mark.parametrize("said", KEPT)
def test_what_only_looks_like_one_stays(said):
    assert redact(said).text == said


@given(st.text() | st.text("OolI0158aAé .-/", max_size=40))
def test_mending_moves_nothing(text):
    assert len(mended(text)) == len(text)


def test_mending_gives_what_stood_on_paper():
    assert mended("N0M : DUCR0CQ, Ie O7/O9/1941, HOSPlTAL") == "NOM : DUCROCQ, le 07/09/1941, HOSPITAL"
