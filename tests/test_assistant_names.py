"""Names in prose: what hides them, what must not. All people are invented."""

import pytest

from assistant.privacy import Guard, redact
from assistant.redaction.names import Names
from assistant.redaction.persons import Persons

HIDDEN = [
    # a title, in every spelling
    ("Mme Vaubricourt veut son dossier", "Mme [PATIENTE] veut son dossier"),
    ("mme vaubricourt veut son dossier", "mme [PATIENTE] veut son dossier"),
    ("M. Petit refuse", "M. [PATIENT] refuse"),
    ("m. legrand refuse", "m. [PATIENT] refuse"),
    ("mr el ouafi refuse", "mr [PATIENT] refuse"),
    ("Monsieur Jean-Marc de La Tourelle refuse", "Monsieur [PATIENT] refuse"),
    ("le Dr Ferrandini me critique", "le Dr [MÉDECIN] me critique"),
    ("le dr p. gravessac me critique", "le dr [MÉDECIN] me critique"),
    ("Pr BEMBA m'écrit", "Pr [MÉDECIN] m'écrit"),
    ("Me Courtepaille m'écrit", "Me [AVOCAT] m'écrit"),
    ("q=Mme%20Lacazedieu", "q=Mme%20[PATIENTE]"),
    # what announces one
    ("mon patient corentin lesmarchais refuse", "mon patient [PATIENT] refuse"),
    ("patiente rose lemoine, 34 ans", "patiente [PATIENTE], 34 ans"),
    ("la patiente, Fatoumata Diabaté-Keller, est frappée", "la patiente, [PATIENTE], est frappée"),
    ("le fils gaspard delorme-riviere a 15 ans", "le fils [PROCHE] a 15 ans"),
    ("la petite léonie a des bleus", "la petite [PROCHE] a des bleus"),
    ("ma secrétaire Sandrine a parlé", "ma secrétaire [PERSONNE] a parlé"),
    ("il s'apelle kylian bertholet", "il s'apelle [PERSONNE]"),
    ("Madame Arnaud, née Mansouri, exige", "Madame [PATIENTE], née [PERSONNE], exige"),
    ("Nom : Durand. Prénom : Noël.", "Nom : [PERSONNE]. Prénom : [PERSONNE]."),
    ("dossier de kowalczyk projeté", "dossier de [PERSONNE] projeté"),
    ("Affaire Dubreuilh contre Kouadio", "Affaire [PERSONNE] contre [PERSONNE]"),
    # nothing but themselves
    ("Puis-je parler de Kylian Bertholet à son père ?", "Puis-je parler de [PERSONNE] à son père ?"),
    ("Guivarc'h Soizic, 34 ans", "[PERSONNE], 34 ans"),
    ("ma patiente josiane trébuchet (chambre haute) refuse", "ma patiente [PATIENTE] (chambre haute) refuse"),
    ("kevin veut son dossier", "[PERSONNE] veut son dossier"),
    ("le vaccin de kevin et pierre", "le vaccin de [PERSONNE] et [PERSONNE]"),
    ("KERBRAT Jeanne a été vue", "[PERSONNE] a été vue"),
    ("Małgorzata Picard vient", "[PERSONNE] vient"),
    ("vu J.-P. Sarrazin hier", "vu [PERSONNE] hier"),
    ("hier Vaubricourt est venue", "hier [PERSONNE] est venue"),
    ("MADAME AUBRESCART REFUSE LA TRANSFUSION", "MADAME [PATIENTE] REFUSE LA TRANSFUSION"),
    # in small letters, where somebody is met or acts; slips in titles; everyday words
    ("vaubricourt ne veut pas qu'on le dise à sa soeur", "[PERSONNE] ne veut pas qu'on le dise à sa soeur"),
    ("rdv avec oyunbileg tserendorj pour son dossier", "rdv avec [PERSONNE] pour son dossier"),
    ("certificat à faire pour bouchardeau", "certificat à faire pour [PERSONNE]"),
    ("de la part de soubeyrol on me demande le dossier", "de la part de [PERSONNE] on me demande le dossier"),
    ("opéré tessandier ce matin, il porte plainte", "opéré [PERSONNE] ce matin, il porte plainte"),
    ("le dossier trinquecoste a fuité", "le dossier [PERSONNE] a fuité"),
    ("mamie jo ne veut plus manger", "mamie [PATIENTE] ne veut plus manger"),
    ("mdme bassompierre refuse", "mdme [PATIENTE] refuse"),
    ("docteu plantagenet a lu le dossier", "docteu [MÉDECIN] a lu le dossier"),
    ("le dr Ph. Vauquelot est absent", "le dr [MÉDECIN] est absent"),
    ("patient « Lestrohan » à ne plus voir", "patient « [PATIENT] » à ne plus voir"),
    ("mon associé Fleuret veut garder les dossiers", "mon associé [PERSONNE] veut garder les dossiers"),
    ("mon patient s'appelle jonquille bertaud", "mon patient s'appelle [PERSONNE]"),
    ("au sujet de malinvaud, la CPAM me demande", "au sujet de [PERSONNE], la CPAM me demande"),
    ("dossier n° 4 : Fradin Bastien", "dossier n° 4 : [PERSONNE]"),
    ("Mme L'Hermitte exige", "Mme [PATIENTE] exige"),
    ("Le Goff a porté plainte contre moi", "[PERSONNE] a porté plainte contre moi"),
    ("hello, pécuchet me demande d'antidater", "hello, [PERSONNE] me demande d'antidater"),
    ("faut-il prévenir torregrossa ?", "faut-il prévenir [PERSONNE] ?"),
    ("Ahmed B. est mineur isolé", "[PERSONNE] B. est mineur isolé"),
    ("TROUILLEBERT (lit ouvert) refuse", "[PERSONNE] (lit ouvert) refuse"),
    ("Chevrolat et Pons se disputent mon remplacement", "[PERSONNE] et [PERSONNE] se disputent mon remplacement"),
    ("bakhtiari et sa femme veulent divorcer", "[PERSONNE] et sa femme veulent divorcer"),
    ("van der meersch veut son dossier", "[PERSONNE] veut son dossier"),
    ("on m'a adressé stépanian pour expertise", "on m'a adressé [PERSONNE] pour expertise"),
    ("yuki est ma patiente", "[PERSONNE] est ma patiente"),
    ("les docteurs vulpian et trousseau-lamy sont associés", "les docteurs [MÉDECIN] et [MÉDECIN] sont associés"),
    ("mlle trarieux veut assister", "mlle [PATIENTE] veut assister"),
    ("vu manuel montagne bourré au volant", "vu [PERSONNE] bourré au volant"),
    ("olive poisson dcd hier", "[PERSONNE] dcd hier"),
    ("inscrire aydın comme nom d'usage", "inscrire [PERSONNE] comme nom d'usage"),
    ("mme da silva epouse olivier", "mme [PATIENTE] epouse [PATIENTE]"),
    ("si Montagne demande son dossier", "si [PERSONNE] demande son dossier"),
    ("vu diop ce matin", "vu [PERSONNE] ce matin"),
    ("N'diaye veut son dossier", "[PERSONNE] veut son dossier"),
    ("ma patiente adjoa le roux appelle", "ma patiente [PATIENTE] appelle"),
    # a family, a name that is a thing's, an ordinary word before a first name
    ("Chez les Vandeputte on se bat", "Chez les [PERSONNE] on se bat"),
    ("conflit entre les Kerjean et les Trocmé", "conflit entre les [PERSONNE] et les [PERSONNE]"),
    ("Les Belhomme-Rossi divorcent", "Les [PERSONNE] divorcent"),
    ("Les Kowalczyk me demandent le dossier", "Les [PERSONNE] me demandent le dossier"),
    ("M. Tribunal (c'est son vrai nom) refuse", "M. [PATIENT] (c'est son vrai nom) refuse"),
    ("mme police (oui c'est son nom), Jeannine Police", "mme [PATIENTE] (oui c'est son nom), [PERSONNE]"),
    ("Monsieur Paris (sic). Que dire à M. Paris ?", "Monsieur [PATIENT] (sic). Que dire à M. [PERSONNE] ?"),
    ("M. Ordre, c'est son nom, a saisi l'Ordre", "M. [PATIENT], c'est son nom, a saisi l'Ordre"),
    ("pt chaudron firmin 58a, HTA", "pt [PATIENT] 58a, HTA"),
    ("pt firmin chaudron 58a, HTA", "pt [PATIENT] 58a, HTA"),
    ("mr plumeau gaspard veut son dossier", "mr [PATIENT] veut son dossier"),
    ("le Dr Pierre Maurice me critique", "le Dr [MÉDECIN] me critique"),
    ("M. Henri Mondor refuse", "M. [PATIENT] refuse"),
    ("mon patient Louis Portes refuse", "mon patient [PATIENT] refuse"),
    ("hans jonas refuse", "[PERSONNE] refuse"),
    # known again once it was told
    ("Mme Petit vient. Ensuite Petit refuse.", "Mme [PATIENTE] vient. Ensuite [PERSONNE] refuse."),
    ("mme vaubricourt vient, puis vaubricourt refuse", "mme [PATIENTE] vient, puis [PERSONNE] refuse"),
]

