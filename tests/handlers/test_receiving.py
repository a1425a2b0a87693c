"""Tables that people send: what is read of them, who may, once, all or the good lines, and what was shown is what is done."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from bot import table_reader
from chat.events import Attachment, MessageKind
from config.policy import policy_of
from config.settings import Settings
from handlers.receiving import MOST_ROWS
from sheets.apart import told as told_of
from sheets.packing import unpacked
from sheets.writing import workbook
from storage import files, person_keys, tables_in, usage
from storage.database import Database
from storage.session import Session
from tests.engines import MONDAY
from tests.handlers.desk import CHEN, LI, LIN, WANG, ZHAO, ZHOU, Desk, words
from tests.storage.company import person

HEAD = "日期,门店,销售额,客流量"
TWO = f"{HEAD}\n2026-09-01,西湖店,12800,640\n2026-09-02,西湖店,13050,655\n"


@pytest.fixture
async def desk(company: Database) -> Desk:
    return Desk(
        company, replace(policy_of(Settings()), hr=frozenset({LIN}), admins=frozenset({CHEN})), MONDAY
    )


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in a process apart, which takes longer than all the rest: that is seen in `tests/sheets/test_apart.py` and in the conversations."""

    async def apart(_how: str, name: str, content: bytes) -> bytes:
        return told_of(content, name)

    monkeypatch.setattr(table_reader, "apart", apart)


async def sends(desk: Desk, who: str, text: str, name: str = "日数.csv") -> str:
    message = desk.message(who, "")
    file = Attachment(name, content=text.encode())
    return words(await desk.dispatch.hear(replace(message, kind=MessageKind.FILE, attachment=file)))


