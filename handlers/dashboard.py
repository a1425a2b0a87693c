"""看板: a unit's goals by light, its figures, who keeps up to date, its place, and what needs help; redrawn at a press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cards.dashboard import Dashboard, Lagging, Tally, dashboard_card
from cards.notices import notice
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood, shown
from handlers.board.link import board_link
from handlers.data_scales import scales_of
from handlers.ranking import standing
from handlers.route import Route
from handlers.sight import Sight, in_group, sight
from okr import permissions
from okr.masking import is_amount
from okr.metrics import Window
from okr.objectives import Kind, Measure, Objective, Status
from okr.people import Person, is_at_or_below, unit_of
from okr.permissions import Role
from okr.ranking import own
from okr.status import ObjectiveVerdict, judge_objective
from okr.units import Units
from storage import cycles, day_curves, figures, objectives, people, units

MOST = 3000
"""People of a unit whose goals are put together."""
TOP_IN_GROUP = 3
_HELPS = frozenset(
    {Role.OWNER, Role.DEPUTY, Role.MANAGER, Role.ACTING, Role.LINE, Role.UNIT_HEAD, Role.HR, Role.ADMIN}
)
_RED = (Status.AT_RISK, Status.DUE, Status.BEHIND, Status.STALE)
Judged = tuple[Objective, ObjectiveVerdict]


async def dashboard(asking: Asking) -> Answer:
    """看板 · 看板 西湖店"""
    board = await glance(asking)
    link = await board_link(asking, f"/board/unit/{board.unit}")
    return shown(dashboard_card(replace(board, link=link)), in_place=asking.pressed)


async def glance(asking: Asking) -> Dashboard:
    """The unit that is named, else one's own. Raises Misunderstood where nobody in it has goals that the asker may see."""
    known = await units.known(asking.session)
    path = _path(asking, known)
    name = known.key(path)
    members = {one.id: one for one in await _members(asking, path)}
    cycle = await cycles.running(asking.session, asking.today)
    found = await objectives.of_owners(asking.session, list(members), cycle.id)
    seen = await sight(asking, found)
    goals = [seen.fit(one) for one in found if seen.shows(one)]
    if not goals:
        raise Misunderstood(notice("unit_empty", unit=name, another=_another(known, path)))
    judged = [(one, judge_objective(one, asking.today, asking.policy)) for one in goals]
    group = in_group(asking)
    numbers = permissions.may_see_figures(asking.asker, known.home(asking.asker), path, asking.policy)
    updated, due = _updated(judged)
    return Dashboard(
        unit=name,
        goals=len(goals),
        done=sum((verdict.progress.clamped for _, verdict in judged), Decimal(0)) / len(judged),
        expected=judged[0][1].expected,
        statuses=[verdict.status for _, verdict in judged],
        updated=updated,
        due=due,
        figures=await _figures(asking, known, path, group=group) if numbers else [],
        daily=numbers,
        place=await _place(asking, unit_of(path), group=group) if numbers else "",
        helped=[] if group else _lagging(judged, members, seen),
        well=_well(judged, members) if group else [],
        when=f"{asking.now:%H:%M}",
        another=_another(known, path),
    )


def _another(known: Units, path: str) -> str:
    """A unit to look at next: below this one, else beside it; empty where it is alone."""
    above, _, _ = path.rpartition("/")
    name = known.key(path)
    return next((one for one in [*known.below(path), *known.below(above)] if one != name), "")


def _path(asking: Asking, known: Units) -> str:
    home = known.home(asking.asker)
    if not asking.rest:
        return home
    found = known.find(asking.rest)
    if len(found) != 1:
        said = asking.rest[:20]
        raise Misunderstood(
            notice("no_such_unit", said=said, mine=known.key(home), several=found[:3], say="看板")
        )
    return found[0]


async def _members(asking: Asking, path: str) -> list[Person]:
    return [
        person
        for person in await people.in_unit(asking.session, unit_of(path), MOST)
        if is_at_or_below(person.department, path) or person.store == unit_of(path)
    ]


def _updated(judged: Sequence[Judged]) -> tuple[int, int]:
    """How many key results were reported within their rhythm, of how many."""
    states = [
        kr.reading is not None and verdict.verdicts[kr.id].status is not Status.STALE
        for objective, verdict in judged
        for kr in objective.counting
    ]
    return sum(states), len(states)


def _lagging(judged: Sequence[Judged], members: Mapping[int, Person], seen: Sight) -> list[Lagging]:
    """What is red or late, the worst first, of those whom the asker is to help; others' troubles are nobody's news."""
    found = [
        (verdict.verdicts[kr.id], kr, objective)
        for objective, verdict in judged
        if seen.roles[objective.id] & _HELPS
        for kr in objective.counting
        if verdict.verdicts[kr.id].status in _RED
    ]
    found.sort(key=lambda one: (_RED.index(one[0].status), -one[0].gap_points, one[1].id))
    return [
        Lagging(kr.ref, kr.title, members[objective.owner_id].name, one.status, one.progress.clamped)
        for one, kr, objective in found
    ]


def _well(judged: Sequence[Judged], members: Mapping[int, Person]) -> list[str]:
    """Who is furthest ahead of the calendar, once each."""
    ahead = sorted(
        (verdict.gap_points, members[objective.owner_id].name)
        for objective, verdict in judged
        if verdict.gap_points <= 0 and verdict.status in (Status.ON_TRACK, Status.ACHIEVED)
    )
    return list(dict.fromkeys(name for _, name in ahead))


async def _figures(asking: Asking, known: Units, path: str, *, group: bool) -> list[Tally]:
    """Today's and this week's figures; in a group the part of the day's target alone."""
    policy = asking.policy
    monday = asking.today - timedelta(days=asking.today.weekday())
    days = await figures.by_day(asking.session, policy.metrics, known, path, Window(monday, asking.today))
    wanted = await day_curves.of_day(asking.session, path, await scales_of(asking), asking.today)
    found = [
        Tally(
            name=spec.name,
            unit=spec.shown_unit,
            today=days[key].get(asking.today),
            week=_sum(days[key]) if spec.kind == "cumulative" and asking.today > monday else None,
            wanted=wanted.get(key),
            amounts=not (group and is_amount(Measure(Kind.NUMBER, spec.shown_unit), spec.name, metric=key)),
        )
        for key, spec in policy.metrics.items()
        if days.get(key)
    ]
    return sorted(found, key=lambda one: one.wanted is None)


def _sum(days: Mapping[date, Decimal]) -> Decimal:
    return sum(days.values(), Decimal(0))


async def _place(asking: Asking, store: str, *, group: bool) -> str:
    """Where the store stands by its goals; in a group only among the first."""
    _, places = await standing(asking, "门店 目标进度")
    mine = own(places, store)
    if mine is None or len(places) < asking.policy.ranking_least or (group and mine.place > TOP_IN_GROUP):
        return ""
    moved = f" ↑{mine.risen}" if mine.risen and mine.risen > 0 else ""
    return f"第 {mine.place} / {len(places)}{moved}"


ROUTES = (
    Route(
        words=("看板",),
        handle=dashboard,
        topic="看",
        does="一个店或部门现在怎么样,点一下就刷新",
        examples=("看板", "看板 {unit}"),
    ),
)
