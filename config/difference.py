"""Which keys two configurations give other values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config.settings import Settings


def changed_keys(old: Settings, new: Settings) -> list[tuple[str, str, str]]:
    """Key, what it was and what it is, in the order of the file. Secrets are stars; that one has changed is not told."""
    before = dict(_flat(old.model_dump(mode="json")))
    after = dict(_flat(new.model_dump(mode="json")))
    return [
        (key, before.get(key, "—"), after.get(key, "—"))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, inner in enumerate(value):
            yield from _flat(inner, f"{path}[{index}]")
    else:
        yield path, said(value)


def said(value: Any) -> str:
    """A value in one line."""
    if value is None or value == "":
        return "空"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(str(one) for one in value)}]"
    return str(value)
