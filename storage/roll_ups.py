"""Numbers that follow from below: kept up to date in the transaction of whatever changed them.

`follow` is called after anything that changes a goal's value, state or weights; `recount` after its edges or the way
it is computed have changed. Both go up as far as numbers change and write nothing where they do not.
See docs/decisions/0007-the-edge-keeps-what-it-brought.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from okr.objectives import KeyResult, Objective, RollUp, State
from okr.rolling import FROM_BELOW, Line, Tree, standing_state
from storage import check_ins, objectives
from storage.alignments import STANDS
from storage.check_ins import Entry
from storage.session import Row, Session, amount

CHUNK = 500
"""Parameters of one statement; SQLite has taken 999 since ever."""

_LINE = (
    "SELECT a.id, a.parent_kr_id, co.id, a.child_kr_id, a.share, a.weight, a.progress, a.value, co.state, ck.state"
    " FROM alignments a LEFT JOIN key_results ck ON ck.id = a.child_kr_id"
    " JOIN objectives co ON co.id = coalesce(a.child_objective_id, ck.objective_id)"
)
_IS_COMPUTED = (
    f"p.roll_up <> '{RollUp.MANUAL}' AND p.state = '{State.ACTIVE}' AND po.state = '{State.ACTIVE}'"
)
_UP = (
    "SELECT p.id, p.objective_id, p.parent_kr_id, po.parent_kr_id FROM alignments a"
    " JOIN key_results p ON p.id = a.parent_kr_id JOIN objectives po ON po.id = p.objective_id"
    f" WHERE a.state {STANDS} AND a.rolls IS TRUE AND {_IS_COMPUTED}"
)
"""From an edge that moves a number, that of a key result in force which is computed, to what is above it."""


async def follow(session: Session, objective: Objective, at: datetime) -> list[KeyResult]:
    """Let what is above follow this objective after a change; the key results that have new numbers.

    Costs no statement where it supports nothing, and one where nothing above is computed.
    """
    above = await _above(session, objective)
    return await _climb(session, above, [objective.id], at) if above else []


async def foresee(session: Session, objective: Objective, at: datetime) -> list[KeyResult]:
    """What `follow` would come to with this objective as it is given: the key results above, with the numbers they would have.

    Nothing is locked and nothing written.
    """
    above = await _above(session, objective, lock=False)
    if not above:
        return []
    others = await _whole(session, set(above.values()) - {objective.id})
    tree = Tree([*others, objective], await _lines_to(session, list(above)))
    tree.refresh(objective.id)
    risen: list[KeyResult] = []
    for kr_id in tree.order():
        kr = tree.compute(kr_id, at)
        if kr is not None:
            risen.append(kr)
            tree.refresh(kr.objective_id)
    return risen


async def _above(session: Session, objective: Objective, *, lock: bool = True) -> Mapping[int, int]:
    """The computed key results that an objective and its key results move, on all levels."""
    if objective.parent_kr is None and all(kr.parent_kr is None for kr in objective.key_results):
        return {}
    found = await _upwards(session, [objective.id], [kr.id for kr in objective.key_results])
    return await _locked(session, found) if lock else found


async def follow_many(
    session: Session, objective_ids: Sequence[int], kr_ids: Sequence[int], at: datetime
) -> list[KeyResult]:
    """`follow` for what many objectives and key results support, each number above computed once."""
    above = await _locked(session, await _upwards(session, objective_ids, kr_ids))
    return await _climb(session, above, objective_ids, at) if above else []


async def follow_goal(session: Session, objective_id: int, at: datetime) -> list[KeyResult]:
    """`follow` for who has not read the objective."""
    objective = await objectives.by_id(session, objective_id)
    return [] if objective is None else await follow(session, objective, at)


async def recount(session: Session, kr_id: int, at: datetime) -> list[KeyResult]:
    """Compute a key result whose edges, or way of being computed, have changed, and what is above it."""
    rows = await session.all(
        "SELECT DISTINCT coalesce(a.child_objective_id, ck.objective_id) FROM alignments a"
        f" LEFT JOIN key_results ck ON ck.id = a.child_kr_id WHERE a.parent_kr_id = ? AND a.state {STANDS}",
        kr_id,
    )
    below = sorted(row[0] for row in rows)
    if session.for_update:  # who reports below has to come before this or after it
        for objective_id in below:
            await session.all(
                f"SELECT id FROM key_results WHERE objective_id = ? ORDER BY id{session.for_update}",
                objective_id,
            )
    row = await session.one(
        "SELECT p.objective_id FROM key_results p JOIN objectives po ON po.id = p.objective_id"
        f" WHERE p.id = ? AND {_IS_COMPUTED}",
        kr_id,
    )
    if row is None:
        return []
    above = {kr_id: row[0], **await _upwards(session, [row[0]], [kr_id])}
    return await _climb(session, await _locked(session, above), below, at)


async def _climb(
    session: Session, computed: Mapping[int, int], below: Sequence[int], at: datetime
) -> list[KeyResult]:
    """Compute these key results (with their objectives), each after those under it. `below`: objectives whose edges are counted anew.

    All is read after the lock, so that it is what others have left.
    """
    homes = {*below, *computed.values()}
    tree = Tree(await _whole(session, homes), await _lines_to(session, list(computed)))
    changed: dict[int, Line] = {}
    risen: list[KeyResult] = []
    for objective_id in below:
        changed |= {line.id: line for line in tree.refresh(objective_id)}
    for kr_id in tree.order():
        kr = tree.compute(kr_id, at)
        if kr is not None:
            risen.append(kr)
            changed |= {line.id: line for line in tree.refresh(kr.objective_id)}
    for line in changed.values():
        await session.run(
            "UPDATE alignments SET progress = ?, value = ? WHERE id = ?", line.progress, line.value, line.id
        )
    for kr in risen:
        await _write(session, kr, at)
    return risen


async def _write(session: Session, kr: KeyResult, at: datetime) -> None:
    reading = kr.reading
    assert reading is not None
    await check_ins.record(session, Entry(kr.id, reading.at, at, None, FROM_BELOW, "", value=reading.value))
    await objectives.set_value(session, kr.id, reading)


async def _upwards(
    session: Session, objective_ids: Collection[int], kr_ids: Collection[int]
) -> dict[int, int]:
    """The computed key results above these goals, each with its objective.

    A statement a level: the planners know what to do with a few ids, and little with a recursion.
    """
    found: dict[int, int] = {}
    while objective_ids or kr_ids:
        rows = await session.all(
            f"{_UP} AND a.child_kr_id IN ({', '.join('?' * len(kr_ids)) or 'NULL'}) UNION"
            f" {_UP} AND a.child_objective_id IN ({', '.join('?' * len(objective_ids)) or 'NULL'})",
            *kr_ids,
            *objective_ids,
        )
        fresh = [row for row in rows if row[0] not in found]
        found |= {row[0]: row[1] for row in fresh}
        kr_ids = [row[0] for row in fresh if row[2] is not None]
        objective_ids = sorted({row[1] for row in fresh if row[3] is not None})
    return found


async def _locked(session: Session, computed: Mapping[int, int]) -> Mapping[int, int]:
    """Lock them, in one order: two reports below one key result must not compute it out of each other's sight."""
    if session.for_update and computed:
        marks = ", ".join("?" * len(computed))
        await session.all(
            f"SELECT id FROM key_results WHERE id IN ({marks}) ORDER BY id{session.for_update}", *computed
        )
    return computed


