"""A make-believe till: what the stores of the sample company have sold since the quarter began, as the clock goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from config.policy import policy_of
from config.settings import Settings
from okr.cycle import quarter_of
from okr.policy import SHANGHAI
from sandbox.cast import CAST
from sandbox.chain import CHAIN
from storage import ingesting, units
from storage.database import Database
from storage.ingesting import Delivery
from storage.session import Session

SOURCE = "POS"
MISSING = {("滨江店", 4)}
"""Stores and the days, counted back from today, on which nothing came in."""


@dataclass(frozen=True, slots=True)
class _Shop:
    """`size`: how many come, in parts of the largest of the cast's; `ticket`: what the first of the crew takes of each, in 元,
    up to `swing` more or less from week to week.
    """

    size: float
    ticket: int = 46
    swing: int = 0


_SHOPS = {
    "西湖店": _Shop(1.0),
    "滨江店": _Shop(0.8),
    "天河店": _Shop(1.25, 47, 2),
    "越秀店": _Shop(0.9, 44, 3),
    "海珠店": _Shop(1.1, 45, 1),
    "番禺店": _Shop(0.65, 57, 2),
    "白云店": _Shop(0.85, 43, 3),
}
_WEEK = (0.9, 0.85, 0.9, 0.95, 1.1, 1.35, 1.3)
"""Monday to Sunday."""
_OPENS, _CLOSES = time(8, 40), time(22)
_LATENCY = timedelta(minutes=8)
_CALLER = ("E0202", "滨江店")
_VISITS = (2, 2, 2, 2, 1, 0, 0)
_DEALS = {1: (1, 3), 2: (0, 1, 3)}
"""Weekdays with a deal, by weeks ago."""


class Till:
    """Goes on selling when the clock is wound; `now`: what has been sold by then is known."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self._day = _day_of(now)

    async def catch_up(self, now: datetime) -> None:
        """Deliver what has been sold since it was asked last. A day that was told in part is told whole."""
        first, self._day = self._day, _day_of(now)
        await self._database.transact(lambda session: fill(session, now, first))

    async def open_again(self, now: datetime) -> None:
        """Deliver what has been sold while nobody looked."""
        self._day = quarter_of(_day_of(now)).start
        await self.catch_up(now)


def _day_of(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


async def fill(
    session: Session, now: datetime, first: date | None = None, stores: Collection[str] = tuple(_SHOPS)
) -> None:
    """Deliver every finished day from the first on, the quarter's unless it is given, and today as far as it has gone:
    the takings of the stores that are on file, by the people who work there.
    """
    policy = policy_of(Settings())
    delivery = Delivery(SOURCE, now, policy.zone, policy.metrics, await units.known(session))
    local = now.astimezone(policy.zone)
    begin = first or quarter_of(local.date()).start
    open_ones = [store for store in stores if delivery.units.find(store)]
    points = [*_points(local, begin, open_ones), *_calls(local, begin, open_ones)]
    for index in range(0, len(points), 500):
        await ingesting.deliver(session, points[index : index + 500], delivery, first=index)


def _calls(now: datetime, day: date, stores: Collection[str]) -> Iterator[dict[str, str]]:
    """What the salesman's customer book says: nine visits a week, a deal on Thursday; in the last weeks it was better."""
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    while day <= today and _CALLER[1] in stores:
        at = datetime.combine(day, time(18, 30), now.tzinfo)
        if at > now:
            at = now - timedelta(minutes=8)
        known = (_CALLER[1], (today - day).days) not in MISSING
        visits = _VISITS[day.weekday()] if known else 0
        if visits:
            yield _point(_CALLER[1], "visits", visits, at, _CALLER[0])
        weeks_ago = (monday - day + timedelta(days=6)).days // 7
        if known and day.weekday() in _DEALS.get(weeks_ago, (3,)):
            yield _point(_CALLER[1], "deals", 1, at, _CALLER[0])
        day += timedelta(days=1)


def _points(now: datetime, day: date, stores: Collection[str]) -> Iterator[dict[str, str]]:
    today = now.date()
    while day <= today:
        for store in stores:
            if (store, (today - day).days) not in MISSING:
                yield from _day(store, _SHOPS[store], day, now)
        day += timedelta(days=1)


def _day(store: str, shop: _Shop, day: date, now: datetime) -> Iterator[dict[str, str]]:
    staff = [member.number for member in (*CAST, *CHAIN) if member.store == store]
    wave = 1 + ((day.toordinal() * 37) % 21 - 10) / 100
    visitors = int(1050 * shop.size * wave * _WEEK[day.weekday()])
    at = datetime.combine(day, time(21, 30), now.tzinfo)
    if day == now.date() and now.time() < _CLOSES:
        opened = datetime.combine(day, _OPENS, now.tzinfo)
        if now <= opened + _LATENCY:
            return
        at = now - _LATENCY
        visitors = int(visitors * (now - opened) / (datetime.combine(day, _CLOSES, now.tzinfo) - opened))
    week = day.toordinal() // 7 * 5 % 7 - 3
    ticket = shop.ticket + shop.swing * week // 3
    yield _point(store, "visitors", visitors, at)
    for place, number in enumerate(staff):
        orders = visitors * (9 - place) // 100
        yield _point(store, "orders", orders, at, number)
        yield _point(store, "sales", orders * (ticket + place * 3), at, number)


def _point(store: str, metric: str, value: int, at: datetime, employee: str = "") -> dict[str, str]:
    return {
        "id": f"{store}-{metric}-{at:%Y%m%d}-{employee}",
        "metric": metric,
        "unit": store,
        "employee": employee,
        "at": at.isoformat(),
        "value": str(value),
    }
