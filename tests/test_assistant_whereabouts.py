"""Where people live, and where they lie in a hospital. All addresses are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.redaction.rooms import rooms
from assistant.redaction.whereabouts import addresses
from tests.marking import check_marked

ADDRESSES = """
Mon patient habite ⟦12 rue des Fauvettes à Lorient⟧ et veut son dossier
elle habite au ⟦12 bis, avenue du Général de Gaulle, 56100 Lorient⟧
⟦12 rue des lilas 56100 lorient⟧
⟦12 RUE DES LILAS 56100 LORIENT⟧
⟦12, rue Victor Hugo – 75011 PARIS⟧
demeurant ⟦3 allee des tilleuls a vannes⟧
domicilié ⟦5 impasse du Moulin, appt 12, bât. B, 56000 Vannes CEDEX⟧
il vit ⟦rue des fauvettes à Lorient⟧
elle habite ⟦rue principale⟧
résidant ⟦résidence Les Ormes, 29000 Quimper⟧
au ⟦lieu-dit Kerbihan⟧
⟦lieu-dit kerguen, 56400 ploemel⟧
⟦lieu dit le bourg 22110 rostrenen⟧
⟦4 place de la mairie⟧, elle refuse
ma patiente, ⟦4 place de la mairie⟧
la patiente du ⟦17 rue du 8 mai 1945 à Brest⟧
⟦17 rue du 11 novembre⟧
⟦BP 123, 56038 Vannes Cedex⟧
⟦12 cours Lafayette, Lyon⟧
⟦2 chemin de Kerlois⟧
⟦14-16 bd Foch, 3e étage⟧
⟦14ter rue de l'Église⟧
⟦14 b rue de l'Église⟧
⟦8 av. Foch, Paris 16e⟧
elle a déménagé au ⟦7 square des Acacias⟧
adresse : ⟦25 route de Vannes 44100 nantes⟧
Adresse: ⟦7 Allée des Bouleaux - 69003 LYON⟧
⟦56100 Lorient⟧
⟦44600 Saint Nazaire⟧
⟦56400 Sainte-Anne-d'Auray⟧
⟦22110 La Roche sur Yon⟧
habite à ⟦Kerbihan, 56400 ploemel⟧
elle habite ⟦56400 ploemel⟧
elle vit à ⟦Sainte-Anne-d'Auray (56400)⟧
⟦rue de la Loi 16, 1000 Bruxelles⟧
⟦8, villa des Roses⟧
habite ⟦3 lot. les Pins à Carnac⟧
digicode ⟦12B45⟧
code postal ⟦56100⟧
adresse: ⟦Kerguen, Ploemel 56400⟧
réside ⟦6 cité Jean-Moulin⟧
⟦12 r. des Lilas⟧
au ⟦12 de la rue des Lilas⟧
n°⟦12 rue des Lilas⟧
son adresse est le ⟦5 rue Pasteur à Rennes⟧, je dois la donner ?
les gendarmes veulent savoir s'il habite ⟦5 rue Pasteur⟧
elle habite ⟦12 rue de la paix⟧ chez sa fille
il vit ⟦3 place saint michel⟧
⟦12 rue jean jaures⟧ demande un certificat
⟦12, rue de l'Abbé-Grégoire⟧
⟦1 rue de la République⟧
⟦1 rue des lilas⟧
⟦1 place de l'église, 56000 vannes⟧
⟦route de Quimper, 29000 Brest⟧
⟦résidence du Parc, bâtiment C, appartement 14⟧
il loge à l'hôtel ⟦12 quai de la Fosse⟧
au ⟦25, bd. Victor-Hugo⟧
⟦22 ter allée F. Mitterrand⟧
⟦1234 route de la plage 40600 biscarrosse⟧
⟦3 résidence les pins 13008 marseille⟧
sis ⟦14 passage du Génie 75012⟧
demeure ⟦9 faubourg Saint-Honoré à Paris⟧
⟦14 rte de Vannes⟧
⟦19 Grande Rue, 56000 Vannes⟧
⟦19 grande rue à Vannes⟧
⟦3 Grand'Rue⟧
habite : ⟦12 r des lilas⟧
elle habite au 3ème étage du ⟦15 rue Kléber⟧
⟦12 rue des Lilas
56100 Lorient⟧
⟦１２ rue des Lilas⟧
coordonnées ⟦48.12345, -3.12345⟧
⟦62 rue victor hugo a bastia⟧, ne paie pas
⟦31 bis rue de l'Abbé Grégoire, rés. Les Pins à Toulouse⟧, ne paie pas
⟦157 chemin des vieilles vignes a fort-de-france⟧, porte fermée
⟦157 chemin des vieilles vignes⟧ ce soir
⟦82, passage du cheval blanc a merignac⟧, porte fermée
⟦32 place du champ de foire⟧, je donne
habite ⟦11, faubourg saint-antoine, 97200 fort-de-france⟧, seule
habite ⟦lieu dit u pinzalone 97400 saint-denis⟧, seule
⟦lieu dit pen ar roz⟧, je donne
⟦BP 275 à Nice⟧
⟦BP 922, 97200 Fort-de-France⟧
vit ⟦BP 660 à Fort-de-France⟧ et refuse
(⟦179 venelle du Four à Pointe-à-Pitre⟧) sur un forum
⟦7 sente du Puits-Doré, Saint-Aubrinel⟧
⟦3 traverse des bons amis, 13008 marseille⟧
⟦24 square de la mare aux canards⟧
⟦45 montée de la Grande Côte, Nice⟧ ce soir
⟦hameau de cala rossa, 20137 porto-vecchio⟧
⟦12 rue de la gare⟧ refuse les soins
⟦12 rue des lilas⟧ a refuse de venir
"""

NO_ADDRESSES = """
il vit à la rue depuis 3 ans
il dort dans la rue
il vit dans la rue avec son chien
la rue
dans la rue des patients m'abordent
à deux rues de mon cabinet
à 150 mètres de la rue
article 5 place le médecin devant un choix
article 5, place du médecin
les articles 4, 5 et 7 place du secret
l'article R. 4127-5 place le médecin
R. 4127-2 place le respect de la vie
L. 1110-4 place le patient au centre
il gagne 75000 euros
75000 Euros
20000 Médecins
12345 patients
15 000 €
12 cours de formation
2 cours par semaine
3 places de parking
12 places en Ehpad
1 place libre
4 places de stationnement
2 voies de recours
une voie de recours
1 passage aux urgences
2 passages aux urgences
3 visites à domicile
en 2024, place au dialogue
en 2024 cité comme expert
le numéro de novembre 2024 cite l'IVG
le patient réside en résidence senior
il habite une résidence calme
il habite un lotissement
il vit avec 12000 euros
il vit de 12000 patients
il habite la même rue que moi
elle habite une rue voisine
j'habite rue d'à côté
elle habite Lorient
un médecin de Lorient
mon cabinet de Vannes
le conseil départemental du Morbihan (56)
BP 12/8
TA 12/8
150 av. J.-C.
12 rue
la route de nuit
en cours de route
2 en cours
au cours de la consultation
la place du médecin
à la place du patient
en lieu et place
le parc de 3 appareils
la cité judiciaire
sur place, 3 patients
loi n° 12345 Paris
requête n° 43826 Paris
décision n° 45123 Lyon
le Conseil d'Etat, n° 438262
3 portes
le code d'accès au dossier
12 patients, route comprise
il adresse 3 patients
je lui adresse 12 courriers
le chemin à suivre en 3 étapes
2 impasses
10 allées et venues
adresse mail du greffe de Rennes
BP 14/8 à Nice
article R. 1111-2 CSP au 1er janvier
la résidence Les Ormes à Quimper
"""

ROOMS = """
chambre ⟦214⟧
chambre ⟦12B⟧
ch ⟦12 lit 2⟧
ch.⟦214⟧
Ch ⟦214⟧
CH ⟦214 lit 1⟧
chb ⟦12⟧
chambre n°⟦312⟧
chambre numéro ⟦12⟧
Chambre : ⟦8⟧
chambre double ⟦8⟧
Mme X, chambre n°⟦12, lit porte⟧
ch ⟦412 lit fenêtre⟧, elle refuse
EHPAD, chambre ⟦8 lit F⟧ en SSR
chambre ⟦21B place A⟧
chambre ⟦307 côté porte⟧
box ⟦4⟧ des urgences
lit ⟦12⟧
lit n° ⟦4⟧
au lit ⟦3⟧
dans le lit n°⟦12⟧ du service
la patiente de la ⟦214⟧
le patient du ⟦214⟧
Mme de la ⟦12⟧
occupe la chambre ⟦8⟧ à l'EHPAD
de la chambre ⟦12⟧ au deuxième étage
dans la chambre ⟦5⟧, la patiente
le patient de la chambre ⟦12⟧, article R. 4127-4
le tribunal interroge : qui était dans la chambre ⟦214⟧
la ⟦231⟧ refuse la toilette (chambre ⟦231⟧)
la ⟦B391⟧ dort mal (chambre ⟦B391⟧)
la ⟦389⟧ refuse la toilette
"""

NO_ROOMS = """
chambre disciplinaire nationale
chambre 2 lits
chambre disciplinaire de première instance
2e chambre civile
1re chambre
chambre 1 à 2 lits
une chambre à 2 lits
la chambre 4 de la cour d'appel
cour d'appel de Paris, pôle 4, chambre 9
pôle 2 chambre 5
Cass., chambre 1
tribunal judiciaire, chambre 3
chambre 2 civile
chambre 6 A de la cour
ch. 3 du titre II
titre II, ch. 3
il lit 3 articles
elle lit 12 pages
le médecin lit 2 fois
12 lits de réanimation
il reste au lit 3 semaines
box 3 places
le CH 56
patient du 12 mars
patiente du 12/03
patient du 93
patient au 115
patient de 45 ans
la patiente de la 3e chambre
la patiente du 12 rue
Mme au 3919
une chambre
chambre double
la 12
la 226 du code
"""


def lines(text):
    return [line.replace("|", "\n") for line in text.strip().replace("Lilas\n56100", "Lilas|56100").split("\n")]


@pytest.mark.parametrize("text", lines(ADDRESSES))
@pytest.mark.parametrize("around", ["{}", "Bonjour. {}, que dire ?"])
def test_an_address_is_found(text, around):
    check_marked(addresses, "address", around.format(text))


@pytest.mark.parametrize("text", lines(NO_ADDRESSES))
@pytest.mark.parametrize("around", ["{}", "Bonjour. {}, que dire ?"])
def test_what_only_looks_like_an_address_stays(text, around):
    check_marked(addresses, "address", around.format(text))


@pytest.mark.parametrize("text", lines(ROOMS))
@pytest.mark.parametrize("around", ["{}", "Bonjour. {}, que dire ?"])
def test_a_room_is_found(text, around):
    check_marked(rooms, "room", around.format(text))


@pytest.mark.parametrize("text", lines(NO_ROOMS))
@pytest.mark.parametrize("around", ["{}", "Bonjour. {}, que dire ?"])
def test_a_chamber_of_a_court_or_a_count_of_beds_stays(text, around):
    check_marked(rooms, "room", around.format(text))


STREETS = "rue avenue boulevard bd allée chemin impasse quai square av. Rue Avenue RUE place route".split()
NAMES = ["des Lilas", "Pasteur", "du Général Leclerc", "de l'Église", "de la Gare", "Jean-Jaurès", "des Trois Frères"]
ENDS = ["", " à Lorient", ", 56100 Lorient", " 56100 LORIENT", ", 56100 Lorient Cedex", ", Lorient"]


@given(
    number=st.integers(2, 999),
    suffix=st.sampled_from(["", " bis", "bis", " ter", ","]),
    street=st.sampled_from(STREETS),
    name=st.sampled_from(NAMES),
    end=st.sampled_from(ENDS),
    small=st.booleans(),
)
def test_an_address_is_found_however_it_is_put_together(number, suffix, street, name, end, small):
    written = f"{number}{suffix} {street} {name}{end}"
    if small and "à" not in end and ", L" not in end:
        written = written.lower()
    check_marked(addresses, "address", f"Ma patiente habite ⟦{written}⟧.")
