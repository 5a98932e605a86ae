"""One script out of modules: each becomes a function that returns what it exports. Nothing is installed or built.

A page of another site loads the widget by one tag, and a classic script at that: only such a one knows its own tag, and
so its attributes. Our modules stay modules for everybody else: the pages, the type checker, the tests.

What it reads is our own code: named imports from relative paths, exports of declarations. Anything else is refused.
What only developers read goes: descriptions, remarks, spaces; a text of several lines must not depend on its spaces.
So do exported functions and one-line constants that nobody uses.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
DECLARED = re.compile(
    r"^export (?:(?:async )?function\*? (\w+)\b.*?\n\}\n|const (\w+) = [^\n]*;\n)", re.MULTILINE | re.DOTALL
)
OTHER = re.compile(r"^(?:import|export)\b", re.MULTILINE)
DESCRIPTION = re.compile(r"^[ \t]*/\*\*.*?\*/[ \t]*\n?", re.MULTILINE | re.DOTALL)
CAST = re.compile(r"/\*\* @type \{.*?\} \*/ ?")
REMARK = re.compile(r"^[ \t]*// .*$|[ \t]// [^\"'`\n]*$", re.MULTILINE)  # after a quote it could be a string's
MARGIN = re.compile(r"^\s+", re.MULTILINE)
CLEAR = re.compile(r"^[^`'/\\\n]+$", re.MULTILINE)  # a line without regular expression, and only plain strings
AIR = re.compile(r'("[^"]*")| *([=(){}\[\],;:?<>&|!]) *')


def assemble(entry: Path, replaced: Mapping[Path, Path], constants: Mapping[Path, Mapping[str, object]]) -> str:
    """Return a classic script that does what a module does.

    Parameters
    ----------
    entry
        The module that uses all others.
    replaced
        Modules in whose place another one stands.
    constants
        Modules of constants by what they are given here.

    Raises
    ------
    ValueError
        A module imports or exports in a way that is not understood, or two need each other.

    """

    def at(path: Path, where: str) -> Path:
        found = (path.parent / where).resolve()
        return replaced.get(found, found)

    bodies: dict[Path, str] = {}  # in the order in which they must stand
    wanted: dict[Path, set[str]] = {}

    def visit(path: Path, above: tuple[Path, ...]) -> None:
        if path in above:
            raise ValueError(f"{path.name}: it needs itself, by way of {above[-1].name}")
        if path in bodies:
            return
        body = _constants(constants[path]) if path in constants else path.read_text(encoding="utf-8")
        for names, where in IMPORT.findall(body):
            visit(at(path, where), (*above, path))
            wanted.setdefault(at(path, where), set()).update(re.findall(r"(\w+)(?: as \w+)?", names))
        bodies[path] = body

    visit(entry, ())
    numbers = {path: f"m{number}" for number, path in enumerate(bodies)}
    script = '(() => {\n"use strict";\n'
    for path, body in bodies.items():
        known = {where: numbers[at(path, where)] for _, where in IMPORT.findall(body)}
        script += f"const {numbers[path]} = {_call(path.name, body, wanted.get(path, set()), known)}"
    return script + "})();\n"


def _call(called: str, body: str, wanted: set[str], known: Mapping[str, str]) -> str:
    """Return a module as a call that gives its exports."""
    taken = [f"const {{{_renamed(names)}}} = {known[where]};\n" for names, where in IMPORT.findall(body)]
    body = DESCRIPTION.sub("", IMPORT.sub("", body))
    for declaration in list(DECLARED.finditer(body)):
        name = declaration[1] or declaration[2]
        if name not in wanted and len(re.findall(rf"\b{name}\b", body)) == 1:
            body = body.replace(declaration[0], "")
    given = ", ".join(name for _, name in EXPORT.findall(body) if name in wanted)
    body = EXPORT.sub(r"\1", body)
    for kind in (CAST, REMARK, MARGIN):
        body = kind.sub("", body)
    body = CLEAR.sub(lambda line: AIR.sub(r"\1\2", line[0]), body)
    if OTHER.search(body):
        raise ValueError(f"{called}: an import or export that is not understood")
    return f"(() => {{\n{''.join(taken)}{body.strip()}\nreturn {{ {given} }};\n}})();\n"


def _renamed(names: str) -> str:
    return names.strip().rstrip(",").replace(" as ", ": ")


def _constants(values: Mapping[str, object]) -> str:
    written = {name: json.dumps(value, ensure_ascii=False, separators=(",", ":")) for name, value in values.items()}
    return "".join(f"export const {name} = {value};\n" for name, value in written.items())
