"""What is in the way: written down, somebody who could help named and invited, a next step, and its end."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okr.collaboration import HelpKind, HelpRequest, HelpState
from okr.objectives import Kind, Measure
from storage import help_requests, skills
from storage.objectives import Draft
from tests.handlers.desk import LI, LOSSES, WANG, ZHANG, ZHAO, Desk

WU = "E0202"
VISITORS = Draft("生鲜区客流量", Measure(Kind.NUMBER, "人", start=Decimal(1000), target=Decimal(1100)))


async def blocked(office: Desk) -> int:
    """李四's loss rate KR1, 赵店 who knows about suppliers, and the blocker X1."""
    _, kr_id = await office.new_goal(LOSSES, VISITORS)
    assert "你擅长:供应商" in await office.says(ZHAO, "擅长 供应商")
    assert "赵店" in await office.says(LI, f"求助 KR{kr_id} 供应商断货")
    return kr_id


async def request(office: Desk, number: int = 1) -> HelpRequest:
    found = await office.does(lambda session: help_requests.by_id(session, number))
    assert found is not None
    return found


async def newest_to(office: Desk, number: str) -> str:
    return (await office.letters_to(number))[-1][1]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("求助 KR1 供应商断货", "🚧 KR1 卡住了:供应商断货(X1)"),
        ("卡住 1 供应商断货了咋办", "🚧 KR1 卡住了:供应商断货(X1)"),
        ("求助KR1供应商断货", "🚧 KR1 卡住了:供应商断货(X1)"),
        ("卡住了", "哪一个卡住了?"),
        ("求助 KR1", "KR1 损耗率 卡在哪儿?"),
        ("供应商断货了咋办", "哪一个卡住了?"),
        ("损耗降不下来怎么办", "KR1 损耗率 卡住了:损耗降不下来?"),
        ("KR2 卡住了,没人来", "KR2 生鲜区客流量 卡住了:没人来?"),
        ("KR2 卡住了", "KR2 生鲜区客流量 卡在哪儿?"),
        ("求助 KR99 断货", "没找到 KR99"),
    ],
)
async def test_how_it_may_be_said(office: Desk, said: str, answer: str) -> None:
    await office.new_goal(LOSSES, VISITORS)

    assert (await office.says(LI, said)).startswith(answer)


@pytest.mark.parametrize("said", ["缺货率 3", "断货率 3%", "今天不知道说啥"])
async def test_what_is_no_complaint_is_not_taken_for_one(office: Desk, said: str) -> None:
    await office.new_goal(LOSSES, VISITORS)

    assert "卡住" not in await office.says(LI, said)


async def test_a_sentence_writes_nothing_before_a_tap(office: Desk) -> None:
    await office.new_goal(LOSSES, VISITORS)
    await office.says(LI, "损耗降不下来怎么办")
    assert await office.does(lambda session: help_requests.by_id(session, 1)) is None

    await office.says(LI, "1")

    known = await request(office)
    assert (known.kind, known.words, known.asked_id) == (HelpKind.BLOCKER, "损耗降不下来", None)


async def test_the_same_is_written_down_once(office: Desk) -> None:
    kr_id = await blocked(office)

    assert (await office.says(LI, f"求助 KR{kr_id} 供应商断货")).startswith(f"🚧 KR{kr_id} 还卡着")
    assert await office.does(lambda session: help_requests.by_id(session, 2)) is None


async def test_who_is_named_is_invited_and_not_named_again(office: Desk) -> None:
    await blocked(office)

    assert (await office.says(LI, "邀请 X1 E0201")).startswith("已请赵店帮忙:供应商断货(X2)")
    assert "请你帮忙:供应商断货" in await newest_to(office, ZHAO)
    again = await office.says(LI, "查看 X1")
    assert "已请 赵店(在等)" in again
    assert "可以找" not in again
    assert (await request(office, 2)).came_from == 1


async def test_when_the_help_is_done_the_blocker_is_one_tap_from_its_end(office: Desk) -> None:
    await blocked(office)
    await office.says(LI, "邀请 X1 @赵店")
    await office.says(ZHAO, "接受 X2")
    await office.says(ZHAO, "完成 X2 换了一家")

    assert "卡住的事过去了就发:已解决 X1" in await newest_to(office, LI)
    assert (await office.says(LI, "已解决 X1")).startswith("✅ X1 解决了")


