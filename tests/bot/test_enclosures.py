"""Pictures and files of answers and letters, on both engines: kept with them, and sent after them, once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot import postman
from cards.notices import notice
from chat.answers import Answer
from chat.errors import Unreachable
from chat.events import ChatKind
from chat.files import SVG, File
from chat.platform import Receipt
from handlers.asking import Asking
from storage import files, letters, outbox
from storage.database import Database
from storage.session import Session
from tests.bot.mail import CARD, SHOWN, Mail
from tests.bot.test_dispatch import Door, Scripted, press
from tests.storage.company import employ, goal


class Pressed(Scripted):
    """A press means what a test says."""

    async def command(self, asking: Asking, *, about: str = "") -> Answer:
        del about
        return await self.answer(asking)


@pytest.fixture
async def door(database: Database) -> Door:
    async def furnish(session: Session) -> str:
        await employ(session)
        return f"KR{(await goal(session))[1]}"

    return Door(database, Pressed(), await database.transact(furnish))


@pytest.fixture
async def mail(database: Database) -> Mail:
    await database.transact(employ)
    return Mail(database)


# --- pictures and files ---

MAP, SHEET = File("目标地图", SVG, b"<svg/>"), File("我的数据.xlsx", "application/zip", b"PK rows")
WITH_BOTH = replace(notice("never_mind"), picture=MAP.ref)


def brings_along(
    *brought: File, in_place: bool = False, restricted: bool = False
) -> Callable[[Asking], Awaitable[Answer]]:
    async def answer(_asking: Asking) -> Answer:
        return Answer(WITH_BOTH, in_place=in_place, restricted=restricted, files=brought)

    return answer


async def kept(door: Door, *brought: File) -> list[bool]:
    async def look(session: Session) -> list[bool]:
        return [await files.by_ref(session, file.ref, door.now) is not None for file in brought]

    return await door.database.read(look)


async def test_what_an_answer_brings_along_is_kept_with_it(door: Door) -> None:
    door.routing.instead = brings_along(MAP, SHEET)
    heard = await door.say("我的数据")

    assert await kept(door, MAP, SHEET) == [True, True]
    assert heard.parcel is not None
    assert (heard.parcel.card.picture, heard.parcel.card.enclosed) == (MAP.ref, (SHEET.ref,))
    assert await door.count("letters") == 1


async def test_an_answer_that_fails_keeps_nothing(door: Door) -> None:
    async def fail(_asking: Asking) -> Answer:
        return Answer(replace(WITH_BOTH, wecom="no face"), files=(MAP,))  # type: ignore[arg-type]

    door.routing.instead = fail
    with capture_logs():
        heard = await door.say("我的数据")

    assert heard.parcel is not None
    assert await kept(door, MAP) == [False]


async def test_what_is_for_the_askers_eyes_is_enclosed_in_private(door: Door) -> None:
    door.routing.instead = brings_along(MAP, SHEET, restricted=True)
    heard = await door.say("我的数据", kind=ChatKind.GROUP, where="cid-group")

    assert heard.parcel is not None
    assert (heard.parcel.card.picture, heard.parcel.card.enclosed) == ("", ())
    private = await door.database.transact(lambda session: letters.claim(session, door.now, "here", 9))
    assert [waiting.parcel.card.enclosed for waiting in private] == [(SHEET.ref,)]


async def test_what_a_pressed_card_brings_along_follows_it(door: Door) -> None:
    ref = await door.written(CARD)
    door.routing.instead = brings_along(SHEET, in_place=True)
    await door.database.transact(lambda session: letters.claim(session, door.now, "here", 9))
    heard = await door.hear(press(ref, "我的数据"))

    assert heard.redraw is not None
    assert heard.posted
    following = await door.database.transact(lambda session: letters.claim(session, door.now, "here", 9))
    assert [waiting.parcel.card.file for waiting in following] == [SHEET.ref]


# --- what follows ---


async def test_an_enclosed_file_follows_its_letter_once_that_is_shown(mail: Mail) -> None:
    mail.dingtalk.outcomes.append(Unreachable("busy"))
    await mail.post(files=(SHEET,))
    await mail.postman.round()
    assert mail.dingtalk.taken == []

    mail.now += timedelta(minutes=1)
    await mail.postman.round()
    assert [parcel.card.file for parcel in mail.dingtalk.taken] == [""]
    await mail.postman.round()
    [letter, file] = mail.dingtalk.taken
    assert file.card.file == SHEET.ref
    assert file.card.face.title == "📎 我的数据.xlsx"
    assert (file.to, file.platform) == (letter.to, letter.platform)
    await mail.postman.round()
    assert len(mail.dingtalk.taken) == 2


async def test_what_had_no_room_follows_first_and_then_what_was_enclosed(mail: Mail) -> None:
    card = replace(CARD, picture=MAP.ref)
    mail.dingtalk.outcomes.append(
        Receipt("image", buttons=False, rest=replace(card, picture="", enclosed=(SHEET.ref,)))
    )
    await mail.post(card=card, files=(MAP, SHEET))
    for _ in range(4):
        await mail.postman.round()

    shown = [parcel.card for parcel in mail.dingtalk.taken]
    assert [(card.picture, card.file) for card in shown] == [(MAP.ref, ""), ("", ""), ("", SHEET.ref)]


async def test_a_letter_that_is_shown_twice_is_followed_once(mail: Mail) -> None:
    letter_id = await mail.post(files=(SHEET,))
    await mail.postman.round()
    await mail.database.transact(lambda session: outbox.retry(session, mail.now, letter_id))
    await mail.postman.delivered(mail.dingtalk.taken[0], SHOWN)
    for _ in range(3):
        await mail.postman.round()

    assert [bool(parcel.card.file) for parcel in mail.dingtalk.taken] == [False, True]


async def test_the_postman_is_told_that_something_follows(
    mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postman, "IDLE", 3600.0)  # he would not look again by himself
    await mail.post(files=(SHEET,))
    running = asyncio.create_task(mail.postman.run())
    async with asyncio.timeout(30):
        while len(mail.dingtalk.taken) < 2:
            await asyncio.sleep(0.01)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