KEPT = [
    "mon patient refuse le traitement",
    "la patiente enceinte de huit mois",
    "mon mari frappe à la porte",
    "madame la présidente du conseil m'appelle",
    "M. le procureur veut le dossier",
    "Monsieur le Médecin-conseil me convoque",
    "Maître, que dois-je faire ?",
    "Me demande-t-on mon avis ?",
    "PEUX T ON REFUSER UN PATIENT",
    "loi Leonetti et loi Kouchner",
    "l'arrêt Mercier et l'arrêt Teyssier",
    "l'affaire Mercier",
    "le serment d'Hippocrate",
    "la maladie d'Alzheimer, de Parkinson, de Gilles de la Tourette",
    "un score de Glasgow à 15, un MMS selon Folstein",
    "l'hôpital Claude Bernard et l'institut Gustave Roussy",
    "la charte Romain Jacob",
    "Marseille, Lyon, La Réunion, la Nouvelle-Calédonie",
    "Doctolib, WhatsApp, Ameli et le Vidal",
    "un petit doute, une rose, une pierre, un jardin",
    "le patient se marie par constance",
    "le médecin cite Dr Prénom NOM",
    "CEDH, n° 46043/14 (Lambert et autres c. France)",
    "Source : Légifrance, LEGITEXT000006072665",
    "patient VIH sans domicile",
    "[PATIENTE] et [MÉDECIN] puis [PERSONNE]",
    "Le conseil départemental de l'Ordre",
    "patient hypertendu mal équilibré, vu hier",
    "mon patiant veux son dosier",
    "la pateinte enceint refuse la cesarienne",
    "avec consentment écrit",
    "traité par bévacizumab hors AMM",
    "mon patient boulanger ne peut plus travailler",
    "un patient porte plainte",
    "une mère de famille",
    "si l'appel ne peut être honoré",
    "l'expert Judiciaire me convoque",
    "notre cadre Supérieur impose",
    "un certain flou juridique",
    "je m'installe à Montélimar",
    "un remplaçant à Vierzon sans licence",
    "le dernier roman de gare",
    "un docteur junior",
    "un interne de Henri Mondor, transférée à Robert-Debré, suivi à Paoli-Calmettes",
    "Selon Paul Ricoeur, d'après Hans Jonas, comme disait Ambroise Paré, formule de Louis Portes",
    "une patiente perle après perle",
    "un patient, pierre par pierre",
    "chez les Corses, chez les Sikhs, entre les Pays-Bas et la France",
    "Les Témoins de Jéhovah refusent, les ARS demandent",
    "M. le procureur veut son nom",
    "patient diabétique, 63 ans",
    "docteur en droit : c'est son nom",
    "avec constance, pour marchand",
    "how long should I keep patient records",
    "blorp flanik du zourgul trépi",
]


