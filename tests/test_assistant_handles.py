"""User names by their shape; codes, articles, products and names of fields look like them. All are invented."""

import pytest

from assistant.redaction.usernames import usernames
from tests.marking import check_marked

NAMES = """
sous le compte ⟦KroDu90⟧, des extraits
sous le compte ⟦bichonvero63⟧
l'utilisateur ⟦nicolas_dadou⟧ prend rendez-vous
l'utilisateur ⟦momo.dadou⟧ prend rendez-vous
un faux compte a mon nom : ⟦lesmarch-kerbrat_zaza⟧, avec ma photo
j'ai repondu a ⟦DoudouDu78⟧ en donnant un conseil
son login Mon espace santé est ⟦momo_dadou⟧, elle
identifiant de la patiente : ⟦sauvage.93⟧. La secrétaire
sous le nom ⟦morel.45⟧, et il attend
messagerie : ⟦TitiDu66⟧ m'envoie
⟦papyblaise_37⟧ raconte ma consultation
⟦corentin56⟧ m'écrit
""".strip().split("\n")
OTHERS = """
R4127
covid19 et covid2020
L1110-4
H1N1, B12, T4, CO2, G8, 2e
HbA1c à 7
ISO9001, CIM10, DSM5, CA125
Windows11, iPhone15, Prevenar20
scan_irm.pdf
LEGITEXT000006072665
n°90-12
MaSanté2022
compte_rendu et date_naissance
doliprane1000, amoxicilline500, avastin25mg
mars2020
pT1cN0
le compte rendu de IRM2023
https://exemple.fr/bichonvero63
sauvage.93
{"toto_lili": 1}
top_p et tool_output: rien
sous le compte rendu
0_0
""".strip().split("\n")


@pytest.mark.parametrize("text", NAMES)
def test_a_token_with_the_shape_of_a_user_name_is_found(text):
    check_marked(usernames, "username", text)


@pytest.mark.parametrize("text", OTHERS)
@pytest.mark.parametrize("around", ["{}", "Que dit {} ?"])
def test_a_code_a_product_or_a_field_stays(text, around):
    assert not list(usernames(around.format(text)))
