"""What the pages show, and to whom."""

from __future__ import annotations

import pytest

from okr.objectives import Visibility
from storage.session import Session
from tests.bot.board.visitor import CHEN, LI, LIN, WANG, WU, Visitor

PAGES = (
    "/board", "/board/unit", "/board/unit/华东区", "/board/people/E0102", "/board/goal/KR8", "/board/goal/O4",
    "/board/map", "/board/map/华东区", "/board/map/KR5", "/board/map/E0102", "/board/ranking",
    "/board/ranking?kind=门店&measure=sales&span=本月", "/board/figures", "/board/unit?wall", "/board/ranking?wall",
)  # fmt: skip


async def test_every_page_stands_without_a_script(visitor_anywhere: Visitor) -> None:
    visitor = visitor_anywhere
    await visitor.comes_in(LI)

    for path in PAGES:
        sheet = await visitor.get(path)
        assert sheet.status == 200, path
        assert " style=" not in sheet.html, path
        assert "<script src=" in sheet.html
        assert "https://" not in sheet.html  # nothing comes from elsewhere


@pytest.mark.parametrize(
    "path", ["/board/nowhere", "/board/unit/月球店", "/board/goal/R1", "/board/people/E9999", "/board/a/b/c"]
)
async def test_what_is_not_there_says_so_kindly(visitor: Visitor, path: str) -> None:
    await visitor.comes_in(LI)

    sheet = await visitor.get(path)

    assert sheet.status == 404
    assert "/board" in sheet.links


async def test_a_goal_that_is_not_for_all_is_shown_to_whom_it_is_for(visitor: Visitor) -> None:
    async def hide(session: Session) -> None:
        await session.run("UPDATE objectives SET visibility = ? WHERE id = 4", str(Visibility.LINE))

    await visitor.stage.database.transact(hide)

    await visitor.comes_in(WANG)
    assert (await visitor.get("/board/goal/O4")).status == 200
    assert "提升门店季度业绩" in (await visitor.get("/board/people/E0102")).words
    await visitor.comes_in(WU)
    for path in ("/board/goal/O4", "/board/goal/KR8", "/board/people/E0102"):
        refused = await visitor.get(path)
        assert refused.status == 403
        assert "提升门店季度业绩" not in refused.html
    for path in ("/board/unit/西湖店", "/board/map", "/board/map/西湖店"):
        assert "提升门店季度业绩" not in (await visitor.get(path)).html


async def test_amounts_are_covered_as_in_the_chat(visitor: Visitor) -> None:
    await visitor.comes_in(LI)
    assert "131 万元" in (await visitor.get("/board/unit/西湖店")).words  # of the same store

    await visitor.comes_in(WU)
    for path in ("/board/unit/西湖店", "/board/people/E0101", "/board/goal/KR5"):
        sheet = await visitor.get(path)
        assert "131 万" not in sheet.words, path
        assert "240 万" not in sheet.words, path
    assert "金额不公开" in (await visitor.get("/board/goal/KR5")).words


async def test_a_wall_covers_amounts_and_names_nobody_who_is_behind(visitor: Visitor) -> None:
    await visitor.comes_in(WANG)
    plain = await visitor.get("/board/unit/西湖店")
    wall = await visitor.get("/board/unit/西湖店?wall")

    assert "李四 生鲜主管" in plain.words
    assert "131 万元" in plain.words
    assert "损耗率" in plain.words  # which is behind, and one person's
    assert "李四 生鲜主管" not in wall.words
    assert "损耗率" not in wall.words
    assert "131 万" not in wall.words
    assert wall.forms == []


async def test_figures_are_for_the_store_its_line_and_headquarters(visitor: Visitor) -> None:
    for who, status in ((WANG, 200), (CHEN, 200), (WU, 403)):
        await visitor.comes_in(who)
        sheet = await visitor.get("/board/figures/西湖店")
        assert sheet.status == status
    assert "只给本店" in sheet.words


async def test_days_without_data_are_missing_and_not_nought(visitor: Visitor) -> None:
    async def lose_a_day(session: Session) -> None:
        await session.run("DELETE FROM metric_days WHERE day = '2026-11-21'")

    await visitor.stage.database.transact(lose_a_day)
    await visitor.comes_in(WANG)

    sheet = await visitor.get("/board/figures")

    assert "11月21日 周六 缺" in sheet.words
    assert "11月21日 周六 0 元" not in sheet.words
    assert "11月22日 周日 缺" not in sheet.words


async def test_who_comes_last_is_not_shown(visitor: Visitor) -> None:
    await visitor.comes_in(CHEN)

    sheet = await visitor.get("/board/ranking")

    assert "王店" in sheet.words
    assert "李四" not in sheet.words  # the last of seven
    assert "离第 1 名" in sheet.words


async def test_reading_of_somebodys_goals_is_noted_for_him(visitor: Visitor) -> None:
    await visitor.comes_in(WANG)
    await visitor.get("/board/people/E0102")
    await visitor.comes_in(LIN)
    await visitor.get("/board/goal/O4")

    rows = await visitor.stage.database.read(
        lambda session: session.all(
            "SELECT r.number FROM file_reads f JOIN employees e ON e.id = f.person_id JOIN employees r ON r.id = f.reader_id"
            " WHERE e.number = 'E0102' ORDER BY r.number"
        )
    )

    assert [row[0] for row in rows] == [LIN, WANG]


async def test_words_of_people_stay_words(visitor: Visitor) -> None:
    evil = "<script>alert(1)</script> ** ![x](y)"

    async def write(session: Session) -> None:
        await session.run("UPDATE objectives SET title = ? WHERE id = 4", evil)

    await visitor.stage.database.transact(write)
    await visitor.comes_in(LI)

    for path in ("/board", "/board/goal/O4", "/board/map", "/board/unit"):
        sheet = await visitor.get(path)
        assert "<script>alert" not in sheet.html, path
    assert "&lt;script&gt;alert(1)" in (await visitor.get("/board")).html
