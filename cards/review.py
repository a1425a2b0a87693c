"""The monthly review: what is filled in already, what is asked, and the report of a team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cards.notices import Choice, question
from cards.rates import rounded
from cards.sayings import kr_name, lamp
from cards.templating import render
from chat.card import Card
from okr.forecast import RESOURCE_GAP
from okr.moments import say_date
from okr.numbers import TENTH, half_up, say_change, say_number, say_pace, say_percent
from okr.objectives import KeyResult, Measure, Objective, Status
from okr.policy import Policy
from okr.reminding import Reminder
from okr.review import Cause, Decision, Review, ReviewLine, days_to_end, heading_for, missing
from okr.status import PACED

LINES = 4
"""Key results on one card."""
PEOPLE = 5
"""Members on one report."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A line of a review with the key result it speaks of. `days`: how many were left when it was opened."""

    line: ReviewLine
    kr: KeyResult
    days: int
    points: int
    """So many points behind the plan is 偏慢."""
    far: int
    """So many is 告急."""
    gap_ratio: Decimal = RESOURCE_GAP
    """From so many times the pace of late on something is lacking."""

    @property
    def is_done(self) -> bool:
        return self.line.is_done(self.points)

    @property
    def lags(self) -> bool:
        return self.line.lag(self.points)

    @property
    def lacks(self) -> bool:
        return self.line.lacks(self.gap_ratio)


def reviewed(review: Review, goals: Iterable[Objective], policy: Policy) -> list[Reviewed]:
    """The lines of a review with the key results they speak of."""
    lines = {line.kr_id: line for line in review.lines}
    opened = review.opened_at.astimezone(policy.zone).date()
    rule = policy.reminders.get(Reminder.MONTHLY_REVIEW)
    ratio = (
        Decimal(str(rule["gap_ratio"])) if rule is not None and "gap_ratio" in rule.numbers else RESOURCE_GAP
    )
    return [
        Reviewed(
            lines[kr.id],
            kr,
            days_to_end(kr, objective.cycle, opened),
            policy.behind_points,
            policy.at_risk_points,
            ratio,
        )
        for objective in goals
        for kr in objective.key_results
        if kr.id in lines
    ]


def review_card(
    review: Review,
    rows: Sequence[Reviewed],
    today: date,
    *,
    owner: str = "",
    again: bool = False,
    push: bool = False,
) -> Card:
    """One person's review. `owner`: whose it is where somebody else reads it. `push`: nobody asked for it."""
    waiting = [row for row in rows if not row.is_done and row.lags]
    first = waiting or [row for row in rows if not row.is_done]
    ordered = sorted(rows, key=lambda row: (row.is_done, not row.lags))
    return render(
        "review",
        live=not push,
        about=waiting[0].kr.ref if len(waiting) == 1 else "",
        title=review.ref,
        state=review.state.called,
        owner=owner,
        own=not owner,
        again=again,
        push=push,
        count=len(rows),
        waiting=len(waiting),
        due=say_date(review.due, today),
        over=review.due < today,
        rows=[_row(row) for row in ordered[:LINES]],
        more=max(0, len(rows) - LINES),
        first=first[0].kr.ref if first else "",
        is_open=review.is_open,
        submitted=str(review.state) == "submitted",
        adjust=[row.kr.ref for row in rows if row.line.decision is Decision.ADJUST],
        stop=[row.kr.ref for row in rows if row.line.decision is Decision.STOP],
    )


def _row(row: Reviewed) -> dict[str, Any]:
    line, kr = row.line, row.kr
    gap = (line.planned - line.actual) * 100
    status = Status.AT_RISK if gap >= row.far else Status.BEHIND if row.lags else Status.ON_TRACK
    ahead = heading_for(kr, line, row.days)
    said = [str(word) for word in (line.cause, line.decision) if word] + ([line.words] if line.words else [])
    return {
        "ref": kr.ref,
        "name": kr_name(kr),
        "lamp": lamp(status),
        "actual": say_percent(line.actual),
        "planned": say_percent(line.planned),
        "pace": say_pace(gap),
        "paced": kr.measure.kind in PACED,
        "ahead": say_percent(ahead) if ahead is not None else "",
        "lack": _lack(row) if row.lacks else "",
        "said": " · ".join(said),
        "asked": row.lags and not row.is_done,
    }


