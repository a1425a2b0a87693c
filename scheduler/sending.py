"""The last look before a letter goes: is now the time, does its cause still hold, does the person want it, is it too much?

The postman asks; what he is told is a value. Letters that answer somebody are never asked about.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cards.brief import brief_card
from chat.answers import Mark, Urgency
from chat.card import Card
from chat.files import File
from okr.people import Person
from okr.policy import Policy
from okr.reminding import ALWAYS, Reminder, is_mandatory
from okr.windows import Span, opening, opening_for_colleagues
from scheduler import budget, groups
from scheduler.reminder import Glance, Nudge, Watch
from storage import absences, people, reminded, rosters, wishes
from storage.letters import Waiting
from storage.peers import Peers
from storage.session import Session

WAITED_FOR = frozenset({Reminder.APPROVAL_PENDING, Reminder.UPSTREAM_CHANGED})
"""Reminders of what a colleague waits for: they go in a colleague's hours, and only as long as he waits."""


@dataclass(frozen=True, slots=True)
class Go:
    """Send it; `card` and `mark` where it has to say something newer than it was posted with, `files` what that shows."""

    card: Card | None = None
    mark: Mark | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """It has lost its point."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fold:
    """The digest says it: it is over the person's ceiling, or over what the month's budget has for it now."""

    reason: str


SAID = "said today already"
GONE = "its cause is gone"
DIGEST_BRIEF = "digest_brief"
"""What a digest says where the budget is short: the same to everybody."""
ENOUGH, SHORT = "enough for the person", "the month's quota is short"
Verdict = Go | Wait | Drop | Fold
Again = Callable[[Session, Mark, Person, datetime, Policy], Awaitable[Card | None]]
"""What a letter has to say as it leaves; None where it has lost its point."""


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A letter as it would go now; `nudge` where it is one of the sixteen."""

    go: Go
    mark: Mark
    nudge: Nudge | None = None


@dataclass(frozen=True, slots=True)
class _Roster:
    """What is known of somebody's working times, in company time; nothing at all of who is not in a store."""

    shifts: Sequence[Span] = ()
    known_until: datetime | None = None


class Sending:
    """`watches`: the reminders there are; `others`: letters that are marked like one and are none of the sixteen."""

    def __init__(self, watches: Sequence[Watch], others: Mapping[str, Again] | None = None) -> None:
        self._others = others or {}
        self._peers = Peers()
        self._watches: Mapping[str, Watch] = {str(watch.reminder): watch for watch in watches}

    async def judge(self, session: Session, waiting: Waiting, now: datetime, policy: Policy) -> Verdict:
        """What is to become of a letter at this moment."""
        if waiting.urgency is Urgency.ANSWER:
            return Go()
        if waiting.employee_id is None:
            return await self._to_group(session, waiting, now.astimezone(policy.zone), policy)
        person = await people.by_id(session, waiting.employee_id)
        if person is None or not person.active:
            return Drop("the receiver has left")
        local = now.astimezone(policy.zone)
        roster = await _roster(session, person, local, policy)
        if waiting.mark is None or waiting.urgency <= Urgency.COLLABORATION:
            first = opening_for_colleagues(local, person, roster.shifts, policy.window, roster.known_until)
            closed = _when(first, local)
            return closed or await self._of_a_colleague(session, waiting.mark, person, local, policy)
        return await self._reminder(
            session, waiting.mark, person, roster, local, policy, urgency=waiting.urgency
        )

    async def _of_a_colleague(
        self, session: Session, mark: Mark | None, person: Person, now: datetime, policy: Policy
    ) -> Verdict:
        """What somebody waits for is never folded; a reminder of it has to hold still, and to be wanted."""
        watch = self._watches.get(mark.reminder) if mark is not None else None
        if mark is None or watch is None or watch.reminder not in WAITED_FOR:
            return Go()
        wanted = await self._wanted(session, mark, person, watch, now, policy)
        if wanted is not None:
            return wanted
        nudge = await self._said_now(session, watch, mark, person, now, policy)
        if nudge is None:
            return Drop(GONE)
        mark = nudge.letter(watch.reminder, now.date()).mark or mark
        if await _is_said(session, person, nudge, mark, now):
            return Drop(SAID)
        return Go(nudge.card, mark)

    async def _to_group(self, session: Session, waiting: Waiting, now: datetime, policy: Policy) -> Verdict:
        """A group hears what holds now, in its hours; a request that was made in a group goes at once."""
        mark, where = waiting.mark, waiting.parcel.conversation
        watch = self._watches.get(mark.reminder) if mark is not None else None
        if mark is None or where is None or watch is None or watch.to_group is None:
            return Go()
        found = await groups.again(
            watch, Glance(session, now, policy, only=mark.subject), where, mark.variant
        )
        if found is None:
            return Drop("its cause is gone, or the group has left")
        nudge, group = found
        closed = _when(groups.opening_of(group, now, policy), now)
        if closed is not None:
            return closed
        if not await budget.allows_group(session, where.platform, waiting.urgency, now, policy):
            return Drop("the month's quota is short")
        return Go(nudge.card, nudge.letter(watch.reminder, now.date()).mark)

    async def _reminder(
        self,
        session: Session,
        mark: Mark,
        person: Person,
        roster: _Roster,
        now: datetime,
        policy: Policy,
        *,
        urgency: Urgency,
    ) -> Verdict:
        watch = self._watches.get(mark.reminder)
        wanted = await self._wanted(session, mark, person, watch, now, policy)
        if wanted is not None:
            return wanted
        first = opening(now, person, roster.shifts, policy.window, policy.calendar, roster.known_until)
        closed = _when(first, now) or await _at_his_time(session, mark, person, roster, now, policy)
        if closed is not None:
            return closed
        fresh = await self._fresh(session, watch, mark, person, now, policy)
        if isinstance(fresh, Drop):
            return fresh
        mark = fresh.mark
        digest = mark.reminder == reminded.DIGEST
        if not await budget.allows(session, person.id, urgency, now, policy, digest=digest):
            if digest:
                return Drop("the month's quota is short: it stands in 我的待办")
            return await _in_short(session, watch, fresh.nudge, mark, person, now, policy)
        if digest and not await budget.allows(session, person.id, urgency, now, policy, digest=False):
            return Go(brief_card(DIGEST_BRIEF, policy.board), mark)
        if not digest and await _is_too_much(session, person, now, policy):
            return Fold(ENOUGH)
        return fresh.go

    async def _fresh(
        self,
        session: Session,
        watch: Watch | None,
        mark: Mark,
        person: Person,
        now: datetime,
        policy: Policy,
    ) -> _Fresh | Drop:
        """What it has to say by now."""
        if watch is None:
            again = self._others.get(mark.reminder)
            if again is None:
                return _Fresh(Go(), mark)
            card = await again(session, mark, person, now, policy)
            return _Fresh(Go(card, mark), mark) if card is not None else Drop(GONE)
        nudge = await self._said_now(session, watch, mark, person, now, policy)
        if nudge is None:
            return Drop(GONE)
        mark = nudge.letter(watch.reminder, now.date()).mark or mark
        if await _is_said(session, person, nudge, mark, now):
            return Drop(SAID)
        return _Fresh(Go(nudge.card, mark, nudge.files), mark, nudge)

    async def _said_now(
        self, session: Session, watch: Watch, mark: Mark, person: Person, now: datetime, policy: Policy
    ) -> Nudge | None:
        """What the reminder would say to him now about the same; None where its cause is gone."""
        glance = Glance(session, now, policy, only=mark.subject, peers=self._peers)
        found = [
            one
            for one in await watch.look(glance)
            if (one.to, one.variant, one.subject) == (person.id, mark.variant, mark.subject)
        ]
        return max(found, key=lambda one: one.level, default=None)

    async def _wanted(
        self,
        session: Session,
        mark: Mark,
        person: Person,
        watch: Watch | None,
        now: datetime,
        policy: Policy,
    ) -> Verdict | None:
        """A switch that is off drops it, a snooze or an absence lets it wait."""
        if watch is not None and watch.reminder in ALWAYS:
            return None
        if watch is not None or mark.reminder in self._others:
            away = (await absences.on(session, [person.id], now.date())).get(person.id)
            if away is not None:
                return Wait(datetime.combine(away.last + timedelta(days=1), time(), now.tzinfo))
        wish = wishes.silences(await wishes.of(session, person.id, now), mark.reminder, mark.subject)
        if wish is None:
            return None
        if wish.until is not None:
            return Wait(wish.until)
        rule = policy.reminders.get(watch.reminder) if watch is not None else None
        if rule is not None and watch is not None and is_mandatory(watch.reminder, rule, person):
            return None
        return Drop("switched off")


