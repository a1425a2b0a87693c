"""Goal trees for tests: a company from its objective down to a store's key results, small or large."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from okr.objectives import Status
from okr.tree import Node

TITLES = (
    "提升门店季度业绩",
    "客流量日均提到 1100 人",
    "把早市做起来,让周边写字楼的人下楼就能吃上热乎的早饭,周一到周五天天有",
)
STATUSES = tuple(Status)


def node(
    ref: str,
    status: Status = Status.ON_TRACK,
    progress: str = "0.5",
    *below: Node,
    own: bool = False,
    title: str = "",
) -> Node:
    return Node(ref, title or TITLES[0], "李四", "西湖店", status, Decimal(progress), own, below)


def company() -> Node:
    """O1 – KR1 – O4 – KR9 – O12 – KR34, with what hangs beside each."""
    store = node(
        "O12",
        Status.ON_TRACK,
        "0.36",
        node("KR34", Status.ON_TRACK, "0.7", own=True),
        node("KR35", Status.AT_RISK, "0.12"),
        node("KR36", Status.NOT_STARTED, "0"),
        own=True,
    )
    region = node("KR9", Status.BEHIND, "0.48", store, node("O13", Status.STALE, "0.2"))
    east = node("O4", Status.BEHIND, "0.51", region, node("KR10", Status.ACHIEVED, "1.12"))
    return node(
        "O1", Status.ON_TRACK, "0.62", node("KR1", Status.ON_TRACK, "0.64", east), node("KR2", Status.DUE)
    )


def grown(count: int, seed: int = 1, own: int | None = -1) -> Node:
    """A tree of so many goals that grew at random; `own` is the number of the own one, counted as they grew."""
    chance = random.Random(seed)
    parents, depths = [-1], [0]
    while len(parents) < count:
        parent = chance.choice([index for index, depth in enumerate(depths) if depth < 6])
        parents.append(parent)
        depths.append(depths[parent] + 1)
    below: list[list[Node]] = [[] for _ in parents]
    mine = None if own is None else own % count
    for index in reversed(range(count)):
        kind = "O" if depths[index] % 2 == 0 else "KR"
        progress = Decimal(chance.randint(0, 120)) / 100
        grown_node = Node(
            f"{kind}{index}",
            chance.choice(TITLES),
            "欧阳明月",
            "滨江店",
            chance.choice(STATUSES),
            progress,
            index == mine,
        )
        grown_node = replace(grown_node, children=tuple(reversed(below[index])))
        if index:
            below[parents[index]].append(grown_node)
    return grown_node
