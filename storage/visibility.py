"""Who may see a goal beside its owner and his line, as it is kept."""

from __future__ import annotations

from collections.abc import Sequence

from okr.objectives import State, Visibility
from storage.alignments import STANDING
from storage.session import Session

_STANDS = ", ".join(f"'{state}'" for state in STANDING)
_OF_GOAL = (
    "(a.child_objective_id = ? OR a.child_kr_id IN (SELECT id FROM key_results WHERE objective_id = ?))"
)


async def set_for(
    session: Session, objective_id: int, visibility: Visibility, viewers: Sequence[int] = ()
) -> None:
    """From now on; `viewers` are the named ones, in the place of those before."""
    await session.run("UPDATE objectives SET visibility = ? WHERE id = ?", str(visibility), objective_id)
    await session.run("DELETE FROM objective_viewers WHERE objective_id = ?", objective_id)
    for viewer in dict.fromkeys(viewers):
        await session.run(
            "INSERT INTO objective_viewers (objective_id, employee_id) VALUES (?, ?)", objective_id, viewer
        )


async def copy(session: Session, from_id: int, to_id: int) -> None:
    """Let one goal be seen by whom the other is."""
    row = await session.one("SELECT visibility FROM objectives WHERE id = ?", from_id)
    assert row is not None
    await set_for(session, to_id, Visibility(row[0]), await viewers(session, from_id))


async def viewers(session: Session, objective_id: int) -> list[int]:
    """Whom it is named for, in the order they were named."""
    rows = await session.all(
        "SELECT employee_id FROM objective_viewers WHERE objective_id = ? ORDER BY id", objective_id
    )
    return [row[0] for row in rows]


async def shows_through(session: Session, objective_id: int, *, restricted: bool) -> tuple[str, str] | None:
    """What would show through if it were so: a restricted goal and the public key result that it is counted in.

    `restricted`: this goal would be; otherwise it would be public, and something restricted counts in it.
    """
    child = "CASE WHEN a.child_kr_id IS NULL THEN 'O' ELSE 'KR' END, coalesce(a.child_kr_id, a.child_objective_id)"
    if restricted:
        row = await session.one(
            f"SELECT {child}, a.parent_kr_id FROM alignments a JOIN key_results k ON k.id = a.parent_kr_id"
            f" JOIN objectives o ON o.id = k.objective_id WHERE a.rolls = ? AND a.state IN ({_STANDS})"
            f" AND {_OF_GOAL} AND o.visibility = ? AND o.id <> ? ORDER BY a.id LIMIT 1",
            True, objective_id, objective_id, str(Visibility.PUBLIC), objective_id,
        )  # fmt: skip
    else:
        row = await session.one(
            f"SELECT {child}, a.parent_kr_id FROM alignments a JOIN key_results p ON p.id = a.parent_kr_id"
            " LEFT JOIN key_results k ON k.id = a.child_kr_id"
            " JOIN objectives o ON o.id = coalesce(a.child_objective_id, k.objective_id)"
            f" WHERE a.rolls = ? AND a.state IN ({_STANDS}) AND p.objective_id = ? AND o.visibility <> ? AND o.id <> ?"
            " ORDER BY a.id LIMIT 1",
            True, objective_id, str(Visibility.PUBLIC), objective_id,
        )  # fmt: skip
    return None if row is None else (f"{row[0]}{row[1]}", f"KR{row[2]}")


_HIDDEN = (str(State.DRAFT), str(State.PENDING))
_HOMES = {
    "O": "SELECT visibility, state FROM objectives WHERE id = ?",
    "KR": "SELECT o.visibility, o.state FROM key_results k JOIN objectives o ON o.id = k.objective_id WHERE k.id = ?",
    "R": "SELECT o.visibility, o.state FROM change_requests r JOIN objectives o ON o.id = r.objective_id WHERE r.id = ?",
    "X": (
        "SELECT o.visibility, o.state FROM help_requests x JOIN key_results k ON k.id = x.kr_id"
        " JOIN objectives o ON o.id = k.objective_id WHERE x.id = ?"
    ),
}


async def is_for_everybody(session: Session, kind: str, number: int) -> bool:
    """Whether all the company may see what a card is about; what is no goal is nobody's secret."""
    sql = _HOMES.get(kind)
    row = await session.one(sql, number) if sql is not None else None
    return row is None or (row[0] == Visibility.PUBLIC and row[1] not in _HIDDEN)
