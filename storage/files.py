"""Pictures and files that answers refer to: kept in the transaction of the answer, forgotten when nobody looks any more."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chat.card import Card
from chat.files import File
from storage.session import Session, moment

KEPT = timedelta(days=8)
"""Longer than a letter is tried, and than a card is pressed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file and the key that signs its addresses: they die with it."""

    file: File
    key: bytes
    until: datetime


async def keep(session: Session, files: Sequence[File], now: datetime) -> None:
    """Keep the files; what is kept already is kept for longer."""
    for file in files:
        await session.run(
            "INSERT INTO files (ref, name, media_type, content, signing_key, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (ref) DO UPDATE SET expires_at = excluded.expires_at",
            file.ref,
            file.name,
            file.media_type,
            file.content,
            secrets.token_bytes(32),
            now,
            now + KEPT,
        )


async def enclose(session: Session, card: Card, files: Sequence[File], now: datetime) -> Card:
    """Keep a card's files, and let those that it does not show follow it."""
    await keep(session, files, now)
    following = tuple(file.ref for file in files if file.ref != card.picture)
    return replace(card, enclosed=following) if following else card


async def by_ref(session: Session, ref: str, now: datetime) -> Kept | None:
    row = await session.one(
        "SELECT name, media_type, content, signing_key, expires_at FROM files WHERE ref = ? AND expires_at > ?",
        ref,
        now,
    )
    if row is None:
        return None
    return Kept(File(row[0], row[1], bytes(row[2])), bytes(row[3]), moment(row[4]))


async def name_of(session: Session, ref: str) -> str:
    """Empty where it is kept no longer."""
    row = await session.one("SELECT name FROM files WHERE ref = ?", ref)
    return "" if row is None else str(row[0])


async def forget_before(session: Session, at: datetime) -> int:
    """Forget what nobody needs after this moment."""
    await session.run(
        "DELETE FROM uploads WHERE file_id IN (SELECT ref FROM files WHERE expires_at <= ?)", at
    )
    return await session.run("DELETE FROM files WHERE expires_at <= ?", at)


# --- what platforms have been given already ---


async def uploaded(session: Session, ref: str, channel: str, now: datetime) -> str:
    """The platform's id of a file; empty where it was not uploaded, or too long ago."""
    row = await session.one(
        "SELECT media_id FROM uploads WHERE file_id = ? AND channel = ? AND expires_at > ?", ref, channel, now
    )
    return "" if row is None else str(row[0])


async def keep_upload(session: Session, ref: str, channel: str, media_id: str, until: datetime) -> None:
    if await name_of(session, ref):
        await session.run(
            "INSERT INTO uploads (file_id, channel, media_id, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (file_id, channel)"
            " DO UPDATE SET media_id = excluded.media_id, expires_at = excluded.expires_at",
            ref,
            channel,
            media_id,
            until,
        )


async def forget_upload(session: Session, ref: str, channel: str) -> None:
    await session.run("DELETE FROM uploads WHERE file_id = ? AND channel = ?", ref, channel)
