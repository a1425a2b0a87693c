"""环比, 同比 and 同店: a figure against the period before and the year before, and of shops that were open in both."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from tests.figures import by_hand
from tests.figures.by_hand import SPANS
from tests.figures.company import HEAD, Company, region_of
from tests.figures.points import METRICS, PLACES, REGIONS, STORES
from tests.figures.said import assert_says

TOLD = ("conversion", "sales", "basket", "orders")


async def test_against_the_period_and_the_year_before(company: Company) -> None:
    said = {"环比": 0, "同比": 0}
    for turn, (place, span) in enumerate(product(("集团", *REGIONS, STORES[0]), SPANS)):
        metric = TOLD[turn % 4]
        told = await company.says(HEAD, f"环比 {METRICS[metric].name} {place} {span}")
        now, then = by_hand.part_before(span)
        value = company.total(metric, *now, PLACES[place])
        assert_says(told.splitlines()[0], span, value)
        for name, days in (("环比", then), ("同比", by_hand.year_before(span))):
            earlier = company.total(metric, *days, PLACES[place])
            line = next(line for line in told.splitlines() if line.startswith(f"{name} "))
            if value is None or earlier is None or (metric != "conversion" and earlier <= 0):
                assert line.startswith(f"{name} —"), told
                continue
            first, last = days
            assert f"{first.month}月{first.day}日" in line
            assert f"{last.month}月{last.day}日" in line
            assert_says(line, f"{last.month}月{last.day}日", earlier)
            if metric == "conversion":
                assert_says(line, "多" if value >= earlier else "少", abs(value - earlier))
            else:
                assert_says(line, name, (value / earlier - 1) * 100)
            said[name] += 1
    assert min(said.values()) >= 12


async def test_shops_that_were_open_in_both(company: Company) -> None:
    said = {"环比": 0, "同比": 0}
    for place, span in product(("集团", *REGIONS), SPANS):
        stores = [store for store in STORES if place in ("集团", region_of(store))]
        told = await company.says(HEAD, f"同店 销售额 {place} {span}")
        now, before = by_hand.part_before(span)
        for name, then in (("环比", before), ("同比", by_hand.year_before(span))):
            open_now, open_then = (
                {store: by_hand.open_at(store, *days) for store in stores} for days in (now, then)
            )
            both = [store for store in stores if open_now[store] and open_then[store]]
            line = next((line for line in told.splitlines() if line.startswith(f"同店{name}")), "")
            if not both:
                assert not line, told
                continue
            here = sum((sum(open_now[store].values(), Fraction(0)) for store in both), Fraction(0))
            prorated = sum(
                (
                    sum(open_then[store].values(), Fraction(0)) * len(open_now[store]) / len(open_then[store])
                    for store in both
                ),
                Fraction(0),
            )
            assert f"({len(both)} 家" in line
            assert_says(line, "那时", prorated)
            if prorated > 0:
                assert_says(line, "折算)", (here / prorated - 1) * 100)
                said[name] += 1
    assert said["环比"] >= 20
    assert said["同比"] >= 12
