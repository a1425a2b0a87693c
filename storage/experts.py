"""Who could help with a key result: what is on record of everybody who may fit, put together for `okr.experts`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from okr.collaboration import OPEN, HelpKind, HelpState
from okr.cycle import like
from okr.experts import ALIKE, MOST, Expert, Need, Record, best, likeness, score
from okr.objectives import Cycle, KeyResult, Objective, State, Status, Visibility
from okr.people import Person
from okr.policy import Policy
from okr.progress import key_result_progress
from okr.scoring import STRONG
from okr.status import judge, judge_objective
from storage import absences, objectives, people, skills
from storage.session import Session
from storage.visible import is_visible
from storage.words import words_of

BACK = 4
"""Closed cycles that are looked at."""
LOADED = 12
"""So many of the most promising are asked at a time what they have at hand."""
LOOKED_AT = 300
"""Objectives with a goal of that kind, the newest first."""
WORDS = 12
"""Words of a need that are looked for."""
LAGGING = (Status.AT_RISK, Status.BEHIND)
WELL = (Status.ON_TRACK, Status.ACHIEVED)


@dataclass
class _Success:
    """Somebody's goals of the kind that is looked for: cycles in which one was achieved, and how it goes now."""

    achieved: set[str]
    on_track: bool = False
    likeness: Decimal = Decimal(0)
    title: str = ""


async def find(
    session: Session, objective: Objective, kr: KeyResult, words: str, asker: Person, today: date, policy: Policy,
    but_not: Collection[int] = (),
) -> list[Expert]:  # fmt: skip
    """The best three for a key result and what is in its way, in `words`; never the asker, its owner or `but_not`."""
    text = f"{kr.title} {words}"
    need = Need(words_of(text), kr.metric)
    skilled = await skills.fitting(session, need.words, text)
    successes = await _successes(session, objective, kr, Need(words_of(kr.title), kr.metric), today, policy)
    ids = sorted({*skilled, *successes} - {asker.id, objective.owner_id, *but_not})
    if not ids:
        return []
    known = await people.by_ids(session, ids)
    owner = (await people.by_ids(session, [objective.owner_id]))[objective.owner_id]
    away = await absences.on(session, ids, today)
    answers = await _answers(session, ids)
    with_nothing_at_hand = [
        _with_success(
            Record(
                person=person,
                skills=tuple(skilled.get(person.id, ())),
                asked=answers.get(person.id, (0, 0))[0],
                answered=answers.get(person.id, (0, 0))[1],
                own_team=_of_one_team(person, asker),
                away=person.id in away,
            ),
            successes.get(person.id),
            objective.cycle,
        )
        for person in known.values()
        if person.active
    ]
    promising = [one.record for one in best(with_nothing_at_hand, most=len(with_nothing_at_hand))]
    found: list[Record] = []
    for begin in range(0, len(promising), LOADED):
        some = promising[begin : begin + LOADED]
        if len(last := best(found)) == MOST and last[-1].score > score(some[0]):
            break  # who comes now would not be better with nothing at hand
        load = await _load(session, [one.person.id for one in some], objective.cycle, today, policy)
        found += [
            replace(one, load=load.get(one.person.id, 0))
            for one in some
            if await is_visible(session, one.person, owner, objective, today, policy)
        ]
    return best(found)


def _with_success(record: Record, success: _Success | None, cycle: Cycle) -> Record:
    if success is None:
        return record
    return replace(
        record,
        streak=_streak(success.achieved, cycle),
        on_track=success.on_track,
        likeness=success.likeness,
        title=success.title,
    )


def _streak(achieved: set[str], cycle: Cycle) -> int:
    """How many cycles of this kind running back from the last one are among those achieved."""
    count, day = 0, cycle.start
    while count < BACK:
        before = like(cycle.name, day.fromordinal(day.toordinal() - 1))
        if before.name not in achieved:
            break
        count, day = count + 1, before.start
    return count


