"""月度复盘发起: opened on the 25th or the working day before, asked for once more, closed on the month's last working day.

Opening and closing are rows; the letters follow from these. Where the opening was missed altogether it is made up for
on the next working day of the month.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from cards.in_groups import review_begun_card
from cards.review import Member, Reviewed, lead_card, report_card, review_card, reviewed
from chat.answers import Urgency
from okr.people import Person
from okr.policy import Policy
from okr.reminding import Reminder, ReminderRule
from okr.review import Review, ReviewDays, ReviewState, in_shifts, review_days
from scheduler.reminder import Glance, Group, Nudge, Watch
from scheduler.slots import Slot
from storage import cycles, objectives, people, reviews, rosters
from storage.database import Database
from storage.session import Session

KEY = Reminder.MONTHLY_REVIEW
CLOSES = time(17)
"""On the last day from here on; the second slot of the day is later."""
AT_ONCE = 20
"""People whose reviews are opened in one transaction."""


async def prepare(database: Database, now: datetime, policy: Policy) -> None:
    """Open what is to be opened, close what is over. A second time does nothing."""
    if policy.calendar.is_workday(now.date()):
        month = f"{now:%Y-%m}"
        waiting = await database.survey(partial(reviews.to_open, month=month, today=now.date()))
        for begin in range(0, len(waiting), AT_ONCE):
            some = waiting[begin : begin + AT_ONCE]
            await database.transact(partial(_open, ids=some, now=now, policy=policy))
    await database.transact(partial(_close, now=now, policy=policy))


async def _open(session: Session, ids: Sequence[int], now: datetime, policy: Policy) -> None:
    cycle = await cycles.running(session, now.date())
    for person in (await people.by_ids(session, ids)).values():
        rule = _rule(policy, person)
        days = _days(rule, now.date(), policy)
        if not rule.on or not person.active or not days.opening <= now.date() < days.closing:
            continue
        own = await objectives.of_owner(session, person.id, cycle.id)
        if any(objective.counting for objective in own):
            since = _since(days, now.date(), rule, policy)
            due = (await _own_days(session, person, rule, since, policy)).closing
            await reviews.open_for(session, person, own, due, now, policy)


async def _close(session: Session, now: datetime, policy: Policy) -> None:
    await reviews.archive_before(session, f"{now:%Y-%m}")
    if is_over(now, policy):
        await reviews.archive(session, f"{now:%Y-%m}")


def is_over(now: datetime, policy: Policy) -> bool:
    """Whether this month's review is closed: on its last working day in the evening, and after it."""
    closing = policy.calendar.last_of_month(now.date())
    return now.date() > closing or (now.date() == closing and now.time() >= CLOSES)


def _rule(policy: Policy, person: Person) -> ReminderRule:
    return policy.reminders.get(KEY, ReminderRule()).of(person)


def _days(rule: ReminderRule, today: date, policy: Policy) -> ReviewDays:
    return review_days(today, int(rule["day"]), int(rule["remind_days"]), policy.calendar)


def _since(days: ReviewDays, opened: date, rule: ReminderRule, policy: Policy) -> ReviewDays:
    """What is opened late has its time from then on."""
    if opened <= days.opening:
        return days
    again = policy.calendar.after(opened, int(rule["remind_days"]))
    return ReviewDays(opened, min(again, days.closing), days.closing)


async def _own_days(
    session: Session, person: Person, rule: ReminderRule, days: ReviewDays, policy: Policy
) -> ReviewDays:
    """In a store it goes by one's own shifts; who has no roster there is taken to work every day."""
    if not person.store:
        return days
    last = days.opening + timedelta(days=31)
    plans = await rosters.plans(session, [person.id], days.opening, last, policy.zone)
    working = [day for (_, day), plan in plans.items() if plan.hours]
    return in_shifts(days, working, int(rule["store_shifts"]), int(rule["remind_days"]))


# --- what is said ---


async def look(glance: Glance) -> list[Nudge]:
    """To everybody whose review is open, to who leads a team, and at the end the report."""
    kind, _, month = (glance.only or f"@{glance.now:%Y-%m}").partition("@")
    if kind.startswith("T"):
        team = await reviews.of_team(glance.session, int(kind[1:]), month)
        return await _to_lead(glance, int(kind[1:]), team)
    if kind:
        found = await reviews.of(glance.session, int(kind), month)
        return await _to_member(glance, found) if found is not None else []
    nudges: list[Nudge] = []
    everything = await reviews.of_month(glance.session, month)
    for one in everything:
        nudges += await _to_member(glance, one)
    for team_id in sorted({one.team_id for one in everything}):
        nudges += await _to_lead(glance, team_id, [one for one in everything if one.team_id == team_id])
    if glance.now.day <= BACK and not glance.only:
        nudges += await _last_month(glance)
    return nudges


