"""Who is in the directory no more: gone, hidden or only not shown, and never a crowd by accident."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chat.directory import Member, Unit
from chat.errors import Rejected, Unreachable
from chat.events import PlatformName
from scheduler import directory as syncing
from storage import people, staff
from storage.database import Database
from storage.directory_intake import Doubt
from tests.handlers.desk import CHEN, LI, WANG, ZHANG, desk
from tests.scheduler.directories import POLICY, Book, found, superior, sync
from tests.storage.company import NOON, STAFF

DING, WECOM = PlatformName.DINGTALK, PlatformName.WECOM


# --- leaving ---


async def test_who_left_leaves_nothing_behind(database: Database) -> None:
    async with desk(database, POLICY) as office:
        objective, _ = await office.new_goal()
        book = Book()
        await sync(database, book)
        del book.people["dt-li"]
        report = await sync(database, book)

        assert (report.left, report.refused) == (1, {})
        assert book.asked == ["dt-li"]
        assert not (await found(database, LI)).active
        assert (await office.objective(objective)).owner_id == (await found(database, WANG)).id
        texts = [text for _, text in await office.letters_to(WANG)]
        assert any(text.startswith("李四离职了,手上的 1 个目标交给你了") for text in texts)


async def test_nobody_leaves_because_a_listing_lacks_him(database: Database) -> None:
    book = Book()
    await sync(database, book)
    book.silent = {"dt-li"}
    report = await sync(database, book)

    assert report.left == 0
    assert (await found(database, LI)).active


async def test_nobody_leaves_because_he_is_hidden(database: Database) -> None:
    book = Book()
    await sync(database, book)
    book.hidden = {"dt-li"}
    report = await sync(database, book)

    assert (report.left, report.hidden) == (0, 1)
    assert (await found(database, LI)).active


async def test_a_crowd_does_not_leave_by_accident(database: Database) -> None:
    async with desk(database, POLICY) as office:
        book = Book()
        await sync(database, book)
        for user_id in ("dt-li", "dt-zhang", "dt-wang"):
            del book.people[user_id]
        report = await sync(database, book)
        await sync(database, book)

        assert (report.left, report.refused) == (0, {DING: ["王店", "李四", "张三"]})
        assert (await found(database, LI)).active
        told = [text for _, text in await office.letters_to(CHEN)]
        assert len(told) == 1
        assert told[0].startswith("钉钉通讯录里一下子少了 3 人(38%),先没当离职处理")
        assert "李四" in told[0]
        assert (await sync(database, book, allow_many=True)).left == 3


async def test_a_crowd_does_not_leave_in_small_steps_of_one_day_either(database: Database) -> None:
    book = Book()
    await sync(database, book)
    lost = []
    for user_id in ("dt-li", "dt-zhang", "dt-wang"):
        del book.people[user_id]
        lost.append((await sync(database, book)).left)
    tomorrow = await sync(database, book, now=NOON + timedelta(days=1))

    assert lost == [1, 1, 0]
    assert tomorrow.left == 1


async def test_an_empty_directory_changes_nobody(database: Database) -> None:
    book = Book()
    await sync(database, book)
    book.people.clear()
    book.units = {"1": Unit("1", "总部")}
    report = await sync(database, book)

    assert report.left == 0
    assert (await found(database, LI)).active
    assert (await found(database, LI)).department == "总部/华东区/西湖店"


@pytest.mark.parametrize("failure", [Unreachable("busy", code="90018"), Rejected("no", code="60011")])
async def test_half_an_answer_changes_nothing(database: Database, failure: Unreachable | Rejected) -> None:
    book, other = Book(), Book(WECOM)
    await sync(database, book, other)
    book.failure = failure
    del book.people["dt-li"]
    other.change("WxLin", title="人事总监")
    report = await sync(database, book, other)

    assert report.failed == {DING: failure}
    assert report.left == 0
    assert (await found(database, "E0002")).position == "HR经理", "DingTalk's word counts"
    other.change("WxWu", title="销售经理")
    await sync(database, book, other)
    assert (await found(database, "E0202")).position == "销售经理", "he is on WeCom only"


async def test_who_is_still_on_the_other_platform_has_not_left(database: Database) -> None:
    book, other = Book(), Book(WECOM)
    await sync(database, book, other)
    del book.people["dt-li"]
    assert (await sync(database, book, other)).left == 0
    li = await found(database, LI)
    assert li.active
    assert await database.read(lambda session: people.account_on(session, li.id, DING)) is None
    del other.people["WxLi"]
    assert (await sync(database, book, other)).left == 1


async def test_who_comes_back_is_the_same_person(database: Database) -> None:
    book = Book()
    await sync(database, book)
    before = await found(database, LI)
    member = book.people.pop("dt-li")
    await sync(database, book)
    book.people["dt-li"] = member
    report = await sync(database, book)

    assert report.taken.returned == 1
    after = await found(database, LI)
    assert (after.id, after.active) == (before.id, True)


async def test_whom_the_file_says_has_left_is_not_taken_back(database: Database) -> None:
    async with desk(database, POLICY):
        book = Book()
        await sync(database, book)
        rows = [replace(row, active=row.number != LI) for row in STAFF]
        await database.transact(lambda session: staff.take_in(session, rows, NOON))
        report = await sync(database, book)

        assert [(one.user_id, one.why) for one in report.taken.doubtful] == [("dt-li", Doubt.LEFT)]
        assert not (await found(database, LI)).active


# --- broken off ---


@pytest.mark.parametrize("steps", range(1, 9))
async def test_broken_off_anywhere_the_next_one_does_the_rest(
    database: Database, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(syncing, "AT_ONCE", 3)
    async with desk(database, POLICY) as office:
        objective, _ = await office.new_goal()
        book = Book()
        await sync(database, book)
        del book.people["dt-li"]
        book.change("dt-zhang", units=("72",))
        book.people["dt-qian"] = Member("dt-qian", "钱七", "E0104", units=("71",), manager="")
        broken = Breaking(database, steps)
        with suppress(Killed):
            await sync(broken, book)  # type: ignore[arg-type]
        await sync(database, book)

        assert not (await found(database, LI)).active
        assert (await found(database, ZHANG)).department == "总部/华东区/滨江店"
        assert await superior(database, "E0104") == WANG
        assert (await office.objective(objective)).owner_id == (await found(database, WANG)).id
        received = [text for _, text in await office.letters_to(WANG) if text.startswith("李四离职了")]
        assert len(received) == 1


class Killed(Exception):
    pass


class Breaking:
    """A database that works so many times, and then the process is gone."""

    def __init__(self, database: Database, steps: int) -> None:
        self._database = database
        self._left = steps

    async def transact(self, work: Any) -> Any:
        if not self._left:
            raise Killed
        self._left -= 1
        return await self._database.transact(work)

    async def read(self, work: Any) -> Any:
        return await self._database.read(work)

    async def survey(self, work: Any) -> Any:
        return await self._database.survey(work)
