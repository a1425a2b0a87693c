"""A card that was sent gets another face where that is possible, and does not leave where it has not left yet."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cards.notices import notice
from chat.answers import Letter, Redraw, Urgency
from chat.events import Account, PlatformName
from chat.platform import Receipt
from storage import letters, redraws
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, person

ASKED, OVER = notice("back", ended=True), notice("back", ended=False)
LATER = NOON + timedelta(hours=1)
WANG = Account(PlatformName.WECOM, "WxWang")


async def posted(session: Session, receipt: Receipt | None) -> str:
    """A letter to 王店, sent where there is a receipt; its reference."""
    await employ(session)
    letter = Letter((await person(session, "E0101")).id, ASKED, "asked", Urgency.DECISION)
    letter_id = await letters.post(session, letter, NOON)
    assert letter_id is not None
    if receipt is not None:
        await letters.address(session, letter_id, WANG)
        await letters.sent(session, [(letter_id, receipt, NOON)])
    return letters.ref_of("asked")


@pytest.mark.parametrize(
    ("receipt", "hours", "changed"),
    [
        (Receipt("card", buttons=True), 1, True),
        (Receipt("card", buttons=True), 300, True),
        (Receipt("template_card", buttons=True, handle="rc-1"), 71, True),
        (Receipt("template_card", buttons=True, handle="rc-1"), 72, False),
        (Receipt("template_card", buttons=True), 1, False),
        (Receipt("markdown", buttons=False), 1, False),
    ],
)
async def test_a_card_that_stands_there(
    database: Database, receipt: Receipt, hours: int, changed: bool
) -> None:
    async def work(session: Session) -> tuple[bool, list[letters.Waiting], str]:
        ref = await posted(session, receipt)
        at = NOON + timedelta(hours=hours)
        done = await redraws.post(session, Redraw("asked", OVER), at)
        kept = await letters.by_ref(session, ref)
        assert kept is not None
        return done, await letters.claim(session, at, "me", 10), kept.card.face.title

    done, claimed, title = await database.transact(work)
    assert done is changed
    assert title == OVER.face.title
    assert len(claimed) == changed
    for one in claimed:
        assert one.parcel.to == WANG
        assert one.parcel.card == OVER
        assert one.parcel.route == {"redraws": letters.ref_of("asked"), "handle": receipt.handle}
        assert one.employee_id is None


async def test_what_has_not_left_does_not_leave(database: Database) -> None:
    async def work(session: Session) -> tuple[bool, int]:
        await posted(session, None)
        done = await redraws.post(session, Redraw("asked", OVER), LATER)
        return done, len(await letters.claim(session, LATER, "me", 10))

    assert await database.transact(work) == (False, 0)


async def test_the_card_that_is_pressed_and_one_that_never_was_are_left_alone(database: Database) -> None:
    async def work(session: Session) -> list[bool]:
        ref = await posted(session, Receipt("card", buttons=True))
        return [
            await redraws.post(session, Redraw("asked", OVER), LATER, but_not=ref),
            await redraws.post(session, Redraw("another", OVER), LATER),
        ]

    assert await database.transact(work) == [False, False]


async def test_it_is_no_message_that_a_number_would_answer(database: Database) -> None:
    async def work(session: Session) -> list[str]:
        await posted(session, Receipt("card", buttons=True))
        await redraws.post(session, Redraw("asked", OVER), LATER)
        rows = await session.all("SELECT conversation_kind, route FROM letters WHERE once LIKE 'redraw:%'")
        return [row[0] for row in rows if json.loads(row[1])["redraws"]]

    assert await database.transact(work) == [""]
