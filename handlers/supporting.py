"""What 对齐 and its answers share: who supports, whom, and what the two owners are to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.sayings import kr_name, o_name
from handlers import goals, on_record
from handlers.asking import Asking
from handlers.goals import Goal
from okr.alignment import End, check_alignment, skips_level
from okr.levels import asks_first, level_of
from okr.objectives import CycleState, KeyResult, Objective, State, Visibility
from okr.people import Person
from okr.refusals import CycleClosed, NoSuchGoal, NotSupported, NotYours
from storage import alignments, objectives, people, roll_ups
from storage.alignments import STANDING, Child, Edge, EdgeState

ONE = Decimal(1)
OPEN = (*STANDING, EdgeState.ASKED)
"""What counts against a goal's hundred percent: what is asked for may be in force tomorrow."""
_OVER = (State.CLOSED, State.CANCELLED, State.DELETED)


@dataclass(frozen=True, slots=True)
class Supporter:
    """The goal below: an objective, or one of its key results."""

    objective: Objective
    kr: KeyResult | None = None

    @property
    def ref(self) -> str:
        return self.kr.ref if self.kr else self.objective.ref

    @property
    def name(self) -> str:
        return f"{self.kr.ref} {kr_name(self.kr)}" if self.kr else o_name(self.objective)

    @property
    def title(self) -> str:
        return self.kr.title if self.kr else self.objective.title

    @property
    def child(self) -> Child:
        return alignments.key_result(self.kr.id) if self.kr else alignments.objective(self.objective.id)

    @property
    def draft(self) -> bool:
        return self.objective.state is State.DRAFT


@dataclass(frozen=True, slots=True)
class Relation:
    """Both owners, whether the one above is to be asked, and whether a level lies between them."""

    below: Person
    above: Person
    asks: bool
    skips: bool


async def relation(asking: Asking, supporter: Supporter, parent: Goal) -> Relation:
    below, above = await goals.owner_of(asking, supporter.objective), await goals.owner_of(asking, parent[0])
    superiors = await people.superiors(asking.session, below.id)
    levels = await levels_of(asking, (below, above))
    return Relation(
        below, above, asks_first(below, above, superiors), skips_level(levels[below.id], levels[above.id])
    )


async def levels_of(asking: Asking, persons: Sequence[Person]) -> dict[int, int]:
    """At which level each of them stands, by their ids."""
    managers = await people.by_ids(
        asking.session, sorted({person.manager_id for person in persons if person.manager_id is not None})
    )
    return {
        person.id: level_of(person, managers.get(person.manager_id) if person.manager_id else None)
        for person in persons
    }


async def supporter_of(asking: Asking, child: Child) -> Supporter:
    """The goal at the lower end, whoever asks: who is asked about it is told which one it is.

    Raises NoSuchGoal where it has been deleted since.
    """
    find = objectives.with_key_result if child.is_kr else objectives.by_id
    objective = await find(asking.session, child.id)
    if objective is None:
        raise NoSuchGoal(child.ref)
    kr = next((kr for kr in objective.key_results if kr.id == child.id), None) if child.is_kr else None
    return Supporter(objective, kr)


async def parent_of_edge(asking: Asking, edge: Edge) -> Goal:
    """The goal at the upper end, whoever asks: what somebody supports he may stop to support."""
    objective = await objectives.with_key_result(asking.session, edge.parent)
    assert objective is not None, "no edge stands to a deleted goal"
    return objective, next(kr for kr in objective.key_results if kr.id == edge.parent)


async def require_supporters_owner(asking: Asking, supporter: Supporter, verb: str) -> None:
    """Raises NotYours unless it is the asker's own; of a goal in force his manager may do it for him."""
    owner = await goals.owner_of(asking, supporter.objective)
    if supporter.draft:
        return await goals.require_draft_owner(asking, supporter.objective, supporter.ref)
    if asking.asker.id in (owner.id, owner.manager_id):
        return None
    await on_record.attempted(asking, verb, supporter.objective, supporter.kr.id if supporter.kr else None)
    raise NotYours(supporter.ref, owner.name)


def require_open(objective: Objective, ref: str) -> None:
    """Raises NotSupported or CycleClosed where the goal is over."""
    if objective.state in _OVER:
        raise NotSupported(ref, str(objective.state))
    if objective.cycle.state is CycleState.CLOSED:
        raise CycleClosed(objective.cycle.name)


async def check(
    asking: Asking, supporter: Supporter, parent: Goal, shares: Sequence[Decimal], *, rolls: bool
) -> None:
    """Whether the rules allow it, as things stand. Raises their refusals."""
    above = await alignments.graph_above(asking.session, parent[1].id)
    check_alignment(
        _end(supporter.ref, supporter.objective),
        _end(parent[1].ref, parent[0]),
        above,
        shares=shares,
        rolls_up=rolls,
    )


def _end(ref: str, objective: Objective) -> End:
    return End(
        ref, objective.cycle, objective.cycle.name, restricted=objective.visibility is not Visibility.PUBLIC
    )


async def count_anew(asking: Asking, kr_id: int) -> None:
    """What an edge that came, went or changed means for the numbers above it."""
    await roll_ups.recount(asking.session, kr_id, asking.now)


async def note_edge(
    asking: Asking,
    action: str,
    supporter: Supporter,
    parent: KeyResult,
    *,
    gone: bool = False,
    reason: str = "",
) -> None:
    """Put on record what became of an edge; `gone`: it no longer stands."""
    await on_record.put(
        asking,
        action,
        supporter.objective,
        supporter.kr.id if supporter.kr else None,
        old=parent.ref if gone else "",
        new="" if gone else parent.ref,
        reason=reason,
    )
