"""X3: requests for help with a key result. Who is asked, what came of it, and to whom it was passed on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from okr.collaboration import OPEN, HelpKind, HelpRequest, HelpState
from storage.session import Row, Session, day_or_none, moment, moment_or_none

_COLUMNS = (
    "h.id, h.kr_id, h.asker_id, h.asked_id, h.words, h.asked_at, h.kind, h.due, h.state, h.passed_on_from_id,"
    " h.platform, h.conversation_id, h.answered_at, h.closed_at, h.answer, h.next_step, h.next_step_at"
)
_SELECT = f"SELECT {_COLUMNS} FROM help_requests h"
CHUNK = 500
"""Key results asked about in one statement."""
LONGEST_CHAIN = 20
"""So often a request may be passed on and still be followed."""


async def make(
    session: Session,
    *,
    kr_id: int,
    asker_id: int,
    asked_id: int | None,
    words: str,
    due: date | None,
    platform: str,
    at: datetime,
    group: str = "",
    came_from: int | None = None,
    kind: HelpKind = HelpKind.HELP,
) -> int:
    """Keep a request and return its number. `group`: the conversation it was asked in, `""` for a private chat."""
    row = await session.one(
        "INSERT INTO help_requests (kind, kr_id, asker_id, asked_id, words, due, state, passed_on_from_id, platform,"
        " conversation_id, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        str(kind),
        kr_id,
        asker_id,
        asked_id,
        words,
        due,
        str(HelpState.WAITING),
        came_from,
        platform,
        group,
        at,
    )
    assert row is not None
    number: int = row[0]
    return number


async def by_id(session: Session, number: int, *, lock: bool = False) -> HelpRequest | None:
    """`lock` keeps others from answering it meanwhile."""
    if lock and session.for_update:
        await session.one(f"SELECT id FROM help_requests WHERE id = ?{session.for_update}", number)
    row = await session.one(f"{_SELECT} WHERE h.id = ?", number)
    return None if row is None else _request(row)


async def same(
    session: Session, kr_id: int, asker_id: int, asked_id: int | None, words: str
) -> HelpRequest | None:
    """The same thing that the same person has asked before and that is not over."""
    row = await session.one(
        f"{_SELECT} WHERE h.kr_id = ? AND h.asker_id = ? AND coalesce(h.asked_id, 0) = ? AND h.words = ?"
        f" AND {_open()} ORDER BY h.id LIMIT 1",
        kr_id,
        asker_id,
        asked_id or 0,
        words,
    )
    return None if row is None else _request(row)


async def waiting_for(session: Session, asked_id: int) -> list[HelpRequest]:
    """What somebody was asked and has not answered, the oldest first."""
    return await _all(session, "h.asked_id = ? AND h.state = ?", asked_id, str(HelpState.WAITING))


async def owed_by(session: Session, asked_id: int) -> list[HelpRequest]:
    """What waits for somebody's answer or help, the oldest first."""
    return await _all(session, f"h.asked_id = ? AND {_open()}", asked_id)


async def asked_by(session: Session, asker_id: int) -> list[HelpRequest]:
    """What somebody has asked for and not been given yet, the oldest first."""
    return await _all(session, f"h.asker_id = ? AND {_open()}", asker_id)


async def open_on(session: Session, kr_id: int) -> list[HelpRequest]:
    """What is asked for a key result and not over."""
    return await _all(session, f"h.kr_id = ? AND {_open()}", kr_id)


async def came_from(session: Session, number: int) -> list[HelpRequest]:
    """Who has been invited to help with a blocker, whatever became of it."""
    return await _all(session, "h.passed_on_from_id = ?", number)


async def set_next_step(session: Session, number: int, words: str, at: datetime) -> None:
    await session.run(
        "UPDATE help_requests SET next_step = ?, next_step_at = ? WHERE id = ?", words, at, number
    )


async def all_open(session: Session) -> list[HelpRequest]:
    """Everything that waits for somebody, blockers included."""
    return await _all(session, _open())


