"""看板: a unit at a glance, drawn again at each press."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.sayings import lamp, light
from cards.templating import render
from chat.card import Card
from okr.numbers import coarse, say_number, say_percent
from okr.objectives import Status

HELPED = 3
FIGURES = 3


@dataclass(frozen=True, slots=True)
class Tally:
    """One figure of the unit: today, since Monday, and what today has to bring. None is missing and not 0."""

    name: str
    unit: str
    today: Decimal | None
    week: Decimal | None
    wanted: Decimal | None = None
    amounts: bool = True


@dataclass(frozen=True, slots=True)
class Lagging:
    """A key result that could do with help."""

    ref: str
    title: str
    owner: str
    status: Status
    progress: Decimal


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`updated` of `due`: key results that were reported within their rhythm. `place`: `第 2 / 12 ↑1`, empty for none."""

    unit: str
    goals: int
    done: Decimal
    expected: Decimal
    statuses: Sequence[Status]
    updated: int
    due: int
    figures: Sequence[Tally]
    place: str
    helped: Sequence[Lagging]
    well: Sequence[str]
    when: str
    link: str = ""
    daily: bool = True
    """Its figures are for who asks."""
    another: str = ""
    """A unit that one may look at next."""


def dashboard_card(board: Dashboard) -> Card:
    lights = Counter(board.statuses)
    return render(
        "dashboard",
        live=True,
        unit=board.unit,
        when=board.when,
        goals=board.goals,
        done=board.done,
        expected=board.expected,
        lights=" · ".join(f"{light(status)} {lights[status]}" for status in Status if lights[status]),
        updated=say_percent(Decimal(board.updated) / board.due) if board.due else "",
        counts=f"{board.due} 个里 {board.updated} 个按时更新",
        figures=[_say_figure(one) for one in board.figures[:FIGURES]],
        place=board.place,
        helped=[
            f"{lamp(one.status)} {one.ref} {one.title} · {one.owner} {say_percent(one.progress)}"
            for one in board.helped[:HELPED]
        ],
        first=board.helped[0].ref if board.helped else "",
        more=max(0, len(board.helped) - HELPED),
        well="、".join(board.well[:HELPED]),
        link=board.link,
        another=board.another,
        daily=board.daily,
    )


def _say_figure(one: Tally) -> str:
    """`销售额 今天 536 元,要 51,247 元(1%) · 本周 536 元`; where amounts are not shown the part alone."""
    share = (
        say_percent(one.today / one.wanted) if one.wanted and one.today is not None and one.wanted > 0 else ""
    )
    if not one.amounts:
        return f"{one.name} 今天到了日目标的 {share}" if share else ""
    today = "还没有数" if one.today is None else say_number(one.today, one.unit)
    wanted = ""
    if one.wanted:
        whole = coarse(one.wanted, 10)
        wanted = f",要 {say_number(whole, one.unit)}{f'({share})' if share else ''}"
    week = f" · 本周 {say_number(one.week, one.unit)}" if one.week is not None else ""
    return f"{one.name} 今天 {today}{wanted}{week}"
