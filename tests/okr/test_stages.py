from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.cycle import Period
from okr.expected import Stage, expected_of
from okr.objectives import KeyResult, Kind, Measure
from okr.refusals import Refusal, StagesFall
from okr.stages import (
    StageTarget,
    current_stage,
    share_of,
    stage_targets,
    stages_of,
    stages_text,
    with_stage,
    without_stage,
)
from tests.okr.goals import Q4, key_result, number
from tests.okr.worked import rows


def on(cell: str, year: int = 2026) -> date:
    month, day = cell.split("-")
    return date(year, int(month), int(day))


def stage_of(cell: str) -> Stage:
    day, share = cell.split()
    return on(day), Decimal(share.rstrip("%")) / 100


def on_the_page(cell: str) -> tuple[Stage, ...]:
    return tuple(stage_of(word) for word in cell.split(", ") if word != "–")


def staged(row: dict[str, str]) -> tuple[StageTarget, ...]:
    due = None if row["截止"] == "–" else date.fromisoformat(row["截止"])
    kr = key_result(
        1, number(row["起始"], row["目标"], row["单位"]), due=due, stages=on_the_page(row["改过的"])
    )
    cycle = Period("", date.fromisoformat(row["第一天"]), date.fromisoformat(row["最后一天"]))
    return stage_targets(kr, cycle)


@pytest.mark.parametrize("row", rows("stages", "默认按月"))
def test_stages_of_the_page(row: dict[str, str]) -> None:
    said = [
        (f"{stage.day:%m-%d}", stage.value, stage.said)  # as in the table: a mark for what was set
        for stage in staged(row)
    ]
    listed = [word.split() for word in row["阶段"].split(", ")]
    assert said == [(day, Decimal(value.rstrip("!")), value.endswith("!")) for day, value in listed]


@pytest.mark.parametrize("row", rows("stages", "现在在哪一段"))
def test_the_current_stage_of_the_page(row: dict[str, str]) -> None:
    stages = staged(rows("stages", "默认按月")[0])
    current = current_stage(stages, date.fromisoformat(row["今天"]))
    assert current is not None
    assert f"{current.day:%m-%d}" == row["现在的阶段"]


def goal(*stages: Stage, due: date | None = None) -> KeyResult:
    return key_result(1, number("0", "100", "元"), stages=stages, due=due)


@pytest.mark.parametrize("row", rows("stages", "改阶段"))
def test_changed_stages_of_the_page(row: dict[str, str]) -> None:
    day, share = stage_of(row["改"])
    kr = goal(stage_of("11-11 60%"))
    if "%" in row["结果"]:
        assert with_stage(kr, Q4, day, share) == on_the_page(row["结果"])
        return
    with pytest.raises(Refusal) as refused:
        with_stage(kr, Q4, day, share)
    assert refused.value.code == row["结果"]


@pytest.mark.parametrize("kind", [Kind.BOOLEAN, Kind.BASELINE, Kind.MAINTAIN])
def test_what_is_not_done_in_part_has_no_stages(kind: Kind) -> None:
    assert stage_targets(key_result(1, Measure(kind)), Q4) == ()
    assert current_stage((), Q4.start) is None


def test_steps_have_stages_without_a_value() -> None:
    assert [stage.value for stage in stage_targets(key_result(1, Measure(Kind.ORDINAL)), Q4)] == [None] * 3


def test_a_value_of_a_stage_is_a_share_of_the_way() -> None:
    assert share_of(number("8", "5"), Decimal("6.5")) == Decimal("0.5")
    assert share_of(number("5", "5"), Decimal(5)) is None
    assert share_of(number(None, "5"), Decimal(5)) is None
    assert share_of(Measure(Kind.BOOLEAN), Decimal(1)) is None


def test_what_is_expected_follows_the_stages() -> None:
    kr = goal(stage_of("10-31 20%"), stage_of("11-30 70%"))
    assert expected_of(kr, Q4, date(2026, 11, 15)) == Decimal("0.45")
    undated = key_result(1, Measure(Kind.MILESTONE), stages=(stage_of("10-31 20%"),))
    assert expected_of(undated, Q4, date(2026, 10, 31)) == Decimal("0.2")


def test_a_stage_after_the_deadline_changes_nothing() -> None:
    due = date(2026, 10, 31)
    stray = goal(stage_of("11-30 20%"), due=due)
    assert expected_of(stray, Q4, date(2026, 10, 16)) == expected_of(goal(due=due), Q4, date(2026, 10, 16))
    assert [stage.day for stage in stage_targets(stray, Q4)] == [due]


@given(
    edits=st.lists(
        st.tuples(
            st.dates(Q4.start + timedelta(days=1), Q4.end - timedelta(days=1)), st.decimals(0, 1, places=2)
        ),
        max_size=5,
    )
)
def test_whatever_is_set_the_stages_rise_to_the_target(edits: list[tuple[date, Decimal]]) -> None:
    kr = goal()
    for day, share in edits:
        try:
            kr = goal(*with_stage(kr, Q4, day, share))
        except StagesFall:
            continue
    stages = stage_targets(kr, Q4)
    shares = [stage.share for stage in stages]
    assert shares == sorted(shares)
    assert stages[-1].share == 1
    assert stages[-1].value == 100
    assert {(stage.day, stage.share) for stage in stages if stage.said} == set(kr.stages)
    assert all(expected_of(kr, Q4, stage.day) == stage.share for stage in stages)


def test_stages_are_kept_as_text_and_read_back() -> None:
    stages = (stage_of("10-31 20%"), stage_of("11-30 70%"))

    assert stages_of(stages_text(stages)) == stages
    assert (stages_text(()), stages_of("")) == ("", ())


def test_a_stage_that_is_taken_away() -> None:
    kr = goal(stage_of("10-31 20%"), stage_of("11-30 70%"))

    assert without_stage(kr, date(2026, 10, 31)) == (stage_of("11-30 70%"),)
    assert without_stage(kr, date(2026, 10, 30)) == kr.stages
