"""Erasing somebody who has left: looked for in every text that there is, and everything else still there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus

import pytest
from tortoise import fields

from cards.notices import Choice, notice, question
from chat.answers import Letter, Urgency
from okr.objectives import Reading
from okr.people import Person
from okr.policy import Policy
from scheduler.housekeeping import erase_leavers
from sheets.staff import StaffRow
from storage import check_ins, erasure, heard, letters, objectives, outbox, people, staff, trail
from storage.check_ins import Entry
from storage.database import Database
from storage.erasure import GONE
from storage.session import Session
from storage.trail import Deed
from tests.storage.company import NOON, STAFF, employ, goal, message, person

LI, WANG = "E0102", "E0101"
NAME = "李四"
NO_PERSONS = frozenset(
    {
        "objective_id", "kr_id", "key_result_id", "cycle_id", "request_id", "check_in_id", "review_id", "parent_kr_id",
        "child_objective_id", "child_kr_id", "direction_id", "conversation_id", "user_id", "event_id", "media_id", "file_id",
        "letter_id", "passed_on_from_id", "series_id", "source_id",
        "link_id",
    }
)  # fmt: skip
"""Columns that name something else by its id."""


def models() -> list[dict[str, Any]]:
    return [model.describe(serializable=False) for model in erasure.models()]


async def everything_written(database: Database) -> str:
    """Every text in the database, names of tables before it."""

    async def read(session: Session) -> str:
        texts = []
        for model in models():
            for column in [*model["data_fields"], model["pk_field"]]:
                if issubclass(column["field_type"], fields.CharField | fields.TextField):
                    name = column["db_column"]
                    rows = await session.all(f'SELECT "{name}" FROM {model["table"]}')
                    texts += [f"{model['table']}.{name}: {row[0]}" for row in rows if row[0]]
        return "\n".join(texts)

    return await database.read(read)


async def furnished(session: Session) -> tuple[Person, int, int]:
    """李四 with traces of all kinds, some in what others wrote and were shown. Her, her objective, her key result."""
    await employ(session)
    li, wang = await person(session, LI), await person(session, WANG)
    objective_id, kr_id = await goal(session)
    await check_ins.record(
        session, Entry(kr_id, NOON, NOON, li.id, NAME, "dingtalk", Decimal(1050), note="我妈住院,先报这些")
    )
    await objectives.set_value(session, kr_id, Reading(Decimal(1050), NOON, NAME))
    later = NOON + timedelta(hours=1)
    await check_ins.record(session, Entry(kr_id, later, later, wang.id, "王店", "wecom", note="替李四说一句"))
    whole = await objectives.by_id(session, objective_id)
    assert whole is not None
    await objectives.create(session, li.id, whole.cycle, "还没想好的心事", (), None, NOON)
    await objectives.create(session, wang.id, whole.cycle, "把李四带出来", (), None, NOON)
    await session.run("INSERT INTO change_requests (kind, objective_id, kr_id, field, reason, words, version, applicant_id, asked_at,"
        " decided_by_id, decision) VALUES ('change', ?, ?, 'target', '我妈住院', '1080', 1, ?, ?, ?, '李四保重')",
        objective_id, kr_id, li.id, NOON, wang.id)  # fmt: skip
    await session.run(
        "INSERT INTO reactions (kind, kr_id, author_id, words, at) VALUES ('comment', ?, ?, '我说过的话', ?)",
        kr_id,
        li.id,
        NOON,
    )
    asked = question("which", [Choice("看李四", "查看 @李四")], what="看李四,还是别人?")
    await letters.post(session, Letter(li.id, notice("never_mind"), "to-li", Urgency.PRAISE), NOON)
    await letters.post(session, Letter(wang.id, asked, "to-wang", Urgency.PRAISE), NOON)
    await letters.post_answer(session, message("我的目标", "m1"), None, notice("never_mind"), NOON, "h")
    await heard.first_time(session, "m1", NOON)
    await heard.keep_redraw(session, "m1", asked)
    await trail.record(session, Deed("修改", NOON, li.id, "dingtalk", objective_id, kr_id, field="target", old="1100", new="1080",
        reason="我妈住院", approver_id=wang.id, decision="准了"))  # fmt: skip
    handed = Deed("交接", NOON, wang.id, "", objective_id, field="owner", people=True)
    await trail.record(session, replace(handed, old=str(wang.id), new=str(li.id)))
    return li, objective_id, kr_id


async def leave(session: Session, number: str = LI) -> None:
    gone = [replace(line, active=False) for line in STAFF if line.number == number]
    await staff.take_in(session, gone, NOON)


async def erased(database: Database) -> tuple[Person, int, int]:
    async def work(session: Session) -> tuple[Person, int, int]:
        told = await furnished(session)
        await leave(session)
        await erasure.erase(session, [told[0].id], NOON)
        return told

    return await database.transact(work)


async def test_the_traces_are_there_before(database: Database) -> None:
    await database.transact(furnished)

    written = await everything_written(database)

    for words in (NAME, quote_plus(NAME), "我妈住院,先报这些", "还没想好的心事", "我说过的话", "dt-li\n"):
        assert words in f"{written}\n"


async def test_nothing_written_tells_the_name_or_what_was_said(database: Database) -> None:
    await erased(database)

    written = await everything_written(database)

    for words in (NAME, quote_plus(NAME), "我妈", "心事", "我说过", "dt-li\n", "WxLi\n", LI, "生鲜主管"):
        assert words not in f"{written}\n", words


async def test_nothing_is_left_in_the_file_either(sqlite_url: str) -> None:
    async with Database(sqlite_url) as database:
        await erased(database)
        path = database.path
    left = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))

    assert "王店".encode() in left
    assert NAME.encode() not in left


async def test_others_and_the_numbers_are_still_there(database: Database) -> None:
    _, objective_id, kr_id = await erased(database)

    async def look(session: Session) -> tuple[Any, ...]:
        whole = await objectives.by_id(session, objective_id)
        assert whole is not None
        value = await check_ins.latest_value(session, kr_id)
        assert value is not None
        entries = await check_ins.of(session, kr_id, 9)
        owner = await people.by_id(session, whole.owner_id)
        assert owner is not None
        shown = await outbox.listed(session, ["waiting"])
        return (
            whole.title,
            whole.key_results[0].reading,
            value.source,
            [entry.note for entry in entries],
            (owner.name, owner.department, owner.store, owner.active),
            [letter.first_line for letter in shown],
        )

    title, reading, source, notes, owner, told = await database.read(look)

    assert title == "生鲜区更好卖"
    assert (reading.value, reading.source, source) == (Decimal(1050), GONE, GONE)
    assert notes == [f"替{GONE}说一句", ""]
    assert owner == (GONE, "总部/华东区/西湖店", "西湖店", False)
    assert told == [f"看{GONE},还是别人?"]


async def test_the_trail_verifies_and_shows_nobody(database: Database) -> None:
    _, objective_id, _ = await erased(database)

    verified = await database.read(trail.verify)
    handed, changed = await database.read(lambda session: trail.of(session, objective_id=objective_id))

    assert (verified.entries, verified.broken) == (2, 0)
    assert (changed.actor, changed.old, changed.new, changed.reason) == (GONE, "1100", "1080", None)
    assert (changed.approver, changed.decision) == ("王店", "准了")
    assert (handed.actor, handed.old, handed.new) == ("王店", "王店", GONE)


async def test_a_name_that_a_colleague_has_too_stays_with_the_colleague(database: Database) -> None:
    async def work(session: Session) -> list[str]:
        await employ(session, [*STAFF, StaffRow("E0900", "李四"), StaffRow("E0901", "李四光")])
        _, kr_id = await goal(session)
        for number, name in ((LI, NAME), ("E0900", NAME)):
            author = await person(session, number)
            await check_ins.record(
                session, Entry(kr_id, NOON, NOON, author.id, name, "", note=f"{number} 说")
            )
        wang = await person(session, WANG)
        await check_ins.record(session, Entry(kr_id, NOON, NOON, wang.id, "王店", "", note="问过李四"))
        await leave(session)
        await erasure.erase(session, [(await erasure.find(session, LI)).id], NOON)  # type: ignore[union-attr]
        return [f"{entry.source}:{entry.note}" for entry in await check_ins.of(session, kr_id, 9)]

    assert sorted(await database.transact(work)) == sorted(["王店:问过李四", "李四:E0900 说", f"{GONE}:"])


async def test_a_longer_name_is_another_persons(database: Database) -> None:
    async def work(session: Session) -> list[str]:
        await employ(session, [*STAFF, StaffRow("E0901", "李四光")])
        _, kr_id = await goal(session)
        wang = await person(session, WANG)
        await check_ins.record(
            session, Entry(kr_id, NOON, NOON, wang.id, "王店", "", note="李四光和李四都在")
        )
        await leave(session)
        await erasure.erase(session, [(await erasure.find(session, LI)).id], NOON)  # type: ignore[union-attr]
        return [entry.note for entry in await check_ins.of(session, kr_id, 9)]

    assert await database.transact(work) == [f"李四光和{GONE}都在"]


async def test_the_next_staff_file_does_not_bring_the_name_back(database: Database) -> None:
    await erased(database)
    gone = [replace(line, active=False) if line.number == LI else line for line in STAFF]

    await database.transact(lambda session: staff.take_in(session, gone, NOON, deactivate_missing=True))

    assert NAME not in await everything_written(database)


async def test_who_comes_back_is_somebody_new(database: Database) -> None:
    old, objective_id, _ = await erased(database)
    await database.transact(lambda session: staff.take_in(session, STAFF, NOON))

    async def look(session: Session) -> tuple[int, list[str | None]]:
        lines = await trail.of(session, objective_id=objective_id)
        return (await person(session, LI)).id, [line.reason for line in lines]

    new_id, reasons = await database.read(look)

    assert new_id != old.id
    assert None in reasons


# --- when ---


@pytest.mark.parametrize(("days", "gone"), [(729, False), (730, True)])
async def test_the_job_waits_as_long_as_the_company_keeps(database: Database, days: int, gone: bool) -> None:
    async def work(session: Session) -> str:
        await furnished(session)
        await leave(session)
        return await erase_leavers.run(session, NOON + timedelta(days=days), Policy())

    outcome = await database.transact(work)

    assert outcome == f"erased {int(gone)} leavers"
    assert (NAME not in await everything_written(database)) is gone


async def test_the_job_leaves_who_is_here_and_who_is_erased_alone(database: Database) -> None:
    async def work(session: Session) -> list[str]:
        await furnished(session)
        await leave(session)
        later = NOON + timedelta(days=800)
        return [await erase_leavers.run(session, later, Policy()) for _ in range(2)]

    assert await database.transact(work) == ["erased 1 leavers", "erased 0 leavers"]
    assert "王店" in await everything_written(database)


async def test_the_job_may_be_switched_off(database: Database) -> None:
    async def work(session: Session) -> str:
        await furnished(session)
        await leave(session)
        return await erase_leavers.run(session, NOON + timedelta(days=9000), Policy(leaver_days=0))

    assert await database.transact(work) == "switched off"
    assert NAME in await everything_written(database)


# --- nothing is forgotten when a table is added ---


def test_every_column_that_names_a_person_is_thought_of() -> None:
    thought_of = {
        *erasure.STAYS,
        *erasure.ROWS_GO.items(),
        *((table, who) for table, who, _ in erasure.WORDS_GO),
    }
    unthought = {
        (model["table"], column["db_column"])
        for model in models()
        if model["table"] not in erasure.UNTOUCHED
        for column in model["data_fields"]
        if column["db_column"].endswith("_id") and column["db_column"] not in NO_PERSONS
    }

    assert unthought - thought_of == set()


def test_what_is_named_is_there() -> None:
    columns = {model["table"]: {column["db_column"] for column in model["data_fields"]} for model in models()}

    assert all(who in columns[table] for table, who in erasure.ROWS_GO.items())
    assert all({who, *words} <= columns[table] for table, who, words in erasure.WORDS_GO)
    assert all(who in columns[table] for table, who in erasure.STAYS)
