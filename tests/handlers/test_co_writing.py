"""Two people in one draft: what comes together, what is asked about, and that nothing is lost at the same instant."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from storage import co_writing, objectives
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import Desk, words
from tests.storage.company import NOON, TODAY, VISITORS, person

LI, WANG, ZHOU, WU = "E0102", "E0101", "E0003", "E0202"
ROUNDS = 20


async def drafted(office: Desk, *others: str) -> tuple[int, int]:
    """A draft of 李四's that these write too: its id, and its first key result's of two."""
    said = await office.says(
        LI, "新建目标 把生鲜做成招牌\nKR 试吃转化率 从 10% 到 20%\nKR 试吃场次 从 0 到 20 场"
    )
    objective_id = int(said.split("O")[1].split("「")[0])
    for other in others:
        assert "一起写" in await office.says(LI, f"共创 O{objective_id} {other}")
    return objective_id, (await office.objective(objective_id)).key_results[0].id


async def target(office: Desk, kr_id: int) -> Decimal | None:
    return (await office.key_result(kr_id)).measure.target


# --- who ---


async def test_whoever_is_invited_sees_it_and_nobody_else_does(office: Desk) -> None:
    objective_id, kr_id = await drafted(office, WANG)

    assert "试吃转化率" in await office.says(WANG, f"查看 O{objective_id}")
    for stranger in (ZHOU, WU):
        for command in (
            f"查看 O{objective_id}",
            f"修改 KR{kr_id} 目标值 30",
            f"共创 O{objective_id} {stranger}",
        ):
            assert "没找到" in await office.says(stranger, command)


async def test_only_the_owner_invites_takes_back_submits_and_deletes(office: Desk) -> None:
    objective_id, kr_id = await drafted(office, WANG, ZHOU)

    for command in (
        f"共创 O{objective_id} {WU}",
        f"取消共创 O{objective_id} {ZHOU}",
        f"提交 O{objective_id}",
        f"确认 删除 O{objective_id}",
    ):
        assert "是李四的" in await office.says(WANG, command), command
    assert "提交 O" not in await office.says(WANG, f"查看 O{objective_id}")
    assert "删掉了" in await office.says(WANG, f"确认 删除 KR{kr_id}")


async def test_inviting_twice_writes_once(office: Desk) -> None:
    objective_id, _ = await drafted(office, WANG, WANG)

    invited = [text for _, text in await office.letters_to(WANG) if "一起写草稿" in text]

    assert len(invited) == 1
    assert f"共创 O{objective_id}" in invited[0]


async def test_who_has_left_or_was_taken_back_may_do_nothing_more(office: Desk) -> None:
    objective_id, kr_id = await drafted(office, WANG, ZHOU)

    await office.says(WANG, f"退出共创 O{objective_id}")
    await office.says(LI, f"取消共创 O{objective_id} {ZHOU}")

    for gone in (WANG, ZHOU):
        assert "没找到" in await office.says(gone, f"修改 KR{kr_id} 目标值 30")
    assert "不再写草稿" in (await office.letters_to(LI))[-1][1]
    assert "你不用管了" in (await office.letters_to(ZHOU))[-1][1]
    assert "只有 李四 自己在写" in await office.says(LI, f"共创 O{objective_id}")


async def test_what_is_in_force_is_not_written_together(office: Desk) -> None:
    objective_id, _ = await office.new_goal()

    await office.says(LI, f"共创 O{objective_id} {WANG}")

    assert await office.does(lambda session: co_writing.writers(session, objective_id)) == []


# --- what comes together and what is asked about ---


async def test_alone_nothing_is_kept_and_nothing_asked(office: Desk) -> None:
    objective_id, kr_id = await drafted(office)
    await office.says(LI, f"修改 KR{kr_id} 目标值 30")

    async def kept(session: Session) -> int:
        rows = await session.all("SELECT version FROM draft_edits UNION ALL SELECT version FROM seen_drafts")
        return len(rows)

    assert await office.does(kept) == 0
    assert "改好了" in await office.says(LI, f"修改 O{objective_id} 标题 生鲜是招牌")


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ("修改 KR{kr} 目标值 30", "修改 KR{kr} 截止 12月20日"),
        ("修改 KR{kr} 目标值 30", "修改 KR{other} 目标值 25"),
        ("修改 KR{kr} 目标值 30", "加KR O{o} 客诉率 从 3% 到 1%"),
        ("修改 KR{kr} 目标值 30", "修改 O{o} 标题 生鲜是招牌"),
        ("确认 删除 KR{kr}", "修改 KR{other} 目标值 25"),
        ("加KR O{o} 客诉率 从 3% 到 1%", "修改 KR{kr} 目标值 30"),
    ],
)
async def test_different_parts_come_together_with_a_line_that_says_so(
    office: Desk, theirs: str, mine: str
) -> None:
    objective_id, kr_id = await drafted(office, WANG)
    ids = {"kr": kr_id, "other": kr_id + 1, "o": objective_id}

    await office.says(WANG, theirs.format(**ids))
    answer = await office.says(LI, mine.format(**ids))

    assert "撞上" not in answer
    assert "👥 王店改过" in answer
    assert "👥" not in await office.says(LI, f"查看 O{objective_id}")


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ("修改 KR{kr} 目标值 30", "修改 KR{kr} 目标值 25"),
        ("修改 KR{kr} 目标值 30", "确认 删除 KR{kr}"),
        ("修改 KR{kr} 目标值 30", "修改 KR{kr} 按 百分数"),
        ("修改 KR{kr} 权重 2", "修改 O{o} 权重 平均"),
        ("修改 O{o} 标题 招牌是生鲜", "修改 O{o} 标题 生鲜是招牌"),
        ("修改 KR{kr} 标题 试吃买单率", "修改 KR{kr} 截止 12月20日 标题 试吃成交率"),
    ],
)
async def test_the_same_part_is_asked_about_and_not_written(office: Desk, theirs: str, mine: str) -> None:
    objective_id, kr_id = await drafted(office, WANG)
    ids = {"kr": kr_id, "o": objective_id}
    await office.says(WANG, theirs.format(**ids))
    before = await office.objective(objective_id)

    answer = await office.says(LI, mine.format(**ids))

    assert "和你的撞上了,先没写" in answer
    assert await office.objective(objective_id) == before


async def test_whoever_has_looked_knows_and_is_not_asked(office: Desk) -> None:
    objective_id, kr_id = await drafted(office, WANG)
    await office.says(WANG, f"修改 KR{kr_id} 目标值 30")

    await office.says(LI, f"查看 O{objective_id}")

    assert "改好了" in await office.says(LI, f"修改 KR{kr_id} 目标值 25")
    assert await target(office, kr_id) == 25


async def test_overwriting_holds_for_what_was_shown_and_not_for_what_came_later(office: Desk) -> None:
    _, kr_id = await drafted(office, WANG)
    await office.says(WANG, f"修改 KR{kr_id} 目标值 30")
    asked = await office.dispatch.hear(office.message(LI, f"修改 KR{kr_id} 目标值 25"))
    assert asked.parcel is not None
    overwrite = asked.parcel.card.face.buttons[0].say

    await office.says(WANG, f"修改 KR{kr_id} 目标值 31")

    assert "王店写的「31%」" in await office.says(LI, overwrite)
    assert await target(office, kr_id) == 31
    assert "改好了" in await office.says(LI, f"覆盖 修改 KR{kr_id} 目标值 25")
    assert await target(office, kr_id) == 25


async def test_merging_keeps_theirs_where_both_wrote_and_mine_elsewhere(office: Desk) -> None:
    _, kr_id = await drafted(office, WANG)
    await office.says(WANG, f"修改 KR{kr_id} 目标值 30")

    await office.says(LI, f"修改 KR{kr_id} 目标值 25 标题 试吃成交率")
    await office.says(LI, "合并")

    kr = await office.key_result(kr_id)
    assert (kr.title, kr.measure.target) == ("试吃成交率", Decimal(30))


async def test_a_long_title_that_no_button_can_carry_is_asked_about_in_words(office: Desk) -> None:
    objective_id, _ = await drafted(office, WANG)
    await office.says(WANG, f"修改 O{objective_id} 标题 招牌是生鲜")

    answer = await office.says(LI, f"修改 O{objective_id} 标题 {'长' * 60}")

    assert "前面加「覆盖」再发一遍" in answer
    assert "改好了" in await office.says(LI, f"覆盖 修改 O{objective_id} 标题 {'长' * 60}")


async def test_handing_in_what_was_changed_since_is_asked_about(office: Desk) -> None:
    objective_id, kr_id = await drafted(office, WANG)
    await office.says(WANG, f"修改 KR{kr_id} 目标值 30")

    assert "照现在的提交吗" in await office.says(LI, f"提交 O{objective_id}")
    assert f"O{objective_id}" in await office.says(LI, f"确认 提交 O{objective_id}")
    assert "提交了" in (await office.letters_to(WANG))[-1][1]


async def test_the_others_hear_that_it_was_deleted(office: Desk) -> None:
    objective_id, _ = await drafted(office, WANG)

    await office.says(LI, f"确认 删除 O{objective_id}")

    assert "删掉了" in (await office.letters_to(WANG))[-1][1]


# --- at the same instant ---


async def test_two_saves_at_the_same_instant_leave_one_and_one_question(office: Desk) -> None:
    objective_id, kr_id = await drafted(office, WANG)
    async with Database(office.database.url) as other:
        elsewhere = Desk(other, office.policy, heard=10_000)
        for step in range(ROUNDS):
            for reader in (LI, WANG):
                await office.says(reader, f"查看 O{objective_id}")
            mine, theirs = 100 + step, 200 + step
            heard = await asyncio.gather(
                office.dispatch.hear(office.message(LI, f"修改 KR{kr_id} 目标值 {mine}")),
                elsewhere.dispatch.hear(elsewhere.message(WANG, f"修改 KR{kr_id} 目标值 {theirs}")),
            )
            answers = [words(one) for one in heard]
            asked = ["撞上" in answer for answer in answers]
            assert sorted(asked) == [False, True], answers
            assert await target(office, kr_id) == (theirs if asked[0] else mine)


async def test_two_parts_at_the_same_instant_are_both_written(office: Desk) -> None:
    _, kr_id = await drafted(office, WANG)
    async with Database(office.database.url) as other:
        elsewhere = Desk(other, office.policy, heard=10_000)
        for step in range(ROUNDS):
            await asyncio.gather(
                office.dispatch.hear(office.message(LI, f"修改 KR{kr_id} 目标值 {100 + step}")),
                elsewhere.dispatch.hear(elsewhere.message(WANG, f"修改 KR{kr_id + 1} 目标值 {200 + step}")),
            )
            assert await target(office, kr_id) == 100 + step
            assert await target(office, kr_id + 1) == 200 + step


# --- as it is kept ---


async def test_a_save_takes_the_version_that_it_made(database: Database) -> None:
    from storage import cycles
    from tests.storage.company import employ

    async def work(session: Session) -> list[tuple[str, ...]]:
        await employ(session)
        li, wang = await person(session, LI), await person(session, WANG)
        cycle = await cycles.running(session, TODAY)
        objective_id = await objectives.create(session, li.id, cycle, "草稿", [VISITORS], None, NOON)
        whole = await objectives.by_id(session, objective_id)
        assert whole is not None
        await objectives.rename(session, objective_id, "改过")
        await co_writing.save(session, objective_id, wang.id, {"title"}, NOON)
        found = [
            await co_writing.since(session, objective_id, version, but_not_by=who)
            for version, who in ((whole.version, li.id), (whole.version + 1, li.id), (0, wang.id))
        ]
        return [edit.keys for edits in found for edit in edits]

    assert await database.transact(work) == [("title",)]