async def _at_his_time(
    session: Session, mark: Mark, person: Person, roster: _Roster, now: datetime, policy: Policy
) -> Verdict | None:
    """Whether it waits for the time of day that he has said. One at which nobody may write to him does not count."""
    said = wishes.time_of(await wishes.of(session, person.id, now), mark.reminder)
    if not said:
        return None
    wanted = datetime.combine(now.date(), time.fromisoformat(said), now.tzinfo)
    if now >= wanted:
        return None
    first = opening(wanted, person, roster.shifts, policy.window, policy.calendar, roster.known_until)
    return Wait(wanted) if first == wanted else None


async def _roster(session: Session, person: Person, now: datetime, policy: Policy) -> _Roster:
    if not person.store:
        return _Roster()
    zone = policy.zone
    shifts = [
        (one.starts_at.astimezone(zone), one.ends_at.astimezone(zone))
        for one in await rosters.of(session, person.id, now)
    ]
    return _Roster(shifts, rosters.known_until(await rosters.last_day(session, person.id, now.date()), zone))


def _when(first: datetime | None, now: datetime) -> Verdict | None:
    """Whether it has to wait; None where the door is open."""
    if first is None:
        return Wait(now + timedelta(days=1))
    return Wait(first) if first > now else None


async def _is_said(session: Session, person: Person, nudge: Nudge, mark: Mark, now: datetime) -> bool:
    """Whether another letter has said it today: several waited together, for a window or for the end of an absence."""
    return await reminded.is_said(session, person.id, mark, nudge.card, _midnight(now), period=nudge.period)


async def _in_short(
    session: Session,
    watch: Watch | None,
    nudge: Nudge | None,
    mark: Mark,
    person: Person,
    now: datetime,
    policy: Policy,
) -> Verdict:
    """In the words that everybody gets, twenty people a call, as long as digests go; else folded into one."""
    if watch is None or nudge is None or nudge.variant or not watch.brief:
        return Fold(SHORT)
    if not await budget.allows(session, person.id, nudge.urgency, now, policy, digest=True):
        return Fold(SHORT)
    if await _is_too_much(session, person, now, policy):
        return Fold(ENOUGH)
    return Go(brief_card(watch.brief, policy.board), mark)


async def _is_too_much(session: Session, person: Person, now: datetime, policy: Policy) -> bool:
    midnight = _midnight(now)
    monday = midnight - timedelta(days=now.weekday())
    today = await reminded.count_sent(session, person.id, midnight)
    return policy.ceiling.is_reached(today, await reminded.count_sent(session, person.id, monday))


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.date(), time(), now.tzinfo)
