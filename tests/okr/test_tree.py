"""What of a goal tree is kept open, and that nothing is lost of the rest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from okr.objectives import Status
from okr.tree import Node, fold, size, toward, walk
from tests.okr.trees import company, grown, node


def refs(tree: Node) -> list[str]:
    return [one.ref for _, one in walk(tree)]


def test_a_small_tree_is_left_as_it_is() -> None:
    assert fold(company(), size(company())) == company()


def test_a_tree_is_read_from_the_top_with_each_depth() -> None:
    tree = node("O1", Status.ON_TRACK, "0", node("KR1", Status.ON_TRACK, "0", node("O2")), node("KR2"))

    assert [(depth, one.ref) for depth, one in walk(tree)] == [(0, "O1"), (1, "KR1"), (2, "O2"), (1, "KR2")]


def test_the_way_to_the_own_goals_is_kept_first_and_then_what_is_doing_worst() -> None:
    assert refs(fold(company(), 7)) == ["O1", "KR1", "O4", "KR9", "O12", "KR34", "KR35"]
    assert refs(fold(company(), 9)) == ["O1", "KR1", "O4", "KR9", "O12", "KR34", "KR35", "KR36", "KR2"]


def test_without_an_own_goal_the_gravest_come_first_with_what_is_above_them() -> None:
    tree = node(
        "O1",
        Status.ON_TRACK,
        "0.5",
        node("KR1", Status.ON_TRACK, "0.9"),
        node(
            "KR2", Status.ON_TRACK, "0.6", node("O2", Status.AT_RISK, "0.1"), node("O3", Status.ACHIEVED, "1")
        ),
        node("KR3", Status.BEHIND, "0.4"),
    )

    assert refs(fold(tree, 3)) == ["O1", "KR2", "O2"]
    assert refs(fold(tree, 4)) == ["O1", "KR2", "O2", "KR3"]


def test_what_is_left_out_is_counted_where_it_hangs() -> None:
    folded = fold(company(), 6)
    counts = {one.ref: one.folded for _, one in walk(folded)}

    assert counts == {"O1": 1, "KR1": 0, "O4": 1, "KR9": 1, "O12": 2, "KR34": 0}


def test_the_top_and_the_way_to_the_first_own_goal_are_kept_however_few_may_be() -> None:
    assert refs(fold(company(), 1)) == ["O1", "KR1", "O4", "KR9", "O12"]


@given(
    count=st.integers(1, 120),
    most=st.integers(8, 40),
    seed=st.integers(0, 50),
    own=st.none() | st.integers(0, 119),
)
def test_a_folded_tree_is_small_and_forgets_nobody(count: int, most: int, seed: int, own: int | None) -> None:
    tree = grown(count, seed, own)
    folded = fold(tree, most)
    kept = {one.ref: one for _, one in walk(folded)}

    assert len(kept) <= most
    assert len(kept) >= min(count, most - 6)
    assert sum(one.folded for one in kept.values()) + len(kept) == count
    for _, one in walk(folded):
        assert {child.ref for child in one.children} <= set(kept)
    if own is not None:
        assert any(one.own for one in kept.values())


def test_the_way_to_a_goal_leaves_the_rest_as_a_number() -> None:
    way = toward(company(), {"KR9"})

    assert way is not None
    assert [node.ref for _, node in walk(way)] == [
        "O1",
        "KR1",
        "O4",
        "KR9",
        "O12",
        "KR34",
        "KR35",
        "KR36",
        "O13",
    ]
    assert {node.ref: node.folded for _, node in walk(way) if node.folded} == {"O1": 1, "O4": 1}


def test_there_is_no_way_to_what_is_not_there() -> None:
    assert toward(company(), {"O99"}) is None
