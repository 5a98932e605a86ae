"""Building, describing and refusing an index from the command line."""

import json
import shutil

import pytest

from corpus.precedents import load_precedents
from corpus.sheets import load_sheets
from indexes.manifest import FORMAT
from tests.command import QUESTION, parsed, quick, run
from tests.files import encrypted, pdf_of, scan

__all__ = ["quick"]

SHIPPED = len(list(load_sheets())) + len(list(load_precedents()))
pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def index(small_path):
    return small_path


@pytest.fixture
def broken(small_path, tmp_path):
    """A copy of the index that a test may damage."""
    return shutil.copytree(small_path, tmp_path / "broken")


def alter(index, **fields):
    manifest = index / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | fields))


# --- an index that cannot be used

COMMANDS = [("ask", QUESTION), ("ask", "--json", QUESTION), ("search", "patient"), ("index", "info")]


def failed(args, index, said):
    result = run(*args, "--index", index, code=1)
    assert result.stdout == ""
    assert said in result.stderr
    assert str(index) in result.stderr
    assert "mineur" not in result.stderr


@pytest.mark.parametrize("args", COMMANDS)
def test_no_index_where_one_is_named(tmp_path, args):
    failed(args, tmp_path / "nope", "Aucun index dans")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("args", COMMANDS)
def test_an_index_of_another_format(broken, args):
    alter(broken, format=99)
    failed(args, broken, "format 99")


@pytest.mark.parametrize("args", COMMANDS)
@pytest.mark.parametrize("manifest", ["", "{", "[]", "{}", f'{{"format": {FORMAT}}}', "\x00"])
def test_a_damaged_manifest(broken, args, manifest):
    (broken / "manifest.json").write_text(manifest)
    failed(args, broken, "endommagé")


@pytest.mark.parametrize("args", COMMANDS)
@pytest.mark.parametrize("name", ["dense.faiss", "wordings.npy", "passages.jsonl", "documents.jsonl"])
def test_a_damaged_or_missing_file(broken, args, name):
    file = next(broken.glob(f"data-*/{name}"))
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    failed(args, broken, name)
    file.unlink()
    failed(args, broken, name)


@pytest.mark.parametrize("args", COMMANDS[:3])
def test_an_index_of_another_encoder(broken, monkeypatch, args):
    monkeypatch.setenv("DEONTO_ENCODER", "another")
    failed(args, broken, "a été construit avec l'encodeur « hash »")


def test_a_wrong_setting(index, monkeypatch):
    monkeypatch.setenv("DEONTO_PORT", "http")
    assert "Le réglage DEONTO_PORT" in run("ask", "--index", index, QUESTION, code=1).stderr


