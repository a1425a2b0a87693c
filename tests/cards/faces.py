"""One of every card, from goals as they are in a company: small, usual, and as large as they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cards.aligned import aligned_card, ask_card
from cards.association import Row, association_card, own_associations_card
from cards.change_request import (
    Proposal,
    Upwards,
    asked_card,
    change_request_card,
    changed_above_card,
    changed_card,
    decided_card,
    outcome_card,
)
from cards.checked_in import Step, checked_in
from cards.cycles import Standing, closing_card, cycles_card
from cards.directions import Direction, directions_card
from cards.draft import draft_card
from cards.edit_trail import trail_card
from cards.enclosed import enclosed
from cards.goal import Rung, key_result_card, objective_card, why_card
from cards.goal_map import goal_map
from cards.history import Line, history_card, value_of_day_card
from cards.my_objectives import Shelf, my_objectives
from cards.origins import Row as PersonsRow
from cards.origins import origins_card
from cards.scores import Line as OverviewLine
from cards.scores import (
    Sheet,
    cause_card,
    confirming_card,
    overview_card,
    score_card,
    told_card,
    what_score_card,
)
from cards.suggestion import Idea, Wanted, suggestion_card
from cards.todo import Duty, todo_card
from cards.unit import unit_card
from chat.card import Card
from okr.approvals import ChangeField, Need, RequestState
from okr.association import Association
from okr.objectives import (
    Basis,
    Cycle,
    CycleState,
    KeyResult,
    Kind,
    Measure,
    Milestone,
    Objective,
    State,
)
from okr.origin import Origins
from okr.people import Person
from okr.policy import Policy
from okr.requests import ChangeRequest, FieldChange, RequestKind, applied
from okr.scoring import Cause
from okr.status import judge_objective
from okr.writing import BLOCKING, Code, Finding, check_objective
from storage.closing import Outlook
from storage.scores import Mark
from storage.trail import Line as TrailLine
from tests.cards.sample import EG
from tests.okr import trees
from tests.okr.goals import TODAY, key_result, number, o12, objective

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
POLICY = Policy()
LI = Person(4, "E0102", "李四", "总部/华东区/西湖店", "生鲜主管")


def every_kind() -> tuple[KeyResult, ...]:
    steps = (Milestone("选址"), Milestone("装修", done=True), Milestone("开业", due=date(2026, 12, 20)))
    return (
        key_result(34, number("1000", "1100", basis=Basis.DAILY), "1070", title="生鲜区客流量", confidence=7),
        key_result(35, Measure(Kind.MAINTAIN, "%", high=Decimal(5)), "6.9", title="损耗率"),
        key_result(36, Measure(Kind.BOOLEAN), title="办好会员日"),
        key_result(37, Measure(Kind.MILESTONE, milestones=steps), title="滨江二店开业"),
        key_result(38, Measure(Kind.ORDINAL, rungs=("及格", "良好", "优秀")), "0.7", title="陈列评级"),
        key_result(39, Measure(Kind.BASELINE, "分"), title="摸清顾客满意度"),
        key_result(40, number(None, None), title="新客占比"),
    )


def goals() -> tuple[Objective, ...]:
    return (o12("1070"), objective(*every_kind(), parent_kr=7), objective(every_kind()[0], title="一" * 60))


def _draft(goal: Objective, findings: tuple[Finding, ...]) -> Card:
    return draft_card(goal, findings)


def cards() -> Iterator[tuple[str, Card]]:
    for goal in goals():
        name = f"{len(goal.key_results)} KR"
        first = goal.key_results[0]
        yield f"objective, {name}", objective_card(goal, LI, own=True, association=80, now=NOW, policy=POLICY)
        yield (
            f"objective of another, {name}",
            objective_card(goal, LI, own=False, association=80, now=NOW, policy=POLICY),
        )
        step = Step(first, first, None, Decimal(1070), "促销第一天", date(2026, 11, 20))
        yield f"checked in, {name}", checked_in(goal, goal, [step], TODAY, POLICY)
        yield f"checked in three, {name}", checked_in(goal, goal, [step] * 3, TODAY, POLICY)
        for own in (True, False):
            for page in (1, 2):
                shelf = Shelf("李四", own, [goal], [goal], NOW, "我的目标")
                yield f"my objectives, {name}, {own}, {page}", my_objectives(shelf, POLICY, page)
        draft = objective(*goal.key_results, state=State.DRAFT)
        yield f"draft, {name}", _draft(draft, check_objective(draft))
    for kr in every_kind():
        whole = objective(*every_kind())
        yield (
            f"key result, {kr.measure.kind}",
            key_result_card(whole, kr, LI, can_report=True, now=NOW, policy=POLICY),
        )
        yield (
            f"why, {kr.measure.kind}",
            why_card(
                whole, kr, chain=CHAIN, direction=YEAR, own=True, can_report=True, now=NOW, policy=POLICY
            ),
        )
        yield from _histories(kr)
    yield from _drafts()
    yield from _lists()
    yield from _requests()
    yield from _pictures()
    yield from _cycles()
    yield from _trails()
    yield from _suggestions()
    yield from _scores()
    yield from _alignments()


def _scores() -> Iterator[tuple[str, Card]]:
    goal = objective(*every_kind())
    suggested = {kr.id: Decimal("0.6") for kr in goal.key_results}
    why = Mark(34, Decimal("0.3"), "国庆缺两个人,货也来得晚", Cause.PEOPLE)
    given = {kr.id: replace(why, kr_id=kr.id) for kr in goal.key_results}
    for name, sheet in (
        ("nothing", Sheet(goal, suggested, {}, early=38)),
        ("some", Sheet(goal, suggested, {34: why})),
        ("all", Sheet(goal, suggested, given)),
        ("locked", Sheet(replace(goal, score=Decimal("0.3")), suggested, given, locked=True)),
        ("a daily figure", Sheet(objective(replace(every_kind()[0], is_kpi=True)), {}, {})),
    ):
        for own in (True, False):
            card = score_card(sheet, "李四", own=own, may_score=True, may_confirm=not own)
            yield f"scores, {name}, {own}", card
        if not sheet.unscored and sheet.scoring:
            yield f"scores asked, {name}", confirming_card(sheet, "李四")
            yield f"scores told, {name}", told_card(sheet, "王店")
        lines = [OverviewLine("李四", sheet)] * 7
        quarter = Cycle(1, "2026Q4", date(2026, 10, 1), date(2026, 12, 31))
        yield f"overview, {name}", overview_card(quarter, lines, lines, EG, locked=sheet.locked)
        yield f"overview of a team, {name}", overview_card(quarter, [], lines, EG, locked=sheet.locked)
    yield "nothing to score", overview_card(quarter, [], [], EG, locked=False)
    for kr in every_kind():
        yield f"cause, {kr.ref}", cause_card(kr, Decimal("0.3"))
        yield f"what score, {kr.ref}", what_score_card(kr, Decimal("1.0"))


YEAR = "O20「第一选择」"
AT = NOW, POLICY
CHAIN = [Rung(f"KR{n}", "西湖店销售额(本季累计)", "王店", Decimal("0.12"), company=n == 4) for n in range(5)]


def _alignments() -> Iterator[tuple[str, Card]]:
    wang = Person(3, "E0101", "王店", "总部/华东区/西湖店", "店长")
    above = [(whole, whole.key_results[0]) for whole in (o12("1070"), objective(*every_kind()))]
    long = "O12「" + "一" * 60 + "」"
    for asked in ([], ["王店"]):
        yield (
            f"aligned, {asked}",
            aligned_card(
                "O12",
                long,
                above,
                owner=wang,
                asked=asked,
                skips=True,
                rolls=False,
                shares=["KR34 60%", "KR7 40%"],
                draft=True,
            ),
        )
    yield (
        "asked to be supported",
        ask_card("O12", long, above[0], who=LI, share=Decimal("0.3"), rolls=True, skips=True, visible=True),
    )
    close = Association(40, 0, 20, 13)
    for count in (0, 1, 5):
        rows = [Row("KR7", "西湖店销售额", "王店", Decimal("0.004"), close)] * count
        yield f"association with {count}", association_card("O12", "O12", long, 73, rows)
    yield "own associations", own_associations_card([("O12", "一" * 60, 73), ("O13", "二", 0)])
    split = Origins(Decimal("0.58"), 8, 3)
    people = [PersonsRow(f"张三{n}", n == 0, split) for n in range(12)]
    for name, of in (("nobody", None), ("team", split)):
        shares = {"share": Decimal("0.7"), "tolerance": Decimal("0.1")}
        card = origins_card("华东区", "2026Q4", of, people, without=2, kr="KR34", eg=EG, **shares)
        yield f"origins of {name}", card
    whole = objective(*every_kind())
    verdict = judge_objective(whole, TODAY, POLICY)
    yield "directions", directions_card([Direction(whole, "陈总", verdict, 3)] * 9, 2026)


def _cycles() -> Iterator[tuple[str, Card]]:
    quarter = Cycle(1, "2026Q4", date(2026, 10, 1), date(2026, 12, 31))
    for state in CycleState:
        standing = [Standing(quarter, state, date(2027, 1, 15))] * 6
        yield f"cycles, {state}", cycles_card(standing, may_close=True, today=TODAY)
    for owners in ((), tuple((owner, 3) for owner in range(12))):
        outlook = Outlook(12, owners, len(owners), len(owners))
        known = dict.fromkeys(range(6), LI)
        yield f"to close, {len(owners)}", closing_card(quarter, outlook, known)


def _requests() -> Iterator[tuple[str, Card]]:
    wang = Person(3, "E0101", "王店", "总部/华东区/西湖店", "店长")
    above = Upwards("KR7", "王店")
    people = {3: "王店", 4: "李四"}
    for name, request, before in requests():
        for state in (RequestState.WAITING, RequestState.APPROVED, RequestState.REJECTED):
            told = replace(
                request, state=state, decision="目标偏低" if state is RequestState.REJECTED else ""
            )
            proposal = Proposal(
                told,
                before,
                applied(before, told),
                LI,
                wang,
                ["王店"],
                above,
                ["张三", "吴越", "赵店", "周敏"],
                people=people,
            )
            yield f"outcome {state}, {name}", outcome_card(proposal, NOW, POLICY, by="王店", mine=True)
            yield (
                f"decided {state}, {name}",
                decided_card(proposal, NOW, POLICY, yes=state is RequestState.APPROVED),
            )
        proposal = Proposal(
            request, before, applied(before, request), LI, LI, ["王店"], above, [], people=people
        )
        why, news = "这类改动归你批", "O12 刚有别的改动,再看一眼"
        yield f"request, {name}", change_request_card(proposal, NOW, POLICY, why=why, news=news)
        yield f"request seen, {name}", change_request_card(proposal, NOW, POLICY, decides=False)
        yield f"asked, {name}", asked_card(proposal, NOW, POLICY, replaced=["R7"])
        yield f"changed, {name}", changed_card(proposal, NOW, POLICY)
        for nearest in ("KR34", "KR7"):
            yield f"changed above, {name}, {nearest}", changed_above_card(proposal, nearest)


def requests() -> Iterator[tuple[str, ChangeRequest, Objective]]:
    """One of every kind, about O12 with KR34."""
    whole = objective(*every_kind(), parent_kr=7)
    target = FieldChange(ChangeField.TARGET, {"target": Decimal(1100)}, {"target": Decimal(1050)})
    several = (
        target,
        FieldChange(ChangeField.DEADLINE, {"due": None}, {"due": date(2026, 12, 20)}),
        FieldChange(ChangeField.WEIGHT, {"weight": Decimal(1)}, {"weight": Decimal(3)}),
        FieldChange(ChangeField.TITLE, {"title": "生鲜区客流量"}, {"title": "生鲜区进店人数"}),
    )
    owner = FieldChange(ChangeField.OWNER, {"owner_id": 4}, {"owner_id": 3})
    whatever = FieldChange(ChangeField.CREATE, {}, {"state": "active"})
    for name, kind, kr_id, changes in (
        ("target", RequestKind.CHANGE, 34, (target,)),
        ("several", RequestKind.CHANGE, 34, several),
        ("owner", RequestKind.CHANGE, None, (owner,)),
        ("create", RequestKind.CREATE, None, (whatever,)),
        ("add", RequestKind.ADD, 36, (replace(whatever, field=ChangeField.ADD),)),
        ("cancel", RequestKind.CANCEL, 34, (replace(whatever, field=ChangeField.CANCEL),)),
        ("cancel all", RequestKind.CANCEL, None, (replace(whatever, field=ChangeField.CANCEL),)),
    ):
        yield (
            name,
            ChangeRequest(
                8,
                kind,
                12,
                kr_id,
                changes,
                "新店开业带来客流",
                "11月20日",
                3,
                4,
                Need.ANY,
                RequestState.WAITING,
                NOW,
            ),
            whole,
        )


def _histories(kr: KeyResult) -> Iterator[tuple[str, Card]]:
    line = Line(Decimal(1), 7, "下雨", NOW - timedelta(days=3), NOW, "李四", taken_back=True)
    yield f"history, {kr.measure.kind}", history_card(kr, [line] * 8, 8, NOW, POLICY, can_report=True)[0]
    yield f"no history, {kr.measure.kind}", history_card(kr, [], 0, NOW, POLICY, can_report=False)[0]
    yield f"value of a day, {kr.measure.kind}", value_of_day_card(kr, TODAY, line, NOW, POLICY)
    yield f"no value of a day, {kr.measure.kind}", value_of_day_card(kr, TODAY, None, NOW, POLICY)


def _drafts() -> Iterator[tuple[str, Card]]:
    draft = objective(*every_kind()[:3], state=State.DRAFT)
    yield "draft without key results", _draft(objective(state=State.DRAFT), ())
    for code in Code:
        yield f"draft, {code}", _draft(draft, (Finding(code, code in BLOCKING, 34),))


def _trails() -> Iterator[tuple[str, Card]]:
    full = TrailLine(
        1,
        NOW,
        "修改",
        4,
        "李四",
        2,
        "王店",
        "wecom",
        12,
        34,
        8,
        "target",
        "1,100 人",
        "1,200 人",
        "新店开业",
        "加油",
    )
    erased = replace(full, actor="已离职员工", field="title", old=None, new=None, reason=None, decision=None)
    own = replace(full, actor="", actor_id=None, approver="", platform="", reason="一" * 200, request_id=None)
    for ref in ("KR34", "O12"):
        yield f"nothing changed, {ref}", _trail(ref, [], 1)
        for page in (1, 2, 3):
            yield f"changed, {ref}, {page}", _trail(ref, [full, erased, own] * 2, page)


def _suggestions() -> Iterator[tuple[str, Card]]:
    for goal in goals():
        kr = goal.key_results[0]
        wanted = [Wanted("目标值", "1,100 人", "1,080 人"), Wanted("截止", "周期末", "12月20日")]
        after = replace(kr, measure=replace(kr.measure, target=Decimal(1080)))
        full = Idea("R9", goal, kr, after, wanted, "目标值 1080", "停车场封闭" * 20, "张三", "李四")
        words = replace(full, kr=None, after=None, wanted=[], words="多做几场试吃" * 20, reason="")
        for decides in (True, False):
            yield f"suggestion, {goal.title} {kr.id}, {decides}", suggestion_card(full, decides=decides)
            said = suggestion_card(words, decides=decides, news="张三:" + "要到明年" * 50)
            yield f"suggestion in words, {goal.title} {kr.id}, {decides}", said


def _trail(ref: str, lines: list[TrailLine], page: int) -> Card:
    return trail_card(ref, "客流", lines, page=page, pages=3, total=len(lines) * 3, now=NOW, policy=POLICY)


def _lists() -> Iterator[tuple[str, Card]]:
    shelf = Shelf("李四", own=True, objectives=[], drafts=[], now=NOW, say="我的目标")
    yield "nothing of mine", my_objectives(shelf, POLICY)
    for own in (True, False):
        many = Shelf("李四", own, [*goals()] * 3, goals(), NOW, "我的目标")
        for page in range(1, 9):
            yield f"many objectives, {own}, {page}", my_objectives(many, POLICY, page)
    other = Shelf("李四", own=False, objectives=[], drafts=[], now=NOW, say="查看 @李四")
    yield "nothing of another", my_objectives(other, POLICY)
    yield "nothing to do", todo_card([])
    duty = Duty("KR34 生鲜区客流量 14 天没更新", "报 KR34", "更新 KR34", overdue=True)
    yield "one thing to do", todo_card([duty])
    yield "much to do", todo_card([duty] * 12)
    yield "an empty unit", unit_card("西湖店", [], {}, TODAY, POLICY)
    yield "a unit", unit_card("西湖店", [*goals()] * 4, {4: LI}, TODAY, POLICY)


def _pictures() -> Iterator[tuple[str, Card]]:
    for name, tree in (
        ("small", trees.company()),
        ("large", trees.grown(200)),
        ("without own", trees.grown(9, own=None)),
    ):
        card, _ = goal_map(tree, title="华东区", about="2026Q4 · 11月23日", eg=EG)
        yield f"goal map, {name}", card
        yield f"goal map in words, {name}", card.without_picture()
    file = enclosed("f0", "我的数据.xlsx")
    yield "a file", file
    yield "a file that cannot be sent", file.without_picture()
