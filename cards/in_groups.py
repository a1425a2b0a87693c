"""What groups hear of the reminders: numbers of all together and praise. No names beside bad news, no amounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from cards.sayings import kr_name, say_value
from cards.templating import render
from chat.card import Card
from okr.moments import say_day
from okr.numbers import say_change, say_percent
from okr.objectives import KeyResult
from okr.weekly import KrWeek, TeamWeek


def behind_card(unit: str, lagging: int, at_risk: int, progress: Decimal, expected: Decimal) -> Card:
    """`lagging`: key results that are behind, those at risk among them."""
    return render(
        "reminders/group_behind",
        unit=unit,
        lagging=lagging,
        at_risk=at_risk,
        progress=say_percent(progress),
        expected=say_percent(expected),
    )


def reported_card(unit: str, reported: int, due: int) -> Card:
    """`reported` of `due` key results of the week."""
    rate = Decimal(reported) / due if due else Decimal(1)
    return render(
        "reminders/group_reported", unit=unit, rate=say_percent(rate), due=due, missing=due - reported
    )


def week_card(unit: str, team: TeamWeek, best: tuple[str, KrWeek] | None, today: date) -> Card:
    """`best`: who came furthest, where that may be said."""
    return render(
        "reminders/group_week",
        unit=unit,
        last_week=team.week.sunday < today,
        people=len(team.members),
        count=len(team.lines),
        lagging=sum(line.lags for line in team.lines),
        achieved=sum(line.verdict.progress.clamped >= 1 for line in team.lines),
        progress=say_percent(team.progress),
        expected=say_percent(team.expected),
        reported=say_percent(team.reported),
        best=f"{best[0]} {_gain(best[1])}" if best else "",
    )


def _gain(line: KrWeek) -> str:
    kr, change = line.kr, line.change
    if kr.measure.sealed or not change:
        return f"{kr.ref} {kr.title} {say_value(kr, kr.value)}"
    return f"{kr.ref} {kr.title} {say_change(change, kr.measure.unit)}"


def review_begun_card(unit: str, month: str, people: int, due: date, today: date) -> Card:
    return render(
        "reminders/group_review",
        unit=unit,
        month=int(month[5:]),
        people=people,
        due=say_day(due, today),
    )


def praise_card(unit: str, kr: KeyResult, owner: str, helpers: Sequence[str]) -> Card:
    """It is done."""
    return render(
        "reminders/group_praise",
        unit=unit,
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        owner=owner,
        value="" if kr.measure.sealed else say_value(kr, kr.value),
        helpers=list(helpers),
    )


def best_day_card(unit: str, kr: KeyResult, owner: str) -> Card:
    return render(
        "reminders/group_record",
        unit=unit,
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        owner=owner,
        value="" if kr.measure.sealed else say_value(kr, kr.value),
    )
