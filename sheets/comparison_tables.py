"""What stands beside each other as rows of a table: places by a figure, a figure against other times, regions, and both
ways to set goals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from okr.comparing import growth
from okr.comparison import off_the_middle, outliers
from okr.contrast import Contrast, Store
from okr.crossing import Crossed, Grouped
from okr.metrics import Window
from okr.numbers import TENTH, half_up
from okr.policy import MetricSpec
from okr.regions import Region
from sheets.spelling import Cell
from sheets.writing import Sheet


class Compared(Protocol):
    """As in `cards.comparison`."""

    @property
    def measure(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def span(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Decimal]: ...
    @property
    def weeks(self) -> Mapping[str, Sequence[Decimal | None]]: ...
    @property
    def heads(self) -> Sequence[str]: ...
    @property
    def changes(self) -> Mapping[str, Decimal]: ...
    @property
    def judged(self) -> bool: ...


def comparison_sheet(one: Compared) -> Sheet:
    """A row for each place, with its weeks where it has some, how far it is from the middle, and how it has changed."""
    far, parts = (outliers(one.values), off_the_middle(one.values)) if one.judged else ({}, {})
    measure = _measure(one)
    figures = [f"{head} {measure}" for head in one.heads] if one.weeks else [measure]
    header = [one.by.partition(",")[0], *figures, "比中位(%)", "明显不同", "比上一段(%)"]
    rows: list[list[Cell]] = [
        [
            name,
            *one.weeks.get(name, [value]),
            _percent(parts.get(name)),
            ("高" if far[name] > 0 else "低") if name in far else "",
            _percent(one.changes.get(name)),
        ]
        for name, value in one.values.items()
    ]
    return f"{one.measure} 按{one.by} {one.span}"[:30], header, rows


FEW = "人太少"


def crossed_sheet(one: Crossed) -> Sheet:
    """A row and a column for each of both; what is not known is empty, which is not 0."""
    rows: list[list[Cell]] = [
        [
            name,
            *(
                FEW if value is None and (name, head) in one.few else value
                for head, value in zip(one.heads, values, strict=True)
            ),
        ]
        for name, values in one.table.items()
    ]
    header = [one.by.partition(",")[0], *(f"{head} {_measure(one)}" for head in one.heads)]
    return f"{one.measure} 按{one.by} {one.span}"[:30], header, rows


def grouped_sheet(one: Grouped) -> Sheet:
    """Each group and its stores, and how far each store is from the middle of its own group."""
    rows: list[list[Cell]] = []
    for group in one.groups:
        far, parts = group.far, off_the_middle(group.stores)
        whole = f"{len(group.stores)} 家{'平均' if one.mean else '合起来'}"
        rows.append([group.name, whole, group.value, None, ""])
        rows += [
            [
                group.name,
                name,
                group.stores[name],
                _percent(parts.get(name)),
                ("高" if far[name] > 0 else "低") if name in far else "",
            ]
            for name in group.ordered
        ]
    header = [*one.by.split(","), _measure(one), "比本组中位(%)", "明显不同"]
    return f"{one.measure} 按{one.by} {one.span}"[:30], header, rows


class Against(Protocol):
    """As in `cards.compared`: a figure, and what it was at another time."""

    @property
    def name(self) -> str: ...
    @property
    def window(self) -> Window: ...
    @property
    def now(self) -> Decimal | None: ...
    @property
    def then(self) -> Decimal | None: ...
    @property
    def shops(self) -> int: ...


AGAINST = (
    "比什么",
    "从",
    "到",
    "现在",
    "那时从",
    "那时到",
    "那时",
    "单位",
    "变化(%)",
    "相差(百分点)",
    "几家店",
)


def against_lines(spec: MetricSpec, window: Window, against: Sequence[Against]) -> list[list[Cell]]:
    """A row for each other time. What is a percent itself has changed by points, everything else by a part."""
    return [
        [
            one.name,
            *window,
            one.now,
            *one.window,
            one.then,
            spec.shown_unit,
            None if spec.is_percent else _percent(growth(one.now, one.then)),
            half_up(one.now - one.then, TENTH)
            if spec.is_percent and one.now is not None and one.then is not None
            else None,
            one.shops or None,
        ]
        for one in against
    ]


REGIONS = ("区域", "有目标的人", "达成(%)", "更新率(%)", "预警次数", "协作回应(小时)")


def regions_sheet(cycle: str, found: Sequence[Region]) -> Sheet:
    rows: list[list[Cell]] = [
        [
            one.name,
            one.people,
            _percent(one.done),
            _percent(one.updated),
            one.warnings,
            None if one.answer is None else half_up(Decimal(one.answer), TENTH),
        ]
        for one in found
    ]
    return f"区域对比 {cycle}", REGIONS, rows


MECHANISMS = ("门店", "门店类型", "机制", "门店数", "在涨的", "现在", "上一段", "变化(%)")


def mechanism_sheet(title: str, found: Contrast, stores: Sequence[Store]) -> Sheet:
    """Both groups and how far apart they are, then each store by its name."""
    rows: list[list[Cell]] = [
        [
            f"{group.mechanism.called}合计",
            None,
            group.mechanism.called,
            group.stores,
            group.risen,
            None,
            None,
            _percent(group.change),
        ]
        for group in found.groups
    ]
    rows.append(["相差", None, None, None, None, None, None, _percent(found.difference)])
    rows += [
        [
            one.name,
            one.kind,
            one.mechanism.called,
            None,
            None,
            one.now.value,
            one.then.value,
            _percent(one.change),
        ]
        for one in sorted(stores, key=lambda one: (one.mechanism, one.name))
    ]
    return title[:30], MECHANISMS, rows


def _measure(one: Compared | Crossed | Grouped) -> str:
    return f"{one.measure}({one.unit})" if one.unit else one.measure


def _percent(share: Decimal | None) -> Decimal | None:
    """In percent, with one decimal."""
    return None if share is None else half_up(share * 100, TENTH)
