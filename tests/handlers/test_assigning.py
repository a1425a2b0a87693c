"""派发 beside what the conversations play: who may, who gets it once, and what two do at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from config.policy import policy_of
from config.settings import Settings
from okr.objectives import Origin, State
from storage import objectives, template_uses, trail
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import CHEN, LI, LIN, WANG, ZHANG, ZHAO, ZHOU, Desk, desk
from tests.storage.company import person

CONFIRM = "确认 派发 业绩增长 店长 共2人"
RULES = {
    "company": {"admins": ["E0001"], "hr": ["E0002"]},
    "rules": [{"when": {"store_type": "商圈店"}, "target_factor": "0.9"}],
    "templates": {
        "降本": {"when": {"store_type": "社区店"}, "key_results": [{"title": "报损", "unit": "元"}]}
    },
}


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Desk]:
    async with desk(database, policy_of(Settings.model_validate(RULES))) as there:
        yield there


async def of(office: Desk, number: str) -> list[tuple[str, State]]:
    """What somebody has of the running cycle."""

    async def look(session: Session) -> list[tuple[str, State]]:
        owner = await person(session, number)
        rows = await session.all("SELECT id FROM objectives WHERE owner_id = ? ORDER BY id", owner.id)
        found = await objectives.by_ids(session, [row[0] for row in rows])
        return [(one.title, one.state) for one in found]

    return await office.does(look)


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (WANG, "派发 业绩增长 全员", "派给 2 个人"),
        (ZHOU, "派发 业绩增长 全员", "派给 6 个人"),
        (LIN, "派发 业绩增长 店长", "派给 2 个人"),
        (CHEN, "派发 业绩增长 西湖店 收银员", "派给 1 个人"),
        (LI, "派发 业绩增长 全员", "派发目标要带团队的人"),
        (WANG, "派发 业绩增长 @赵店", "赵店不在你带的人里"),
        (WANG, "派发 业绩增长 @马云", "没找到"),
        (WANG, "派发 业绩增长 和尚店", "没找到「和尚店」是谁"),
        (WANG, "派发 业绩增长 李四和张三", "派给 2 个人"),
        (ZHOU, "派发 降本 店长", "这次不发:模板不给的 赵店"),
        (ZHOU, "派发 降本 @赵店", "没有要再派的人了"),
        (ZHOU, "派发 业绩增长 店长\n客户拜访量 300", "赵店 ×0.9(270 次)"),
        (ZHOU, "派发 业绩增长 店长\n对齐 KR99", "没找到 KR99"),
        (ZHOU, "派发 业绩增长 店长 去年", "2025"),
        (ZHOU, "派发 业绩增长 店长\n" + "客户拜访量的算法说明" * 9 + " 300", "写得太长了"),
    ],
)
async def test_who_may_and_whom(office: Desk, number: str, words: str, said: str) -> None:
    assert said in await office.says(number, words)


async def test_a_draft_and_a_letter_each_once(office: Desk) -> None:
    await office.says(ZHOU, "派发 业绩增长 店长\n客户拜访量 300")
    answer = await office.says(ZHOU, f"{CONFIRM} | 客户拜访量 300")
    again = await office.says(ZHOU, f"{CONFIRM} | 客户拜访量 300")

    assert "派给了 2 个人" in answer
    assert "没有要再派的人了" in again
    for number, target in ((WANG, 300), (ZHAO, 270)):
        assert await of(office, number) == [("业绩增长", State.DRAFT)]
        assert len(await office.letters_to(number)) == 1

        async def look(session: Session, number: str = number) -> tuple[Decimal | None, Origin, list[str]]:
            owner = await person(session, number)
            row = await session.one("SELECT id FROM objectives WHERE owner_id = ?", owner.id)
            assert row is not None
            (whole,) = await objectives.by_ids(session, [row[0]])
            lines = await trail.of(session, objective_id=whole.id, limit=9)
            first = whole.key_results[0]
            return first.measure.target, first.origin, [line.action for line in lines]

        assert await office.does(look) == (Decimal(target), Origin.TOP_DOWN, ["派发"])


async def test_two_at_the_same_time_give_one_draft_to_each(office: Desk) -> None:
    answers = await asyncio.gather(
        *(office.says(number, CONFIRM) for number in (ZHOU, LIN, ZHOU, CHEN)),
    )

    assert sum("派给了 2 个人" in answer for answer in answers) == 1
    for number in (WANG, ZHAO):
        assert await of(office, number) == [("业绩增长", State.DRAFT)]
        assert len(await office.letters_to(number)) == 1


async def test_nothing_is_written_for_others_than_were_shown(office: Desk) -> None:
    answer = await office.says(ZHOU, "确认 派发 业绩增长 店长 共3人")

    assert "人有变化,再看一眼" in answer
    assert await of(office, WANG) == []


async def test_who_has_made_one_himself_is_left_out_and_who_deleted_it_is_not(office: Desk) -> None:
    await office.says(WANG, "新建销售目标 业绩增长")
    assert "这次不发:已经有的 王店" in await office.says(ZHOU, "派发 业绩增长 店长")

    await office.says(WANG, "确认 删除 O1")
    await office.says(ZHOU, CONFIRM)

    assert await of(office, WANG) == [("业绩增长", State.DRAFT)]


async def test_the_drafts_support_what_was_said(office: Desk) -> None:
    _, kr_id = await office.new_goal(owner=ZHOU)

    await office.says(ZHOU, f"{CONFIRM} | 对齐 KR{kr_id}")

    async def look(session: Session) -> list[int]:
        rows = await session.all("SELECT parent_kr_id FROM objectives WHERE title = ?", "业绩增长")
        return [row[0] for row in rows]

    assert await office.does(look) == [kr_id, kr_id]


async def test_a_place_is_taken_once_while_its_goal_lives(database: Database) -> None:
    async with desk(database) as office:
        objective_id, _ = await office.new_goal(owner=ZHANG)

        async def work(session: Session) -> list[bool]:
            whole = await objectives.by_id(session, objective_id)
            assert whole is not None
            me, cycle = whole.owner_id, whole.cycle.id
            first = await template_uses.claim(session, "业绩增长", cycle, me, by=me, at=office.now)
            await template_uses.made(session, "业绩增长", cycle, me, objective_id)
            second = await template_uses.claim(session, "业绩增长", cycle, me, by=me, at=office.now)
            assert await template_uses.having(session, "业绩增长", cycle, [me, 999]) == {me: objective_id}
            await objectives.delete_draft(session, objective_id)
            assert await template_uses.having(session, "业绩增长", cycle, [me]) == {}
            third = await template_uses.claim(session, "业绩增长", cycle, me, by=me, at=office.now)
            other = await template_uses.claim(session, "门店经营", cycle, me, by=me, at=office.now)
            return [first, second, third, other]

        assert await office.does(work) == [True, False, True, True]
