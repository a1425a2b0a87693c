"""What the pages show, and to whom."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from okr.objectives import Visibility
from storage.session import Session
from tests.bot.board.visitor import CHEN, LI, LIN, WANG, WU, Visitor
from tests.engines import MONDAY

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
        assert "131 万" not in sheet.html, path  # nor in what a drawing says to who cannot see it
        assert "240 万" not in sheet.html, path
        assert "158" not in sheet.words, path  # what a stage would ask of it
    assert "走了多少" in (await visitor.get("/board/goal/KR5")).words
    assert "金额不公开" in (await visitor.get("/board/goal/KR5")).words


async def test_a_drawing_says_what_it_shows(visitor: Visitor) -> None:
    """For who cannot see it; and in the colours of the page alone, which are others in the dark."""
    await visitor.comes_in(CHEN)
    told = {
        "/board": "KR1 全公司销售额",
        "/board/goal/KR8": "10月1日 1,000 人,现在 1,050 人,目标 1,100 人,照这势头到12月31日约",
        "/board/unit/华东区": "最旺的是",
        "/board/map": "粗线通到我的目标",
        "/board/ranking": "第 1 王店",
        "/board/figures": "28 天一天一根",
    }
    for path, words in told.items():
        sheet = await visitor.get(path)
        drawings = re.findall(r'<svg class="drawn".*?</svg>', sheet.html, re.DOTALL)
        assert drawings, path
        assert any(words in re.findall("<desc.*?>(.*?)</desc>", drawing)[0] for drawing in drawings), path
        for drawing in drawings:
            named = re.findall(r'aria-(?:labelledby|describedby)="(.*?)"', drawing)
            assert all(sheet.html.count(f'id="{one}"') == 1 for one in named), path
            assert not re.search(r"#[0-9A-Fa-f]{3,6}\b|<style|font-family", drawing), path


async def follow_the_till(visitor: Visitor, *, heard: datetime, typed: bool = False) -> None:
    """KR8 shows what POS counts, which was heard of last at that moment."""

    async def bind(session: Session) -> None:
        await session.run(
            "UPDATE key_results SET metric = 'visitors', value_source = ?, value_typed = ? WHERE id = 8",
            "李四" if typed else "POS",
            typed,
        )
        await session.run("UPDATE metric_sources SET heard_at = ?, newest_at = ?", heard, heard)

    await visitor.stage.database.transact(bind)


async def test_what_stands_on_a_silent_source_is_marked_with_its_last_good_moment(
    visitor_anywhere: Visitor,
) -> None:
    visitor = visitor_anywhere
    await visitor.comes_in(LI)
    await follow_the_till(visitor, heard=MONDAY - timedelta(hours=30))
    for path in ("/board", "/board/goal/KR8", "/board/people/E0102", "/board/unit", "/board/figures"):
        assert "⚠" not in (await visitor.get(path)).words, path

    await follow_the_till(visitor, heard=MONDAY - timedelta(hours=40))
    for path in ("/board", "/board/goal/KR8", "/board/people/E0102"):
        words = (await visitor.get(path)).words
        assert re.search("⚠ POS .{2,14}以后没有新数据,先按这个数算", words), path
    for path in ("/board/unit", "/board/unit/华东区"):
        words = (await visitor.get(path)).words
        assert re.search("⚠ POS .{2,14}以后没有新数据,1 个关键结果先按那时的数算", words), path
    assert "⚠ POS 的数据只到上周六" in (await visitor.get("/board/unit")).words
    assert "⚠ POS 的数据只到上周六" in (await visitor.get("/board/figures")).words
    await visitor.comes_in(CHEN)
    assert "⚠ POS 的数据只到" in (await visitor.get("/board/unit/华东区")).words  # of the stores below
    await visitor.comes_in(WU)
    assert (
        "POS 的数据只到" not in (await visitor.get("/board/unit/西湖店")).words
    )  # whose figures are not his


async def test_a_typed_value_over_a_fed_one_is_seen_and_given_back(visitor: Visitor) -> None:
    await visitor.comes_in(LI)
    await follow_the_till(visitor, heard=MONDAY, typed=True)

    own = await visitor.get("/board")

    assert "李四手工改的,盖过了 客流量 的数据" in own.words
    assert own.form("用数据 KR8")
    await visitor.comes_in(WANG)
    seen = await visitor.get("/board/people/E0102")
    assert "李四手工改的,盖过了 客流量 的数据" in seen.words


async def test_the_stage_that_is_being_worked_on_is_marked(visitor: Visitor) -> None:
    await visitor.comes_in(LI)

    assert "◆ 第 2/3 段:11月底 1,066 人" in (await visitor.get("/board")).words
    goal = await visitor.get("/board/goal/KR8")
    current = re.findall(r'<li[^>]*aria-current="step">(.*?)</li>', goal.html)
    assert len(current) == 1
    assert "11月底 1,066 人" in current[0]
    assert goal.html.count('class="stage current"') == 1


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
    for amount in ("12,481", "1,074 人", "48.75", "万元"):
        assert amount not in wall.words
    plain, wall = [await visitor.get(f"/board/map/西湖店{query}") for query in ("", "?wall")]
    assert "KR8 李四" in wall.words  # what goes well
    assert "KR9 李四" in plain.words
    assert "KR9 李四" not in wall.words
    assert "损耗率 KR9" in wall.words
    for whose in ("KR9 · 李四", "O4 · 李四", "我的</"):
        assert whose in plain.html
        assert whose not in wall.html


async def test_a_wall_says_how_the_figures_go_and_no_amounts(visitor: Visitor) -> None:
    await visitor.comes_in(WANG)
    wall = await visitor.get("/board/unit/西湖店?wall")

    assert re.search(r"销售额 (?:[+−]\d+%|持平) \S+比上周\S", wall.words), wall.words
    tiles = re.findall(r'<div class="panel tile">(.*?)</div>', wall.html, re.DOTALL)
    assert 1 < len(tiles) <= 4
    values = re.findall(r"<strong[^>]*>(.*?)</strong>", "".join(tiles))
    assert all(re.fullmatch(r"[+−]?\d+%|[+−][\d.]+ 个点|持平", value) for value in values), values
    assert "%,比各自的平均" in wall.words  # the heat map, in percent

    await visitor.comes_in(WU)
    assert "比上周" not in (await visitor.get("/board/unit/西湖店?wall")).words, "another store's figures"


async def test_a_unit_that_was_looked_at_before_shows_what_has_changed_since(visitor: Visitor) -> None:
    """What did not change is neither made nor judged again; what did is, whoever looks."""
    await visitor.comes_in(WANG)
    before = (await visitor.get("/board/unit/西湖店")).words
    assert "李四 周三" not in before
    assert "西湖店成为华东区样板店" in before

    async def change(session: Session) -> None:
        await session.run("UPDATE key_results SET value = '4.9' WHERE id = 9")
        await session.run("UPDATE objectives SET title = '先把西湖店做好' WHERE id = 3")

    await visitor.stage.database.transact(change)
    after = (await visitor.get("/board/unit/西湖店")).words
    assert "损耗率 4.9% 100%" in after
    assert "先把西湖店做好" in after
    assert re.search("已达成 1", after)
    assert "已达成" not in before

    await visitor.comes_in(WU)
    assert (
        "131 万" not in (await visitor.get("/board/unit/西湖店")).html
    )  # what another may see was kept for nobody
    await visitor.comes_in(WANG)
    assert "131 万元" in (await visitor.get("/board/unit/西湖店")).words


async def test_of_many_people_the_first_are_listed_and_all_at_a_tap(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.board.unit.LISTED", 2)
    await visitor.comes_in(WANG)

    few = await visitor.get("/board/unit/西湖店")
    assert "还有 1 人,都列出来" in few.words
    assert "张三 收银员" not in few.words
    assert "张三 收银员" in (await visitor.get("/board/unit/西湖店?all")).words


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
