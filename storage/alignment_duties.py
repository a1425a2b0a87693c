"""What somebody owes about alignments: requests to answer, and changed goals above to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from storage.alignments import Child, EdgeState
from storage.session import Row, Session, day_or_none

MOST = 50


@dataclass(frozen=True, slots=True)
class Owed:
    """An edge that waits for somebody. `title`: the child's; `confirm_by`: until when, where there is such a day."""

    child: Child
    title: str
    parent: int
    parent_title: str
    confirm_by: date | None


_OWED = (
    "SELECT a.child_objective_id, a.child_kr_id, coalesce(ck.title, co.title), p.id, p.title, a.confirm_by"
    " FROM alignments a JOIN key_results p ON p.id = a.parent_kr_id JOIN objectives po ON po.id = p.objective_id"
    " LEFT JOIN key_results ck ON ck.id = a.child_kr_id"
    " JOIN objectives co ON co.id = coalesce(a.child_objective_id, ck.objective_id)"
)


async def asked_of(session: Session, employee_id: int) -> list[Owed]:
    """What others want to support this person's key results with, oldest first."""
    rows = await session.all(
        f"{_OWED} WHERE a.state = ? AND po.owner_id = ? ORDER BY a.asked_at, a.id LIMIT {MOST}",
        str(EdgeState.ASKED),
        employee_id,
    )
    return _owed(rows)


async def to_confirm(session: Session, employee_id: int) -> list[Owed]:
    """This person's goals whose goal above has changed, the most pressing first."""
    rows = await session.all(
        f"{_OWED} WHERE a.state = ? AND co.owner_id = ? ORDER BY a.confirm_by, a.id LIMIT {MOST}",
        str(EdgeState.UNCONFIRMED),
        employee_id,
    )
    return _owed(rows)


def _owed(rows: Sequence[Row]) -> list[Owed]:
    return [
        Owed(
            Child(row[0]) if row[0] is not None else Child(row[1], is_kr=True),
            row[2],
            row[3],
            row[4],
            day_or_none(row[5]),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """An edge whose parent has changed and of which its owner has not said whether it still stands."""

    owed: Owed
    owner_id: int
    """Whose the child is."""
    kr_id: int | None
    """The child's key result that is changed first; None where its objective has none."""
    parent_owner_id: int


async def unconfirmed(
    session: Session, before: date, parent: int | None = None, child: Child | None = None
) -> list[Unconfirmed]:
    """What was to be confirmed before a day and is not, the oldest first; of one parent, or one child, only."""
    narrowed = ""
    values: list[object] = [before]
    if parent is not None:
        narrowed, values = " AND a.parent_kr_id = ?", [before, parent]
    elif child is not None:
        narrowed, values = f" AND a.{child.column} = ?", [before, child.id]
    rows = await session.all(
        _OWED.replace(
            " FROM alignments",
            ", co.owner_id, po.owner_id, coalesce(a.child_kr_id, (SELECT min(f.id) FROM key_results f"
            " WHERE f.objective_id = co.id AND f.state = 'active')) FROM alignments",
            1,
        )
        + " WHERE a.state = ? AND a.confirm_by < ? AND co.state = 'active' AND po.state = 'active'"
        f" AND p.state = 'active'{narrowed} ORDER BY a.confirm_by, a.id",
        str(EdgeState.UNCONFIRMED),
        *values,
    )
    return [
        Unconfirmed(owed, owner_id=row[6], kr_id=row[8], parent_owner_id=row[7])
        for owed, row in zip(_owed(rows), rows, strict=True)
    ]