def _lack(row: Reviewed) -> str:
    """`每周要降 0.35 个点,近来降 0.21(1.7 倍),到期会差 0.9 个点`."""
    line, measure = row.line, row.kr.measure
    needed = (line.needed or Decimal(0)) * WEEK
    recent = (line.recent or Decimal(0)) * WEEK
    way = "涨" if needed > 0 else "降"
    other = "没动" if not recent else f"{'涨' if recent > 0 else '降'} {_said(recent, measure)}"
    times = f"({half_up(line.ratio, TENTH)} 倍)" if line.ratio is not None else ""
    return f"每周要{way} {_said(needed, measure)},近来{other}{times},到期会差 {_said(missing(line, row.days), measure)}"


def _said(value: Decimal, measure: Measure) -> str:
    """Rates are for the eye: whole numbers from ten on, and of what cannot be halved."""
    return say_change(abs(rounded(value, measure)), measure.unit).removeprefix("+")


def cause_card(row: Reviewed) -> Card:
    """复盘 KR34: where it lags, one cause of the list."""
    ref = row.kr.ref
    return question(
        "review_cause",
        [Choice(str(cause), f"复盘 {ref} 原因 {cause}") for cause in Cause],
        about=ref,
        ref=ref,
        name=kr_name(row.kr),
        pace=say_pace((row.line.planned - row.line.actual) * 100),
    )


def decision_card(row: Reviewed) -> Card:
    """…and what is to become of it."""
    ref = row.kr.ref
    return question(
        "review_decision",
        [Choice(str(decision), f"复盘 {ref} {decision}") for decision in Decision],
        about=ref,
        ref=ref,
        name=kr_name(row.kr),
        cause=str(row.line.cause or ""),
    )


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a team with his review."""

    name: str
    number: str
    review: Review
    rows: tuple[Reviewed, ...]


def report_card(
    month: str, leader: str, members: Sequence[Member], *, by_name: bool, push: bool = False
) -> Card:
    """The report of a team: its numbers, and for who leads it each member's (`by_name`)."""
    rows = [row for member in members for row in member.rows]
    handed_in = [member for member in members if member.review.submitted_at is not None]
    causes = _counted(str(row.line.cause) for row in rows if row.line.cause)
    decisions = _counted(str(row.line.decision) for row in rows if row.line.decision)
    return render(
        "review_report",
        month=f"{int(month[5:])}月",
        leader=leader,
        by_name=by_name,
        push=push,
        people=len(members),
        handed_in=len(handed_in),
        rows=len(rows),
        lagging=sum(row.lags for row in rows),
        actual=say_percent(_mean([row.line.actual for row in rows])),
        planned=say_percent(_mean([row.line.planned for row in rows])),
        lacking=sum(row.lacks for row in rows),
        causes=[f"{name} {count}" for name, count in causes.items()],
        decisions=[f"{name} {count}" for name, count in decisions.items()],
        members=[_member(member) for member in members[:PEOPLE]] if by_name else [],
        more=max(0, len(members) - PEOPLE) if by_name else 0,
        first=next((member.number for member in members if any(row.lags for row in member.rows)), ""),
    )


def _member(member: Member) -> dict[str, Any]:
    worst = max(member.rows, key=lambda row: row.line.planned - row.line.actual, default=None)
    done = member.review.submitted_at is not None
    return {
        "name": member.name,
        "state": "已交" if done else "没交",
        "worst": f"{worst.kr.ref} {say_pace((worst.line.planned - worst.line.actual) * 100)}"
        if worst is not None and worst.lags
        else "都在正轨"
        if member.rows
        else "没有 KR",
        "said": " · ".join(str(one) for one in (worst.line.cause, worst.line.decision) if one)
        if worst
        else "",
    }


def _counted(words: Iterable[str]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items(), key=lambda one: -one[1]))


def _mean(shares: Sequence[Decimal]) -> Decimal:
    return sum(shares, Decimal(0)) / len(shares) if shares else Decimal(0)


def lead_card(month: str, people: int, due: date, today: date) -> Card:
    """To who leads a team: its review has begun."""
    return render(
        "review_begun",
        month=f"{int(month[5:])}月",
        people=say_number(Decimal(people)),
        due=say_date(due, today),
    )
