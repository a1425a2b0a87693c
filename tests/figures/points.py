"""Points made by chance: two months of them that come late, twice, corrected, as refunds, or not at all, and the same
weeks of a year ago.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

from okr.policy import SHANGHAI, MetricSpec

TODAY = date(2026, 11, 25)
"""Wednesday."""
FIRST = date(2026, 8, 24)
MONDAY_BEFORE = date(2026, 11, 16)
YEAR_AGO = (date(2025, 10, 1), date(2025, 11, 28))
METRICS = {
    "sales": MetricSpec("sales", "销售额", "cumulative", "元"),
    "orders": MetricSpec("orders", "订单数", "cumulative", "单"),
    "visitors": MetricSpec("visitors", "客流量", "cumulative", "人"),
    "tries": MetricSpec("tries", "试穿数", "cumulative", "次"),
    "basket": MetricSpec("basket", "客单价", "ratio", "元", "sales", "orders"),
    "conversion": MetricSpec("conversion", "转化率", "ratio", "", "orders", "visitors"),
}
REGIONS = {
    "东区": ("东一店", "东二店", "东三店"),
    "西区": ("西一店", "西二店"),
    "南区": ("南一店", "南二店"),
    "北区": ("北一店", "北二店", "北三店", "北四店"),
}
STORES = [store for stores in REGIONS.values() for store in stores]
OLD = 5
"""The first stores were there a year ago."""
SELLERS = 3
UNCOUNTED = STORES[1]
"""It counts nobody who comes in."""
YOUNG = STORES[2]
"""Forty days old."""


def sellers_of(store: str) -> list[str]:
    """Those of the north have none yet."""
    count = 0 if store in REGIONS["北区"] else SELLERS
    return [f"S{STORES.index(store) + 1:02}{n}" for n in range(1, count + 1)]


def begins_on(store: str) -> date:
    if store in REGIONS["北区"]:
        return date(2026, 10, 1)
    return TODAY - timedelta(days=40) if store == YOUNG else FIRST


@dataclass(frozen=True)
class Raw:
    """A point as it holds in the end; `day` in Shanghai."""

    metric: str
    store: str
    employee: str
    at: datetime
    value: Fraction
    day: date


Belongs = Callable[[Raw], bool]
Lot = list[tuple[dict[str, Any], Raw]]
"""What is sent, and what it says."""


def made(random: Random) -> list[Lot]:
    """What is sent, lot by lot, each with what it says; the same id later takes the place of what was there."""
    timely: Lot = []
    late: Lot = []
    again: Lot = []
    for store in STORES:
        closed = random.randrange(7) if store == "南二店" else None
        day = begins_on(store)
        while day <= TODAY:
            if day.weekday() != closed and random.random() > 0.08:
                for one in _day(random, store, day):
                    lot = late if random.random() < 0.1 else timely
                    if random.random() < 0.08:
                        wrong = dict(one[0], value=str(random.randrange(1, 900)))
                        lot.append((wrong, _raw(wrong, store)))
                        again.append(one)
                    else:
                        lot.append(one)
                        if random.random() < 0.05:
                            again.append(one)
            day += timedelta(days=1)
    timely += [one for store in STORES[:OLD] for one in _year_ago(random, store)]
    random.shuffle(late)
    return [timely, late, again]


def _day(random: Random, store: str, day: date) -> Iterator[tuple[dict[str, Any], Raw]]:
    """A day of a store: of each seller, and of nobody in particular."""
    heavy = 2 if day.weekday() >= 5 else 1
    for who in ("", *sellers_of(store)):
        if who and random.random() < 0.3:
            continue
        sold = Decimal(random.randrange(2_000, 90_000) * heavy) / 100
        orders = random.randrange(0, 14)
        wanted = {
            "sales": -sold / 4 if random.random() < 0.1 else sold,  # refunds were more than sales
            "orders": Decimal(orders),
            "visitors": Decimal(random.choice([0, random.randrange(10, 60)])),
        }
        if day >= MONDAY_BEFORE and not who:
            wanted["tries"] = Decimal(random.randrange(orders, 20))
        if store == UNCOUNTED:
            del wanted["visitors"]
        yield from (_sent(random, store, who, day, *one) for one in wanted.items())


def _year_ago(random: Random, store: str) -> Iterator[tuple[dict[str, Any], Raw]]:
    """What the store counted as a whole."""
    first, last = YEAR_AGO
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        if random.random() < 0.15:
            continue
        wanted = {
            "sales": Decimal(random.randrange(90_000, 300_000)) / 100,
            "orders": Decimal(random.randrange(5, 40)),
            "visitors": Decimal(random.randrange(40, 160)),
        }
        yield from (_sent(random, store, "", day, *one) for one in wanted.items())


def _sent(
    random: Random, store: str, who: str, day: date, metric: str, value: Decimal
) -> tuple[dict[str, Any], Raw]:
    minute = random.randrange(8 * 60, 16 * 60)
    at = datetime.combine(day, time(minute // 60, minute % 60), SHANGHAI)
    sent = {
        "id": f"{store}-{who}-{metric}-{day}",
        "metric": metric,
        "unit": store,
        "at": at.isoformat(),
        "value": str(value.quantize(Decimal("0.01"))),
    }
    if who:
        sent["employee"] = who
    return sent, _raw(sent, store)


def _raw(sent: Mapping[str, Any], store: str) -> Raw:
    at = datetime.fromisoformat(sent["at"]).astimezone(UTC).replace(tzinfo=None)
    day = (at + timedelta(hours=8)).date()
    return Raw(sent["metric"], store, sent.get("employee", ""), at, Fraction(sent["value"]), day)


def of_store(*stores: str) -> Belongs:
    return lambda one: one.store in stores


def of_person(number: str) -> Belongs:
    return lambda one: one.employee == number


def everything(_: Raw) -> bool:
    return True


class Known:
    """Points that hold at some moment, and what they come to."""

    def __init__(self, raw: Iterable[Raw]) -> None:
        self.raw = tuple(raw)
        self._by_day: dict[tuple[str, date], list[Raw]] = {}
        for one in self.raw:
            self._by_day.setdefault((one.metric, one.day), []).append(one)

    def points(self, metric: str, first: date, last: date, belongs: Belongs) -> list[Raw]:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [one for day in days for one in self._by_day.get((metric, day), ()) if belongs(one)]

    def total(self, metric: str, first: date, last: date, belongs: Belongs) -> Fraction | None:
        """The sum, or one sum over another; None where there is nothing, or nothing to divide by."""
        spec = METRICS[metric]
        if spec.kind == "ratio":
            upper = self.total(spec.numerator, first, last, belongs)
            lower = self.total(spec.denominator, first, last, belongs)
            scale = 1 if spec.unit else 100
            return (upper or Fraction(0)) * scale / lower if lower else None
        found = self.points(metric, first, last, belongs)
        return sum((one.value for one in found), Fraction(0)) if found else None

    def days(self, metric: str, first: date, last: date, belongs: Belongs) -> dict[date, Fraction]:
        """The sum of each day that has points."""
        found: dict[date, Fraction] = {}
        for one in self.points(metric, first, last, belongs):
            found[one.day] = found.get(one.day, Fraction(0)) + one.value
        return found


SEED = 1


@cache
def lots() -> list[Lot]:
    """All points as they come to a door: late ones last, some twice, some wrong at first."""
    return made(Random(SEED))


@cache
def known_on(day: date) -> Known:
    """What has come in by the evening of a day: the same id later takes the place of what was there."""
    timely, late, again = lots()
    if day == TODAY:
        return Known({sent["id"]: one for lot in (timely, late, again) for sent, one in lot}.values())
    return Known({sent["id"]: one for sent, one in timely if one.day <= day}.values())


PLACES: Mapping[str, Belongs] = {
    "集团": everything,
    **{region: of_store(*stores) for region, stores in REGIONS.items()},
    **{store: of_store(store) for store in STORES},
}
