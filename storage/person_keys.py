"""Each person's key: what seals the words of the trail, and the alias that stands there instead of the name.

Whoever has left is erased by destroying the key (`destroy`): the sealed words are noise from then on, and nothing
that was written has to be touched. Keys lie in the database beside what they seal: they are for erasing, not for
hiding from whoever can read the whole database. See docs/decisions/0008-a-trail-that-can-forget.md.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.session import Session

NONCE = 12
"""Bytes; drawn anew for every seal, as AES-GCM wants."""


@dataclass(frozen=True, slots=True)
class PersonKey:
    """`secret` is empty once it has been destroyed."""

    employee_id: int
    alias: str
    secret: str

    def seal(self, words: str) -> str:
        """Words that only this key opens; none where there are none, or nothing is left to seal them with."""
        if not words or not self.secret:
            return ""
        nonce = secrets.token_bytes(NONCE)
        sealed = AESGCM(b64decode(self.secret)).encrypt(nonce, words.encode(), self.alias.encode())
        return b64encode(nonce + sealed).decode()

    def unseal(self, sealed: str) -> str | None:
        """The words; None where they cannot be opened: the key has been destroyed, or somebody tampered with them."""
        if not sealed:
            return ""
        if not self.secret:
            return None
        try:
            raw = b64decode(sealed)
            return (
                AESGCM(b64decode(self.secret)).decrypt(raw[:NONCE], raw[NONCE:], self.alias.encode()).decode()
            )
        except (InvalidTag, ValueError):
            return None


async def of(session: Session, employee_id: int) -> PersonKey:
    """The person's key, made where there is none yet."""
    await session.run(
        "INSERT INTO person_keys (employee_id, alias, secret) VALUES (?, ?, ?) ON CONFLICT (employee_id) DO NOTHING",
        employee_id,
        f"P{secrets.token_hex(8)}",
        b64encode(AESGCM.generate_key(256)).decode(),
    )
    row = await session.one("SELECT alias, secret FROM person_keys WHERE employee_id = ?", employee_id)
    assert row is not None
    return PersonKey(employee_id, row[0], row[1])


async def by_aliases(session: Session, aliases: Collection[str]) -> dict[str, PersonKey]:
    """Whose aliases these are."""
    if not aliases:
        return {}
    marks = ", ".join("?" * len(aliases))
    rows = await session.all(
        f"SELECT employee_id, alias, secret FROM person_keys WHERE alias IN ({marks})", *aliases
    )
    return {row[1]: PersonKey(row[0], row[1], row[2]) for row in rows}


async def destroy(session: Session, employee_id: int) -> str:
    """Make everything that this person's key has sealed unreadable for good, and return the alias that stays."""
    key = await of(session, employee_id)
    await session.run("UPDATE person_keys SET secret = '' WHERE employee_id = ?", employee_id)
    return key.alias
