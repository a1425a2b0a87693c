"""阶段目标 as they are typed: `11月 1040`, `10月底 20%、11月15日 60%`, `11月 默认`."""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from handlers.reading.dates import take_date
from handlers.reading.numbers import Quantity, read_number
from okr.cycle import Span
from okr.objectives import KeyResult, Kind, Objective
from okr.refusals import NotANumberGoal, OutOfRange
from okr.stages import share_of, stage_targets, stages_text, with_stage, without_stage

_MONTH = re.compile(r"^(?P<month>1[0-2]|0?[1-9])月(?:份|底|末)?(?:[ :=,]+|$|(?=[到改]))")
_VALUE = re.compile(
    r"^(?:改成|改为|改到|该到|应到|到|为|是|[:=])? *(?P<value>[^\s、;]+?)(?=[、;\s]|,(?![0-9]{3})|$)"
)
_AWAY = frozenset({"默认", "取消", "去掉", "不要", "平均", "匀着走"})
_EDGES = " ,;、。"
FINEST = Decimal("0.000001")
MOST = 24


def read_stages(objective: Objective, kr: KeyResult, words: str) -> str | None:
    """The stages of a key result as they are kept, with those that are said; None where the words are not understood.

    Raises OutOfRange, StageOutside, StagesFall, and NotANumberGoal for what has no stages.
    """
    if not stage_targets(kr, objective.cycle):
        raise NotANumberGoal(kr.ref, str(kr.measure.kind))
    if words in _AWAY:
        return ""
    rest = words.strip(_EDGES)
    wanted: dict[date, str] = {}
    while rest:
        day, rest = _take_day(rest, objective.cycle)
        match = _VALUE.match(rest)
        if day is None or match is None or len(wanted) >= MOST:
            return None
        wanted[day] = match["value"]
        rest = rest[match.end() :].strip(_EDGES)
    return _with(objective, kr, wanted)


def _with(objective: Objective, kr: KeyResult, wanted: dict[date, str]) -> str | None:
    for day in wanted:  # what is set anew does not have to fit what stood there
        kr = replace(kr, stages=without_stage(kr, day))
    for day, value in wanted.items():
        if value in _AWAY:
            continue
        quantity = read_number(value)
        share = None if quantity is None else _share(kr, quantity)
        if share is None:
            return None
        kr = replace(kr, stages=with_stage(kr, objective.cycle, day, share))
    return stages_text(kr.stages)


def _take_day(text: str, cycle: Span) -> tuple[date | None, str]:
    """A month is its last day. What has no year lies in the cycle, where it can."""
    match = _MONTH.match(text)
    if match is None:
        return take_date(text, cycle.start, "future")
    month = int(match["month"])
    ends = [
        date(year, month, calendar.monthrange(year, month)[1])
        for year in range(cycle.start.year, cycle.end.year + 1)
    ]
    inside = next((end for end in ends if cycle.start <= end <= cycle.end), ends[-1])
    return inside, text[match.end() :]


def _share(kr: KeyResult, quantity: Quantity) -> Decimal | None:
    """Of the way: `60%` is that, 1040 what it comes to between the two ends."""
    is_number = kr.measure.kind is Kind.NUMBER
    if quantity.percent and kr.measure.unit != "%":
        return quantity.value / 100
    if not is_number:
        return None
    share = share_of(kr.measure, quantity.value)
    if share is None:
        return None
    start, target = kr.measure.start, kr.measure.target
    if not 0 <= share <= 1 and start is not None and target is not None:
        raise OutOfRange(quantity.value, min(start, target), max(start, target), "阶段目标")
    return share.quantize(FINEST)
