"""Dates of birth and death go, other dates stay. All people are invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.messages import message
from assistant.redaction.lifedates import life_dates
from tests.marking import check_marked

BIRTHS = """
née le ⟦12/03/1971⟧
né le ⟦12-3-71⟧, vu hier
née le ⟦12.03.71⟧
née le ⟦3/3/61⟧ à Brest
née le ⟦12 mars 1971⟧
née le ⟦1er avril 1980⟧
née le ⟦1 er avril 1980⟧
née le ⟦premier avril 1980⟧
né le ⟦12 / 03 / 1971⟧
né le ⟦12 03 1971⟧
né le ⟦1971-03-12⟧
né le ⟦12-mars-1971⟧
née le ⟦12 sept. 1971⟧
née le ⟦12 février 71⟧
née le ⟦douze mars 1971⟧
née le ⟦douze mars mil neuf cent soixante et onze⟧
née le ⟦vingt-et-un juin deux mille trois⟧
née en ⟦mars 1971⟧
née en ⟦03/1971⟧
née en ⟦1943⟧
né en ⟦mars 61⟧
née en ⟦61⟧
née un ⟦12 mars⟧
née le ⟦12/03⟧
né: ⟦03/03/1961⟧
Née le : ⟦03/03/1961⟧
né(e) le ⟦12/03/1971⟧
né.e le ⟦12/03/1971⟧
né·e le ⟦12/03/1971⟧
ne le ⟦12/03/1971⟧
nee le ⟦12/03/1971⟧
nee a vannes le ⟦12/03/1971⟧
NE LE ⟦12/03/1971⟧
NÉE LE ⟦12 MARS 1971⟧
née à Pontivy, le ⟦3 mars 1961⟧
né à Vannes (56) le ⟦12.03.1971⟧
née le lundi ⟦12 mars 1971⟧
née Kerbrat le ⟦12/03/1971⟧
ma patiente née Kerbrat, le ⟦12 mars 1971⟧, demande son dossier
né prématurément le ⟦12/03/2021⟧
nés les ⟦12 et 13 mars 2021⟧
nés le ⟦12/03/1971 et le 14/05/1973⟧
nés respectivement le ⟦12/03/1971 et le 14/05/1973⟧
(née le ⟦3 mars 1961⟧)
un enfant né le ⟦1er juin 2024⟧
nouveau-né le ⟦12/03/2021⟧
DDN ⟦12/03/1971⟧
DDN: ⟦12031971⟧
d.d.n. : ⟦12.03.71⟧
D.N. ⟦12/03/1971⟧
Date naissance ⟦03/03/1961⟧
date de naissance (⟦12/03/1971⟧)
date de naissance de la patiente : ⟦12 mars 1971⟧
date et lieu de naissance : ⟦12/03/1971⟧ à Brest
sa date de naissance est le ⟦12 mars 1971⟧
année de naissance ⟦1943⟧
naissance le ⟦12/03/1971⟧
son anniversaire est le ⟦12 mars⟧
elle fête ses 40 ans le ⟦12 mars⟧
il aura 18 ans le ⟦3 juin⟧
patiente, 67 ans (⟦12/03/1957⟧)
une patiente de ⟦1956⟧
⟦03.03.1961⟧ (naissance)
⟦12/03/1971⟧ (DDN)
⟦12/03/1971⟧, date de sa naissance
⟦12/03/1971⟧ est sa date de naissance
elle a accouché, accouchement le ⟦12/03/2021⟧
Mme Vaubricourt, ⟦12/03/1971⟧, vient seule
M. Lesmarchais ⟦12/03/1971⟧
monsieur lesmarchais corentin, ⟦12/03/1971⟧
M. K., ⟦12/03/1971⟧
le patient (⟦12/03/1971⟧) refuse
Patient (H, ⟦12/03/1971⟧)
[PATIENTE], ⟦12/03/1971⟧
[PERSONNE] (⟦12 mars 1971⟧)
née le ⟦１２/０３/１９７１⟧
ddn ⟦03/03/61⟧, ⟦03.03.1961⟧ (naissance) selon la carte, ⟦1961-03-03⟧ dans le logiciel
née le ⟦3 mars 1961⟧, et le dossier dit ⟦03/03/61⟧
née le ⟦12/03/1971⟧ ou ⟦13/03/1971⟧
date de naissance : ⟦12/03/1971⟧ au lieu du ⟦13/03/1971⟧
⟦12/03/1971⟧ au lieu de ⟦13/03/1971⟧ comme date de naissance
née le ⟦12/03/1971⟧ et son mari le ⟦04/05/1969⟧
né le ⟦12/03/2008⟧ selon l'un, le ⟦04/05/2005⟧ selon le passeport
deux homonymes, ⟦12/03/1971⟧ et ⟦04/05/1960⟧
(F, ⟦12/03/1971⟧)
[PERSONNE], H, ⟦12/03/1971⟧
[PERSONNE] / ⟦12/03/1971⟧
[PATIENTE], [ADRESSE], ⟦12/03/1971⟧
⟦12/03/1971⟧ [PERSONNE]
[PERSONNE] ⟦120371⟧
le patient du ⟦12/03/1971⟧
kerbrat ⟦12.03.1971⟧
a vu le jour le ⟦12/03/2020⟧
majeure depuis le ⟦12/03/2024⟧
un bébé (⟦12/03/2024⟧)
un ado né fin ⟦2009⟧
"""

DEATHS = """
décédé le ⟦12/03/2021⟧
décédée à l'hôpital de Vannes le ⟦12 mars⟧ dernier
decede le ⟦12.03.21⟧
DCD le ⟦12/03⟧
dcd ⟦12/03/2021⟧
mort le ⟦12 mars⟧
morte à Brest le ⟦12/03/2021⟧
mort en ⟦2019⟧
décédé en ⟦mars 2021⟧
décédé d'un cancer du poumon en ⟦2020⟧
décédé ce ⟦12 mars 2021⟧
décédé dans la nuit du ⟦12 au 13 mars 2021⟧
décédé à 67 ans, le ⟦12/03/2021⟧
mon patient, décédé il y a un an, le ⟦12 mars 2021⟧
décès le ⟦12/03/2021⟧
décès survenu le ⟦12 mars 2021⟧
date du décès : ⟦12/03/2021⟧
date de décès ⟦12/03/2021⟧
le décès de ma patiente (⟦12/03/2021⟧)
mort du patient le ⟦12.03.2021⟧
il s'est suicidé le ⟦12/03/2021⟧
elle s'est éteinte le ⟦12 mars 2021⟧
† ⟦12/03/2021⟧
⟦12/03/2021⟧ (décès)
⟦12 mars 2021⟧, jour de sa mort
Le ⟦12/03/2021⟧, mon patient est décédé
c'est le ⟦12 mars 2021⟧ qu'elle est morte
le ⟦12/03⟧, décès de M. Kerbrat
M. Kerbrat (⟦1943-2021⟧) avait un dossier
"""

OTHERS = """
arrêt du 12 mars 2021
décret du 21 avril 2017 relatif au certificat de décès
loi du 22 janvier 2002 sur la naissance
loi n° 2002-303 du 4 mars 2002
loi du 4 mars 2002, dossier d'un patient décédé
depuis la loi du 2 février 2016 sur la fin de vie
mort cérébrale : décret n° 96-1041 du 2 décembre 1996
certificat de décès obligatoire depuis le 1er janvier 2022
les enfants nés après le 1er janvier 2018
les enfants nés avant 2018
les médecins décédés en 2020
décès en 2020
les naissances de 2020
la mortalité en 2020
au 1er janvier 2021, le nombre de décès
consultation du 12/03/2021
consultation le 12 mars
vu le 12/03/2021
vue en urgence le 12/03
elle ne vient que le 12/03/2021
il ne l'a vu que le 12/03
je ne serai là que le 12 mars 2021
ne pas dater du 12/03/2021
le patient hospitalisé le 12/03/2021
mon patient, hospitalisé depuis le 12/03/2021, est mourant
un patient décédé, dont la veuve m'écrit le 12/03/2021
le 12/03/2021 j'ai reçu la veuve d'un patient décédé
le 12 mars 2021, réquisition au sujet d'un patient décédé
née Kerbrat, vue le 12/03/2021
le certificat du 12/03/2021
Mme Vaubricourt a 67 ans
Mme Vaubricourt vue le 12/03/2021
Mme Vaubricourt, consultée le 12/03/2021
une patiente de 67 ans
un homme de 45 ans
M. Lesmarchais, convoqué le 12/03/2021
[MÉDECIN], 12/03/2021
[NIR] 12/03/2021
[DATE DE NAISSANCE], 12/03/2021
12 mars 1971
12/03/2021
en 2019
le code de 1995
la revue de 1994
bulletin de janvier 2026
article R. 4127-4
du 01/01/2020 au 31/12/2021
l'arrêt Watelet du 19 décembre 1885
CE, 28 mai 1999, n° 189057
Cass. crim., 8 mai 1947
plainte déposée le 12 mars 2021 par la famille du défunt
il a 2 ans de recul le plus souvent
dans les 5 ans
le droit de mourir dans la dignité
sa fille est née
il est né prématuré
décédé hier
la mort, en 15 jours
né de parents inconnus
aîné le 12/03/2021
renée 12 mars
journée du 12 mars
année 2021
la matinée du 12/03/2021
une tournée le 12 mars
la commission, dont l'idée est née, se réunit
une mort douce en 12 heures
rapport annuel 2020
ordonnance du 12/03/2021
arrêt de travail du 12/03/2021 au 19/03/2021
ITT fixée le 12 mars 2021
le patient du 12/03/2021
née hier, opérée le 12/03/2021
arrêt Kerbrat du 12/03/1971
[PERSONNE], opéré le 12/03/1971
[PERSONNE] 991371
"""


def lines(text):
    return text.strip().split("\n")


@pytest.mark.parametrize("text", lines(BIRTHS))
@pytest.mark.parametrize("around", ["{}", "Bonjour, {} : que dire à sa famille ?"])
def test_a_date_of_birth_is_found(text, around):
    check_marked(life_dates, "birth", around.format(text))


@pytest.mark.parametrize("text", lines(DEATHS))
@pytest.mark.parametrize("around", ["{}", "Bonjour, {} : que dire à sa famille ?"])
def test_a_date_of_death_is_found(text, around):
    check_marked(life_dates, "death", around.format(text))


@pytest.mark.parametrize("text", lines(OTHERS))
@pytest.mark.parametrize("around", ["{}", "Bonjour, {} : que dire à sa famille ?"])
def test_another_date_stays(text, around):
    check_marked(life_dates, "birth", around.format(text))


def test_only_names_of_persons_tie_the_date_beside_them():
    for who in ("man", "woman", "relative", "anybody"):
        check_marked(life_dates, "birth", message(f"placeholders.person.{who}") + " ⟦12/03/1971⟧")
    assert not list(life_dates(message("placeholders.person.lawyer") + " 12/03/1971"))


MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
CUES = "née le |né le |nee le |DDN |DDN : |date de naissance : |Née le : |né à Brest le |née un ".split("|")


@given(
    day=st.dates(date(1900, 1, 1), date(2019, 12, 31)),
    cue=st.sampled_from(CUES),
    form=st.integers(0, 7),
    after=st.sampled_from([".", ", vu hier", ""]),
)
def test_every_way_to_write_a_date_is_known(day, cue, form, after):
    short, month = f"{day:%y}", MONTHS[day.month - 1]
    written = [
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day:%d-%m-%Y}",
        f"{day.day}/{day.month}/{short}",
        f"{day:%d %m %Y}",
        f"{day:%Y-%m-%d}",
        f"{day.day} {month} {day.year}",
        f"{day.day} {month.upper()} {day.year}",
    ][form]
    check_marked(life_dates, "birth", f"Patiente {cue}⟦{written}⟧{after}")
