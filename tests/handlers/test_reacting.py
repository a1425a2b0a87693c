"""Recognition, words about a goal, and asking once a day how it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.answers import Urgency
from storage import absences, reactions, rosters
from storage.rosters import Shift
from storage.session import Session
from tests.handlers.desk import LI, WANG, ZHANG, ZHAO, Desk
from tests.storage.company import person

WU = "E0202"


async def newest_to(office: Desk, number: str) -> str:
    return (await office.letters_to(number))[-1][1]


@pytest.mark.parametrize("said", ["点赞 KR1 干得漂亮", "点赞KR1干得漂亮", "赞 1 干得漂亮"])
async def test_a_like_reaches_the_owner(office: Desk, said: str) -> None:
    await office.new_goal()

    assert (await office.says(WANG, said)).startswith("👍 给 KR1 点赞了:干得漂亮")
    assert "👍 王店给你的 KR1 点赞:干得漂亮" in await newest_to(office, LI)


async def test_once_a_day_and_people_are_counted_once(office: Desk) -> None:
    await office.new_goal()
    await office.says(WANG, "点赞 KR1")
    assert (await office.says(WANG, "点赞 KR1")).startswith("今天给 KR1 点过赞了")
    office.wind(days=1)
    assert (await office.says(WANG, "点赞 KR1")).startswith("👍 给 KR1 点赞了")
    await office.says(ZHAO, "点赞 KR1")

    assert await office.does(lambda session: reactions.tally(session, 1, 1)) == reactions.Tally(2, 0)
    assert len(await office.letters_to(LI)) == 3


async def test_a_like_may_wait_for_the_digest_and_a_comment_does_not(office: Desk) -> None:
    await office.new_goal()
    await office.says(WANG, "点赞 KR1")
    await office.says(WANG, "评论 KR1 好")

    async def kinds(session: Session) -> list[tuple[int, str]]:
        rows = await session.all(
            "SELECT urgency, reminder FROM letters WHERE once NOT LIKE 'answer:%' ORDER BY id"
        )
        return [(row[0], row[1]) for row in rows]

    assert await office.does(kinds) == [(int(Urgency.PRAISE), "liked"), (int(Urgency.COLLABORATION), "")]


async def test_a_like_is_no_reminder_that_could_be_asked_about(office: Desk) -> None:
    await office.new_goal()
    await office.says(WANG, "点赞 KR1")
    await office.does(
        lambda session: session.run(
            "UPDATE letters SET state = 'sent', sent_at = ? WHERE reminder = 'liked'", office.now
        )
    )

    assert "还没主动给你发过提醒" in await office.says(LI, "为什么收到")


async def test_who_has_said_something_hears_the_answer(office: Desk) -> None:
    objective_id, _ = await office.new_goal()
    await office.says(ZHAO, f"评论 O{objective_id} 怎么做到的")
    assert "💬 赵店说 O1:怎么做到的" in await newest_to(office, LI)

    assert (await office.says(LI, f"评论 O{objective_id} 多做了试吃")).startswith("💬 说好了")

    assert "💬 李四说 O1:多做了试吃" in await newest_to(office, ZHAO)


async def test_what_one_may_not_see_is_not_praised(office: Desk) -> None:
    await office.says(LI, "新建目标 把生鲜做成招牌\nKR 试吃转化率 从 10% 到 20%")

    assert (await office.says(WANG, "点赞 KR1")).startswith("没找到 KR1")
    assert "KR1" in await office.says(LI, "点赞 KR1")
    assert await office.does(lambda session: reactions.tally(session, 1, 1)) == reactions.Tally()


# --- asking how it stands ---


async def owing(office: Desk) -> None:
    """李四 has never reported on his goal."""
    await office.new_goal()


async def test_a_superior_asks_once_a_day(office: Desk) -> None:
    await owing(office)

    told = await office.says(WANG, "催下小李")
    assert told.startswith("好,替你问李四一声")
    letter = await newest_to(office, LI)
    assert letter.startswith("👋 王店问一声:KR1 生鲜区客流量 还没报过")
    assert (await office.says(WANG, "催 @李四")).startswith("今天已经替你问过李四了")
    assert len(await office.letters_to(LI)) == 1
    office.wind(days=1)
    assert (await office.says(WANG, "催李四")).startswith("好,替你问李四一声")


async def test_a_colleague_asks_only_for_what_is_owed_to_him(office: Desk) -> None:
    await owing(office)

    assert (await office.says(ZHAO, "催 @李四")).startswith("李四现在没有欠着的事")
    await office.says(ZHAO, "协作 KR1 @李四 借两个人")
    told = await office.says(ZHAO, "催 @李四")
    assert "X1 赵店请你帮忙:借两个人" in told
    assert "还没报过" not in told


async def test_who_owes_nothing_or_is_not_at_work_is_left_alone(office: Desk) -> None:
    assert (await office.says(WANG, "催 @李四")).startswith("李四现在没有欠着的事")
    await owing(office)

    async def off(session: Session) -> None:
        li = await person(session, LI)
        start = office.now + timedelta(days=1)
        await rosters.put(session, li.id, start.date(), [Shift(li.id, start.date(), start, start)], "file")
        await rosters.put(session, li.id, office.now.date(), [], "file")

    await office.does(off)
    assert (await office.says(WANG, "催 @李四")).startswith("先没问李四:现在不在班")
    assert await office.letters_to(LI) == []


async def test_who_is_on_leave_is_left_alone(office: Desk) -> None:
    await owing(office)

    async def away(session: Session) -> None:
        li = await person(session, LI)
        await absences.say(session, li.id, office.now.date(), office.now.date(), None, office.now)

    await office.does(away)
    assert (await office.says(WANG, "催 @李四")).startswith("先没问李四:请假了")


async def test_two_of_a_name_are_asked_about(office: Desk) -> None:
    await office.says(ZHANG, "我的目标")

    assert (await office.says("E0003", "催小张")).startswith("催哪一个?")
