"""What could be done today: the day's target in orders, and what is known to help where a goal lags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

from cards.day_actions import Proposal, say_advice, say_orders
from cards.day_targets import Day
from handlers import goals
from handlers.asking import Asking
from handlers.data_scales import scales_of
from okr.advice import advise
from okr.metrics import Window, scale_of
from okr.moments import WEEKDAYS
from okr.numbers import TENTH, half_up
from okr.policy import MetricSpec
from okr.status import judge_objective
from storage import figures
from storage.fed import Scales
from storage.series import SeriesKey, series_ids

LATELY = timedelta(days=28)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
A_LITTLE_MORE = Decimal("1.1")
"""Than usual: what a day can bring that is worked at."""


async def propose(asking: Asking, days: Sequence[Day]) -> list[Proposal]:
    """For what data feed so many orders, and of what lags most what helps."""
    found: list[Proposal] = []
    if days:
        made = await _orders(asking, days[0], await scales_of(asking))
        found += [made] if made else []
    for objective in await goals.running(asking):
        verdict = judge_objective(objective, asking.today, asking.policy)
        if verdict.focus is None:
            continue
        kr = next(one for one in objective.counting if one.id == verdict.focus)
        gap = int(verdict.verdicts[kr.id].gap_points)
        found += [
            Proposal(kr.ref, say_advice(one))
            for one in advise(kr, gap, asking.policy.at_risk_points)[:1]
            if say_advice(one)
        ]
    return found


async def _orders(asking: Asking, day: Day, scales: Scales) -> Proposal | None:
    """So many orders at what one has brought of late, beside those of the same weekday."""
    kr = day.kr
    each_spec = _each(scales, kr.metric)
    if each_spec is None or not day.target.amount or kr.measure.sealed:
        return None
    unit = "" if kr.metric_own else scales.units.key(scales.units.home(asking.asker))
    who = asking.asker.id if kr.metric_own else 0
    sums = await _by_day(asking, scales, [kr.metric, each_spec.denominator], unit, who)
    total, count = (sum(sums[metric].values(), Decimal(0)) for metric in (kr.metric, each_spec.denominator))
    if not count or not total:
        return None
    each = total / count
    size = scale_of(scales.metrics[kr.metric].shown_unit, kr.measure.unit)
    orders = (day.target.amount * size / each).to_integral_value(rounding=ROUND_CEILING)
    same = [
        known
        for n in range(1, 5)
        if (known := sums[each_spec.denominator].get(asking.today - WEEK * n)) is not None
    ]
    usual = sum(same, Decimal(0)) / len(same) if same else None
    if day.is_out_of_reach and usual:
        # Nobody does three times as much because a card says so: what the whole way asks for is told beside it.
        orders = (usual * A_LITTLE_MORE).to_integral_value(rounding=ROUND_CEILING)
    lower = scales.metrics[each_spec.denominator]
    words = say_orders(
        orders,
        lower.shown_unit,
        each_spec.name,
        half_up(each, TENTH),
        each_spec.shown_unit,
        half_up(usual) if usual is not None else None,
        WEEKDAYS[asking.today.weekday()],
    )
    return Proposal(kr.ref, words)


def _each(scales: Scales, metric: str) -> MetricSpec | None:
    """What one order brings: a ratio of this metric that is no percent."""
    return next(
        (
            spec
            for spec in scales.metrics.values()
            if spec.kind == "ratio" and spec.numerator == metric and not spec.is_percent
        ),
        None,
    )


async def _by_day(
    asking: Asking, scales: Scales, metrics: Sequence[str], unit: str, who: int
) -> dict[str, dict[object, Decimal]]:
    window = Window(asking.today - LATELY, asking.today - DAY)
    found: dict[str, dict[object, Decimal]] = {}
    for metric in metrics:
        ids = await series_ids(asking.session, [SeriesKey(metric, unit, who)])
        days, _ = await figures.days_of(asking.session, scales.metrics[metric], ids.values(), window)
        found[metric] = {one.day: one.total for some in days.values() for one in some}
    return found
