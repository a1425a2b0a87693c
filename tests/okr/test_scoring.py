from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.objectives import Commitment, KeyResult, Kind, Measure, Objective
from okr.refusals import OutOfRange, ReasonNeeded
from okr.scoring import (
    Cause,
    Scored,
    ambition,
    asks_for_cause,
    final_score,
    grade,
    mean_scores,
    outcome,
    portfolio,
    scored,
    suggested_score,
)
from tests.okr.goals import key_result, number, objective
from tests.okr.worked import PAGES, rows

LIMIT = Measure(Kind.MAINTAIN, "%", high=Decimal(2))


@pytest.mark.parametrize("row", rows("scoring", "建议多少分"))
def test_suggestions_of_the_page(row: dict[str, str]) -> None:
    value = None if row["进度"] == "没报" else row["进度"].rstrip("%")
    assert str(suggested_score(key_result(1, number("0", "100"), value))) == row["建议"]


@pytest.mark.parametrize("row", rows("scoring", "保持型建议多少分"))
def test_what_is_kept_is_scored_by_its_readings(row: dict[str, str]) -> None:
    values = [Decimal(word) for word in row["报的数"].split(", ") if word != "没报"]
    assert str(suggested_score(key_result(1, LIMIT, "1"), values)) == row["建议"]


def test_a_daily_figure_is_not_scored() -> None:
    assert suggested_score(key_result(1, number("0", "100"), "100", is_kpi=True)) is None


@pytest.mark.parametrize("row", rows("scoring", "改分"))
def test_changed_scores_of_the_page(row: dict[str, str]) -> None:
    given_score, suggested = Decimal(row["改成"]), Decimal(row["建议"])
    reason = row["原因"].strip("–")
    if row["结果"] == "要说原因":
        with pytest.raises(ReasonNeeded):
            final_score(given_score, suggested, reason=reason)
    elif row["结果"] == "0 到 1 之间":
        with pytest.raises(OutOfRange):
            final_score(given_score, suggested, reason=reason)
    else:
        assert str(final_score(given_score, suggested, reason=reason)) == row["结果"]


@pytest.mark.parametrize("row", rows("scoring", "分数怎么看"))
def test_grades_of_the_page(row: dict[str, str]) -> None:
    score = Decimal(row["分数"])
    assert grade(score, Commitment.STRETCH) == row["挑战"]
    assert grade(score, Commitment.COMMITTED) == row["承诺"]
    assert outcome(score, Commitment.STRETCH) == row["挑战的关闭为"]
    assert outcome(score, Commitment.COMMITTED) == row["承诺的关闭为"]
    assert asks_for_cause(score) is (row["问原因"] == "是")


def test_the_causes_of_the_page() -> None:
    text = (PAGES / "scoring.md").read_text(encoding="utf-8")
    listed = text.split("八个原因:", 1)[1].split("。", 1)[0].split("、")
    assert listed == [cause.value for cause in Cause]
    assert len(listed) == 8


def goal(cell: str) -> tuple[Objective, dict[int, Decimal]]:
    """`诺 1.0×2, 挑 0.4×1`: an objective and its scores by key result id."""
    krs: list[KeyResult] = []
    scores: dict[int, Decimal] = {}
    for index, word in enumerate(cell.split(", ")):
        kind, numbers = word.split()
        score, weight = numbers.split("×")
        commitment = Commitment.STRETCH if kind == "挑" else Commitment.COMMITTED
        krs.append(
            key_result(
                index,
                number("0", "1"),
                weight=Decimal(weight),
                commitment=commitment,
                is_kpi=kind == "标",
            )
        )
        scores[index] = Decimal(score)
    return objective(*krs), scores


@pytest.mark.parametrize("row", rows("scoring", "合起来"))
def test_means_of_the_page(row: dict[str, str]) -> None:
    parts = [part for cell in row["KR"].split("; ") for part in scored(*goal(cell))]
    means = mean_scores(parts)
    for found, column in ((means.all, "总"), (means.committed, "承诺"), (means.stretch, "挑战")):
        assert (None if row[column] == "–" else Decimal(row[column])) == (
            None if found is None else round(found, 4)
        )
    assert means.mixed is ("–" not in (row["承诺"], row["挑战"]))


def test_what_has_no_score_counts_as_nothing() -> None:
    assert mean_scores(scored(goal("诺 1.0×1, 诺 1.0×1")[0], {0: Decimal(1)})).all == Decimal("0.5")


@pytest.mark.parametrize("row", rows("scoring", "整体看"))
def test_portfolios_of_the_page(row: dict[str, str]) -> None:
    assert portfolio(Decimal(row["平均分"])) == row["说明"]


@pytest.mark.parametrize("row", rows("scoring", "草稿时的信心"))
def test_ambitions_of_the_page(row: dict[str, str]) -> None:
    found = ambition([int(word) for word in row["各 KR 信心"].split(", ") if word != "–"])
    assert (found or "没说") == row["说明"]


tenths = st.decimals(0, 1, places=1)
parts = st.builds(Scored, st.sampled_from(Commitment), tenths, st.decimals("0.1", 9, places=1))


@given(st.lists(parts, min_size=1, max_size=7))
def test_a_mean_lies_between_its_parts(every: list[Scored]) -> None:
    means = mean_scores(every)
    assert means.all is not None
    assert min(part.score for part in every) <= round(means.all, 20) <= max(part.score for part in every)
    if means.mixed:
        assert means.committed is not None
        assert means.stretch is not None
        low, high = sorted((means.committed, means.stretch))
        assert round(low, 20) <= round(means.all, 20) <= round(high, 20)


@given(progress=st.decimals(0, 150, places=2))
def test_the_suggestion_is_full_only_when_the_target_was_reached(progress: Decimal) -> None:
    score = suggested_score(key_result(1, number("0", "100"), str(progress)))
    assert score is not None
    assert (score == 1) is (progress >= 100)
    assert 0 <= score <= 1
