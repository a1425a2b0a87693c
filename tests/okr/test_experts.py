from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.experts import Record, best, is_expert, likeness, score
from okr.people import Person
from storage.words import words_of
from tests.okr.worked import rows

LI = Person(4, "E0102", "李四")


def record(**known: object) -> Record:
    return Record(**{"person": LI, **known})  # type: ignore[arg-type]


@pytest.mark.parametrize("row", rows("experts", "得分"))
def test_a_score_by_the_page(row: dict[str, str]) -> None:
    known = record(
        skills=("陈列", "生鲜", "损耗")[: int(row["擅长"])],
        streak=int(row["连着季度"]),
        on_track=row["这季正常"] == "是",
        likeness=Decimal(row["像"]),
        load=int(row["手上"]),
        asked=int(row["请过"]),
        answered=int(row["回了"]),
        own_team=row["同组"] == "是",
    )

    assert score(known) == int(row["得分"])


@pytest.mark.parametrize("row", rows("experts", "像不像"))
def test_how_alike_two_titles_are_by_the_page(row: dict[str, str]) -> None:
    assert likeness(words_of(row["一个"]), words_of(row["另一个"])) == Decimal(row["像"])


def test_the_same_figure_is_the_same_goal_whatever_it_is_called() -> None:
    assert likeness(frozenset({"客流"}), frozenset({"进店"}), same_metric=True) == 1


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ({"skills": ("陈列",)}, True),
        ({"streak": 1, "likeness": Decimal(1)}, True),
        ({"on_track": True, "likeness": Decimal("0.5")}, True),
        ({"skills": ("陈列",), "away": True}, False),
        ({"streak": 3}, False),
        ({"likeness": Decimal(1)}, False),
        ({"asked": 9, "answered": 9}, False),
    ],
)
def test_who_is_named(known: dict[str, object], named: bool) -> None:
    assert is_expert(record(**known)) is named


def test_the_best_come_first_equals_by_their_numbers_and_three_are_enough() -> None:
    people = [Person(n, f"E{n:04}", f"某{n}") for n in range(6)]
    known = [Record(person, ("陈列",)) for person in reversed(people)]
    known[0] = Record(people[5], ("陈列", "生鲜"))

    assert [one.person.number for one in best(known)] == ["E0005", "E0000", "E0001"]


@given(
    st.integers(0, 4), st.integers(0, 4), st.booleans(), st.integers(0, 10), st.integers(0, 20), st.booleans()
)
def test_a_score_is_a_percent_and_more_never_counts_less(
    skills: int, streak: int, on_track: bool, load: int, answered: int, own_team: bool
) -> None:
    def of(**more: object) -> int:
        usual = {
            "skills": ("陈列",) * skills, "streak": streak, "on_track": on_track, "likeness": Decimal("0.8"), "load": load,
            "asked": answered + 2, "answered": answered, "own_team": own_team,
        }  # fmt: skip
        return score(record(**{**usual, **more}))

    assert 0 <= of() <= 100
    assert of(skills=("陈列",) * (skills + 1)) >= of()
    assert of(streak=streak + 1) >= of()
    assert of(load=load + 1) <= of()
    assert of(answered=answered + 1) >= of()
    assert of(own_team=True) <= of()
