"""对比: places beside each other by one figure, the middle, and who is far from it; as a picture, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cards.drawing.beside import Side, beside
from cards.drawing.charts import picture
from cards.drawing.heat import Line, heat
from cards.drawing.sheet import Block, sheet
from cards.templating import render
from chat.card import Card
from chat.files import File
from okr.comparison import FEWEST, median, outliers
from okr.moments import say_date
from okr.numbers import say_number, say_percent, say_points

SHOWN = 7
DRAWN = 10
"""Rows of a picture; who is far from the others is drawn besides."""
TOLD = 2
TEN_THOUSAND = Decimal(10_000)
LONG = Decimal(100_000)
"""From here on a cell has no room for all digits."""
MISSING = "缺"


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

    def column(self, at: int) -> dict[str, Decimal]:
        """What is known of one week."""
        return {name: value for name, some in self.weeks.items() if (value := some[at]) is not None}


def comparison_card(one: Comparison, today: date) -> tuple[Card, tuple[File, ...]]:
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
        middle=say_number(_rounded(median(one.values.values())), one.unit) if one.judged else "",
        newest=""
        if one.judged
        else f"{ordered[-1]} {say_number(_rounded(one.values[ordered[-1]]), one.unit)}",
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
    )
    return card, (shown,)


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
        block, unit = _weeks(one, drawn)
        about = " · ".join(part for part in (unit, "颜色:和同一周的中位比", "▲▼ 明显高低") if part)
    else:
        block = _beside(one, drawn, far)
        marks = "▲▼ 明显高低" if far else ""
        about = " · ".join(part for part in (one.span, marks) if part)
    return picture(title.replace(" · ", " "), sheet(title, about, [block]))


def _beside(one: Comparison, drawn: Sequence[str], far: Mapping[str, Decimal]) -> Block:
    done = {lift.place: lift.ref for lift in one.lifts}
    sides = [
        Side(
            name,
            one.values[name],
            say_number(_rounded(one.values[name]), one.unit),
            way_of(far.get(name)),
            _noted(far.get(name), one.changes.get(name), done.get(name, "")),
        )
        for name in drawn
    ]
    if not one.judged:
        return beside(sides)
    middle = median(one.values.values())
    return beside(sides, middle, f"中位 {say_number(_rounded(middle), one.unit)}")


def _noted(far: Decimal | None, change: Decimal | None, ref: str) -> str:
    parts = [
        f"比中位{'高' if far > 0 else '低'} {say_percent(abs(far))}" if far is not None else "",
        f"比上一段 {say_signed(change)}" if change is not None else "",
        f"◆ {ref} 以后多涨" if ref else "",
    ]
    return " · ".join(part for part in parts if part)


def _weeks(one: Comparison, drawn: Sequence[str]) -> tuple[Block, str]:
    """Places by weeks: each week's colours say how a place compares with the middle of that week."""
    columns = [one.column(at) for at in range(len(one.heads))]
    middles = [median(column.values()) if column else None for column in columns]
    far = [outliers(column) for column in columns]
    largest = max((abs(value) for column in columns for value in column.values()), default=Decimal(0))
    scale = TEN_THOUSAND if largest >= LONG else Decimal(1)
    lines = [
        Line(
            name,
            one.weeks[name],
            [
                MISSING if value is None else f"{_sign(far[at].get(name))}{_short(value, scale)}"
                for at, value in enumerate(one.weeks[name])
            ],
        )
        for name in drawn
    ]
    return heat(one.heads, lines, middles), f"{'万' if scale > 1 else ''}{one.unit}"


def _short(value: Decimal, scale: Decimal) -> str:
    if scale > 1:
        return f"{value / scale:.1f}"
    return f"{value:.1f}" if abs(value) < 100 else f"{value:,.0f}"


def way_of(far: Decimal | None) -> int:
    return 0 if far is None else 1 if far > 0 else -1


def _sign(far: Decimal | None) -> str:
    return ("", "▲", "▼")[way_of(far)]


def say_signed(part: Decimal) -> str:
    return f"{'+' if part > 0 else ''}{say_percent(part)}"


def _row(one: Comparison, name: str, far: Decimal | None) -> str:
    if name in one.weeks:
        value = " → ".join("—" if each is None else say_number(_rounded(each)) for each in one.weeks[name])
    else:
        value = say_number(_rounded(one.values[name]), one.unit)
    parts = [f"{name} {value}"]
    if name in one.changes:
        parts.append(f"比上一段 {say_signed(one.changes[name])}")
    if far is not None:
        parts.append(f"{'▲ 比中位高' if far > 0 else '▼ 比中位低'} {say_percent(abs(far))}")
    return " · ".join(parts)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01")) if abs(value) < 1000 else value.quantize(Decimal(1))
