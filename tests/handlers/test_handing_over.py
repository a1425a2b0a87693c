"""交接: what moves, to whom, who hears of it, and who may say so. 西湖店 on Tuesday, 24 November 2026."""

from __future__ import annotations

import re

import pytest

from okr.handover import Belongings
from storage import handover, people
from storage.session import Session
from tests.handlers.desk import CHEN, LI, LIN, WANG, ZHANG, ZHAO, ZHOU, Desk
from tests.storage.company import person


async def hand_over(office: Desk, by: str, giver: str, receiver: str) -> str:
    """What is said to the preview's yes."""
    mark = await mark_of(office, giver)
    return await office.presses(by, f"确认 交接 {giver} {receiver} v{mark}", f"preview-{office.heard}")


async def mark_of(office: Desk, giver: str) -> str:
    async def look(session: Session) -> str:
        found = await people.by_number(session, giver) or (await people.leavers(session, giver))[0]
        return (await handover.belongings(session, found.id)).mark

    return await office.does(look)


async def owner_of(office: Desk, objective: int) -> str:
    whole = await office.objective(objective)

    found = await office.does(lambda session: people.by_id(session, whole.owner_id))
    assert found is not None
    return found.number


async def states_of_the_first_card(session: Session) -> str:
    row = await session.one("SELECT state FROM letters WHERE once LIKE 'request:1:%' ORDER BY id LIMIT 1")
    assert row is not None
    return str(row[0])


async def test_goals_move_from_that_day_and_what_was_said_stays(office: Desk) -> None:
    objective, kr = await office.new_goal()
    await office.says(LI, f"更新 KR{kr} 1050")

    preview = await office.says(WANG, "交接 @李四 E0103")
    assert "把李四手上的交给张三(西湖店)" in preview
    assert await owner_of(office, objective) == LI
    done = await hand_over(office, WANG, LI, ZHANG)

    assert done.startswith("✅ 李四手上的都交给张三了")
    assert await owner_of(office, objective) == ZHANG
    assert "李四" in await office.says(ZHANG, f"历史 KR{kr}")
    assert f"KR{kr} 是张三的" in await office.says(LI, f"更新 KR{kr} 1060")
    assert "1,060" in await office.says(ZHANG, f"更新 KR{kr} 1060")
    assert "交接" in await office.trail_of(objective)
    [(_, mine)] = await office.letters_to(ZHANG)
    assert mine.startswith("李四手上的 1 个目标交给你了")
    assert "以前报的数、批过的还记在李四名下" in mine
    [(_, his)] = await office.letters_to(LI)
    assert his.startswith("王店把你手上的交给张三了")


async def test_what_has_changed_since_it_was_seen_is_shown_again(office: Desk) -> None:
    objective, _ = await office.new_goal()
    seen = await mark_of(office, LI)
    await office.new_goal()

    again = await office.presses(WANG, f"确认 交接 {LI} {ZHANG} v{seen}", "preview")

    assert "刚有变化,再看一眼" in again
    assert "目标 2 个" in again
    assert await owner_of(office, objective) == LI
    assert "刚有变化" not in await office.says(WANG, f"交接 {LI} {ZHANG}")


async def test_what_somebody_had_to_decide_is_decided_by_who_takes_over(office: Desk) -> None:
    _, kr = await office.new_goal()
    await office.says(LI, f"修改 KR{kr} 目标值 1200 原因 新店")

    assert "要批的 1 件:R1" in await office.says(ZHOU, "交接 王店 赵店")
    await hand_over(office, ZHOU, WANG, ZHAO)

    assert (
        await office.does(states_of_the_first_card) == "dropped"
    )  # it had not been delivered: nobody needs it
    assert (await office.letters_to(LI))[-1][1].startswith("R1 换赵店来批了")
    assert "等你批:R1" in (await office.letters_to(ZHAO))[0][1]
    assert "R1" in await office.says(ZHAO, "我的待办")
    assert "你批了" not in await office.says(WANG, "同意 R1")
    assert "你批了 R1" in await office.says(ZHAO, "同意 R1")
    assert await office.target(kr) == 1200


async def test_nobody_comes_to_decide_on_his_own(office: Desk) -> None:
    _, kr = await office.new_goal()
    await office.says(LI, f"修改 KR{kr} 目标值 1200 原因 新店")

    done = await hand_over(office, ZHOU, WANG, LI)

    assert "R1 不能自己批自己的,转给再上一级了" in done
    assert "你批了 R1" in await office.says(ZHOU, "同意 R1")
    assert "你批了" not in await office.says(LI, "同意 R1")


