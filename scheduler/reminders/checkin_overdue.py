"""更新逾期催办: who has not reported what was due at the week's beginning; after some days his superior hears of it.

Days are one's own: working days of an office, shifts of a store; days of an absence are none. Each step is told to the owner
before it is taken, and above the superior nobody hears of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from cards.checkin_overdue import Late, own_card, team_card
from cards.in_groups import reported_card
from chat.answers import Urgency
from okr import masking
from okr.objectives import KeyResult, Objective, RollUp, Status
from okr.people import Person
from okr.policy import Policy
from okr.reminding import Reminder, ReminderRule
from okr.status import judge
from scheduler import groups
from scheduler.reminder import Glance, Group, Nudge, Watch
from scheduler.reminders.subjects import by_owner
from scheduler.working_days import Works, known
from storage import absences, candidates, cycles, objectives, people
from storage.database import Database
from storage.session import Session

KEY = Reminder.CHECKIN_OVERDUE
AT_ONCE = 500
"""Key results that are marked in one transaction."""
OVER = (Status.ACHIEVED, Status.MISSED, Status.CANCELLED, Status.DUE)


@dataclass(frozen=True, slots=True)
class _Week:
    """The week that is looked at, and who works when in it."""

    monday: date
    works: Works
    away: frozenset[tuple[int, date]]

    def late(self, person: Person, today: date) -> int:
        """How many own days have begun since the first own day of the week, on which it was due."""
        days = [self.monday + timedelta(days=n) for n in range((today - self.monday).days + 1)]
        own = [day for day in days if self.works(person, day) and (person.id, day) not in self.away]
        return max(0, len(own) - 1)


async def prepare(database: Database, now: datetime, policy: Policy) -> None:
    """Mark what is so late that the superior hears of it as 待更新."""

    async def late(session: Session) -> list[int]:
        glance = Glance(session, now, policy)
        found: list[int] = []
        async for goals in _goals(glance):
            owners = [one for one in (await people.by_ids(session, sorted(goals))).values() if one.active]
            week = await _week(glance, owners)
            found += [
                kr.id
                for owner in owners
                if (rule := glance.rule(KEY, owner)).on
                and week.late(owner, glance.today) >= int(rule["manager_days"])
                for kr in _due(glance, owner, goals[owner.id], week.monday)
                if not kr.overdue
            ]
        return found

    async for some in database.precedence.pieces(await database.survey(late), AT_ONCE):
        await database.transact(partial(objectives.mark_overdue, kr_ids=some))


async def look(glance: Glance) -> list[Nudge]:
    """One nudge for each owner of the week, and one for each superior. On its first day nobody can be late."""
    if not glance.only and glance.today == _monday(glance.today):
        return []
    nudges: list[Nudge] = []
    teams: dict[int, list[Late]] = {}
    superiors: dict[int, Person] = {}
    monday = _monday(glance.today)
    async for goals in _goals(glance):
        owners = await people.by_ids(glance.session, sorted(goals))
        above = {one.manager_id for one in owners.values() if one.manager_id is not None}
        superiors |= await people.by_ids(glance.session, sorted(above - superiors.keys()))
        for late in await _late(glance, owners, goals, superiors):
            rule = glance.rule(KEY, late.owner)
            nudges.append(_own(late, rule, monday))
            if late.owner.manager_id in superiors and late.days >= int(rule["manager_days"]):
                teams.setdefault(late.owner.manager_id, []).append(late)
    return nudges + [
        _team(glance, superiors[one], team, monday)
        for one, team in teams.items()
        if superiors[one].active and glance.rule(KEY, superiors[one]).on
    ]


async def _late(
    glance: Glance,
    owners: Mapping[int, Person],
    goals: Mapping[int, list[Objective]],
    superiors: Mapping[int, Person],
) -> list[Late]:
    """Who of them is so late that he hears of it."""
    week = await _week(glance, [one for one in owners.values() if one.active])
    found: list[Late] = []
    for owner in owners.values():
        rule = glance.rule(KEY, owner)
        due = _due(glance, owner, goals[owner.id], week.monday)
        days = week.late(owner, glance.today)
        if rule.on and owner.active and due and days >= int(rule["owner_days"]):
            superior = superiors.get(owner.manager_id) if owner.manager_id is not None else None
            told = superior.name if superior and superior.active else ""
            found.append(Late(owner, tuple(due), days, told))
    return found


async def _goals(glance: Glance) -> AsyncIterator[dict[int, list[Objective]]]:
    """By owner, some owners at a time. When a letter is about to go only that person's, and of those whom he leads."""
    if not glance.only:
        since = datetime.combine(_monday(glance.today), time(), glance.policy.zone)
        async for some in by_owner(
            glance.session, candidates.unreported(glance.session, glance.today, since)
        ):
            yield some
        return
    who = int(glance.only.partition("@")[0])
    led = await people.reporting_to(glance.session, who)
    cycle = await cycles.running(glance.session, glance.today)
    found: dict[int, list[Objective]] = {}
    for objective in await objectives.of_owners(glance.session, [who, *(one.id for one in led)], cycle.id):
        found.setdefault(objective.owner_id, []).append(masking.opened(objective))
    yield found


