"""对齐 by what people say: who may, what the rules refuse, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from chat.answers import Answer
from storage import alignments, cycles, trail
from storage.alignments import Edge, EdgeState
from storage.database import Database
from storage.session import Session, amount
from tests.handlers.sample import NOW, say, words

OPEN = (EdgeState.ACTIVE, EdgeState.UNCONFIRMED, EdgeState.ASKED)


async def edges(session: Session, objective_id: int = 4) -> list[Edge]:
    return await alignments.parents_of(session, alignments.objective(objective_id), OPEN)


async def talk(company: Database, *said: tuple[str, str]) -> tuple[Answer, list[Edge], list[Edge]]:
    """The last answer, and what O4 supported before and after it."""

    async def work(session: Session) -> tuple[Answer, list[Edge], list[Edge]]:
        for n, (who, text) in enumerate(said[:-1]):
            await say(session, who, text, after=n)
        before = await edges(session)
        answer = await say(session, *said[-1], after=len(said))
        return answer, before, await edges(session)

    return await company.transact(work)


async def closed(session: Session) -> Answer:
    quarter = await cycles.by_name(session, "2026Q4")
    assert quarter is not None
    await session.run("UPDATE cycles SET state = 'closed' WHERE id = ?", quarter.id)
    return await say(session, "李四", "对齐 O4 换成 KR6")


@pytest.mark.parametrize(
    ("who", "text", "told"),
    [
        ("李四", "对齐 O4 KR99", "没找到 KR99"),
        ("李四", "对齐 O99 KR5", "没找到 O99"),
        ("李四", "对齐 O8 KR5", "没找到 O8"),
        ("李四", "对齐 O3 KR1", "O3 是王店的"),
        ("李四", "取消对齐 O3 KR3", "O3 是王店的"),
        ("王店", "对齐 O2 KR2", "O2 是周敏的"),
        ("李四", "对齐 O4 KR8", "绕一圈又回到了自己"),
        ("李四", "对齐 O4 KR11", "绕一圈又回到了自己"),
        ("李四", "对齐 KR8 KR8", "不能支撑它自己"),
        ("李四", "对齐 O4 KR5", "本来就在支撑 KR5"),
        ("李四", "对齐 O4 KR5 130%", "加起来是 130%"),
        ("李四", "对齐 O4 KR5 60% KR6 50%", "加起来是 110%"),
        ("李四", "对齐 O4 KR6", "KR6 客诉率 算多少?"),
        ("李四", "对齐 O4 KR6 40%", "KR6 客诉率 算多少?"),
        ("李四", "对齐 O4 KR5 KR6", "各算多少?"),
        ("李四", "对齐 O4 KR5 30", "30 是 30% 吗"),
        ("李四", "对齐 O4 KR5 好吗", "没看懂「好吗」"),
        ("李四", "对齐 O4 O3", "支撑 O3 的哪一个 KR?"),
        ("李四", "对齐 O4", "支撑谁的 KR?"),
        ("李四", "取消对齐 O4 KR13", "没有在支撑 KR13"),
        ("李四", "同意对齐 O4", "说清楚是谁支撑谁"),
        ("赵店", "同意对齐 O4 KR13", "没有找到"),
        ("王店", "拒绝对齐 O99 KR5 不合适", "没有找到"),
        ("李四", "仍然对齐 O4 KR13", "没有找到"),
    ],
)
async def test_what_cannot_be_is_told_and_changes_nothing(
    company: Database, who: str, text: str, told: str
) -> None:
    answer, before, after = await talk(company, (who, text))

    assert told in words(answer)
    assert answer.letters == ()
    assert after == before


async def test_a_closed_cycle_supports_nothing_new(company: Database) -> None:
    answer = await company.transact(closed)

    assert "2026Q4" in words(answer)
    assert [edge.parent for edge in await company.read(edges)] == [5]


@pytest.mark.parametrize(
    ("said", "supports"),
    [
        (["对齐 O4 KR5 60% KR6 40%"], {5: "0.6", 6: "0.4"}),
        (["对齐 O4 KR5 60% KR6 40%", "对齐 O4 KR5 50%"], {5: "0.5", 6: "0.4"}),
        (["对齐 O4 KR6 不汇总"], {5: "", 6: "-"}),
        (["对齐 O4 换成 KR6"], {6: ""}),
        (["取消对齐 O4 KR5"], {}),
        (["取消对齐 O4", "O4支撑KR5"], {5: ""}),
        (["O4 不再支撑 KR5"], {}),
        (["对齐 O4 KR5 不汇总", "对齐 O4 KR1"], {5: "-", 1: ""}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
async def test_ones_own_line_is_not_asked(
    company: Database, said: Sequence[str], supports: dict[int, str]
) -> None:
    """`-`: only shown."""
    answer, _, after = await talk(company, *(("李四", text) for text in said))

    shares = {edge.parent: edge.share if edge.rolls else "-" for edge in after}
    assert shares == {
        number: (Decimal(text) if text[:1] == "0" else text or None) for number, text in supports.items()
    }
    assert all(edge.state is EdgeState.ACTIVE for edge in after)
    assert [letter for letter in answer.letters if "想用" in letter.card.face.title] == []


async def test_another_department_is_asked_and_nothing_counts_before_its_yes(company: Database) -> None:
    answer, _, after = await talk(company, ("李四", "对齐 O4 换成 KR13"))

    (letter,) = answer.letters
    assert "李四想用 O4" in letter.card.face.title
    assert [button.say for button in letter.card.face.buttons[:2]] == ["同意对齐 O4 KR13", "拒绝对齐 O4 KR13"]
    assert [(edge.parent, edge.state) for edge in after] == [(5, EdgeState.ACTIVE), (13, EdgeState.ASKED)]


async def test_with_the_yes_it_supports_this_instead_of_that(company: Database) -> None:
    answer, _, after = await talk(company, ("李四", "对齐 O4 换成 KR13"), ("赵店", "同意对齐 O4 KR13"))

    assert [(edge.parent, edge.state) for edge in after] == [(13, EdgeState.ACTIVE)]
    (letter,) = answer.letters
    assert "赵店同意了" in letter.card.face.title


async def test_a_no_has_a_reason_that_who_asked_reads(company: Database) -> None:
    asked, _, still = await talk(company, ("李四", "对齐 O4 KR13 不汇总"), ("赵店", "拒绝对齐 O4 KR13"))

    assert asked.card is not None
    assert asked.card.awaits == "拒绝对齐 O4 KR13"
    assert still[-1].state is EdgeState.ASKED


@pytest.mark.parametrize("second", ["同意对齐 O4 KR13", "拒绝对齐 O4 KR13 晚了"])
async def test_it_is_decided_once(company: Database, second: str) -> None:
    answer, before, after = await talk(
        company,
        ("李四", "对齐 O4 KR13 不汇总"),
        ("赵店", "拒绝对齐 O4 KR13 30 天内先做客单价"),
        ("赵店", second),
    )

    assert "你自己已经处理过了" in words(answer)
    assert [edge.parent for edge in before] == [edge.parent for edge in after] == [5]


@pytest.mark.parametrize("text", ["同意对齐 O4 KR13", "拒绝对齐 O4 KR13 不要"])
async def test_a_third_person_decides_nothing_and_it_is_on_record(company: Database, text: str) -> None:
    answer, _, after = await talk(company, ("李四", "对齐 O4 KR13 不汇总"), ("王店", text))

    assert "要赵店来做" in words(answer)
    assert after[-1].state is EdgeState.ASKED
    (line,) = await company.read(lambda session: trail.of(session, kr_id=13))
    assert (line.actor, line.action) == ("王店", f"想{text[:4]}(无权)")


async def test_somebody_elses_goal_is_on_record(company: Database) -> None:
    await talk(company, ("李四", "对齐 O3 KR1"))

    (line,) = await company.read(lambda session: trail.of(session, objective_id=3))
    assert (line.actor, line.action) == ("李四", "想对齐(无权)")


async def test_the_manager_may_and_the_owner_is_told(company: Database) -> None:
    answer, _, after = await talk(company, ("王店", "对齐 O4 换成 KR6"))

    assert [edge.parent for edge in after] == [6]
    (letter,) = answer.letters
    assert letter.card.face.title.startswith("王店帮你对齐了")


async def test_a_restricted_goal_does_not_show_through_a_public_one(company: Database) -> None:
    async def work(session: Session) -> tuple[Answer, Answer]:
        await session.run("UPDATE objectives SET visibility = '上下级' WHERE id = 4")
        return (
            await say(session, "李四", "对齐 O4 换成 KR6"),
            await say(session, "李四", "对齐 O4 KR6 不汇总", after=1),
        )

    refused, shown = await company.transact(work)
    assert "只给部分人看" in words(refused)
    assert "只对齐、不汇总" in words(shown)


async def test_two_requests_do_not_close_a_loop_together(company: Database) -> None:
    """O6 (滨江店) asks to support KR5 of O3; meanwhile O3 may not ask to support one of O6."""

    async def work(session: Session) -> Answer:
        await say(session, "赵店", "对齐 O6 换成 KR5")
        return await say(session, "王店", "对齐 O3 换成 KR13", after=1)

    assert "绕一圈又回到了自己" in words(await company.transact(work))


async def test_what_waits_is_among_what_one_owes(company: Database) -> None:
    answer, _, _ = await talk(company, ("李四", "对齐 O4 KR13 不汇总"), ("赵店", "我的待办"))

    assert "想支撑你的 KR13,等你点头" in words(answer)
    assert NOW.weekday() == 0


async def test_what_is_aligned_moves_the_number_above_and_back(company: Database) -> None:
    """KR5 is the average of what supports it: with O4 at 31 % of the way it stands at 31 % of 2,400,000."""

    async def work(session: Session) -> list[Decimal | None]:
        await say(session, "李四", "取消对齐 O4 KR5")
        await session.run("UPDATE key_results SET roll_up = 'average' WHERE id = 5")
        values = []
        for n, text in enumerate(("对齐 O4 KR5", "对齐 O4 KR5 不汇总", "对齐 O4 换成 KR5")):
            await say(session, "李四", text, after=n + 1)
            row = await session.one("SELECT value FROM key_results WHERE id = 5")
            assert row is not None
            values.append(amount(row[0]))
        return values

    counted, _, again = await company.transact(work)
    assert counted is not None
    assert Decimal(730_000) < counted < Decimal(750_000)
    assert again == counted


async def test_a_key_result_may_support_another(company: Database) -> None:
    async def work(session: Session) -> tuple[str, str]:
        aligned = words(await say(session, "李四", "对齐 KR8 KR6"))
        return aligned, words(await say(session, "李四", "关联度 KR8", after=1))

    aligned, close = await company.transact(work)
    assert "KR8 生鲜区客流量(日均)支撑 KR6 客诉率" in aligned
    assert "↑ KR6 客诉率 · 王店" in close


async def test_a_deleted_draft_supports_nothing_and_nobody_is_left_waiting(company: Database) -> None:
    async def work(session: Session) -> tuple[str, str, str]:
        await say(session, "张三", "新建目标 收银更快\nKR 单笔用时 最新值 从 60 到 40 秒\n对齐 KR13")
        waiting = words(await say(session, "赵店", "我的待办", after=1))
        await say(session, "张三", "确认 删除 O9", after=2)
        late = words(await say(session, "赵店", "同意对齐 O9 KR13", after=3))
        return waiting, late, words(await say(session, "赵店", "我的待办", after=4))

    waiting, late, owed = await company.transact(work)
    assert "想支撑你的 KR13" in waiting
    assert "没找到 O9" in late
    assert "想支撑你的 KR13" not in owed


async def test_what_may_no_longer_be_seen_may_still_be_left(company: Database) -> None:
    async def work(session: Session) -> Answer:
        await session.run("UPDATE objectives SET state = 'draft' WHERE id = 3")
        return await say(session, "李四", "对齐 O4 换成 KR3")

    assert "支撑 KR3" in words(await company.transact(work))


@pytest.mark.parametrize(
    ("text", "told"),
    [("这个目标为什么", "为什么哪一个?"), ("我的贡献点", "为什么哪一个?"), ("我的贡献点?", "为什么哪一个?")],
)
async def test_what_it_is_for_in_everyday_words(company: Database, text: str, told: str) -> None:
    answer, _, _ = await talk(company, ("李四", text))

    assert told in words(answer)
