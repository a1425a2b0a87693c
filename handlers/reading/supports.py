"""What follows 对齐: which goal supports which key results, and how much of it is counted in each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from handlers.reading.ids import Ref, take_ref
from handlers.reading.numbers import NUMERAL, read_number

_SHARE = re.compile(rf"^(?:(?:占|算|份额) ?)?(?P<share>{NUMERAL} ?%|百分之[一-龥]+)")
_BARE = re.compile(r"^(?P<number>[0-9]+(?:\.[0-9]+)?)(?=[ ,;、和]|$)")
_ONLY_SHOWN = re.compile(r"[ ,;、]*(?:只对齐)?[ ,;、]*不(?:要)?汇总")
_INSTEAD = re.compile(r"^(?:改成|改为|换成|换到|只)(?:支撑|对齐)? ?")
_RUN_TOGETHER = re.compile(r"(?<=[0-9])(?=[A-Za-z])")
_JOINT = re.compile(r"^[ ,;、和]+|^(?:支撑|对齐|到) ?")


@dataclass(frozen=True, slots=True)
class Support:
    """One key result that is to be supported; `share` of 1 where one was said, `bare` a number without a percent sign."""

    number: int
    share: Decimal | None = None
    bare: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """`child` is None where only the key results were named. `instead`: of what it supports now.

    `rolls` is false where its number is not to be counted above. `unread`: words that nothing was made of.
    """

    child: Ref | None
    supports: tuple[Support, ...] = ()
    rolls: bool = True
    instead: bool = False
    unread: str = ""


def read_wish(text: str) -> Wish:
    """`O12 KR7 30%` · `O12 KR5 60% KR7 40%` · `O12 KR7 不汇总` · `O12 换成 KR7` · `KR7`."""
    text = _RUN_TOGETHER.sub(" ", text)
    plain = _ONLY_SHOWN.sub("", text)
    rolls = plain == text
    first, rest = take_ref(plain, "KR")
    rest = _JOINT.sub("", rest)
    instead = bool(match := _INSTEAD.match(rest))
    rest = rest[match.end() :] if match else rest
    supports, unread = _supports(rest)
    if first is not None and first.kind == "KR" and not supports:
        supports, unread = _supports(plain)
        first = None
    if first is not None and first.kind not in ("O", "KR"):
        first, unread = None, text
    return Wish(first, tuple(supports), rolls, instead, unread)


def _supports(text: str) -> tuple[list[Support], str]:
    found: list[Support] = []
    rest = text
    while rest:
        ref, after = take_ref(_JOINT.sub("", rest), "KR")
        if ref is None or ref.kind != "KR":
            break
        share, bare = None, ""
        if match := _SHARE.match(after):
            quantity = read_number(match["share"])
            share = quantity.value / 100 if quantity is not None else None
            after = after[match.end() :]
        elif match := _BARE.match(after):
            bare, after = match["number"], after[match.end() :]
        found.append(Support(ref.number, share, bare))
        rest = _JOINT.sub("", after)
    return found, rest.strip(" ,;、。!")
