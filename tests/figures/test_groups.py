"""Groups beside each other: stores by how they set their goals, and regions by how they carry them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

from okr.policy import SHANGHAI
from storage.session import Session
from tests.figures import by_hand
from tests.figures.by_hand import DAY
from tests.figures.company import HEAD, NOW, OTHER_KIND, WEEKLY, Company
from tests.figures.goals import AIMS, GOALS, HELP, refs_of, region_of_person
from tests.figures.points import METRICS, REGIONS, STORES, TODAY
from tests.figures.said import assert_says

Part = tuple[Fraction, Fraction]
AGAINST = {"本月": "上一月", "本季": "上一季", "上周": "上一周"}
RHYTHM = 14
"""Days after which what people report is old."""


async def test_mechanisms(company: Company) -> None:
    """Both groups added up, each store with itself in the same days before, prorated by its open days; 5 against 5 in a month."""
    small = 0
    for metric, span in product(("sales", "orders", "conversion"), AGAINST):
        now, then = by_hand.part_before(span)
        told = await company.says(HEAD, f"机制对比 {METRICS[metric].name} {span}")
        known = {store: _parts(metric, store, now, then) for store in STORES}
        groups = {
            name: [
                one
                for store, one in known.items()
                if one and store != OTHER_KIND and (store in WEEKLY) == weekly
            ]
            for name, weekly in (("周更新", True), ("固定月", False))
        }
        changes = []
        for name, some in groups.items():
            line = next(line for line in told.splitlines() if line.startswith(f"{name} {len(some)} 家"))
            later, before = (_together([one[at] for one in some], metric) for at in (0, 1))
            changes.append(later / before - 1)
            assert_says(line, AGAINST[span], changes[-1] * 100)
            risen = sum(_value(one[1]) > 0 and _value(one[0]) > _value(one[1]) for one in some)
            assert f",{risen} 家在涨" in line
        more = changes[0] - changes[1]
        assert_says(told.splitlines()[0], "多涨" if more > 0 else "少涨", abs(more) * 100)
        few = [f"{name} {len(some)} 家" for name, some in groups.items() if len(some) < 5]
        assert (f"⚠ {'、'.join(few)},一组不到 5 家" in told) == bool(few), told
        small += bool(few)
        silent = sum(one is None for one in known.values())
        assert (f"{silent} 家有一段没有数" in told) == bool(silent)
        assert ("1 家的门店类型只有一组有" in told) == (known[OTHER_KIND] is not None)
    assert 0 < small < 9


def _together(some: list[Part], metric: str) -> Fraction:
    """A ratio sums both sides and divides once."""
    upper = sum((one[0] for one in some), Fraction(0))
    return upper / sum((one[1] for one in some), Fraction(0)) if metric == "conversion" else upper


def _value(part: Part) -> Fraction:
    return part[0] / part[1]


def _parts(
    metric: str, store: str, now: tuple[date, date], then: tuple[date, date]
) -> tuple[Part, Part] | None:
    """Now and then as fractions; None for a store that has no figure in one of both."""
    if metric == "conversion":
        sides = [
            [by_hand.open_at(store, *days, side) for side in ("orders", "visitors")] for days in (now, then)
        ]
        sums = [[sum(one.values(), Fraction(0)) for one in some] for some in sides]
        if any(not upper or not lower or not sum(lower.values()) for upper, lower in sides):
            return None
        return (sums[0][0], sums[0][1]), (sums[1][0], sums[1][1])
    here, before = (by_hand.open_at(store, *days, metric) for days in (now, then))
    if not here or not before:
        return None
    prorated = sum(before.values(), Fraction(0)) * len(here) / len(before)
    return (sum(here.values(), Fraction(0)), Fraction(1)), (prorated, Fraction(1))


async def test_regions(company: Company) -> None:
    """What is reached, reported in its rhythm, warned of and answered; of fewer than four people nothing is said."""
    await company.bot().run("progress_warning", NOW.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"))
    await company.database.transact(_only_superiors_hear)
    told = await company.says(HEAD, "区域对比")
    assert "人太少不比:北区、南区" in told
    drawn = await company.picture(HEAD, "区域对比")
    for region in ("东区", "西区"):
        owners = [number for number in GOALS if region_of_person(number) == region]
        line = next(line for line in told.splitlines() if line.startswith(f"{region}({len(owners)} 人)"))
        assert_says(line, "达成", sum(map(by_hand.reached, owners), Fraction(0)) / len(owners) * 100)
        refs = [ref for number in owners for ref in refs_of(number)]
        assert_says(line, "更新", Fraction(sum(map(_is_fresh, refs)), len(refs)) * 100)
        warned = sum(by_hand.behind(ref) >= 10 and by_hand.progress_now(ref) < 1 for ref in refs)
        assert f"预警 {warned} 次" in line, line
        hours = sorted(one for _, one in HELP[region])
        if len(hours) < 3:
            assert line.endswith("回应 —")
        else:
            middle = Fraction(hours[len(hours) // 2] + hours[(len(hours) - 1) // 2], 2)
            assert_says(line, "回应", middle)
        assert line.partition("达成")[2].split(" · ", 1)[1] in drawn
    assert any(not _is_fresh(ref) for ref in AIMS)
    assert set(HELP) < set(REGIONS)


async def _only_superiors_hear(session: Session) -> None:
    """Of what is at risk, which is told to both; it stays one warning."""
    dropped = await session.run(
        "UPDATE letters SET state = 'dropped' WHERE reminder = 'progress_warning' AND variant = '' AND level > 1"
        " AND subject IN (SELECT subject FROM letters WHERE reminder = 'progress_warning' AND variant = 'manager'"
        " ORDER BY subject LIMIT 3)"
    )
    assert dropped == 3


def _is_fresh(ref: str) -> bool:
    """Said at all, and by people not more than a rhythm ago."""
    known = by_hand.story(ref)
    return bool(known) and (bool(AIMS[ref].metric) or TODAY - max(known) <= DAY * RHYTHM)
