"""Who may use the server, decided once at the start; ``api.gate`` applies it to each request.

========================  ==========================================================================================
``local``                 This machine alone, no key: any program of it may ask. The ``Host`` must be a loopback name,
                          so that a web page cannot make its own name point here, and no limit slows a script.
keys                      Every route but the page, its files and the probes needs a key. The pages of documents do
                          too: an operator's documents may be licensed to few. ``DEONTO_OPEN_READER`` opens them.
``DEONTO_OPEN``           Others may ask without a key, each address as often as ``DEONTO_RATE`` allows.
========================  ==========================================================================================

Operators' routes need a key of scope ``admin``; without keys they answer programs of this machine only.
"""

import ipaddress
from dataclasses import dataclass, field

from api.keyring import Keyring
from api.limits import Allowance, Limiter
from assistant.errors import KeysNeeded
from assistant.keys import Key
from assistant.settings import Settings

USUAL_RATE = "120/minute"
OPEN = frozenset({"/", "/widget.js", "/openapi.json", "/favicon.ico"})
OPEN_BELOW = ("/static/", "/health/")
READER = ("/documents/", "/decisions/", "/articles/")
SEARCH = frozenset({"/recherche", "/comparer"})
"""Pages as open as the documents they show; whoever searches without a key is still counted."""
OPERATORS = frozenset({"/metrics", "/operateur"})
OPERATORS_BELOW = ("/v1/admin/", "/admin/", "/operateur/")
FORWARDING = frozenset({"x-forwarded-for", "forwarded", "x-real-ip", "via"})


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the server.

    Attributes
    ----------
    keyring
        The access keys; None where none is asked for.
    local
        Whether only programs of this machine are meant to ask.
    open_reader
        Whether the pages of documents ask for no key.
    origins
        Web origins whose pages may call the server, beside those of the keys.
    proxies
        Addresses and networks whose forwarding headers are believed.
    rate, daily
        What one address may ask for, as in ``Allowance``.
    limiter
        Counts requests.

    """

    keyring: Keyring | None = None
    local: bool = False
    open_reader: bool = False
    origins: frozenset[str] = frozenset()
    proxies: tuple[str, ...] = ()
    rate: str = ""
    daily: int = 0
    limiter: Limiter = field(default_factory=Limiter)

    @classmethod
    def of(cls, settings: Settings) -> "Access":
        """Return the access that an operator has chosen.

        Raises
        ------
        KeysNeeded
            Others could reach the server, and neither a key nor ``DEONTO_OPEN`` is there.
        InvalidKeys
            The file of keys cannot be used: without it nobody is let in.
        InvalidSetting
            The store of counters cannot be used.

        """
        keyring = Keyring(settings.keys) if settings.keys else None
        alone = is_loopback(settings.host)
        if keyring is None and not alone and not settings.open:
            text = f"listening on {settings.host} needs access keys: set DEONTO_KEYS, or DEONTO_OPEN=1 to do without"
            raise KeysNeeded(text, host=settings.host)
        local = keyring is None and alone and not settings.open
        return cls(
            keyring=keyring,
            local=local,
            open_reader=settings.open_reader,
            origins=frozenset(settings.origins),
            proxies=settings.proxies,
            rate=settings.rate or ("" if local else USUAL_RATE),
            daily=settings.daily,
            limiter=Limiter(settings.limits_store),
        )

    def asks_nothing(self, path: str) -> bool:
        """Return whether a path is open to everybody: what a page needs before somebody has given a key."""
        if path in OPEN or path.startswith(OPEN_BELOW):
            return True
        return self.open_reader and (path.startswith(READER) or path in SEARCH)

    def allowed_origins(self) -> frozenset[str]:
        """Return every web origin whose pages may call the server."""
        return self.origins | self.keyring.origins() if self.keyring else self.origins

    def allowances(self, key: Key | None, client: str) -> list[Allowance]:
        """Return what is counted for a request: of its key, and of its address.

        A program whose key has a rate of its own is counted by it alone. A widget's key, which has origins, is many
        readers' key: each address of theirs is counted too.
        """
        own = [Allowance(f"key:{key.digest[:16]}", key.rate, key.daily)] if key else []
        if key and key.rate and not key.origins:
            return own
        return [*own, Allowance(f"address:{client}", self.rate, self.daily)]


def is_loopback(host: str) -> bool:
    """Return whether a name or an address is this machine, reached from itself; a name we do not know is not."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_operators(path: str) -> bool:
    """Return whether a path is for operators alone."""
    return path in OPERATORS or path.startswith(OPERATORS_BELOW)
