"""What is searched does not depend on how somebody was hidden."""

import pytest

from assistant.meaning import meant
from assistant.privacy import redact


@pytest.mark.parametrize(
    ("said", "searched"),
    [
        ("mon patient corentin lesmarchais refuse", "mon patient refuse"),
        ("Mme Vaubricourt veut son dossier", "patiente veut son dossier"),
        ("le dr Ferrandini me critique", "le confrère me critique"),
        ("ma fille Perle est malade", "ma fille est malade"),
        ("parler de Kylian Bertholet", "parler de patient"),
        ("mon numéro est le 0612345678", "mon numéro est le"),
        ("Mme Kerbrat née le 4/5/1961, 12 rue des Lilas 56000 Vannes, veut", "patiente,, veut"),
        ("0612345678", "[TÉLÉPHONE]"),
        ("rien à cacher [1]", "rien à cacher [1]"),
    ],
)
def test_a_placeholder_becomes_what_it_stands_for(said, searched):
    assert meant(redact(said).text) == searched
