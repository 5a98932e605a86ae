"""Where an address ends: the name of the street, then floor and building, postcode, town."""

import re
from functools import partial

from assistant.redaction.folding import is_common
from assistant.redaction.name_words import is_listed_thing, listed, words_of
from assistant.redaction.word_lists import word_list

MOST_WORDS = 7
"""Words that the name of a street or a town may have."""

MOST_ORDINARY = 4
"""Ordinary words without capitals that may close the name of a street."""

POSTCODE = r"(?:f ?- ?)?(?:0[1-9]|[1-8][0-9]|9[0-578])[0-9]{3}(?![0-9])"
_SPACED_POSTCODE = r"(?:0[1-9]|[1-8][0-9]|9[0-578]) [0-9]{3}(?![0-9])"
_WORD = re.compile(r"[ ]{0,2}(?P<word>[^\W_]+(?:['\-][^\W_]+)*)\.?")
_NTH = r"(?:[0-9]{1,2} ?(?:er|e|eme|ieme)|premier|deuxieme|troisieme|quatrieme|cinquieme|dernier)"
_COMPLEMENT = re.compile(
    r"[ ,;\n(\-]{0,4}(?:"
    r"(?:bat(?:iment)?|appt?|apt|appart|appartement|esc(?:alier)?|porte|entree|hall|immeuble|imm|tour|bloc|cage|lot|"
    r"logement|boite|bte|studio|bp|b\.p|cs|c\.s|tsa|chambre|interphone|digicode|code)(?![a-z])\.? ?(?:n ?° ?)?"
    r"(?:[a-z]?[0-9]{1,6}[a-z]?|[a-z])(?![a-z0-9'])"
    rf"|(?:au )?{_NTH} etage(?: (?:droite|gauche|face))?(?![a-z])|etage [0-9]{{1,2}}"
    r"|(?:au )?rez-de-chaussee|rdc(?![a-z])|cedex(?: [0-9]{1,2})?(?![a-z0-9])"
    r"|[0-9]{1,2}(?:er|e|eme)(?: arrondissement| arr\.?)?(?![a-z0-9])"
    r")"
)
_ESTATE = re.compile(
    r"[ ,;\n(\-]{1,4}(?:res(?:idence)?|imm(?:euble)?|villa|lot(?:issement)?|cite|hameau|clos|domaine|quartier|"
    r"lieu[ \-]?dit|ferme|mas|tour)(?![a-z'\-])\.?(?= )"
)
_ARTICLE = re.compile(r" (?:de |du |des |d'|les |la |le |l')")
_CODE = re.compile(rf"[ ,;\n(\-/]{{0,4}}(?:a |au )?(?:{POSTCODE}|{_SPACED_POSTCODE})[ ,\n\-]{{0,3}}")
_TOWN = re.compile(r"(?P<gap>[ ,\n(\-]{1,3}(?P<at>(?:a|au|aux|sur) )?)(?=[^\W\d_])")
_LETTERS = r"[^\W\d_]+(?:['\-][^\W\d_]+)*"
_TOWN_NAME = re.compile(rf"(?:(?:le|la|les|saint|sainte|st|ste)\.?[ \-])?(?P<word>{_LETTERS})")
_TOWN_GOES_ON = re.compile(rf"[ ](?P<join>(?:sur|sous|lez|les|en|de|du|des|aux) )?(?:la |le )?(?P<word>{_LETTERS})")
_SAINT = re.compile(r"sainte?-[a-z]|[a-z]+-(?:sur|sous|en|les|lez|la|le|de|du|des|aux?)-[a-z]")
_CLAUSE_END = re.compile(
    r"\.?(?:[ ]?[,;:.!?)\n]|$|[ ](?:et|pour|qui|depuis|ou|mais|chez|avec|[0-9]{1,2}(?:e|er|eme))(?![a-z]))"
)


words = partial(word_list, "whereabouts")
"""Return a list of ``whereabouts.toml``."""


def name_end(text: str, plain: str, start: int, *, capital: bool) -> int:
    """Return where the name that begins at ``start`` ends, ``start`` when none does.

    Parameters
    ----------
    text, plain
        The text, and the same folded.
    capital
        Whether one of its words must have a capital, or be a number ("11 novembre").

    """
    end = place = start
    named = False
    for _ in range(MOST_WORDS):
        match = _WORD.match(plain, place)
        if not match:
            break
        word = match["word"]
        upper = text[match.start("word")].isupper()
        if word.isdecimal():
            if not _is_day_or_year(plain, match, start, named):
                break
        elif (
            word in words("particles")
            or word == ("et" if end > start else "")
            or (end == start and word in words("kinds"))
        ):
            place = match.end("word")
            continue
        elif not _goes_on(text[match.start("word") : match.end("word")], word, first=end == start):
            if end > start and (tail := _ordinary_end(text, plain, match.start())) > end:
                end = tail
            break
        capitals = upper or any(char.isupper() for char in text[match.start("word") : match.end("word")])
        named = named or capitals or word.isdecimal()
        place = end = match.end("word")
        if word in words("titles") or (upper and len(word) == 1):
            place = match.end()
    return start if capital and not named else end


def _goes_on(written: str, word: str, *, first: bool) -> bool:
    upper = written[0].isupper()
    if word in words("regional") or (upper and not first and len(word) > 3 and not written.isupper()):
        return True
    if word in words("ends") or word.partition("'")[2] in words("ends"):
        return False
    if first or upper or word in words("titles") or word in words("months"):
        return True
    return not is_common(word.partition("'")[2] or word)


