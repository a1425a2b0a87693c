"""排班 in the chat, on Tuesday, 24 November 2026: whose roster who may set, and what is said back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from okr.policy import SHANGHAI
from okr.rosters import say_hours
from storage import rosters
from storage.session import Session
from tests.handlers.desk import CHEN, LI, WANG, ZHANG, ZHAO, ZHOU, Desk
from tests.storage.company import TODAY, person

PASTED = "排班\n周五\n张三 9-18\n李四 休\n王店 22:00-6:00"


async def known(office: Desk, number: str) -> list[str]:
    async def look(session: Session) -> list[str]:
        who = (await person(session, number)).id
        found = await rosters.plans(session, [who], TODAY, TODAY + timedelta(days=20), SHANGHAI)
        return [f"{day.day} {say_hours(plan.hours)}" for (_, day), plan in found.items()]

    return await office.does(look)


async def test_one_shift_is_written_at_once_and_can_be_put_back(office: Desk) -> None:
    first = await office.says(WANG, "排班 @张三 周五 10:00-18:30")
    assert first.startswith("排好了:张三 周五 27日 10:00-18:30\n")
    second = await office.says(WANG, "排班 @张三 周五 休")
    assert "排好了:张三 周五 27日 休(原来10:00-18:30)" in second
    assert await known(office, ZHANG) == ["27 休"]

    await office.presses(WANG, f"排班 {ZHANG} 2026-11-27 10:00-18:30", "card")
    assert await known(office, ZHANG) == ["27 10:00-18:30"]
    await office.says(WANG, "排班 张三 周五 待定")
    assert await known(office, ZHANG) == []


async def test_a_pasted_roster_is_taken_whole(office: Desk) -> None:
    said = await office.says(WANG, PASTED)

    assert said.startswith("排好了 3 个人的 3 个班")
    assert "王店 周五 27日 22:00-次日06:00" in said
    assert [await known(office, one) for one in (ZHANG, LI, WANG)] == [
        ["27 09:00-18:00"],
        ["27 休"],
        ["27 22:00-次日06:00"],
    ]


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("排班 张三 周五 9-18\n李四 周五 早班", "有 1 行没看懂,这次一行都没记\n李四 周五 早班"),
        ("排班 张三 周五 9-18\n张三 周五 17-21", "张三的两个班撞上了:周五 27日 09:00-18:00 + 17:00-21:00"),
        ("排班 赵店 周五 9-18", "给赵店排班要本店店长或上级来做"),
        ("排班 张三 周五 9-18\n吴越 周五 9-18", "给吴越排班要本店店长或上级来做"),
        ("排班 钱五 周五 9-18", "没找到「钱五」"),
    ],
)
async def test_nothing_is_written_where_a_line_is_wrong(office: Desk, said: str, answered: str) -> None:
    assert answered in await office.says(WANG, said)
    assert await known(office, ZHANG) == []


async def test_a_shift_that_reaches_into_the_next_day_is_seen(office: Desk) -> None:
    await office.says(WANG, "排班 张三 周五 22:00-6:00")
    assert "撞上了" in await office.says(WANG, "排班 张三 周六 5:00-9:00")


async def test_who_may(office: Desk) -> None:
    assert "给张三排班要本店店长或上级来做" in await office.says(LI, "排班 张三 周五 9-18")
    assert "给李四排班要本店店长或上级来做" in await office.says(LI, "排班 李四 周五 9-18")
    assert "排好了:吴越" in await office.says(ZHOU, "排班 吴越 周五 9-18")
    assert "有 2 个张三,给哪一个排?" in await office.says(ZHOU, "排班 张三 周五 9-18")
    assert "排好了:李四" in await office.says(CHEN, "排班 李四 周五 9-18")
    assert "排好了:赵店" in await office.says(ZHAO, "排班 赵店 周五 9-18")


async def test_looking(office: Desk) -> None:
    assert (await office.says(WANG, "看 排班")).startswith("西湖店 7 天的排班,一天都还没排")
    await office.says(WANG, PASTED)
    await office.says(WANG, "排班 张三 今天 9-18")

    assert "周五 27日 王店、张三" in await office.says(LI, "看排班")
    assert "今天 24日 张三(2 人没排)" in await office.says(WANG, "排班")
    day = await office.says(LI, "看 排班 周五")
    assert day.index("张三 09:00-18:00") < day.index("王店 22:00-次日06:00") < day.index("李四 休")
    assert (await office.says(ZHANG, "我的排班")).startswith("你今天 09:00-18:00\n周五 27日 09:00-18:00")
    assert (await office.says(LI, "看 排班 @张三")).startswith("张三今天 09:00-18:00")
    assert f"{ZHANG}的排班只给同店的同事或上级看" in await office.says(ZHAO, f"看 排班 {ZHANG}")
    assert (await office.says(LI, "我的排班")).startswith("你接下来的班,今天没排")


async def test_a_day_off_is_kept_as_one(office: Desk) -> None:
    await office.says(WANG, "排班 李四 周六 休")

    async def last(session: Session) -> date | None:
        return await rosters.last_day(session, (await person(session, LI)).id, TODAY)

    assert await office.does(last) == date(2026, 11, 28)
