"""What supports what: edges from an objective, or a broken-down key result, to a key result above it.

The only writer of `parent_kr_id` on objectives and key results, which repeat the first edge that stands, so that a
card is one read. The numbers on an edge are kept by `storage.roll_ups`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from storage.session import Row, Session, amount, day_or_none, moment, moment_or_none

ONE = Decimal(1)
HIGHEST = 20
"""How many levels a way up is followed."""


class EdgeState(StrEnum):
    ASKED = "asked"
    """The parent's owner has not answered yet."""
    ACTIVE = "active"
    UNCONFIRMED = "unconfirmed"
    """It stands, but the parent has changed since and the child's owner is asked again."""
    REFUSED = "refused"
    ENDED = "ended"


STANDING = (EdgeState.ACTIVE, EdgeState.UNCONFIRMED)
"""Only these are counted and shown as what a goal supports."""
STANDS = f"IN ('{EdgeState.ACTIVE}', '{EdgeState.UNCONFIRMED}')"
_OPEN = f"IN ('{EdgeState.ACTIVE}', '{EdgeState.UNCONFIRMED}', '{EdgeState.ASKED}')"


@dataclass(frozen=True, slots=True)
class Child:
    """What supports: an objective, or a key result that another was broken down into."""

    id: int
    is_kr: bool = False

    @property
    def ref(self) -> str:
        return f"KR{self.id}" if self.is_kr else f"O{self.id}"

    @property
    def column(self) -> str:
        return "child_kr_id" if self.is_kr else "child_objective_id"


def objective(objective_id: int) -> Child:
    return Child(objective_id)


def key_result(kr_id: int) -> Child:
    return Child(kr_id, is_kr=True)


@dataclass(frozen=True, slots=True)
class Edge:
    """`share`: how much of the child is counted here, None for all of it; `weight`: relative among its siblings.

    `progress` (0-1) and `value` (in the child's unit): what the child brought when it was counted last.
    """

    id: int
    child: Child
    parent: int
    share: Decimal | None
    weight: Decimal
    rolls: bool
    state: EdgeState
    asked_by: int | None
    asked_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    confirm_by: date | None
    progress: Decimal
    value: Decimal | None

    @property
    def stands(self) -> bool:
        return self.state in STANDING


@dataclass(frozen=True, slots=True)
class Above:
    """A key result on the way up, and whose it is."""

    kr_id: int
    title: str
    objective_id: int
    objective_title: str
    owner_id: int


_COLUMNS = (
    "a.id, a.child_objective_id, a.child_kr_id, a.parent_kr_id, a.share, a.weight, a.rolls, a.state, a.asked_by_id,"
    " a.asked_at, a.decided_by_id, a.decided_at, a.confirm_by, a.progress, a.value"
)

# --- reading ---


async def by_id(session: Session, edge_id: int) -> Edge | None:
    row = await session.one(f"SELECT {_COLUMNS} FROM alignments a WHERE a.id = ?", edge_id)
    return None if row is None else _edge(row)


async def between(session: Session, child: Child, parent_kr: int) -> Edge | None:
    """The newest edge between the two, in whatever state."""
    row = await session.one(
        f"SELECT {_COLUMNS} FROM alignments a WHERE a.{child.column} = ? AND a.parent_kr_id = ?"
        " ORDER BY a.id DESC LIMIT 1",
        child.id,
        parent_kr,
    )
    return None if row is None else _edge(row)


async def parents_of(session: Session, child: Child, states: Sequence[EdgeState] = STANDING) -> list[Edge]:
    """The edges from a goal upwards, the main one first."""
    return await _where(session, f"a.{child.column} = ?", child.id, states)


async def children_of(session: Session, kr_id: int, states: Sequence[EdgeState] = STANDING) -> list[Edge]:
    """The edges to a key result from below, in the order they were made."""
    return await _where(session, "a.parent_kr_id = ?", kr_id, states)