async def points(desk: Desk) -> list[tuple[str, int]]:
    async def look(session: Session) -> list[tuple[str, int]]:
        rows = await session.all(
            "SELECT p.key, p.value FROM metric_points p JOIN metric_sources s ON s.name = '导入'"
            " WHERE p.key LIKE s.id || ':%' ORDER BY p.key"
        )
        return [(row[0].partition(":")[2], row[1] // 10**6) for row in rows]

    return await desk.does(look)


async def test_nothing_is_written_before_the_yes(desk: Desk) -> None:
    told = await sends(desk, WANG, TWO)

    assert "2 行都没问题" in told
    assert await points(desk) == []


async def test_what_was_written_is_taken_back_but_for_what_changed_since(desk: Desk) -> None:
    await sends(desk, WANG, TWO)
    assert "写好了:2 行" in await desk.says(WANG, "写入 1")
    assert len(await points(desk)) == 4
    told = await sends(desk, WANG, f"{HEAD}\n2026-09-01,西湖店,9000,640\n", "更正.csv")
    assert "更正 1 个以前导过的数:12,800 → 9,000" in told
    assert "1 个数早就有了" in told
    await desk.says(WANG, "写入")

    told = await desk.says(WANG, "撤销表格 1")

    assert "3 个数退回到写入以前,1 个后来又改过,没有动" in told
    assert await points(desk) == [("sales|西湖店||2026-09-01", 9000)]
    assert "已经撤销过了" in await desk.says(WANG, "撤销表格 1")
    assert "1 个数退回" in await desk.says(WANG, "撤销表格 2")
    assert await points(desk) == [("sales|西湖店||2026-09-01", 12800)]


async def test_two_taps_at_the_same_time_write_once(desk: Desk) -> None:
    await sends(desk, WANG, TWO)

    told = await asyncio.gather(*(desk.says(WANG, "写入 1") for _ in range(4)))

    assert sum("写好了" in one for one in told) == 1
    assert sum("已经写过了" in one for one in told) == 3


async def test_what_has_changed_meanwhile_is_shown_again_first(desk: Desk) -> None:
    await sends(desk, WANG, TWO)
    await sends(desk, ZHOU, f"{HEAD}\n2026-09-01,西湖店,100,1\n", "别人的.csv")
    await desk.says(ZHOU, "写入 2")

    told = await desk.says(WANG, "写入 1")

    assert "刚才到现在数据变过" in told
    assert "更正 2 个以前导过的数" in told
    assert "写好了" in await desk.says(WANG, "写入 1")


async def test_with_wrong_lines_a_bare_yes_writes_nothing(desk: Desk) -> None:
    told = await sends(desk, WANG, f"{TWO}2026-09-03,西湖店,多少,1\n2026-09-02,西湖店,1,2\n")
    assert "1 行能写" not in told
    assert "2 行能写,2 行要改" in told
    assert "第 4 行 销售额:数值不是数:多少" in told
    assert "和第 3 行说的是同一个数" in told

    assert "2 行能写,2 行要改" in await desk.says(WANG, "写入 1")
    assert await points(desk) == []
    assert "写好了:2 行" in await desk.says(WANG, "写入 1 写好的")


async def test_every_wrong_line_is_named_in_a_file_where_the_card_has_no_room(desk: Desk) -> None:
    wrong = [f"2026-09-03,西湖{n}店,1,1" for n in range(6)]
    message = desk.message(WANG, "")
    file = Attachment("日数.csv", content="\n".join((HEAD, *wrong)).encode())

    heard = await desk.dispatch.hear(replace(message, kind=MessageKind.FILE, attachment=file))

    assert "…还有 2 行,都写在下面的文件里" in words(heard)
    assert heard.parcel is not None
    (ref,) = heard.parcel.card.enclosed
    kept = await desk.does(lambda session: files.by_ref(session, ref, desk.now))
    assert kept is not None
    assert kept.file.name == "要改的行 日数.xlsx"
    ((_, header, rows),) = unpacked(kept.file.content)
    assert header == ["行", "列", "哪里不对", "是不是"]
    assert list(rows)[5] == [7, "门店", "没有「西湖5店」这个门店或部门", "西湖店"]


async def test_a_day_of_another_year_is_told_with_its_year(desk: Desk) -> None:
    told = await sends(desk, WANG, f"{HEAD}\n2025-12-09,西湖店,12800,640\n")

    assert "2025年12月9日 西湖店" in told


@pytest.mark.parametrize(
    ("who", "store", "may"),
    [
        (WANG, "西湖店", True),
        (WANG, "滨江店", False),
        (ZHAO, "西湖店", False),
        (ZHOU, "滨江店", True),
        (LIN, "滨江店", True),
        (CHEN, "滨江店", True),
    ],
)
async def test_figures_are_for_who_leads_the_unit_and_who_looks_after_the_data(
    desk: Desk, who: str, store: str, may: bool
) -> None:
    told = await sends(desk, who, f"{HEAD}\n2026-09-01,{store},12800,640\n")

    assert ("都没问题" in told) is may
    assert ("不归你报" in told) is not may


async def test_others_neither_send_nor_write(desk: Desk) -> None:
    assert "店长、区域负责人和数据管理员" in await sends(desk, LI, TWO)
    await sends(desk, WANG, TWO)

    assert "发它的人" in await desk.says(ZHAO, "写入 1")
    assert await points(desk) == []


async def test_a_day_later_it_is_gone(desk: Desk) -> None:
    await sends(desk, WANG, TWO)
    desk.wind(hours=24)

    assert "表格 1 已经不在了" in await desk.says(WANG, "写入 1")
    assert await desk.does(lambda session: tables_in.forget_before(session, desk.now)) == 1


async def test_what_was_read_is_erased_with_the_yes_and_the_trail_names_file_and_sender(desk: Desk) -> None:
    await sends(desk, WANG, TWO)
    await desk.says(WANG, "写入 1")

    async def look(session: Session) -> tuple[str, str, str]:
        row = await session.one("SELECT content FROM tables_in WHERE id = 1")
        line = await session.one("SELECT actor, new FROM trail WHERE action = '导入表格'")
        assert row is not None
        assert line is not None
        key = (await person_keys.by_aliases(session, {line[0]}))[line[0]]
        wang = await person(session, WANG)
        assert key.employee_id == wang.id
        return row[0], wang.name, str(key.unseal(line[1]))

    assert await desk.does(look) == ("", "王店", "业务数据《日数.csv》2 行")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}\n" + "2026-09-01,西湖店,1,1\n" * (MOST_ROWS + 1), "聊天里一次最多写"),
        ("", "是空的"),
        ("\x00\x01", "不是能读的表格"),
        (f"{HEAD}\n2026-09-01,,1,1\n", "没有填(合并过的单元格"),
        (f"{HEAD}\n2099-09-01,西湖店,1,1\n", "时间在将来"),
    ],
)
async def test_what_cannot_be_taken_is_said(desk: Desk, text: str, said: str) -> None:
    assert said in await sends(desk, WANG, text)


