"""Exact lookup: "article 4 du code de déontologie", "R4127-4", "226-14", "L 1110-4", "arrêt Degraene"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.cleaning import fold
from corpus.models import Document, Passage
from corpus.references import articles_in
from indexes.decisions import DecisionIndex
from indexes.french import STOP_WORDS, stem, words
from indexes.lookalikes import latin
from indexes.models import Hit

# A plain number is an article of the code de déontologie unless another code is named near it.
_PLAIN = re.compile(
    r"\bart(?:icles?|s?\b\.?)\s*(?:n[o°]\s*)?(\d{1,3}(?=er\b)|\d{1,4}|premier\b)(?![\d-])"
    r"(?!\s*(?:ans?|jours?|mois|euros?)\b)"
)
_FOREIGN = re.compile(r"\bart(?:icles?|s?\b\.?)\s*(?:n[o°]\s*)?(\d{1,4}(?:-\d{1,3})*)(?![\d-])")
_DEONTOLOGY_NUMBER = re.compile(r"(?<![\w.-])4127-(\d{1,3})(?![\d-])")
_SPACED = re.compile(r"(?<![\w.-])(\d{3}) (\d{1,2})(?= (?:du )?(?:code penal|cp)\b)")
_LIST = re.compile(r"\bart(?:icles|s?\b\.?)\s*((?:\d{1,3}\s*(?:,|et|ou|a)\s*)+\d{1,3})(?![\d-])")
_OTHER_CODE = re.compile(
    r"code\s+(civil|penal|du travail|des assurances|de procedure|de commerce|de la route|general|de la securite sociale"
    r"|de l'action sociale)|\b(cpp|css|casf|constitution)\b"
)
# Laws number their articles too, and our documents speak of some of them: not ours to look up, nor to call absent.
_OTHER_TEXT = re.compile(r"rgpd|convention|reglement|lfss|\bloi\b|decret")
_DEONTOLOGY = re.compile(r"deonto|r\s?\.?\s?4127")
_CASE = re.compile(
    r"\b(?:arrets?|affaires?|decisions?|jurisprudences?|cass)\s+(?:dite?s?\s+|de\s+|du\s+|l'|d')?([a-z][a-z'-]{3,})"
)
# "CE" is the Conseil d'État before a name; "ce" is none, and nothing is known of a question in capitals alone.
_COUNCIL = re.compile(r"\bCE\s+(?:d['’])?([A-ZÀ-Ý][a-zà-ÿ]{3,}(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?)\b")
_NO_NAME = re.compile(r"(?:[ljdnstmc]|qu|jusqu|lorsqu|puisqu)'|.*-(?:t-)?(?:elles?|ils?|on|je|tu|vous|nous|la|dessus)$")
_NAME = re.compile(r"\b[A-ZÀ-Ý][a-zà-ÿ]{3,}(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?\b")
_ORDINARY = re.compile(r"\b[a-zà-ÿ]{4,}\b")
_CASE_WORDS = re.compile(r"\b(?:arret|affaire|cassation|conseil d'etat|jurisprudence|chambre criminelle)\b")

_WORDS_OF_A_BARE_REFERENCE = frozenset(
    "article articles art code deontologie deonto medicale medecins sante publique penal csp cp texte donne prevoit "
    "contient contenu dispose redaction cite exact version lire veut rappelle".split()
)
# Words that follow "arrêt", "décision" or "affaire" and name none; their other forms have the same stem.
_AFTER_A_CASE_WORD = frozenset(
    stem(word)
    for word in """accident achete activite administratif administrative alimentation anterieur anterieure anticipe
    anticipee antidate appartient appel archives attaque attestation aupres autrefois avril bidon boulot brutal
    cabinet cardiaque cassation casse cdnom cdom certificat chambre chimiotherapie cigarette civil civile cjue
    classe clinique close cnil cnom collectif collective collegial collegiale commencant commence complaisance
    confie conseil constitutionnel constitutionnelle contraire contre courrier court cour date decembre decide
    defavorable defenseur definitif delicat demande departement deux dialyse directeur disciplinaire discrimination
    divorce domicile duree eclaire etranger europeen europeenne examine expresse express facile familial famille faux
    favorable fevrier final finale force grossesse hier hospitalier hospitalisation illimite important initial
    injustifie international interruption invalidite janvier jeudi judiciaire juge jugee juillet juin juridictionnel
    justice lieu limitation limite limiter long longue lundi maintenant majeur maladie mars maternite medecin medical
    medicaments mensonger mention mentionne mercredi motive national negative nouveau nouvelle novembre numerique
    nutrition octobre ordinal ordre papier parent partage patient penal personnel perime plafond politique praticien
    prescripteur prescrit present prise prive procureur prolonge prudhomal purement quatre recent recente recu refus
    refuse relatif releve remplacement rendu renouvellement renverse respirateur retroactif revient sage samedi
    sanction sante secret sept septembre signe similaire simplifie social soins sport suivi tabac telemedecine
    temporaire therapeutique tombe traitement transfusion tribunal trois unanime unique vendredi ventilateur
    ventilation verbal veto vient visio volontaire travail teletravail motivee classee confiee partagee eclairee
    examinee attaquee analysee redigee donnee debute departemental departementale regional regionale programme
    admission ailleurs acces role fonction manque tient exact exacte ancien ancienne contradictoire cdpi cosmetique
    """.split()
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a question names: an article in normal form, or the usual name of a decision, folded."""

    article: str = ""
    case: str = ""


