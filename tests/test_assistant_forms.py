"""What kind of thing a question asks for, and whether a passage gives it."""

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from assistant.forms import asked, forms, given

ASKS = {
    "money": [
        "combien puis-je facturer une copie ?",
        "Combien ça coûte ?",
        "c'est combien la cotisation",
        "quel est le tarif d'un certificat ?",
        "le prix d’une expertise",
        "quel montant d'amende ?",
    ],
    "duration": [
        "combien de temps garder un dossier ?",
        "sous quel délai répondre ?",
        "combien d’heures pour transmettre ?",
        "jusqu’à quand garder le double ?",
        "cb de jours d'arret max",
        "DURÉE de conservation",
    ],
    "age": ["à partir de quel âge seul ?", "y a-t-il un âge limite pour exercer ?", "jusqu'a quel age"],
    "count": ["combien de médecins ont été radiés ?", "nombre de plaintes", "quel pourcentage de refus ?", "le taux"],
    "contact": ["adresse du conseil départemental", "quel numéro de tel ?", "où télécharger le formulaire ?"],
    "person": ["qui préside le conseil national ?", "nom du médecin référent", "qui est l'actuel secrétaire ?"],
    "date": ["quand a été votée la loi ?", "depuis quand c'est en vigueur", "en quelle année ?", "c’est quand"],
    "measure": ["quelle surface pour une salle d'attente ?", "la plaque, combien de centimètres", "distance minimale"],
    "country": ["et en Belgique ?", "la loi suisse", "un confrère QUÉBÉCOIS", "la règle en Côte d’Ivoire"],
    "profession": ["un kiné me demande le dossier", "le secret de l’avocat", "les sages-femmes", "un ostéopathe"],
}
ASKS_NOTHING = [
    "puis-je refuser un patient ?",
    "à qui adresser la lettre ?",
    "adresser un patient à un confrère",
    "que risque un médecin qui parle ?",
    "quelle peine pour une violation du secret ?",
    "la personne de confiance peut-elle lire le dossier ?",
    "le médecin traitant doit-il répondre ?",
    "",
]
GIVES = {
    "money": ("La copie est facturée 12,50 €.", "Le médecin facture la copie."),
    "duration": ("Le dossier est remis dans les huit jours.", "Le dossier est remis au patient."),
    "age": ("Dès seize ans, le mineur décide.", "L'enfant décide."),
    "count": ("L'Ordre a reçu 1 234 plaintes.", "L'Ordre reçoit des plaintes."),
    "contact": ("Écrivez à l'adresse conseil@exemple.invalid.", "Le conseil répond."),
    "person": ("Le président du conseil est le Dr Exemple.", "Le conseil élit son bureau."),
    "date": ("La loi date du 4 mars 2002.", "La loi a changé."),
    "measure": ("La plaque mesure 25 cm.", "La plaque est discrète."),
    "country": ("La loi belge le permet.", "La loi le permet."),
    "profession": ("Le kinésithérapeute est tenu au secret.", "Le soignant est tenu au secret."),
}


def test_every_form_is_tried_here():
    assert set(ASKS) == set(GIVES) == {form.name for form in forms()}


@pytest.mark.parametrize(("name", "question"), [(name, q) for name, questions in ASKS.items() for q in questions])
def test_what_asks_for_a_form(name, question):
    assert name in asked(question)


@pytest.mark.parametrize("question", ASKS_NOTHING)
def test_what_asks_for_none(question):
    assert asked(question) == {}


@pytest.mark.parametrize("name", GIVES)
def test_what_gives_it_and_what_does_not(name):
    """With and without accents, with either apostrophe, in capitals."""
    asking = {"country": "la loi belge ?", "profession": "un kiné ?"}.get(name, ASKS[name][0])
    wanted = asked(asking)[name]
    gives, lacks = GIVES[name]
    for text in (gives, gives.upper(), gives.replace("'", "’")):
        assert given(wanted, [text]) == 1.0, text
    for text in (lacks, lacks.upper(), ""):
        assert given(wanted, [text]) == 0.0, text


@pytest.mark.parametrize(
    ("question", "text", "met"),
    [
        ("la règle belge ?", "En Belgique, le secret est le même.", True),
        ("la règle belge ?", "En Suisse, le secret est le même.", False),
        ("en Suisse ?", "Le droit suisse le prévoit.", True),
        ("les médecins suisses ?", "Je suis médecin.", False),
        ("en Suède ?", "Le droit suédois le prévoit.", True),
        ("les avocats ?", "L'avocat garde le secret.", True),
        ("un infirmier ?", "Les infirmières lisent le dossier.", True),
        ("un infirmier ?", "Les pharmaciens lisent le dossier.", False),
    ],
)
def test_a_country_or_a_profession_must_be_named_itself(question, text, met):
    (wanted,) = asked(question).values()
    assert bool(given(wanted, [text])) is met


def test_a_form_that_is_asked_for_in_a_sum_is_not_asked_for_in_numbers():
    assert "count" not in asked("combien de temps ?")
    assert "count" not in asked("combien d’euros ?")
    assert set(asked("combien de temps et à quel prix, en Belgique ?")) == {"duration", "money", "country"}


def test_how_soon_it_is_given():
    (wanted,) = asked("quel tarif ?").values()
    sum_, none = "Le prix est de 12 euros.", "Le prix est libre."
    assert given(wanted, [sum_, none]) == 1.0
    assert given(wanted, [none, none, sum_]) == pytest.approx(1 / 3)
    assert given(wanted, [none, none]) == given(wanted, []) == 0.0


@any_of(st.text(max_size=100), st.text(max_size=100))
def test_whatever_is_asked_is_read(question, text):
    for wanted in asked(question).values():
        assert given(wanted, [text]) in {0.0, 1.0}
