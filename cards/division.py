"""分解: how a key result would be divided, what came of it, and what each is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.sayings import kr_name, say_amount, say_goal
from cards.templating import render
from chat.card import Card
from okr.coverage import Cover, Coverage
from okr.numbers import say_number, say_percent
from okr.objectives import KeyResult, Measure, RollUp
from okr.people import Person

SHOWN = 4
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Portion:
    """What somebody gets. `kr` is 0 before it is written."""

    receiver: Person
    share: Decimal
    measure: Measure
    factor: Decimal = ONE
    reached: Decimal | None = None
    """His part of what has been reported already; None where that is not divided."""
    kr: int = 0

    @property
    def who(self) -> str:
        return f"{self.receiver.name}({self.receiver.unit})" if self.receiver.unit else self.receiver.name


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole division, before it is written. `how`: in words; `had`: names of those who have their part already."""

    kr: KeyResult
    portions: Sequence[Portion]
    mode: RollUp
    coverage: Coverage | None
    uncovered: Decimal
    how: str
    words: str = ""
    """What was said, as a button can carry it."""
    had: Sequence[str] = ()
    waits: bool = False
    """Whether the number above stays as it is until those below have reported."""


def division_card(plan: Plan, confirm: str, *, again: bool) -> Card:
    """The preview; `confirm` is the command that writes it."""
    names = [portion.receiver.name for portion in plan.portions]
    told = names[0] if len(names) == 1 else f"{names[0]} 等 {len(names)} 人"
    return render(
        "division",
        live=True,
        asks=True,
        about=plan.kr.ref,
        ref=plan.kr.ref,
        name=kr_name(plan.kr),
        goal=say_goal(plan.kr.measure),
        count=len(plan.portions),
        how=plan.how,
        again=again,
        lines=[_line(portion) for portion in plan.portions[:SHOWN]],
        more=max(0, len(plan.portions) - SHOWN),
        cover=_cover(plan),
        had="、".join(plan.had),
        told=told,
        after=_after(plan),
        confirm=confirm,
    )


def divided_card(plan: Plan) -> Card:
    """After it has been written."""
    return render(
        "divided",
        about=plan.kr.ref,
        ref=plan.kr.ref,
        name=kr_name(plan.kr),
        count=len(plan.portions),
        lines=[_line(portion) for portion in plan.portions[:SHOWN]],
        more=max(0, len(plan.portions) - SHOWN),
        after=_after(plan),
        waits=plan.waits,
    )


def handed_down_card(plan: Plan, portion: Portion, title: str, by: Person) -> Card:
    """To who got a part."""
    return render(
        "handed_down",
        about=f"KR{portion.kr}",
        by=by.name,
        ref=f"KR{portion.kr}",
        name=title,
        goal=say_goal(portion.measure),
        share=say_percent(portion.share),
        parent=plan.kr.ref,
        parent_name=plan.kr.title,
        reached=_reached(portion),
    )


def _line(portion: Portion) -> dict[str, str]:
    factor = "" if portion.factor == ONE else f" ×{say_number(portion.factor)}"
    return {
        "who": portion.who,
        "share": say_percent(portion.share),
        "ends": say_goal(portion.measure),
        "ref": f"KR{portion.kr}" if portion.kr else "",
        "factor": factor,
        "reached": _reached(portion),
    }


def _reached(portion: Portion) -> str:
    if portion.reached is None or portion.measure.sealed:
        return ""
    return say_amount(portion.measure, portion.reached)


def _cover(plan: Plan) -> str:
    """覆盖率 in words: how much of the target is in somebody's hands."""
    if plan.coverage is None:
        if plan.uncovered > 0:
            return f"还有 {say_percent(plan.uncovered)} 没分出去"
        return "都分出去了"
    rate = say_percent(plan.coverage.rate)
    match plan.coverage.cover:
        case Cover.SHORT:
            missing = say_amount(plan.kr.measure, plan.coverage.missing)
            return f"覆盖率 {rate},还差 {missing} 没人认"
        case Cover.WHOLE:
            return "覆盖率 100%,正好分完"
        case Cover.SURPLUS:
            return f"覆盖率 {rate},留了一点余量,正常"
        case Cover.FAR_ABOVE:
            return f"覆盖率 {rate},分多了,看看是不是算重了"


def _after(plan: Plan) -> str:
    if plan.waits:
        return f"{plan.kr.ref} 先按原来的数;下面都报过以后点「由下面自动算」,或者回「修改 {plan.kr.ref} 汇总 加权」"
    how = "相加" if plan.mode is RollUp.SUM else "加权平均"
    return f"以后 {plan.kr.ref} 由下面{how}得出,不用再报"
