"""A day of a unit in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from cards.templating import render
from chat.card import Card
from okr.comparing import growth
from okr.moments import WEEKDAYS, say_date, say_short_day
from okr.numbers import coarse, say_number, say_percent
from okr.policy import Policy

MISSING, NOT_YET = "缺", "还没有"
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: of the day, of the same weekday before, and of the last seven days. None is missing and not 0."""

    name: str
    unit: str
    value: Decimal | None
    week_ago: Decimal | None
    last_days: Sequence[tuple[date, Decimal | None]]
    wanted: Decimal | None = None
    """What the day had to bring, by the goal of the unit."""


def day_card(
    unit: str,
    day: date,
    lines: Sequence[Line],
    now: datetime,
    policy: Policy,
    stale: Sequence[str] = (),
    short: Mapping[date, int] = MappingProxyType({}),
) -> Card:
    """What was counted on a day, the first figure over the last seven days. Without any figure it says what is missing.

    `stale`: how far the data of sources in trouble reach, in words. `short`: how many shops of the unit have told nothing
    of a day, so that its sum is not whole.
    """
    today = now.astimezone(policy.zone).date()
    running = day == today
    known = [line for line in lines if line.value is not None]
    return render(
        "store_day",
        unit=unit,
        day=say_date(day, today),
        when=f" {now.astimezone(policy.zone):%H:%M}" if running else "",
        running=running,
        empty=not lines,
        nothing=not known,
        lead=_lead(known[0]) if known else "",
        rows=[
            {
                "name": line.name,
                "value": "—" if line.value is None else say_number(line.value, line.unit),
                "change": "" if running or short.get(day) else _change(line, day),
                "wanted": _wanted(line, running=running),
            }
            for line in lines[:SHOWN]
        ],
        week=_week(lines[0], today, short) if lines else "",
        short=0 if running else short.get(day, 0),
        first=lines[0].name if lines else "",
        gaps=sum(1 for on, value in lines[0].last_days if value is None and on < today) if lines else 0,
        other=say_short_day(today - timedelta(days=2)) if day == today - timedelta(days=1) else "昨天",
        before=(day - timedelta(days=1)).isoformat(),
        stale=stale[:2],
    )


def _lead(line: Line) -> str:
    assert line.value is not None
    return f"{line.name} {say_number(line.value, line.unit)}"


def _wanted(line: Line, *, running: bool) -> str:
    """Against what the day has or had to bring: 要 3.2 万元,到了 13%."""
    if not line.wanted:
        return ""
    far = (
        ""
        if line.value is None
        else f",{'到了' if running else '做到'} {say_percent(line.value / line.wanted)}"
    )
    wanted = coarse(line.wanted, 10)
    return f"{'今天' if running else ''}要 {say_number(wanted, line.unit)}{far}"


def _change(line: Line, day: date) -> str:
    """Against the same weekday of the week before; a day that is not over is compared with nothing."""
    if line.value is None or line.week_ago is None:
        return ""
    weekday, grown = WEEKDAYS[day.weekday()], growth(line.value, line.week_ago)
    if line.unit == "%":
        said = f"{line.value - line.week_ago:+.1f} 个点"
    elif grown is not None:
        said = f"{grown * 100:+.0f}%"
    else:
        return ""
    same = not any(digit in "123456789" for digit in said)
    return f"和上周{weekday}一样" if same else f"比上周{weekday} {said}"


def _week(line: Line, today: date, short: Mapping[date, int]) -> str:
    """Day by day; of today, which is not over, nothing is missing yet."""
    said = []
    for on, value in line.last_days:
        told = (NOT_YET if on == today else MISSING) if value is None else say_number(value)
        lacking = f"(缺 {short[on]} 家)" if on < today and value is not None and short.get(on) else ""
        said.append(f"{WEEKDAYS[on.weekday()]} {told}{lacking}")
    return " · ".join(said)
