"""The cards that look back, the month's and the week's, and those of what the company has set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

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
from cards.weekly import team_weekly_card, weekly_card, weekly_with_picture
from chat.card import Card
from config.policy import policy_of
from config.settings import Settings
from okr.forecast import forecast
from okr.objectives import KeyResult
from okr.reminding import SPEAKING
from okr.review import Cause, Decision, Review, ReviewLine, ReviewState
from okr.status import ObjectiveVerdict, judge_objective
from okr.weekly import KrWeek, PersonWeek, TeamWeek, Week
from tests.cards.faces import LI, POLICY, every_kind
from tests.okr.goals import TODAY, objective

EVERYTHING = policy_of(Settings.model_validate({"schedule": {"weekly_report": "thu 16:00"}}))
OPENED = datetime(2026, 11, 23, 2, tzinfo=UTC)


def cards() -> Iterator[tuple[str, Card]]:
    yield from _reviews()
    yield from _weeks()
    yield "settings", overview_card(EVERYTHING)
    for reminder in SPEAKING:
        yield f"setting, {reminder}", one_card(reminder, EVERYTHING)


def _weeks() -> Iterator[tuple[str, Card]]:
    week = Week(TODAY - timedelta(days=TODAY.weekday()))
    for count in (0, 1, 3, 7):
        goal = objective(*every_kind()[:count])
        verdict = judge_objective(goal, TODAY, POLICY)
        lines = tuple(_week_line(kr, verdict) for kr in goal.key_results)
        whole = PersonWeek(week, lines)
        for push in (False, True):
            name = f"weekly, {count} {push}"
            yield name, weekly_card("李四", whole, TODAY, POLICY, push=push, mandatory=count == 3)
        card, files = weekly_with_picture("李四", whole, TODAY, POLICY, own=False, number="E0102")
        assert len(files) <= 1
        yield f"weekly of somebody, {count}", card
        yield (
            f"weekly of a team, {count}",
            team_weekly_card("王店", TeamWeek(week, (("李四", whole),) * 5), TODAY),
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
