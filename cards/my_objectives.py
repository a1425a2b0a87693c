"""One's objectives of the running cycle: bar, actual and expected percent, light, last value, next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cards.sayings import kr_name, lamp, light, o_name, say_in_list, say_standing
from cards.templating import render
from chat.card import Card
from okr.moments import say_moment
from okr.numbers import say_pace, say_percent
from okr.objectives import KeyResult, Objective, State
from okr.policy import Policy
from okr.status import ObjectiveVerdict, judge_objective

ROOM = 9
"""Lines of a page, so that all of it is on one phone screen: two for a key result, one for its objective."""

DIRECTIONS = 1
"""Annual directions that are told; the others are counted."""

Entry = tuple[Objective, ObjectiveVerdict, KeyResult]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Whose objectives they are, seen by whom and when. `drafts`: what is not in force yet: to be submitted, or to be agreed to."""

    owner: str
    own: bool
    objectives: Sequence[Objective]
    drafts: Sequence[Objective]
    now: datetime
    say: str
    """The command that shows this card again; a page's number is added to it."""
    directions: Sequence[Objective] = ()
    """The year's that are the person's own or that the objectives belong to."""
    stale: frozenset[str] = frozenset()
    """Sources in trouble: what they have brought last is shown with a warning."""


def my_objectives(shelf: Shelf, policy: Policy, page: int = 1) -> Card:
    """The card of a person's objectives. A page that does not exist is the nearest one that does."""
    today = shelf.now.astimezone(policy.zone).date()
    judged = [(objective, judge_objective(objective, today, policy)) for objective in shelf.objectives]
    entries = [(objective, verdict, kr) for objective, verdict in judged for kr in objective.counting]
    room = ROOM - bool(shelf.directions)
    leaves = _leaves(entries, room)
    pages = len(leaves)
    page = min(max(page, 1), pages)
    shown = leaves[page - 1]
    blocks: list[dict[str, Any]] = []
    for objective, verdict, kr in shown:
        if not blocks or blocks[-1]["ref"] != objective.ref:
            blocks.append({**_objective(objective, verdict), "key_results": []})
        blocks[-1]["key_results"].append(_key_result(kr, verdict, shelf, policy))
    return render(
        "my_objectives",
        live=True,
        about=shown[0][0].ref if len({entry[0].id for entry in entries}) == 1 else "",
        owner=shelf.owner,
        own=shelf.own,
        say=shelf.say,
        count=len(entries),
        objectives=len(judged),
        overall=_mean([verdict.progress.clamped for _, verdict in judged]),
        expected=judged[0][1].expected if judged else Decimal(0),
        cycle=shelf.objectives[0].cycle.name if judged else "",
        blocks=blocks,
        page=page,
        pages=pages,
        focus=_focus(judged),
        directions=[_direction(one, today, policy) for one in shelf.directions[:DIRECTIONS]],
        more_directions=max(0, len(shelf.directions) - DIRECTIONS),
        drafts=[
            {"ref": draft.ref, "title": draft.title, "waits": draft.state is State.PENDING}
            for draft in shelf.drafts
        ],
    )


def _leaves(entries: Sequence[Entry], room: int) -> list[list[Entry]]:
    """The pages; at least one, which may be empty."""
    leaves: list[list[Entry]] = [[]]
    for entry in entries:
        lines = 2 * len(leaves[-1]) + len({objective.id for objective, _, _ in leaves[-1]})
        again = bool(leaves[-1]) and leaves[-1][-1][0].id == entry[0].id
        if lines + (2 if again else 3) > room:
            leaves.append([])
        leaves[-1].append(entry)
    return leaves


def _direction(objective: Objective, today: date, policy: Policy) -> str:
    """`O3「做周边三公里的第一选择」 45% 🟢`"""
    verdict = judge_objective(objective, today, policy)
    return f"{o_name(objective)} {say_percent(verdict.progress.clamped)} {lamp(verdict.status)}"


def _mean(parts: Sequence[Decimal]) -> Decimal:
    return sum(parts, Decimal(0)) / len(parts) if parts else Decimal(0)


def _objective(objective: Objective, verdict: ObjectiveVerdict) -> dict[str, Any]:
    return {
        "ref": objective.ref,
        "title": objective.title,
        "share": verdict.progress.clamped,
        "progress": say_percent(verdict.progress.clamped),
        "light": light(verdict.status),
    }


def _key_result(kr: KeyResult, verdict: ObjectiveVerdict, shelf: Shelf, policy: Policy) -> dict[str, Any]:
    judged = verdict.verdicts[kr.id]
    return {
        "ref": kr.ref,
        "name": kr_name(kr),
        "share": judged.progress.clamped,
        "standing": say_standing(judged),
        "lamp": lamp(judged.status),
        "progress": say_percent(judged.progress.clamped),
        "value": say_in_list(kr),
        "when": say_moment(kr.reading.at, shelf.now, policy.zone) if kr.reading else "",
        "source": kr.reading.source if kr.reading and kr.reading.source != shelf.owner else "",
        "stale": bool(kr.metric) and kr.reading is not None and kr.reading.source in shelf.stale,
        "typed": bool(kr.metric) and kr.reading is not None and kr.reading.typed,
    }


def _focus(judged: Sequence[tuple[Objective, ObjectiveVerdict]]) -> str:
    """The key result with the largest weighted gap of all: what is most worth a push."""
    gaps = [
        (verdict.weights[kr.id] * verdict.verdicts[kr.id].gap_points, kr, verdict)
        for objective, verdict in judged
        for kr in objective.counting
        if kr.id == verdict.focus
    ]
    if not gaps:
        return ""
    _, kr, verdict = max(gaps, key=lambda gap: gap[0])
    return f"{kr.ref} {kr.title},{say_pace(verdict.verdicts[kr.id].gap_points)}"
