"""个人进度周报: one's own week, once; the office on Friday afternoon, stores on Monday of the week before.

Who leads others gets the week of his team in numbers, too; a group that follows a unit the unit's, without names beside what lags.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cards.in_groups import week_card
from cards.weekly import Telling, team_weekly_card, weekly_card
from chat.answers import Urgency
from okr.masking import opened
from okr.objectives import Objective
from okr.people import Person
from okr.policy import Policy
from okr.quota import bears_pictures
from okr.reminding import Reminder, ReminderRule, is_mandatory
from okr.weekly import KrWeek, PersonWeek, TeamWeek, Week, week_named, week_of
from scheduler import groups
from scheduler.reminder import Glance, Group, Nudge, Watch
from scheduler.slots import Slot, as_said, falls_on
from storage import cycles, objectives, people, weekly

KEY = Reminder.WEEKLY_REPORT
OFFICE = Slot("0 17 * * fri", "office", moved=True)
STORE = Slot("30 10 * * mon", "store")
TOGETHER = 100
"""People whose goals are held at a time."""


def speaks_to_stores(now: datetime, policy: Policy) -> bool:
    """Whether the stores' report is due on the day of a moment in company time."""
    return _falls(STORE, now, policy)


def _falls(slot: Slot, now: datetime, policy: Policy) -> bool:
    [said] = as_said([slot], policy.schedule.get(KEY, {}))
    return falls_on(said, now, policy.calendar)


async def look(glance: Glance) -> list[Nudge]:
    """Of everybody whose report is due today; of one letter the same person and week as they are now."""
    if glance.only:
        who, _, week = glance.only.partition("@")
        return await _of_one(glance, who, week_named(week))
    nudges: list[Nudge] = []
    if _falls(OFFICE, glance.now, glance.policy):
        nudges += await _of_all(glance, week_of(glance.today), stores=False)
    if _falls(STORE, glance.now, glance.policy):
        nudges += await _of_all(glance, week_of(glance.today - timedelta(days=7)), stores=True)
    return nudges


async def _of_all(glance: Glance, week: Week, *, stores: bool) -> list[Nudge]:
    owners = await weekly.owners(glance.session, glance.today, stores=stores)
    known: dict[int, Person] = {}
    weeks: dict[int, PersonWeek] = {}
    for begin in range(0, len(owners), TOGETHER):
        some = await people.by_ids(glance.session, owners[begin : begin + TOGETHER])
        known |= some
        weeks |= await _weeks(glance, some, week)
    nudges = [
        nudge
        for owner, found in weeks.items()
        if bool(known[owner].store) is stores and (nudge := _personal(glance, known[owner], found))
    ]
    teams: dict[int, list[tuple[str, PersonWeek]]] = {}
    for owner, found in weeks.items():
        manager = known[owner].manager_id
        if manager is not None and found.lines:
            teams.setdefault(manager, []).append((known[owner].name, found))
    leads = await people.by_ids(glance.session, sorted(teams))
    for lead in leads.values():
        if bool(lead.store) is stores:
            nudges += _team(glance, lead, TeamWeek(week, tuple(teams[lead.id])))
    return nudges


async def _of_one(glance: Glance, who: str, week: Week) -> list[Nudge]:
    """One letter as it is now, with its picture: it is drawn when it goes, and for whom it goes to."""
    person = await people.by_id(glance.session, int(who.lstrip("T")))
    if person is None:
        return []
    draws = await _draws(glance)
    if not who.startswith("T"):
        found = await _weeks(glance, {person.id: person}, week)
        nudge = _personal(glance, person, found[person.id], draws=draws) if found else None
        return [nudge] if nudge is not None else []
    members = {one.id: one for one in await people.reporting_to(glance.session, person.id)}
    weeks = await _weeks(glance, members, week)
    team = tuple((members[owner].name, found) for owner, found in weeks.items() if found.lines)
    return _team(glance, person, TeamWeek(week, team), draws=draws) if team else []