async def _week(glance: Glance, owners: Sequence[Person]) -> _Week:
    monday = _monday(glance.today)
    ids = [one.id for one in owners]
    away: set[tuple[int, date]] = set()
    for n in range((glance.today - monday).days + 1):
        day = monday + timedelta(days=n)
        away |= {(one, day) for one in await absences.on(glance.session, ids, day)}
    return _Week(monday, await known(glance, owners, monday), frozenset(away))


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _due(glance: Glance, owner: Person, goals: Sequence[Objective], monday: date) -> list[KeyResult]:
    """What the week's card has asked for and nobody has said since."""
    asked = glance.rule(Reminder.CHECKIN_DUE, owner)
    fresh = datetime.combine(monday, time(9), glance.policy.zone) - timedelta(days=int(asked["fresh_days"]))
    return [kr for kr in _asked(glance, owner, goals, monday) if kr.reading is None or kr.reading.at < fresh]


def _asked(glance: Glance, owner: Person, goals: Sequence[Objective], monday: date) -> list[KeyResult]:
    """What somebody has to say in this week, said or not."""
    asked = glance.rule(Reminder.CHECKIN_DUE, owner)
    if not asked.on or monday.isocalendar().week % int(asked["weeks"]):
        return []
    return [
        kr
        for objective in goals
        for kr in objective.counting
        if not kr.metric
        and kr.roll_up is RollUp.MANUAL
        and judge(kr, objective.cycle, glance.today, glance.policy).status not in OVER
    ]


def _own(late: Late, rule: ReminderRule, monday: date) -> Nudge:
    limit = int(rule["manager_days"])
    week = f"{monday.isocalendar().year}-W{monday.isocalendar().week:02}"
    told = late.days >= limit
    card = own_card(late, left=max(0, limit - late.days), limit=int(rule["owner_days"]))
    why = (
        f"这周该报的还有 {len(late.due)} 个,晚了 {late.days} 天(休息日不算)",
        f"门槛:晚 {rule['owner_days']} 天",
    )
    return Nudge(late.owner.id, f"{late.owner.id}@{week}", card, level=2 if told else 1, facts=why)


def _team(glance: Glance, superior: Person, team: Sequence[Late], monday: date) -> Nudge:
    """More people is worse."""
    week = f"{monday.isocalendar().year}-W{monday.isocalendar().week:02}"
    limit = int(glance.rule(KEY, superior)["manager_days"])
    why = (f"{len(team)} 个人这周还没报", f"门槛:晚 {limit} 个他们自己的工作日或班")
    return Nudge(
        superior.id,
        f"{superior.id}@{week}",
        team_card(team, limit=limit),
        variant="team",
        level=len(team),
        facts=why,
    )


async def to_group(glance: Glance, group: Group) -> list[Nudge]:
    """The share that has been reported, once somebody is as late as his superior would hear of."""
    if not glance.policy.reminders.get(KEY, ReminderRule()).on:
        return []
    week = await _week(glance, group.people)
    owners = asked = missing = 0
    late = False
    async for owner, goals in groups.goals_of(glance, group):
        rule = glance.rule(KEY, owner)
        due = _due(glance, owner, goals, week.monday)
        owners += 1
        asked += len(_asked(glance, owner, goals, week.monday))
        missing += len(due)
        late |= rule.on and bool(due) and week.late(owner, glance.today) >= int(rule["manager_days"])
    if owners < groups.FEWEST or not late:
        return []
    name = f"{week.monday.isocalendar().year}-W{week.monday.isocalendar().week:02}"
    card = reported_card(group.unit, asked - missing, asked)
    why = (f"该报的 {asked} 个,没报的 {missing} 个", "门槛:有人晚到要告诉上级")
    return [
        Nudge(
            group.where,
            f"{group.unit}@{name}",
            card,
            variant="group",
            period=name,
            urgency=Urgency.REPORT,
            facts=why,
        )
    ]


WATCH = Watch(KEY, "30 9 * * *", look, prepare=prepare, to_group=to_group)
