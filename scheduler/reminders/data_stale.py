"""数据断更提醒: a source that brings nothing any more, cannot be read, brings what cannot be placed, or odd numbers.

To who looks after the data, and, where goals stand on it, to everybody whose key results show its last number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cards.data_stale import failing_card, odd_card, silent_card, unmapped_card
from chat.card import Card
from okr import oddities
from okr.moments import say_moment
from okr.objectives import Basis
from okr.oddities import Oddity
from okr.people import Person
from okr.pulling import Trouble
from okr.reminding import Reminder
from scheduler.reminder import Glance, Nudge, Watch
from storage import people, sources
from storage.sources import DAILY, Follower, Source

KEY = Reminder.DATA_STALE
LONG = 3
"""So many times the threshold is worse."""
REMEMBERED = timedelta(days=10)
"""So far back goes what a day is compared with."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A source in trouble and who hears of it."""

    glance: Glance
    source: Source
    following: Sequence[Follower]
    stewards: Sequence[Person]
    owners: Sequence[Person]

    @property
    def pulled(self) -> bool:
        return self.source.name in self.glance.policy.pulled

    @property
    def when(self) -> str:
        """How far the data reach."""
        at = self.source.newest_at or self.source.heard_at
        return say_moment(at, self.glance.now, self.glance.policy.zone) if at else ""

    def everybody(self) -> Iterator[tuple[Person, bool, list[Follower]]]:
        """Each who hears of it, whether he looks after it, and the key results he is told of."""
        told = {person.id: person for person in (*self.stewards, *self.owners) if person.active}
        for person in told.values():
            steward = any(one.id == person.id for one in self.stewards)
            own = [one for one in self.following if one.owner_id == person.id]
            if self.glance.rule(KEY, person).on and (steward or own):
                yield person, steward, list(self.following) if steward else own

    def number(self, name: str, person: Person) -> float:
        return float(self.glance.rule(KEY, person)[name])


async def look(glance: Glance) -> list[Nudge]:
    stewards = await people.by_numbers(
        glance.session, sorted(glance.policy.data_stewards or glance.policy.admins)
    )
    nudges: list[Nudge] = []
    for source in await sources.everything(glance.session, glance.only):
        if source.ignored_until is not None and source.ignored_until > glance.now:
            continue
        following = await sources.followers(glance.session, source)
        owners = await people.by_ids(glance.session, sorted({one.owner_id for one in following}))
        told = _Told(glance, source, following, stewards, list(owners.values()))
        nudges += _failing(told) or _silent(told)
        nudges += await _odd(told)
        nudges += _unmapped(told)
    return nudges


def _failing(told: _Told) -> list[Nudge]:
    source, found = told.source, []
    if not source.error:
        return []
    trouble = Trouble(source.error).called
    for person, steward, following in told.everybody():
        limit = int(told.number("fails", person))
        if source.failures < limit:
            continue
        card = failing_card(
            source.name,
            following,
            trouble=trouble,
            fails=source.failures,
            limit=limit,
            when=told.when,
            steward=steward,
        )
        why = (f"{source.name} 连着 {source.failures} 次没拉到:{trouble}", f"门槛:{limit} 次")
        found.append(_nudge(told, person, card, "failing", why, level=1 + (source.failures >= limit * LONG)))
    return found


def _silent(told: _Told) -> list[Nudge]:
    source, found = told.source, []
    if source.heard_at is None:
        return []
    passed = told.glance.now - source.heard_at
    hours = passed.total_seconds() / 3600
    for person, steward, following in told.everybody():
        limit = told.glance.policy.expected.get(source.name, DAILY) * told.number("silence", person)
        if passed <= limit:
            continue
        card = silent_card(
            source.name,
            following,
            when=told.when,
            hours=hours,
            limit=limit,
            steward=steward,
            pulled=told.pulled,
        )
        why = (
            f"{source.name} {hours:.0f} 个小时没有新数据",
            f"门槛:{limit.total_seconds() / 3600:.0f} 个小时",
        )
        found.append(_nudge(told, person, card, "silent", why, level=1 + (passed > limit * LONG)))
    return found


async def _odd(told: _Told) -> list[Nudge]:
    glance, found = told.glance, []
    shown = await sources.shown_by_day(
        glance.session,
        told.source,
        [one.kr_id for one in told.following],
        glance.now - REMEMBERED,
        glance.policy.zone,
    )
    for person, steward, following in told.everybody():
        most = Decimal(str(told.number("jump", person)))
        odd = [
            (one, oddity)
            for one in following
            if (oddity := _oddity(glance, one, shown.get(one.kr_id, []), most)) is not None
        ]
        if not odd:
            continue
        card = odd_card(
            told.source.name, odd, limit=most, today=glance.today, steward=steward, pulled=told.pulled
        )
        why = (f"{told.source.name} 有 {len(odd)} 个数变得突然", f"门槛:一天变化 {most:.0%},或累计变小")
        day = max(oddity.day for _, oddity in odd)
        found.append(_nudge(told, person, card, "odd", why, period=day.isoformat()))
    return found


def _oddity(
    glance: Glance, one: Follower, days: Sequence[tuple[date, Decimal]], most: Decimal
) -> Oddity | None:
    spec = glance.policy.metrics.get(one.metric)
    if spec is None or not days or days[-1][0] < glance.today - DAILY:
        return None
    summed = oddities.adds_up(spec.kind, one.basis)
    return oddities.look(days, summed=summed, monthly=one.basis is Basis.MONTH, today=glance.today, most=most)


def _unmapped(told: _Told) -> list[Nudge]:
    source = told.source
    if not source.unmapped:
        return []
    card = unmapped_card(source.name, source.unmapped, source.example, pulled=told.pulled)
    why = (f"{source.name} 有 {source.unmapped} 条数据对不上", "门槛:1 条")
    return [
        _nudge(told, person, card, "unmapped", why)
        for person in told.stewards
        if told.glance.rule(KEY, person).on
    ]


def _nudge(
    told: _Told,
    person: Person,
    card: Card,
    variant: str,
    why: tuple[str, ...],
    *,
    level: int = 1,
    period: str = "",
) -> Nudge:
    return Nudge(person.id, told.source.name, card, variant, level, period, facts=why)


WATCH = Watch(KEY, "15 9-20 * * *", look)
