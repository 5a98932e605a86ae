"""Rooms and beds, by their numbers."""

import re
from collections.abc import Iterator

from assistant.redaction.folding import fold
from assistant.redaction.identities import Found

_SORT = r"(?: (?:individuelle|double|seule|simple|particuliere|d'isolement|mortuaire))?"
_NUMBER = r"(?P<number>[a-z]?[0-9]{1,4}(?: ?bis|[a-d](?![a-z'])|[fp](?![a-z]))?)(?![a-z0-9])(?!°)"
_ROOM = re.compile(
    rf"(?<![a-z])(?P<what>chambres?|chb|chbre|ch|lit|box)(?![a-z])\.?{_SORT}"
    rf"[ :]{{0,2}}(?:n ?°|numero|no\.?|num\.?)?[ :]{{0,2}}{_NUMBER}"
    r"(?P<bed>[ ,/\-]{1,3}(?:lit (?:n ?° ?|cote )?|place |cote )"
    r"(?:[0-9]{1,2}(?![0-9])|porte|fenetre|couloir|[a-z](?![a-z'])))?"
)
# "la patiente de la 12", "du 214"; "du 93" is a department, "au 115" a help line, "du 12 mars" a date.
_OF_ROOM = re.compile(
    r"\b(?:patiente?|malade|residente?|monsieur|madame|mr|mme|dame|papy|mamie|entrante?) "
    r"(?:(?:de la|a la) (?P<number>[0-9]{1,4})|(?:du|au) (?P<other>(?!11|20)[0-9]{3}|(?!3|19|20)[0-9]{4}))(?![0-9])"
    r"(?! ?(?:[/.:,\-][0-9]|e\b|er\b|re\b|eme|ans|euros|%|janv|fev|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec"
    r"|,? ?(?:rue|avenue|av|bd|boulevard|place|bis|ter)\b))"
)
# "la 231 refuse la toilette", and the number of a room named elsewhere.
_AGAIN = re.compile(
    r"(?<![a-z0-9])(?:la|(?:du|au)(?= [0-9]{3})) (?P<number>[a-z]?[0-9]{1,4}[a-d]?)(?![a-z0-9]|[.,/\-][0-9])"
    r"(?P<acts>(?<=[0-9]{3}) (?:refuse|hurle|fugue|saigne|tombe|delire|desature|reclame|"
    r"(?:ne |n')?veut|a (?:fugue|chute)|"
    r"est (?:tombee?|decedee?|dcd|morte?))(?![a-z]))?"
)
# The chambers of courts, and the chapters of codes.
_COURT_BEFORE = re.compile(
    r"(?:\b(?:cour (?:d'appel|de cassation|administrative)|poles? [0-9]|cass\b\.?|caa? de|tribunal)[^.;!?]{0,30}"
    r"|\b(?:titre|livre|articles?|art\.?|code|partie|section)[^.;!?]{0,12})$"
)
_COURT_AFTER = re.compile(
    r"(?:-[0-9])?[ ,]{1,2}(?:civile|sociale|criminelle|commerciale|disciplinaire|regionale|"
    r"correctionnelle|des appels|de l'instruction|"
    r"section|de cassation|(?:[a-d] )?(?:de la|du|de ce) (?:cour|tribunal|conseil|titre|livre|code))(?![a-z])"
)
_PLURAL = re.compile(
    r" (?:a [0-9]|ou [0-9]|lits?(?! (?:[0-9]|[a-z](?![a-z'])))|places?|personnes?|[a-z]{3,}s(?![a-z]))"
)
_READS = re.compile(r"\b(?:il|elle|on|qui|ils|elles|je|medecin|patiente?|medicale?|juge)\s+$")


def rooms(text: str) -> Iterator[Found]:
    """Find the numbers of rooms and beds; chambers of courts are none."""
    plain = fold(text)
    if not any(char.isdecimal() for char in plain):
        return
    numbers = set()
    for match in _ROOM.finditer(plain):
        if _is_room(text, plain, match):
            numbers.add(match["number"])
            yield Found("room", match.start("number"), match.end())
    for match in _AGAIN.finditer(plain):
        if match["acts"] or match["number"] in numbers:
            yield Found("room", *match.span("number"))
    for match in _OF_ROOM.finditer(plain):
        yield Found("room", *match.span("number" if match["number"] else "other"))


def _is_room(text: str, plain: str, match: re.Match[str]) -> bool:
    before, after = plain[max(0, match.start() - 60) : match.start()], plain[match.end() : match.end() + 50]
    if match["what"] == "lit":
        return not _READS.search(before) and not _PLURAL.match(after)
    if match["bed"]:
        return True
    if match["what"] == "ch" and text[match.start() : match.start() + 2] == "CH":
        return False  # a hospital
    return not (_COURT_BEFORE.search(before) or _COURT_AFTER.match(after) or _PLURAL.match(after))
