"""R9: what somebody suggests to the owner of a goal. It asks nobody's leave: the owner takes it up, or not now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from okr.approvals import RequestState
from storage.session import Row, Session, moment, moment_or_none

KIND = "suggestion"
_COLUMNS = (
    "r.id, r.objective_id, r.kr_id, r.old, r.words, r.reason, r.applicant_id, r.state, r.asked_at, r.decided_at,"
    " r.decided_by_id, r.decision"
)
_WAITS = f"r.kind = '{KIND}' AND r.state = '{RequestState.WAITING}'"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`words`: what was typed, `目标值 1080`, or free text. `old`: what stood in the named fields then, by their names.

    `decision`: why not now; or, where it was taken up and somebody has to agree, the request that it led to (`R12`).
    """

    id: int
    objective_id: int
    kr_id: int | None
    old: Mapping[str, str]
    words: str
    reason: str
    suggester_id: int
    state: RequestState
    asked_at: datetime
    decided_at: datetime | None = None
    decided_by: int | None = None
    decision: str = ""

    @property
    def ref(self) -> str:
        return f"R{self.id}"

    @property
    def about(self) -> str:
        return f"O{self.objective_id}" if self.kr_id is None else f"KR{self.kr_id}"


async def make(
    session: Session,
    *,
    objective_id: int,
    kr_id: int | None,
    old: Mapping[str, str],
    words: str,
    reason: str,
    version: int,
    suggester_id: int,
    platform: str,
    at: datetime,
) -> int | None:
    """Keep a suggestion and return its number; None while the same one of the same person waits."""
    same = await session.one(
        f"SELECT r.id FROM change_requests r WHERE {_WAITS} AND r.objective_id = ? AND coalesce(r.kr_id, 0) = ?"
        " AND r.applicant_id = ? AND r.words = ?",
        objective_id,
        kr_id or 0,
        suggester_id,
        words,
    )
    if same is not None:
        return None
    row = await session.one(
        "INSERT INTO change_requests (kind, objective_id, kr_id, old, words, reason, version, applicant_id, state, platform,"
        " asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        KIND,
        objective_id,
        kr_id,
        json.dumps(old, ensure_ascii=False),
        words,
        reason,
        version,
        suggester_id,
        str(RequestState.WAITING),
        platform,
        at,
    )
    assert row is not None
    number: int = row[0]
    return number


async def by_id(session: Session, number: int, *, lock: bool = False) -> Suggestion | None:
    """`lock` keeps others from answering it meanwhile."""
    if lock and session.for_update:
        await session.one(f"SELECT id FROM change_requests WHERE id = ?{session.for_update}", number)
    row = await session.one(
        f"SELECT {_COLUMNS} FROM change_requests r WHERE r.id = ? AND r.kind = ?", number, KIND
    )
    return None if row is None else _suggestion(row)


async def waiting_for(session: Session, owner_id: int) -> list[Suggestion]:
    """What waits for the owner of these goals, the oldest first."""
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM change_requests r JOIN objectives o ON o.id = r.objective_id"
        f" WHERE {_WAITS} AND o.owner_id = ? ORDER BY r.asked_at, r.id",
        owner_id,
    )
    return [_suggestion(row) for row in rows]


async def led_to(session: Session, request_id: int) -> Suggestion | None:
    """The suggestion that a request came from."""
    row = await session.one(
        f"SELECT {_COLUMNS} FROM change_requests r WHERE r.kind = ? AND r.decision = ? AND r.state = ?",
        KIND,
        f"R{request_id}",
        str(RequestState.APPROVED),
    )
    return None if row is None else _suggestion(row)


async def close(
    session: Session, number: int, state: RequestState, by: int, at: datetime, platform: str, decision: str
) -> bool:
    """End a suggestion that waits; false where that has been done before."""
    return (
        await session.run(
            "UPDATE change_requests SET state = ?, decided_at = ?, decided_by_id = ?, decided_on = ?, decision = ?"
            " WHERE id = ? AND kind = ? AND state = ?",
            str(state),
            at,
            by,
            platform,
            decision,
            number,
            KIND,
            str(RequestState.WAITING),
        )
        > 0
    )


def _suggestion(row: Row) -> Suggestion:
    return Suggestion(
        id=row[0],
        objective_id=row[1],
        kr_id=row[2],
        old=json.loads(row[3]) if row[3] else {},
        words=row[4],
        reason=row[5],
        suggester_id=row[6],
        state=RequestState(row[7]),
        asked_at=moment(row[8]),
        decided_at=moment_or_none(row[9]),
        decided_by=row[10],
        decision=row[11],
    )
