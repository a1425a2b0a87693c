"""What WeCom's error codes mean for a message on its way.

Source: developer.work.weixin.qq.com 90313, and 101463 for the robot. Only the number counts: the text of
an error carries addresses and hints and changes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from chat.errors import DeliveryFailed, Rejected, Unreachable

TOKEN_SPENT = frozenset({40001, 40014, 42001})
TASK_ID = 42014
"""A bad task_id; a well-formed one that was used before gets it too."""
MEDIA_ID = 40007
"""An upload that is not known, or no longer."""
STREAM_EXPIRED = 846608
"""A stream that has ended; ours end with their first frame."""
CALL_SPENT = frozenset({846605, STREAM_EXPIRED})
"""A robot's req_id that takes no (more) answers: the message must be pushed instead."""
ROBOT_REFUSED = frozenset({853000, 93019})
"""Wrong secret, wrong bot_id: connecting again cannot help."""

_BUSY = {-1: 5, 6000: 1, 45009: 60, 45033: 60, 846601: 5, 846602: 5, 846609: 5}
"""Seconds to wait. A minute's limit blocks for a minute."""
_SETTINGS = frozenset({40013, 40091, 40056, 301002, 50003, 60020})
"""Mistakes in the console or in bot.yaml: once mended, what waited still goes out."""
_RECEIVER = frozenset(
    {40003, 46004, 60011, 60111, 81013, 86001, 86003, 86008, 93000, 93001, 93004, 93006, 93008}
)
_CARD = frozenset({40008, 40058, 43012, *range(42014, 42052)})


def failure(code: int, message: str) -> DeliveryFailed:
    """The error to raise for a refusal of the platform."""
    reason = f"WeCom {code}: {message}"
    if code in _BUSY:
        return Unreachable(reason, code=str(code), after=timedelta(seconds=_BUSY[code]))
    if code in TOKEN_SPENT:
        return Unreachable(reason, code=str(code))
    if code in _SETTINGS:
        return Unreachable(reason, code=str(code), after=timedelta(minutes=10))
    return Rejected(reason, code=str(code), receiver=code in _RECEIVER)


def is_one_of(refusal: DeliveryFailed, codes: Collection[int]) -> bool:
    return refusal.code.isdecimal() and int(refusal.code) in codes


def of_the_card(refusal: Rejected) -> bool:
    """Whether the card was refused, not the receiver: the same news as text may pass."""
    return is_one_of(refusal, _CARD)
