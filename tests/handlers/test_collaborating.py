"""Asking colleagues for help: who can be asked, who answers, once, and that the other side hears of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from chat.answers import Urgency
from chat.events import Account, PlatformName
from okr.collaboration import HelpState
from storage import absences, help_requests, rosters
from storage.rosters import Shift
from storage.session import Session
from tests.handlers.desk import LI, WANG, ZHANG, ZHAO, Desk, words
from tests.storage.company import person

WU = "E0202"


async def asked(office: Desk, what: str = "需要客流数据 周五前") -> int:
    """李四's key result, and his request X1 to 王店."""
    _, kr_id = await office.new_goal()
    assert "(X1)" in await office.says(LI, f"协作 KR{kr_id} @王店 {what}")
    return kr_id


async def state(office: Desk, number: int = 1) -> HelpState:
    found = await office.does(lambda session: help_requests.by_id(session, number))
    assert found is not None
    return found.state


async def newest_to(office: Desk, number: str) -> str:
    return (await office.letters_to(number))[-1][1]


# --- asking ---


@pytest.mark.parametrize(
    ("said", "whom", "what"),
    [
        ("协作 KR{kr} @王店 需要客流数据 周五前", "王店", "需要客流数据(X1)"),
        ("协作KR{kr}@王店需要客流数据", "王店", "需要客流数据(X1)"),
        ("协作 {kr} E0101 需要客流数据", "王店", "需要客流数据(X1)"),
        ("协作 KR{kr} 王店长 需要客流数据", "王店", "需要客流数据(X1)"),
        ("帮我问 KR{kr} 王店 SKU88 的客流", "王店", "SKU88 的客流(X1)"),
        ("协作 KR{kr} 要赵店那份客流数据 @王店", "王店", "要赵店那份客流数据(X1)"),
        ("协作 KR{kr} @王店 要 @赵店 那份数据", "王店", "要 @赵店 那份数据(X1)"),
        ("协作 O{o} @王店 看看价签", "王店", "看看价签(X1)"),
    ],
)
async def test_how_it_may_be_said(office: Desk, said: str, whom: str, what: str) -> None:
    objective_id, kr_id = await office.new_goal()

    told = await office.says(LI, said.format(kr=kr_id, o=objective_id))

    assert told.startswith(f"已请{whom}帮忙:{what}")
    assert "会通知 王店(西湖店)" in told


async def test_two_that_are_named_side_by_side_are_asked_one_by_one(office: Desk) -> None:
    _, kr_id = await office.new_goal()

    told = await office.says(LI, f"协作 KR{kr_id} @王店 @赵店 借两个人")

    assert told.startswith("一次请一位,先请哪一位?")
    assert (await office.says(LI, "1")).startswith("已请王店帮忙:借两个人(X1)")


