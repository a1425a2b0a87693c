"""Mid-cycle data of the make-believe company: goals from headquarters to the counter, with their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from okr.objectives import Basis, Kind, Measure, Milestone, Reading
from sandbox import till
from sandbox.cast import CAST, CastMember
from sheets.staff import StaffRow
from storage import check_ins, cycles, objectives, people, staff
from storage.check_ins import Entry
from storage.objectives import Draft
from storage.session import Session

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = time(9, 30)


@dataclass(frozen=True, slots=True)
class Story:
    """A key result and what was reported on it: (share of the days passed, value, note)."""

    draft: Draft
    reports: tuple[tuple[float, str, str], ...] = ()
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective of the sample: whose, its key results, and the story it supports (`owner.index`)."""

    owner: str
    title: str
    stories: tuple[Story, ...]
    supports: tuple[str, int] | None = None
    draft: bool = False


def _number(
    title: str, start: str, target: str, unit: str, basis: Basis = Basis.LATEST, *, weight: str = "1"
) -> Draft:
    cumulative = basis in (Basis.MONTH, Basis.QUARTER)
    measure = Measure(Kind.NUMBER, unit, basis, Decimal(start), Decimal(target), cumulative=cumulative)
    return Draft(title, measure, Decimal(weight))


GOALS: Sequence[Goal] = (
    Goal(
        "E0001",
        "把社区店做成周边三公里的第一选择",
        (
            Story(
                _number("全公司销售额", "0", "30000000", "元", Basis.QUARTER, weight="2"),
                ((0.2, "3200000", ""), (0.5, "8400000", ""), (0.95, "16800000", "双11 拉了一把")),
                8,
            ),
            Story(_number("会员复购率", "32", "40", "%"), ((0.3, "33.5", ""), (0.9, "36.2", ""))),
        ),
    ),
    Goal(
        "E0003",
        "华东区每家店都跑赢去年",
        (
            Story(
                _number("华东区销售额", "0", "12000000", "元", Basis.QUARTER, weight="2"),
                ((0.25, "1300000", ""), (0.6, "3900000", ""), (0.95, "6700000", "")),
                7,
            ),
            Story(_number("区域平均损耗率", "7.5", "5.5", "%"), ((0.4, "7.1", ""), (0.9, "6.6", ""))),
        ),
        supports=("E0001", 0),
    ),
    Goal(
        "E0101",
        "西湖店成为华东区样板店",
        (
            Story(
                _number("西湖店销售额", "0", "2400000", "元", Basis.QUARTER, weight="2"),
                ((0.3, "320000", ""), (0.6, "760000", ""), (0.95, "1310000", "周末市集人多")),
                7,
            ),
            Story(
                Draft("客诉率", Measure(Kind.MAINTAIN, "%", Basis.LATEST, high=Decimal(2))),
                ((0.9, "1.6", ""),),
            ),
            Story(
                Draft(
                    "生鲜区改造",
                    Measure(
                        Kind.MILESTONE,
                        milestones=(
                            Milestone("定方案", done=True),
                            Milestone("停业装修"),
                            Milestone("重新开业", weight=Decimal(2)),
                        ),
                    ),
                ),
                ((0.5, "0.25", "定方案"),),
            ),
        ),
        supports=("E0003", 0),
    ),
    Goal(
        "E0102",
        "提升门店季度业绩",
        (
            Story(
                _number("生鲜区客流量", "1000", "1100", "人", Basis.DAILY),
                (
                    (0.2, "1008", ""),
                    (0.4, "1022", ""),
                    (0.6, "1031", ""),
                    (0.8, "1044", ""),
                    (0.97, "1050", "周末活动带来客流"),
                ),
                8,
            ),
            Story(
                _number("损耗率", "8", "5", "%", weight="2"),
                ((0.2, "7.9", ""), (0.45, "7.6", ""), (0.7, "7.2", ""), (0.95, "6.9", "叶菜打折提前了")),
                5,
            ),
            Story(Draft("上线会员日", Measure(Kind.BOOLEAN))),
        ),
        supports=("E0101", 0),
    ),
    Goal(
        "E0103",
        "让收银不排队",
        (
            Story(
                _number("高峰排队时长", "6", "3", "分钟"), ((0.4, "5.2", ""), (0.85, "4.1", "加开了自助收银"))
            ),
            Story(_number("会员注册", "0", "300", "人", Basis.QUARTER), ((0.3, "42", ""), (0.9, "118", ""))),
        ),
        supports=("E0102", 0),
    ),
    Goal(
        "E0201",
        "滨江店客单价做到区域第一",
        (
            Story(
                _number("客单价", "42", "48", "元", Basis.DAILY),
                ((0.3, "43.1", ""), (0.9, "45.6", "陈列调整见效")),
                8,
            ),
            Story(_number("新客占比", "18", "25", "%"), ((0.5, "19", ""), (0.9, "20.5", ""))),
        ),
        supports=("E0003", 0),
    ),
    Goal(
        "E0202",
        "团购大客户翻一番",
        (
            Story(
                _number("客户拜访量", "0", "120", "次", Basis.QUARTER), ((0.4, "31", ""), (0.95, "74", ""))
            ),
            Story(
                _number("成交转化率", "9", "15", "%"), ((0.4, "10.5", ""), (0.95, "9.1", "报价周期拖长了")), 4
            ),
            Story(
                _number("团购销售额", "0", "130000", "元", Basis.QUARTER),
                ((0.5, "30000", ""), (0.95, "82000", "")),
            ),
        ),
        supports=("E0201", 0),
    ),
    Goal(
        "E0202",
        "学会做企业客户方案",
        (Story(_number("独立完成方案", "0", "4", "份", Basis.QUARTER)),),
        draft=True,
    ),
)


