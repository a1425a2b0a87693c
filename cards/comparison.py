"""对比: places beside each other by one figure, the middle, and who is far from it; as a picture, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cards.drawing.beside import Side, beside
from cards.drawing.sheet import Block, pictured
from cards.figures import DRAWN, SHOWN, TOLD, say_figure, way_of
from cards.matrix import matrix
from cards.spare import Spare
from cards.templating import render
from chat.card import Card
from chat.files import File
from okr.comparison import FEWEST, median, outliers
from okr.moments import say_date
from okr.numbers import say_percent, say_points


@dataclass(frozen=True, slots=True)
class Lift:
    """A place that has grown more than the others since something was done there: `ref` A5, for the key result `kr`.

    `points`: by so many percentage points more.
    """

    place: str
    ref: str
    kr: str
    words: str
    day: date
    points: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """`values`: by name; `weeks`: the values of `heads` by name, the newest last; `changes`: against the span before, as a
    part. `judged`: they can be called far from each other. `say`: the words that ask for it again.
    """

    measure: str
    by: str
    span: str
    unit: str
    values: Mapping[str, Decimal]
    say: str
    weeks: Mapping[str, Sequence[Decimal | None]] = field(default_factory=dict)
    heads: Sequence[str] = ()
    changes: Mapping[str, Decimal] = field(default_factory=dict)
    left_out: str = ""
    judged: bool = True
    lifts: Sequence[Lift] = ()

    @property
    def ordered(self) -> list[str]:
        """The names, the highest first; weeks as they went."""
        return sorted(self.values, key=lambda name: -self.values[name]) if self.judged else list(self.values)

    @property
    def far(self) -> Mapping[str, Decimal]:
        return outliers(self.values) if self.judged else {}


def comparison_card(
    one: Comparison, today: date, spare: Spare | None = None
) -> tuple[Card, tuple[File, ...]]:
    """The card and the picture it shows."""
    ordered, far = one.ordered, one.far
    first = sorted(far, key=lambda name: -abs(far[name]))[:TOLD]
    shown = _picture(one, ordered, far)
    card = render(
        "comparison",
        picture=shown.ref,
        in_words="comparison_in_words",
        measure=one.measure,
        by=one.by,
        span=one.span,
        middle=say_figure(median(one.values.values()), one.unit) if one.judged else "",
        newest="" if one.judged else f"{ordered[-1]} {say_figure(one.values[ordered[-1]], one.unit)}",
        far="、".join(f"{name}明显{'高' if far[name] > 0 else '低'}" for name in first),
        rows=[_row(one, name, far.get(name)) for name in ordered[:SHOWN]],
        more=max(0, len(ordered) - SHOWN),
        undrawn=len(ordered) - len(_drawn(ordered, far)),
        few=one.judged and len(one.values) < FEWEST,
        judged=one.judged,
        fewest=FEWEST,
        left_out=one.left_out,
        lifts=[_lift(lift, today) for lift in one.lifts[:TOLD]],
        lifted=one.lifts[0].kr if one.lifts else "",
        say=one.say,
        spare=spare,
        others=_others(one),
    )
    return card, (shown,)


def _others(one: Comparison) -> list[str]:
    """The same figure compared otherwise; of one unit's own weeks there is but the figure to change."""
    if not one.judged:
        return [f"环比 {one.measure} 本月", f"热力图 {one.measure}"]
    ways = [("门店", "门店 本月"), ("门店,周", "门店,周"), ("区域", "区域 本季")]
    return [f"对比 {one.measure} 按 {words}" for by, words in ways if by != one.by][:2]


def _lift(one: Lift, today: date) -> str:
    """◆ 滨江店 11月9日 A5「陈列调整」以后,比别家多涨 18 个百分点"""
    words = one.words if len(one.words) <= 12 else f"{one.words[:11]}…"
    return f"◆ {one.place} {say_date(one.day, today)} {one.ref}「{words}」以后,比别家多涨 {say_points(one.points)}"


def _drawn(ordered: Sequence[str], far: Mapping[str, Decimal]) -> list[str]:
    """The first, and of the others those who are far."""
    return [*ordered[:DRAWN], *(name for name in ordered[DRAWN:] if name in far)]


def _picture(one: Comparison, ordered: Sequence[str], far: Mapping[str, Decimal]) -> File:
    drawn = _drawn(ordered, far)
    title = f"{one.measure} · 按{one.by}"
    if one.weeks:
        block, unit = matrix(one.heads, one.weeks, drawn, one.unit)
        about = " · ".join(part for part in (unit, "颜色:和同一周的中位比", "▲▼ 明显高低") if part)
    else:
        block = _beside(one, drawn, far)
        marks = "▲▼ 明显高低" if far else ""
        about = " · ".join(part for part in (one.span, marks) if part)
    return pictured(title, about, [block])


def _beside(one: Comparison, drawn: Sequence[str], far: Mapping[str, Decimal]) -> Block:
    done = {lift.place: lift.ref for lift in one.lifts}
    sides = [
        Side(
            name,
            one.values[name],
            say_figure(one.values[name], one.unit),
            way_of(far.get(name)),
            _noted(far.get(name), one.changes.get(name), done.get(name, "")),
        )
        for name in drawn
    ]
    if not one.judged:
        return beside(sides)
    middle = median(one.values.values())
    return beside(sides, middle, f"中位 {say_figure(middle, one.unit)}")


def _noted(far: Decimal | None, change: Decimal | None, ref: str) -> str:
    parts = [
        f"比中位{'高' if far > 0 else '低'} {say_percent(abs(far))}" if far is not None else "",
        f"比上一段 {say_signed(change)}" if change is not None else "",
        f"◆ {ref} 以后多涨" if ref else "",
    ]
    return " · ".join(part for part in parts if part)


def say_signed(part: Decimal) -> str:
    return f"{'+' if part > 0 else ''}{say_percent(part)}"


def _row(one: Comparison, name: str, far: Decimal | None) -> str:
    if name in one.weeks:
        value = " → ".join("—" if each is None else say_figure(each) for each in one.weeks[name])
    else:
        value = say_figure(one.values[name], one.unit)
    parts = [f"{name} {value}"]
    if name in one.changes:
        parts.append(f"比上一段 {say_signed(one.changes[name])}")
    if far is not None:
        parts.append(f"{'▲ 比中位高' if far > 0 else '▼ 比中位低'} {say_percent(abs(far))}")
    return " · ".join(parts)
