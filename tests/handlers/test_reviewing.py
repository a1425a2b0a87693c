"""复盘: what people may say to a line of their review, and what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from okr.policy import Policy
from okr.review import Cause, Decision, ReviewLine, ReviewState
from storage import reviews
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import LI, LOSSES, WANG, ZHANG, Desk, desk
from tests.storage.company import VISITORS, person


@pytest.fixture
async def office(database: Database) -> AsyncIterator[tuple[Desk, str, str]]:
    """A desk, a key result that lags and one more of 李四's."""
    async with desk(database, Policy(admins=frozenset({"E0001"}))) as open_desk:
        _, first = await open_desk.new_goal(VISITORS, LOSSES)
        yield open_desk, f"KR{first}", f"KR{first + 1}"


async def line(office: Desk, ref: str) -> tuple[Cause | None, Decision | None, str]:
    async def look(session: Session) -> ReviewLine:
        who = await person(session, LI)
        found = await reviews.of(session, who.id, "2026-11")
        assert found is not None
        return next(one for one in found.lines if f"KR{one.kr_id}" == ref)

    kept = await office.does(look)
    return kept.cause, kept.decision, kept.words


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("原因 资源 继续 周末加一个人", (Cause.RESOURCES, Decision.GO_ON, "周末加一个人")),
        ("原因资源,调整 换供应商", (Cause.RESOURCES, Decision.ADJUST, "换供应商")),
        ("继续 原因 依赖", (Cause.DEPENDS, Decision.GO_ON, "")),
        ("原因 资源不够", (Cause.RESOURCES, None, "")),
        ("停止", (None, Decision.STOP, "")),
        ("被别的事挤掉 继续", (Cause.PRIORITY, Decision.GO_ON, "")),
        ("周末加一个人", (None, None, "周末加一个人")),
        ("继续努力", (None, None, "继续努力")),
        ("原因 下雨", (None, None, "下雨")),
    ],
)
async def test_what_is_said_to_a_line(
    office: tuple[Desk, str, str], words: str, kept: tuple[Cause | None, Decision | None, str]
) -> None:
    here, ref, _ = office
    await here.says(LI, f"复盘 {ref} {words}")

    assert await line(here, ref) == kept


async def test_what_was_said_stays_when_more_is_said(office: tuple[Desk, str, str]) -> None:
    here, ref, _ = office
    for words in ("原因 外部", "继续", "下个月看天气"):
        await here.says(LI, f"复盘 {ref} {words}")

    assert await line(here, ref) == (Cause.OUTSIDE, Decision.GO_ON, "下个月看天气")


async def test_what_lags_without_a_cause_is_asked_about_before_it_is_handed_in(
    office: tuple[Desk, str, str],
) -> None:
    here, first, second = office

    assert "主要卡在哪儿" in await here.says(LI, "提交复盘")
    await here.says(LI, f"复盘 {first} 原因 资源 继续")
    assert second in await here.says(LI, "提交复盘")
    await here.says(LI, f"复盘 {second} 原因 资源 停止")
    said = await here.says(LI, "提交复盘")

    assert "11月复盘交好了" in said
    assert f"取消 {second}" in said


async def test_who_leads_gets_the_report_when_all_have_handed_in(office: tuple[Desk, str, str]) -> None:
    here, first, second = office
    for ref in (first, second):
        await here.says(LI, f"复盘 {ref} 原因 资源 继续")
    await here.says(LI, "提交复盘")
    await here.says(LI, "提交复盘")

    [(_, report)] = await here.letters_to(WANG)
    assert "1 人交了 1 份" in report
    assert "李四 已交" in report


async def test_what_is_changed_afterwards_is_to_be_handed_in_again(office: tuple[Desk, str, str]) -> None:
    here, first, second = office
    for ref in (first, second):
        await here.says(LI, f"复盘 {ref} 原因 资源 继续")
    await here.says(LI, "提交复盘")

    assert "11月复盘:2 个 KR,看一眼就能交" in await here.says(LI, f"复盘 {first} 调整")


async def test_what_is_archived_is_not_changed(office: tuple[Desk, str, str]) -> None:
    here, first, _ = office
    await here.says(LI, "复盘")
    await here.does(lambda session: reviews.archive(session, "2026-11"))

    assert "已经归档了" in await here.says(LI, f"复盘 {first} 继续")
    assert "已经归档了" in await here.says(LI, "提交复盘")
    assert "11月复盘已归档" in await here.says(LI, "复盘")


async def test_it_is_nobody_elses(office: tuple[Desk, str, str]) -> None:
    here, first, _ = office
    await here.says(LI, "复盘")

    assert "只给他的上级看" in await here.says(ZHANG, f"复盘 {LI}")
    assert "是李四的" in await here.says(WANG, f"复盘 {first} 继续")
    assert "李四的11月复盘" in await here.says(WANG, f"复盘 {LI}")


async def test_without_a_goal_or_too_early_there_is_none(office: tuple[Desk, str, str]) -> None:
    here, _, _ = office

    assert "没有要复盘的" in await here.says(ZHANG, "复盘")
    here.now -= timedelta(days=10)
    assert "11月复盘 11月25日 发起" in await here.says(LI, "复盘")


async def test_a_first_word_begins_the_filling_in(office: tuple[Desk, str, str]) -> None:
    here, first, _ = office
    await here.says(LI, "复盘")
    await here.says(LI, f"复盘 {first} 继续")

    async def state(session: Session) -> ReviewState | None:
        who = await person(session, LI)
        found = await reviews.of(session, who.id, "2026-11")
        return found.state if found else None

    assert await here.does(state) is ReviewState.FILLING
