"""Secrets that stand in files of their own: `secret_file: PATH` for `secret`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.errors import why_unreadable
from config.source import KeyPath, Source

SECRETS = ("client_secret", "secret", "token", "encoding_aes_key", "dsn")
LONGEST = 64 * 1024
"""Bytes: whatever is larger was not meant."""


def take_secrets(source: Source, folder: Path) -> None:
    """Put the contents in the place of every `…_file` key; a relative path counts from `folder`."""
    _take(source.values, (), source, folder)


def _take(values: Any, path: KeyPath, source: Source, folder: Path) -> None:
    if isinstance(values, list):
        for index, value in enumerate(values):
            _take(value, (*path, index), source, folder)
    if not isinstance(values, dict):
        return
    for name in SECRETS:
        if f"{name}_file" in values:
            _take_one(values, name, path, source, folder)
    for key, value in values.items():
        _take(value, (*path, key), source, folder)


def _take_one(values: dict[str, Any], name: str, path: KeyPath, source: Source, folder: Path) -> None:
    key = f"{name}_file"
    here = (*path, key)
    given = values.pop(key)
    if given is None:
        return
    if name in values:
        source.find(here, f"{name} 和 {key} 都写了", "留一个")
        return
    secret, problem = _read(folder / str(given))
    values[name] = secret
    source.lines[(*path, name)] = source.lines[here]
    if problem:
        source.miss(
            here, f"文件 {given} {problem}", f"存着 {name} 的 UTF-8 文本文件", stands_for=(*path, name)
        )


def _read(file: Path) -> tuple[str, str]:
    """The secret, and what is wrong with its file in words; one of both is empty."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(LONGEST + 1)
        text = raw.decode("utf-8-sig").strip()
    except OSError as error:
        return "", why_unreadable(error)
    except ValueError:
        return "", "不是文本"
    if len(raw) > LONGEST:
        return "", "太大了"
    return (text, "") if text else ("", "是空的")
