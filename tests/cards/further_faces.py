"""The cards of what is broken down, and of what the bot writes unasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from cards.approval_pending import told_card, waiting_card
from cards.assignment import Handout, Share, assigned_card, assignment_card, received_card
from cards.carrying import Carried, carrying_card
from cards.checkin_due import Due, due_card
from cards.division import Plan, Portion, divided_card, division_card, handed_down_card
from cards.draft import draft_card
from cards.first_contact import with_first_notice
from cards.goal_templates import template_card, templates_card
from cards.notices import Choice, notice, question
from cards.progress_warning import warning_card
from chat.card import Card
from chat.events import PlatformName
from config.policy import policy_of
from config.settings import Settings
from okr.advice import advise
from okr.decomposition import Piece, divide
from okr.forecast import forecast
from okr.objectives import Basis, State
from okr.status import judge_objective
from okr.templates import GoalTemplate
from tests.cards.faces import LI, POLICY, every_kind, requests
from tests.okr.goals import TODAY, key_result, number, objective


def cards() -> Iterator[tuple[str, Card]]:
    yield from _divisions()
    yield from _reminders()
    yield from _carried()
    yield from _templates()
    yield from _privacy()


def _divisions() -> Iterator[tuple[str, Card]]:
    kr = key_result(7, number("0", "1200", basis=Basis.QUARTER), "670", title="华东区销售额")
    for count in (1, 2, 20):
        for percent in (Decimal("0.8"), Decimal(1), Decimal("1.05"), Decimal("1.5")):
            shares = [percent / count] * count
            division = divide(kr.measure, [Piece(share) for share in shares], title=kr.title)
            portions = [
                Portion(LI, share, measure, Decimal("0.9"), kr=50)
                for share, measure in zip(shares, division.measures, strict=True)
            ]
            cover, left = division.coverage, division.uncovered
            plan = Plan(kr, portions, division.mode, cover, left, "按门店平均分", had=["王店"])
            for again in (True, False):
                name = f"division, {count}, {percent}, {again}"
                yield name, division_card(plan, "确认 分解 KR7 按门店 v3", again=again)
            yield f"divided, {count}, {percent}", divided_card(replace(plan, waits=True))
            yield f"handed down, {count}, {percent}", handed_down_card(plan, portions[0], "西湖店销售额", LI)


def _reminders() -> Iterator[tuple[str, Card]]:
    goal = objective(*every_kind())
    verdicts = judge_objective(goal, TODAY, POLICY).verdicts
    due = [Due(kr, verdicts[kr.id], TODAY - timedelta(days=9)) for kr in goal.key_results]
    for count in (1, 2, len(due)):
        yield f"to report, {count}", due_card(due[:count], TODAY, fresh_days=3)
    kr = goal.key_results[0]
    points = [(TODAY - timedelta(days=7 * n), Decimal(1070 - 10 * n)) for n in range(5, -1, -1)]
    for level in (1, 2):
        for owner in (None, LI):
            for ahead in (None, forecast(kr, points, goal.cycle, TODAY)):
                card = warning_card(
                    kr,
                    verdicts[kr.id],
                    forecast=ahead,
                    days=38,
                    advice=advise(kr, 12 * level, 24),
                    threshold=10,
                    level=level,
                    owner=owner,
                )
                yield f"warning, {level}, {owner is None}, {ahead is None}", card
    for name, request, _ in requests():
        for approver in (None, LI):
            waiting = waiting_card(request, LI, hours=49, threshold=48, approver=approver)
            yield f"waits, {name}, {approver is None}", waiting
        for escalated in (True, False):
            yield f"told, {name}, {escalated}", told_card(request, LI, hours=49, escalated=escalated)


def _carried() -> Iterator[tuple[str, Card]]:
    for running in (True, False):
        for all_done in (True, False):
            goal = objective(*every_kind())
            items = [Carried(kr, None if all_done else kr.measure, not all_done) for kr in goal.key_results]
            yield f"carried, {running}, {all_done}", carrying_card(goal, items, "2027Q1", running=running)
    draft = objective(*every_kind(), state=State.DRAFT)
    yield "a draft with lessons", draft_card(draft, (), lessons="O4 上次 损耗率 0.4:人手不够、国庆缺两个人")


def _templates() -> Iterator[tuple[str, Card]]:
    policy = policy_of(Settings())
    house = policy.templates
    many = tuple(replace(house[1], name=f"{house[1].name}{n}") for n in range(9))
    for name, offered in (("the house's", house), ("one", house[:1]), ("many", many)):
        yield f"templates, {name}", templates_card(offered)
    lines = tuple(replace(house[0].lines[0], title=f"客户拜访量的第{n}种算法和它的说明") for n in range(10))
    for template in (*house, replace(house[0], lines=lines)):
        yield f"template, {template.name}, {len(template.lines)}", template_card(template, policy.metrics)
    yield "no templates", notice("no_templates")
    yield from _handouts(house[0])


def _handouts(template: GoalTemplate) -> Iterator[tuple[str, Card]]:
    targets = (replace(template.lines[0], measure=number("0", "300", unit="次")), template.lines[1])
    goal = objective()
    for count in (1, 2, 20):
        shares = [Share(LI, targets, Decimal("0.9"), 50 + n) for n in range(count)]
        people = [LI] * (count - 1)
        handout = Handout(
            template, goal.cycle, targets, shares, template.lines, people, people, "华东区 店长"
        )
        supporting = replace(
            handout, supports=key_result(7, number("0", "9"), title="华东区销售额"), unread="什么"
        )
        for name, one in (("plain", replace(handout, had=(), unfit=(), others=())), ("all", supporting)):
            for again in (True, False):
                card = assignment_card(one, "确认 派发 业绩增长 华东区 店长 共2人", again=again)
                yield f"assignment, {count}, {name}, {again}", card
            yield f"assigned, {count}, {name}", assigned_card(one)
            yield f"received, {count}, {name}", received_card(one, shares[0], LI)
    for had, unfit in (("王店、赵店", ""), ("", "李四"), ("王店", "李四")):
        card = notice("assigned_already", name="业绩增长", had=had, unfit=unfit)
        yield f"assigned already, {had}, {unfit}", card
    yield "not below you", notice("not_below_you", name="赵店", say="派发 业绩增长")
    yield "too many at once", notice("too_many_at_once", count=900, most=300, say="派发 业绩增长")
    yield "too long at once", notice("too_long_at_once", say="派发 业绩增长")


def _privacy() -> Iterator[tuple[str, Card]]:
    usual = notice("welcome", name="李四")
    for days in (0, 730):
        for platform in PlatformName:
            told = with_first_notice(usual, replace(POLICY, leaver_days=days), platform)
            yield f"first notice, {platform}, kept {days} days", told
    yield (
        "my data, read",
        notice(
            "my_data", rows=["目标 3 条"], readers=["2026-11-23 09:30 王店 目标和进度"], read=1, years=2.0
        ),
    )
    yield "my data, new", notice("my_data", rows=[], readers=[], read=0, years=0)
    for what, yes, no in (("更正", "已更正", "不更正"), ("申诉", "采纳", "不采纳")):
        choices = [Choice(word, f"答复 3 {word}") for word in (yes, no)]
        facts = (
            ["O12 评分 0.4", *[f"KR{number} 客流量 0.4(少两个人)" for number in range(34, 39)]]
            if what == "申诉"
            else []
        )
        yield (
            f"plea, {what}",
            question(
                "plea", choices, what=what, by="李四", unit="西湖店", number=3, words="停业的两周没算", ref="O12" if facts else "",
                title="提升门店季度业绩" if facts else "", facts=facts, yes=yes, no=no,
            ),
        )  # fmt: skip
        yield f"{what} sent", notice("plea_sent", what=what, number=3, words="停业的两周没算", to="周敏")
        for agreed in (True, False):
            yield (
                f"{what} answered, {agreed}",
                notice(
                    "plea_answered", what=what, correction=what == "更正", yes=agreed, by="周敏", words="按停业前的数重评",
                    asked="停业的两周没算", when="昨天 18:00",
                ),
            )  # fmt: skip
