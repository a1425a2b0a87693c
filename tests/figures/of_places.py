"""What is said of places: their days, rankings, and one beside another."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from statistics import median

from tests.figures import by_hand
from tests.figures.by_hand import DAY, MONDAY, NOVEMBER, OTHERS, PERSON, Q4, SPANS, STORE, WEEK, YESTERDAY
from tests.figures.company import (
    HEAD,
    METRICS,
    PLACES,
    STORES,
    TODAY,
    Company,
    chief_of,
    head_of,
    name_of,
    of_person,
    of_store,
    region_of,
    sellers_of,
)
from tests.figures.said import assert_is, assert_says, number_after


async def days(company: Company, place: str) -> None:
    belongs = PLACES[place]
    for day in (TODAY, YESTERDAY, date(2026, 11, 11), date(2026, 10, 31)):
        told = await company.says(HEAD, f"日报 {place} {day.month}月{day.day}日")
        lines = {line.split()[0]: line for line in told.splitlines()[1:] if line.strip()}
        for key, spec in METRICS.items():
            value = company.total(key, day, day, belongs)
            if spec.name not in lines:
                assert value is None, (place, day, key, told)
                continue
            assert_says(lines[spec.name], spec.name, value)
            earlier = company.total(key, day - WEEK, day - WEEK, belongs)
            if "%" in lines[spec.name].partition("比上周")[2] and spec.unit and value is not None:
                assert earlier is not None
                assert earlier > 0
                assert_says(
                    lines[spec.name], f"比上周{'一二三四五六日'[day.weekday()]}", (value / earlier - 1) * 100
                )
        shown = re.search(r"近 7 天销售额:(.*)", told)
        assert shown, told
        for n, part in enumerate(shown[1].split(" · ")):
            assert_is(
                part.split()[1], company.total("sales", day - DAY * (6 - n), day - DAY * (6 - n), belongs)
            )
    told = await company.says(HEAD, f"看板 {place}")
    for key, spec in METRICS.items():
        for label, first in ((f"{spec.name} 今天", TODAY), ("本周", MONDAY)):
            line = next((line for line in told.splitlines() if line.startswith(spec.name)), "")
            value = company.total(key, first, TODAY, belongs)
            if line and label in line and value is not None:
                assert_says(line, label, value)


async def ranking(company: Company, kind: str, metric: str, span: str) -> None:
    first, last = SPANS[span]
    back = DAY if first == last else WEEK
    earlier = (first - back if span not in ("本月", "本季") else first, last - back)
    now = by_hand.values_of(company, kind, metric, first, last)
    told = await company.says(HEAD, f"排名 {kind} {METRICS[metric].name} {span}")
    if len(now) < company.policy.ranking_least:
        assert "就不排名了" in told, (told, now)
        return
    places, then = by_hand.placed(now), by_hand.placed(by_hand.values_of(company, kind, metric, *earlier))
    rows = re.findall(r"^(\d+) (\S+)  (\S+)(.*)$", told, re.MULTILINE)
    assert len(rows) == min(5, len(now)), told
    for place, name, _, rest in rows:
        assert int(place) == places[name], (told, now)
        assert_says(told, f"{place} {name} ", now[name])
        risen = then[name] - places[name] if name in then else 0
        assert (f"↑{risen}" in rest) == (risen > 0), (name, risen, told)
    if kind == "个人" and PERSON.replace("S", "员s") in now:
        own = await company.says(PERSON, f"我排第几 {METRICS[metric].name} {span}")
        mine = {name: now[name] for name in map(name_of, sellers_of(STORE)) if name in now}
        if len(mine) >= company.policy.ranking_least:
            found = re.search(r"第 (\d+) / (\d+)", own)
            assert found, own
            assert (int(found[1]), int(found[2])) == (by_hand.placed(mine)[name_of(PERSON)], len(mine)), own


async def side_by_side(company: Company) -> None:
    for kind in ("门店", "区域"):
        for metric in ("sales", "basket", "conversion"):
            for span in ("上周", "本月", "本季"):
                values = by_hand.values_of(company, kind, metric, *SPANS[span])
                told = await company.says(HEAD, f"对比 {METRICS[metric].name} 按 {kind} {span}")
                assert_says(told, "中位", Fraction(median(values.values())))
                for name, value in values.items():
                    assert_says(told, f"\n{name}", value)
    for metric in ("sales", "basket"):
        told = await company.says(HEAD, f"对比 {METRICS[metric].name} 按 职级 本月")
        for grade in (1, 2, 3):
            grades = [sellers_of(store)[grade - 1] for store in STORES]
            known_or_not = [company.total(metric, NOVEMBER, TODAY, of_person(one)) for one in grades]
            known = [value for value in known_or_not if value is not None]
            whole = company.total(metric, NOVEMBER, TODAY, lambda one: one.employee in grades)  # noqa: B023
            mean = whole if metric == "basket" else sum(known, Fraction(0)) / len(known)
            assert_says(told, f"\nP{grade}", mean)
    told = await company.says(head_of(STORE), "对比 销售额 按 周")
    for n in (3, 2, 1):
        begin = MONDAY - WEEK * n
        week = company.total("sales", begin, begin + DAY * 6, of_store(STORE))
        assert_says(told, f"{begin.month}月{begin.day}日那周", week)
    told = await company.says(HEAD, "对比 销售额 按 门店,周")
    for store in STORES:
        line = next(line for line in told.splitlines() if line.startswith(store))
        for n, part in zip((3, 2, 1, 0), line.removeprefix(store).split(" → "), strict=True):
            begin = MONDAY - WEEK * n
            week = company.total("sales", begin, min(TODAY, begin + DAY * 6), of_store(store))
            assert_is(part.strip(), week)


async def regions(company: Company) -> None:
    """达成 is the mean progress of the goals in force; of fewer than four people nothing is said."""
    values, east = by_hand.values(company), []
    for refs in (("KR1", "KR2", "KR3", "KR4", "KR5", "KR6"), ("KR7",)):
        parts = [by_hand.progress(ref, values[ref]) for ref in refs]
        east.append(sum(parts, Fraction(0)) / len(parts))
    for number, target in OTHERS.items():
        place = "东区" if number == chief_of("东区") else STORES[int(number[1:]) - 1]
        sold = company.total("sales", Q4, TODAY, PLACES[place]) or Fraction(0)
        east.append(max(Fraction(0), min(Fraction(1), sold / target)))
    told = await company.says(HEAD, "区域对比")
    said, half = number_after(told, "达成")
    assert abs(said - sum(east, Fraction(0)) / len(east) * 100) <= half + Fraction(1, 5), (
        told
    )  # weights are thousandths
    assert "人太少不比:南区、西区" in told


async def against(company: Company, place: str, span: str, metric: str) -> None:
    now, then = by_hand.part_before(span)
    stores = [store for store in STORES if place in ("集团", region_of(store))]
    told = await company.says(HEAD, f"环比 {METRICS[metric].name} {place} {span}")
    values = [company.total(metric, *days, of_store(*stores)) for days in (now, then)]
    assert_says(told.splitlines()[0], span, values[0])
    line = next(line for line in told.splitlines() if line.startswith("环比 "))
    if values[0] is None or values[1] is None:
        assert line.startswith("环比 —"), told
    elif metric == "conversion":
        points = values[0] - values[1]
        assert_says(line, "多" if points >= 0 else "少", abs(points))
    elif values[1] > 0:
        assert_says(line, "环比", (values[0] / values[1] - 1) * 100)
    assert "同比 —" in told
    told = await company.says(HEAD, f"同店 销售额 {place} {span}")
    open_now, open_then = (
        {store: company.days("sales", *days, of_store(store)) for store in stores} for days in (now, then)
    )
    both = [store for store in stores if open_now[store] and open_then[store]]
    if not both:
        assert "同店环比" not in told
        return
    here = sum((sum(open_now[store].values(), Fraction(0)) for store in both), Fraction(0))
    prorated = sum(
        (
            sum(open_then[store].values(), Fraction(0)) * len(open_now[store]) / len(open_then[store])
            for store in both
        ),
        Fraction(0),
    )
    line = next(line for line in told.splitlines() if line.startswith("同店环比"))
    assert f"({len(both)} 家" in line
    assert_says(line, "那时", prorated)
    if prorated > 0:
        assert_says(line, "折算)", (here / prorated - 1) * 100)


async def heat(company: Company) -> None:
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
