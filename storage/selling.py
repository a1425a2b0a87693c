"""What the data say of people's weeks, of many at once: figures, funnels, and places among comparable others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from okr.funnels import Flow, FunnelSpec
from okr.people import Person
from okr.policy import Policy
from okr.ranking import Place, above, ranked, standing
from okr.reminding import Reminder, ReminderRule, is_mandatory
from okr.selling import Selling, Standing, Turn
from okr.weekly import Week
from storage import flows, sources, units
from storage.peers import Asked, Peers
from storage.rankings import Spans
from storage.session import Session

ZERO = Decimal(0)
ONE_BY_ONE = 3
"""So many are placed one by one; of more everybody is."""
_Sums = Mapping[str, Decimal]
"""By metric, of one person or store."""


async def of_people(
    session: Session, people: Sequence[Person], week: Week, now: datetime, policy: Policy, peers: Peers
) -> dict[int, Selling]:
    """By id; of whom the data say nothing there is no entry. Told is what the sources have spoken of so far."""
    heard = await sources.heard(session)
    spans = week.counted(min(now, heard.newest.astimezone(policy.zone))) if heard.newest is not None else None
    if spans is None:
        return {}
    own = [funnel for funnel in policy.funnels if funnel.own]
    metrics = _metrics(own, policy)
    ids = [one.id for one in people]
    came, before = [await flows.of_people(session, metrics, ids, span) for span in spans]
    stores = await _of_leads(session, people, spans, policy)
    places = await _places(session, people, Asked(spans, heard, now), policy, peers)
    found: dict[int, Selling] = {}
    for one in people:
        sums = {metric: came[metric, one.id] for metric in metrics if (metric, one.id) in came}
        then = {metric: before[metric, one.id] for metric in metrics if (metric, one.id) in before}
        funnels: Sequence[FunnelSpec] = own
        if one.id in stores:
            sums, then = stores[one.id]
            funnels = [funnel for funnel in policy.funnels if not funnel.own]
        told = Selling(_turn(sums, then, policy), _flow(funnels, sums, then), places.get(one.id))
        if not told.is_empty:
            found[one.id] = told
    return found


def _metrics(funnels: Sequence[FunnelSpec], policy: Policy) -> set[str]:
    summed = {key for funnel in funnels for key in funnel.metrics}
    weekly = policy.metrics.get(policy.ranking_weekly)
    return summed | ({weekly.key} if weekly is not None and weekly.kind == "cumulative" else set())


def _turn(now: _Sums, before: _Sums, policy: Policy) -> Turn | None:
    spec = policy.metrics.get(policy.ranking_weekly)
    if spec is None or (spec.key not in now and spec.key not in before):
        return None
    return Turn(spec, now.get(spec.key), before.get(spec.key))


def _flow(funnels: Sequence[FunnelSpec], now: _Sums, before: _Sums) -> Flow | None:
    """The first funnel that anything went into."""
    for funnel in funnels:
        if funnel.steps[0] in now or funnel.steps[0] in before:
            return Flow(
                funnel,
                tuple(now.get(step, ZERO) for step in funnel.steps),
                tuple(before.get(step, ZERO) for step in funnel.steps),
                now.get(funnel.brings) if funnel.brings else None,
            )
    return None


async def _of_leads(
    session: Session, people: Sequence[Person], spans: Spans, policy: Policy
) -> dict[int, tuple[dict[str, Decimal], dict[str, Decimal]]]:
    """The sums of their stores, of those who lead one."""
    leads = await _leading(session, [one.id for one in people if one.store])
    heads = [one for one in people if one.id in leads]
    if not heads:
        return {}
    known = await units.known(session)
    keys = {one.id: known.key(known.home(one)) for one in heads}
    metrics = _metrics([funnel for funnel in policy.funnels if not funnel.own], policy)
    now, before = [await flows.of_units(session, metrics, sorted(set(keys.values())), span) for span in spans]
    return {
        number: (
            {metric: now[metric, key] for metric in metrics if (metric, key) in now},
            {metric: before[metric, key] for metric in metrics if (metric, key) in before},
        )
        for number, key in keys.items()
    }


async def _leading(session: Session, ids: Sequence[int]) -> set[int]:
    """Those to whom somebody of their own store reports."""
    found: set[int] = set()
    for begin in range(0, len(ids), flows.CHUNK):
        some = ids[begin : begin + flows.CHUNK]
        rows = await session.all(
            "SELECT DISTINCT m.id FROM employees m JOIN employees e ON e.manager_id = m.id AND e.store = m.store"
            " AND e.region = m.region AND e.store_type = m.store_type"
            f" WHERE e.active = ? AND m.id IN ({', '.join('?' * len(some))})",
            True,
            *some,
        )
        found |= {row[0] for row in rows}
    return found


async def _places(
    session: Session, people: Sequence[Person], asked: Asked, policy: Policy, peers: Peers
) -> dict[int, Standing]:
    """Of those who sell, among people of the same kind of store in the same region; nobody is named."""
    spec = policy.metrics.get(policy.ranking_weekly)
    rule = policy.reminders.get(Reminder.WEEKLY_REPORT, ReminderRule())
    sellers = [one for one in people if is_mandatory(Reminder.WEEKLY_REPORT, rule, one)]
    if spec is None or not sellers:
        return {}
    kinds: dict[tuple[str, str], list[Person]] = {}
    for one in sellers:
        kinds.setdefault((one.region, one.store_type), []).append(one)
    sums = await peers.sums(session, kinds, spec, policy.metrics, asked)
    found: dict[int, Standing] = {}
    for kind, members in kinds.items():
        values, earlier = sums[kind]
        if len(values) < policy.ranking_least:
            continue
        for who, (place, gap) in _standings(values, earlier, [one.id for one in members]).items():
            found[who] = Standing(place, len(values), gap)
    return found


def _standings(now: _Sums, before: _Sums, ids: Sequence[int]) -> dict[int, tuple[Place, Decimal | None]]:
    """Of one or two without placing everybody; who is not among them has none."""
    if len(ids) <= ONE_BY_ONE:
        alone = {one: standing(now, before, str(one)) for one in ids}
        return {one: found for one, found in alone.items() if found is not None}
    places = ranked(now, before)
    by_key = {place.key: place for place in places}
    found: dict[int, tuple[Place, Decimal | None]] = {}
    for one in ids:
        mine = by_key.get(str(one))
        if mine is not None:
            up = above(places, mine)
            found[one] = mine, up.value - mine.value if up else None
    return found
