"""bot.yaml as plain values, with the line and the written text of every key, filled from the environment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from config.errors import Finding
from config.parsing import parse

KeyPath: TypeAlias = tuple[str | int, ...]

_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*)(?::-(?P<default>[^}]*))?\}", re.ASCII)
_YAML = "tag:yaml.org,2002:"
_NUMBERS = (f"{_YAML}int", f"{_YAML}float")
_SCALARS = (*_NUMBERS, f"{_YAML}null", f"{_YAML}bool", f"{_YAML}timestamp")

DEEPEST = 20
MOST_VALUES = 50_000
"""An alias may stand for itself, or for very many copies of another."""


@dataclass
class Source:
    """The plain values; per key path its line and its text as written; and what is wrong so far.

    `absent` are findings about something outside the file (a variable, a secret's file): they count only where
    it is needed.
    """

    file: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)
    texts: dict[KeyPath, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    absent: list[tuple[KeyPath, Finding]] = field(default_factory=list)
    _told: set[KeyPath] = field(default_factory=set)

    def find(self, path: KeyPath, found: str, allowed: str) -> None:
        """Note what is wrong; the first finding about a key is the one that counts."""
        if path not in self._told:
            self._told.add(path)
            self.findings.append(self._finding(path, found, allowed))

    def miss(self, path: KeyPath, found: str, allowed: str, *, stands_for: KeyPath | None = None) -> None:
        """Note what is absent outside the file. `stands_for`: the key that has no value because of it."""
        self._told |= {path, stands_for or path}
        self.absent.append((path, self._finding(path, found, allowed)))

    def _finding(self, path: KeyPath, found: str, allowed: str) -> Finding:
        return Finding(self.file, self._line_of(path), dotted(path), found, allowed)

    def _line_of(self, path: KeyPath) -> int:
        """The line of a key, or of the nearest one above it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def dotted(path: Iterable[str | int]) -> str:
    """`ingest.tokens[0].name`"""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_source(path: Path, environ: Mapping[str, str]) -> Source:
    """Read the file. Raises BadSettings where it is no YAML mapping; other findings are kept in the source."""
    source = Source(path.name)
    node = parse(path)
    if node is not None:
        source.values = _Reader(source, environ).mapping(node, ())
    return source


class _Reader:
    """Turns nodes into plain values, filling variables and noting lines."""

    def __init__(self, source: Source, environ: Mapping[str, str]) -> None:
        self._source = source
        self._environ = environ
        self._scalars = yaml.SafeLoader("")
        self._left = MOST_VALUES

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, child in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._source.find(path, "有一个键不是文字", "写成「键: 值」")
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in values:
                self._source.find(here, f"这个键在第 {key_node.start_mark.line + 1} 行又写了一遍", "留一个")
                continue
            self._source.lines[here] = key_node.start_mark.line + 1
            values[key] = self._value(child, here)
        return values

    def _value(self, node: yaml.Node, path: KeyPath) -> Any:
        self._source.lines.setdefault(path, node.start_mark.line + 1)
        self._left -= 1
        if self._left < 0 or len(path) > DEEPEST:
            self._source.find(path[:1], "内容太多或套得太深", f"最多 {MOST_VALUES} 项、{DEEPEST} 层")
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, path)

    def _scalar(self, node: yaml.Node, path: KeyPath) -> Any:
        text = str(node.value)
        self._source.texts[path] = text
        if node.tag == f"{_YAML}str":
            return self._filled(text, path)
        if node.tag not in _SCALARS:
            self._source.find(path, "用了 ! 开头的标签", "去掉它,或给值加引号")
            return None
        if node.tag in _NUMBERS and ":" in text:
            return text  # 17:30 is a time of day; YAML 1.1 would count it in sixties
        try:
            return self._scalars.construct_object(node)
        except ValueError:
            self._source.find(path, f"写的是 {text}", "没有这样的日期或数字;要当文字就加引号")
            return None

    def _filled(self, text: str, path: KeyPath) -> str:
        """`${NAME}` and `${NAME:-default}`; as in a shell, an empty variable takes the default.

        The result stays a text: whoever wants a number reads it from that, and a secret of digits stays whole.
        """
        if "${" in _VARIABLE.sub("", text):
            self._source.find(path, "${ 没有写对", "写成 ${名字} 或 ${名字:-默认值}")
            return text
        absent = [
            match["name"]
            for match in _VARIABLE.finditer(text)
            if match["default"] is None and match["name"] not in self._environ
        ]
        if absent:
            names = "、".join(dict.fromkeys(absent))
            self._source.miss(path, f"环境变量 {names} 没有设置", "设置它,或写成 ${名字:-默认值}")
        return _VARIABLE.sub(lambda match: self._environ.get(match["name"]) or match["default"] or "", text)
