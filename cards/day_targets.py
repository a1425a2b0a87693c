"""What a day has to bring: 日目标, and the line of it on other cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cards.rates import rounded
from cards.sayings import COVERED, kr_name, say_amount
from cards.templating import render
from chat.card import Card
from okr.curve import Curve
from okr.day_targets import DayTarget, is_out_of_reach
from okr.moments import WEEKDAYS, say_day
from okr.numbers import CENT, TENTH, half_up, say_percent
from okr.objectives import Basis, KeyResult

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Day:
    """A key result on one day: what it has to bring, what it has brought, and what the days to come have to."""

    kr: KeyResult
    target: DayTarget
    brought: Decimal | None
    curve: Curve
    week: Mapping[date, Decimal]
    usual: Decimal | None = None
    """What such a weekday usually brings; None where that is not known."""

    @property
    def is_out_of_reach(self) -> bool:
        return is_out_of_reach(self.target.amount, self.usual)


def say_wanted(kr: KeyResult, target: DayTarget) -> str:
    """`3.2 万元`, or the part of the whole way where amounts are covered."""
    if target.closed:
        return "不开门,不用做"
    if not target.left:
        return "已经做够了"
    if kr.measure.sealed:
        return f"全程的 {say_share(target.amount, kr)}"
    return say_amount(kr.measure, rounded(target.amount, kr.measure))


def say_share(amount: Decimal, kr: KeyResult) -> str:
    assert kr.measure.target
    return say_percent_fine(amount / kr.measure.target)


def say_percent_fine(share: Decimal) -> str:
    """A day is a small part: one decimal."""
    return f"{half_up(share * 100, TENTH)}%"


def say_brought(kr: KeyResult, target: DayTarget, brought: Decimal | None) -> str:
    """`已到 4,120 元(13%)`; empty where nothing has come in yet."""
    if brought is None:
        return ""
    far = f"{say_percent(brought / target.amount)}" if target.amount else ""
    if kr.measure.sealed:
        return f"已到 {far}" if far else ""
    return f"已到 {say_amount(kr.measure, rounded(brought, kr.measure))}{f'({far})' if far else ''}"


def day_line(kr: KeyResult, target: DayTarget, brought: Decimal | None) -> str:
    """`今天要 3.2 万元,已到 4,120 元(13%)`, on the card of a key result."""
    done = say_brought(kr, target, brought)
    return f"今天{'要 ' if target.left and not target.closed else ''}{say_wanted(kr, target)}{f',{done}' if done else ''}"


_SPANS = {Basis.MONTH: "本月", Basis.QUARTER: "本季", Basis.DAILY: "日均", Basis.WEEKLY: "周均"}


def say_left(kr: KeyResult, target: DayTarget, today: date) -> str:
    """`本季还差 101 万元,分到 12月31日前的 38 天`; `日均要到 1,100 人,12月31日前的 38 天一共还要 4.3 万人`."""
    span = _SPANS[kr.measure.basis]
    left = COVERED if kr.measure.sealed else say_amount(kr.measure, rounded(target.left, kr.measure))
    until = f"{say_day(target.last, today)}前的 {target.days} 天"
    if kr.measure.basis in (Basis.MONTH, Basis.QUARTER):
        return f"{span}还差 {left},分到 {until}" if target.left else f"{span}的已经做够了"
    assert kr.measure.target is not None
    wanted = COVERED if kr.measure.sealed else say_amount(kr.measure, kr.measure.target)
    return f"{span}要到 {wanted},{until}一共还要 {left}" if target.left else f"{span}要到 {wanted},已经够了"


def say_usual(day: Day) -> str:
    """`平常的周一 3.1 万元`; said honestly where so much more is asked for that no day brings it."""
    if day.usual is None or not day.target.amount or day.target.closed:
        return ""
    weekday = f"平常的周{WEEKDAYS[day.target.day.weekday()]}"
    usual = (
        "" if day.kr.measure.sealed else f" {say_amount(day.kr.measure, rounded(day.usual, day.kr.measure))}"
    )
    if day.is_out_of_reach:
        times = half_up(day.target.amount / day.usual, TENTH)
        return f"这是{weekday}{usual}的 {times} 倍,靠每天多做一点追不上了,和上级商量目标,或找人帮忙"
    return f"{weekday}{usual}" if usual else ""


def say_curve(curve: Curve) -> str:
    """How it was divided: by whose history, and what its weekdays weigh."""
    if not curve.told_by:
        return "历史数据还不够 6 周,先按天平分(停业的日子不算)"
    whose = f"{curve.told_by}自己" if curve.own else f"{curve.told_by}(自己的历史还不够 6 周)"
    week = " ".join(
        f"{WEEKDAYS[index]}{half_up(Decimal(weight) / 1000, CENT)}"
        for index, weight in enumerate(curve.weekdays)
    )
    return f"按{whose}近 {curve.days} 天的轻重分:{week};节假日、大促、停业另算"


def day_target_card(day: Day) -> Card:
    """One key result: today, what is left, the days to come, and how they were weighed."""
    kr, today = day.kr, day.target.day
    return render(
        "day_target",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        wanted=say_wanted(kr, day.target),
        verb="要 " if day.target.left and not day.target.closed else "",
        done=say_brought(kr, day.target, day.brought),
        left=say_left(kr, day.target, today),
        coming=" · ".join(
            f"{WEEKDAYS[one.weekday()]} {_bare(kr, amount)}"
            for one, amount in day.week.items()
            if one > today
        ),
        usual=say_usual(day),
        curve=say_curve(day.curve),
        far=day.is_out_of_reach,
    )


def day_targets_card(days: Sequence[Day]) -> Card:
    """Several key results: a line each."""
    lines = [
        f"{day.kr.ref} {day.kr.title}:{day_line(day.kr, day.target, day.brought).removeprefix('今天')}"
        for day in days[:SHOWN]
    ]
    return render("day_targets", lines=lines, first=days[0].kr.ref, count=len(days))


def _bare(kr: KeyResult, amount: Decimal) -> str:
    if not amount:
        return "—"
    return (
        say_share(amount, kr)
        if kr.measure.sealed
        else say_amount(kr.measure, rounded(amount, kr.measure), bare=True)
    )
