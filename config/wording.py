"""An error of the validation in words that an administrator can act on; values of secrets are never shown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from config.secret_files import SECRETS
from config.settings import Settings
from config.source import KeyPath, Source
from config.values import KEYS, WORD

_LONGEST = 60
"""Characters of a value that are shown."""
_CREDENTIALS = re.compile(r"(?<=://).*@")
_SECRET_KEYS = (*SECRETS, "password", "headers", "params")

_ALLOWED = {
    "missing": "这一项必须写",
    "int_type": "要写整数",
    "int_parsing": "要写整数",
    "int_parsing_size": "数字太大了",
    "int_from_float": "要写整数",
    "float_type": "要写数字",
    "float_parsing": "要写数字",
    "finite_number": "要写数字",
    "bool_type": "要写 true 或 false",
    "bool_parsing": "要写 true 或 false",
    "string_type": "要写文字,数字和日期要加引号",
    "string_too_short": "不能是空的",
    "tuple_type": '要写成列表,比如 ["E0001"]',
    "dict_type": "要写成「键: 值」",
    "model_type": "要写成「键: 值」",
    "date_type": "要写日期,比如 2027-01-01",
    "date_parsing": "要写日期,比如 2027-01-01",
    "date_from_datetime_parsing": "要写日期,比如 2027-01-01",
    "date_from_datetime_inexact": "只写日期,不写时间",
}


def explain(error: ErrorDetails, source: Source) -> None:
    """Note the error as a finding of the source."""
    path: KeyPath = tuple(part for part in error["loc"] if part not in (WORD, KEYS))
    if error["type"] == "extra_forbidden":
        source.find(path, "没有这个键", _known_keys(path))
    else:
        source.find(path, _found(error, path, source), _allowed(error))


def _found(error: ErrorDetails, path: KeyPath, source: Source) -> str:
    if error["type"] == "missing":
        return "没有写"
    if any(part in _SECRET_KEYS for part in path):
        return "这个值不行"
    text = source.texts.get(path)
    if isinstance(error["input"], dict | list) or text is None:
        return "写的是列表" if isinstance(error["input"], list) else "写的是「键: 值」"
    if error["type"] in ("model_type", "tuple_type", "dict_type"):
        return "写的是一个值"  # perhaps a secret that lost its key
    if not text:
        return "是空的"
    if "${" in text:
        return f"写的是 {text}(环境变量里的值)"
    shown = _CREDENTIALS.sub("***@", text)
    return f"写的是 {shown if len(shown) <= _LONGEST else shown[:_LONGEST] + '…'}"


def _allowed(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case "literal_error":
            choices = str(context["expected"]).replace("'", "").replace(" or ", "、").replace(", ", "、")
            return f"只能是 {choices}" + (",或写「键: 值」" if WORD in error["loc"] else "")
        case "model_type" if KEYS in error["loc"]:
            return "只能是 always,或写「键: 值」"
        case "greater_than_equal":
            return f"不能小于 {context['ge']:g}"
        case "less_than_equal":
            return f"不能大于 {context['le']:g}"
        case "string_too_long":
            return f"最多 {context['max_length']} 个字"
    return _ALLOWED.get(kind) or str(context.get("error", error["msg"]))


def _known_keys(path: KeyPath) -> str:
    """The nearest key that exists there, and all of them."""
    known = sorted(_keys_at(path[:-1]))
    near = difflib.get_close_matches(str(path[-1]).lower(), known, n=1)
    hint = f"是不是 {near[0]}?" if near else ""
    return f"{hint}可以写 {'、'.join(known)}"


def _keys_at(path: KeyPath) -> set[str]:
    """What may be written in the section at that path."""
    annotation: Any = Settings
    for part in path:
        if get_origin(annotation) is dict:
            annotation = annotation.__args__[1]
        elif not isinstance(part, int):
            annotation = next(_sections_in(annotation)).model_fields[part].annotation
    keys = set(next(_sections_in(annotation)).model_fields)
    return keys | {f"{name}_file" for name in keys.intersection(SECRETS)}


def _sections_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The sections that a type names: of `tuple[Metric, ...]` it is Metric."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _sections_in(part)
