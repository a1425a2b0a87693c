"""业务数据: the figures of stores and people by day, as `okrbot import metrics` takes them, each for whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from handlers.asking import Asking
from handlers.examples import examples_for
from handlers.intake.kinds import Bad, Taken, failed_cells, first_of_each_line, mark_of
from handlers.reading.near import nearest
from okr.metrics import Window
from okr.moments import say_day
from okr.numbers import say_number
from okr.permissions import may_bring_figures
from okr.points import Point
from okr.refusals import NotForYou
from okr.units import Units
from sheets.metrics import MetricLine, columns_of, in_words_of_a_table, metric_columns, read_metrics
from sheets.table import Table
from storage import fed, figures, ingesting, metrics, people, units
from storage.fed import Scales
from storage.ingesting import Delivery, Rejected
from storage.lots import MICROS, Counting
from storage.metrics import Before, Terms
from storage.series import SeriesKey

Pairs = Sequence[tuple[MetricLine, Point]]
SOURCE = "导入"
"""The same as of the command line: what one has brought the other corrects."""


class Figures:
    key = "figures"
    name = "业务数据"

    def fits(self, header: Sequence[str], asking: Asking) -> bool:
        columns = columns_of(header)
        wide = bool(metric_columns(header, _names(asking)))
        return "at" in columns and ({"metric", "value"} <= columns.keys() or wide)

    async def form(self, asking: Asking) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        counted = [spec for spec in asking.policy.metrics.values() if spec.kind != "ratio"]
        return ("日期", "门店", *(spec.name for spec in counted)), [
            (asking.today, (await examples_for(asking)).store, *([None] * len(counted)))
        ]

    async def require(self, asking: Asking) -> None:
        leads = await people.unit_led_by(asking.session, asking.asker)
        if not may_bring_figures(asking.asker, leads, leads, asking.policy):
            raise NotForYou("导入业务数据", "店长、区域负责人和数据管理员")

    async def take(self, asking: Asking, table: Table) -> Taken:
        known = await units.known(asking.session)
        lines = read_metrics(table, _names(asking))
        delivery = Delivery(SOURCE, asking.now, asking.policy.zone, asking.policy.metrics, known)
        source = await metrics.source_id(asking.session, SOURCE)
        used = {*columns_of(table.header).values(), *metric_columns(table.header, _names(asking))}
        bad = failed_cells(table, used)
        failed = {one.line for one in bad}
        lines = [line for line in lines if line.line not in failed]
        places = await ingesting.placed(asking.session, [line.raw for line in lines], delivery)
        points = [
            (line, place) for line, place in zip(lines, places, strict=True) if isinstance(place, Point)
        ]
        bad += [
            _rejected(line, place, known)
            for line, place in zip(lines, places, strict=True)
            if isinstance(place, Rejected)
        ]
        bad += [
            Bad(line.line, line.column, f"和第 {line.same_as} 行说的是同一个数")
            for line, _ in points
            if line.same_as
        ]
        bad += await _not_his(asking, points, known)
        bad += await _told_already(asking, points, known, source)
        wrong = {one.line for one in bad}
        good = [(line, point) for line, point in points if line.line not in wrong]
        return await _write(asking, good, first_of_each_line(bad), delivery, source)

    async def undo(self, asking: Asking, undo: Any) -> str:
        known = await units.known(asking.session)
        source = await metrics.source_id(asking.session, SOURCE)
        terms = Terms(source, Counting(asking.policy.zone, asking.policy.metrics, known))
        back = {key: (made, None if before is None else Before(*before)) for key, made, before in undo}
        done, touched = await metrics.put_back(asking.session, back, terms)
        moved = await fed.follow(
            asking.session, touched, Scales(asking.policy.metrics, known, asking.policy.zone, asking.now)
        )
        kept = f",{len(back) - done} 个后来又改过,没有动" if done < len(back) else ""
        krs = f";{len(set(moved))} 个 KR 跟着退回" if moved else ""
        return f"{done} 个数退回到写入以前{kept}{krs}"


def _names(asking: Asking) -> dict[str, str]:
    return {spec.name: key for key, spec in asking.policy.metrics.items()}


def _rejected(line: MetricLine, rejected: Rejected, known: Units) -> Bad:
    """The reason in the words of the file, and the nearest unit where one is not known."""
    reason = in_words_of_a_table(rejected.reason)
    said = line.raw["unit"]
    near = nearest(said, known.names, limit=1) if said and not known.find(said) else []
    column = line.column
    if not line.raw["value"]:
        reason = "数值没有填(合并过的单元格只有第一格有内容)"
    elif said and not known.find(said):
        column, reason = "门店", f"没有「{said[:20]}」这个门店或部门"
    elif not said and not line.raw["employee"]:
        column, reason = "门店", "没有填(合并过的单元格只有第一格有内容,拆开再填满)"
    return Bad(line.line, column, reason, near[0] if near else "")


async def _not_his(asking: Asking, points: Pairs, known: Units) -> list[Bad]:
    leads = await people.unit_led_by(asking.session, asking.asker)
    return [
        Bad(line.line, "门店", f"{known.key(point.unit)}的数不归你报")
        for line, point in points
        if not may_bring_figures(asking.asker, leads, point.unit, asking.policy)
    ]


async def _told_already(asking: Asking, points: Pairs, known: Units, source: int) -> list[Bad]:
    """A day that another source tells of would count twice."""
    if not points:
        return []
    zone = asking.policy.zone
    places = [(line, _series(point, known), point.at.astimezone(zone).date()) for line, point in points]
    days = [day for _, _, day in places]
    told = await figures.told_by_others(
        asking.session, {key for _, key, _ in places}, Window(min(days), max(days)), source
    )
    return [
        Bad(
            line.line,
            line.column,
            f"这天的{asking.policy.metrics[key.metric].name} {told[key, day]} 已经报了,再导会算两遍",
        )
        for line, key, day in places
        if (key, day) in told
    ]


def _series(point: Point, known: Units) -> SeriesKey:
    unit = "" if point.employee_id else known.key(point.unit)
    return SeriesKey(point.metric, unit, point.employee_id)


async def _write(asking: Asking, good: Pairs, bad: Sequence[Bad], delivery: Delivery, source: int) -> Taken:
    points = [point for _, point in good]
    before = await metrics.values_of(asking.session, source, [point.id for point in points])
    outcome = await ingesting.deliver(asking.session, [line.raw for line, _ in good], delivery)
    changed = {
        point.id: (int(point.value * MICROS), before.get(point.id))
        for point in points
        if point.id not in before or before[point.id].value != int(point.value * MICROS)
    }
    moved = sorted(set(outcome.moved))
    says = [*_sums(asking, points), *_differences(points, before, outcome.duplicates)]
    if moved:
        says.append(f"{len(moved)} 个 KR 会跟着动:{'、'.join(f'KR{one}' for one in moved[:6])}")
    undo = [(key, made, was) for key, (made, was) in sorted(changed.items())]
    mark = mark_of(sorted(changed.items()), [one.line for one in bad], moved)
    return Taken(len({line.line for line, _ in good}), tuple(bad), tuple(says), mark, undo)


def _sums(asking: Asking, points: Sequence[Point]) -> list[str]:
    """For each metric how many units and days, and what they come to: what one checks at a glance."""
    by_metric: dict[str, list[Point]] = {}
    for point in points:
        by_metric.setdefault(point.metric, []).append(point)
    lines = []
    for key, some in by_metric.items():
        spec = asking.policy.metrics[key]
        days = sorted({point.at.astimezone(asking.policy.zone).date() for point in some})
        span = "–".join(say_day(day, asking.today) for day in sorted({days[0], days[-1]}))
        places = len({(point.unit, point.employee_id) for point in some})
        total = sum((point.value for point in some), Decimal(0))
        summed = f",共 {say_number(total, spec.shown_unit)}" if spec.kind == "cumulative" else ""
        whose = some[0].unit.rpartition("/")[2] if places == 1 else f"{places} 处"
        lines.append(f"{spec.name} {span} {whose}{summed}")
    return lines[:5]


def _differences(points: Sequence[Point], before: Mapping[str, Before], duplicates: int) -> list[str]:
    corrected = [
        f"{_plain(before[point.id].value)} → {say_number(point.value)}"
        for point in points
        if point.id in before and before[point.id].value != int(point.value * MICROS)
    ]
    said = []
    if corrected:
        said.append(
            f"更正 {len(corrected)} 个以前导过的数:{'、'.join(corrected[:3])}{' …' if len(corrected) > 3 else ''}"
        )
    if duplicates:
        said.append(f"{duplicates} 个数早就有了,一样的不动")
    return said


def _plain(micros: int) -> str:
    return say_number(Decimal(micros) / MICROS)
