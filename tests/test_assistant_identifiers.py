"""Numbers, accounts, files, user names: found however they are written, look-alikes kept. All are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.fr import nir

from assistant.privacy import FINDERS
from assistant.redaction.accounts import accounts
from assistant.redaction.file_numbers import file_numbers
from assistant.redaction.folding import HIDDEN, digits_of, fold
from assistant.redaction.identifiers import numbers
from assistant.redaction.names import Names
from assistant.redaction.registers import registrations
from assistant.redaction.usernames import usernames
from tests.contracts import check_finder
from tests.marking import check_marked, unmarked

MARKED = {
    ("numbers", "nir"): """
⟦1841276451089⟧
⟦184127645108946⟧
⟦1 84 12 76 451 089 46⟧
⟦1.84.12.76.451.089.46⟧
⟦1 84 12 76 451 089 clé 46⟧
NIR⟦184127645108946⟧
N°SS:⟦184127645108946⟧
NIR ⟦18412 76451 08946⟧
⟦18412 76451 08946⟧
numéro de sécu ⟦1 8412 7645 1089 46⟧
n° ss ⟦1841276451⟧
sécu ⟦１８４１２７６４５１０８９４６⟧
⟦2 84 12 2A 004 089 12⟧
⟦28412 2A 004 089⟧
carte vitale ⟦184 12764 51089 46⟧
INS ⟦1 84 12 76 451 089 46⟧
""",
    ("numbers", "phone"): """
tel⟦0612345678⟧
tél ⟦06123 45678⟧
⟦061 234 56 78⟧
⟦06-12-34.56.78⟧
⟦06 / 12 / 34 / 56 / 78⟧
⟦0 6 1 2 3 4 5 6 7 8⟧
⟦O6 12 34 56 78⟧
⟦33612345678⟧
⟦33 6 12 34 56 78⟧
⟦0033 (0)6 12 34 56 78⟧
⟦6 12 34 56 78⟧
⟦02 97 123 456⟧
⟦０６ １２ ３４ ５６ ７８⟧
téléphone ⟦06 12 34 56 7⟧
joignable au ⟦061234567⟧
⟦zéro six douze trente-quatre cinquante-six soixante-dix-huit⟧
⟦06 12 34 56 78⟧ ou ⟦02 97 12 34 56⟧
""",
    ("numbers", "email"): """
⟦camille point exemple arobase gmail point com⟧
⟦camille.exemple at gmail.com⟧
⟦camille.exemple arobase gmail⟧
⟦camille.exemple (arobase) gmail (point) com⟧
⟦camille.exemple[at]gmail[dot]com⟧
⟦camille.exemple{at}gmail.com⟧
⟦camille.exemple(a)gmail.com⟧
⟦camille.exemple@ gmail.com⟧
⟦Camille_Exemple@GMAIL.com⟧
""",
    ("registrations", "rpps"): """
RPPS ⟦10101234567⟧
RPPS⟦10101234567⟧
n° RPPS : ⟦10 10 12 34 567⟧
rpps: ⟦10-101-234-567⟧
mon numéro RPPS est ⟦10101234567⟧
RPPS du Dr Vaubricourt : ⟦10101234567⟧
⟦10101234567⟧ (RPPS)
RPPS ⟦1010123456⟧
je suis ⟦10003456786⟧
je suis ⟦10 00 34 56 786⟧
""",
    ("registrations", "adeli"): """
ADELI ⟦751234567⟧
ADELI ⟦56 1 23456 7⟧
n° adeli ⟦2A1234567⟧
numéro Adeli : ⟦56.1234567⟧
⟦561234567⟧ (Adeli)
""",
    ("registrations", "finess"): """
FINESS ⟦560000127⟧
numéro finess ⟦56 000 012 7⟧
N° FINESS de l'établissement : ⟦2A0000123⟧
⟦560000127⟧ (finess)
""",
    ("registrations", "identity_paper"): """
