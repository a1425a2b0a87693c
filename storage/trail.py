"""The edit trail: what was changed, by whom, and who agreed. Lines are only ever added.

Each line carries the hash of the one before and of its own content; the head keeps how many there are and the last
hash, so that a missing end is noticed too. People stand by their aliases and their words are sealed with their keys
(`storage.person_keys`): the hash goes over what is sealed, so that the chain verifies after a key is destroyed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from storage import person_keys
from storage.person_keys import PersonKey
from storage.session import Row, Session, moment

BEGINNING = "0" * 64
"""What the first line has for the hash of the one before."""
CHUNK = 1000
"""Lines that are verified at a time."""

_CONTENT = "id, at, actor, approver, platform, action, objective_id, kr_id, request_id, field, form, old, new, sealed, decision"
_COLUMNS = f"{_CONTENT}, previous, hash"


class Form(StrEnum):
    """How old and new are kept."""

    PLAIN = "plain"
    """Numbers, days, words of the house: in the clear."""
    WORDS = "words"
    """What somebody typed, such as a title: sealed."""
    PEOPLE = "people"
    """Row ids of employees: by their aliases."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be put on record. `actor_id` is None for the bot itself.

    `action`: a word in Chinese, as it is shown (修改, 提交, 取消). `field`: a `ChangeField` where one was changed.
    `old` and `new`: numbers, days and words of the house as they are shown; with `text` somebody's own words, such
    as titles; with `people` row ids of employees. `approver_id` and `decision`: who agreed, and in what words.
    """

    action: str
    at: datetime
    actor_id: int | None
    platform: str
    objective_id: int | None = None
    kr_id: int | None = None
    request_id: int | None = None
    field: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    approver_id: int | None = None
    decision: str = ""
    text: bool = False
    people: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the trail, opened as far as it can be. Words whose key is destroyed are None."""

    id: int
    at: datetime
    action: str
    actor_id: int | None
    actor: str
    approver_id: int | None
    approver: str
    platform: str
    objective_id: int | None
    kr_id: int | None
    request_id: int | None
    field: str
    old: str | None
    new: str | None
    reason: str | None
    decision: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found: so many lines, and the first one that is not as it was written, 0 where all are.

    `why`: changed (its content, or the one before it) · missing · added.
    """

    entries: int
    head: str
    broken: int = 0
    why: str = ""


async def record(session: Session, deed: Deed) -> int:
    """Add a line and return its number.

    Holds the head of the chain until the transaction ends, so that replicas write one after the other: call it
    last, after everything else that locks a row.
    """
    actor = None if deed.actor_id is None else await person_keys.of(session, deed.actor_id)
    approver = None if deed.approver_id is None else await person_keys.of(session, deed.approver_id)
    form = Form.PEOPLE if deed.people else Form.WORDS if deed.text else Form.PLAIN
    old, new = [await _kept(session, form, actor, value) for value in (deed.old, deed.new)]
    head = await session.one(
        "INSERT INTO trail_head (id, entries, hash) VALUES (1, 1, ?)"
        " ON CONFLICT (id) DO UPDATE SET entries = trail_head.entries + 1 RETURNING entries, hash",
        BEGINNING,
    )
    assert head is not None
    content = (
        head[0],
        deed.at,
        actor.alias if actor else "",
        approver.alias if approver else "",
        deed.platform,
        deed.action,
        deed.objective_id,
        deed.kr_id,
        deed.request_id,
        deed.field,
        str(form),
        old,
        new,
        _sealed(actor, deed.reason),
        _sealed(approver, deed.decision),
    )
    digest = _hash(head[1], content)
    await session.run(
        f"INSERT INTO trail ({_COLUMNS}) VALUES ({', '.join('?' * 17)})", *content, head[1], digest
    )
    await session.run("UPDATE trail_head SET hash = ? WHERE id = 1", digest)
    return int(head[0])


async def _kept(session: Session, form: Form, actor: PersonKey | None, value: str) -> str:
    if form is Form.PEOPLE and value:
        return (await person_keys.of(session, int(value))).alias
    return _sealed(actor, value) if form is Form.WORDS else value


def _sealed(key: PersonKey | None, words: str) -> str:
    """Words are sealed with their author's key; the bot's own are nobody's."""
    return words if key is None else key.seal(words)


