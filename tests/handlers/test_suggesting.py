"""Suggestions: who may make one, who answers it, what becomes of it, and that it is answered once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from okr.approvals import ApprovalRule
from okr.objectives import Kind, Measure, State
from storage import in_force, suggestions, trail
from storage.database import Database
from storage.objectives import Draft
from tests.handlers.desk import Desk, words

WANG, LI, ZHANG, WU = "E0101", "E0102", "E0103", "E0202"
NO_RULE = ApprovalRule(fields=frozenset())
"""Nobody has to agree to anything."""


async def suggested(office: Desk, what: str = "目标值 1080 理由 停车场封闭") -> tuple[int, int]:
    """李四's goal, and 张三's suggestion R1 about it."""
    objective_id, kr_id = await office.new_goal()
    assert "(R1)" in await office.says(ZHANG, f"建议 KR{kr_id} {what}")
    return objective_id, kr_id


async def target(office: Desk, kr_id: int) -> Decimal | None:
    return (await office.key_result(kr_id)).measure.target


async def newest_to(office: Desk, number: str) -> str:
    return (await office.letters_to(number))[-1][1]


# --- making one ---


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("建议 KR{kr} 目标值 1080 理由 停车场封闭", "目标值 1,100 人 → 1,080 人"),
        ("建议KR{kr}目标值1080", "目标值 1,100 人 → 1,080 人"),
        ("建议 {kr} 目标值 -20", "目标值 1,100 人 → 1,080 人"),
        ("建议 KR{kr} 截止 12月20日", "截止 周期末 → 12月20日"),
        ("建议 KR{kr} 目标值 1080 截止 12月20日 原因 忙", "1,080 人;截止 周期末 → 12月20日"),
        ("建议 KR{kr} 标题 生鲜客流", "标题 生鲜区客流量 → 生鲜客流"),
        ("建议 O{o} 标题 生鲜更好卖", "标题 生鲜区更好卖 → 生鲜更好卖"),
        ("建议 KR{kr} 多做几场试吃", "「多做几场试吃」"),
    ],
)
async def test_what_can_be_suggested(office: Desk, said: str, answer: str) -> None:
    objective_id, kr_id = await office.new_goal()

    told = await office.says(ZHANG, said.format(kr=kr_id, o=objective_id))

    assert told.startswith("已经告诉李四了")
    assert answer in told
    assert answer in await newest_to(office, LI)
    assert await target(office, kr_id) == 1100


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("建议 KR{kr}", "你建议怎么改?"),
        ("建议 KR{kr} 目标值", "你建议目标值改成多少?"),
        ("建议 KR{kr} 目标值 高一点", "你建议目标值改成多少?"),
        ("建议 KR{kr} 目标值 1000", "一样"),
        ("建议 KR99 目标值 1080", "没找到 KR99"),
        ("建议 O99 标题 x", "没找到 O99"),
    ],
)
async def test_what_is_no_suggestion_reaches_nobody(office: Desk, said: str, answer: str) -> None:
    _, kr_id = await office.new_goal()

    assert answer in await office.says(ZHANG, said.format(kr=kr_id))
    assert await office.letters_to(LI) == []


async def test_what_is_asked_for_completes_it(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(ZHANG, f"建议 KR{kr_id} 目标值")

    assert "→ 1,080 人" in await office.says(ZHANG, "1080")


async def test_the_same_one_is_told_once_and_another_again(office: Desk) -> None:
    _, kr_id = await suggested(office)

    assert "之前就告诉过李四" in await office.says(ZHANG, f"建议 KR{kr_id} 目标值 1080")
    assert "(R2)" in await office.says(ZHANG, f"建议 KR{kr_id} 目标值 1090")
    assert "(R3)" in await office.says(WU, f"建议 KR{kr_id} 目标值 1080")
    assert len(await office.letters_to(LI)) == 3


async def test_to_ones_own_goal_it_is_a_change(office: Desk) -> None:
    _, kr_id = await office.new_goal()

    assert "已请王店看" in await office.says(LI, f"建议 KR{kr_id} 目标值 1080 理由 停车场封闭")
    assert "停车场封闭" in await newest_to(office, WANG)
    assert "不用建议" in await office.says(LI, f"建议 KR{kr_id} 多做试吃")


async def test_what_is_not_in_force_takes_none(office: Desk) -> None:
    objective_id, kr_id = await office.new_goal()
    await office.does(lambda session: in_force.set_key_result(session, objective_id, kr_id, State.PAUSED))

    assert "已经不在进行中了" in await office.says(ZHANG, f"建议 KR{kr_id} 目标值 1080")
    assert await office.letters_to(LI) == []


# --- answering it ---


async def test_taken_up_where_somebody_has_to_agree(office: Desk) -> None:
    objective_id, kr_id = await suggested(office)

    assert "已请王店看" in await office.says(LI, "采纳 R1")
    assert await target(office, kr_id) == 1100
    assert "还要等 王店 批(R2)" in await newest_to(office, ZHANG)

    await office.says(WANG, "同意 R2")
    assert await target(office, kr_id) == 1080
    assert "王店同意了,改好了" in await newest_to(office, ZHANG)
    lines = await office.does(lambda session: trail.of(session, objective_id=objective_id))
    assert {line.reason for line in lines} == {"采纳同事的建议 R1:停车场封闭"}


async def test_taken_up_and_then_not_agreed_to(office: Desk) -> None:
    _, kr_id = await suggested(office)
    await office.says(LI, "采纳 R1")

    await office.says(WANG, "驳回 R2 先看看")

    assert "这次没有改成:王店没有同意\n" in await newest_to(office, ZHANG)
    assert "王店说:先看看" in await newest_to(office, ZHANG)
    assert await target(office, kr_id) == 1100


async def test_taken_up_where_nobody_has_to_agree(office: Desk) -> None:
    office.policy = replace(office.policy, approvals=(NO_RULE,))
    _, kr_id = await suggested(office)

    assert "1,080" in await office.says(LI, "采纳 R1")

    assert await target(office, kr_id) == 1080
    assert "已经改好了" in await newest_to(office, ZHANG)


async def test_words_alone_are_taken_up_and_nothing_changes(office: Desk) -> None:
    _, kr_id = await suggested(office, "多做几场试吃")
    before = await office.key_result(kr_id)

    assert "R1 已经采纳了" in await office.says(LI, "采纳 R1")
    assert "怎么改由李四来写" in await newest_to(office, ZHANG)
    assert await office.key_result(kr_id) == before


async def test_a_goal_that_has_changed_since_is_shown_first(office: Desk) -> None:
    office.policy = replace(office.policy, approvals=(NO_RULE,))
    _, kr_id = await suggested(office)
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")

    assert "提的时候 1,100 人,现在 1,200 人,要改成 1,080 人" in await office.says(LI, "采纳 R1")
    assert await target(office, kr_id) == 1200
    await office.says(LI, "1")
    assert await target(office, kr_id) == 1080


@pytest.mark.parametrize("verb", ["采纳", "先不改", "聊聊", "撤回", "同意", "驳回"])
async def test_a_third_person_may_do_nothing_and_that_he_tried_is_on_record(office: Desk, verb: str) -> None:
    objective_id, kr_id = await suggested(office)

    for third in (WU, WANG):
        assert "来做" in await office.says(third, f"{verb} R1 我来")

    assert await target(office, kr_id) == 1100
    suggestion = await office.does(lambda session: suggestions.by_id(session, 1))
    assert suggestion is not None
    assert suggestion.state == "waiting"
    assert all("(无权)" in action for action in await office.trail_of(objective_id))
    assert len(await office.trail_of(objective_id)) == 2


async def test_who_suggested_does_not_answer_it_himself(office: Desk) -> None:
    await suggested(office)

    assert "采纳 R1 要李四来做" in await office.says(ZHANG, "采纳 R1")


@pytest.mark.parametrize("first", ["采纳 R1", "先不改 R1 再看看", "同意 R1", "驳回 R1 再看看"])
async def test_it_is_answered_once(office: Desk, first: str) -> None:
    _, kr_id = await suggested(office)
    await office.says(LI, first)
    told = await office.letters_to(ZHANG)
    asked = await office.letters_to(WANG)

    for again in ("采纳 R1", "先不改 R1 不了", "聊聊 R1 再说", "驳回 R1 不了"):
        assert "R1 " in await office.says(LI, again)
    assert "R1 " in await office.says(ZHANG, "撤回 R1")

    assert await office.letters_to(ZHANG) == told
    assert await office.letters_to(WANG) == asked
    assert await target(office, kr_id) == 1100


async def test_not_now_wants_a_reason_and_the_next_words_are_it(office: Desk) -> None:
    await suggested(office)

    assert "说一句为什么" in await office.says(LI, "先不改 R1")
    assert "张三知道了" in await office.says(LI, "停车场下周就开")
    assert "先不改:停车场下周就开" in await newest_to(office, ZHANG)


async def test_talking_decides_nothing_and_goes_both_ways(office: Desk) -> None:
    await suggested(office)

    await office.says(LI, "聊聊 R1 什么时候开?")
    assert "💬 李四:什么时候开?" in await newest_to(office, ZHANG)
    await office.says(ZHANG, "聊聊 R1")
    await office.says(ZHANG, "要到明年")
    assert "💬 张三:要到明年" in await newest_to(office, LI)
    assert "已请王店看" in await office.says(LI, "采纳 R1")


async def test_without_a_number_the_only_one_is_meant_and_of_several_none(office: Desk) -> None:
    _, kr_id = await suggested(office)
    await office.says(WU, f"建议 KR{kr_id} 目标值 1090")

    assert "有 2 条建议在等你" in await office.says(LI, "采纳")
    await office.says(LI, "先不改 R2 不了")
    assert "已请王店看" in await office.says(LI, "采纳")
    assert "没有找到" in await office.says(LI, "采纳")


async def test_numbers_of_suggestions_and_of_requests_are_told_apart(office: Desk) -> None:
    _, kr_id = await suggested(office)
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")

    assert "没有找到" in await office.says(LI, "采纳 R2")
    assert "💡 张三建议" in await office.says(LI, "查看 R1")
    assert "没有找到" in await office.says(WU, "查看 R1")


async def test_the_owner_of_now_answers_it(office: Desk) -> None:
    objective_id, _ = await suggested(office)
    wu = await office.does(lambda session: session.one("SELECT id FROM employees WHERE number = ?", WU))
    assert wu is not None
    await office.does(lambda session: in_force.give_to(session, objective_id, wu[0]))

    assert "采纳 R1 要吴越来做" in await office.says(LI, "采纳 R1")
    assert "R1 先不改了" in await office.says(WU, "先不改 R1 刚接手")


async def test_pressed_and_typed_at_the_same_instant_it_is_taken_up_once(office: Desk) -> None:
    office.policy = replace(office.policy, approvals=(NO_RULE,))
    _, kr_id = await office.new_goal()
    async with Database(office.database.url) as other:
        elsewhere = Desk(other, office.policy, heard=10_000)
        for step in range(1, 11):
            told = await office.says(ZHANG, f"建议 KR{kr_id} 目标值 {2000 + step}")
            number = int(told.split("(R")[1].split(")")[0])
            heard = await asyncio.gather(
                office.dispatch.hear(office.message(LI, f"采纳 R{number}")),
                elsewhere.dispatch.hear(elsewhere.message(LI, f"先不改 R{number} 不了")),
            )
            answers = [words(one) for one in heard]
            taken = await target(office, kr_id) == 2000 + step
            letters = await office.letters_to(ZHANG)
            assert len(letters) == step, answers
            assert ("🎉" in letters[-1][1]) is taken, answers


# --- in a sentence ---

LOSSES = Draft("损耗率", Measure(Kind.NUMBER, "%", start=Decimal(8), target=Decimal(5)))


@pytest.mark.parametrize(
    "said",
    [
        "目标太高,降到1080行不",
        "目标太高了,降到1080行吗",
        "KR{kr}目标太高,降到1080行不",
        "把KR{kr}的目标降到1080可以吗",
        "KR{kr}降到1080行不",
        "目标定太高了,改成1080好不好",
    ],
)
async def test_a_sentence_about_ones_own_goal_is_a_change_once_confirmed(office: Desk, said: str) -> None:
    _, kr_id = await office.new_goal()

    assert "把 KR" in await office.says(LI, said.format(kr=kr_id))
    assert await office.letters_to(WANG) == []
    assert "已请王店看" in await office.says(LI, "是的")


async def test_a_sentence_about_a_colleagues_goal_is_a_suggestion_once_confirmed(office: Desk) -> None:
    _, kr_id = await office.new_goal()

    assert "建议李四把" in await office.says(ZHANG, f"KR{kr_id}目标太高,降到1080行不")
    assert await office.letters_to(LI) == []
    assert "已经告诉李四了" in await office.says(ZHANG, "1")
    assert "原因:目标太高" in await newest_to(office, LI)


async def test_of_several_goals_one_is_chosen(office: Desk) -> None:
    await office.new_goal(
        Draft("客流", Measure(Kind.NUMBER, "人", start=Decimal(1), target=Decimal(9))), LOSSES
    )

    assert "哪一个的目标改成 7" in await office.says(LI, "目标太高,降到7行不")
    assert "目标值" in await office.says(LI, "1")


@pytest.mark.parametrize("said", ["目标太高", "目标有点低"])
async def test_a_complaint_without_a_number_is_asked_about(office: Desk, said: str) -> None:
    _, kr_id = await office.new_goal()

    assert f"KR{kr_id}「生鲜区客流量」" in await office.says(LI, said)
    assert "已请王店看" in await office.says(LI, "1080")


@pytest.mark.parametrize("said", ["更新 KR{kr} 1050 目标太高,降到1080行不", "降到哪都行不", "今天客流太高了"])
async def test_other_sentences_are_none_of_it(office: Desk, said: str) -> None:
    _, kr_id = await office.new_goal()

    answer = await office.says(LI, said.format(kr=kr_id))

    assert "改成 1080" not in answer
    assert await office.letters_to(WANG) == []