async def _lines_to(session: Session, parents: Sequence[int]) -> list[Line]:
    lines: list[Line] = []
    for first in range(0, len(parents), CHUNK):
        some = parents[first : first + CHUNK]
        rows = await session.all(
            f"{_LINE} WHERE a.parent_kr_id IN ({', '.join('?' * len(some))}) AND a.state {STANDS} AND a.rolls IS TRUE"
            " ORDER BY a.id",
            *some,
        )
        lines += [_line(row) for row in rows]
    return lines


async def _whole(session: Session, ids: Collection[int]) -> list[Objective]:
    wanted = sorted(ids)
    found: list[Objective] = []
    for first in range(0, len(wanted), CHUNK):
        found += await objectives.by_ids(session, wanted[first : first + CHUNK])
    return found


def _line(row: Row) -> Line:
    objective_state = State(row[8])
    return Line(
        id=row[0],
        parent=row[1],
        objective_id=row[2],
        kr_id=row[3],
        share=amount(row[4]),
        weight=amount(row[5]) or Decimal(0),
        progress=amount(row[6]) or Decimal(0),
        value=amount(row[7]),
        state=objective_state if row[9] is None else standing_state(objective_state, State(row[9])),
    )


# --- from scratch ---


@dataclass(frozen=True, slots=True)
class Astray:
    """A key result whose number is not what its edges make of it."""

    kr_id: int
    kept: Decimal | None
    computed: Decimal


_NEVER = datetime.max.replace(tzinfo=UTC)
"""The moment of a number that is computed to be compared and not to be kept."""


async def from_scratch(session: Session) -> list[Astray]:
    """Compute every number that follows from below out of the lowest ones alone; those that are kept otherwise.

    Nothing is written.
    """
    rows = await session.all(
        "SELECT p.id, p.objective_id FROM key_results p JOIN objectives po ON po.id = p.objective_id"
        f" WHERE {_IS_COMPUTED} ORDER BY p.id"
    )
    lines = await _lines_to(session, [row[0] for row in rows])
    homes = {row[1] for row in rows} | {line.objective_id for line in lines}
    return recomputed(Tree(await _whole(session, homes), lines))


def recomputed(tree: Tree) -> list[Astray]:
    """Count every edge of a tree anew and compute all of it upwards."""
    kept = {kr_id: kr.value for kr_id in tree.order() if (kr := tree.key_result(kr_id)) is not None}
    for objective_id in tree.objectives:
        tree.refresh(objective_id)
    for kr_id in tree.order():
        if tree.compute(kr_id, _NEVER) is not None:
            tree.refresh(tree.home_of(kr_id).id)
    return [
        Astray(kr_id, value, now.value)
        for kr_id, value in kept.items()
        if (now := tree.key_result(kr_id)) is not None and now.value is not None and now.value != value
    ]
