from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.advice import advise, cause_of, everything
from okr.objectives import Kind, Measure
from okr.scoring import Cause
from tests.okr.goals import key_result, number
from tests.okr.worked import rows

AT_RISK = 25


@pytest.mark.parametrize("row", rows("advice", "原因"))
def test_why_it_lags_by_the_page(row: dict[str, str]) -> None:
    assert (str(cause_of([row["写了什么"]]) or "–")) == row["看作"]


def test_the_newest_word_counts() -> None:
    assert cause_of(["一切正常", "缺人手", "断货了"]) is Cause.PEOPLE
    assert cause_of([]) is None


@pytest.mark.parametrize("row", rows("advice", "挑哪两条"))
def test_what_is_advised_by_the_page(row: dict[str, str]) -> None:
    measure = number("0", "100") if row["类型"] == "number" else Measure(Kind(row["类型"]))
    cause = None if row["原因"] == "–" else Cause(row["原因"])

    found = advise(key_result(34, measure, title=row["KR"]), int(row["差几个点"]), AT_RISK, cause)

    assert ", ".join(found) == row["建议"]


@given(
    st.sampled_from(["损耗率", "客流", "会员复购", "写方案"]),
    st.integers(0, 100),
    st.sampled_from([None, *Cause]),
)
def test_there_are_always_two_and_never_the_same_twice(title: str, gap: int, cause: Cause | None) -> None:
    kr = key_result(34, number("0", "100"), title=title)

    assert len(set(advise(kr, gap, AT_RISK, cause))) == 2
    assert len(set(everything(kr, gap, AT_RISK, cause))) == len(everything(kr, gap, AT_RISK, cause))
