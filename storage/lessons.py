"""What somebody's last cycle has taught: what came off, what did not and why. The next one is planned with it in sight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from okr.cycle import quarter_of
from okr.lessons import Lessons, lessons_of
from okr.objectives import State
from storage import cycles, objectives, scores
from storage.session import Session


async def before(session: Session, employee_id: int, start: date) -> Lessons | None:
    """Of the quarter that ends before a cycle's first day; None where there was nothing to learn from."""
    name = quarter_of(start - timedelta(days=1)).name
    cycle = await cycles.by_name(session, name)
    if cycle is None:
        return None
    wholes = await objectives.of_owner(session, employee_id, cycle.id, (State.ACTIVE, State.CLOSED))
    given = await scores.of(session, [one.id for one in wholes])
    said = await _said(session, [kr.id for one in wholes for kr in one.key_results])
    why = {number: (str(mark.cause or ""), mark.reason) for number, mark in given.items()}
    for number, words in said.items():
        if not any(why.get(number, ())):
            why[number] = words
    score: dict[int, Decimal] = {number: mark.score for number, mark in given.items()}
    return lessons_of(name, wholes, score, why)


async def _said(session: Session, kr_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The cause and the words of the last monthly review that said anything to a key result."""
    if not kr_ids:
        return {}
    rows = await session.all(
        "SELECT l.kr_id, l.cause, l.words FROM review_lines l JOIN reviews r ON r.id = l.review_id"
        f" WHERE l.kr_id IN ({', '.join('?' * len(kr_ids))}) AND (l.cause <> '' OR l.words <> '') ORDER BY r.month",
        *kr_ids,
    )
    return {row[0]: (row[1], row[2]) for row in rows}
