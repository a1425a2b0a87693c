"""bot.yaml as text: parsed with the line of every key, filled from the environment and from secret files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from config.errors import BadSettings, Finding

LARGEST = 1024 * 1024
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}")
_SECRETS = ("client_secret", "secret", "token", "encoding_aes_key")

KeyPath = tuple[str | int, ...]


@dataclass
class Source:
    """The plain values, and for each key path the line it stands on."""

    file: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def line_of(self, path: KeyPath) -> int:
        """The line of a key, or of the nearest one above it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def find(self, path: KeyPath, found: str, allowed: str) -> None:
        self.findings.append(Finding(self.file, self.line_of(path), dotted(path), found, allowed))


def dotted(path: KeyPath) -> str:
    """`ingest.tokens[0].name`"""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_source(path: Path, environ: Mapping[str, str]) -> Source:
    """Read the file. Raises BadSettings where it is no YAML mapping; other findings are kept in the source."""
    source = Source(path.name)
    node = _parse(path)
    if node is None:
        return source
    if not isinstance(node, yaml.MappingNode):
        raise BadSettings(
            [Finding(path.name, node.start_mark.line + 1, "", "最外层不是「键: 值」", "写成 company: … 这样")]
        )
    values = _plain(node, (), source, environ)
    _take_secrets(values, (), source, path.parent)
    source.values = values
    return source


def _parse(path: Path) -> yaml.Node | None:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadSettings([Finding(path.name, 0, "", f"读不了:{error.strerror}", "检查文件和权限")]) from None
    if len(raw) > LARGEST:
        raise BadSettings([Finding(path.name, 0, "", "文件太大了", "不超过 1 MB")])
    try:
        return yaml.compose(raw.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadSettings([Finding(path.name, line, "", "不是 UTF-8 编码", "另存为 UTF-8")]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "格式不对"
        line = mark.line + 1 if mark else 0
        raise BadSettings(
            [Finding(path.name, line, "", f"YAML 读不懂({problem})", "检查缩进和冒号,不能用 Tab")]
        ) from None


def _plain(node: yaml.Node, path: KeyPath, source: Source, environ: Mapping[str, str]) -> Any:
    """A node as plain values; the line of each key is noted, variables are filled."""
    source.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, source, environ)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, index), source, environ) for index, child in enumerate(node.value)]
    value = yaml.SafeLoader("").construct_object(node, deep=True)
    if isinstance(value, str) and _VARIABLE.search(value):
        return _filled(value, path, source, environ, quoted=node.style in ("'", '"'))
    return value


def _mapping(
    node: yaml.MappingNode, path: KeyPath, source: Source, environ: Mapping[str, str]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, child in node.value:
        key = str(key_node.value)
        here = (*path, key)
        source.lines[here] = key_node.start_mark.line + 1
        if key in values:
            source.find(here, "这个键写了两遍", "留一个")
        values[key] = _plain(child, here, source, environ)
    return values


def _filled(text: str, path: KeyPath, source: Source, environ: Mapping[str, str], *, quoted: bool) -> Any:
    """`${NAME}` and `${NAME:-default}`; an unquoted whole value may become a number or a switch again."""
    missing = [
        match["name"]
        for match in _VARIABLE.finditer(text)
        if match["name"] not in environ and match["default"] is None
    ]
    if missing:
        source.find(path, f"环境变量 {'、'.join(missing)} 没有设置", "设置它,或写成 ${NAME:-默认值}")
        return ""
    filled = _VARIABLE.sub(lambda match: environ.get(match["name"], match["default"] or ""), text)
    if quoted or not _VARIABLE.fullmatch(text):
        return filled
    tag = yaml.SafeLoader("").resolve(yaml.ScalarNode, filled, (True, False))
    if tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:float"):
        return yaml.safe_load(filled)
    return filled


def _take_secrets(values: Any, path: KeyPath, source: Source, folder: Path) -> None:
    """`secret_file: PATH` stands for `secret`; a relative path counts from the file's own folder."""
    if isinstance(values, list):
        for index, value in enumerate(values):
            _take_secrets(value, (*path, index), source, folder)
    if not isinstance(values, dict):
        return
    for name in _SECRETS:
        file_key = f"{name}_file"
        if file_key not in values:
            continue
        here = (*path, file_key)
        given = values.pop(file_key)
        if name in values:
            source.find(here, f"{name} 和 {file_key} 都写了", "留一个")
            continue
        try:
            values[name] = (folder / str(given)).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            source.find(here, f"读不了文件 {given}", "一个能读的文本文件")
            values[name] = ""
        source.lines.setdefault((*path, name), source.line_of(here))
    for key, value in values.items():
        _take_secrets(value, (*path, key), source, folder)
