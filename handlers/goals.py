"""Which goal is meant: by its id, by words of its title, by what was quoted. Never by a guess."""

from __future__ import annotations

from collections.abc import Sequence

from cards.notices import Choice, notice, question
from chat.card import Card
from handlers.asking import Asking, Misunderstood
from handlers.reading.ids import take_ref
from handlers.reading.titles import match_titles
from handlers.sight import sight
from okr.objectives import KeyResult, Objective, State
from okr.people import Person
from okr.permissions import Right
from okr.refusals import NoSuchGoal, NotYours
from storage import cycles, objectives, people

IN_FORCE = (State.ACTIVE,)
OWN = (State.ACTIVE, State.DRAFT)
Goal = tuple[Objective, KeyResult]


async def running(asking: Asking, states: Sequence[State] = IN_FORCE) -> list[Objective]:
    """The asker's objectives of the running cycle."""
    cycle = await cycles.running(asking.session, asking.today)
    found = await objectives.of_owner(asking.session, asking.asker.id, cycle.id, states)
    seen = await sight(asking, found)
    return [seen.fit(objective) for objective in found if seen.shows(objective)]


async def own_refs(asking: Asking) -> tuple[str, str]:
    """A key result and an objective of the asker's own, for examples that work; else made-up ones."""
    for objective in await running(asking, OWN):
        for kr in objective.counting:
            return kr.ref, objective.ref
    return "KR34", "O12"


async def key_result(asking: Asking, number: int, *, lock: bool = False) -> Goal:
    """A key result by its number. Raises NoSuchGoal where there is none that the asker may see."""
    objective = await objectives.with_key_result(asking.session, number, lock=lock)
    if objective is None:
        raise NoSuchGoal(f"KR{number}")
    objective = await _visible(asking, objective, f"KR{number}")
    return objective, next(kr for kr in objective.key_results if kr.id == number)


async def objective_by_number(asking: Asking, number: int) -> Objective:
    objective = await objectives.by_id(asking.session, number)
    if objective is None:
        raise NoSuchGoal(f"O{number}")
    return await _visible(asking, objective, f"O{number}")


async def owner_of(asking: Asking, objective: Objective) -> Person:
    if objective.owner_id == asking.asker.id:
        return asking.asker
    owner = await people.by_id(asking.session, objective.owner_id)
    assert owner is not None, "every objective has an owner"
    return owner


async def _visible(asking: Asking, objective: Objective, ref: str) -> Objective:
    """The objective as the asker may see it here. Raises NoSuchGoal where he may not at all."""
    seen = await sight(asking, [objective])
    if not seen.sees(objective):
        raise NoSuchGoal(ref)
    return seen.fit(objective)


async def may(asking: Asking, right: Right, objective: Objective) -> bool:
    return (await sight(asking, [objective])).may(right, objective)


async def require_reporter(asking: Asking, objective: Objective, ref: str) -> None:
    """Raises NotYours unless the asker may report on this objective."""
    seen = await sight(asking, [objective])
    if not seen.may(Right.REPORT, objective):
        raise NotYours(ref, seen.owners[objective.owner_id].name)


async def require_draft_owner(
    asking: Asking, objective: Objective, ref: str, right: Right = Right.EDIT_DRAFT
) -> None:
    """Raises NotYours unless the asker may do this with a draft: whom its owner has invited may edit it."""
    seen = await sight(asking, [objective])
    if not seen.may(right, objective):
        raise NotYours(ref, seen.owners[objective.owner_id].name)


async def own_by_words(
    asking: Asking, words: str, states: Sequence[State] = IN_FORCE, *, typos: bool = False
) -> list[Goal]:
    """The asker's key results whose titles these words fit; with `typos` nearly, which is to be confirmed."""
    goals = [(objective, kr) for objective in await running(asking, states) for kr in objective.counting]
    fits = match_titles(words, {kr.id: kr.title for _, kr in goals}, typos=typos)
    return [goal for goal in goals if goal[1].id in fits]


async def meant(asking: Asking, verb: str, states: Sequence[State] = OWN) -> tuple[Goal, str]:
    """The key result that `asking.rest` begins with or speaks of, and what follows it.

    `34` alone is KR34. Without an id: the quoted one, the only one whose title fits, the only one there is.
    Raises NoSuchGoal, or Misunderstood with a question where several fit.
    """
    ref, rest = take_ref(asking.rest, "KR")
    if ref is not None and ref.kind == "KR":
        return await key_result(asking, ref.number), rest
    if ref is None and not asking.rest and asking.about.startswith("KR"):
        return await key_result(asking, int(asking.about[2:])), ""
    word, _, rest = asking.rest.partition(" ")
    fits = await own_by_words(asking, word, states) if word else []
    if not fits and not word:
        fits = [(objective, kr) for objective in await running(asking, states) for kr in objective.counting]
    if len(fits) == 1:
        return fits[0], rest
    if not fits and not word:
        raise Misunderstood(notice("nothing_for", verb=verb))
    if not fits:
        raise NoSuchGoal(word)
    raise Misunderstood(which_card(fits, verb, rest))


def which_card(goals: Sequence[Goal], verb: str, rest: str = "") -> Card:
    """Several fit: the asker chooses."""
    return question(
        "which",
        [Choice(f"{kr.ref} {kr.title}"[:20], f"{verb} {kr.ref} {rest}".strip()) for _, kr in goals[:6]],
        what=f"{verb}哪一个?",
    )
