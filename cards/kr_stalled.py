"""进展停滞提醒: what stands still, or goes slower and slower."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from cards.rates import say_rate
from cards.sayings import kr_name, say_goal, say_value
from cards.templating import render
from chat.card import Card
from okr.moments import say_date
from okr.numbers import say_percent
from okr.objectives import KeyResult, Kind, RollUp
from okr.people import Person
from okr.progress import key_result_progress


def stalled_card(
    kr: KeyResult,
    values: Sequence[Decimal],
    *,
    since: date,
    today: date,
    limit: int,
    owner: Person | None = None,
) -> Card:
    """`values`: the last three that were said, oldest first; `owner`: whose it is, where his manager reads it."""
    steps = kr.measure.kind is Kind.MILESTONE
    return render(
        "reminders/kr_stalled",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        days=(today - since).days,
        since=say_date(since, today),
        value=say_value(kr, kr.value),
        last=[] if steps else [say_value(kr, value) for value in values],
        progress=say_percent(key_result_progress(kr).clamped),
        typed=not kr.metric and kr.roll_up is RollUp.MANUAL,
        limit=limit,
        owner=owner.name if owner else "",
        number=owner.number if owner else "",
    )


def slowing_card(kr: KeyResult, paces: Sequence[Decimal], *, days: int) -> Card:
    """`paces`: the change a day of the last steps, oldest first; `days`: how many are left."""
    rises = paces[-1] > 0
    return render(
        "reminders/kr_slowing",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        paces=[say_rate(pace, kr.measure) for pace in paces],
        way="做" if kr.measure.cumulative else "涨" if rises else "降",
        value=say_value(kr, kr.value),
        goal=say_goal(kr.measure),
        progress=say_percent(key_result_progress(kr).clamped),
        days=days,
        typed=not kr.metric and kr.roll_up is RollUp.MANUAL,
    )
