"""Dates as people write them, as patterns over a folded text."""

_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
YEAR = r"(?:1[89]|20)[0-9]{2}(?![0-9])"
_NO_COUNT = r"(?! ?(?:h|ans?|mois|jours?|semaines?|heures?|minutes?|fois|%|euros?)(?![a-z]))"
_SHORT_YEAR = rf"'?[0-9]{{2}}(?![0-9]){_NO_COUNT}"
_NAMED_MONTH = (
    r"(?:jan(?:v(?:ier|\.)?|\.)|fevr?(?:ier|\.)?|mars?\.?|avr(?:il|\.)?|mai|juin|juil(?:let|l?\.?)|aout|sept?(?:embre|\.)?|"
    r"oct(?:obre|\.)?|nov(?:embre|\.)?|dec(?:embre|\.)?)(?![a-z])"
)
MONTHS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aout", "sep", "oct", "nov", "dec")
"""How the names of the months begin, folded."""

_UNITS = "un|deux|trois|quatre|cinq|six|sept|huit|neuf"
_TEENS = "dix|onze|douze|treize|quatorze|quinze|seize"
_DAY_WORD = (
    rf"(?:premier|{_UNITS}|dix[ \-](?:sept|huit|neuf)|{_TEENS}|vingt(?:[ \-](?:et[ \-]un|{_UNITS}))?|"
    r"trente(?:[ \-]et[ \-]un)?)"
)
_YEAR_WORDS = (
    r"(?:mil(?:le)? (?:neuf|huit) cents?|deux[ \-]mille?)"
    rf"(?:[ \-](?:{_UNITS}|{_TEENS}|vingts?|trente|quarante|cinquante|soixante|et)(?![a-z])){{0,6}}"
)
WEEKDAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun\.|mar\.|mer\.|jeu\.|ven\.|sam\.|dim\.)"

_DAY_OF_MONTH = rf"(?:{_DAY} ?(?:er(?![a-z]))?|{_DAY_WORD})[ \-/.]{{0,3}}(?:du mois de |de )?{_NAMED_MONTH}"
_OF_YEAR = rf"[ \-/.,]{{0,3}}(?:de |de l'an(?:nee)? |de l'an de grace )?(?:{YEAR}|{_SHORT_YEAR}|{_YEAR_WORDS})"


def full_date(name: str = "between") -> str:
    """Return the pattern of a day with its year; ``name`` names a group inside, another for each in one pattern."""
    return (
        rf"(?<![0-9])(?:{_DAY}(?P<{name}> ?[/.\-_] ?| ){_MONTH}(?P={name})(?:{YEAR}|{_SHORT_YEAR})"
        rf"|(?:1[89]|20)[0-9]{{2}}[/.\-]{_MONTH}[/.\-]{_DAY}(?![0-9])"
        r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:1[89]|20)[0-9]{2}(?![0-9])"
        rf"|(?<![a-z]){_DAY_OF_MONTH}{_OF_YEAR})"
    )


def any_date(name: str = "between") -> str:
    """Return the pattern of a date of any precision, down to a month or a year alone, the most precise first."""
    return (
        rf"(?:{full_date(name)}|(?<![0-9a-z/.\-]){_DAY_OF_MONTH}(?![a-z])"
        rf"|(?<![0-9/.\-]){_DAY}[/.]{_MONTH}(?![0-9/]|\.[0-9])"
        rf"|(?<![0-9])(?:{_MONTH} ?[/\-.] ?|{_NAMED_MONTH} ?(?:de )?){YEAR}|(?<![a-z]){_NAMED_MONTH} {_SHORT_YEAR}"
        rf"|(?<![0-9/.\-]){YEAR}|(?<![0-9/.\-])(?<=en ){_SHORT_YEAR})"
    )