def _ordinary_end(text: str, plain: str, start: int) -> int:
    """Return where ordinary words end that close a name ("vieilles | vignes,", "champ | de foire à Brest"), or 0."""
    place = start
    for _ in range(MOST_ORDINARY):
        match = _WORD.match(plain, place)
        if not match or match["word"] in words("ends") or not _says_nothing(match["word"]):
            return 0
        place = match.end("word")
        if match["word"] not in words("particles"):
            end = place
            # A plural, a colour or what follows « de » is no verb: the sentence may go on after it.
            noun = match["word"] in words("closers") or match["word"][-1] in "sx" or _joined(plain, match.start())
            if noun and (after := _WORD.match(plain, end)) and after["word"].split("'")[0] in words("ends"):
                return end
            if _CLAUSE_END.match(plain, end) or _COMPLEMENT.match(plain, end) or _CODE.match(plain, end):
                return end
            if _town_after(text, plain, end, dwelling=False) > end:
                return end
    return 0


def _joined(plain: str, start: int) -> bool:
    before = plain[max(0, start - 6) : start].split()
    return bool(before) and before[-1] in words("particles")


def _says_nothing(word: str) -> bool:
    """Whether it is neither a number nor what somebody at the address does: "12 rue de la gare refuse"."""
    return not any(char.isdecimal() for char in word) and not any(
        listed(one, "around", "verbs") for one in words_of(word)
    )


def _is_day_or_year(plain: str, match: re.Match[str], start: int, named: bool) -> bool:
    """Whether a number is a part of the name: "rue du 8 mai 1945", "rue du 11 novembre"."""
    after = _WORD.match(plain, match.end("word"))
    before = plain[start : match.start("word")].split()
    return bool(after and after["word"] in words("months")) or (
        named and bool(before) and before[-1] in words("months")
    )


def has_postcode(plain: str, end: int) -> bool:
    """Whether a postcode stands at ``end``."""
    return bool(_CODE.match(plain, end))


def address_end(text: str, plain: str, start: int, end: int, *, dwelling: bool = False) -> int:
    """Return where an address ends that begins at ``start``, its street at ``end``: floor, postcode, town included.

    After a word of dwelling, "a" without its accent is no verb: "habite 12 rue des lilas a lorient".
    """
    for _ in range(6):
        match = _COMPLEMENT.match(plain, end)
        if match:
            end = match.end()
            continue
        code = _CODE.match(plain, end)
        if code:
            town = town_end(text, plain, code.end(), capital=False)
            end = town if town > code.end() else end + len(plain[end : code.end()].rstrip(" ,\n-"))
            continue
        more = _town_after(text, plain, end, dwelling=dwelling)
        if more == end:
            more = _estate_after(text, plain, end)
        if more == end:
            break
        end = more
    closes = plain[end : end + 1] == ")" and plain.count("(", start, end) > plain.count(")", start, end)
    return end + 1 if closes else end


def _estate_after(text: str, plain: str, end: int) -> int:
    """Return where the name of a building or a quarter ends: ", rés. Les Pins", ", quartier de la gare"."""
    match = _ESTATE.match(plain, end)
    if not match:
        return end
    name = name_end(text, plain, match.end(), capital=not _ARTICLE.match(plain, match.end()))
    return name if name > match.end() else end


def _town_after(text: str, plain: str, end: int, *, dwelling: bool) -> int:
    """Return where a town ends that follows without its postcode: "à Lorient", ", Lorient.", "à lorient et"."""
    match = _TOWN.match(plain, end)
    if not match:
        return end
    start = match.end()
    if text[start].isupper() and (match["at"] or "," in match["gap"] or "(" in match["gap"] or "-" in match["gap"]):
        town = town_end(text, plain, start, capital=True)
        known = "," in match["gap"] and _is_listed(plain[start:town])
        return town if match["at"] or known or _CLAUSE_END.match(plain, town) or _CODE.match(plain, town) else end
    written = text[match.start("at") : start].strip() if match["at"] else ""
    if written == "à" or (written and (dwelling or is_town(plain, start))):
        town = town_end(text, plain, start, capital=False)
        ends = _CLAUSE_END.match(plain, town) or _SAINT.match(plain, start) or _is_listed(plain[start:town])
        return town if ends and town > start else end
    return end


def _is_listed(town: str) -> bool:
    return all(is_listed_thing(word) for word in words_of(town))


def is_town(plain: str, start: int) -> bool:
    """Whether what follows "a" without its accent is a place, no participle: "a bastia", "a fort-de-france"."""
    match = _TOWN_NAME.match(plain, start)
    if not match or match["word"] in words("ends"):
        return False
    unknown = len(match["word"]) > 3 and not is_common(match["word"])
    return unknown or "-" in match["word"] or _is_listed(match[0])


def town_end(text: str, plain: str, start: int, *, capital: bool) -> int:
    """Return where the town that begins at ``start`` ends, ``start`` when none does.

    Parameters
    ----------
    text, plain
        The text, and the same folded.
    capital
        Whether it must begin with a capital.

    """
    match = _TOWN_NAME.match(plain, start)
    if not match or match["word"] in words("not_towns") | words("ends") or (capital and not text[start].isupper()):
        return start
    end = match.end()
    for _ in range(MOST_WORDS):
        more = _TOWN_GOES_ON.match(plain, end)
        if not more or more["word"] in words("ends") | words("not_towns") | words("persons"):
            break
        if not text[more.start("word")].isupper() and more["join"] not in {"sur ", "sous ", "lez ", "les "}:
            break
        end = more.end()
    return end
