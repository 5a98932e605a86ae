"""The widget's script: one response, put together from modules, within its size, with every word that it asks for."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.access import Access
from api.app import create_app
from api.assembling import assemble
from api.routes.widget import SOURCES, assembled, styles, words
from api.templating import STATIC
from assistant.keys import new_key, write_keys
from tests.fake_assistant import FakeAssistant
from tests.test_api_scripts import SEEN, UNSEEN

LARGEST = 60_000  # bytes
NODE = shutil.which("node")
MODULES = sorted(SOURCES.glob("*.js"))


@pytest.fixture
def client():
    return TestClient(create_app(FakeAssistant()))


def test_it_is_one_small_script_that_any_page_may_load(client):
    response = client.get("/widget.js", headers={"Origin": "https://conseil.example"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in response.headers
    assert len(response.content) <= LARGEST


def test_a_browser_that_has_it_is_told_so(client):
    first = client.get("/widget.js")
    again = client.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/widget.js", headers={"If-None-Match": '"else"'}).status_code == 200


def test_it_needs_no_key_for_a_script_tag_brings_none(tmp_path):
    write_keys(tmp_path / "keys.json", [new_key("a")[1]])
    from api.keyring import Keyring

    access = Access(keyring=Keyring(tmp_path / "keys.json"))
    client = TestClient(create_app(FakeAssistant(), access=access))
    assert client.get("/widget.js").status_code == 200
    assert client.get("/v1/documents").status_code == 401


def test_it_keeps_nothing_inserts_no_markup_and_knows_no_address():
    script, _ = assembled()
    banned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage"
    banned += r"|indexedDB|\.cookie\b|https?://|DOMParser|setHTML|sendBeacon|history\.|caches\b|BroadcastChannel"
    assert not re.search(banned, script)
    assert not re.search(r"^\s*(?:import|export)\b", script, re.MULTILINE)
    assert not re.search(r"url\(|@import", styles())


def test_it_has_every_sentence_that_its_modules_ask_for_and_no_other():
    code = "".join(path.read_text("utf-8") for path in [*MODULES, STATIC / "kinds.js"])
    asked = {key for call in re.findall(r"\btext\(([^)]*)\)", code) for key in re.findall(r'"([a-z-]+)"', call)}
    asked |= set(re.findall(r'say\(\w+, "([a-z-]+)"', code)) | {"verdict-of", "verdict-from"}
    said = words()
    assert asked - set(said) == set()
    made = {key for key in said if key.startswith(("verdict-", "kind-", "kinds-", "placeholder-"))}
    assert set(said) - asked - made == set()
    assert all(text.strip() for text in said.values())
    assert not re.search(r" [:;?!]", "".join(said.values()))


def test_the_styles_take_the_tokens_of_the_pages_and_give_way_to_the_host():
    sheet = styles()
    used = set(re.findall(r"var\(--([\w-]+)\)", sheet))
    base = (STATIC / "base.css").read_text("utf-8")
    accent = re.findall(r"--accent: ([^;]+);", base)
    assert f"--accent:var(--deonto-accent,light-dark({accent[0]}, {accent[1]}));" in sheet
    assert {name for name in used if f"--{name}:" not in sheet} == set()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_is_short(module):
    assert len(module.read_text("utf-8").splitlines()) <= 250


def put(folder: Path, **modules: str) -> Path:
    for name, code in modules.items():
        (folder / f"{name}.js").write_text(code)
    return folder.resolve() / "a.js"


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
class TestAssembling:
    def run(self, script):
        done = subprocess.run([NODE, "-e", script], capture_output=True, text=True, encoding="utf-8", timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def test_modules_do_as_before_each_with_names_of_its_own(self, tmp_path):
        entry = put(
            tmp_path,
            a='import { twice, name as other } from "./b.js";\nimport { LIST } from "./c.js";\n'
            "/** @param {string} x */\nconst name = (x) => `<${x}>`; // a remark\n"
            "console.log(name(other), twice(21), LIST);\n",
            b='import { LIST } from "./c.js";\nexport const name = "b // kept" + LIST.length;\nconst hidden = 2;\n'
            "export function twice(x) {\n  return hidden * x;\n}\nexport function unused() {\n  return 0;\n}\n",
            c="export const LIST = [];\n",
        )
        script = assemble(entry, {}, {entry.with_name("c.js"): {"LIST": ["é", '"']}})
        assert self.run(script) == "<b // kept2> 42 [ 'é', '\"' ]"
        assert "unused" not in script
        assert "remark" not in script

    def test_what_the_widget_sees_is_what_the_page_sees(self, tmp_path):
        code = "import { identifying } from %s;\nconsole.log(JSON.stringify(%s.map((text) => identifying(text))));\n"
        where = json.dumps("./" + "../" * (len(tmp_path.resolve().parts) - 1) + str(STATIC / "identifying.js")[1:])
        entry = put(tmp_path, a=code % (where, json.dumps([*SEEN, *UNSEEN])))
        for script in ("identifying", "naming"):
            shutil.copy(STATIC / f"{script}.js", tmp_path)
        (tmp_path / "package.json").write_text('{"type": "module"}')
        (tmp_path / "page.js").write_text(code % ('"./identifying.js"', json.dumps([*SEEN, *UNSEEN])))
        page = subprocess.run([NODE, tmp_path / "page.js"], capture_output=True, text=True, check=True, timeout=60)
        assert self.run(assemble(entry, {}, {})) == page.stdout.strip()


@pytest.mark.parametrize(
    "code",
    [
        'import * as b from "./b.js";\n',
        'import "./b.js";\n',
        "export default 1;\n",
        "const x = 1;\nexport { x };\n",
        'import { a } from "./a.js";\n',
    ],
)
def test_what_is_not_understood_is_refused(tmp_path, code):
    entry = put(tmp_path, a=code, b="export const x = 1;\n")
    with pytest.raises(ValueError, match=r"a\.js"):
        assemble(entry, {}, {})