async def given(session: Session, employee_id: int, since: datetime, until: datetime) -> int:
    """How often somebody has helped in a time: what was asked of him, he took up, and is done."""
    row = await session.one(
        "SELECT count(*) FROM help_requests WHERE asked_id = ? AND kind = ? AND state = ? AND answered_at IS NOT NULL"
        " AND closed_at >= ? AND closed_at < ?",
        employee_id,
        str(HelpKind.HELP),
        str(HelpState.DONE),
        since,
        until,
    )
    return 0 if row is None else row[0]


async def unanswered(session: Session) -> list[HelpRequest]:
    """Every request that nobody has answered."""
    return await _all(session, "h.kind = ? AND h.state = ?", str(HelpKind.HELP), str(HelpState.WAITING))


async def helpers(session: Session, kr_ids: Sequence[int]) -> dict[int, list[int]]:
    """Who has helped with which key result: the ids of those whose help was done, in the order they did."""
    found: dict[int, list[int]] = {}
    for begin in range(0, len(kr_ids), CHUNK):
        some = kr_ids[begin : begin + CHUNK]
        rows = await session.all(
            "SELECT h.kr_id, h.asked_id FROM help_requests h WHERE h.state = ? AND h.asked_id IS NOT NULL"
            f" AND h.kr_id IN ({', '.join('?' * len(some))}) ORDER BY h.closed_at, h.id",
            str(HelpState.DONE),
            *some,
        )
        for kr_id, helper in rows:
            if helper not in found.setdefault(kr_id, []):
                found[kr_id].append(helper)
    return found


async def after(session: Session, number: int) -> HelpRequest | None:
    """Where a request ended that was passed on, perhaps several times; None where it was not."""
    last: HelpRequest | None = None
    for _ in range(LONGEST_CHAIN):
        row = await session.one(f"{_SELECT} WHERE h.passed_on_from_id = ? ORDER BY h.id DESC LIMIT 1", number)
        if row is None:
            return last
        last = _request(row)
        number = last.id
    return last


async def asked_before(session: Session, request: HelpRequest) -> set[int]:
    """Everybody who was asked this before it came to whom it is now, and who asks."""
    known = {request.asker_id} | ({request.asked_id} if request.asked_id is not None else set())
    one: HelpRequest | None = request
    for _ in range(LONGEST_CHAIN):
        if one is None or one.came_from is None:
            break
        one = await by_id(session, one.came_from)
        if one is not None and one.asked_id is not None:
            known.add(one.asked_id)
    return known


async def move(
    session: Session,
    request: HelpRequest,
    state: HelpState,
    at: datetime,
    *,
    answered: bool,
    answer: str = "",
) -> bool:
    """Put a request into another state; false where somebody has moved it before.

    `answered`: by this, or before, whoever was asked has answered; else nobody has, or need not have.
    """
    over = state not in OPEN
    return (
        await session.run(
            "UPDATE help_requests SET state = ?, answer = ?, answered_at = ?, closed_at = ? WHERE id = ? AND state = ?",
            str(state),
            answer or request.answer,
            (request.answered_at or at) if answered else None,
            at if over else None,
            request.id,
            str(request.state),
        )
        > 0
    )


def _open() -> str:
    return "h.state IN (" + ", ".join(f"'{state}'" for state in OPEN) + ")"


async def _all(session: Session, where: str, *values: object) -> list[HelpRequest]:
    rows: Sequence[Row] = await session.all(f"{_SELECT} WHERE {where} ORDER BY h.asked_at, h.id", *values)
    return [_request(row) for row in rows]


def _request(row: Row) -> HelpRequest:
    return HelpRequest(
        id=row[0],
        kr_id=row[1],
        asker_id=row[2],
        asked_id=row[3],
        words=row[4],
        asked_at=moment(row[5]),
        kind=HelpKind(row[6]),
        due=day_or_none(row[7]),
        state=HelpState(row[8]),
        came_from=row[9],
        group=(row[10], row[11]) if row[11] else None,
        answered_at=moment_or_none(row[12]),
        closed_at=moment_or_none(row[13]),
        answer=row[14],
        next_step=row[15],
        next_step_at=moment_or_none(row[16]),
    )
