"""A unit's page: how it stands, by its parts and its people, and what has moved last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from heapq import nlargest

from cards.board.goals import Block, Row
from cards.board.pages import EVERYTHING, Member, Move, UnitPage
from cards.drawing.goal_rows import KINDS
from cards.sayings import kr_name, say_value
from handlers.asking import Asking
from handlers.board.numbers import silent, tiles, unit_heat
from handlers.board.paths import NoSuchPage, Query
from handlers.board.shelf import Judged, Shelf, member, shelf
from handlers.sight import in_group
from okr.moments import say_moment
from okr.numbers import percent
from okr.people import Person, is_at_or_below, unit_of
from okr.progress import key_result_progress
from okr.status import ObjectiveVerdict
from storage import cycles, objectives, people, units
from storage.goal_rows import Kept

MOST = 3000
"""People of a unit whose goals are put together."""
WATCHED = 60
"""Objectives that are looked out for one by one; a larger unit hears of every change."""
MOVES = 8
MOVES_ON_A_WALL = 4
BEST = 4
LISTED = 60
"""People of a large unit that are listed at once; the others are a tap away."""
REMEMBERED = 4000
"""Goals that need not be made and judged anew when a page is looked at again: about 20 MB."""
_KEPT, _JUDGED = Kept(REMEMBERED), Judged(REMEMBERED)


async def unit_page(asking: Asking, name: str, query: Query) -> UnitPage:
    """`/board/unit`: one's own; `/board/unit/西湖店`. On a wall nobody is named but for what went well."""
    known = await units.known(asking.session)
    paths = known.find(name) if name else [known.home(asking.asker)]
    if not paths or not paths[0]:
        raise NoSuchPage
    path = paths[0]
    members = [
        person
        for person in await people.in_unit(asking.session, unit_of(path), MOST)
        if is_at_or_below(person.department, path) or person.store == unit_of(path)
    ]
    cycle = await cycles.running(asking.session, asking.today)
    owners = {person.id: person for person in members}
    goals = await objectives.of_owners(asking.session, list(owners), cycle.id, kept=_KEPT)
    found = await shelf(asking, goals, _JUDGED, owners)
    with_goals = {goal.owner_id for goal in found.goals}
    having = [one for one in members if one.id in with_goals]
    listed = having if "all" in query or in_group(asking) else having[:LISTED]
    people_shown = _people(found, listed)
    return UnitPage(
        heading=unit_of(path),
        above=tuple(path.split("/")[:-1]),
        total=found.total,
        parts=_parts(found, path, owners),
        people=() if in_group(asking) else people_shown,
        unlisted=len(having) - len(listed),
        moves=_moves(asking, found, owners),
        watched=tuple(one.id for one in found.goals) if len(found.goals) <= WATCHED else (EVERYTHING,),
        best=_best(people_shown) if in_group(asking) else (),
        blocks=_of_heads(found, owners),
        tiles=await tiles(asking, known, path),
        heat=await unit_heat(asking, known, members),
        stale=(*found.silent, *await silent(asking, known, path)),
    )


def _best(everybody: Sequence[Member]) -> tuple[Member, ...]:
    """Who is where the calendar wants him; on a wall nobody else is named."""
    well = [one for one in everybody if one.light.kind in ("well", "done")]
    return tuple(sorted(well, key=lambda one: -one.done)[:BEST])


def _people(found: Shelf, wanted: Sequence[Person]) -> tuple[Member, ...]:
    """In the order of the staff file: no league of one's colleagues."""
    goals: dict[int, list[ObjectiveVerdict]] = {}
    for one in found.goals:
        goals.setdefault(one.owner_id, []).append(found.verdicts[one.id])
    return tuple(
        member(
            goals[person.id],
            name=person.name,
            path=f"/board/people/{person.number}",
            note=person.position or person.unit,
        )
        for person in wanted
    )


def _parts(found: Shelf, path: str, owners: Mapping[int, Person]) -> tuple[Member, ...]:
    """The units right below, each with what is in them."""
    inside: dict[str, list[ObjectiveVerdict]] = {}
    for one in found.goals:
        department = owners[one.owner_id].department
        if department.startswith(f"{path}/"):
            name = department.removeprefix(f"{path}/").partition("/")[0]
            inside.setdefault(name, []).append(found.verdicts[one.id])
    return tuple(
        member(inside[name], name=name, path=f"/board/unit/{name}", note=f"{len(inside[name])} 个目标")
        for name in sorted(inside)
    )


def _moves(asking: Asking, found: Shelf, owners: Mapping[int, Person]) -> tuple[Move, ...]:
    """What was reported last on the goals that are shown, and how far that is now; on a wall what goes well."""
    moved = [
        (kr.reading.at, kr.id, one, kr)
        for one in found.goals
        for kr in one.counting
        if kr.reading is not None
    ]
    newest = nlargest(MOVES * (3 if in_group(asking) else 1), moved, key=lambda one: one[:2])
    moves = []
    for at, _, objective, kr in newest:
        status = found.verdicts[objective.id].verdicts[kr.id].status
        if in_group(asking) and KINDS[status] not in ("well", "done"):
            continue
        moves.append(
            Move(
                who=owners[objective.owner_id].name,
                when=say_moment(at, asking.now, asking.policy.zone),
                ref=kr.ref,
                name=kr_name(kr),
                value="" if kr.measure.sealed else say_value(kr, kr.value),
                done=percent(key_result_progress(kr).clamped),
            )
        )
    return tuple(moves[: MOVES_ON_A_WALL if in_group(asking) else MOVES])


def _of_heads(found: Shelf, owners: Mapping[int, Person]) -> tuple[Block, ...]:
    """The goals of who leads the unit: those are the unit's own. They are reported on elsewhere."""
    heads = {person.id for person in owners.values() if person.manager_id not in owners}
    own = replace(found, goals=tuple(one for one in found.goals if one.owner_id in heads))
    return tuple(replace(block, rows=tuple(_bare(row) for row in block.rows)) for block in own.blocks(owners))


def _bare(row: Row) -> Row:
    return replace(row, typed=False, choices=(), fed="")