async def test_without_a_number_the_only_one_that_waits_is_meant(desk: Desk) -> None:
    assert "现在没有等着写的表格" in await desk.says(WANG, "写入")
    await sends(desk, WANG, TWO)
    await sends(desk, WANG, TWO)

    assert "是哪一张?等着写的有 2 张" in await desk.says(WANG, "写入")
    assert "现在没有能撤的表格" in await desk.says(WANG, "撤销表格")
    assert "没有写" in await desk.says(WANG, "不写入 表格2")
    assert "写好了" in await desk.says(WANG, "写入")
    assert "4 个数退回到写入以前" in await desk.says(WANG, "撤销表格")


async def test_numbers_are_read_as_people_write_them(desk: Desk) -> None:
    await sends(desk, WANG, f'{HEAD}\n2026-09-01,西湖店,1.5万,"1,200"\n')
    await desk.says(WANG, "写入")

    assert await points(desk) == [("sales|西湖店||2026-09-01", 15000), ("visitors|西湖店||2026-09-01", 1200)]
    assert "数值不是数:许多" in await sends(desk, WANG, f"{HEAD}\n2026-09-03,西湖店,许多,\n")


async def test_only_forms_that_one_may_send_are_offered(desk: Desk) -> None:
    heard = await desk.dispatch.hear(desk.message(WANG, "模板表格"))

    assert heard.parcel is not None
    labels = [button.label for button in heard.parcel.card.face.buttons]
    assert "业务数据" in labels
    assert "人员表" not in labels


# --- the other kinds ------------------------------------------------------------------------------

ROSTER = "工号,日期,开始,结束\nE0102,2026-11-24,10:00,18:30\nE0103,2026-11-24,休,\n"
GOALS = "工号,周期,目标,关键结果,单位,起始值,目标值\nE0102,2026Q4,把生鲜做旺,生鲜客流量,人,1000,1200\n"
STAFF = "工号,姓名,部门,上级工号,门店\nE0104,孙新,总部/华东区/西湖店,E0101,西湖店\n"


async def shifts(desk: Desk) -> int:
    async def look(session: Session) -> int:
        row = await session.one("SELECT count(*) FROM shifts WHERE day = '2026-11-24' AND source = 'file'")
        assert row is not None
        return int(row[0])

    return await desk.does(look)


async def test_a_roster_goes_back_but_for_days_that_changed_since(desk: Desk) -> None:
    assert "2 行都没问题" in await sends(desk, WANG, ROSTER)
    assert await shifts(desk) == 0
    await desk.says(WANG, "写入")
    assert await shifts(desk) == 2
    await desk.says(WANG, "排班 @李四 明天 9:00-17:00")

    assert "1 天的班退回到写入以前,1 天后来又改过" in await desk.says(WANG, "撤销表格 1")
    assert await shifts(desk) == 0


async def test_a_roster_and_goals_are_for_ones_own_people(desk: Desk) -> None:
    assert "E0102 的班不归你排" in await sends(desk, ZHAO, ROSTER)
    assert "店长、HR 和管理员" in await sends(desk, LI, ROSTER)
    assert "E0102 的目标不归你定" in await sends(desk, ZHAO, GOALS)
    assert "1 行都没问题" in await sends(desk, LI, GOALS)
    assert "1 行都没问题" in await sends(desk, LIN, GOALS)


async def test_goals_are_drafts_once_and_cannot_be_undone(desk: Desk) -> None:
    async def drafts(session: Session) -> int:
        row = await session.one(
            "SELECT count(*) FROM objectives WHERE title = '把生鲜做旺' AND state = 'draft'"
        )
        assert row is not None
        return int(row[0])

    await sends(desk, WANG, GOALS)
    assert await desk.does(drafts) == 0
    await desk.says(WANG, "写入")
    assert await desk.does(drafts) == 1
    assert "不能一键撤销" in await desk.says(WANG, "撤销表格 1")
    assert "没变 1 个" in await sends(desk, WANG, GOALS)