def test_an_encoder_that_is_not_there(index, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("DEONTO_ENCODER", "nope")
    assert "L'encodeur « nope » est introuvable" in run("ask", "--index", index, QUESTION, code=1).stderr


def test_a_mistake_of_ours_is_said_without_the_question(index, monkeypatch):
    def broken_answer(_self, question, **_):
        raise ZeroDivisionError(question)

    monkeypatch.setattr("assistant.answering.Assistant.answer", broken_answer)
    result = run("ask", "--index", index, QUESTION, code=1)
    assert "Erreur inattendue (ZeroDivisionError, test_cli_index.py:" in result.stderr
    assert QUESTION not in result.output


# --- index


def test_build_and_info(small_folder, tmp_path):
    result = run("index", "build", "--documents", small_folder, "--no-sheets", "--output", "made")
    assert result.stdout == ""
    assert "Index construit dans made : 4 documents, 6 passages ; 0 fichier(s) laissé(s) de côté." in result.stderr
    row = parsed(run("index", "info", "--index", "made", "--json"))
    assert (row["documents"], row["passages"], row["encoder"], row["dimensions"]) == (4, 6, "hash", 256)
    assert set(row) >= {"path", "fingerprint", "built_at"}
    text = run("index", "info", "--index", "made").stdout
    assert "Documents : 4\nPassages : 6\n" in text
    assert f"Empreinte : {row['fingerprint']}" in text


def test_several_folders_and_the_sheets(small_folder, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.txt").write_text(
        "Le cabinet ferme ses volets chaque soir, sauf pendant la canicule de juillet."
    )
    run("index", "build", "--documents", small_folder, "--documents", "more", "--output", "made")
    assert parsed(run("index", "info", "--index", "made", "--json"))["documents"] == SHIPPED + 5


def test_files_that_cannot_be_read_are_listed_with_why(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "garbage.pdf").write_bytes(b"%PDF-1.7 nothing that follows is one")
    (folder / "locked.pdf").write_bytes(encrypted("secret"))
    (folder / "scan.pdf").write_bytes(pdf_of(lambda pdf: pdf.image(scan(), 10, 10, 50)))
    (folder / "empty.txt").write_text("")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    good = "Le cabinet ferme ses volets chaque soir, sauf pendant la canicule de juillet."
    (folder / "a.txt").write_text(good)
    (folder / "b.txt").write_text(good)
    result = run("index", "build", "--documents", folder, "--no-sheets", "--output", "made")
    lines = dict(line.strip().split(" : ", 1) for line in result.stderr.splitlines()[:-1])
    assert lines == {
        "garbage.pdf": "fichier endommagé",
        "locked.pdf": "PDF protégé par un mot de passe",
        "scan.pdf": "aucun texte : document numérisé en images, à passer d'abord par une reconnaissance de caractères",
        "empty.txt": "fichier vide",
        "binary.txt": "contenu binaire, ce n'est pas du texte",
        "b.txt": "même contenu que a.txt",
    }
    assert "1 documents, 1 passages ; 6 fichier(s) laissé(s) de côté." in result.stderr


def test_nothing_to_index(tmp_path):
    (tmp_path / "documents").mkdir()
    result = run("index", "build", "--documents", "documents", "--no-sheets", "--output", "made", code=1)
    assert "Aucun document lisible : 0 fichier(s) trouvé(s)" in result.stderr
    (tmp_path / "documents" / "a.pdf").write_bytes(b"garbage")
    result = run("index", "build", "--documents", "documents", "--no-sheets", "--output", "made", code=1)
    assert result.stderr.startswith("  a.pdf : fichier endommagé\nAucun document lisible : 1 fichier(s) trouvé(s)")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("held", [{}, {"a.pdf": "garbage", "b.txt": ""}, {"notes.docx": "x", ".hidden.txt": "x"}])
def test_folders_that_give_no_document_leave_the_index_although_there_are_sheets(broken, tmp_path, held):
    (tmp_path / "documents").mkdir()
    (tmp_path / "more").mkdir()
    for name, text in held.items():
        (tmp_path / "documents" / name).write_text(text)
    before = (broken / "manifest.json").read_text()
    result = run("index", "build", "--documents", "documents", "--output", broken, code=1)
    count = sum(name.endswith((".pdf", ".txt")) and not name.startswith(".") for name in held)
    assert f"Aucun document lisible : {count} fichier(s) trouvé(s), aucun utilisable." in result.stderr
    assert result.stderr.count(" : fichier ") == count
    run("index", "build", "--documents", "documents", "--documents", "more", "--output", broken, code=1)
    assert (broken / "manifest.json").read_text() == before
    assert parsed(run("index", "info", "--index", broken, "--json"))["documents"] == SHIPPED + 4


def test_the_sheets_alone_are_built_when_no_folder_is_named():
    assert run("index", "build", "--output", "made").stderr.startswith(
        f"Index construit dans made : {SHIPPED} documents"
    )
    assert parsed(run("index", "info", "--index", "made", "--json"))["documents"] == SHIPPED


def test_folders_of_the_environment_that_give_no_document_are_an_error_too(tmp_path, monkeypatch):
    monkeypatch.setenv("DEONTO_DOCUMENTS", str(tmp_path / "nope"))
    assert "Aucun document lisible" in run("ask", QUESTION, code=1).stderr
    assert list(tmp_path.iterdir()) == []


def test_one_folder_of_several_that_gives_no_document_is_said(small_folder, tmp_path):
    for name in ("bad", "empty", "copy", "same-name"):
        (tmp_path / name).mkdir()
    (tmp_path / "bad" / "a.pdf").write_bytes(b"garbage")
    shutil.copy(small_folder / "archives.txt", tmp_path / "copy" / "renamed.txt")
    (tmp_path / "same-name" / "archives.txt").write_text("")
    folders = [small_folder, "bad", "empty", "copy", small_folder / "sous-dossier"]
    args = [arg for folder in folders for arg in ("--documents", folder)]
    lines = run("index", "build", *args, "--output", "made").stderr.splitlines()
    assert [line for line in lines if "aucun document lisible" in line] == [
        "  bad : aucun document lisible dans ce dossier",
        "  empty : aucun document lisible dans ce dossier",
    ]
    shutil.copy(small_folder / "archives.txt", tmp_path / "copy" / "archives.txt")
    (tmp_path / "copy" / "renamed.txt").unlink()
    result = run("index", "build", "--documents", "copy", "--documents", "same-name", "--output", "made")
    assert "  archives.txt : fichier vide\n" in result.stderr
    assert "  copy :" not in result.stderr


def test_a_folder_that_is_no_index_is_refused_before_anything_is_read(small_folder, tmp_path, monkeypatch):
    monkeypatch.setattr("assistant.opening.load", lambda *_, **__: pytest.fail("documents were read"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.odt").write_text("years of work")
    result = run("index", "build", "--documents", small_folder, "--output", "mine", code=1)
    assert result.stderr.startswith("Le dossier mine n'est pas vide et ne contient pas d'index")
    assert result.stderr.count("\n") == 1
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.odt"]


def test_a_damaged_index_is_rebuilt_where_it_stands(broken):
    (broken / "manifest.json").write_text("{")
    run("index", "build", "--output", broken)
    assert parsed(run("index", "info", "--index", broken, "--json"))["documents"] == SHIPPED


@pytest.mark.parametrize(
    ("encoder", "said"),
    [
        ("another", "a été construit avec l'encodeur « hash », or « another » est configuré"),
        (None, "L'encodeur « nope » est introuvable"),
    ],
)
def test_info_of_an_index_of_another_encoder_warns(index, monkeypatch, encoder, said):
    if encoder is None:
        monkeypatch.undo()
    monkeypatch.setenv("DEONTO_ENCODER", encoder or "nope")
    result = run("index", "info", "--index", index, "--json")
    assert json.loads(result.stdout)["encoder"] == "hash"
    assert said in result.stderr
    assert "Encodeur : hash\n" in run("index", "info", "--index", index).stdout


@pytest.mark.parametrize("folder", ["nope", "file.txt"])
def test_documents_that_are_no_folder(tmp_path, folder):
    (tmp_path / "file.txt").write_text("x")
    result = run("index", "build", "--documents", folder, "--output", "made", code=2)
    assert f"{folder} n'est pas un dossier" in result.stderr
    assert not (tmp_path / "made").exists()


def test_an_index_that_cannot_be_written(small_folder, tmp_path):
    (tmp_path / "file").write_text("x")
    result = run("index", "build", "--documents", small_folder, "--output", "file/made", code=1)
    said = "Impossible d'écrire l'index dans file/made (un fichier se trouve là où il faudrait un dossier)"
    assert said in result.stderr
