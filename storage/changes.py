"""Requests to change what is in force, and the parts of those who decide: the first valid decision is the only one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from okr.approvals import ChangeField, Need, RequestState
from okr.requests import ChangeRequest, FieldChange, Part, RequestKind, Value, Values
from storage.session import Row, Session, moment, moment_or_none

SEVERAL = "several"
"""Stands in `field` where a request changes more than one."""

_COLUMNS = (
    "r.id, r.kind, r.objective_id, r.kr_id, r.old, r.new, r.reason, r.interview, r.version, r.applicant_id, r.need,"
    " r.state, r.asked_at, r.platform, r.decided_at, r.decided_by_id, r.decision"
)
_KINDS = f"r.kind IN ({', '.join(repr(str(kind)) for kind in RequestKind)})"
"""A suggestion is no request: it waits for nobody's yes."""
_WAITS = f"r.state = '{RequestState.WAITING}'"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, before it has a number."""

    kind: RequestKind
    objective_id: int
    kr_id: int | None
    changes: tuple[FieldChange, ...]
    version: int
    reason: str = ""
    interview: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision, on its way to the request."""

    state: RequestState
    by: int
    at: datetime
    platform: str
    words: str = ""


# --- asking ---


async def ask(
    session: Session, wish: Wish, *, applicant_id: int, need: Need, platform: str, at: datetime
) -> ChangeRequest:
    """Keep a request that waits, and return it."""
    fields = {str(change.field) for change in wish.changes}
    row = await session.one(
        "INSERT INTO change_requests (kind, objective_id, kr_id, field, old, new, words, reason, interview, version,"
        " applicant_id, need, state, platform, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        str(wish.kind),
        wish.objective_id,
        wish.kr_id,
        fields.pop() if len(fields) == 1 else SEVERAL,
        _dump({str(change.field): change.old for change in wish.changes}),
        _dump({str(change.field): change.new for change in wish.changes}),
        wish.words,
        wish.reason,
        wish.interview,
        wish.version,
        applicant_id,
        str(need),
        str(RequestState.WAITING),
        platform,
        at,
    )
    assert row is not None
    return ChangeRequest(
        id=row[0],
        kind=wish.kind,
        objective_id=wish.objective_id,
        kr_id=wish.kr_id,
        changes=wish.changes,
        reason=wish.reason,
        interview=wish.interview,
        version=wish.version,
        applicant_id=applicant_id,
        need=need,
        state=RequestState.WAITING,
        asked_at=at,
        platform=platform,
    )


async def ask_of(
    session: Session,
    request_id: int,
    approver_id: int,
    version: int,
    at: datetime,
    *,
    stands_in_for: int | None = None,
) -> bool:
    """Give somebody a part in a request; false where he has one already."""
    return (
        await session.run(
            "INSERT INTO approvals (request_id, approver_id, state, version, stands_in_for_id, asked_at)"
            " VALUES (?, ?, 'waiting', ?, ?, ?) ON CONFLICT (request_id, approver_id) DO NOTHING",
            request_id,
            approver_id,
            version,
            stands_in_for,
            at,
        )
        > 0
    )


# --- reading ---


async def by_id(session: Session, request_id: int, *, lock: bool = False) -> ChangeRequest | None:
    """`lock` keeps others from deciding meanwhile."""
    if lock and session.for_update:
        await session.one(f"SELECT id FROM change_requests WHERE id = ?{session.for_update}", request_id)
    return await _one(session, f"r.id = ? AND {_KINDS}", request_id)


async def parts_of(session: Session, request_id: int) -> list[Part]:
    rows = await session.all(
        "SELECT approver_id, state, version, stands_in_for_id FROM approvals WHERE request_id = ? ORDER BY id",
        request_id,
    )
    return [Part(*row) for row in rows]


async def waiting_for(session: Session, approver_ids: Sequence[int]) -> list[ChangeRequest]:
    """What these people have to decide, the oldest first."""
    if not approver_ids:
        return []
    marks = ", ".join("?" * len(approver_ids))
    return await _all(
        session,
        f"{_KINDS} AND {_WAITS} AND EXISTS (SELECT 1 FROM approvals a WHERE a.request_id = r.id"
        f" AND a.state = 'waiting' AND a.approver_id IN ({marks}))",
        *approver_ids,
    )


async def waiting(session: Session) -> list[ChangeRequest]:
    """Everything that waits for a decision, the oldest first."""
    return await _all(session, f"{_KINDS} AND {_WAITS}")


async def waiting_of(session: Session, applicant_id: int) -> list[ChangeRequest]:
    """What somebody has asked for and nobody has decided yet, the oldest first."""
    return await _all(session, f"{_KINDS} AND {_WAITS} AND r.applicant_id = ?", applicant_id)