async def test_the_staff_file_is_for_personnel(desk: Desk) -> None:
    assert "HR 和管理员" in await sends(desk, WANG, STAFF)
    wrong = f"{STAFF}E0105,,总部,E0101,\nE0106,钱二,总部/华东区/西湖店,E0105,西湖店\n"
    told = await sends(desk, LIN, wrong, "人员.csv")
    assert "1 行能写,2 行要改" in told
    await desk.says(LIN, "写入 1 写好的")

    assert (await desk.does(lambda session: person(session, "E0104"))).name == "孙新"


@pytest.mark.parametrize("kind", ["人员表", "排班表", "目标表", "业务数据"])
async def test_an_empty_form_is_known_as_what_it_is(desk: Desk, kind: str) -> None:
    told = await desk.dispatch.hear(desk.message(LIN, f"模板表格 {kind}"))
    assert f"{kind}的空表在下面" in words(told)
    assert told.parcel is not None
    (ref,) = told.parcel.card.enclosed
    kept = await desk.does(lambda session: files.by_ref(session, ref, desk.now))
    assert kept is not None
    desk.wind(minutes=1)
    message = replace(
        desk.message(LIN, ""),
        kind=MessageKind.FILE,
        attachment=Attachment(kept.file.name, content=workbook(unpacked(kept.file.content))),
    )

    answer = words(await desk.dispatch.hear(message))

    assert kind in answer
    assert "认不出" not in answer


async def test_what_a_file_has_cost_is_spent_even_where_it_comes_again(desk: Desk) -> None:
    """The platform repeats a message that it has heard no answer to, and the file is fetched once more."""
    message = replace(
        desk.message(WANG, ""), kind=MessageKind.FILE, attachment=Attachment("a.csv", content=b"x", calls=1)
    )
    for event in (message, message, replace(message, event_id="free", attachment=Attachment("a.csv"))):
        await desk.dispatch.hear(event)

    spent = await desk.does(lambda session: usage.spent(session, "2026-11"))
    assert spent == {(str(message.sender.platform), "calls"): 2}


# --- targets --------------------------------------------------------------------------------------

TARGETS = "门店,KR,目标值\n西湖店,KR3,7000000\n滨江店,KR3,5000000\n"


async def test_targets_of_stores_are_a_breakdown_once(desk: Desk) -> None:
    async def parts(session: Session) -> list[int]:
        rows = await session.all(
            "SELECT k.target_value FROM key_results k JOIN objectives o ON o.id = k.objective_id"
            " WHERE o.title LIKE '扛起%' ORDER BY k.id"
        )
        return [int(Decimal(str(row[0]))) for row in rows]

    told = await sends(desk, ZHOU, TARGETS)
    assert "KR3 分给 2 家店,共 1,200 万元,盖住 100%" in told
    assert await desk.does(parts) == []
    await asyncio.gather(desk.says(ZHOU, "写入 1"), desk.says(ZHOU, "写入 1"))

    assert await desk.does(parts) == [7000000, 5000000]
    assert len([words for _, words in await desk.letters_to(ZHAO) if "滨江店销售额" in words]) == 1
    again = await sends(desk, ZHOU, TARGETS.replace("7000000", "7200000"))
    assert "1 个和现在一样,不动" in again
    assert "→ 720 万元" in again


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",KR8,1200", ""),
        (",34x,1", "不是 KR 编号"),
        (",KR99,1", "没有 KR99"),
        (",KR8,许多", "不是数字"),
        (",KR8,", "没有填"),
        ("滨江店,KR8,1", "下面没有「滨江店」这家店"),
    ],
)
async def test_a_line_of_targets(desk: Desk, line: str, said: str) -> None:
    told = await sends(desk, LI, f"门店,KR,目标值\n{line}\n")

    assert said in told
    assert ("都没问题" in told) is (not said)


async def test_the_bound_of_what_is_kept_is_said_old_and_new(desk: Desk) -> None:
    told = await sends(desk, WANG, "KR,目标值\nKR6,1.5%\n")

    assert "KR6 保持在 2% 以内 → 保持在 1.5% 以内" in told
    assert "1 个和现在一样,不动" in await sends(desk, WANG, "KR,目标值\nKR6,2%\n")


async def test_targets_of_others_are_not_ones_own_to_set(desk: Desk) -> None:
    assert "你改不了" in await sends(desk, ZHAO, "KR,目标值\nKR8,1\n")
    assert "不归你分" in await sends(desk, LIN, TARGETS)
