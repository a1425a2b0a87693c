"""The staff file taken in, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from chat.events import Account, PlatformName
from sheets.staff import StaffRow
from storage import people, staff
from storage.database import Database
from storage.session import Session
from storage.staff import TakenIn
from storage.tables.people import Employee
from tests.storage.company import NOON, STAFF, person

BOSS, CLERK = StaffRow("1", "甲", dingtalk_id="dt-1"), StaffRow("2", "乙", manager_number="1", wecom_id="Wx2")


async def take_in(
    database: Database, *lines: StaffRow, fields: set[str] | None = None, deactivate_missing: bool = False
) -> TakenIn:
    return await database.transact(
        lambda session: staff.take_in(
            session, lines, NOON, fields=fields, deactivate_missing=deactivate_missing
        )
    )


async def test_the_first_file_is_all_new_and_the_same_file_changes_nothing(database: Database) -> None:
    assert await take_in(database, *STAFF) == TakenIn(new=len(STAFF))
    assert await take_in(database, *STAFF) == TakenIn(same=len(STAFF))


async def test_new_changed_and_the_same_are_told_apart(database: Database) -> None:
    await take_in(database, BOSS, CLERK)

    taken = await take_in(database, BOSS, replace(CLERK, position="店长"), StaffRow("3", "丙"))

    assert taken == TakenIn(new=1, changed=1, same=1)
    clerk = await database.read(lambda session: person(session, "2"))
    assert clerk.position == "店长"


async def test_every_column_is_kept(database: Database) -> None:
    line = StaffRow(
        "1", "甲", "总部/一店", "店长", "M2", "", "华东", "一店", joined_on=date(2023, 3, 1), mobile="13800000000",
        store_type="社区店", employment="全职", home_platform="wecom",
    )  # fmt: skip

    async def kept(session: Session) -> StaffRow:
        one = await Employee.get(number="1", using_db=session.orm)
        return StaffRow(
            one.number, one.name, one.department, one.position, one.grade, "", one.region, one.store,
            joined_on=one.joined_on, mobile=one.mobile, store_type=one.store_type, employment=one.employment,
            active=one.active, home_platform=one.home,
        )  # fmt: skip

    await take_in(database, line)

    assert await database.transact(kept) == line


async def test_a_manager_may_stand_below(database: Database) -> None:
    await take_in(database, CLERK, BOSS)

    async def managers(session: Session) -> list[int]:
        return await people.line_above(session, await person(session, "2"))

    boss = await database.read(lambda session: person(session, "1"))
    assert await database.read(managers) == [boss.id]


async def test_a_manager_may_go_and_change(database: Database) -> None:
    await take_in(database, BOSS, CLERK, StaffRow("3", "丙"))
    await take_in(database, replace(CLERK, manager_number="3"))
    third = await database.read(lambda session: person(session, "3"))
    assert (await database.read(lambda session: person(session, "2"))).manager_id == third.id

    await take_in(database, replace(CLERK, manager_number=""))
    assert (await database.read(lambda session: person(session, "2"))).manager_id is None


async def test_who_is_not_in_the_file_stays_unless_told_otherwise(database: Database) -> None:
    await take_in(database, BOSS, CLERK)

    assert await take_in(database, BOSS) == TakenIn(same=1)
    assert await database.read(lambda session: people.by_number(session, "2")) is not None

    assert await take_in(database, BOSS, deactivate_missing=True) == TakenIn(same=1, deactivated=1)
    assert await database.read(lambda session: people.by_number(session, "2")) is None
    assert await take_in(database, BOSS, deactivate_missing=True) == TakenIn(same=1)


async def test_who_comes_back_is_known_again(database: Database) -> None:
    await take_in(database, BOSS, CLERK)
    await take_in(database, BOSS, deactivate_missing=True)

    assert await take_in(database, BOSS, CLERK) == TakenIn(changed=1, same=1)
    assert await database.read(lambda session: people.by_number(session, "2")) is not None


async def test_the_ids_of_the_file_win_over_what_was_bound_in_the_chat(database: Database) -> None:
    await take_in(database, BOSS, CLERK)

    async def bind_elsewhere(session: Session) -> None:
        boss = await person(session, "1")
        await people.bind(session, boss.id, Account(PlatformName.WECOM, "Wx2"), "confirmed", NOON)

    await database.transact(bind_elsewhere)
    await take_in(database, BOSS, CLERK)

    known = await database.read(
        lambda session: people.by_account(session, Account(PlatformName.WECOM, "wx2"))
    )
    assert known is not None
    assert known.person.number == "2"


async def test_an_empty_id_leaves_what_was_bound(database: Database) -> None:
    await take_in(database, BOSS)

    async def bind(session: Session) -> None:
        boss = await person(session, "1")
        await people.bind(session, boss.id, Account(PlatformName.WECOM, "Wx1"), "confirmed", NOON)

    await database.transact(bind)
    await take_in(database, BOSS)

    assert (
        await database.read(lambda session: people.by_account(session, Account(PlatformName.WECOM, "Wx1")))
        is not None
    )


async def test_an_empty_home_leaves_the_old_one(database: Database) -> None:
    await take_in(database, replace(BOSS, home_platform="wecom"))

    assert await take_in(database, BOSS) == TakenIn(same=1)


async def test_known_numbers(database: Database) -> None:
    await take_in(database, BOSS, CLERK)

    assert await database.read(staff.known_numbers) == {"1", "2"}


async def test_two_people_swap_their_accounts(database: Database) -> None:
    one, two = StaffRow("1", "甲", dingtalk_id="a"), StaffRow("2", "乙", dingtalk_id="b")
    await take_in(database, one, two)
    await take_in(database, replace(one, dingtalk_id="b"), replace(two, dingtalk_id="a"))

    async def owner(session: Session, user_id: str) -> str | None:
        known = await people.by_account(session, Account(PlatformName.DINGTALK, user_id))
        return known.person.number if known else None

    assert await database.read(lambda session: owner(session, "a")) == "2"
    assert await database.read(lambda session: owner(session, "b")) == "1"


async def test_a_column_that_the_file_has_not_changes_nothing(database: Database) -> None:
    full = replace(CLERK, position="店员", region="华东", joined_on=date(2023, 3, 1), home_platform="wecom")
    await take_in(database, BOSS, full)

    taken = await take_in(
        database, StaffRow("2", "乙", position="店长"), fields={"number", "name", "position"}
    )

    assert taken == TakenIn(changed=1)
    clerk = await database.read(lambda session: person(session, "2"))
    boss = await database.read(lambda session: person(session, "1"))
    assert (clerk.position, clerk.region, clerk.manager_id) == ("店长", "华东", boss.id)
    whole = replace(full, position="店长")
    assert await take_in(database, BOSS, whole) == TakenIn(same=2)


async def test_an_empty_cell_of_a_column_that_is_there_does(database: Database) -> None:
    await take_in(database, BOSS, replace(CLERK, region="华东"))

    taken = await take_in(
        database, StaffRow("2", "乙"), fields={"number", "name", "region", "manager_number"}
    )

    assert taken == TakenIn(changed=1)
    clerk = await database.read(lambda session: person(session, "2"))
    assert (clerk.region, clerk.manager_id) == ("", None)


async def test_a_new_manager_and_a_new_account_are_changes(database: Database) -> None:
    await take_in(database, BOSS, CLERK, StaffRow("3", "丙"))

    assert await take_in(database, replace(CLERK, manager_number="3")) == TakenIn(changed=1)
    assert await take_in(database, StaffRow("3", "丙", wecom_id="Wx3")) == TakenIn(changed=1)


async def test_without_a_column_for_it_leavers_stay_gone_unless_the_file_is_everybody(
    database: Database,
) -> None:
    await take_in(database, BOSS, CLERK)
    await take_in(database, replace(CLERK, active=False))
    columns = {"number", "name"}

    assert await take_in(database, CLERK, fields=columns) == TakenIn(same=1)
    assert await take_in(database, BOSS, CLERK, fields=columns, deactivate_missing=True) == TakenIn(
        changed=1, same=1
    )


async def left(database: Database, number: str) -> tuple[bool, date | None]:
    async def look(session: Session) -> tuple[bool, date | None]:
        one = await Employee.get(number=number, using_db=session.orm)
        return one.active, one.left_on

    return await database.transact(look)


async def test_the_day_of_leaving_is_the_first_that_said_so(database: Database) -> None:
    async def at(days: int, *lines: StaffRow) -> None:
        later = NOON + timedelta(days=days)
        await database.transact(lambda session: staff.take_in(session, lines, later))

    await at(0, BOSS, CLERK)
    assert await left(database, "2") == (True, None)
    await at(3, replace(CLERK, active=False))
    await at(9, replace(CLERK, active=False, position="店员"))
    assert await left(database, "2") == (False, NOON.date() + timedelta(days=3))

    await at(20, CLERK)
    assert await left(database, "2") == (True, None)


async def test_who_is_missing_from_the_whole_staff_left_on_that_day(database: Database) -> None:
    await take_in(database, BOSS, CLERK)
    await take_in(database, BOSS, deactivate_missing=True)

    assert await left(database, "2") == (False, NOON.date())


async def test_who_had_left_before_we_knew_them_is_not_taken_in(database: Database) -> None:
    gone = replace(BOSS, active=False)

    assert await take_in(database, gone, CLERK) == TakenIn(new=1, same=1)

    clerk = await database.read(lambda session: person(session, "2"))
    assert clerk.manager_id is None
    assert await database.read(staff.known_numbers) == {"2"}
