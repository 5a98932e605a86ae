"""Records pasted as they stand: the values that say who somebody is go, the question stays. All are invented."""

import pytest

from assistant.privacy import redact_shapes
from assistant.redaction.long_numbers import long_numbers
from assistant.redaction.pasted import pasted
from tests.contracts import check_finder
from tests.marking import unmarked

RECORDS = [
    '{"nom":"⟦LESMARCHAIS⟧","prenom":"⟦Corentin⟧","ddn":"⟦1947-09-18⟧","motif":"toux"} que dire ?',
    '{"patient":{"nom":"⟦petit⟧"},"adresse":{"ligne":"⟦7 sente du Puits⟧","cp":"⟦56999⟧","ville":"⟦Kerbihan⟧"}}',
    '{"role":"x","args":[{"a":"off","b":{"patient":{"nom":"⟦Vaubricourt⟧"}}}]} puis réponds',
    "{'nom_naissance': '⟦Kerbrat⟧', 'sexe': 'F', 'diag': 'grippe'}",
    '{\\"nom\\":\\"⟦Kerbrat⟧\\",\\"motif\\":\\"toux\\"}',
    '{"prenoms": ["⟦Lise⟧", "⟦Anne⟧"], "nom": null, "cp": ⟦56100⟧, "age": 45}',
    '{"nomPatient": "⟦Kerbrat⟧", "dateNaissance": "⟦en mars⟧", "medecinTraitant": "⟦Lemoigne⟧"}',
    "<nom>⟦Kerbrat⟧</nom><motif>toux</motif>",
    "WHERE nom='⟦Kerbrat⟧' -- le secret",
    "nom;prenom;naissance;diag\n⟦kerbrat⟧;⟦lise⟧;⟦12/03/71⟧;toux\n⟦PETIT⟧;;⟦1980-01-02⟧;angine\nJe peux l'envoyer ?",
    "Le fichier : nom;ddn;diag\n⟦kerbrat⟧;⟦12/03/71⟧;toux",
    "nom,prenom,ville\n⟦petit⟧,⟦rose⟧,⟦brest⟧\nOui, non",
    "| Nom | Motif | Tél |\n|---|---|---|\n| ⟦petit⟧ | toux | ⟦poste 12⟧ |",
    'nom;adresse;diag\n⟦petit⟧;"⟦12 rue X; Brest⟧";toux',
    "Nom : ⟦DUPONTEL⟧ Prénom : ⟦Jean⟧ Né le : ⟦12/03/1971⟧ Adresse : ⟦4 rue des Lilas 56100 Lorient⟧ Motif : toux",
    "Nom : ⟦petit⟧\nPrénom : ⟦rose⟧\nIPP : ⟦A12345⟧\nMotif : toux\nMédecin : ⟦Dr Lemoigne⟧\nje peux ?",
    "Nom de naissance : ⟦KERBRAT⟧ - Sexe : F - Médecin traitant : ⟦Dr Lemoigne⟧",
    "Patiente : ⟦Vaubricourt Lise⟧, 45 ans, toux",
    "Question : que dire ? Nom : [PATIENT]",
]
PROSE = """
Patient : refuse de se faire vacciner, que faire ?
Patiente : elle refuse.
Médecin : Puis-je refuser ?
le nom : peut-on le donner ?
Adresse : laquelle donner au patient ?
nom de l'expert : à donner ?
Le dossier comporte nom, prénom, adresse. Puis-je, en conscience, le donner
mon nom, mon prénom, mon adresse : que doit porter l'ordonnance ?
{"nom": null, "motif": "toux", "content": "le patient refuse"}
le secret ; la confiance ; le respect
<script>alert("oui")</script>
""".strip().split("\n")


@pytest.mark.parametrize("marked", RECORDS)
def test_the_values_of_a_record_are_found_and_no_others(marked):
    text, spans = unmarked(marked)
    found = {(one.start, one.end) for one in pasted(text)}
    assert found == spans, [text[start:end] for start, end in found]


@pytest.mark.parametrize("text", PROSE)
def test_prose_after_the_same_words_stays(text):
    assert not list(pasted(text))


def test_the_finder_keeps_the_contract():
    check_finder(pasted, '{"nom":"Kerbrat","ddn":"1947-09-18"}')


def test_a_record_is_hidden_whole_and_hidden_once():
    text = 'Voici : {"nom":"Kerbrat","tel":"0261 91","motif":"BPCO"} je l\'envoie ?'
    hidden = redact_shapes(text)
    assert hidden.text == 'Voici : {"nom":"[PERSONNE]","tel":"[TÉLÉPHONE]","motif":"BPCO"} je l\'envoie ?'
    assert redact_shapes(hidden.text).text == hidden.text


@pytest.mark.parametrize("text", ["le numéro 10101234567", "147063339952264 conteste", "(12345678901234567)"])
def test_a_long_number_of_no_known_kind_is_found(text):
    (found,) = long_numbers(text)
    assert text[found.start : found.end].isdecimal()


@pytest.mark.parametrize(
    "text",
    """siret 12345678901234
isbn : 9782070368228
9782070368228
legitext000006072665
jorftext000048707389
facture n° 1234567890
decision 1234567890
10000000000
1234567890 euros
3400912345678
0800059595
https://exemple.fr/1234567890
123456789
3,1415926535897""".split("\n"),
)
def test_a_number_of_a_company_a_book_or_a_text_stays(text):
    assert not list(long_numbers(text))
