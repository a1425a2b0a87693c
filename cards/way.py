"""The way of a key result through its cycle, drawn: its history, what is expected, where it is heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cards.drawing.inline import Drawing
from cards.drawing.trend import Road, trend
from cards.sayings import kr_name
from okr.cycle import Span
from okr.expected import expected_of, follows_days
from okr.forecast import Forecast, Point, forecast
from okr.moments import say_short_day
from okr.numbers import foretold, say_number
from okr.objectives import KeyResult, Kind
from okr.progress import progress
from okr.stages import current_stage, stage_targets

_WAYS = frozenset({Kind.NUMBER, Kind.ORDINAL})
HUNDRED = Decimal(100)
STEPS = 12
"""Points of the line that is expected, beside the days of the stages."""


def way(kr: KeyResult, cycle: Span, values: Sequence[Point], today: date) -> Drawing | None:
    """How a key result has gone since its cycle began, its target and stages, what is expected, where it is heading.

    `values`: its history, oldest first. None for what is no way from one number to another. In percents of the way
    where it is no number, or an amount that is not for the reader.
    """
    start, target = kr.measure.start, kr.measure.target
    known = sorted({day: value for day, value in values if cycle.start <= day <= today}.items())
    if not known or kr.measure.kind not in _WAYS or (kr.measure.kind is Kind.NUMBER and start == target):
        return None
    ahead = forecast(kr, known, cycle, today)
    last = kr.due or cycle.end
    if kr.curve is not None and follows_days(kr, cycle):
        last = kr.curve.span(today)[1]  # a month's sum is complete at the end of the month
    stages = stage_targets(kr, cycle)
    current = current_stage(stages, today)
    length = max((last - cycle.start).days, 1)
    expected = {
        day: expected_of(kr, cycle, day)
        for day in (cycle.start + timedelta(days=round(length * n / STEPS)) for n in range(STEPS + 1))
    } | {stage.day: stage.share for stage in stages}
    shares = [(day, share) for day, share in sorted(expected.items()) if day <= last]
    unit = kr.measure.unit
    if kr.measure.sealed or start is None or target is None:
        known = [(day, far.clamped * HUNDRED) for day, value in known if (far := progress(kr.measure, value))]
        ahead = _in_percent(ahead, start, target)
        start, target, unit = Decimal(0), HUNDRED, "%"
    aims = [(day, start + (target - start) * share) for day, share in shares]
    marks = [(stage.day, start + (target - start) * stage.share) for stage in stages if stage.day < last]
    road = Road(cycle.start, aims, marks, current.day if current else None)
    points = known if known[0][0] <= cycle.start else [(cycle.start, start), *known]
    named = "走了多少" if unit == "%" and kr.measure.unit != "%" else kr_name(kr)
    block = trend(named, points, target, ahead, (today, last), unit, road)
    now, aim = say_number(known[-1][1], unit), say_number(target, unit)
    heading = f",照这势头到{say_short_day(last)}约 {say_number(foretold(ahead.value), unit)}" if ahead else ""
    told = (
        f"{kr_name(kr)}:{say_short_day(cycle.start)} {say_number(start, unit)},现在 {now},目标 {aim}{heading}"
    )
    return Drawing(f"{kr.ref}-way", f"{kr.ref} 走到哪儿了", told, [block])


def _in_percent(ahead: Forecast | None, start: Decimal | None, target: Decimal | None) -> Forecast | None:
    """Where it is heading, as a part of the way."""
    if ahead is None or start is None or target is None:
        return None
    return replace(ahead, value=ahead.attainment * HUNDRED, recent=ahead.recent * HUNDRED / (target - start))
