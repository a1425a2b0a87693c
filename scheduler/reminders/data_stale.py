"""数据断更提醒: a source that brings nothing any more, or brings what cannot be placed.

To who looks after the data, and, where it is silent, to everybody whose key results show its last number.
"""

from __future__ import annotations

from datetime import timedelta

from cards.data_stale import silent_card, unmapped_card
from okr.moments import say_moment
from okr.people import Person
from okr.reminding import Reminder
from scheduler.reminder import Glance, Nudge, Watch
from storage import people, sources
from storage.sources import Source

KEY = Reminder.DATA_STALE
INTERVAL = timedelta(days=1)
"""A source that pushes is expected to do so every day."""
LONG = 3
"""So many times the threshold is worse."""


async def look(glance: Glance) -> list[Nudge]:
    stewards = await people.by_numbers(
        glance.session, sorted(glance.policy.data_stewards or glance.policy.admins)
    )
    nudges: list[Nudge] = []
    for source in await sources.everything(glance.session, glance.only):
        if source.ignored_until is not None and source.ignored_until > glance.now:
            continue
        nudges += await _silent(glance, source, stewards)
        nudges += _unmapped(glance, source, stewards)
    return nudges


async def _silent(glance: Glance, source: Source, stewards: list[Person]) -> list[Nudge]:
    if source.heard_at is None:
        return []
    passed = glance.now - source.heard_at
    following = await sources.followers(glance.session, source)
    owners = await people.by_ids(glance.session, sorted({one.owner_id for one in following}))
    when = say_moment(source.newest_at or source.heard_at, glance.now, glance.policy.zone)
    found: list[Nudge] = []
    told = {person.id: person for person in [*stewards, *owners.values()] if person.active}
    for person in told.values():
        rule = glance.rule(KEY, person)
        limit = INTERVAL * float(rule["silence"])
        if not rule.on or passed <= limit:
            continue
        own = [one for one in following if one.owner_id == person.id]
        steward = any(one.id == person.id for one in stewards)
        hours = passed.total_seconds() / 3600
        card = silent_card(
            source.name, following if steward else own, when=when, hours=hours, limit=limit, steward=steward
        )
        why = (
            f"{source.name} {hours:.0f} 个小时没有新数据",
            f"门槛:{limit.total_seconds() / 3600:.0f} 个小时",
        )
        level = 2 if passed > limit * LONG else 1
        found.append(Nudge(person.id, source.name, card, variant="silent", level=level, facts=why))
    return found


def _unmapped(glance: Glance, source: Source, stewards: list[Person]) -> list[Nudge]:
    if not source.unmapped:
        return []
    card = unmapped_card(source.name, source.unmapped, source.example)
    why = (f"{source.name} 有 {source.unmapped} 条数据对不上", "门槛:1 条")
    return [
        Nudge(person.id, source.name, card, variant="unmapped", facts=why)
        for person in stewards
        if glance.rule(KEY, person).on
    ]


WATCH = Watch(KEY, "15 9 * * *", look)