def references_in(question: str) -> tuple[Reference, ...]:
    """Return the articles and decisions that a question names, in order, without repeats."""
    question = latin(question)
    plain = fold(question)
    found: dict[Reference, None] = {Reference(article=a): None for a in articles_in(question)}
    found |= {Reference(article=f"R4127-{m.group(1)}"): None for m in _DEONTOLOGY_NUMBER.finditer(plain)}
    found |= {Reference(article=f"{m.group(1)}-{m.group(2)}"): None for m in _SPACED.finditer(plain)}
    deontology, other = _DEONTOLOGY.search(plain), _OTHER_CODE.search(plain)
    if other and not deontology:
        # An article of a code that we may not hold is named with its code: nothing else stands under that number.
        found |= {Reference(article=f"{m.group(1)} {other.group()}"): None for m in _FOREIGN.finditer(plain)}
    elif deontology or not _OTHER_TEXT.search(plain):
        numbers = [m.group(1).replace("premier", "1") for m in _PLAIN.finditer(plain)]
        numbers += [n for m in _LIST.finditer(plain) for n in re.findall(r"\d+", m.group(1))]
        found |= {Reference(article=f"R4127-{number}"): None for number in numbers}
    cases = [match.group(1) for match in _CASE.finditer(plain)]
    cases += [fold(match.group(1)) for match in _COUNCIL.finditer(question)]
    found |= {Reference(case=name): None for name in cases if _may_be_a_name(name)}
    return tuple(found)


def _may_be_a_name(word: str) -> bool:
    """Tell whether a folded word after "arrêt" may name it: "arrêt Degraene" does, "arrêt sans solde" does not."""
    ordinary = word in STOP_WORDS or stem(word) in _AFTER_A_CASE_WORD
    return not ordinary and not _NO_NAME.match(word)


def _numbers(references: Sequence[Reference]) -> set[str]:
    """Return the words that write the references themselves."""
    articles = [reference.article.lower() for reference in references]
    return set(articles) | {article.rpartition("-")[2] for article in articles}


class ReferenceIndex:
    """Passages by the article they are, by the articles they name, and by the decisions they name."""

    def __init__(self, documents: Sequence[Document], passages: Sequence[Passage]) -> None:
        authority = {d.id: (d.metadata.authority, d.metadata.version_date or d.metadata.date) for d in documents}
        self._texts: dict[str, list[str]] = {}
        self._mentions: dict[str, list[str]] = {}
        self._cases: dict[str, list[str]] = {}
        self._decisions = DecisionIndex(documents, passages)
        # A newer and higher source first; within a document, its own order.
        for passage in sorted(passages, key=lambda p: authority[p.document_id], reverse=True):
            if passage.article:
                self._texts.setdefault(passage.article, []).append(passage.id)
            plain = fold(passage.text)
            named = dict.fromkeys(articles_in(passage.text))
            if _DEONTOLOGY.search(plain):
                named |= {f"R4127-{match.group(1)}": None for match in _PLAIN.finditer(plain)}
            for article in named:
                if article != passage.article:
                    self._mentions.setdefault(article, []).append(passage.id)
            if _CASE_WORDS.search(plain):
                for name in dict.fromkeys(fold(m.group()) for m in _NAME.finditer(passage.text)):
                    self._cases.setdefault(name, []).append(passage.id)
        # "Conseil" or "Lorsque" is no name: what some passage writes in lower case is an ordinary word.
        for ordinary in {word for passage in passages for word in _ORDINARY.findall(passage.text)}:
            self._cases.pop(fold(ordinary), None)

    def mentions(self, reference: Reference) -> bool:
        """Tell whether some passage names the article, or is it."""
        return bool(self._texts.get(reference.article) or self._mentions.get(reference.article))

    def knows(self, reference: Reference) -> bool:
        """Tell whether the documents hold the article's own text, or name the decision."""
        decided = self._cases.get(reference.case) or self._decisions.named(reference.case)
        return bool(self._texts.get(reference.article) or decided)

    def search(self, query: str, k: int) -> list[Hit]:
        """Return the articles that the query names (scores from 2 down), then the passages that name them (1).

        When the query asks for nothing but the article, its parts come in reading order; otherwise they score the same
        and other retrievers say which part is asked for.
        """
        references = references_in(query)
        scored: dict[str, float] = {}
        step = 0.0 if set(words(query)) - _WORDS_OF_A_BARE_REFERENCE - _numbers(references) else 0.3
        for reference in references:
            for n, passage_id in enumerate(self._texts.get(reference.article, [])):
                scored.setdefault(passage_id, max(1.1, 2.0 - n * step))
        for passage_id in self._decisions.find(query):
            scored.setdefault(passage_id, 2.0)
        for reference in references:
            for passage_id in self._decisions.named(reference.case):
                scored.setdefault(passage_id, 2.0)
            for passage_id in self._cases.get(reference.case, []) + self._mentions.get(reference.article, []):
                scored.setdefault(passage_id, 2.0 if reference.case else 1.0)
        ranked = sorted(scored.items(), key=lambda item: -item[1])[:k]
        return [Hit(passage_id, score, rank, "references") for rank, (passage_id, score) in enumerate(ranked, start=1)]
