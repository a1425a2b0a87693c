"""What figures come to, worked out from the raw points by the words of docs/rules, slow and plain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from tests.figures.company import (
    REGIONS,
    STORES,
    TODAY,
    Belongs,
    Company,
    Raw,
    chief_of,
    head_of,
    name_of,
    of_person,
    of_store,
    sellers_of,
)

DAY, WEEK = timedelta(days=1), timedelta(days=7)
Q4, NOVEMBER, MONDAY = date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 23)
YESTERDAY = TODAY - DAY
SPANS = {
    "今天": (TODAY, TODAY),
    "昨天": (YESTERDAY, YESTERDAY),
    "本周": (MONDAY, TODAY),
    "上周": (MONDAY - WEEK, MONDAY - DAY),
    "本月": (NOVEMBER, TODAY),
    "本季": (Q4, TODAY),
}
STORE = STORES[0]
PERSON = sellers_of(STORE)[0]
TARGETS = {"KR1": 300_000, "KR2": 60_000, "KR3": 40, "KR4": 400, "KR5": 200, "KR6": 90, "KR7": 60_000}
GOAL = """新建目标 门店销售
KR 销售额 本季累计 从 0 到 300000 元 数据 sales
KR 月销售 本月累计 从 0 到 60000 元 数据 sales
KR 日均单 日均 从 5 到 40 单 数据 orders
KR 周均客流 周均 从 10 到 400 人 数据 visitors
KR 客单价 从 10 到 200 元 数据 basket
KR 转化率 从 5 到 90 % 数据 conversion"""
OTHERS = {head_of(STORES[1]): 400_000, head_of(STORES[2]): 90_000, chief_of("东区"): 700_000}
"""Who else has a goal of the quarter's sales, and how much."""


def values(company: Company) -> dict[str, Fraction | None]:
    """By the table of docs/rules/metrics.md."""
    here, mine = of_store(STORE), of_person(PERSON)
    sales, month, own = (
        company.total("sales", first, TODAY, belongs)
        for first, belongs in ((Q4, here), (NOVEMBER, here), (Q4, mine))
    )
    orders = company.days("orders", Q4, YESTERDAY, here)
    first_monday = date(2026, 10, 5)
    weeks: dict[date, Fraction] = {}
    for day, value in company.days("visitors", first_monday, MONDAY - DAY, here).items():
        monday = day - DAY * day.weekday()
        weeks[monday] = weeks.get(monday, Fraction(0)) + value
    return {
        "KR1": sales,
        "KR2": month,
        "KR3": sum(orders.values(), Fraction(0)) / len(orders),
        "KR4": sum(weeks.values(), Fraction(0)) / len(weeks),
        "KR5": company.total("basket", Q4, TODAY, here),
        "KR6": company.total("conversion", Q4, TODAY, here),
        "KR7": own,
    }


def progress(ref: str, value: Fraction | None) -> Fraction:
    assert value is not None
    start = {"KR3": 5, "KR4": 10, "KR5": 10, "KR6": 5}.get(ref, 0)
    return max(Fraction(0), min(Fraction(1), (value - start) / (TARGETS[ref] - start)))


def weights(company: Company, raw: Sequence[Raw], metric: str, until: date) -> dict[date, Fraction]:
    """Of every day of the quarter, by docs/rules/day-targets.md: what the same weekday has brought of late."""
    calendar, half_a_year = company.policy.calendar, until - DAY * 182
    sums: dict[date, Fraction] = {}
    for one in raw:
        if one.metric == metric and one.store == STORE and one.day < until:
            sums[one.day] = sums.get(one.day, Fraction(0)) + one.value
    known = {day: max(value, Fraction(0)) for day, value in sums.items()}
    usual = {
        day: value
        for day, value in known.items()
        if day not in calendar.holidays
        and (day.month, day.day) not in ((6, 18), (11, 11), (12, 12))
        and not (day in calendar.workdays and day.weekday() >= 5)
    }
    means = []
    for weekday in range(7):
        some = [value for day, value in usual.items() if day.weekday() == weekday and day >= half_a_year]
        means.append(sum(some, Fraction(0)) / len(some))
    level = sum(means, Fraction(0)) / 7
    week = [_thousandths(mean / level) for mean in means]
    feasts = [value for day, value in known.items() if day in calendar.holidays]
    feast = (
        _thousandths(sum(feasts, Fraction(0)) / len(feasts) / level) if len(feasts) >= 3 else max(week[5:])
    )
    same = [usual[day] for n in (7, 14, 21, 28) if (day := date(2026, 11, 11) - DAY * n) in usual]
    singles = known.get(date(2026, 11, 11))
    found: dict[date, Fraction] = {}
    for n in range(92):
        day = Q4 + DAY * n
        found[day] = week[day.weekday()]
        if day in calendar.holidays:
            found[day] = feast
        elif day in calendar.workdays and day.weekday() >= 5:
            found[day] = _thousandths(sum(week[:5], Fraction(0)) / 5)
        elif day == date(2026, 11, 11) and singles is not None and len(same) >= 2 and any(same):
            sale = _thousandths(singles / (sum(same, Fraction(0)) / len(same)))
            found[day] = _thousandths(week[day.weekday()] * sale)
    return found


def _thousandths(value: Fraction) -> Fraction:
    return Fraction(int(value * 1000 + Fraction(1, 2)), 1000)


def told_week(company: Company) -> tuple[date, date]:
    """Up to the newest day that has been told of by four in the afternoon."""
    newest = max(one.at for one in company.raw.values()) + timedelta(hours=8)
    last = newest.date() if newest.hour >= 16 else newest.date() - DAY
    return MONDAY, min(last, TODAY)


def _fields(kind: str) -> dict[str, Belongs]:
    if kind == "门店":
        return {store: of_store(store) for store in STORES}
    if kind == "区域":
        return {region: of_store(*stores) for region, stores in REGIONS.items()}
    return {name_of(one): of_person(one) for store in STORES for one in sellers_of(store)}


def placed(values: dict[str, Fraction]) -> dict[str, int]:
    """Equal ones share a place, and the next follows without a gap."""
    steps = sorted(set(values.values()), reverse=True)
    return {name: steps.index(value) + 1 for name, value in values.items()}


def values_of(company: Company, kind: str, metric: str, first: date, last: date) -> dict[str, Fraction]:
    return {
        name: value
        for name, belongs in _fields(kind).items()
        if (value := company.total(metric, first, last, belongs)) is not None
    }


def part_before(span: str) -> tuple[tuple[date, date], tuple[date, date]]:
    """The days that are over, and the same part of the period before."""
    first, last = SPANS[span]
    last = YESTERDAY if last == TODAY and first < TODAY else last
    if span in ("今天", "昨天"):
        then = (first - DAY, last - DAY)
    elif span in ("本周", "上周"):
        then = (first - WEEK, last - WEEK)
    elif span == "本月":
        then = (date(2026, 10, 1), date(2026, 10, 1) + (last - first))
    else:
        then = (date(2026, 7, 1), date(2026, 7, 1) + (last - first))
    return (first, last), then