async def test_a_mention_that_is_not_in_the_words_is_who_is_asked(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    message = office.message(LI, f"协作 KR{kr_id}  需要客流数据 周五前")
    mentioned = replace(message, mentions=(Account(PlatformName.DINGTALK, "dt-wang"),))

    told = words(await office.dispatch.hear(mentioned))

    assert told.startswith("已请王店帮忙:需要客流数据(X1)")


async def test_of_two_mentions_without_an_order_one_is_chosen(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    message = office.message(LI, f"协作 KR{kr_id}  借两个人")
    accounts = tuple(Account(PlatformName.DINGTALK, who) for who in ("dt-wang", "dt-zhao"))

    told = words(await office.dispatch.hear(replace(message, mentions=accounts)))

    assert told.startswith("一次请一位")
    assert (await office.says(LI, "2")).startswith("已请赵店帮忙:借两个人(X1)")


async def test_an_outsider_cannot_be_asked(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    message = office.message(LI, f"协作 KR{kr_id} 需要客流数据")
    outsider = replace(message, mentions=(Account(PlatformName.DINGTALK, "", name="供应商老刘"),))

    assert words(await office.dispatch.hear(outsider)).startswith("没找到「供应商老刘」")
    assert await office.does(lambda session: help_requests.by_id(session, 1)) is None


async def test_nobody_asks_about_what_he_may_not_see_nor_in_a_draft(office: Desk) -> None:
    draft = await office.says(LI, "新建目标 把生鲜做成招牌\nKR 试吃转化率 从 10% 到 20%")
    assert "KR1" in draft

    assert (await office.says(WU, "协作 KR1 @王店 看看")).startswith("没找到 KR1")
    assert "KR1" in await office.says(LI, "协作 KR1 @王店 看看")
    assert await office.letters_to(WANG) == []


async def test_the_same_thing_is_asked_once(office: Desk) -> None:
    kr_id = await asked(office)

    again = await office.says(LI, f"协作 KR{kr_id} @王店 需要客流数据 周五前")

    assert again.startswith("之前就请过王店帮忙")
    assert len(await office.letters_to(WANG)) == 1


async def test_who_is_away_or_off_shift_is_said(office: Desk) -> None:
    _, kr_id = await office.new_goal()

    async def away(session: Session) -> None:
        wang, zhao = await person(session, WANG), await person(session, ZHAO)
        today = office.now.date()
        await absences.say(session, wang.id, today, today + timedelta(days=1), None, office.now)
        start = office.now + timedelta(days=1)
        shift = Shift(zhao.id, start.date(), start, start + timedelta(hours=8))
        await rosters.put(session, zhao.id, start.date(), [shift], "file")

    await office.does(away)

    assert "王店请假到明天,可能晚点回" in await office.says(LI, f"协作 KR{kr_id} @王店 看看")
    assert "赵店现在不在班,明天 12:00 送到" in await office.says(LI, f"协作 KR{kr_id} @赵店 看看")


async def test_it_goes_out_as_what_a_colleague_sends(office: Desk) -> None:
    await asked(office)

    async def urgencies(session: Session) -> list[tuple[int, str]]:
        rows = await session.all("SELECT urgency, reminder FROM letters WHERE once LIKE 'help:%'")
        return [(row[0], row[1]) for row in rows]

    assert await office.does(urgencies) == [(int(Urgency.COLLABORATION), "")]


# --- answering ---


async def test_both_are_told_of_every_step(office: Desk) -> None:
    await asked(office)

    assert (await office.says(WANG, "接受 X1 周四给你")).startswith("👍 X1 你接了,李四知道了")
    assert "王店:周四给你" in await newest_to(office, LI)
    assert (await office.says(WANG, "完成 X1 发群里了")).startswith("✅ X1 办完了")
    assert "✅ 王店说 X1 办完了" in await newest_to(office, LI)
    assert await state(office) is HelpState.DONE


async def test_without_a_number_the_only_one_that_waits_is_meant_and_never_one_of_several(
    office: Desk,
) -> None:
    kr_id = await asked(office)
    await office.says(LI, f"协作 KR{kr_id} @王店 看看价签")

    assert (await office.says(WANG, "接受")).startswith("有 2 件请你帮的忙,接受哪一件?")
    assert (await office.says(WANG, "2")).startswith("👍 X2 你接了")
    assert (await office.says(WANG, "接受")).startswith("👍 X1 你接了")


async def test_a_repeated_press_changes_nothing_and_tells_nobody_again(office: Desk) -> None:
    await asked(office)
    card, _ = (await office.letters_to(WANG))[0]

    for _ in range(3):
        assert (await office.presses(WANG, "接受 X1", card)).startswith("👍 X1 你接了")

    assert len(await office.letters_to(LI)) == 1


async def test_a_stranger_who_presses_is_told_so_and_that_is_on_record(office: Desk) -> None:
    await asked(office)
    card, _ = (await office.letters_to(WANG))[0]

    assert "这张卡片是发给王店的" in await office.presses(ZHAO, "接受 X1", card)
    assert (await office.says(ZHAO, "接受 X1")).startswith("X1 要王店来接受,这次没有动")
    assert await state(office) is HelpState.WAITING
    assert (await office.trail_of(1))[-2:] == ["想接受 X1(无权)", "想接受 X1(无权)"]


async def test_what_is_over_cannot_be_answered_otherwise(office: Desk) -> None:
    await asked(office)
    await office.says(WANG, "帮不上 X1 走不开")

    told = await office.says(WANG, "接受 X1")

    assert told.startswith("X1 已经回过「这次帮不上」了,不能再接受")
    assert await state(office) is HelpState.DECLINED


async def test_two_who_answer_at_once_answer_once(office: Desk) -> None:
    await asked(office)
    yes, no = office.message(WANG, "接受 X1"), office.message(WANG, "帮不上 X1 走不开")

    await asyncio.gather(office.dispatch.hear(yes), office.dispatch.hear(no))

    assert await state(office) in (HelpState.ACCEPTED, HelpState.DECLINED)


async def test_who_may_look_at_it(office: Desk) -> None:
    await asked(office)

    for who in (LI, WANG, "E0001", "E0003"):
        assert "需要客流数据" in await office.says(who, "查看 X1")
    for who in (ZHANG, ZHAO, WU):
        assert (await office.says(who, "查看 X1")).startswith("没有找到")


async def test_passed_on_it_is_a_new_request_that_both_know_of(office: Desk) -> None:
    await asked(office)

    assert (await office.says(WANG, "转给 X1 @赵店 你那边有现成的")).startswith("X1 转给赵店了(X2)")
    assert "王店:你那边有现成的" in await newest_to(office, ZHAO)
    assert "王店把 X1 转给赵店了(X2)" in await newest_to(office, LI)
    assert (await office.says(ZHAO, "接受 X1")).startswith("👍 X2 你接了,李四知道了")
    for whom, why in (("@李四", "已经在这件事里了"), ("@王店", "已经在这件事里了"), ("@赵店", "不能请自己")):
        assert why in await office.says(ZHAO, f"转给 X2 {whom}")


async def test_who_asked_may_ask_somebody_else_instead(office: Desk) -> None:
    await asked(office)

    assert (await office.says(LI, "转给 X1 @赵店")).startswith("⏳ X2 在等赵店回话")
    assert "李四另外找人了,X1 你不用管了" in await newest_to(office, WANG)
    assert await state(office) is HelpState.PASSED_ON
    await office.says(ZHAO, "帮不上 X2 走不开")
    assert (await office.says(LI, "转给 X2 @周敏")).startswith("⏳ X3 在等周敏回话")
    assert await state(office, 2) is HelpState.DECLINED


async def test_what_is_not_needed_is_nobodys_debt(office: Desk) -> None:
    await asked(office)
    await office.says(WANG, "接受 X1")
    assert "X1 答应了李四" in await office.says(WANG, "我的待办")

    assert (await office.says(LI, "撤回 X1")).startswith("X1 不用帮了")
    assert "李四说 X1 不用了" in await newest_to(office, WANG)
    assert "X1" not in await office.says(WANG, "我的待办")


async def test_a_request_of_somebody_else_is_not_taken_back(office: Desk) -> None:
    await asked(office)

    assert (await office.says(WANG, "撤回 X1")).startswith("X1 要李四来撤回")


async def test_long_words_of_one_of_two_namesakes_are_asked_for_again(office: Desk) -> None:
    _, kr_id = await office.new_goal()

    told = await office.says(LI, f"协作 KR{kr_id} @张三 {'盯一下晚高峰的收银台,' * 12}")

    assert told.startswith("有 2 个张三,请哪一个?")
    assert (await office.says(LI, "1")).startswith("请张三帮什么忙?")
