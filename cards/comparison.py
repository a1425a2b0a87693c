"""对比: places beside each other by one figure, the middle, and who is far from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.templating import render
from chat.card import Card
from okr.comparison import FEWEST, median, outliers
from okr.numbers import say_number, say_percent

SHOWN = 7


@dataclass(frozen=True, slots=True)
class Comparison:
    """`values`: by name; `weeks`: several windows by name, the newest last; `changes`: against the span before, as a part.

    `say`: the words that ask for it again.
    """

    measure: str
    by: str
    span: str
    unit: str
    values: Mapping[str, Decimal]
    say: str
    weeks: Mapping[str, Sequence[Decimal | None]]
    changes: Mapping[str, Decimal]
    left_out: str = ""
    judged: bool = True


def comparison_card(one: Comparison) -> Card:
    ordered = sorted(one.values, key=lambda name: -one.values[name]) if one.judged else list(one.values)
    far = outliers(one.values) if one.judged else {}
    first = sorted(far, key=lambda name: -abs(far[name]))[:2]
    return render(
        "comparison",
        measure=one.measure,
        by=one.by,
        span=one.span,
        middle=say_number(_rounded(median(one.values.values())), one.unit) if one.judged else "",
        far="、".join(f"{name}明显{'高' if far[name] > 0 else '低'}" for name in first),
        rows=[_row(one, name, far.get(name)) for name in ordered[:SHOWN]],
        more=max(0, len(ordered) - SHOWN),
        few=one.judged and len(one.values) < FEWEST,
        judged=one.judged,
        fewest=FEWEST,
        left_out=one.left_out,
        say=one.say,
    )


def _row(one: Comparison, name: str, far: Decimal | None) -> str:
    if name in one.weeks:
        value = " → ".join("—" if each is None else say_number(_rounded(each)) for each in one.weeks[name])
    else:
        value = say_number(_rounded(one.values[name]), one.unit)
    parts = [f"{name} {value}"]
    if name in one.changes:
        parts.append(f"比上一段 {'+' if one.changes[name] > 0 else ''}{say_percent(one.changes[name])}")
    if far is not None:
        parts.append(f"{'▲ 比中位高' if far > 0 else '▼ 比中位低'} {say_percent(abs(far))}")
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Region:
    """`answer`: hours, None where there were too few."""

    name: str
    people: int
    done: Decimal
    updated: Decimal | None
    warnings: int
    answer: float | None


def regions_card(cycle: str, regions: Sequence[Region], left_out: Sequence[str]) -> Card:
    ordered = sorted(regions, key=lambda one: (-one.done, one.name))
    return render(
        "regions",
        cycle=cycle,
        best=ordered[0].name if ordered else "",
        best_done=ordered[0].done if ordered else Decimal(0),
        rows=[_region(one) for one in ordered[:SHOWN]],
        more=max(0, len(ordered) - SHOWN),
        left_out="、".join(left_out[:4]),
    )


def _region(one: Region) -> str:
    updated = say_percent(one.updated) if one.updated is not None else "—"
    answer = "—" if one.answer is None else f"{one.answer:.0f} 小时"
    return f"{one.name}({one.people} 人)达成 {say_percent(one.done)} · 更新 {updated} · 预警 {one.warnings} 次 · 回应 {answer}"


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01")) if abs(value) < 1000 else value.quantize(Decimal(1))
