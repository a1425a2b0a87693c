"""Monthly reviews: opened once for each person and month, filled in, handed in, archived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from okr.forecast import forecast
from okr.moments import day_of
from okr.objectives import Objective, State
from okr.people import Person
from okr.policy import Policy
from okr.review import Cause, Decision, Review, ReviewLine, ReviewState, line_of
from okr.status import judge_objective
from storage import check_ins, objectives
from storage.session import Row, Session, amount, day, moment, moment_or_none

HISTORY = 60
"""Check-ins looked at for the trend."""
LONGEST = 200
"""Characters of what is said to a key result."""
_COLUMNS = "id, month, team_id, employee_id, state, opened_at, due, submitted_at"
_LINE = "review_id, kr_id, planned, actual, value, needed_rate, recent_rate, cause, decision, words"
_FINE = Decimal("0.000001")


async def to_open(session: Session, month: str, today: date) -> list[int]:
    """Who has a key result in force in a running quarter, or other short cycle, and no review of this month yet."""
    rows = await session.all(
        "SELECT DISTINCT o.owner_id FROM objectives o JOIN cycles c ON c.id = o.cycle_id JOIN key_results k"
        f" ON k.objective_id = o.id WHERE o.state = '{State.ACTIVE}' AND k.state = '{State.ACTIVE}' AND c.start <= ?"
        ' AND c."end" >= ? AND length(c.name) > 4 AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.month = ?'
        " AND r.employee_id = o.owner_id) ORDER BY o.owner_id",
        today,
        today,
        month,
    )
    return [row[0] for row in rows]


async def open_for(
    session: Session,
    person: Person,
    goals: Sequence[Objective],
    due: date,
    at: datetime,
    policy: Policy,
) -> bool:
    """Open somebody's review of the month of `at` (company time), with the numbers as they are; false where it is open."""
    row = await session.one(
        "INSERT INTO reviews (month, team_id, employee_id, state, opened_at, due) VALUES (?, ?, ?, 'opened', ?, ?)"
        " ON CONFLICT (month, employee_id) DO NOTHING RETURNING id",
        f"{at:%Y-%m}",
        person.manager_id or person.id,
        person.id,
        at,
        due,
    )
    if row is None:
        return False
    for objective in goals:
        verdicts = judge_objective(objective, at.date(), policy).verdicts
        for kr in objective.counting:
            entries = await check_ins.of(session, kr.id, HISTORY)
            points = [
                (day_of(entry.on_at, policy.zone), entry.value)
                for entry in reversed(entries)
                if entry.value is not None and not entry.taken_back
            ]
            ahead = forecast(kr, points, objective.cycle, at.date())
            await _put(session, row[0], line_of(kr, verdicts[kr.id], ahead))
    return True


async def _put(session: Session, review_id: int, line: ReviewLine) -> None:
    await session.run(
        f"INSERT INTO review_lines ({_LINE}) VALUES (?, ?, ?, ?, ?, ?, ?, '', '', '')",
        review_id,
        line.kr_id,
        line.planned.quantize(_FINE),
        line.actual.quantize(_FINE),
        line.value,
        None if line.needed is None else line.needed.quantize(_FINE),
        None if line.recent is None else line.recent.quantize(_FINE),
    )


async def of(session: Session, employee_id: int, month: str, *, lock: bool = False) -> Review | None:
    """Somebody's review of a month."""
    locked = session.for_update if lock else ""
    row = await session.one(
        f"SELECT {_COLUMNS} FROM reviews WHERE employee_id = ? AND month = ?{locked}", employee_id, month
    )
    return None if row is None else (await _whole(session, [row]))[0]


async def by_id(session: Session, review_id: int) -> Review | None:
    row = await session.one(f"SELECT {_COLUMNS} FROM reviews WHERE id = ?", review_id)
    return None if row is None else (await _whole(session, [row]))[0]


async def of_month(session: Session, month: str) -> list[Review]:
    """All reviews of a month, team by team."""
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM reviews WHERE month = ? ORDER BY team_id, employee_id", month
    )
    return await _whole(session, rows)


async def of_team(session: Session, team_id: int, month: str) -> list[Review]:
    """The reviews of who reports to somebody; of the head of the company his own is among them."""
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM reviews WHERE team_id = ? AND month = ? ORDER BY employee_id", team_id, month
    )
    return await _whole(session, rows)


async def goals_of(session: Session, review: Review) -> list[Objective]:
    """The objectives whose key results a review is about."""
    if not review.lines:
        return []
    marks = ", ".join("?" * len(review.lines))
    rows = await session.all(
        f"SELECT DISTINCT objective_id FROM key_results WHERE id IN ({marks})",
        *(line.kr_id for line in review.lines),
    )
    return await objectives.by_ids(session, [row[0] for row in rows])


async def say(session: Session, review: Review, line: ReviewLine) -> None:
    """Keep what the owner says to a key result."""
    await session.run(
        "UPDATE review_lines SET cause = ?, decision = ?, words = ? WHERE review_id = ? AND kr_id = ?",
        str(line.cause or ""),
        str(line.decision or ""),
        line.words[:LONGEST],
        review.id,
        line.kr_id,
    )


async def put_in_state(session: Session, review: Review, state: ReviewState, at: datetime) -> Review:
    handed_in = at if state is ReviewState.SUBMITTED else None
    await session.run(
        "UPDATE reviews SET state = ?, submitted_at = coalesce(?, submitted_at) WHERE id = ?",
        str(state),
        handed_in,
        review.id,
    )
    return replace(review, state=state, submitted_at=handed_in or review.submitted_at)


async def archive(session: Session, month: str) -> int:
    """Close a month's reviews, handed in or not; how many there were."""
    return await session.run(
        "UPDATE reviews SET state = 'archived' WHERE month = ? AND state <> 'archived'", month
    )


async def archive_before(session: Session, month: str) -> int:
    """Close what is open of earlier months."""
    return await session.run(
        "UPDATE reviews SET state = 'archived' WHERE month < ? AND state <> 'archived'", month
    )


async def _whole(session: Session, rows: Sequence[Row]) -> list[Review]:
    if not rows:
        return []
    marks = ", ".join("?" * len(rows))
    found = await session.all(
        f"SELECT {_LINE} FROM review_lines WHERE review_id IN ({marks}) ORDER BY id",
        *(row[0] for row in rows),
    )
    lines: dict[int, list[ReviewLine]] = {}
    for line in found:
        lines.setdefault(line[0], []).append(_line(line))
    return [
        Review(
            row[0],
            row[1],
            row[2],
            row[3],
            ReviewState(row[4]),
            moment(row[5]),
            day(row[6]),
            moment_or_none(row[7]),
            tuple(lines.get(row[0], ())),
        )
        for row in rows
    ]


def _line(row: Row) -> ReviewLine:
    return ReviewLine(
        kr_id=row[1],
        planned=amount(row[2]) or Decimal(0),
        actual=amount(row[3]) or Decimal(0),
        value=amount(row[4]),
        needed=amount(row[5]),
        recent=amount(row[6]),
        cause=Cause(row[7]) if row[7] else None,
        decision=Decision(row[8]) if row[8] else None,
        words=row[9],
    )
