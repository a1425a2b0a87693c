"""Which goal template somebody has in a cycle: once, however often and by whomever it is handed out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from okr.objectives import State
from storage.session import Session

MOST = 500
"""Ids in one statement."""
_GONE = f"('{State.DELETED}', '{State.CANCELLED}')"


async def claim(
    session: Session, template: str, cycle_id: int, employee_id: int, *, by: int, at: datetime
) -> bool:
    """Take a person's place for this template; false where somebody has a living goal of it already.

    Who asks second waits for the first to be done, and then is told false. Follow it with `made`.
    """
    row = await session.one(
        "INSERT INTO template_uses (template, cycle_id, employee_id, by_id, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (template, cycle_id, employee_id) DO UPDATE SET by_id = excluded.by_id, at = excluded.at"
        " WHERE EXISTS (SELECT 1 FROM objectives o WHERE o.id = template_uses.objective_id"
        f" AND o.state IN {_GONE}) RETURNING id",
        template,
        cycle_id,
        employee_id,
        by,
        at,
    )
    return row is not None


async def made(session: Session, template: str, cycle_id: int, employee_id: int, objective_id: int) -> None:
    """Say which objective was made of it."""
    await session.run(
        "UPDATE template_uses SET objective_id = ? WHERE template = ? AND cycle_id = ? AND employee_id = ?",
        objective_id,
        template,
        cycle_id,
        employee_id,
    )


async def having(
    session: Session, template: str, cycle_id: int, employee_ids: Sequence[int]
) -> dict[int, int]:
    """Who of these has a living goal of the template: the person's id and the objective's."""
    found: dict[int, int] = {}
    for begin in range(0, len(employee_ids), MOST):
        some = employee_ids[begin : begin + MOST]
        rows = await session.all(
            "SELECT u.employee_id, u.objective_id FROM template_uses u JOIN objectives o ON o.id = u.objective_id"
            f" WHERE u.template = ? AND u.cycle_id = ? AND o.state NOT IN {_GONE}"
            f" AND u.employee_id IN ({', '.join('?' * len(some))})",
            template,
            cycle_id,
            *some,
        )
        found |= {row[0]: row[1] for row in rows}
    return found
