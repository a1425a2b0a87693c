"""The week as a picture: how far each goal is, where the one to look after is heading, and the funnel."""

from __future__ import annotations

from datetime import date

from cards.drawing.bars import Part, bars, marked
from cards.drawing.charts import picture
from cards.drawing.funnel import Step, funnel
from cards.drawing.sheet import Block, sheet
from cards.drawing.trend import trend
from cards.sayings import kr_name, say_value
from cards.selling import said_rate
from chat.files import File
from okr.funnels import Flow, weakest
from okr.moments import say_day
from okr.numbers import say_change, say_number, say_pace, say_percent, say_progress
from okr.objectives import Status
from okr.policy import Policy
from okr.weekly import KrWeek, PersonWeek, TeamWeek, Week

BARS = 3
MEMBERS = 8


def week_picture(name: str, week: PersonWeek, today: date, policy: Policy) -> File:
    said = called(week.week, today)
    days = f"{say_day(week.week.monday, today)}–{say_day(min(week.week.sunday, today), today)}"
    about = f"{days} · {_marks(week)}" if week.lines else days
    return picture(
        f"{name} {said}战报", sheet(f"{name} · {said}战报", about, week_blocks(week, today, policy))
    )


def called(week: Week, today: date) -> str:
    return "上周" if week.sunday < today else "本周"


def by_need(week: PersonWeek) -> list[KrWeek]:
    """The key results, what lags first, then what weighs most."""
    return sorted(week.lines, key=lambda line: (not line.lags, -line.weight, line.kr.id))


def week_blocks(week: PersonWeek, today: date, policy: Policy) -> list[Block]:
    """How far the goals are, where the one to look after is heading, and the funnel."""
    blocks = [bars([_part(line) for line in by_need(week)[:BARS]]), *_trend(week.focus or week.best, today)]
    if week.selling is not None and week.selling.flow is not None:
        blocks.append(_funnel(week.selling.flow, called(week.week, today), policy))
    return blocks


def _marks(week: PersonWeek) -> str:
    """What the marks of the bars mean."""
    expected = {line.verdict.expected for line in by_need(week)[:BARS] if line.verdict.paced}
    return marked(expected.pop() if len(expected) == 1 else None)


def _part(line: KrWeek) -> Part:
    kr, verdict = line.kr, line.verdict
    paced = verdict.paced and verdict.status is not Status.ACHIEVED
    change = line.change
    note = say_value(kr, kr.value)
    if change:
        note += f",比上周 {say_change(change, kr.measure.unit)}"
    return Part(
        name=f"{kr.ref} {kr_name(kr)}",
        status=verdict.status,
        progress=verdict.progress.clamped,
        percent=say_progress(verdict.progress),
        expected=verdict.expected if paced else None,
        note=note,
        aside=say_pace(verdict.gap_points) if paced else str(verdict.status),
    )


def _trend(line: KrWeek | None, today: date) -> list[Block]:
    """Nothing where two values are missing."""
    if line is None or len(line.points) < 2 or line.kr.measure.target is None:
        return []
    days = (today, line.ends or today)
    name = f"{line.kr.ref} {kr_name(line.kr)}"
    return [trend(name, line.points, line.kr.measure.target, line.ahead, days, line.kr.measure.unit)]


def _funnel(flow: Flow, said: str, policy: Policy) -> Block:
    weak = weakest(flow)
    rates, before = flow.rates, flow.rates_before
    steps = []
    for at, (key, called) in enumerate(zip(flow.spec.steps, flow.spec.called, strict=True)):
        steps.append(
            Step(
                name=called,
                now=flow.now[at],
                before=flow.before[at],
                count=say_number(flow.now[at], policy.metrics[key].shown_unit),
                through=said_rate(rates[at - 1]) if at else "",
                through_before=f"上周 {said_rate(before[at - 1])}"
                if at and before[at - 1] is not None
                else "",
                stuck=weak is not None and weak.step == at,
            )
        )
    return funnel(f"{flow.spec.name}(虚线:{'前一周' if said == '上周' else '上周同期'})", steps)


def team_picture(title: str, team: TeamWeek, today: date) -> File:
    """A bar for each member, who is furthest behind first."""
    rows = sorted(
        ((name, TeamWeek(team.week, ((name, week),))) for name, week in team.members),
        key=lambda one: (one[1].progress - one[1].expected, one[0]),
    )
    parts = [_member(name, one) for name, one in rows[:MEMBERS]]
    more = f" · 另有 {len(rows) - MEMBERS} 人" if len(rows) > MEMBERS else ""
    days = f"{say_day(team.week.monday, today)}–{say_day(min(team.week.sunday, today), today)}"
    return picture(title, sheet(title, f"{days} · 竖线是按时间该到的{more}", [bars(parts)]))


def _member(name: str, one: TeamWeek) -> Part:
    lagging = sum(len(week.lagging) for _, week in one.members)
    worst = {line.verdict.status for line in one.lines}
    status = next(
        (s for s in (Status.AT_RISK, Status.DUE, Status.BEHIND, Status.STALE) if s in worst), Status.ON_TRACK
    )
    return Part(
        name=name,
        status=status,
        progress=one.progress,
        percent=say_percent(one.progress),
        expected=one.expected,
        note=f"{len(one.lines)} 个 KR" + (f",{lagging} 个要帮一把" if lagging else ",都在正轨"),
        aside=say_pace((one.expected - one.progress) * 100),
    )
