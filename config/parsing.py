"""bot.yaml as a tree of nodes that know their lines; whatever is no YAML is said in one sentence."""

from __future__ import annotations

from pathlib import Path

import yaml

from config.errors import BadSettings, Finding, why_unreadable

LARGEST = 1024 * 1024
"""Bytes."""

_PROBLEMS = (
    ("\\t", "缩进用了 Tab", "改成空格"),
    ("mapping values are not allowed here", "冒号的位置不对", "对齐缩进;值里有冒号就加引号"),
    ("could not find expected ':'", "少了冒号", "写成「键: 值」"),
    ("expected <block end>", "缩进没有对齐", "同一层的键要对齐"),
    ("end of stream", "没有写完", "引号和括号要成对"),
    ("expected ',' or", "列表或花括号没有写完", "用逗号隔开,括号要成对;花括号里的 ${…} 要加引号"),
    ("undefined alias", "* 开头的是别名,没有定义过", "给值加引号"),
    ("cannot start any token", "有值以特殊符号开头", "给值加引号"),
    ("but found another document", "有两份文档", "只留一份,去掉 ---"),
)
"""What the parser may say, in words that an administrator can act on. Its own are not shown: they may quote a secret."""


def parse(path: Path) -> yaml.MappingNode | None:
    """The outermost mapping; None for an empty file. Raises BadSettings."""
    text = _text(path)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _bad(path, line, "有看不见的控制字符", "删掉它") from None
    except yaml.MarkedYAMLError as error:
        raise _explained(path, error) from None
    except RecursionError:
        raise _bad(path, 0, "嵌套得太深了", "少套几层") from None
    if node is None or node.tag == "tag:yaml.org,2002:null":
        return None
    if not isinstance(node, yaml.MappingNode):
        raise _bad(path, node.start_mark.line + 1, "最外层不是「键: 值」", "写成 company: … 这样")
    return node


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise _bad(path, 0, why_unreadable(error), "检查路径和权限") from None
    if len(raw) > LARGEST:
        raise _bad(path, 0, "文件太大了", "不超过 1 MB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _bad(path, line, "不是 UTF-8 编码", "另存为 UTF-8") from None


def _explained(path: Path, error: yaml.MarkedYAMLError) -> BadSettings:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    said = error.problem or ""
    for words, found, allowed in _PROBLEMS:
        if words in said:
            return _bad(path, line, found, allowed)
    return _bad(path, line, "YAML 读不懂", "检查缩进、冒号和引号")


def _bad(path: Path, line: int, found: str, allowed: str) -> BadSettings:
    return BadSettings([Finding(path.name, line, "", found, allowed)])
