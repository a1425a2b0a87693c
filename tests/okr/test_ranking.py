"""Dense places, ties, gaps, and who has risen."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from okr.ranking import above, own, ranked, risers, standing

D = Decimal


def values(**by_key: int) -> dict[str, Decimal]:
    return {key: D(value) for key, value in by_key.items()}


def test_equal_values_share_a_place_and_none_is_left_out_after_them() -> None:
    places = ranked(values(a=9, b=7, c=9, d=5), {})

    assert [(one.key, one.place) for one in places] == [("a", 1), ("c", 1), ("b", 2), ("d", 3)]


def test_the_one_above_and_the_gap_to_it() -> None:
    places = ranked(values(a=34_000, b=30_600, c=30_600), {})
    mine = own(places, "c")
    assert mine is not None
    next_up = above(places, mine)
    assert next_up is not None
    assert next_up.value - mine.value == D(3400)
    assert above(places, next_up) is None
    assert own(places, "nobody") is None


def test_who_has_risen_most_comes_first_and_who_has_not_is_not_named() -> None:
    places = ranked(values(a=9, b=8, c=7, d=6, new=1), values(a=9, b=1, c=8, d=0))

    assert [(one.key, one.risen) for one in places] == [
        ("a", 0),
        ("b", 1),
        ("c", -1),
        ("d", 0),
        ("new", None),
    ]
    assert [one.key for one in risers(places, 3)] == ["b"]


@given(some.dictionaries(some.text(max_size=3), some.integers(-5, 5).map(Decimal), min_size=1))
def test_places_are_dense_and_in_order(found: dict[str, Decimal]) -> None:
    places = ranked(found, found)

    assert {one.place for one in places} == set(range(1, len(set(found.values())) + 1))
    assert [one.value for one in places] == sorted(found.values(), reverse=True)
    assert {one.risen for one in places} == {0}


figures = some.dictionaries(some.sampled_from("abcdefgh"), some.integers(-5, 5).map(Decimal))


@given(figures, figures, some.sampled_from("abcdefgh"))
def test_ones_place_alone_is_that_among_all(
    now: dict[str, Decimal], before: dict[str, Decimal], key: str
) -> None:
    places = ranked(now, before)
    mine = own(places, key)
    found = standing(now, before, key)

    if mine is None:
        assert found is None
        return
    up = above(places, mine)
    assert found == (mine, up.value - mine.value if up else None)
