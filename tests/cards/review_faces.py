"""The cards that look back, the month's and the week's, and those of what the company has set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cards.notices import Choice, notice, question
from cards.review import (
    Member,
    cause_card,
    decision_card,
    lead_card,
    report_card,
    review_card,
    reviewed,
)
from cards.settings import one_card, overview_card
from cards.weekly import Telling, team_weekly_card, weekly_card
from chat.card import Card
from config.policy import policy_of
from config.settings import Settings
from okr.forecast import forecast
from okr.funnels import Flow
from okr.objectives import KeyResult
from okr.ranking import Place
from okr.reminding import SPEAKING
from okr.review import Cause, Decision, Review, ReviewLine, ReviewState
from okr.selling import Selling, Standing, Turn
from okr.status import ObjectiveVerdict, judge_objective
from okr.weekly import Aim, KrWeek, PersonWeek, TeamWeek, Week
from tests.cards.faces import LI, POLICY, every_kind
from tests.okr.goals import TODAY, objective

EVERYTHING = policy_of(Settings.model_validate({"schedule": {"weekly_report": "thu 16:00"}}))
SELLING = Selling(
    Turn(EVERYTHING.metrics["sales"], Decimal(82000), Decimal(73200)),
    Flow(EVERYTHING.funnels[0], (Decimal(22), Decimal(2)), (Decimal(21), Decimal(3)), Decimal(22000)),
    Standing(Place("4", Decimal(82000), 4, 2), 17, Decimal(3400)),
)
OPENED = datetime(2026, 11, 23, 2, tzinfo=UTC)


def cards() -> Iterator[tuple[str, Card]]:
    yield from _reviews()
    yield from _weeks()
    yield "settings", overview_card(EVERYTHING, (120, 81))
    for reminder in SPEAKING:
        yield f"setting, {reminder}", one_card(reminder, EVERYTHING)


def _weeks() -> Iterator[tuple[str, Card]]:
    week = Week(TODAY - timedelta(days=TODAY.weekday()))
    for count in (0, 1, 3, 7):
        goal = objective(*every_kind()[:count])
        verdict = judge_objective(goal, TODAY, POLICY)
        lines = tuple(_week_line(kr, verdict) for kr in goal.key_results)
        for selling, aim in ((None, None), (SELLING, Aim(lines[0].kr.id if lines else None, "晚市打折提前"))):
            whole = PersonWeek(week, lines, selling, aim, aim if count == 3 else None)
            for push in (False, True):
                telling = Telling(push=push, mandatory=count == 3)
                name = f"weekly, {count} {push} {selling is None}"
                yield name, weekly_card("李四", whole, TODAY, EVERYTHING, telling)[0]
            telling = Telling(own=False, number="E0102", draws=True)
            card, files = weekly_card("李四", whole, TODAY, EVERYTHING, telling)
            assert len(files) == bool(count)
            yield f"weekly of somebody, {count} {selling is None}", card
            team = TeamWeek(week, (("李四", whole),) * 5)
            card, files = team_weekly_card("王店", team, TODAY, draws=True)
            assert len(files) == 1
            yield f"weekly of a team, {count} {selling is None}", card
    for words in ("", "晚市打折提前半小时"):
        yield (
            f"aim kept, {bool(words)}",
            notice("aim_kept", called="下周", ref="KR34", name="客流", words=words),
        )
    for many in (0, 3):
        choices = [Choice(f"先办 KR{n}", f"下周重点 KR{n}") for n in range(many)]
        said = [f"🟡 KR{n} 生鲜区客流量(日均)" for n in range(many)]
        for set_before in ("", "KR34 晚市打折提前半小时"):
            yield (
                f"next focus, {many} {bool(set_before)}",
                question(
                    "next_focus",
                    choices,
                    awaits="下周重点",
                    called="下周",
                    aim=set_before,
                    lines=said,
                    example="KR34",
                ),
            )


def _week_line(kr: KeyResult, verdict: ObjectiveVerdict) -> KrWeek:
    values = [kr.value - n for n in range(4, -1, -1)] if kr.value is not None else []
    points = tuple((TODAY - timedelta(days=28 - 7 * n), value) for n, value in enumerate(values))
    cycle = objective(kr).cycle
    return KrWeek(
        kr,
        verdict.verdicts[kr.id],
        verdict.weights[kr.id],
        values[-2] if values else None,
        points,
        forecast(kr, points, cycle, TODAY),
        reported=bool(kr.id % 2),
        ends=cycle.end,
    )


def _line(kr: KeyResult, *, said: bool) -> ReviewLine:
    needed = Decimal("-0.05") if kr.id % 2 else Decimal("1.3")
    return ReviewLine(
        kr.id,
        Decimal("0.58"),
        Decimal("0.37") if kr.id % 3 else Decimal("0.9"),
        kr.value,
        needed,
        needed / 2 if kr.id % 4 else Decimal(0),
        Cause.PRIORITY if said else None,
        Decision.ADJUST if said else None,
        "周末加一个人,下个月换一家供应商,再把陈列挪到门口" if said else "",
    )


def _reviews() -> Iterator[tuple[str, Card]]:
    for count in (0, 1, 7):
        for said in (False, True):
            goal = objective(*every_kind()[:count])
            lines = tuple(_line(kr, said=said) for kr in goal.key_results)
            for state in ReviewState:
                one = Review(1, "2026-11", 1, LI.id, state, OPENED, TODAY, None, lines)
                rows = reviewed(one, [goal], POLICY)
                for push in (False, True):
                    name = f"review, {count} {said} {state} {push}"
                    yield name, review_card(one, rows, TODAY, push=push, again=said)
                yield (
                    f"review of somebody, {count} {said} {state}",
                    review_card(one, rows, TODAY, owner="李四"),
                )
                member = Member("李四", "E0102", replace(one, submitted_at=OPENED), tuple(rows))
                for by_name in (False, True):
                    yield (
                        f"review report, {count} {said} {state} {by_name}",
                        report_card("2026-11", "", [member] * 9, by_name=by_name, push=said),
                    )
            for row in reviewed(one, [goal], POLICY)[:1]:
                yield f"review cause, {count} {said}", cause_card(row)
                yield f"review decision, {count} {said}", decision_card(row)
    yield "review begun", lead_card("2026-11", 12, TODAY, TODAY)
