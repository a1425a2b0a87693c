"""Rankings: places, who has risen, and what is missing to the next one up, over every span and where some are equal."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from itertools import product

from tests.figures import by_hand
from tests.figures.by_hand import DAY, Q4, SPANS, WEEK
from tests.figures.company import HEAD, OTHER_KIND, PART_TIME, Company, name_of
from tests.figures.goals import GOALS, place_of, region_of_person
from tests.figures.points import METRICS, REGIONS, STORES, TODAY, sellers_of
from tests.figures.said import assert_is, assert_says, number_after

MEASURES = ("orders", "sales", "conversion", "basket")


def earlier(span: str) -> tuple[date, date]:
    """The day or the week before; of a month or a quarter the same a week ago."""
    first, last = SPANS[span]
    if span in ("本月", "本季"):
        return first, last - WEEK
    return (first - DAY, last - DAY) if first == last else (first - WEEK, last - WEEK)


async def test_the_first_of_all(company: Company) -> None:
    ties = 0
    for turn, (kind, span) in enumerate(product(("个人", "门店", "区域"), SPANS)):
        metric = MEASURES[turn % 4]
        now = by_hand.values_of(company, kind, metric, *SPANS[span])
        told = await company.says(HEAD, f"排名 {kind} {METRICS[metric].name} {span}")
        if len(now) < company.policy.ranking_least:
            assert "就不排名了" in told, (told, now)
            continue
        then = by_hand.values_of(company, kind, metric, *earlier(span))
        ties += len(set(now.values())) < len(now)
        _assert_first(told, now, then)
        assert PART_TIME.lower() not in told
    assert ties


def _assert_first(
    told: str, now: dict[str, Fraction], then: dict[str, Fraction], *, of_goals: bool = False
) -> None:
    places, before = by_hand.placed(now), by_hand.placed(then)
    rows = [line.split("  ") for line in told.splitlines() if re.match(r"\d+ \S+  ", line)]
    assert len(rows) == min(5, len(now)), told
    assert [int(row[0].split()[0]) for row in rows] == sorted(places.values())[:5]
    for who, value, *moved in rows:
        place, name = who.split()
        assert int(place) == places[name], (told, now)
        assert_is(value, now[name] * 100 if of_goals else now[name])
        risen = before[name] - places[name] if name in before else 0
        assert moved == ([f"↑{risen}"] if risen > 0 else []), (name, risen, told)


async def test_what_is_missing_to_the_next(company: Company) -> None:
    said = {"first": 0, "behind": 0, "few": 0, "equal": 0}
    for turn, (store, span) in enumerate(product(STORES[:7], SPANS)):
        metric = ("orders", "visitors", "sales", "visitors")[turn % 4]
        peers = [one for one in sellers_of(store) if one != PART_TIME]
        now, then = (
            {name: value for name, value in values.items() if name in map(name_of, peers)}
            for values in (
                by_hand.values_of(company, "个人", metric, *days) for days in (SPANS[span], earlier(span))
            )
        )
        places, before = by_hand.placed(now), by_hand.placed(then)
        said["equal"] += len(set(now.values())) < len(now)
        for number in peers:
            told = await company.says(number, f"我排第几 {METRICS[metric].name} {span}")
            name = name_of(number)
            if len(now) < company.policy.ranking_least:
                assert f"只有 {len(now)} " in told, told
                said["few"] += 1
                break
            assert f"你排第 {places[name]} / {len(now)}" in told, (told, now)
            moved = before[name] - places[name] if name in before else 0
            assert (f"({'↑' if moved > 0 else '↓'}{abs(moved)})" in told) == bool(moved), told
            better = {one for one in now.values() if one > now[name]}
            if not better:
                assert_says(told, METRICS[metric].name, now[name])
                said["first"] += 1
                continue
            assert_says(
                told, f"离第 {places[name] - 1} 名{_named(told, now, min(better))}差", min(better) - now[name]
            )
            said["behind"] += 1
    assert all(said.values()), said


def _named(told: str, values: dict[str, Fraction], value: Fraction) -> str:
    """One of those who stand there."""
    return next(name for name, one in values.items() if one == value and f"名{name}差" in told)


async def test_far_down_one_sees_oneself_and_the_next(company: Company) -> None:
    """By how far the goals have come, which everybody may know: also outside of the first, with the gap in points."""
    alike = [number for number in GOALS if number[0] != "C" and place_of(number) != OTHER_KIND]
    now = {name_of(number): by_hand.reached(number) for number in alike}
    then = {name_of(number): by_hand.reached(number, TODAY - WEEK) for number in alike}
    places, before = by_hand.placed(now), by_hand.placed(then)
    for number in alike:
        told, name = await company.says(number, "排名"), name_of(number)
        assert f"排第 {places[name]} / {len(now)}" in told, (told, now)
        moved = before[name] - places[name]
        assert not moved or f"{'↑' if moved > 0 else '↓'}{abs(moved)}" in told, (moved, told)
        better = {one for one in now.values() if one > now[name]}
        if better:
            gap = (min(better) - now[name]) * 100
            label = f"离第 {places[name] - 1} 名{_named(told, now, min(better))}差"
            assert_says(told, label, gap)
            assert number_after(told, f"{places[name] - 1} {_next_up(now, min(better), told)}")
        assert f"{places[name]} 👉 {name}" in told
    assert max(places.values()) > 6


def _next_up(values: dict[str, Fraction], value: Fraction, told: str) -> str:
    return next(name for name, one in values.items() if one == value and f" {name}  " in told)


async def test_how_far_goals_have_come_by_people_stores_and_regions(company: Company) -> None:
    """目标进度 of the quarter, and by how much it has grown in the other spans."""
    for span, (first, last) in SPANS.items():
        spans = ((first, last), earlier(span))
        grown = [{number: _grown(number, *days) for number in GOALS} for days in spans]
        for kind, member in (("个人", name_of), ("门店", _store), ("区域", region_of_person)):
            now, then = (_means(values, member) for values in grown)
            told = await company.says(HEAD, f"排名 {kind} 目标进度 {span}")
            if len(now) < company.policy.ranking_least:
                assert "就不排名了" in told
                continue
            _assert_first(told, now, then, of_goals=True)


def _grown(number: str, first: date, last: date) -> Fraction:
    now = by_hand.reached(number, None if last >= TODAY else last)
    return now if first == Q4 else now - by_hand.reached(number, first - DAY)


def _store(number: str) -> str:
    place = place_of(number)
    return "" if place in REGIONS else place


def _means(values: dict[str, Fraction], member: object) -> dict[str, Fraction]:
    assert callable(member)
    gathered: dict[str, list[Fraction]] = {}
    for number, value in values.items():
        if name := member(number):
            gathered.setdefault(name, []).append(value)
    return {name: sum(some, Fraction(0)) / len(some) for name, some in gathered.items()}
