"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest

from handlers.not_open import WORDS
from handlers.route import Route
from handlers.routing import Routing
from tests.cards.sample import EG

HOUSE = Path(__file__).parent.parent
PACKAGES = (
    "bot", "cards", "chat", "config", "handlers", "okr", "sandbox", "scheduler", "sheets", "storage", "tests",
)  # fmt: skip
BELOW_THE_EDGE = ("cards", "chat", "config", "handlers", "okr", "scheduler", "sheets", "storage")
"""Time arrives with the event: only the edge reads a clock."""
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
VAGUE = {
    "utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "managers", "shared", "lib", "service",
    "services", "data", "info", "stuff", "constants", "types", "models",
}  # fmt: skip
LONGEST = 400
"""Lines of a file."""
TOO_LONG = {"tests/bot/dingtalk/test_gateway.py"}
"""To be divided; no other may join it."""
ROOMS = {
    "cn2an": "handlers/reading",
    "rapidfuzz": "handlers/reading",
    "rjieba": "storage",
    "click": "bot/cli",
    "sqlite3": "storage",
    "pymysql": "storage",
    "jmespath": "config",
    "tortoise": "storage",
    "asyncpg": "storage",
    "chinese_calendar": "config",
    "thorvg_python": "cards/drawing",
    "uharfbuzz": "cards/drawing",
    "manimgx_fonts_cjk": "cards/drawing",
}
"""A library and the folder that may import it, where a folder is smaller than a floor."""


SAYS_AMOUNTS = {
    "cards/sayings.py",  # asks whether they are covered
    "cards/goal_templates.py",  # nobody's goal yet
    "handlers/co_writing.py",  # a draft, for who writes it
    "handlers/meaning.py",  # what the asker has just said himself
    "handlers/sentences.py",  # behind a question for `sealed`
}


@cache
def sources(*packages: str) -> tuple[Path, ...]:
    """Python files that people have written."""
    return tuple(
        path
        for package in packages or PACKAGES
        for path in sorted((HOUSE / package).rglob("*.py"))
        if "migrations" not in path.parts
    )


@cache
def _tree(path: Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"))


def trees(*packages: str) -> Iterator[tuple[str, ast.AST]]:
    for path in sources(*packages):
        yield str(path.relative_to(HOUSE)), _tree(path)


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.lineno


def routes() -> list[Route]:
    return list(Routing().routes.all)


def test_nobody_below_the_edge_reads_a_clock() -> None:
    readings = [
        f"{path}:{node.lineno}"
        for path, tree in trees(*BELOW_THE_EDGE)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (node.value.id if isinstance(node.value, ast.Name) else node.value.attr, node.attr) in CLOCKS
    ]

    assert readings == []


def test_files_have_plain_names() -> None:
    vague = [
        str(path.relative_to(HOUSE))
        for path in sources()
        if {path.stem, *path.relative_to(HOUSE).parts[:-1]} & VAGUE
    ]

    assert vague == []


def test_files_are_short() -> None:
    long = {
        str(path.relative_to(HOUSE))
        for path in sources()
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    }

    assert long - TOO_LONG == set()


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
    left = [
        f"{path.relative_to(HOUSE)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]

    assert left == []


def test_no_path_of_a_machine() -> None:
    machine = re.compile(r"/(?:home|root|work|Users)/\w|[A-Z]:\\\\")
    paths = [
        f"{path.relative_to(HOUSE)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if machine.search(line)
    ]

    assert paths == []


def test_each_library_has_one_room() -> None:
    strays = [
        f"{path}:{line}: {name}"
        for path, tree in trees(*(package for package in PACKAGES if package != "tests"))
        for name, line in imported(tree)
        if (room := ROOMS.get(name.partition(".")[0])) is not None and not path.startswith(f"{room}/")
    ]

    assert strays == []


def test_amounts_are_said_in_one_place() -> None:
    """Who says a key result's number by himself says it to those, too, who may not see it (`okr.masking`)."""
    own = re.compile(r"say_number\([^)]*(?:measure|kr\.value|\.target|\.start\b)")
    said = {
        f"{path.relative_to(HOUSE)}: {found[0]}"
        for path in sources("cards", "handlers", "scheduler")
        for found in own.finditer(path.read_text(encoding="utf-8"))
        if path.relative_to(HOUSE).as_posix() not in SAYS_AMOUNTS
    }
    assert said == set()


def test_only_the_demo_command_knows_the_sandbox() -> None:
    """And it does only when it is called."""
    doors = [
        (path, line)
        for path, tree in trees(*(package for package in PACKAGES if package not in ("tests", "sandbox")))
        for name, line in imported(tree)
        if name.partition(".")[0] == "sandbox"
    ]
    at_the_top = [
        node
        for node in ast.parse((HOUSE / "bot/cli/demo.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("sandbox")
    ]

    assert {path for path, _ in doors} <= {"bot/cli/demo.py"}
    assert at_the_top == []


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.word)
def test_every_command_explains_itself(route: Route) -> None:
    assert route.does.strip()
    assert route.topic.strip()
    assert route.examples
    for example in route.examples:
        said = example.format(**asdict(EG))
        assert Routing().routes.match(said) is not None, f"nobody answers {said!r}"


def test_a_word_means_one_thing() -> None:
    words = [word.lower() for route in routes() for word in route.words]

    assert sorted(words) == sorted(set(words))


def test_what_is_open_is_not_said_to_be_closed() -> None:
    open_words = {word.lower() for route in routes() for word in route.words}

    assert [word for word in WORDS if word.lower() in open_words] == []
    assert len(WORDS) == len(set(WORDS))


def test_pages_that_the_code_names_are_there() -> None:
    named = {
        (str(path.relative_to(HOUSE)), page)
        for path in (*sources(), HOUSE / "bot.yaml", HOUSE / "Makefile", HOUSE / "pyproject.toml")
        if path.exists()
        for page in re.findall(r"docs/[\w/-]+\.md", path.read_text(encoding="utf-8"))
    }

    assert sorted(f"{path}: {page}" for path, page in named if not (HOUSE / page).exists()) == []


@pytest.mark.parametrize("package", [package for package in PACKAGES if package != "tests"])
def test_every_package_says_what_it_is_for(package: str) -> None:
    assert ast.get_docstring(ast.parse((HOUSE / package / "__init__.py").read_text(encoding="utf-8")))
