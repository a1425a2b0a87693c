"""个人进度周报: one's own week, and that of a team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cards.sayings import kr_name, lamp, say_value
from cards.selling import sold
from cards.templating import render
from cards.weekly_picture import by_need, team_picture, week_picture
from chat.card import Card
from chat.files import File
from okr.advice import advise
from okr.numbers import foretold, say_change, say_number, say_pace, say_percent, say_progress
from okr.objectives import Status
from okr.policy import Policy
from okr.weekly import Aim, KrWeek, PersonWeek, TeamWeek, Week, missing_results

FACT = 26
"""Characters of a line beside its key on WeCom's narrower card."""
LINES = 4
"""Key results on one card."""
PEOPLE = 3
"""Members named on a team's card."""


@dataclass(frozen=True, slots=True)
class Telling:
    """To whom a week is told, and why. `own`: the reader's own. `push`: nobody asked for it. `number`: of whom it is,
    where it is not one's own. `draws`: with a picture.
    """

    own: bool = True
    push: bool = False
    mandatory: bool = False
    number: str = ""
    draws: bool = False


def weekly_card(
    name: str, week: PersonWeek, today: date, policy: Policy, telling: Telling = Telling()
) -> tuple[Card, tuple[File, ...]]:
    """The card, and the picture that it shows."""
    focus, best = week.focus, week.best
    ordered = by_need(week)
    shown = week_picture(name, week, today, policy) if telling.draws and ordered else None
    flow = week.selling.flow if week.selling is not None else None
    aimed, next_aimed = week.line_of(week.aim), week.line_of(week.next_aim)
    said = sold(week.selling, missing_results(flow, week.lines, policy) if flow else None, policy)
    lines = LINES - sum(1 for part in (said and said["flow"], week.aim) if part)
    card = render(
        "weekly",
        about=focus.kr.ref if focus else "",
        picture=shown.ref if shown else "",
        name=name,
        own=telling.own,
        push=telling.push,
        number=telling.number,
        mandatory=telling.mandatory,
        last_week=week.week.sunday < today,
        count=len(week.lines),
        lagging=len(week.lagging),
        sold=said,
        best=_best(best) if best else "",
        rows=[_row(line) for line in ordered[:lines]],
        more=max(0, len(ordered) - lines),
        focus=_focus(focus, policy) if focus else None,
        aim=_aim(week.aim, aimed) if week.aim else None,
        next_aim=_aim(week.next_aim, next_aimed) if week.next_aim else None,
        next_week=next_called(week.week, today),
        report=week.unreported[0].kr.ref if week.unreported else "",
        unreported=len(week.unreported),
    )
    return card, (shown,) if shown else ()


def next_called(week: Week, today: date) -> str:
    """How the week after the one that is told of is called today."""
    return "这周" if week.sunday < today else "下周"


def _aim(aim: Aim, line: KrWeek | None) -> dict[str, str]:
    """What was set, and how the week went for it."""
    change = line.change if line is not None else None
    return {
        "said": " ".join(
            part
            for part in (line.kr.ref if line else "", aim.words or (line.kr.title if line else ""))
            if part
        ),
        "change": say_change(change, line.kr.measure.unit) if line is not None and change else "",
    }


def _row(line: KrWeek) -> dict[str, Any]:
    kr, verdict = line.kr, line.verdict
    change = line.change
    ahead = line.ahead
    paced = verdict.paced and verdict.status is not Status.ACHIEVED
    return {
        "ref": kr.ref,
        "name": kr_name(kr),
        "fact": _fact(line, say_pace(verdict.gap_points) if paced else ""),
        "lamp": lamp(verdict.status),
        "value": say_value(kr, kr.value),
        "change": "这周没动"
        if change == 0
        else f"比上周 {say_change(change, kr.measure.unit)}"
        if change
        else "",
        "progress": say_progress(verdict.progress),
        "expected": say_percent(verdict.expected) if paced else "",
        "pace": say_pace(verdict.gap_points),
        "ahead": say_number(foretold(ahead.value), kr.measure.unit)
        if ahead and verdict.status is not Status.ACHIEVED
        else "",
    }


def _fact(line: KrWeek, pace: str) -> str:
    """`生鲜区客流量 1,050 人,慢 14 个百分点`: of a long title the end is cut off, of the number nothing."""
    value = say_value(line.kr, line.kr.value)
    said = f"{value},{pace or say_progress(line.verdict.progress)}" if line.kr.value is not None else value
    room = max(3, FACT - len(said) - 3)
    title = line.kr.title
    return f"{title if len(title) <= room else title[: room - 1] + '…'} {said}"


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
        "needed": say_change(foretold(needed) if abs(needed) >= 10 else needed, line.kr.measure.unit)
        if needed
        else "",
    }


def team_weekly_card(
    leader: str, team: TeamWeek, today: date, *, draws: bool = False
) -> tuple[Card, tuple[File, ...]]:
    """To who leads the team, in a private chat; with a bar for each member where it `draws`."""
    lagging = sorted(
        ((name, line) for name, week in team.members for line in week.lagging),
        key=lambda one: -one[1].verdict.gap_points,
    )
    best = max(
        ((name, week.best) for name, week in team.members if week.best is not None),
        key=lambda one: one[1].gained if one[1] else Decimal(0),
        default=None,
    )
    said = "上周" if team.week.sunday < today else "本周"
    shown = team_picture(f"团队{said}战报", team, today) if draws else None
    card = render(
        "weekly_team",
        picture=shown.ref if shown else "",
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
    return card, (shown,) if shown else ()