async def upwards(session: Session, child: Child) -> tuple[Above, ...]:
    """The main way up, the nearest first: what each supports first of all. Ends where it would come round again."""
    row = await session.one(
        "SELECT coalesce(k.parent_kr_id, o.parent_kr_id) FROM key_results k JOIN objectives o ON o.id = k.objective_id"
        " WHERE k.id = ?"
        if child.is_kr
        else "SELECT parent_kr_id FROM objectives WHERE id = ?",
        child.id,
    )
    if row is None or row[0] is None:
        return ()
    rows = await session.all(
        "WITH RECURSIVE up(kr, level) AS (SELECT CAST(? AS INTEGER), 1 UNION ALL"
        " SELECT coalesce(k.parent_kr_id, o.parent_kr_id), up.level + 1"
        " FROM up JOIN key_results k ON k.id = up.kr JOIN objectives o ON o.id = k.objective_id"
        f" WHERE coalesce(k.parent_kr_id, o.parent_kr_id) IS NOT NULL AND up.level < {HIGHEST})"
        " SELECT k.id, k.title, o.id, o.title, o.owner_id FROM up JOIN key_results k ON k.id = up.kr"
        " JOIN objectives o ON o.id = k.objective_id ORDER BY up.level",
        row[0],
    )
    chain: dict[int, Above] = {}
    for kr_id, title, objective_id, objective_title, owner_id in rows:
        if kr_id in chain:
            break
        chain[kr_id] = Above(kr_id, title, objective_id, objective_title, owner_id)
    return tuple(chain.values())


async def graph_above(session: Session, kr_id: int) -> Mapping[str, frozenset[str]]:
    """All that a key result counts in, as `okr.alignment` wants it: each goal's reference to those above it.

    What is only asked for is in it too, so that two requests cannot close a loop together.
    """
    above: dict[str, set[str]] = {}
    level = {kr_id}
    while level:
        marks = ", ".join("?" * len(level))
        rows = await session.all(
            f"SELECT k.id, k.objective_id, a.child_kr_id, a.parent_kr_id FROM key_results k"
            f" LEFT JOIN alignments a ON a.child_kr_id = k.id AND a.state {_OPEN} WHERE k.id IN ({marks}) UNION"
            f" SELECT k.id, k.objective_id, a.child_kr_id, a.parent_kr_id FROM key_results k"
            f" JOIN alignments a ON a.child_objective_id = k.objective_id AND a.state {_OPEN} WHERE k.id IN ({marks})",
            *sorted(level),
            *sorted(level),
        )
        for kr, objective_id, child_kr, parent in rows:
            above.setdefault(f"KR{kr}", set()).add(f"O{objective_id}")
            above.setdefault(f"O{objective_id}", set())
            if parent is not None:
                above[f"O{objective_id}" if child_kr is None else f"KR{kr}"].add(f"KR{parent}")
        level = {row[3] for row in rows if row[3] is not None and f"KR{row[3]}" not in above}
    return {ref: frozenset(parents) for ref, parents in above.items()}


# --- writing ---


async def align(  # an edge has many sides
    session: Session,
    child: Child,
    parent_kr: int,
    *,
    at: datetime,
    by: int | None = None,
    state: EdgeState = EdgeState.ACTIVE,
    share: Decimal | None = None,
    weight: Decimal = ONE,
    rolls: bool = True,
) -> int:
    """Make an edge, or the one that there was anew, and return its id. What it means for the numbers above is not

    its business: see `storage.roll_ups`.
    """
    known = await between(session, child, parent_kr)
    if known is not None:
        await session.run(
            "UPDATE alignments SET share = ?, weight = ?, rolls = ?, state = ?, asked_by_id = ?, asked_at = ?,"
            " decided_by_id = NULL, decided_at = NULL, confirm_by = NULL WHERE id = ?",
            share,
            weight,
            rolls,
            str(state),
            by,
            at,
            known.id,
        )
        edge_id = known.id
    else:
        row = await session.one(
            f"INSERT INTO alignments ({child.column}, parent_kr_id, share, weight, rolls, state, asked_by_id, asked_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            child.id,
            parent_kr,
            share,
            weight,
            rolls,
            str(state),
            by,
            at,
        )
        assert row is not None
        edge_id = row[0]
    await _repeat(session, child)
    return edge_id


