"""Expressions that find something in a record: the name of a field, or JMESPath."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator

Finder = Callable[[Any], Any]
"""What it finds in a record; None where there is nothing."""


def finder(text: str) -> Finder:
    """A field that is called exactly so, else what JMESPath finds; an empty expression finds the whole."""
    if not text:
        return lambda record: record
    compiled = jmespath.compile(text)

    def find(record: Any) -> Any:
        if isinstance(record, Mapping) and text in record:
            return record[text]
        try:
            return compiled.search(record)
        except JMESPathError:
            return None

    return find


def _readable(text: str) -> str:
    """What is no JMESPath may still be a field's name, such as 销售额(元): it is quoted."""
    try:
        finder(text)
    except JMESPathError:
        quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if any(sign in text for sign in "[]{}|&'`*"):
            raise ValueError("要写字段的名字,或 JMESPath,比如 data.items") from None
        return quoted
    return text


Expression = Annotated[str, AfterValidator(_readable)]
