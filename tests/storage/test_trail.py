"""The edit trail: added to, sealed, chained, and noticed wherever somebody laid hands on it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage import person_keys, trail
from storage.database import Database
from storage.session import Session
from storage.trail import BEGINNING, Deed, Line, Verified
from tests.storage.company import NOON, employ, person

LI, WANG = "E0102", "E0101"


async def ids(database: Database) -> tuple[int, int]:
    """The row ids of 李四 and of 王店, employed."""

    async def work(session: Session) -> tuple[int, int]:
        await employ(session)
        return (await person(session, LI)).id, (await person(session, WANG)).id

    return await database.transact(work)


async def put(database: Database, *deeds: Deed) -> None:
    async def work(session: Session) -> None:
        for deed in deeds:
            await trail.record(session, deed)

    await database.transact(work)


async def opened(database: Database, kr_id: int = 34) -> list[Line]:
    return await database.read(lambda session: trail.of(session, kr_id=kr_id))


async def verified(database: Database) -> Verified:
    return await database.read(trail.verify)


async def tamper(database: Database, sql: str, *values: object) -> None:
    assert await database.transact(lambda session: session.run(sql, *values)) > 0


def target(actor_id: int | None, new: str, kr_id: int = 34) -> Deed:
    return Deed("修改", NOON, actor_id, "dingtalk", 12, kr_id, field="target", old="1100", new=new)


async def chain(database: Database, length: int = 5) -> int:
    li, _ = await ids(database)
    await put(database, *(target(li, str(1200 + step)) for step in range(length)))
    return li


async def test_a_line_says_who_when_where_what_and_who_agreed(database: Database) -> None:
    li, wang = await ids(database)
    deed = Deed(
        "修改", NOON, li, "wecom", 12, 34, 8, "target", "1100", "1200", "新店开业", wang, "加油", text=False
    )

    await put(database, deed)

    assert await opened(database) == [
        Line(
            id=1,
            at=NOON,
            action="修改",
            actor_id=li,
            actor="李四",
            approver_id=wang,
            approver="王店",
            platform="wecom",
            objective_id=12,
            kr_id=34,
            request_id=8,
            field="target",
            old="1100",
            new="1200",
            reason="新店开业",
            decision="加油",
        )
    ]


async def test_people_and_their_words_do_not_lie_in_the_open(database: Database) -> None:
    li, wang = await ids(database)
    title = Deed("修改", NOON, li, "dingtalk", 12, 34, field="title", old="客流", new="客流量", text=True)
    owner = Deed("交接", NOON, li, "dingtalk", 12, 34, field="owner", old=str(li), new=str(wang), people=True)
    await put(
        database,
        title,
        owner,
        Deed("同意", NOON, li, "", 12, 34, reason="缘故", approver_id=wang, decision="批示"),
    )

    rows = await database.read(lambda session: session.all("SELECT * FROM trail"))
    kept = " ".join(str(value) for row in rows for value in tuple(row))
    lines = await opened(database)

    for words in ("李四", "王店", "客流", "缘故", "批示", LI, WANG):
        assert words not in kept
    assert [(line.old, line.new) for line in lines] == [("", ""), ("李四", "王店"), ("客流", "客流量")]


async def test_a_destroyed_key_closes_the_words_and_breaks_nothing(database: Database) -> None:
    li, wang = await ids(database)
    await put(
        database,
        Deed("修改", NOON, li, "", 12, 34, reason="我的话", approver_id=wang, decision="他的话"),
        Deed("修改", NOON, li, "", 12, 34, field="title", old="旧", new="新", text=True),
    )

    alias = await database.transact(lambda session: person_keys.destroy(session, li))
    title, change = await opened(database)

    assert alias.startswith("P")
    assert (change.reason, change.decision, change.actor_id) == (None, "他的话", li)
    assert (title.old, title.new) == (None, None)
    assert (await verified(database)).broken == 0


async def test_what_is_written_after_the_key_is_gone_keeps_no_words(database: Database) -> None:
    li, _ = await ids(database)
    await database.transact(lambda session: person_keys.destroy(session, li))

    await put(database, Deed("修改", NOON, li, "", 12, 34, reason="还有话"))

    rows = await database.read(lambda session: session.all("SELECT sealed FROM trail"))
    assert [row[0] for row in rows] == [""]
    assert (await verified(database)).broken == 0


async def test_the_same_words_are_sealed_differently_each_time(database: Database) -> None:
    li, _ = await ids(database)
    await put(database, *[Deed("修改", NOON, li, "", 12, 34, reason="一样的话")] * 2)

    rows = await database.read(lambda session: session.all("SELECT sealed FROM trail"))

    assert len({row[0] for row in rows}) == 2


async def test_the_bot_itself_has_no_key(database: Database) -> None:
    await put(database, Deed("生效", NOON, None, "", 12, 34, reason="没有上级,直接生效"))

    (line,) = await opened(database)

    assert (line.actor_id, line.actor, line.reason) == (None, "", "没有上级,直接生效")


async def test_the_newest_comes_first_and_the_older_on_the_next_page(database: Database) -> None:
    await chain(database)

    first = await database.read(lambda session: trail.of(session, kr_id=34, limit=2))
    second = await database.read(lambda session: trail.of(session, kr_id=34, limit=2, skip=2))
    total = await database.read(lambda session: trail.count(session, kr_id=34))

    assert [line.new for line in [*first, *second]] == ["1204", "1203", "1202", "1201"]
    assert total == 5


async def test_an_objective_has_the_lines_of_its_key_results_and_a_key_result_those_of_the_whole(
    database: Database,
) -> None:
    whole = Deed("提交", NOON, None, "", 12)
    await put(database, target(None, "1", 34), target(None, "2", 35), whole, Deed("提交", NOON, None, "", 13))

    async def work(session: Session) -> list[list[tuple[str, int | None]]]:
        found = [
            await trail.of(session, objective_id=12),
            await trail.of(session, kr_id=34),
            await trail.of(session, kr_id=34, objective_id=12),
        ]
        return [[(line.action, line.kr_id) for line in lines] for lines in found]

    assert await database.read(work) == [
        [("提交", None), ("修改", 35), ("修改", 34)],
        [("修改", 34)],
        [("提交", None), ("修改", 34)],
    ]


# --- tampering ---


async def test_an_empty_trail_and_a_whole_one_verify(database: Database) -> None:
    assert await verified(database) == Verified(0, BEGINNING)

    await chain(database)

    found = await verified(database)
    assert (found.entries, found.broken) == (5, 0)


@pytest.mark.parametrize("column", ["old", "new", "field", "form", "action", "platform", "actor", "approver", "sealed", "decision"])  # fmt: skip
async def test_a_changed_word_is_noticed(database: Database, column: str) -> None:
    await chain(database)

    await tamper(database, f"UPDATE trail SET {column} = 'x' WHERE id = 3")

    assert (await verified(database)).broken == 3


@pytest.mark.parametrize("column", ["objective_id", "kr_id", "request_id"])
async def test_a_changed_number_is_noticed(database: Database, column: str) -> None:
    await chain(database)

    await tamper(database, f"UPDATE trail SET {column} = 99 WHERE id = 2")

    assert (await verified(database)).broken == 2


async def test_a_changed_moment_is_noticed(database: Database) -> None:
    await chain(database)

    await tamper(database, "UPDATE trail SET at = ? WHERE id = 4", NOON + timedelta(microseconds=1))

    assert (await verified(database)).broken == 4


async def test_a_changed_line_with_a_hash_made_anew_breaks_the_next(database: Database) -> None:
    await chain(database)
    rows = await database.read(lambda session: session.all("SELECT hash FROM trail WHERE id = 5"))

    await tamper(database, "UPDATE trail SET hash = ? WHERE id = 2", "f" * 64)
    assert (await verified(database)).broken == 2
    await tamper(database, "UPDATE trail SET previous = ? WHERE id = 4", rows[0][0])
    assert (await verified(database)).broken == 2


@pytest.mark.parametrize("gone", [1, 3])
async def test_a_deleted_line_is_noticed(database: Database, gone: int) -> None:
    await chain(database)

    await tamper(database, "DELETE FROM trail WHERE id = ?", gone)

    found = await verified(database)
    assert (found.broken, found.why) == (gone, "missing")


async def test_a_deleted_line_is_noticed_though_the_others_move_up(database: Database) -> None:
    await chain(database)

    await tamper(database, "DELETE FROM trail WHERE id = 3")
    await tamper(database, "UPDATE trail SET id = 3 WHERE id = 4")
    await tamper(database, "UPDATE trail SET id = 4 WHERE id = 5")
    await tamper(database, "UPDATE trail_head SET entries = 4")

    assert (await verified(database)).broken == 3


async def test_two_lines_that_changed_places_are_noticed(database: Database) -> None:
    await chain(database)

    await tamper(database, "UPDATE trail SET id = 99 WHERE id = 2")
    await tamper(database, "UPDATE trail SET id = 2 WHERE id = 3")
    await tamper(database, "UPDATE trail SET id = 3 WHERE id = 99")

    assert (await verified(database)).broken == 2


@pytest.mark.parametrize("cut", [1, 4])
async def test_an_end_that_was_cut_off_is_noticed(database: Database, cut: int) -> None:
    await chain(database)

    await tamper(database, "DELETE FROM trail WHERE id > ?", 5 - cut)

    found = await verified(database)
    assert (found.broken, found.why) == (6 - cut, "missing")


async def test_an_end_that_was_cut_off_is_noticed_by_the_last_hash_too(database: Database) -> None:
    await chain(database)

    await tamper(database, "DELETE FROM trail WHERE id = 5")
    await tamper(database, "UPDATE trail_head SET entries = 4")

    assert (await verified(database)).broken == 4


async def test_a_line_that_somebody_added_by_hand_is_noticed(database: Database) -> None:
    await chain(database)

    await tamper(
        database,
        "INSERT INTO trail (id, at, actor, approver, platform, action, field, form, old, new, sealed, decision, previous, hash)"
        " VALUES (6, ?, '', '', '', '修改', '', 'plain', '', '', '', '', '', 'x')",
        NOON,
    )

    found = await verified(database)
    assert (found.broken, found.why) == (6, "added")


async def test_a_long_trail_is_verified_in_chunks(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "CHUNK", 2)
    await chain(database)
    assert (await verified(database)).broken == 0

    await tamper(database, "DELETE FROM trail WHERE id IN (3, 4)")

    assert (await verified(database)).broken == 3


# --- side by side ---


async def test_many_write_at_once_and_the_chain_does_not_fork(database: Database, database_url: str) -> None:
    """Two replicas on PostgreSQL, two connections to one file on SQLite."""
    li, wang = await ids(database)
    async with Database(database_url) as other:
        places = (database, other)
        await asyncio.gather(
            *(put(places[step % 2], target((li, wang)[step % 2], str(step))) for step in range(40))
        )

    lines = await database.read(lambda session: trail.of(session, kr_id=34, limit=100))
    found = await verified(database)

    assert (found.entries, found.broken) == (40, 0)
    assert sorted(int(line.new or "") for line in lines) == list(range(40))


async def test_what_is_undone_leaves_no_hole(database: Database) -> None:
    li = await chain(database, 2)

    async def fail(session: Session) -> None:
        await trail.record(session, target(li, "9"))
        raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        await database.transact(fail)
    await put(database, target(li, "7"))

    assert [line.id for line in await opened(database)] == [3, 2, 1]
    assert (await verified(database)).broken == 0


async def test_a_persons_key_is_made_once_though_many_want_it(database: Database, database_url: str) -> None:
    li, _ = await ids(database)
    async with Database(database_url) as other:
        keys = await asyncio.gather(
            *(place.transact(lambda session: person_keys.of(session, li)) for place in (database, other) * 5)
        )

    assert len(set(keys)) == 1