BACK = 3
"""Days of a new month in which the report of the one before is still made up for."""


async def _last_month(glance: Glance) -> list[Nudge]:
    month = f"{glance.today.replace(day=1) - timedelta(days=1):%Y-%m}"
    everything = await reviews.of_month(glance.session, month)
    nudges: list[Nudge] = []
    for team_id in sorted({one.team_id for one in everything}):
        nudges += await _to_lead(glance, team_id, [one for one in everything if one.team_id == team_id])
    return nudges


async def _to_member(glance: Glance, review: Review) -> list[Nudge]:
    person = await people.by_id(glance.session, review.employee_id)
    if person is None or not person.active or not review.is_open:
        return []
    rule = _rule(glance.policy, person)
    if not rule.on:
        return []
    opened = review.opened_at.astimezone(glance.policy.zone).date()
    days = _since(_days(rule, glance.today, glance.policy), opened, rule, glance.policy)
    days = await _own_days(glance.session, person, rule, days, glance.policy)
    rows = await rows_of(glance, review)
    found = [_member_nudge(glance, review, rows, again=False)]
    if glance.today >= days.again:
        found.append(_member_nudge(glance, review, rows, again=True))
    return found


def _member_nudge(glance: Glance, review: Review, rows: Sequence[Reviewed], *, again: bool) -> Nudge:
    lagging = sum(row.lags for row in rows)
    return Nudge(
        review.employee_id,
        f"{review.employee_id}@{review.month}",
        review_card(review, rows, glance.today, again=again, push=True),
        variant="again" if again else "",
        level=2 if again else 1,
        period=review.month,
        urgency=Urgency.REPORT,
        facts=(f"{len(rows)} 个 KR,{lagging} 个偏慢", f"{review.due:%m月%d日} 前交"),
    )


async def _to_lead(glance: Glance, team_id: int, team: Sequence[Review]) -> list[Nudge]:
    lead = await people.by_id(glance.session, team_id)
    others = [one for one in team if one.employee_id != team_id]
    if lead is None or not lead.active or not others or not _rule(glance.policy, lead).on:
        return []
    month = others[0].month
    subject, facts = f"T{team_id}@{month}", (f"{len(others)} 人的{month} 复盘",)
    if all(one.state is not ReviewState.ARCHIVED for one in others):
        card = lead_card(month, len(others), max(one.due for one in others), glance.today)
        return [Nudge(team_id, subject, card, "lead", 1, month, Urgency.REPORT, facts)]
    known = await people.by_ids(glance.session, [one.employee_id for one in others])
    members = [
        Member(
            known[one.employee_id].name, known[one.employee_id].number, one, tuple(await rows_of(glance, one))
        )
        for one in others
    ]
    card = report_card(month, "", members, by_name=True, push=True)
    found = [Nudge(team_id, subject, card, "report", 1, month, Urgency.REPORT, facts)]
    card = report_card(month, lead.name, members, by_name=False, push=True)
    return found + [
        Nudge(one.id, subject, card, "team", 1, month, Urgency.REPORT, facts)
        for one in known.values()
        if one.active and _rule(glance.policy, one).on
    ]


async def to_group(glance: Glance, group: Group) -> list[Nudge]:
    """That it has begun, and until when it is to be handed in."""
    unit, _, named = glance.only.rpartition("@")
    if unit not in ("", group.unit) or not glance.policy.reminders.get(KEY, ReminderRule()).on:
        return []
    month = named or f"{glance.now:%Y-%m}"
    members = {person.id for person in group.people}
    found = [
        one
        for one in await reviews.of_month(glance.session, month)
        if one.employee_id in members and one.is_open
    ]
    if not found or max(one.due for one in found) < glance.today:
        return []
    card = review_begun_card(group.unit, month, len(found), max(one.due for one in found), glance.today)
    facts = (f"{len(found)} 人的 {month} 复盘",)
    return [Nudge(group.where, f"{group.unit}@{month}", card, "group", 1, month, Urgency.REPORT, facts)]


async def rows_of(glance: Glance, review: Review) -> list[Reviewed]:
    return reviewed(review, await reviews.goals_of(glance.session, review), glance.policy)


WATCH = Watch(
    KEY,
    (Slot("0 10 * * *", "open"), Slot("30 17 * * *", "close")),
    look,
    grace=timedelta(hours=14),
    prepare=prepare,
    to_group=to_group,
)
