"""可见: whom a goal is for, and that nobody else learns of it."""

from __future__ import annotations

import pytest

from storage import alignments
from storage.database import Database
from storage.session import Session
from tests.handlers.sample import say, words

O4 = "提升门店季度业绩"
"""李四's, of 西湖店; it supports KR5."""


async def free(session: Session) -> None:
    """李四's goal is only aligned, its numbers go nowhere."""
    await session.run("UPDATE alignments SET rolls = ? WHERE child_objective_id = 4", False)


@pytest.mark.parametrize(
    ("said", "sees"),
    [
        ("公司", {"王店", "周敏", "陈总", "林晓", "张三", "赵店"}),
        ("本部门", {"王店", "周敏", "陈总", "张三"}),
        ("上下级可见", {"王店", "周敏", "陈总", "张三"}),
        ("@赵店", {"王店", "周敏", "陈总", "赵店"}),
        ("给 E0201 @林晓 看", {"王店", "周敏", "陈总", "赵店", "林晓"}),
    ],
)
async def test_who_sees_it_then(company: Database, said: str, sees: set[str]) -> None:
    """张三, whose goal supports it, is below nobody but a colleague of the store."""

    async def work(session: Session) -> tuple[str, set[str]]:
        await free(session)
        if said == "上下级可见":
            await session.run(
                "UPDATE employees SET manager_id = (SELECT id FROM employees WHERE number = 'E0102') WHERE number = 'E0103'"
            )
        answer = words(await say(session, "李四", f"可见 O4 {said}"))
        found = {
            who
            for who in ("王店", "周敏", "陈总", "林晓", "张三", "赵店")
            if O4 in words(await say(session, who, "查看 O4"))
        }
        return answer, found

    answer, found = await company.transact(work)

    assert "O4 现在" in answer
    assert found == sees


@pytest.mark.parametrize(
    "text",
    [
        "查看 O4",
        "查看 KR8",
        "历史 KR8",
        "为什么 KR8",
        "修改记录 KR8",
        "可见 O4",
        "建议 KR8 目标值 5",
        "目标地图 O4",
    ],
)
async def test_for_the_others_it_is_not_there(company: Database, text: str) -> None:
    async def work(session: Session) -> tuple[str, str]:
        await free(session)
        await say(session, "李四", "可见 O4 上下级")
        return words(await say(session, "赵店", text)), words(
            await say(session, "赵店", text.replace("O4", "O404").replace("KR8", "KR808"))
        )

    hidden, missing = await company.transact(work)

    assert hidden.splitlines()[0].replace("O4", "O404").replace("KR8", "KR808") == missing.splitlines()[0]
    assert "没找到" in hidden


@pytest.mark.parametrize(
    "text", ["查看 @李四", "看 西湖店", "目标地图 西湖店", "目标来源 西湖店", "为什么 KR11", "关联度 O5"]
)
async def test_nor_on_any_list(company: Database, text: str) -> None:
    async def work(session: Session) -> str:
        await free(session)
        await say(session, "李四", "可见 O4 上下级")
        answer = await say(session, "赵店", text)
        drawn = "".join(file.content.decode() for file in answer.files)
        return words(answer) + drawn

    assert O4 not in await company.transact(work)


async def test_who_may_not_change_it_is_told_who_may(company: Database) -> None:
    told = words(await company.transact(lambda session: say(session, "张三", "可见 O4 上下级")))

    assert "O4 是李四的" in told


async def test_how_it_is_now_and_what_it_may_be(company: Database) -> None:
    async def work(session: Session) -> list[str]:
        await free(session)
        asked = words(await say(session, "李四", "可见 O4"))
        await say(session, "李四", "可见 O4 @赵店")
        return [
            asked,
            words(await say(session, "王店", "谁可见 O4")),
            words(await say(session, "赵店", "可见 O4")),
        ]

    asked, named, others = await company.transact(work)

    assert "O4「提升门店季度业绩」现在全公司可见" in asked
    assert "上下级" in asked
    assert "现在指定的人可见:赵店" in named
    assert "本部门" not in others, "there is nothing to choose for who may not"


async def test_what_only_some_may_see_counts_in_nothing_public(company: Database) -> None:
    async def work(session: Session) -> list[str]:
        refused = words(await say(session, "李四", "可见 O4 上下级"))
        await say(session, "李四", "对齐 O4 KR5 不汇总")
        allowed = words(await say(session, "李四", "可见 O4 上下级"))
        again = words(await say(session, "李四", "对齐 O4 KR5 汇总"))
        edges = await alignments.parents_of(session, alignments.objective(4))
        return [refused, allowed, again, str([edge.rolls for edge in edges])]

    refused, allowed, _, edges = await company.transact(work)

    assert "O4 只给部分人看,不能汇总进公开的 KR5" in refused
    assert "对齐 O4 KR5 不汇总" in refused
    assert "🔒 O4 现在上下级可见" in allowed
    assert edges == "[False]"


async def test_it_does_not_become_public_above_what_is_not(company: Database) -> None:
    async def work(session: Session) -> str:
        await session.run("UPDATE objectives SET visibility = '上下级' WHERE id IN (3, 4)")
        return words(await say(session, "王店", "可见 O3 公司"))

    assert "O4 只给部分人看,不能汇总进公开的 KR5" in await company.transact(work)


async def test_what_is_carried_over_stays_hidden(company: Database) -> None:
    async def work(session: Session) -> list[object]:
        await free(session)
        await say(session, "李四", "可见 O4 @赵店")
        await say(session, "李四", "结转 KR8 到 下季 确认")
        await say(session, "李四", "确认 结转 KR8 到 下季")
        rows = await session.all("SELECT visibility FROM objectives WHERE carried_from = 4")
        return [row[0] for row in rows]

    assert await company.transact(work) == ["指定人"]


async def test_it_is_on_record(company: Database) -> None:
    async def work(session: Session) -> str:
        await free(session)
        await say(session, "李四", "可见 O4 本部门")
        return words(await say(session, "李四", "修改记录 O4"))

    assert "改可见范围 全公司 → 本部门" in await company.transact(work)