@pytest.mark.parametrize(("said", "shown"), HIDDEN)
def test_a_name_is_hidden(said, shown):
    assert redact(said).text == shown
    assert {redaction.kind for redaction in redact(said).redactions} == {"name"}


@pytest.mark.parametrize("said", KEPT)
def test_what_is_no_name_stays(said):
    assert redact(said).text == said


def test_whom_the_documents_name_stays_readable():
    guard = Guard(
        Persons(["Le Dr François ARNAULT préside. L'avis du docteur Sebban est cité, avec Jean-Marc Kervella."])
    )
    for said in (
        "que dit François Arnault ?",
        "que dit le Dr François Arnault ?",
        "que dit le dr Sebban ?",
        "que dit jean-marc kervella ?",
    ):
        assert guard.redact(said).text == said
    # Part of a name is not the name, and a patient may be called like an official.
    assert guard.redact("que dit le Dr Jean ?").text == "que dit le Dr [MÉDECIN] ?"
    assert guard.redact("ma patiente Mme François Arnault").text != "ma patiente Mme François Arnault"
    assert guard.redact("M. Sebban refuse").text == "M. [PATIENT] refuse"


def test_the_telephone_that_the_documents_print_stays_readable():
    guard = Guard(Persons(["Écrivez au 4, rue Léon-Jost, ou appelez le 01 53 89 33 30."]))
    assert guard.redact("la ligne 01 53 89 33 30 ?").text == "la ligne 01 53 89 33 30 ?"
    assert guard.redact("le 01 53 89 33 31 ?").text == "le [TÉLÉPHONE] ?"


def test_a_name_of_one_message_is_known_in_the_others():
    before, now = Guard().redact_all(["Mme Kerbrat refuse les soins", "et si kerbrat refuse encore ?"])
    assert before.text == "Mme [PATIENTE] refuse les soins"
    assert now.text == "et si [PERSONNE] refuse encore ?"
    assert Guard().redact("et si le kerbrat refuse encore ?").redactions == ()


def test_only_the_telling_words_of_a_name_are_remembered():
    assert Names().heard_in("M. Jean de la Tourelle") == {"jean", "tourelle"}
