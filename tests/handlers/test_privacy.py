"""我的数据, 更正, 申诉: what is kept about somebody, who read it, and a human who answers."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from okr.policy import Policy
from storage import erasure, own_data
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import CHEN, LI, LIN, WANG, ZHAO, ZHOU, Desk, desk

HR = Policy(admins=frozenset({CHEN}), hr=frozenset({LIN}))


async def kept_file(at: Desk, number: str) -> dict[str, list[tuple[object, ...]]]:
    """The rows of each sheet of the newest file."""
    await at.says(number, "我的数据")

    async def look(session: Session) -> bytes:
        rows = await session.all("SELECT content FROM files ORDER BY created_at DESC, ref")
        return bytes(rows[0][0])

    book = openpyxl.load_workbook(io.BytesIO(await at.does(look)))
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


async def test_everything_about_one_person_is_in_the_file(database: Database) -> None:
    async with desk(database, HR) as at:
        _, kr = await at.new_goal()
        await at.says(LI, f"更新 KR{kr} 1050 周末活动带来客流")
        await at.says(LI, f"修改 KR{kr} 目标值 1200 原因 新店开业")
        sheets = await kept_file(at, LI)

    assert sheets["我"][1][:2] == ("E0102", "李四")
    assert any("周末活动带来客流" in row for row in sheets["报数"])
    assert any("新店开业" in row for row in sheets["申请和建议"])
    assert any("新店开业" in str(row) for row in sheets["修改记录"])
    assert len(sheets["发给我的消息"]) > 2
    assert not any("王店" in str(row) for row in sheets["账号"])


async def test_nobody_elses_words_are_in_it(database: Database) -> None:
    async with desk(database, HR) as at:
        _, kr = await at.new_goal(owner=WANG)
        await at.says(WANG, f"更新 KR{kr} 1050 只有王店知道的话")
        sheets = await kept_file(at, LI)

    assert "只有王店知道的话" not in str(sheets)


async def test_who_above_has_looked_is_shown_and_who_is_a_colleague_is_not(database: Database) -> None:
    async with desk(database, HR) as at:
        await at.new_goal()
        for reader in (WANG, LIN, WANG, ZHAO, LI):
            await at.says(reader, "查看 E0102")
        sheets = await kept_file(at, LI)
        told = await at.says(LI, "我的数据")

    assert sorted(str(row[1]) for row in sheets["谁看过我"][1:]) == ["林晓", "王店"]
    assert "有 2 次别人看过你的目标和评分" in told


def test_no_table_with_a_person_in_it_is_left_out() -> None:
    told = {table for part in own_data.PARTS for table in part.tables}
    about = {
        *erasure.ROWS_GO,
        *(table for table, _, _ in erasure.WORDS_GO),
        "objectives",
        "approvals",
        "employees",
    }

    assert about - told == set()


async def test_a_correction_goes_to_personnel_and_is_answered(database: Database) -> None:
    async with desk(database, HR) as at:
        sent = await at.says(LI, "更正 我的入职日期是 2023-04-01")
        ((ref, asked),) = await at.letters_to(LIN)
        closed = await at.presses(LIN, "答复 1 已更正", ref)
        told = await at.letters_to(LI)

    assert "更正 1 已经交给林晓" in sent
    assert "李四(西湖店)请你更正一条数据" in asked
    assert "李四已经知道了" in closed
    assert "林晓已经更正了" in told[-1][1]


async def test_an_appeal_goes_above_who_scored_with_score_and_reasons(database: Database) -> None:
    async with desk(database, HR) as at:
        objective, kr = await at.new_goal()

        async def score(session: Session) -> None:
            await session.run(
                "UPDATE key_results SET score = '0.4', score_note = '[null, \"少两个人\"]' WHERE id = ?",
                kr,
            )
            await session.run("UPDATE objectives SET score = '0.4' WHERE id = ?", objective)

        await at.does(score)
        sent = await at.says(LI, f"申诉 O{objective} 停业的两周没算")
        ((_, asked),) = await at.letters_to(ZHOU)
        refused = await at.says(WANG, "答复 1 采纳")
        why = await at.says(ZHOU, "答复 1 不采纳")
        answered = await at.says(ZHOU, "停业的两周已经扣除了")
        again = await at.says(ZHOU, "答复 1 采纳")
        told = await at.letters_to(LI)

    assert "已经交给周敏" in sent
    assert f"O{objective} 评分 0.4" in asked
    assert "少两个人" in asked
    assert "周敏" in refused
    assert "为什么" in why
    assert "不采纳" in answered
    assert "停业的两周已经扣除了" in told[-1][1]
    assert "周敏" in again
    assert await at.letters_to(WANG) == []


@pytest.mark.parametrize(("asker", "receiver"), [(LI, ZHOU), (WANG, CHEN), (ZHOU, LIN)])
async def test_who_is_asked(database: Database, asker: str, receiver: str) -> None:
    async with desk(database, HR) as at:
        await at.says(asker, "申诉 考核没和我谈过")

        assert len(await at.letters_to(receiver)) == 1


async def test_without_anybody_to_ask_it_is_said(database: Database) -> None:
    async with desk(database, Policy()) as at:
        assert "现在没有人能收更正" in await at.says(LI, "更正 我的岗位")


async def test_somebody_elses_score_is_not_ones_own_to_appeal(database: Database) -> None:
    async with desk(database, HR) as at:
        objective, _ = await at.new_goal(owner=WANG)
        told = await at.says(LI, f"申诉 O{objective} 不公道")

    assert "王店" in told


async def test_the_notice_stands_once_under_the_first_private_answer(database: Database) -> None:
    async with desk(database, HR) as at:
        await at.new_goal()
        first = await at.says(LI, "我的目标")
        second = await at.says(LI, "我的目标")

    assert first.index("我的目标") < first.index("会留着")
    assert len(re.findall("会留着|在职时一直留着|标题和进度全公司看得到", first)) == 3
    assert "会留着" not in second


async def test_a_question_is_asked_first_and_the_notice_comes_with_the_answer(database: Database) -> None:
    async with desk(database, HR) as at:
        _, kr = await at.new_goal()
        asked = await at.says(LI, f"更新 KR{kr}")
        answered = await at.says(LI, "1050")

    assert "会留着" not in asked
    assert "会留着" in answered


async def test_what_waits_stands_in_the_todo_of_who_has_to_answer(database: Database) -> None:
    async with desk(database, HR) as at:
        objective, _ = await at.new_goal()
        await at.says(LI, "更正 我的入职日期是 2023-04-01")
        await at.says(LI, f"申诉 O{objective} 停业的两周没算")
        personnel, above, superior = [await at.says(who, "我的待办") for who in (LIN, ZHOU, WANG)]
        question = await at.says(LIN, "答复 1")
        at.wind(days=4)
        late = await at.says(LIN, "我的待办")
        await at.says(LIN, "答复 1 已更正")
        after = await at.says(LIN, "我的待办")

    assert "李四的更正等你答复:我的入职日期是 2023-04-01" in personnel
    assert "李四的申诉等你答复:停业的两周没算" in above
    assert "等你答复" not in superior, "who has given the score does not answer"
    assert "李四(西湖店)请你更正一条数据" in question
    assert "李四的更正" in late
    assert "李四的更正" not in after
