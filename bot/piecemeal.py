"""A large JSON body of points, decoded a piece at a time: five megabytes at once would hold everybody up."""

from __future__ import annotations

import asyncio
import json
import re
from decimal import Decimal
from typing import Any

_BEGINS = re.compile(r'\s*\{\s*"points"\s*:\s*\[\s*')
_BETWEEN = re.compile(r"\s*(?:,\s*|(\]\s*\}\s*)\Z)")
_DECODER = json.JSONDecoder(parse_float=Decimal)
SMALL = 64 * 1024
"""Characters that are decoded at once."""
PIECE = 200
"""Points between two breaths."""
_LIKE = '正文要像 {"points": [{"id": "…", "metric": "…", "unit": "…", "at": "…", "value": "…"}]}'


class NotPoints(Exception):
    """The body is not what it should be; `str()` is the reason."""


async def points_of(body: bytes) -> list[Any]:
    """The points of a body, not looked at yet. Raises NotPoints."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotPoints("正文不是 UTF-8") from None
    try:
        if len(text) > SMALL and (begin := _BEGINS.match(text)):
            return await _one_by_one(text, begin.end())
        decoded = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise NotPoints("正文不是 JSON") from None
    points = decoded.get("points") if isinstance(decoded, dict) else None
    if not isinstance(points, list):
        raise NotPoints(_LIKE)
    return points


async def _one_by_one(text: str, at: int) -> list[Any]:
    points: list[Any] = []
    while True:
        point, at = _DECODER.raw_decode(text, at)
        points.append(point)
        between = _BETWEEN.match(text, at)
        if between is None:
            raise ValueError(text[at : at + 1])
        if between[1] is not None:
            return points
        at = between.end()
        if not len(points) % PIECE:
            await asyncio.sleep(0)
