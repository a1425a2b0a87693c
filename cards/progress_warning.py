"""目标进度预警: how far behind, what it takes, and what to try; to the owner, and far behind to his manager."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cards.experts import name_experts
from cards.rates import say_rate
from cards.sayings import lamp, say_goal, say_missing, say_value
from cards.templating import render
from chat.card import Card
from okr.advice import Advice
from okr.experts import Expert
from okr.forecast import Forecast
from okr.numbers import say_pace, say_percent
from okr.objectives import KeyResult, Status
from okr.people import Person
from okr.status import Verdict


def warning_card(
    kr: KeyResult,
    verdict: Verdict,
    *,
    forecast: Forecast | None,
    days: int,
    advice: tuple[Advice, ...],
    threshold: int,
    level: int,
    owner: Person | None = None,
    experts: Sequence[Expert] = (),
) -> Card:
    """`owner`: whose it is, where his manager reads it; None to the owner himself. `level`: 1 is 偏慢, 2 is 告急. `days`: how many are left."""
    needed = forecast.required if forecast else None
    recent = forecast.recent if forecast else None
    return render(
        "reminders/progress_warning",
        about=kr.ref,
        ref=kr.ref,
        name=kr.title,
        light=lamp(Status.AT_RISK if level > 1 else Status.BEHIND),
        urgent=level > 1,
        progress=say_percent(verdict.progress.clamped),
        expected=say_percent(verdict.expected),
        pace=say_pace(verdict.gap_points),
        value=say_value(kr, kr.value),
        goal=say_goal(kr.measure),
        days=days,
        needed=say_rate(needed, kr.measure),
        recent=say_rate(recent, kr.measure),
        cumulative=kr.measure.cumulative,
        rises=bool(needed and needed > 0),
        stood=recent is not None and not recent,
        backwards=bool(needed and recent and (needed > 0) != (recent > 0)),
        left=say_missing(kr),
        advice=[str(one) for one in advice],
        experts=name_experts(experts),
        threshold=threshold,
        owner=owner.name if owner else "",
        number=owner.number if owner else "",
    )


def facts(verdict: Verdict, threshold: int, today: date) -> tuple[str, ...]:
    """What 为什么收到 tells."""
    return (
        f"{today:%m月%d日}进度 {say_percent(verdict.progress.clamped)},按时间该到 {say_percent(verdict.expected)}",
        f"门槛:慢 {threshold} 个百分点以上",
    )
