"""今日动作: what is to be done today, what is left of yesterday, and what could be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cards.templating import render
from chat.card import Card
from okr.advice import Advice
from okr.moments import say_date
from okr.numbers import say_number, say_percent

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One action: `about` is the key result's reference, `by` who wrote it where that is somebody else."""

    ref: str
    words: str
    until: str
    day: date
    done: bool
    about: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What could be done: the words that become an action, and for what."""

    ref: str
    words: str


@dataclass(frozen=True, slots=True)
class Team:
    """How far a team is, never one person: today and since Monday."""

    today: tuple[int, int]
    week: tuple[int, int]


def day_actions_card(
    lines: Sequence[Line],
    today: date,
    *,
    wanted: str = "",
    far: str = "",
    proposals: Sequence[Proposal] = (),
    team: Team | None = None,
    news: str = "",
) -> Card:
    """`wanted`: what the day has to bring; `far`: that no day brings so much; `news`: what has just changed."""
    now = [line for line in lines if line.day == today]
    return render(
        "day_actions",
        live=True,
        news=news,
        total=len(now),
        done=sum(line.done for line in now),
        left=sum(line.day < today for line in lines),
        rows=[
            {
                "text": f"{place} {say_line(line, today)}",
                "done": line.done,
                "late": line.day < today,
            }
            for place, line in enumerate(lines[:SHOWN], 1)
        ],
        more=max(0, len(lines) - SHOWN),
        open=[line.ref for line in lines[:SHOWN] if not line.done][:3],
        late=[line.ref for line in lines if line.day < today][:1],
        wanted=wanted,
        far=far,
        proposals=[{"ref": one.ref, "words": one.words} for one in proposals[:2]],
        team=say_team(team) if team else "",
        example=next((one.ref for one in proposals), "")
        or next((one.about for one in lines if one.about), ""),
    )


def say_line(line: Line, today: date) -> str:
    """`A5 赠饮 10:00前 · KR34`."""
    parts = [f"{line.ref} {line.words}{f' {line.until}前' if line.until else ''}"]
    if line.day < today:
        parts.append(f"{say_date(line.day, today)}没做完")
    if line.about:
        parts.append(line.about)
    if line.by:
        parts.append(f"{line.by}安排的")
    return " · ".join(parts)


def say_team(team: Team) -> str:
    total, done = team.today
    week_total, week_done = team.week
    today = f"今天 {total} 件做完 {done} 件" if total else "今天还没有"
    if not week_total:
        return today
    return f"{today},本周做完 {say_percent(Decimal(week_done) / week_total)}"


def assigned_card(by: str, lines: Sequence[Line], today: date) -> Card:
    """Somebody is told what he is to do today."""
    return render(
        "day_actions_given",
        live=True,
        by=by,
        count=len(lines),
        rows=[say_line(line, today) for line in lines[:SHOWN]],
        refs=[line.ref for line in lines[:3]],
    )


_ADVICE = {
    Advice.WASTE_EVENING: "晚市打折提前半小时",
    Advice.WASTE_BATCHES: "叶菜改成一天一盘",
    Advice.VISITORS_PEAK: "高峰前在门口试吃半小时",
    Advice.VISITORS_NEIGHBOURS: "去两个小区群发今天的特价",
    Advice.BASKET_PAIRS: "把常一起买的摆到一起",
    Advice.BASKET_TILL: "收银台换一样顺手带的",
    Advice.SALES_STEPS: "先抓今天卖得最少的那个时段",
    Advice.SALES_REGULARS: "给上周没来的老客发个消息",
    Advice.RATE_FOLLOW_UP: "超 7 天没回音的挨个跟一遍",
    Advice.RATE_REASONS: "问清 3 个没成的原因",
    Advice.COMPLAINTS_SAME_DAY: "今天的客诉今天回",
    Advice.COMPLAINTS_TOP: "处理投诉最多的那一件",
    Advice.STEP_NEXT: "做完下一步里最小的一件",
    Advice.SMALLER_BITES: "今天先做完一小步",
    Advice.ONE_LEVER: "只改一处,看一天",
}
"""What can be done in a day of what helps; what is no matter of a day is not in it."""


def say_advice(advice: Advice) -> str:
    return _ADVICE.get(advice, "")


def say_orders(  # the words of one sentence
    orders: Decimal, unit: str, name: str, each: Decimal, each_unit: str, usual: Decimal | None, weekday: str
) -> str:
    """`做够 985 单(客单价按 52 元),平常周一 900 单`."""
    told = f"做够 {say_number(orders, unit)}({name}按 {say_number(each, each_unit)})"
    return f"{told},平常周{weekday} {say_number(usual, unit)}" if usual else told