passeport ⟦12AB34567⟧
passeport français n° ⟦12AB34567⟧
carte d'identité n° ⟦123456789012⟧
carte nationale d'identité ⟦12AB34567⟧
CNI ⟦X4RTBPFW4⟧
titre de séjour n° ⟦9901234567⟧
permis de conduire ⟦12AB34567⟧
récépissé n° ⟦1234567890⟧
""",
    ("registrations", "plate"): """
⟦AB-123-CD⟧
⟦AB 123 CD⟧
⟦AB123CD⟧
⟦ab-123-cd⟧
immatriculée ⟦ab123cd⟧
véhicule ⟦1234 AB 56⟧
la voiture est immatriculée ⟦123 ABC 56⟧
""",
    ("accounts", "iban"): """
⟦FR76 3000 6000 0112 3456 7890 189⟧
⟦FR7630006000011234567890189⟧ merci
⟦FR76-3000-6000-0112-3456-7890-189⟧
⟦fr76 3000 6000 0112 3456 7890 189⟧
IBAN : ⟦FR76 3000 6000 0112 3456 7890 188⟧
⟦FR14 2004 1010 0505 0001 3M02 606⟧
⟦BE68 5390 0754 7034⟧
⟦DE89370400440532013000⟧ merci
⟦ES91 2100 0418 4502 0005 1332⟧
⟦CH93 0076 2011 6238 5295 7⟧
rib ⟦30006 00001 12345678901 89⟧
compte bancaire ⟦12345678901⟧
""",
    ("accounts", "bank_card"): """
⟦4539 1488 0343 6467⟧
⟦4539148803436467⟧
⟦4539-1488-0343-6467⟧
CB ⟦4970 1012 3456 7890⟧
carte ⟦4970 1012 3456 7890⟧
⟦3782 822463 10005⟧
""",
    ("file_numbers", "file"): """
dossier n° ⟦123456⟧
n°dossier ⟦12345⟧
numero de dossier ⟦45 123⟧
N° de dossier : ⟦2024-00123⟧
dossier no ⟦45123⟧
dossier : ⟦123456⟧
dossier ⟦2021/45123⟧
dossier hospitalier ⟦8004512345⟧
dossier [PERSONNE] ⟦45123⟧
dossier médical de Mme Vaubricourt n° ⟦45123⟧
numéro de dossier de ma patiente : ⟦12345⟧
le tribunal demande le dossier médical n° ⟦45123⟧
le Conseil d'Etat demande le dossier n° ⟦45123⟧ de ma patiente
IPP ⟦8004512345⟧
IPP⟦8004512345⟧
IPP: ⟦800451⟧
ipp=⟦8004512⟧
n° IPP : ⟦8004512⟧
son IPP est le ⟦8004512345⟧
IEP ⟦12345678⟧
NDA n°⟦4512345⟧
n° de séjour ⟦1234567⟧
numéro patient : ⟦45123⟧
patient n° ⟦45123⟧
ID patient ⟦45123⟧
matricule ⟦12345⟧
matricule : ⟦12 345⟧
n° d'adhérent ⟦1234567⟧
n° allocataire CAF ⟦1234567⟧
n° d'assuré ⟦12 345 678⟧
numéro de contrat MGEN ⟦1234567⟧
n° sinistre : ⟦S2021-45123⟧
sinistre n°⟦2021-45123⟧
réf. dossier : ⟦AB/1234/21⟧
vos réf. : ⟦AB/45123⟧
PV n° ⟦2021/001234⟧
n° de parquet ⟦21123000456⟧
numéro d'écrou ⟦12345⟧
n° d'hospitalisation ⟦2021045123⟧
du séjour ⟦13327⟧ de ma patiente
du séjour ⟦2014-42187⟧
passage aux urgences ⟦8998254⟧
dossier ⟦7781⟧
dossier (⟦8998254⟧)
dossier de [PATIENTE] (⟦8998254⟧)
dossiers ⟦8998254⟧ et ⟦4512377⟧
prélèvement ⟦P89982541⟧
plainte n° ⟦2014/42187⟧
mon patient, sous le numéro ⟦8998254⟧
""",
    ("usernames", "username"): """