async def waiting_on(session: Session, objective_id: int) -> list[ChangeRequest]:
    """What waits about an objective or one of its key results, the oldest first."""
    return await _all(session, f"{_KINDS} AND {_WAITS} AND r.objective_id = ?", objective_id)


# --- deciding ---


async def say(session: Session, request_id: int, approver_id: int, *, yes: bool, at: datetime) -> bool:
    """Note one approver's word; false where he has said it before or has no part in it."""
    return await _set_part(session, request_id, approver_id, "approved" if yes else "rejected", at)


async def hand_over(session: Session, request_id: int, approver_id: int, at: datetime) -> bool:
    """End an approver's part because somebody else is asked in his place; false where it has ended."""
    return await _set_part(session, request_id, approver_id, "forwarded", at)


async def reopen(session: Session, request_id: int, approver_id: int, version: int) -> None:
    """Ask somebody anew who has had a part in it before."""
    await session.run(
        "UPDATE approvals SET state = 'waiting', version = ?, decided_at = NULL WHERE request_id = ? AND approver_id = ?",
        version,
        request_id,
        approver_id,
    )


async def _set_part(session: Session, request_id: int, approver_id: int, state: str, at: datetime) -> bool:
    return (
        await session.run(
            "UPDATE approvals SET state = ?, decided_at = ? WHERE request_id = ? AND approver_id = ? AND state = 'waiting'",
            state,
            at,
            request_id,
            approver_id,
        )
        > 0
    )


async def close(session: Session, request_id: int, verdict: Verdict) -> bool:
    """End a request that waits. False where somebody was first: then nothing has changed."""
    first = await session.run(
        "UPDATE change_requests SET state = ?, decided_at = ?, decided_by_id = ?, decided_on = ?, decision = ?"
        " WHERE id = ? AND state = ?",
        str(verdict.state),
        verdict.at,
        verdict.by,
        verdict.platform,
        verdict.words,
        request_id,
        str(RequestState.WAITING),
    )
    if first:
        await session.run(
            "UPDATE approvals SET state = 'closed', decided_at = ? WHERE request_id = ? AND state = 'waiting'",
            verdict.at,
            request_id,
        )
    return first > 0


async def shown(session: Session, request_id: int, approver_id: int, version: int) -> None:
    """Remember which version of the objective an approver has been shown last."""
    await session.run(
        "UPDATE approvals SET version = ? WHERE request_id = ? AND approver_id = ?",
        version,
        request_id,
        approver_id,
    )


async def caught_up(session: Session, objective_id: int, approver_id: int, old: int, new: int) -> None:
    """Who makes a new version by a decision of his knows it: his other requests need not be shown again."""
    await session.run(
        "UPDATE approvals SET version = ? WHERE approver_id = ? AND version = ? AND state = 'waiting'"
        f" AND request_id IN (SELECT r.id FROM change_requests r WHERE r.objective_id = ? AND {_WAITS})",
        new,
        approver_id,
        old,
        objective_id,
    )


# --- rows to values ---

_DAYS = frozenset({"due"})
_NUMBERS = frozenset({"start", "target", "low", "high", "tolerance", "weight", "share"})


async def _one(session: Session, where: str, *values: object) -> ChangeRequest | None:
    row = await session.one(f"SELECT {_COLUMNS} FROM change_requests r WHERE {where}", *values)
    return None if row is None else _request(row)


async def _all(session: Session, where: str, *values: object) -> list[ChangeRequest]:
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM change_requests r WHERE {where} ORDER BY r.asked_at, r.id", *values
    )
    return [_request(row) for row in rows]


def _request(row: Row) -> ChangeRequest:
    return ChangeRequest(
        id=row[0],
        kind=RequestKind(row[1]),
        objective_id=row[2],
        kr_id=row[3],
        changes=tuple(_changes(row[4], row[5])),
        reason=row[6],
        interview=row[7],
        version=row[8],
        applicant_id=row[9],
        need=Need(row[10]),
        state=RequestState(row[11]),
        asked_at=moment(row[12]),
        platform=row[13],
        decided_at=moment_or_none(row[14]),
        decided_by=row[15],
        decision=row[16],
    )


def _changes(old: str, new: str) -> Iterable[FieldChange]:
    were, wanted = _load(old), _load(new)
    return (FieldChange(ChangeField(field), were.get(field, {}), values) for field, values in wanted.items())


def _dump(values: Mapping[str, Values]) -> str:
    return json.dumps(values, ensure_ascii=False, default=_text, separators=(",", ":"))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else f"{value:f}"


def _load(text: str) -> dict[str, dict[str, Value]]:
    raw: dict[str, dict[str, Any]] = json.loads(text) if text else {}
    return {
        field: {name: _value(name, value) for name, value in values.items()} for field, values in raw.items()
    }


def _value(name: str, value: Any) -> Value:
    if value is None:
        return None
    if name in _NUMBERS:
        return Decimal(value)
    kept: Value = date.fromisoformat(value) if name in _DAYS else value
    return kept
