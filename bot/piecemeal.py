"""A large JSON body of points, decoded a piece at a time: five megabytes at once would hold everybody up."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.exact_json import DECODER

_BEGINS = re.compile(r'\s*\{\s*"points"\s*:\s*\[\s*')
_BETWEEN = re.compile(r"\s*(?:,\s*|(\]\s*\}\s*)\Z)")
_SEAM = re.compile(r"\}\s*,\s*(?=\{)")
"""What is between two points, or in the midst of one."""
SMALL = 64 * 1024
"""Characters that are decoded at once."""
PIECE = 32 * 1024
"""Characters between two breaths: less than a millisecond."""
FEW = 200
"""Points between two breaths where they are decoded one by one."""
_LIKE = '正文要像 {"points": [{"id": "…", "metric": "…", "unit": "…", "at": "…", "value": "…"}]}'


class NotPoints(Exception):
    """The body is not what it should be; `str()` is the reason."""


Breathe = Callable[[], Awaitable[None]]
"""Lets others work between two pieces."""


async def points_of(body: bytes, breathe: Breathe) -> list[Any]:
    """The points of a body, not looked at yet. Raises NotPoints."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotPoints("正文不是 UTF-8") from None
    try:
        if len(text) > SMALL and (begin := _BEGINS.match(text)):
            points, at = await _by_pieces(text, begin.end(), breathe)
            await _one_by_one(text, at, points, breathe)
            return points
        decoded = DECODER.decode(text)
    except (ValueError, RecursionError):
        raise NotPoints("正文不是 JSON") from None
    found = decoded.get("points") if isinstance(decoded, dict) else None
    if not isinstance(found, list):
        raise NotPoints(_LIKE)
    return found


async def _by_pieces(text: str, at: int, breathe: Breathe) -> tuple[list[Any], int]:
    """The points of as many pieces as can be cut, and where the rest begins.

    A cut may have gone through a point or a text: then something stands open, and what is cut off is no list.
    """
    points: list[Any] = []
    while seam := _SEAM.search(text, at + PIECE):
        try:
            points += DECODER.decode(f"[{text[at : seam.start() + 1]}]")
        except (ValueError, RecursionError):
            break
        at = seam.end()
        await breathe()
    return points, at


async def _one_by_one(text: str, at: int, points: list[Any], breathe: Breathe) -> None:
    """Add the points from a place on to the end of the body. Raises ValueError where it does not end as it should."""
    while True:
        point, at = DECODER.raw_decode(text, at)
        points.append(point)
        between = _BETWEEN.match(text, at)
        if between is None:
            raise ValueError(text[at : at + 1])
        if between[1] is not None:
            return
        at = between.end()
        if not len(points) % FEW:
            await breathe()
