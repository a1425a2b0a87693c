"""What is said of places: their days, and one beside another."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from statistics import median

from tests.figures import by_hand
from tests.figures.by_hand import DAY, MONDAY, NOVEMBER, SPANS, WEEK, YESTERDAY
from tests.figures.company import HEAD, PART_TIME, Company, closed_at, head_of
from tests.figures.goals import STORE
from tests.figures.points import METRICS, PLACES, REGIONS, STORES, TODAY, of_person, of_store, sellers_of
from tests.figures.said import assert_is, assert_says

SEEN = (*STORES[:3], STORES[5], STORES[-1], *REGIONS, "集团")


async def test_days_of_places(company: Company) -> None:
    for place in SEEN:
        for day in (TODAY, YESTERDAY, date(2026, 11, 11), date(2026, 10, 31)):
            told = await company.says(HEAD, f"日报 {place} {day.month}月{day.day}日")
            _day_of(company, place, day, told)
        told = await company.says(HEAD, f"看板 {place}")
        for key, spec in METRICS.items():
            for label, first in ((f"{spec.name} 今天", TODAY), ("本周", MONDAY)):
                line = next((line for line in told.splitlines() if line.startswith(spec.name)), "")
                value = company.total(key, first, TODAY, PLACES[place])
                if line and label in line and value is not None:
                    assert_says(line, label, value)


def _day_of(company: Company, place: str, day: date, told: str) -> None:
    lines = {line.split()[0]: line for line in told.splitlines()[1:] if line.strip()}
    for key, spec in METRICS.items():
        value = company.total(key, day, day, PLACES[place])
        if spec.name not in lines:
            assert value is None, (place, day, key, told)
            continue
        assert_says(lines[spec.name], spec.name, value)
        earlier = company.total(key, day - WEEK, day - WEEK, PLACES[place])
        if "%" in lines[spec.name].partition("比上周")[2] and spec.unit and value is not None:
            assert earlier is not None
            assert earlier > 0
            label = f"比上周{'一二三四五六日'[day.weekday()]}"
            assert_says(lines[spec.name], label, (value / earlier - 1) * 100)
    shown = re.search(r"近 7 天销售额:(.*)", told)
    assert shown, told
    for n, part in enumerate(shown[1].split(" · ")):
        one = day - DAY * (6 - n)
        assert_is(part.split()[1], company.total("sales", one, one, PLACES[place]))


async def test_side_by_side(company: Company) -> None:
    for kind in ("门店", "区域"):
        for metric in ("sales", "basket", "conversion"):
            for span in ("上周", "本月", "本季"):
                values = by_hand.values_of(company, kind, metric, *SPANS[span])
                told = await company.says(HEAD, f"对比 {METRICS[metric].name} 按 {kind} {span}")
                assert_says(told, "中位", Fraction(median(values.values())))
                best = sorted(values, key=lambda name: -values[name])[:7]
                for name in best:
                    assert_says(told, f"\n{name}", values[name])
    for metric in ("sales", "basket"):
        told = await company.says(HEAD, f"对比 {METRICS[metric].name} 按 职级 本月")
        for grade in (1, 2, 3):
            numbers = {number for store in STORES for number in sellers_of(store) if number[-1] == str(grade)}
            numbers.discard(PART_TIME)
            known_or_not = [company.total(metric, NOVEMBER, TODAY, of_person(one)) for one in numbers]
            known = [value for value in known_or_not if value is not None]
            whole = company.total(metric, NOVEMBER, TODAY, lambda one: one.employee in numbers)  # noqa: B023
            mean = whole if metric == "basket" else sum(known, Fraction(0)) / len(known)
            assert_says(told, f"\nP{grade}", mean)


async def test_weeks_beside_each_other(company: Company) -> None:
    told = await company.says(head_of(STORE), "对比 销售额 按 周")
    for n in (3, 2, 1):
        begin = MONDAY - WEEK * n
        week = company.total("sales", begin, begin + DAY * 6, of_store(STORE))
        assert_says(told, f"{begin.month}月{begin.day}日那周", week)
    told = await company.says(HEAD, "对比 销售额 按 门店,周")
    shown = [line for line in told.splitlines() if line.split()[0] in STORES]
    assert len(shown) == 7
    for line in shown:
        store, rest = line.split(" ", 1)
        for n, part in zip((3, 2, 1, 0), rest.partition(" · ")[0].split(" → "), strict=True):
            begin = MONDAY - WEEK * n
            week = company.total("sales", begin, min(TODAY, begin + DAY * 6), of_store(store))
            assert_is(part.strip(), week)


async def test_stores_that_were_open_in_both(company: Company) -> None:
    """对比 … 同店: what each has counted on the days it was open, the span before as if it had been open as often."""
    for span in ("上周", "本月", "本季"):
        told = await company.says(HEAD, f"对比 销售额 按 门店 {span} 同店")
        shown = 0
        now, then = by_hand.part_before(span)
        for store in STORES:
            here, before = by_hand.open_at(store, *now), by_hand.open_at(store, *then)
            if not here or not before:
                assert f"\n{store}" not in told
                continue
            line = next((line for line in told.splitlines() if line.startswith(store)), "")
            if not line:
                continue
            total = sum(here.values(), Fraction(0))
            prorated = sum(before.values(), Fraction(0)) * len(here) / len(before)
            assert_says(line, store, total)
            if prorated > 0:
                assert_says(line, "比上一段", (total / prorated - 1) * 100)
            shown += 1
        assert shown >= 5
    assert any(closed_at(store) for store in STORES)


async def test_heat(company: Company) -> None:
    told = await company.says(HEAD, "热力图 销售额 上周")
    drawn = re.findall(r">([^<>]+)</text>", await company.picture(HEAD, "热力图 销售额 上周"))
    shown = [line for line in told.splitlines() if line.split()[0] in STORES]
    assert len(shown) >= 6
    for line in shown:
        store, rest = line.split(" ", 1)
        for n, part in enumerate(rest.split(" · ")):
            day = MONDAY - WEEK + DAY * n
            assert_is(part, company.total("sales", day, day, of_store(store)))
            assert part in drawn, (part, drawn)
