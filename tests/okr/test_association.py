from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.association import ORPHAN, Association, association, overall, similarity
from tests.okr.worked import rows


def associated(row: dict[str, str]) -> Association:
    if row["上级"] == "没有":
        return ORPHAN
    tags = ({"客流"}, {"客流", "会员"}) if row["相同标签"] == "是" else ({"客流"}, {"会员"})
    return association(
        skips=row["跳级"] == "是",
        share=Decimal(row["占上级"]),
        siblings=int(row["几个下级"]),
        texts=(row["标题"], row["上级标题"]),
        tags=tags,
    )


@pytest.mark.parametrize("row", rows("association", "例子"))
def test_examples_of_the_page(row: dict[str, str]) -> None:
    found = associated(row)
    assert found == Association(
        int(row["有上级"]), int(row["不跳级"]), int(row["份量"]), int(row["说的是一回事"])
    )
    assert found.points == int(row["关联度"])


def test_the_mean_of_several_counts_orphans_as_nothing() -> None:
    assert overall([(Association(40, 20, 20, 10), Decimal(1)), (ORPHAN, Decimal(2))]) == 30
    assert overall([]) == 0


texts = st.text("生鲜区客流量损耗率 0123%", max_size=12)


@given(one=texts, other=texts)
def test_similarity_is_mutual_and_between_nothing_and_the_same(one: str, other: str) -> None:
    found = similarity(one, other)
    assert found == similarity(other, one)
    assert 0 <= found <= 1
    assert similarity(one, one) in (0, 1)


@given(
    skips=st.booleans(),
    share=st.decimals(0, 1, places=4),
    siblings=st.integers(0, 50),
    one=texts,
    other=texts,
)
def test_whoever_has_a_parent_has_40_to_100_points(
    skips: bool, share: Decimal, siblings: int, one: str, other: str
) -> None:
    points = association(skips=skips, share=share, siblings=siblings, texts=(one, other)).points
    assert 40 <= points <= (80 if skips else 100)