async def furnish(session: Session, now: datetime) -> None:
    """Fill an empty database with the company as it stands on the day of `now`."""
    await staff.take_in(session, [staff_row(member) for member in CAST], now)
    today = now.astimezone(ZONE).date()
    cycle = await cycles.running(session, today)
    made: dict[tuple[str, int], int] = {}
    for goal in GOALS:
        owner = await people.by_number(session, goal.owner)
        assert owner is not None
        parent = made.get(goal.supports) if goal.supports else None
        drafts = [story.draft for story in goal.stories]
        objective_id = await objectives.create(session, owner.id, cycle, goal.title, drafts, parent, now)
        if goal.draft:
            continue
        await objectives.activate(session, objective_id, now)
        objective = await objectives.by_id(session, objective_id)
        assert objective is not None
        for index, (kr, story) in enumerate(zip(objective.key_results, goal.stories, strict=True)):
            made[goal.owner, index] = kr.id
            await _tell(session, kr.id, owner.id, owner.name, story, cycle.start, today)
    await till.fill(session, now)


async def _tell(  # a story has many parts
    session: Session, kr_id: int, author_id: int, author: str, story: Story, start: date, today: date
) -> None:
    """Record the reports of one story, spread over the days that have passed."""
    passed = max((today - start).days, 0)
    for share, value, note in story.reports:
        day = start + timedelta(days=int(passed * share))
        at = datetime.combine(day, HOUR, ZONE)
        entry = Entry(kr_id, at, at, author_id, author, "dingtalk", value=Decimal(value), note=note)
        await check_ins.record(session, entry)
        await objectives.set_value(session, kr_id, Reading(Decimal(value), at, author))
    if story.confidence is not None:
        await objectives.set_confidence(session, kr_id, story.confidence)


def staff_row(member: CastMember) -> StaffRow:
    """A member of the cast as a line of the staff file."""
    return StaffRow(
        number=member.number,
        name=member.name,
        department=member.department,
        position=member.position,
        grade=member.grade,
        manager_number=member.manager,
        region=member.region,
        store=member.store,
        store_type=member.store_type,
        joined_on=date.fromisoformat(member.joined),
        home_platform={"钉钉": "dingtalk", "企业微信": "wecom"}[member.home],
        dingtalk_id=member.dingtalk_id,
        wecom_id=member.wecom_id,
    )
