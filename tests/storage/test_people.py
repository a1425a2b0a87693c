"""Employees and their accounts, on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.events import Account, PlatformName
from okr.people import Person
from sheets.staff import StaffRow
from storage import people
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, STAFF, employ, person

DINGTALK, WECOM = PlatformName.DINGTALK, PlatformName.WECOM


def names(found: list[Person]) -> list[str]:
    return [f"{one.number} {one.name}" for one in found]


@pytest.mark.parametrize(
    ("account", "number"),
    [
        (Account(DINGTALK, "dt-li"), "E0102"),
        (Account(DINGTALK, "DT-LI"), None),
        (Account(WECOM, "WxLi"), "E0102"),
        (Account(WECOM, "wxli"), "E0102"),
        (Account(WECOM, "WXLI"), "E0102"),
        (Account(DINGTALK, "WxLi"), None),
        (Account(DINGTALK, "dt-stranger"), None),
        (Account(DINGTALK, ""), None),
    ],
)
async def test_whose_account_it_is(database: Database, account: Account, number: str | None) -> None:
    async def work(session: Session) -> people.Known | None:
        await employ(session)
        return await people.by_account(session, account)

    known = await database.transact(work)

    assert (known.person.number if known else None) == number


async def test_a_leaver_is_unknown_everywhere(database: Database) -> None:
    gone = [replace(line, active=False) if line.number == "E0102" else line for line in STAFF]

    async def work(session: Session) -> list[object]:
        await employ(session, gone)
        return [
            await people.by_account(session, Account(DINGTALK, "dt-li")),
            await people.by_number(session, "E0102"),
            await people.by_name(session, "李四"),
            [one for one in await people.in_unit(session, "西湖店", 50) if one.name == "李四"],
        ]

    assert await database.transact(work) == [None, None, [], []]


@pytest.mark.parametrize(("written", "number"), [("E0007", "E0007"), ("e0007", "E0007"), ("E007", None)])
async def test_numbers_ignore_case(database: Database, written: str, number: str | None) -> None:
    async def work(session: Session) -> Person | None:
        await employ(session, [StaffRow("E0007", "钱七")])
        return await people.by_number(session, written)

    found = await database.transact(work)

    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("李四", ["E0102 李四"]),
        ("张三", ["E0103 张三", "E0203 张三"]),
        ("王店长", ["E0101 王店"]),
        ("张三丰", ["E0103 张三", "E0203 张三"]),
        ("李", []),
        ("%", []),
        ("", []),
    ],
)
async def test_names(database: Database, written: str, found: list[str]) -> None:
    async def work(session: Session) -> list[Person]:
        await employ(session)
        return await people.by_name(session, written)

    assert names(await database.transact(work)) == found


@pytest.mark.parametrize(
    ("unit", "numbers"),
    [
        ("西湖店", ["E0101", "E0102", "E0103"]),
        ("华东区", ["E0003", "E0201", "E0202", "E0203", "E0101", "E0102", "E0103"]),
        ("总部", [line.number for line in STAFF]),
        ("西湖", []),
        ("湖店", []),
        ("%", []),
        ("___", []),
        ("%店", []),
        ("\\", []),
    ],
)
async def test_members_of_a_unit(database: Database, unit: str, numbers: list[str]) -> None:
    async def work(session: Session) -> list[Person]:
        await employ(session)
        return await people.in_unit(session, unit, 50)

    assert sorted(one.number for one in await database.transact(work)) == sorted(numbers)


@pytest.mark.parametrize("unit", ["5%店", "A_店", "a\\b"])
async def test_a_unit_may_be_called_anything(database: Database, unit: str) -> None:
    lines = [
        StaffRow("1", "甲", f"总部/{unit}"),
        StaffRow("2", "乙", "总部/5X店"),
        StaffRow("3", "丙", "总部/AX店"),
    ]

    async def work(session: Session) -> list[Person]:
        await employ(session, lines)
        return await people.in_unit(session, unit, 50)

    assert [one.number for one in await database.transact(work)] == ["1"]


async def test_a_unit_is_cut_off_where_told(database: Database) -> None:
    async def work(session: Session) -> list[Person]:
        await employ(session)
        return await people.in_unit(session, "总部", 2)

    assert len(await database.transact(work)) == 2


@pytest.mark.parametrize(
    ("home", "last", "first"),
    [
        ("", None, DINGTALK),
        ("", WECOM, WECOM),
        ("wecom", DINGTALK, WECOM),
        ("dingtalk", WECOM, DINGTALK),
    ],
)
async def test_the_first_channel_is_the_preferred_else_the_last_used(
    database: Database, home: str, last: PlatformName | None, first: PlatformName
) -> None:
    line = StaffRow("1", "甲", home_platform=home, dingtalk_id="dt-1", wecom_id="Wx1")

    async def work(session: Session) -> tuple[Account, ...]:
        await employ(session, [line])
        one = await person(session, "1")
        if last is not None:
            await people.used(session, one.id, last)
        return await people.channels_of(session, one.id)

    channels = await database.transact(work)

    assert channels[0].platform is first
    assert {channel.user_id for channel in channels} == {"dt-1", "Wx1"}


async def test_who_has_one_account_is_reached_there_whatever_is_preferred(database: Database) -> None:
    async def work(session: Session) -> tuple[Account, ...]:
        await employ(session, [StaffRow("1", "甲", home_platform="dingtalk", wecom_id="Wx1")])
        return await people.channels_of(session, (await person(session, "1")).id)

    assert await database.transact(work) == (Account(WECOM, "Wx1"),)


async def test_the_platform_used_last_is_known_with_the_person(database: Database) -> None:
    async def work(session: Session) -> people.Known | None:
        await employ(session)
        await people.used(session, (await person(session, "E0102")).id, WECOM)
        return await people.by_account(session, Account(DINGTALK, "dt-li"))

    known = await database.transact(work)

    assert known is not None
    assert known.last_platform == "wecom"


async def test_binding_takes_the_place_of_both_old_accounts(database: Database) -> None:
    """An account belongs to one employee, and an employee has one account on a platform."""

    async def work(session: Session) -> list[object]:
        await employ(session)
        li, wang = await person(session, "E0102"), await person(session, "E0101")
        await people.bind(session, li.id, Account(WECOM, "WXWANG"), "confirmed", NOON)
        owner = await people.by_account(session, Account(WECOM, "wxwang"))
        return [
            owner.person.number if owner else None,
            await people.by_account(session, Account(WECOM, "WxLi")),
            await people.account_on(session, wang.id, WECOM),
            await people.account_on(session, li.id, WECOM),
        ]

    assert await database.transact(work) == ["E0102", None, None, Account(WECOM, "WXWANG")]


async def test_the_line_above(database: Database) -> None:
    async def work(session: Session) -> list[str]:
        await employ(session)
        li = await person(session, "E0102")
        above = await people.line_above(session, li)
        known = await people.by_ids(session, above)
        return [known[one].number for one in above]

    assert await database.transact(work) == ["E0101", "E0003", "E0001"]


async def test_a_loop_in_the_reporting_lines_ends(database: Database) -> None:
    async def work(session: Session) -> int:
        await employ(
            session, [StaffRow("1", "甲", manager_number="2"), StaffRow("2", "乙", manager_number="1")]
        )
        return len(await people.line_above(session, await person(session, "1")))

    assert await database.transact(work) == 1


@pytest.mark.parametrize(("number", "leads"), [("E0101", True), ("E0102", False)])
async def test_who_leads_anybody(database: Database, number: str, leads: bool) -> None:
    async def work(session: Session) -> bool:
        await employ(session)
        return await people.leads_anybody(session, (await person(session, number)).id)

    assert await database.transact(work) is leads


async def test_people_by_their_ids(database: Database) -> None:
    async def work(session: Session) -> list[object]:
        await employ(session)
        li = await person(session, "E0102")
        return [
            await people.by_id(session, li.id) == li,
            await people.by_id(session, 999_999),
            await people.by_ids(session, []),
            names(await people.by_numbers(session, ["E0103", "E9999", "E0101"])),
        ]

    assert await database.transact(work) == [True, None, {}, ["E0103 张三", "E0101 王店"]]
