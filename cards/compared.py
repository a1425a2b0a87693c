"""环比, 同比 and 同店: a figure of a unit against other times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cards.templating import render
from chat.card import Card
from okr.comparing import growth
from okr.metrics import Window
from okr.moments import say_date
from okr.numbers import TENTH, half_up, say_number, say_percent
from okr.policy import MetricSpec


@dataclass(frozen=True, slots=True)
class Against:
    """What it was at another time; `shops`: 同店, of so many shops."""

    name: str
    window: Window
    now: Decimal | None
    then: Decimal | None
    shops: int = 0


def compared_card(
    unit: str,
    spec: MetricSpec,
    span: str,
    window: Window,
    value: Decimal | None,
    against: Sequence[Against],
    today: date,
    asked: str = "环比",
    other_place: str = "",
) -> Card:
    """`asked`: the word that was said; `other_place`: a unit to look at next, for who may see another."""
    return render(
        "compared",
        unit=unit,
        metric=spec.name,
        span=span,
        value="—" if value is None else say_number(value, spec.shown_unit),
        days=_days(window, today),
        rows=[_row(one, spec, today) for one in against],
        answer=_answer(against, asked, spec),
        other="昨天" if span == "上周" else "上周",
        place=other_place,
    )


def _answer(against: Sequence[Against], asked: str, spec: MetricSpec) -> str:
    """How it stands against what was asked for: it is the news of the card."""
    wanted = [one for one in against if one.name.startswith("同店") == (asked == "同店")]
    one = next((one for one in wanted if one.name.startswith(asked)), None)
    if one is None:
        return "没有别的门店能同店比" if asked == "同店" else ""
    change = _change(one, growth(one.now, one.then), spec)
    return f"{one.name}没有数" if change == "—" else f"{one.name} {change}"


def _row(one: Against, spec: MetricSpec, today: date) -> dict[str, object]:
    grown = growth(one.now, one.then)
    return {
        "name": one.name,
        "days": _days(one.window, today),
        "then": "" if one.then is None else say_number(one.then, spec.shown_unit),
        "change": _change(one, grown, spec),
        "shops": one.shops,
    }


def _change(one: Against, grown: Decimal | None, spec: MetricSpec) -> str:
    if spec.is_percent and one.now is not None and one.then is not None:
        points = one.now - one.then
        return f"{'多' if points >= 0 else '少'} {say_number(abs(half_up(points, TENTH)))} 个百分点"
    if grown is None:
        return "—"
    return f"{'+' if grown >= 0 else '−'}{say_percent(abs(grown))}"


def _days(window: Window, today: date) -> str:
    """The years are told where they are not this one, and once."""
    first, last = (_day(day, today) for day in window)
    year = "" if window.last.year == today.year else f"{window.first.year}年"
    return f"{year}{first}" if window.first == window.last else f"{year}{first}–{last}"


def _day(day: date, today: date) -> str:
    return say_date(day, today) if day == today else f"{day.month}月{day.day}日"
