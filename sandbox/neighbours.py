"""The goals of the chain's other region: they follow the till, and are there when the visitor of the demo comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

from config.policy import policy_of
from config.settings import Settings
from okr.cycle import quarter_of
from okr.mechanism import Mechanism, Mechanisms
from okr.objectives import Basis, Kind, Measure
from okr.policy import Policy
from sandbox import till
from sandbox.chain import CHAIN, HEAD, STORES, WEEKLY
from sandbox.sample_company import staff_row
from storage import cycles, day_curves, fed, mechanisms, objectives, people, staff, units
from storage.fed import Scales
from storage.objectives import Draft
from storage.session import Session

OPENED = time(7)
"""On the first day of the quarter they set their goals."""
SHARES = (Decimal("0.33"), Decimal("0.27"))
"""Of the store's sales, what those behind its head set out to sell."""


async def open_up(session: Session, now: datetime) -> None:
    """Put the other region on file with its goals, let 王店 have one that follows the till, too, and live through the days."""
    policy = policy_of(Settings())
    first = quarter_of(now.astimezone(policy.zone).date()).start
    opened = datetime.combine(first, OPENED, policy.zone)
    await staff.take_in(session, [staff_row(member) for member in CHAIN], now)
    orders = _by_data("成交订单", 24_000, "单", "orders")
    weekly = Mechanisms(dict.fromkeys(WEEKLY, Mechanism.WEEKLY))
    await mechanisms.settle(session, quarter_of(first), weekly)
    known = await _goal(session, policy, opened, "E0101", "每天的生意心里有数", orders)
    for owner, title, *drafts in _goals():
        await _goal(session, policy, opened, owner, title, *drafts)
    names = [store.name for store in STORES]
    for morning in (opened + timedelta(days=day) for day in range(1, (now - opened).days + 1)):
        await till.fill(session, morning, morning.date() - timedelta(days=1), names)
        await _settle(session, policy, morning, known)
    await till.fill(session, now, now.astimezone(policy.zone).date(), names)


def _goals() -> Iterator[tuple[str, str, *tuple[Draft, ...]]]:
    """Whose, what it is called, and its key results."""
    total = sum(store.sales for store in STORES)
    yield HEAD.number, "华南区站稳脚跟", _by_data("华南区销售额", total, "元", "sales")
    for store in STORES:
        head, *others = (member.number for member in CHAIN if member.store == store.name)
        yield (
            head,
            f"把{store.name}的生意做扎实",
            _by_data(f"{store.name}销售额", store.sales, "元", "sales"),
            _by_data(f"{store.name}客流量", store.visitors, "人", "visitors"),
        )
        for number, share in zip(others, SHARES, strict=True):
            own = _by_data("我的销售额", int(store.sales * share), "元", "sales", own=True)
            yield number, "让每位顾客愿意再来", own


def _by_data(title: str, target: int, unit: str, metric: str, *, own: bool = False) -> Draft:
    measure = Measure(
        Kind.NUMBER, unit, Basis.QUARTER, start=Decimal(0), target=Decimal(target), cumulative=True
    )
    return Draft(title, measure, metric=metric, metric_own=own)


async def _goal(
    session: Session, policy: Policy, now: datetime, owner: str, title: str, *drafts: Draft
) -> int:
    person = await people.by_number(session, owner)
    assert person is not None
    cycle = await cycles.running(session, now.astimezone(policy.zone).date())
    number = await objectives.create(session, person.id, cycle, title, drafts, None, now)
    await objectives.activate(session, number, now)
    await _settle(session, policy, now, number)
    return number


async def _settle(session: Session, policy: Policy, now: datetime, objective_id: int) -> None:
    """What the till said by then."""
    scales = Scales(policy.metrics, await units.known(session), policy.zone, now, policy.calendar)
    await day_curves.settle(session, objective_id, scales)
    await fed.settle(session, objective_id, scales)
