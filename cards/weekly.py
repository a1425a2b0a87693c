"""个人进度周报: one's own week, and that of a team."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cards.drawing.charts import draw, picture
from cards.drawing.lettering import cut
from cards.drawing.trend import plot
from cards.sayings import kr_name, lamp, say_value
from cards.templating import render
from chat.card import Card
from chat.files import File
from okr.advice import advise
from okr.numbers import say_change, say_number, say_pace, say_percent, say_progress
from okr.objectives import Status
from okr.policy import Policy
from okr.weekly import KrWeek, PersonWeek, TeamWeek

LINES = 4
"""Key results on one card."""
PEOPLE = 3
"""Members named on a team's card."""


def weekly_card(
    name: str,
    week: PersonWeek,
    today: date,
    policy: Policy,
    *,
    own: bool = True,
    push: bool = False,
    mandatory: bool = False,
    number: str = "",
) -> Card:
    """`own`: the reader's own week. `push`: nobody asked for it. `number`: of whom it is, where it is not one's own."""
    card, _ = _weekly(name, week, today, policy, own=own, push=push, mandatory=mandatory, number=number)
    return card


def weekly_with_picture(
    name: str, week: PersonWeek, today: date, policy: Policy, *, own: bool, number: str = ""
) -> tuple[Card, tuple[File, ...]]:
    """The same with the last four weeks of what to look after, where there is a trend to be drawn."""
    return _weekly(name, week, today, policy, own=own, number=number, draws=True)


def _weekly(
    name: str,
    week: PersonWeek,
    today: date,
    policy: Policy,
    *,
    own: bool,
    push: bool = False,
    mandatory: bool = False,
    number: str = "",
    draws: bool = False,
) -> tuple[Card, tuple[File, ...]]:
    focus, best = week.focus, week.best
    ordered = sorted(week.lines, key=lambda line: (not line.lags, -line.weight, line.kr.id))
    shown = _trend(focus or best, today) if draws and (focus or best) else None
    card = render(
        "weekly",
        about=focus.kr.ref if focus else "",
        picture=shown.ref if shown else "",
        name=name,
        own=own,
        push=push,
        number=number,
        mandatory=mandatory,
        last_week=week.week.sunday < today,
        count=len(week.lines),
        lagging=len(week.lagging),
        best=_best(best) if best else "",
        rows=[_row(line) for line in ordered[:LINES]],
        more=max(0, len(ordered) - LINES),
        focus=_focus(focus, policy) if focus else None,
        report=week.unreported[0].kr.ref if week.unreported else "",
        unreported=len(week.unreported),
    )
    return card, (shown,) if shown else ()


def _row(line: KrWeek) -> dict[str, Any]:
    kr, verdict = line.kr, line.verdict
    change = line.change
    ahead = line.ahead
    return {
        "ref": kr.ref,
        "name": kr_name(kr),
        "lamp": lamp(verdict.status),
        "value": say_value(kr, kr.value),
        "change": "这周没动"
        if change == 0
        else f"比上周 {say_change(change, kr.measure.unit)}"
        if change
        else "",
        "delta": say_change(change, kr.measure.unit) if change else "",
        "progress": say_progress(verdict.progress),
        "expected": say_percent(verdict.expected)
        if verdict.paced and verdict.status is not Status.ACHIEVED
        else "",
        "pace": say_pace(verdict.gap_points),
        "ahead": say_number(_eye(ahead.value), kr.measure.unit)
        if ahead and verdict.status is not Status.ACHIEVED
        else "",
    }


def _eye(value: Decimal) -> Decimal:
    """A forecast is no measurement: from a hundred on it is said in whole numbers."""
    return value.quantize(Decimal(1)) if abs(value) >= 100 else value.quantize(Decimal("0.1"))


def _best(line: KrWeek) -> str:
    change = line.change
    what = say_change(change, line.kr.measure.unit) if change else say_value(line.kr, line.kr.value)
    return f"{line.kr.ref} {line.kr.title} {what}"


def _focus(line: KrWeek, policy: Policy) -> dict[str, Any]:
    gap = int(line.verdict.gap_points)
    ahead = line.ahead
    needed = ahead.required * 7 if ahead and ahead.required else None
    return {
        "ref": line.kr.ref,
        "name": line.kr.title,
        "advice": str(advise(line.kr, gap, policy.at_risk_points)[0]),
        "needed": say_change(_eye(needed) if abs(needed) >= 10 else needed, line.kr.measure.unit)
        if needed
        else "",
    }


def _trend(line: KrWeek | None, today: date) -> File | None:
    """The last four weeks of a key result, where it is heading, and its target; None where two values are missing."""
    if line is None or len(line.points) < 2 or line.kr.measure.target is None:
        return None
    shown = plot(line.points, line.kr.measure.target, line.ahead, today, line.kr.measure.unit)
    title = cut(f"{line.kr.ref} {kr_name(line.kr)}", 15, 366)
    return picture(f"{line.kr.ref} 近四周", draw("trend", title=title, **shown))


def team_weekly_card(leader: str, team: TeamWeek, today: date) -> Card:
    """To who leads the team, in a private chat."""
    lagging = sorted(
        ((name, line) for name, week in team.members for line in week.lagging),
        key=lambda one: -one[1].verdict.gap_points,
    )
    best = max(
        ((name, week.best) for name, week in team.members if week.best is not None),
        key=lambda one: one[1].gained if one[1] else Decimal(0),
        default=None,
    )
    return render(
        "weekly_team",
        leader=leader,
        last_week=team.week.sunday < today,
        people=len(team.members),
        count=len(team.lines),
        lagging=len(lagging),
        progress=say_percent(team.progress),
        expected=say_percent(team.expected),
        reported=say_percent(team.reported),
        best=f"{best[0]} {_best(best[1])}" if best and best[1] else "",
        rows=[
            {
                "name": name,
                "ref": line.kr.ref,
                "title": line.kr.title,
                "lamp": lamp(line.verdict.status),
                "progress": say_progress(line.verdict.progress),
                "pace": say_pace(line.verdict.gap_points) if line.verdict.paced else "",
            }
            for name, line in lagging[:PEOPLE]
        ],
        more=max(0, len(lagging) - PEOPLE),
        first=lagging[0][1].kr.ref if lagging else "",
    )