async def _successes(
    session: Session, objective: Objective, kr: KeyResult, need: Need, today: date, policy: Policy
) -> dict[int, _Success]:
    """Everybody's goals of the same kind, of this cycle and of some before it, by their owners."""
    since = objective.cycle.start.replace(year=objective.cycle.start.year - 1)
    found: dict[int, _Success] = {}
    for other in await objectives.by_ids(
        session, await _of_that_kind(session, need, since, objective.cycle.end)
    ):
        if other.visibility is not Visibility.PUBLIC:
            continue
        for one in other.key_results:
            alike = likeness(
                need.words, words_of(one.title), same_metric=bool(need.metric) and one.metric == need.metric
            )
            if one.id == kr.id or alike < ALIKE:
                continue
            success = found.setdefault(other.owner_id, _Success(set()))
            now = other.state is State.ACTIVE and _goes_well(other, one, today, policy)
            past = other.state is State.CLOSED and _was_achieved(one)
            if now or past:
                success.on_track |= now
                success.achieved |= {other.cycle.name} if past else set()
                if alike > success.likeness:
                    success.likeness, success.title = alike, one.title
    return found


def _goes_well(objective: Objective, kr: KeyResult, today: date, policy: Policy) -> bool:
    return kr in objective.counting and judge(kr, objective.cycle, today, policy).status in WELL


def _was_achieved(kr: KeyResult) -> bool:
    """By its score where it has one, else by the number it ended with."""
    return kr.score >= STRONG if kr.score is not None else key_result_progress(kr).raw >= 1


async def _of_that_kind(session: Session, need: Need, since: date, until: date) -> list[int]:
    """Objectives with a key result whose title has one of the words, or that is fed by the same figure."""
    words = sorted(need.words, key=len, reverse=True)[:WORDS]
    if not words and not need.metric:
        return []
    fits = " OR ".join(["k.title LIKE ?"] * len(words) + ["k.metric = ?"] * bool(need.metric))
    rows = await session.all(
        "SELECT DISTINCT o.id FROM key_results k JOIN objectives o ON o.id = k.objective_id JOIN cycles c ON c.id = o.cycle_id"
        f" WHERE o.state IN ('{State.ACTIVE}', '{State.CLOSED}') AND k.state NOT IN ('{State.DELETED}', '{State.CANCELLED}')"
        f" AND c.start >= ? AND c.start <= ? AND ({fits}) ORDER BY o.id DESC LIMIT ?",
        since,
        until,
        *(f"%{word}%" for word in words),
        *([need.metric] if need.metric else []),
        LOOKED_AT,
    )
    return [row[0] for row in rows]


async def _load(
    session: Session, ids: Collection[int], cycle: Cycle, today: date, policy: Policy
) -> Mapping[int, int]:
    """Goals of theirs that lag, and requests that wait for them."""
    marks = ", ".join("?" * len(ids))
    states = ", ".join(f"'{state}'" for state in OPEN)
    rows = await session.all(
        f"SELECT asked_id, count(*) FROM help_requests WHERE asked_id IN ({marks}) AND state IN ({states}) GROUP BY asked_id",
        *ids,
    )
    load: dict[int, int] = {row[0]: row[1] for row in rows}
    for objective in await objectives.of_owners(session, list(ids), cycle.id):
        lags = sum(
            verdict.status in LAGGING
            for verdict in judge_objective(objective, today, policy).verdicts.values()
        )
        load[objective.owner_id] = load.get(objective.owner_id, 0) + lags
    return load


async def _answers(session: Session, ids: Collection[int]) -> Mapping[int, tuple[int, int]]:
    """How many requests to them are over, and how many of these they answered; what was not needed after all is left out."""
    marks = ", ".join("?" * len(ids))
    rows = await session.all(
        "SELECT asked_id, count(*), sum(CASE WHEN answered_at IS NULL THEN 0 ELSE 1 END) FROM help_requests"
        f" WHERE asked_id IN ({marks}) AND kind = ? AND (answered_at IS NOT NULL OR state = ?) GROUP BY asked_id",
        *ids,
        str(HelpKind.HELP),
        str(HelpState.EXPIRED),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _of_one_team(person: Person, asker: Person) -> bool:
    """They have one superior, or one is the other's."""
    together = person.manager_id is not None and person.manager_id == asker.manager_id
    return together or asker.id == person.manager_id or person.id == asker.manager_id