def _hash(previous: str, content: Sequence[object]) -> str:
    plain = [value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value for value in content]
    written = json.dumps([previous, *plain], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


# --- reading ---


async def of(
    session: Session,
    *,
    kr_id: int | None = None,
    objective_id: int | None = None,
    limit: int = 20,
    skip: int = 0,
) -> list[Line]:
    """Lines, newest first: of a key result, or of an objective with all its key results.

    With both, of the key result and of its objective as a whole.
    """
    where, values = _where(kr_id, objective_id)
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM trail WHERE {where} ORDER BY id DESC LIMIT ? OFFSET ?", *values, limit, skip
    )
    aliases = {alias for row in rows for alias in (row[2], row[3]) if alias}
    aliases |= {alias for row in rows if row[10] == Form.PEOPLE for alias in (row[11], row[12]) if alias}
    keys = await person_keys.by_aliases(session, aliases)
    names = await _names(session, [key.employee_id for key in keys.values()])
    return [_opened(row, keys, names) for row in rows]


async def count(session: Session, *, kr_id: int | None = None, objective_id: int | None = None) -> int:
    where, values = _where(kr_id, objective_id)
    row = await session.one(f"SELECT count(*) FROM trail WHERE {where}", *values)
    assert row is not None
    return int(row[0])


def _where(kr_id: int | None, objective_id: int | None) -> tuple[str, tuple[int | None, ...]]:
    if kr_id is None:
        return "objective_id = ?", (objective_id,)
    if objective_id is None:
        return "kr_id = ?", (kr_id,)
    return "(kr_id = ? OR (objective_id = ? AND kr_id IS NULL))", (kr_id, objective_id)


async def _names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    return {
        row[0]: row[1]
        for row in await session.all(f"SELECT id, name FROM employees WHERE id IN ({marks})", *ids)
    }


def _opened(row: Row, keys: dict[str, PersonKey], names: dict[int, str]) -> Line:
    actor, approver = keys.get(row[2]), keys.get(row[3])

    def name(key: PersonKey | None) -> str:
        return "" if key is None else names.get(key.employee_id, "")

    def value(kept: str) -> str | None:
        if row[10] == Form.PEOPLE:
            return name(keys.get(kept))
        return _unsealed(actor, row[2], kept) if row[10] == Form.WORDS else kept

    return Line(
        id=row[0],
        at=moment(row[1]),
        action=row[5],
        actor_id=actor.employee_id if actor else None,
        actor=name(actor),
        approver_id=approver.employee_id if approver else None,
        approver=name(approver),
        platform=row[4],
        objective_id=row[6],
        kr_id=row[7],
        request_id=row[8],
        field=row[9],
        old=value(row[11]),
        new=value(row[12]),
        reason=_unsealed(actor, row[2], row[13]),
        decision=_unsealed(approver, row[3], row[14]),
    )


def _unsealed(key: PersonKey | None, alias: str, kept: str) -> str | None:
    if not alias:
        return kept
    return None if key is None else key.unseal(kept)


async def verify(session: Session) -> Verified:
    """Whether every line is as it was written and none is missing; names the first that is not."""
    # One statement, one snapshot: a line that is added meanwhile is in neither or in both.
    head = await session.one(
        "SELECT (SELECT entries FROM trail_head WHERE id = 1), (SELECT hash FROM trail_head WHERE id = 1),"
        " (SELECT max(id) FROM trail)"
    )
    assert head is not None
    entries, last, highest = head[0] or 0, head[1] or BEGINNING, head[2] or 0
    previous = BEGINNING
    done = 0
    while done < entries:
        rows = await session.all(
            f"SELECT {_COLUMNS} FROM trail WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", done, entries, CHUNK
        )
        for row in rows:
            if row[0] != done + 1:
                return Verified(entries, last, done + 1, "missing")
            content = (row[0], moment(row[1]), *(row[place] for place in range(2, 15)))
            if row[15] != previous or row[16] != _hash(previous, content):
                return Verified(entries, last, row[0], "changed")
            previous, done = row[16], row[0]
        if not rows:
            return Verified(entries, last, done + 1, "missing")
    if highest > entries:
        return Verified(entries, last, entries + 1, "added")
    if previous != last:
        return Verified(entries, last, entries, "changed")
    return Verified(entries, last)
