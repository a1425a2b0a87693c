"""Whose time has come: a reminder looks at one time for everybody, and at others for those who have their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from okr.policy import Policy
from okr.reminding import ReminderRule
from okr.schedule import When
from scheduler import groups
from scheduler.reminder import Glance, Nudge, Watch
from scheduler.slots import as_said, last_before
from storage import people


async def said_at(watch: Watch, glance: Glance) -> list[Nudge]:
    """What a reminder has to say at a moment, to those whose time it is; groups have everybody's.

    A time that has passed within the grace counts too: it may have been missed, and nothing is said twice. A moment
    that is nobody's, as of a run by hand, is everybody's.
    """
    rule = glance.policy.reminders.get(watch.reminder, ReminderRule())
    if not rule.own_times:
        return await groups.everything(watch, glance)
    found: list[Nudge] = []
    everybody = _is_due(watch, glance, glance.policy)
    due = [times for times in rule.own_times if _is_due(watch, glance, _timed(watch, glance, times))]
    if everybody or not due:
        found += await _of(await groups.everything(watch, glance), glance, rule, {})
    for times in due:
        own = replace(glance, policy=_timed(watch, glance, times))
        found += await _of(list(await watch.look(own)), own, rule, times)
    return found


def _timed(watch: Watch, glance: Glance, times: Mapping[str, When]) -> Policy:
    return glance.policy.timed_for(watch.reminder, times)


def _is_due(watch: Watch, glance: Glance, policy: Policy) -> bool:
    slots = as_said(watch.slots, policy.schedule.get(watch.reminder, {}))
    return last_before(slots, glance.now, watch.grace, policy.zone, policy.calendar) is not None


async def _of(
    nudges: list[Nudge], glance: Glance, rule: ReminderRule, times: Mapping[str, When]
) -> list[Nudge]:
    """Those for somebody with exactly these times; what is for a group stays with everybody's."""
    receivers = sorted({one.to for one in nudges if isinstance(one.to, int)})
    known = await people.by_ids(glance.session, receivers)
    return [
        one
        for one in nudges
        if (not times if not isinstance(one.to, int) else rule.times_of(known[one.to]) == times)
    ]
