"""Invented numbers and addresses that identify someone, written as people write them; keys are valid.

Telephone numbers of the mainland are of the blocks that the regulator keeps for fiction.
"""

from random import Random

from stdnum import iban, luhn
from stdnum.fr import nir

_FICTION = ("019900", "026191", "035301", "046571", "053649", "063998")
_OVERSEAS = ("0590", "0596", "0262", "0690", "0692", "0694")
_DEPARTMENTS = ("01", "06", "13", "29", "33", "35", "44", "59", "64", "69", "75", "93", "2A", "2B", "99")


def nir_of(rng: Random) -> str:
    """Return a social security number of 15 characters, or 13 without its key."""
    born = f"{rng.choice('12')}{rng.randrange(100):02}{rng.randint(1, 12):02}{rng.choice(_DEPARTMENTS)}"
    number = f"{born}{rng.randint(1, 899):03}{rng.randint(1, 999):03}"
    key = str(nir.calc_check_digits(number))
    groups = [number[0], number[1:3], number[3:5], number[5:7], number[7:10], number[10:]]
    separator = rng.choice(["", "", " ", " ", " ", "."])
    text = separator.join(groups)
    return text if rng.random() < 0.25 else text + (rng.choice([separator, " ", " clé "]) + key)


def _nine(rng: Random) -> str:
    body = rng.choice(_DEPARTMENTS[:12]) + f"{rng.randrange(10**6):06}"
    return _sometimes_grouped(rng, body + str(luhn.calc_check_digit(body)), 3)


def rpps_of(rng: Random) -> str:
    """Return the 11 digits of a professional."""
    body = f"10{rng.randrange(10**8):08}"
    return _sometimes_grouped(rng, body + str(luhn.calc_check_digit(body)), 4)


def adeli_of(rng: Random) -> str:
    """Return the 9 digits of a professional on the former list."""
    return _nine(rng)


def finess_of(rng: Random) -> str:
    """Return the 9 digits of an establishment."""
    return _nine(rng)


def phone_of(rng: Random) -> str:
    """Return a French number, national or international, mainland or overseas."""
    if rng.random() < 0.15:
        digits = rng.choice(_OVERSEAS) + f"{rng.randint(200_000, 999_999)}"
    else:
        digits = rng.choice(_FICTION) + f"{rng.randrange(10_000):04}"
    pairs = [digits[i : i + 2] for i in range(0, 10, 2)]
    style = rng.randrange(8)
    if style == 0:
        return digits
    if style == 1:
        return f"+33 {pairs[0][1]} {' '.join(pairs[1:])}"
    if style == 2:
        return f"+33{digits[1:]}"
    if style == 3:
        return f"0033 {pairs[0][1]} {' '.join(pairs[1:])}"
    return rng.choice([" ", " ", ".", "-"]).join(pairs)


def email_of(rng: Random, first: str, last: str, host: str) -> str:
    """Return an address made of a name."""
    year = str(rng.randint(40, 99)) if rng.random() < 0.4 else ""
    local = rng.choice(
        [f"{first}.{last}{year}", f"{last}{year}", f"{last}_{first}", f"{first[0]}.{last}", f"dr-{last}"]
    )
    return f"{local}@{host}"


def iban_of(rng: Random) -> str:
    """Return an account number, French nine times in ten, otherwise Belgian."""
    if rng.random() < 0.9:
        bank, branch, account = (rng.randrange(10**n) for n in (5, 5, 11))
        body = f"{bank:05}{branch:05}{account:011}{97 - (89 * bank + 15 * branch + 3 * account) % 97:02}"
        country = "FR"
    else:
        number = rng.randrange(10**10)
        body, country = f"{number:010}{number % 97 or 97:02}", "BE"
    solid = f"{country}{iban.calc_check_digits(f'{country}00{body}')}{body}"
    text = solid if rng.random() < 0.4 else " ".join(solid[i : i + 4] for i in range(0, len(solid), 4))
    return text.lower() if rng.random() < 0.1 else text


def file_of(rng: Random) -> str:
    """Return a file, patient or stay number."""
    year, long, short = rng.randint(2011, 2025), rng.randrange(10**6, 10**9), rng.randrange(1000, 99_999)
    return rng.choice([f"{long}", f"{long}", f"{year}-{short}", f"{year}/{short}", f"A-{long}", f"P{long}", f"{short}"])


def room_of(rng: Random) -> str:
    """Return the number of a room."""
    number = rng.randint(1, 480)
    return rng.choice(
        [f"{number}", f"{number}", f"{number}", f"{rng.choice('ABC')}{number}", f"{number}{rng.choice('AB')}"]
    )


def bed_of(rng: Random) -> str:
    """Return the number of a bed or of a box."""
    return f"{rng.randint(1, 24)}"


def handle_of(rng: Random, words: list[str], last: str) -> str:
    """Return a username, sometimes made of the surname."""
    one, two = rng.sample(words, 2)
    number = rng.randint(10, 99)
    forms = [f"{one}_{two}", f"{one}{two}{number}", f"{one}.{two}", f"{one.title()}Du{number}", f"{last}.{number}"]
    return rng.choice(["@", ""]) + rng.choice([*forms, f"{last}_{one}"])


def _sometimes_grouped(rng: Random, digits: str, size: int) -> str:
    if rng.random() < 0.75:
        return digits
    return " ".join(digits[i : i + size] for i in range(0, len(digits), size))