⟦@corentin_l56⟧
⟦@Corentin.L⟧
twitter ⟦@lili56⟧
son pseudo ⟦Doudou56⟧
sous le pseudo ⟦Lilounette⟧
son pseudo est ⟦lilounette⟧
pseudo : ⟦lesmarch⟧
pseudo "⟦Lili du 56⟧"
pseudo « ⟦Doudou⟧ »
login ⟦corentinl⟧
identifiant : ⟦c.lesmarchais⟧
nom d'utilisateur ⟦lili_56⟧
sur insta : ⟦corentin_l⟧
insta ⟦corentin_l⟧
compte facebook "⟦Corentin Lesmarchais⟧"
⟦instagram.com/corentin.l⟧
⟦https://www.facebook.com/corentin.lesmarchais?x=1⟧.
⟦tiktok.com/@lili⟧
sur facebook elle s'appelle ⟦lili_du_56⟧.
⟦https://fr.linkedin.com/in/corentin-lesmarchais-12345/⟧
⟦www.doctolib.fr/dermatologue/lorient/corentin-lesmarchais⟧, un avis
""",
}
POSITIVES = [(finder, kind, line) for (finder, kind), text in MARKED.items() for line in text.strip().split("\n")]
FINDER = {f.__name__: f for f in (numbers, registrations, accounts, file_numbers, usernames)}

KEPT = """
article R. 4127-4
articles 226-13 et 226-14 du code pénal
loi n° 2002-303 du 4 mars 2002
décret n° 2020-1662
pourvoi n° 19-84.304
requête n° 438262
décision n° 2015-458 QPC
Conseil d'Etat, n° 438262
dossier n° 12456 de la chambre disciplinaire nationale
chambre disciplinaire nationale, dossier n° 12456
décision du 12 mars 2019, dossier n° 12456
avis CADA n° 20152824
le dossier, avis CADA n° 20152824
le dossier d'un patient, loi n° 2002-303
bulletin n° 102
dossier médical
dossier médical partagé 2021
mon dossier de 2021
le dossier, article L. 1111-7
dossier 12
IPP 20 mg
IPP 2021
IPP 100 %
un taux d'IPP de 25 %
ce-2014-06-24-375081
SIRET 123 456 789 00012
SIREN 732 829 320
SIREN 732829320
TVA FR 12 345678901
75000 euros
1 500 000 000 euros
2019 2020 2021 2022
le 06 12 2021 à 14 30
du 06/07/2021 au 08/09/2021
appel du 06/07/2021 à 14h
25 000 00
9 avril 2021 à 10 h 30
119, 15, 17, 18, 112, 3919, 3114, 116 117
0 800 05 95 95
08 842 846 37
0805 23 23 36
+33 800 05 95 95
dois-je donner au patient le numéro 3919
son dossier mentionne le numéro 3114
le compte Instagram du cabinet
un pseudo professionnel
exercer sous pseudonyme
un pseudonyme pour écrire
sous un pseudo
identifiant national de santé
identifiant de connexion
le login et le mot de passe
sur Doctolib ou sur Facebook
doctolib.fr
www.ameli.fr/medecin
instagram.com
@ordre_medecins
https://www.conseil-national.medecin.fr/medecin/exercice
rdv @ 15h
rdv @15h
séjour 2021-2022
dossier 2021
titre de séjour 12345
séjour de 12000 euros
la chambre disciplinaire nationale, saisie d'une longue plainte, a jugé le médecin (dossier 14580)
note de service n° 2009-160 du 30 octobre 2009, patient
passeport de prévention
passeport 2026
titre de séjour
carte d'identité
permis à 12 points
voiture à 80 et 90 km/h
AB
R. 4127-19-1
ISBN 978-2-07-036822-8
fracture de T12-L1
HbA1c 7,5 %
COVID-19
CIM-10 F32.1
zéro six
de zéro à six ans
""".strip().split("\n")


@pytest.mark.parametrize(("finder", "kind", "text"), POSITIVES, ids=[line for _, _, line in POSITIVES])
@pytest.mark.parametrize("around", ["{}", "Bonjour, {}", "Bonjour. ({}) Que répondre ?"])
def test_a_number_or_a_name_is_found(finder, kind, text, around):
    check_marked(FINDER[finder], kind, around.format(text))


@pytest.mark.parametrize("text", KEPT)
@pytest.mark.parametrize("around", ["{}", "Que dit {} ?"])
@pytest.mark.parametrize("finder", FINDER.values(), ids=FINDER)
def test_what_only_looks_like_it_is_not(finder, text, around):
    assert list(finder(around.format(text))) == []


def test_the_numbers_of_these_tests_have_the_keys_they_claim():
    assert nir.is_valid("184127645108946")
    assert luhn.is_valid("10003456786")
    assert not luhn.is_valid("10101234567")
    assert luhn.is_valid("4539148803436467")
    assert not luhn.is_valid("4970101234567890")
    assert luhn.is_valid("732829320")
    assert iban.is_valid("FR7630006000011234567890189")
    assert not iban.is_valid("FR7630006000011234567890188")


TELLING = {
    "pasted": '{"nom":"Kerbrat","ddn":"1947-09-18"}',
    "long_numbers": "le 147063339952264712",
    "numbers": "0612345678, camille@example.org, 1841276451089",
    "accounts": "FR7630006000011234567890189",
    "registrations": "RPPS 10101234567, AB-123-CD",
    "file_numbers": "dossier n° 45123",
    "usernames": "pseudo Doudou56, @lili",
    "addresses": "habite 12 rue des Lilas, 56100 Lorient",
    "rooms": "chambre 214",
    "credentials": "code CPS 4417-82, mot de passe : Toto1234",
    "villages": "il habite le village de hapatoni",
    "initials": "ma patiente S.B., 34 ans",
    "spelled": "madame B O U V R E S S E",
    "life_dates": "née le 12/03/1971, décédée en 2020",
}


@pytest.mark.parametrize("finder", FINDERS, ids=lambda finder: finder.__name__)
def test_every_finder_keeps_the_contract(finder):
    check_finder(finder, TELLING[finder.__name__])


def test_the_finder_of_names_keeps_the_contract():
    check_finder(Names(), "Mme Vaubricourt")


@given(st.text())
def test_folding_moves_nothing(text):
    assert len(fold(text)) == len(text)


def test_folding_gives_plain_letters_and_blanks_placeholders():
    assert fold("Né À L’Été\u00a0: Œ ２\u202f‑ [PIÈCE D'IDENTITÉ]") == "ne a l'ete : œ 2 - " + HIDDEN * 18
    assert fold("[né le 3] [X]") == "[ne le 3] [x]"
    assert digits_of("a1b 2") == "12"


GAPS = st.sampled_from(["", " ", ".", "-", "\u00a0"])


@given(number=st.integers(10**9, 10**10 - 1), gap=GAPS, before=st.sampled_from(["RPPS ", "rpps: ", "n° RPPS "]))
def test_an_rpps_number_is_found_with_its_word_whatever_its_key(number, gap, before):
    digits = f"1{number}"
    written = gap.join([digits[:2], digits[2:5], digits[5:8], digits[8:]])
    check_marked(registrations, "rpps", f"Le Dr, {before}⟦{written}⟧, prescrit.")


@given(account=st.text("0123456789", min_size=23, max_size=23), key=st.integers(0, 99), gap=GAPS)
def test_a_french_iban_is_found_whatever_its_key(account, key, gap):
    number = f"FR{key:02d}{account}"
    written = gap.join(number[i : i + 4] for i in range(0, 27, 4))
    plain, spans = unmarked(f"Virement sur ⟦{written}⟧, merci.")
    found = max(accounts(plain), key=lambda one: one.end - one.start)
    assert {(found.start, found.end)} == spans