async def test_who_takes_a_goal_over_does_not_decide_on_its_changes(office: Desk) -> None:
    _, kr = await office.new_goal()
    await office.says(LI, f"修改 KR{kr} 目标值 1200 原因 新店")

    assert "R1 不能自己批自己的" in await hand_over(office, ZHOU, LI, WANG)

    assert "你批了" not in await office.says(WANG, "同意 R1")
    assert "你批了 R1,王店已经知道了" in await office.says(ZHOU, "同意 R1")


@pytest.mark.parametrize(
    ("who", "said", "answered"),
    [
        (LI, "交接 李四 E0103", "交接李四手上的要李四的上级、人事或管理员来做"),
        (ZHAO, "交接 李四 E0103", "交接李四手上的要李四的上级、人事或管理员来做"),
        (WANG, "交接 李四 赵店", "交给自己这条线以外的人(赵店)要人事或管理员来做"),
        (WANG, "交接 李四 王店", "把李四手上的交给王店"),
        (ZHOU, "交接 李四给赵店", "把李四手上的交给赵店"),
        (CHEN, "交接 E0102 E0201", "把李四手上的交给赵店"),
        (WANG, "交接 李四 钱五", "没找到「钱五」"),
        (WANG, "交接 李四 张三", "有 2 个张三,是哪一个?"),
        (WANG, "交接 李四 李四", "谁的交给谁"),
        (WANG, "交接 李四", "谁的交给谁"),
        (WANG, "交接 E0103 李四", "张三手上没有要交的"),
    ],
)
async def test_who_may_and_what_is_meant(office: Desk, who: str, said: str, answered: str) -> None:
    await office.new_goal()
    assert answered in await office.says(who, said)


async def test_personnel_may_hand_over_what_a_leaver_left(office: Desk) -> None:
    objective, _ = await office.new_goal()
    await office.leaves(LI)
    office.policy = type(office.policy)(hr=frozenset({LIN}), admins=office.policy.admins)

    assert "把李四手上的交给赵店" in await office.says(LIN, "交接 李四 赵店")
    await hand_over(office, LIN, LI, ZHAO)

    assert await owner_of(office, objective) == ZHAO
    assert (await office.letters_to(ZHAO))[0][1].startswith("李四离职了,手上的 1 个目标交给你了")


async def test_goals_of_others_that_rest_on_these_are_looked_at_again(office: Desk) -> None:
    _, kr = await office.new_goal(owner=WANG)
    below, _ = await office.new_goal()
    await office.says(LI, f"对齐 O{below} KR{kr}")

    assert "会告诉 赵店、王店、李四" in await office.says(ZHOU, "交接 王店 赵店")
    await hand_over(office, ZHOU, WANG, ZHAO)

    assert any("负责人" in text and f"KR{kr}" in text for _, text in await office.letters_to(LI))


async def test_a_request_for_help_moves_too_and_nobody_asks_himself(office: Desk) -> None:
    _, kr = await office.new_goal(owner=WANG)

    async def ask(session: Session) -> None:
        li, wang, zhang = [(await person(session, one)).id for one in (LI, WANG, ZHANG)]
        for asker in (wang, zhang):
            await session.run(
                "INSERT INTO help_requests (kr_id, asker_id, asked_id, words, state, asked_at) VALUES (?, ?, ?, '数据', 'waiting', ?)",
                kr, asker, li, office.now,
            )  # fmt: skip

    await office.does(ask)
    assert "别人请帮忙的 2 件:X1、X2" in await office.says(WANG, f"交接 李四 {ZHANG}")
    await hand_over(office, WANG, LI, ZHANG)

    async def asked(session: Session) -> list[tuple[int, str]]:
        rows = await session.all(
            "SELECT h.id, e.number FROM help_requests h JOIN employees e ON e.id = h.asked_id ORDER BY h.id"
        )
        return [(row[0], row[1]) for row in rows]

    assert await office.does(asked) == [(1, ZHANG), (2, LI)]


def test_a_mark_is_short_enough_to_be_typed() -> None:
    assert re.fullmatch(r"[0-9a-f]{6}", Belongings().mark)
