"""Requests of unknown accounts to be tied to an employee."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from chat.events import Account, ChatKind, Conversation, PlatformName
from storage import bindings
from storage.bindings import VALID, Binding
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, person

STRANGER = Account(PlatformName.WECOM, "WxStranger", "小陌")
CHAT = Conversation(PlatformName.WECOM, "WxStranger", ChatKind.PRIVATE)


async def ask(
    session: Session, number: str = "E0102", account: Account = STRANGER, at: datetime = NOON
) -> int | None:
    return await bindings.ask(session, account, CHAT, (await person(session, number)).id, at)


async def test_a_request_waits_for_its_decision(database: Database) -> None:
    async def work(session: Session) -> tuple[list[Binding], Binding]:
        await employ(session)
        request_id = await ask(session)
        assert request_id is not None
        return await bindings.waiting(session, NOON), Binding(
            request_id, STRANGER, (await person(session, "E0102")).id
        )

    waiting, expected = await database.transact(work)

    assert waiting == [expected]


async def test_asking_again_asks_nobody_twice_whatever_the_case(database: Database) -> None:
    async def work(session: Session) -> list[bool]:
        await employ(session)
        shouting = Account(PlatformName.WECOM, "WXSTRANGER")
        return [
            await ask(session) is None,
            await ask(session) is None,
            await ask(session, account=shouting) is None,
        ]

    assert await database.transact(work) == [False, True, True]


async def test_a_newer_request_replaces_the_older(database: Database) -> None:
    async def work(session: Session) -> tuple[bool, list[int], int]:
        await employ(session)
        old = await ask(session, "E0102")
        assert old is not None
        await ask(session, "E0103")
        decided = await bindings.decide(session, old, "confirmed", (await person(session, "E0101")).id, NOON)
        third = (await person(session, "E0103")).id
        return decided, [one.employee_id for one in await bindings.waiting(session, NOON)], third

    decided, waiting, expected = await database.transact(work)

    assert not decided
    assert waiting == [expected]


async def test_a_request_is_decided_once(database: Database) -> None:
    async def begin(session: Session) -> tuple[int, int]:
        await employ(session)
        request_id = await ask(session)
        assert request_id is not None
        return request_id, (await person(session, "E0101")).id

    request_id, decider_id = await database.transact(begin)

    async def decide(session: Session) -> bool:
        return await bindings.decide(session, request_id, "confirmed", decider_id, NOON)

    outcomes = await asyncio.gather(*(database.transact(decide) for _ in range(4)))

    assert sorted(outcomes) == [False, False, False, True]
    assert await database.read(lambda session: bindings.waiting(session, NOON)) == []


async def test_a_request_loses_its_point_and_may_be_made_again(database: Database) -> None:
    later = NOON + VALID + timedelta(seconds=1)

    async def work(session: Session) -> tuple[list[Binding], bool, int]:
        await employ(session)
        await ask(session)
        none = await bindings.waiting(session, later)
        again = await ask(session, at=later)
        return none, again is not None, len(await bindings.waiting(session, later))

    assert await database.transact(work) == ([], True, 1)


async def test_those_of_one_employee(database: Database) -> None:
    async def work(session: Session) -> list[int]:
        await employ(session)
        await ask(session, "E0102")
        await ask(session, "E0103", Account(PlatformName.DINGTALK, "dt-x"))
        third = await person(session, "E0103")
        return [
            len(await bindings.waiting(session, NOON)),
            len(await bindings.waiting(session, NOON, third.id)),
            len(await bindings.waiting(session, NOON, 999_999)),
        ]

    assert await database.transact(work) == [2, 1, 0]