async def _draws(glance: Glance) -> bool:
    """Whether a picture goes along: where it costs no call, or the month can bear it."""
    if glance.policy.links_pictures or glance.policy.quota is None:
        return True
    return bears_pictures(glance.policy.quota, await people.reached_by_dingtalk(glance.session))


async def _weeks(glance: Glance, owners: Mapping[int, Person], week: Week) -> dict[int, PersonWeek]:
    """Amounts are opened: they go to the owner and to his superior only."""
    cycle = await cycles.running(glance.session, glance.today)
    goals: dict[int, list[Objective]] = {}
    for objective in await objectives.of_owners(glance.session, list(owners), cycle.id):
        goals.setdefault(objective.owner_id, []).append(opened(objective))
    return await weekly.of_people(
        glance.session, goals, owners, week, glance.now, glance.policy, glance.peers
    )


def _personal(glance: Glance, person: Person, week: PersonWeek, *, draws: bool = False) -> Nudge | None:
    rule = glance.policy.reminders.get(KEY, ReminderRule())
    if not rule.of(person).on or not person.active or not week.lines:
        return None
    telling = Telling(push=True, mandatory=is_mandatory(KEY, rule, person), draws=draws)
    card, files = weekly_card(person.name, week, glance.today, glance.policy, telling)
    facts = (f"{len(week.lines)} 个 KR,{len(week.lagging)} 个偏慢", f"{week.week.name} 的一份")
    name = week.week.name
    return Nudge(
        person.id,
        f"{person.id}@{name}",
        card,
        period=name,
        urgency=Urgency.REPORT,
        facts=facts,
        files=files,
    )


def _team(glance: Glance, lead: Person, team: TeamWeek, *, draws: bool = False) -> list[Nudge]:
    rule = glance.policy.reminders.get(KEY, ReminderRule()).of(lead)
    if not rule.on or not lead.active:
        return []
    name = team.week.name
    card, files = team_weekly_card(lead.name, team, glance.today, draws=draws)
    facts = (f"{len(team.members)} 人 {len(team.lines)} 个 KR", f"{name} 的一份")
    return [Nudge(lead.id, f"T{lead.id}@{name}", card, "team", 1, name, Urgency.REPORT, facts, files=files)]


async def to_group(glance: Glance, group: Group) -> list[Nudge]:
    """A store's group with the stores, every other one with the office; the amounts stay covered."""
    unit, _, named = glance.only.rpartition("@")
    if unit and unit != group.unit:
        return []
    if named:
        week = week_named(named)
    elif not _falls(STORE if group.of_stores else OFFICE, glance.now, glance.policy):
        return []
    else:
        week = week_of(glance.today - timedelta(days=7 if group.of_stores else 0))
    if not glance.policy.reminders.get(KEY, ReminderRule()).on:
        return []
    members: list[tuple[str, PersonWeek]] = []
    best: tuple[Person, KrWeek] | None = None
    async for owner, goals in groups.goals_of(glance, group):
        found = await weekly.of_person(glance.session, goals, owner, week, glance.now, glance.policy)
        members.append((owner.name, found))
        top = found.best
        if top is not None and (best is None or top.gained > best[1].gained):
            best = (owner, top)
    if len(members) < groups.FEWEST:
        return []
    praised = best is not None and await groups.may_be_praised(glance, best[0], best[1].kr.ref)
    team = TeamWeek(week, tuple(members))
    card = week_card(
        group.unit, team, (best[0].name, best[1]) if best is not None and praised else None, glance.today
    )
    name = week.name
    facts = (f"{len(members)} 人 {len(team.lines)} 个 KR", f"{name} 的一份")
    return [Nudge(group.where, f"{group.unit}@{name}", card, "group", 1, name, Urgency.REPORT, facts)]


WATCH = Watch(
    KEY, (OFFICE, STORE), look, grace=timedelta(hours=6), brief="weekly_report_brief", to_group=to_group
)
