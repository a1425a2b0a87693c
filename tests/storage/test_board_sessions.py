"""Who comes in by a link where two browsers open it at the same moment."""

from __future__ import annotations

from datetime import timedelta

from chat.events import Account, PlatformName
from storage import board_sessions, people
from storage.board_sessions import Entry, Guest
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ

ACCOUNT = Account(PlatformName.DINGTALK, "dt-li")


async def _opened(session: Session, link: str) -> Guest:
    entry = await board_sessions.open_link(session, link, NOON)
    assert isinstance(entry, Entry)
    guest = await board_sessions.who(session, entry.token, NOON)
    assert guest is not None
    return guest


async def _link(session: Session) -> str:
    await employ(session)
    person = await people.by_number(session, "E0102")
    assert person is not None
    return await board_sessions.make_link(session, person.id, ACCOUNT, "/board", NOON)


async def test_of_two_who_come_back_at_once_the_first_has_it(database: Database) -> None:
    async def both(session: Session) -> tuple[bool, bool]:
        link = await _link(session)
        one, other = await _opened(session, link), await _opened(session, link)
        return (
            await board_sessions.come_back(session, one, NOON),
            await board_sessions.come_back(session, other, NOON),
        )

    assert await database.transact(both) == (True, False)


async def test_what_is_over_is_forgotten(database: Database) -> None:
    await database.transact(_link)

    async def forget(session: Session) -> tuple[int, int]:
        early = await board_sessions.forget_before(session, NOON + timedelta(minutes=14))
        return early, await board_sessions.forget_before(session, NOON + timedelta(minutes=16))

    assert await database.transact(forget) == (0, 1)
