from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.objectives import Objective, Origin, State
from okr.origin import Origins, origins_of, origins_of_team
from tests.okr.goals import key_result, number, objective
from tests.okr.worked import rows

ORIGINS = {"上": Origin.TOP_DOWN, "下": Origin.BOTTOM_UP}


def goal(cell: str) -> Objective:
    """`上 7, 下 3`; 取消 is one from above that was given up."""
    krs = []
    for index, (origin, weight) in enumerate(word.split() for word in cell.split(", ")):
        krs.append(
            key_result(
                index,
                number("0", "1"),
                weight=Decimal(weight),
                origin=ORIGINS.get(origin, Origin.TOP_DOWN),
                state=State.CANCELLED if origin == "取消" else State.ACTIVE,
            )
        )
    return objective(*krs)


def check(found: Origins | None, row: dict[str, str], counted: int) -> None:
    assert found is not None
    assert f"{found.top_down * 100:.1f}%" == row["自上而下"]
    assert found.top_down + found.bottom_up == 1
    assert found.within is (row["七三开"] == "是")
    assert counted == int(row.get("算了几个 KR") or row["算了几个人"])


@pytest.mark.parametrize("row", rows("origin", "一个人的"))
def test_people_of_the_page(row: dict[str, str]) -> None:
    found = origins_of([goal(cell) for cell in row["目标"].split("; ")])
    check(found, row, found.key_results if found else 0)


@pytest.mark.parametrize("row", rows("origin", "一个团队的"))
def test_teams_of_the_page(row: dict[str, str]) -> None:
    people = [origins_of([goal(cell)] if cell != "没有" else []) for cell in row["每人"].split("; ")]
    found = origins_of_team(people)
    check(found, row, found.people if found else 0)


def test_nothing_is_no_split() -> None:
    assert origins_of([objective()]) is None
    assert origins_of_team([None]) is None


def test_a_company_may_want_another_split() -> None:
    found = origins_of([goal("上 1, 下 1")], share=Decimal("0.5"), tolerance=Decimal(0))
    assert found is not None
    assert found.within
    team = origins_of_team([found])
    assert team is not None
    assert team.within


@given(st.lists(st.tuples(st.sampled_from("上下"), st.integers(0, 9)), min_size=1, max_size=6))
def test_the_two_make_the_whole_and_turn_round(words: list[tuple[str, int]]) -> None:
    there = origins_of([goal(", ".join(f"{origin} {weight}" for origin, weight in words))])
    back = origins_of(
        [goal(", ".join(f"{'下' if origin == '上' else '上'} {weight}" for origin, weight in words))]
    )
    assert there is not None
    assert back is not None
    assert 0 <= there.top_down <= 1
    assert there.top_down == back.bottom_up
