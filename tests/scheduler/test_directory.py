"""The company's people come from the directories: taken in, moved, gone, and never a crowd by accident."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chat.directory import Member, Unit
from chat.errors import Rejected, Unreachable
from chat.events import Account, PlatformName
from okr.org_chart import DirectoryRule
from scheduler import directory as syncing
from storage import directory, people, staff
from storage.database import Database
from storage.directory_intake import Doubt
from storage.session import Session
from tests.handlers.desk import CHEN, LI, WANG, ZHANG, ZHAO, ZHOU, Desk, desk
from tests.scheduler.directories import POLICY, Book, cast, found, numbers, superior, sync
from tests.storage.company import NOON, STAFF

DING, WECOM = PlatformName.DINGTALK, PlatformName.WECOM


async def test_an_empty_company_is_filled(database: Database) -> None:
    report = await sync(database, Book(), Book(WECOM))

    assert numbers(report) == (9, 0, 0, 0)
    li = await found(database, LI)
    assert (li.name, li.department, li.position) == ("李四", "总部/华东区/西湖店", "生鲜主管")
    assert [await superior(database, one) for one in (LI, WANG, ZHOU, CHEN)] == [WANG, ZHOU, CHEN, ""]
    channels = await database.read(lambda session: people.channels_of(session, li.id))
    assert set(channels) == {Account(DING, "dt-li"), Account(WECOM, "WxLi")}


async def test_the_same_again_changes_nothing(database: Database) -> None:
    await sync(database, Book(), Book(WECOM))
    again = await sync(database, Book(), Book(WECOM), now=NOON + timedelta(days=1))

    assert numbers(again) == (0, 0, 9, 0)
    assert again.moved == 0
    assert again.units == 0


async def test_what_only_the_file_knows_stays(database: Database) -> None:
    async with desk(database, POLICY):
        book = Book()
        book.change("dt-li", title="店长助理", name="李四光")
        report = await sync(database, book)

        assert numbers(report) == (0, 1, 7, 0)
        li = await found(database, LI)
        assert (li.name, li.position) == ("李四光", "店长助理")
        assert (li.grade, li.region, li.store, li.store_type) == ("P3", "华东", "西湖店", "社区店")


async def test_what_the_directory_hides_stays(database: Database) -> None:
    async with desk(database, POLICY):
        book = Book(WECOM)
        for user_id in book.people:
            book.change(user_id, name="", number="", title="", mobile="")
        report = await sync(database, book)

        assert numbers(report) == (0, 0, 8, 0)
        assert (await found(database, LI)).name == "李四"


async def test_somebody_new_belongs_to_the_store_of_the_others_there(database: Database) -> None:
    async with desk(database, POLICY) as office:
        book = Book()
        book.people["dt-qian"] = Member("dt-qian", "钱七", "E0104", units=("71",), manager="")
        assert numbers(await sync(database, book)) == (1, 0, 8, 0)

        qian = await found(database, "E0104")
        assert (qian.department, qian.store, qian.region) == ("总部/华东区/西湖店", "西湖店", "华东")
        assert await superior(database, "E0104") == WANG
        known = await office.does(lambda session: people.by_account(session, Account(DING, "dt-qian")))
        assert known is not None
        assert not known.noticed


async def test_who_moves_has_another_unit_superior_and_store(database: Database) -> None:
    async with desk(database, POLICY):
        book = Book()
        await sync(database, book)
        book.change("dt-li", units=("72",))
        report = await sync(database, book)

        assert report.moved == 1
        li = await found(database, LI)
        assert (li.department, li.store, li.store_type) == ("总部/华东区/滨江店", "滨江店", "商圈店")
        assert (li.grade, await superior(database, LI)) == ("P3", ZHAO)


async def test_a_named_superior_goes_before_the_head_of_the_unit(database: Database) -> None:
    book = Book()
    book.change("dt-zhang", manager="dt-li")
    await sync(database, book)
    assert await superior(database, ZHANG) == LI


async def test_a_unit_that_is_renamed_takes_its_stores_along(database: Database) -> None:
    async with desk(database, POLICY):
        book = Book()
        await sync(database, book)
        book.units["7"] = Unit("7", "华东大区", "1")
        book.units["1"] = Unit("1", "鲜橙连锁")
        await sync(database, book)

        li = await found(database, LI)
        assert (li.department, li.store) == ("鲜橙连锁/华东大区/西湖店", "西湖店")


async def test_superiors_are_remembered_where_they_are_not_asked_for(database: Database) -> None:
    book = Book()
    book.change("dt-zhang", manager="dt-li")
    await sync(database, book)
    report = await sync(database, book, all_details=False)

    assert report.moved == 0
    assert await superior(database, ZHANG) == LI


# --- who is who ---


async def test_nobody_is_guessed(database: Database) -> None:
    async with desk(database, POLICY):
        book = Book(DING, people={})
        book.people = {
            "x1": Member("x1", "吴越", units=("72",), manager=""),
            "x2": Member("x2", "", units=("72",), manager=""),
            "x3": Member("x3", "孙八", "E0102", units=("72",), manager=""),
            "x4": Member("x4", "吴越", "E0999", units=("72",), manager=""),
        }
        book.people |= cast(DING)
        report = await sync(database, book)

        doubts = {one.user_id: one.why for one in report.taken.doubtful}
        assert doubts == {"x1": Doubt.NAMESAKE, "x2": Doubt.NAMELESS, "x3": Doubt.NUMBER_TAKEN}
        assert (await found(database, "E0999")).name == "吴越"


async def test_the_number_or_the_mobile_tells(database: Database) -> None:
    async with desk(database, POLICY):
        rows = [replace(row, mobile="13800000203" if row.number == "E0203" else "") for row in STAFF]
        await database.transact(lambda session: staff.take_in(session, rows, NOON))
        book = Book()
        book.people["by-number"] = Member("by-number", "吴越", "e0202", units=("72",), manager="")
        wecom = Book(WECOM)
        wecom.people["ByMobile"] = Member("ByMobile", "张三", mobile="13800000203", units=("72",), manager="")
        report = await sync(database, book, wecom)

        assert report.taken.new == 0
        assert report.taken.doubtful == []
        wu = await found(database, "E0202")
        account = await database.read(lambda session: people.account_on(session, wu.id, DING))
        assert account == Account(DING, "by-number")


async def test_without_numbers_the_user_id_is_one_until_there_is_a_better(database: Database) -> None:
    book = Book()
    book.people = {"zhang.san": Member("zhang.san", "张三", units=("71",), manager="")}
    await sync(database, book)
    assert (await found(database, "zhang.san")).name == "张三"
    book.change("zhang.san", number="A7")
    await sync(database, book)
    assert (await found(database, "A7")).name == "张三"


# --- what waits ---


async def test_what_waits_for_the_superior_before_waits_for_the_one_now(database: Database) -> None:
    async with desk(database, POLICY) as office:
        book = Book()
        await sync(database, book)
        _, kr = await office.new_goal()
        await office.says(LI, f"修改 KR{kr} 目标值 1200 原因 新店")
        book.change("dt-li", units=("72",))
        await sync(database, book)
        await sync(database, book)

        assert await _waits_for(office, 1) == ZHAO
        assert [text for _, text in await office.letters_to(LI)][-1].startswith("R1 换赵店来批了")
        asked = [text for _, text in await office.letters_to(ZHAO) if text.startswith("R1 归你批了")]
        assert len(asked) == 1
        assert "李四现在归赵店带" in asked[0]


async def _waits_for(office: Desk, request_id: int) -> str:
    async def look(session: Session) -> str:
        row = await session.one(
            "SELECT e.number FROM approvals a JOIN employees e ON e.id = a.approver_id"
            " WHERE a.request_id = ? AND a.state = 'waiting'",
            request_id,
        )
        assert row is not None
        return str(row[0])

    return await office.does(look)


async def test_calls_are_counted_where_they_cost(database: Database) -> None:
    book = Book(charged=True)
    await sync(database, book)

    async def spent(session: Session) -> list[Any]:
        return [tuple(row) for row in await session.all("SELECT platform, month, what, count FROM usage")]

    assert await database.read(spent) == [("dingtalk", "2026-11", "calls", 1)]


# --- every night ---


async def test_the_nightly_job_keeps_up_what_was_pulled_by_hand(database: Database) -> None:
    book = Book()

    @asynccontextmanager
    async def sources() -> Any:
        yield [book]

    work = syncing.job(sources).work
    assert work is not None
    assert await work(database, NOON, POLICY) == "nothing was pulled by hand yet"
    assert await database.read(directory.in_use) == frozenset()
    await sync(database, book)
    assert (await work(database, NOON, POLICY)).startswith("new 0, changed 0, moved 0, same 8, left 0")
    off = replace(POLICY, directory=DirectoryRule(nightly=False))
    assert await work(database, NOON, off) == "switched off"
    book.failure = Unreachable("busy", code="90018")
    with pytest.raises(Unreachable):
        await work(database, NOON, POLICY)
    book.failure = Rejected("no", code="60011")
    assert "dingtalk failed: 60011" in await work(database, NOON, POLICY)