async def set_state(
    session: Session,
    edge: Edge,
    state: EdgeState,
    *,
    at: datetime,
    by: int | None = None,
    confirm_by: date | None = None,
) -> bool:
    """Move an edge on from the state it was read in; false where somebody was first."""
    changed = await session.run(
        "UPDATE alignments SET state = ?, decided_by_id = ?, decided_at = ?, confirm_by = ? WHERE id = ? AND state = ?",
        str(state),
        by,
        at,
        confirm_by,
        edge.id,
        str(edge.state),
    )
    await _repeat(session, edge.child)
    return changed > 0


async def end(session: Session, edge: Edge, *, at: datetime, by: int | None = None) -> bool:
    """The child supports this parent no more."""
    return await set_state(session, edge, EdgeState.ENDED, at=at, by=by)


async def set_weights(session: Session, edge_id: int, **fields: Decimal | bool | None) -> None:
    """Change `share`, `weight` or `rolls` of an edge."""
    sets = ", ".join(f"{name} = ?" for name in fields)
    await session.run(f"UPDATE alignments SET {sets} WHERE id = ?", *fields.values(), edge_id)


async def replace_parents(
    session: Session, child: Child, parent_kr: int, *, at: datetime, by: int | None = None
) -> int:
    """Support this one instead of all others, and return the edge's id."""
    for edge in await parents_of(session, child, (*STANDING, EdgeState.ASKED)):
        if edge.parent != parent_kr:
            await end(session, edge, at=at, by=by)
    return await align(session, child, parent_kr, at=at, by=by)


async def forget(session: Session, objective_id: int, kr_ids: Sequence[int] = ()) -> None:
    """End every edge from and to what has been deleted: an objective with all that is in it, or these key results."""
    gone, values = (
        (f"IN ({', '.join('?' * len(kr_ids))})", kr_ids)
        if kr_ids
        else ("IN (SELECT id FROM key_results WHERE objective_id = ?)", (objective_id,))
    )
    whole = () if kr_ids else (objective_id,)
    rows = await session.all(
        f"SELECT id, child_objective_id, child_kr_id FROM alignments WHERE state {_OPEN} AND (child_kr_id {gone}"
        f" OR parent_kr_id {gone}{' OR child_objective_id = ?' if whole else ''})",
        *values,
        *values,
        *whole,
    )
    for edge_id, child_objective, child_kr in rows:
        await session.run("UPDATE alignments SET state = ? WHERE id = ?", str(EdgeState.ENDED), edge_id)
        await _repeat(session, objective(child_objective) if child_kr is None else key_result(child_kr))


async def _repeat(session: Session, child: Child) -> None:
    table = "key_results" if child.is_kr else "objectives"
    await session.run(
        f"UPDATE {table} SET parent_kr_id = (SELECT a.parent_kr_id FROM alignments a WHERE a.{child.column} = {table}.id"
        f" AND a.state {STANDS} ORDER BY a.id LIMIT 1) WHERE id = ?",
        child.id,
    )


async def _where(session: Session, condition: str, value: int, states: Sequence[EdgeState]) -> list[Edge]:
    wanted = ", ".join("?" * len(states))
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM alignments a WHERE {condition} AND a.state IN ({wanted}) ORDER BY a.id",
        value,
        *(str(state) for state in states),
    )
    return [_edge(row) for row in rows]


def _edge(row: Row) -> Edge:
    child = objective(row[1]) if row[1] is not None else key_result(row[2])
    return Edge(
        id=row[0],
        child=child,
        parent=row[3],
        share=amount(row[4]),
        weight=amount(row[5]) or Decimal(0),
        rolls=bool(row[6]),
        state=EdgeState(row[7]),
        asked_by=row[8],
        asked_at=moment(row[9]),
        decided_by=row[10],
        decided_at=moment_or_none(row[11]),
        confirm_by=day_or_none(row[12]),
        progress=amount(row[13]) or Decimal(0),
        value=amount(row[14]),
    )
