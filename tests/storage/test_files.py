"""Pictures and files of answers, on both engines: kept with them, for a while, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.card import Card, Face
from chat.files import SVG, File
from storage import files
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON

MAP = File("目标地图", SVG, "<svg>图</svg>".encode())
SHEET = File("我的数据.xlsx", "application/zip", bytes(range(256)))


async def test_a_file_is_given_back_as_it_was(database: Database) -> None:
    await database.transact(lambda session: files.keep(session, [MAP, SHEET], NOON))
    kept = await database.read(lambda session: files.by_ref(session, SHEET.ref, NOON))

    assert kept is not None
    assert kept.file == SHEET
    assert len(kept.key) == 32
    assert await database.read(lambda session: files.name_of(session, MAP.ref)) == "目标地图"
    assert await database.read(lambda session: files.by_ref(session, "f0", NOON)) is None
    assert await database.read(lambda session: files.name_of(session, "f0")) == ""


def test_equal_files_have_one_reference_and_others_do_not() -> None:
    assert MAP.ref == File("目标地图", SVG, "<svg>图</svg>".encode()).ref
    assert len({MAP.ref, SHEET.ref, File("图", SVG, MAP.content).ref, File("目标地图", SVG, b"").ref}) == 4


async def test_what_is_kept_again_keeps_its_key_and_lives_longer(database: Database) -> None:
    later = NOON + timedelta(days=3)
    await database.transact(lambda session: files.keep(session, [MAP], NOON))
    first = await database.read(lambda session: files.by_ref(session, MAP.ref, NOON))
    await database.transact(lambda session: files.keep(session, [MAP], later))
    second = await database.read(lambda session: files.by_ref(session, MAP.ref, NOON))

    assert first is not None
    assert second is not None
    assert (first.key, second.until) == (second.key, later + files.KEPT)


async def test_a_card_encloses_what_it_does_not_show(database: Database) -> None:
    card = Card(Face("目标地图"), picture=MAP.ref)

    enclosing = await database.transact(lambda session: files.enclose(session, card, [MAP, SHEET], NOON))
    shown_only = await database.transact(lambda session: files.enclose(session, card, [MAP], NOON))

    assert enclosing.enclosed == (SHEET.ref,)
    assert shown_only == card


@pytest.mark.parametrize(("after", "there"), [(timedelta(0), True), (files.KEPT, False)])
async def test_a_file_is_forgotten_after_its_time(database: Database, after: timedelta, there: bool) -> None:
    async def work(session: Session) -> tuple[bool, int, bool]:
        await files.keep(session, [MAP], NOON)
        await files.keep_upload(session, MAP.ref, "wecom", "media-1", NOON + timedelta(days=3))
        found = await files.by_ref(session, MAP.ref, NOON + after) is not None
        return (
            found,
            await files.forget_before(session, NOON + after),
            bool(await files.name_of(session, MAP.ref)),
        )

    assert await database.transact(work) == (there, 0 if there else 1, there)


async def test_an_upload_is_known_on_its_channel_while_it_holds(database: Database) -> None:
    until = NOON + timedelta(days=3)

    async def work(session: Session) -> list[str]:
        await files.keep(session, [MAP], NOON)
        await files.keep_upload(session, MAP.ref, "wecom", "media-1", NOON)
        await files.keep_upload(session, MAP.ref, "wecom", "media-2", until)
        known = [await files.uploaded(session, MAP.ref, channel, NOON) for channel in ("wecom", "robot")]
        known.append(await files.uploaded(session, MAP.ref, "wecom", until))
        await files.forget_upload(session, MAP.ref, "wecom")
        return [*known, await files.uploaded(session, MAP.ref, "wecom", NOON)]

    assert await database.transact(work) == ["media-2", "", "", ""]


async def test_an_upload_of_what_is_forgotten_is_not_remembered(database: Database) -> None:
    await database.transact(lambda session: files.keep_upload(session, "f0", "wecom", "media-1", NOON))

    assert await database.read(lambda session: files.uploaded(session, "f0", "wecom", NOON)) == ""
