"""A goal above has changed: who supports it is asked once more, with three working days' time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chat.answers import Answer, Letter
from handlers.upstream import UpstreamChange, upstream_changed
from okr.workdays import OfficeCalendar
from storage import alignments, objectives
from storage.alignments import Edge, EdgeState
from storage.database import Database
from storage.session import Session
from tests.handlers.sample import asking, say, words

TARGET = UpstreamChange("目标值", "240 万", "260 万元", by="王店")


async def change(session: Session, who: str, kr_id: int, what: UpstreamChange) -> tuple[Letter, ...]:
    asked = await asking(session, who, "同意 R8")
    holiday = OfficeCalendar(holidays=frozenset({date(2026, 11, 25)}))
    above = await objectives.with_key_result(session, kr_id)
    assert above is not None
    kr = next(kr for kr in above.key_results if kr.id == kr_id)
    return await upstream_changed(replace(asked, policy=replace(asked.policy, calendar=holiday)), kr, what)


async def edge(session: Session) -> Edge:
    (only,) = await alignments.parents_of(session, alignments.objective(4))
    return only


async def test_the_owner_below_is_asked_until_the_third_working_day(company: Database) -> None:
    async def work(session: Session) -> tuple[tuple[Letter, ...], Edge, Answer]:
        letters = await change(session, "王店", 5, TARGET)
        return letters, await edge(session), await say(session, "李四", "我的待办")

    letters, asked, owed = await company.transact(work)
    (letter,) = letters
    face = letter.card.face
    assert face.title == "KR5 的目标值改了:240 万 → 260 万元,你的 O4 还支撑它吗?"
    assert "11月27日前点一下就行,没点之前照旧算。" in face.lines
    assert [button.say for button in face.buttons] == ["仍然对齐 O4 KR5", "修改 KR8", "取消对齐 O4 KR5"]
    assert (asked.state, asked.confirm_by, asked.stands) == (EdgeState.UNCONFIRMED, date(2026, 11, 27), True)
    assert "KR5 西湖店销售额 变了,O4 还支撑它吗" in words(owed)


@pytest.mark.parametrize(
    ("answered", "state"),
    [("仍然对齐 O4 KR5", EdgeState.ACTIVE), ("取消对齐 O4 KR5", EdgeState.ENDED)],
)
async def test_the_answer_settles_it(company: Database, answered: str, state: EdgeState) -> None:
    async def work(session: Session) -> tuple[Edge | None, Answer]:
        await change(session, "王店", 5, TARGET)
        await say(session, "李四", answered)
        between = await alignments.between(session, alignments.objective(4), 5)
        return between, await say(session, "李四", "我的待办")

    settled, owed = await company.transact(work)
    assert settled is not None
    assert settled.state is state
    assert "还支撑它吗" not in words(owed)


async def test_only_the_owner_below_or_his_manager_answers(company: Database) -> None:
    async def work(session: Session) -> tuple[Answer, Edge]:
        await change(session, "王店", 5, TARGET)
        return await say(session, "赵店", "仍然对齐 O4 KR5"), await edge(session)

    answer, still = await company.transact(work)
    assert "O4 是李四的" in words(answer)
    assert still.state is EdgeState.UNCONFIRMED


async def test_nobody_is_asked_about_his_own_change(company: Database) -> None:
    async def work(session: Session) -> tuple[tuple[Letter, ...], Edge]:
        return await change(session, "王店", 5, replace(TARGET, knows={5})), await edge(session)

    letters, same = await company.transact(work)
    assert letters == ()
    assert same.state is EdgeState.ACTIVE


async def test_it_is_asked_when_the_superior_has_said_yes(company: Database) -> None:
    async def work(session: Session) -> tuple[Answer, Edge, Answer, Edge]:
        asked = await say(session, "王店", "修改 KR5 目标值 260万 原因 新开一层")
        before = await edge(session)
        return asked, before, await say(session, "周敏", "同意", after=1), await edge(session)

    asked, before, agreed, after = await company.transact(work)
    assert [
        letter.card.face.title for letter in asked.letters if "还支撑它吗" in letter.card.face.title
    ] == []
    assert before.state is EdgeState.ACTIVE
    (letter,) = [letter for letter in agreed.letters if "还支撑它吗" in letter.card.face.title]
    assert letter.card.face.title == "KR5 的目标值改了:240 万 → 260 万元,你的 O4 还支撑它吗?"
    assert "王店改的,KR5 西湖店销售额(本季累计)" in letter.card.face.lines
    told = [letter for letter in agreed.letters if letter.card.face.title.startswith("📣 王店的 KR5")]
    assert [letter.to for letter in told] == [
        6
    ]  # 张三, whose O5 supports KR8: further below, nothing is asked of him
    assert after.state is EdgeState.UNCONFIRMED


async def test_what_supports_a_cancelled_objective_is_asked_too(company: Database) -> None:
    async def work(session: Session) -> Answer:
        await say(session, "王店", "取消 O3 门店关了")
        return await say(session, "周敏", "同意", after=1)

    agreed = await company.transact(work)
    assert any("取消了,你的 O4 支撑的就是它" in letter.card.face.title for letter in agreed.letters)


async def test_what_is_gone_asks_for_another_goal_above(company: Database) -> None:
    (letter,) = await company.transact(
        lambda session: change(session, "王店", 5, UpstreamChange("取消", cancelled=True))
    )

    assert letter.card.face.title.startswith("KR5 西湖店销售额(本季累计) 取消了")
    assert [button.say for button in letter.card.face.buttons] == ["对齐 O4 换成", "取消对齐 O4 KR5"]