async def test_solved_otherwise_whoever_was_invited_need_not_help(office: Desk) -> None:
    await blocked(office)
    await office.says(LI, "邀请 X1 @赵店")

    await office.says(LI, "完成 X1")

    assert "X2 的事解决了,不用帮了" in await newest_to(office, ZHAO)
    closed = await request(office, 2)
    assert (closed.state, closed.answered_at) == (HelpState.DONE, None)


async def test_a_next_step_is_said_by_who_is_involved(office: Desk) -> None:
    await blocked(office)

    assert "👉 下一步:打电话" in await office.says(LI, "下一步 X1 打电话")
    assert "👉 下一步:换一家" in await office.says(WANG, "下一步 X1 换一家")
    assert (await office.says(WU, "下一步 X1 看看")).startswith("X1 要李四来写下一步")
    assert (await request(office)).next_step == "换一家"


async def test_whoever_sees_it_may_take_it_up(office: Desk) -> None:
    await blocked(office)

    assert "能帮就发:接受 X1" in await office.says(WU, "查看 X1")
    assert (await office.says(WU, "接受 X1")).startswith("👍 X2 你接了,李四知道了")
    assert "吴越接了你的 X2" in await newest_to(office, LI)
    assert (await office.says(WU, "接受 X1")).startswith("👍 X2 你接了")
    assert "不能请自己帮忙" in await office.says(LI, "接受 X1")


async def test_what_nobody_was_asked_nobody_declines(office: Desk) -> None:
    await blocked(office)

    assert (await office.says(ZHAO, "帮不上 X1 没空")).startswith("X1 要李四来回话")


async def test_what_is_over_takes_no_more_steps(office: Desk) -> None:
    await blocked(office)
    await office.says(LI, "撤回 X1")

    for said in ("下一步 X1 打电话", "邀请 X1 @赵店"):
        assert (await office.says(LI, said)).startswith("X1 已经办完了")
    assert (await office.says(LI, "已解决 X1")).startswith("✅ X1 解决了")


async def test_the_owner_hears_that_a_colleague_is_stuck_with_his_goal(office: Desk) -> None:
    _, kr_id = await office.new_goal(LOSSES)

    assert "李四是负责人,也会知道" in await office.says(ZHANG, f"求助 KR{kr_id} 冷柜坏了")
    assert f"🚧 张三说 KR{kr_id} 卡住了:冷柜坏了(X1)" in await newest_to(office, LI)
    assert "👉 下一步:报修" in await office.says(LI, "下一步 X1 报修")


# --- skills ---


@pytest.mark.parametrize(
    ("who", "said", "answer"),
    [
        (LI, "擅长 陈列 生鲜", "你擅长:陈列、生鲜"),
        (LI, "擅长 陈列、生鲜,陈列", "你擅长:陈列、生鲜"),
        (LI, "擅长", "你还没记着擅长什么"),
        (WANG, "擅长 @李四 陈列", "李四擅长:陈列"),
        (WANG, "擅长 E0102 陈列", "李四擅长:陈列"),
        ("E0003", "擅长 @李四 陈列", "李四擅长:陈列"),
        ("E0001", "擅长 @李四 陈列", "李四擅长:陈列"),
        (ZHAO, "擅长 @李四 陈列", "说李四擅长什么要李四自己或上级来做"),
        (ZHAO, "擅长 @李四", "李四还没记着擅长什么"),
        (LI, "擅长 @没这人 陈列", "没找到「没这人」"),
    ],
)
async def test_what_somebody_is_good_at(office: Desk, who: str, said: str, answer: str) -> None:
    assert (await office.says(who, said)).startswith(answer)


async def test_who_is_praised_by_a_superior_hears_of_it_once_and_may_disagree(office: Desk) -> None:
    await office.says(WANG, "擅长 @李四 陈列")
    await office.says(WANG, "擅长 @李四 陈列")

    [(_, letter)] = await office.letters_to(LI)
    assert letter.startswith("👏 王店说你擅长 陈列")
    assert "还没记着" in await office.says(LI, "不擅长 陈列")
    assert await office.does(lambda session: skills.fitting(session, ["陈列"], "陈列")) == {}
