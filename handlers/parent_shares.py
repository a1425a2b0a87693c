"""Several parents: how much of a goal is counted in each, asked where it was not said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from cards.notices import Choice, question
from cards.sayings import kr_name
from chat.card import Card
from handlers.asking import Misunderstood
from handlers.goals import Goal
from handlers.reading.supports import Wish
from handlers.supporting import ONE, Supporter
from okr.numbers import say_percent
from storage.alignments import Edge

HALF = Decimal("0.5")


def ask_about_numbers(supporter: Supporter, wish: Wish) -> None:
    """A bare number may be percents or anything. Raises Misunderstood, which asks."""
    bare = next((one for one in wish.supports if one.bare), None)
    if bare is None:
        return
    say = f"对齐 {supporter.ref} KR{bare.number}"
    choices = [Choice(f"算 {bare.bare}%"[:20], f"{say} {bare.bare}%"), Choice("全算", say)]
    what = f"{bare.bare} 是 {bare.bare}% 吗?算给 KR{bare.number} 多少?"
    raise Misunderstood(question("which", choices, about=supporter.objective.ref, what=what))


def require_shares(
    supporter: Supporter, wish: Wish, parents: Sequence[Goal], edges: Mapping[int, Edge]
) -> None:
    """Several parents need shares: where they do not fit as said, the asker chooses. Raises Misunderstood."""
    named = [one.number for one in wish.supports]
    others = [edge for number, edge in edges.items() if edge.rolls and number not in named]
    first = wish.supports[0]
    if len(named) > 1:
        if any(one.share is None for one in wish.supports):
            raise Misunderstood(_how_much(supporter, [_evenly(supporter, named)], parents[0], "", named))
        return
    known = edges.get(first.number)
    kept = known is not None and known.rolls and known.share is not None
    said = first.share is not None or kept
    if not others or (said and all(edge.share is not None for edge in others)):
        return
    raise Misunderstood(_second_parent(supporter, first.number, parents[0], others, first.share))


def shares_with(wish: Wish, staying: Mapping[int, Edge]) -> list[Decimal]:
    """How much of the goal each of its parents would count then."""
    shares = {number: edge.share for number, edge in staying.items() if edge.rolls}
    if wish.rolls:
        shares |= {
            one.number: shares.get(one.number) if one.share is None else one.share for one in wish.supports
        }
    else:
        shares = {
            number: share
            for number, share in shares.items()
            if number not in {one.number for one in wish.supports}
        }
    return [ONE if share is None else share for share in shares.values()]


def _second_parent(
    supporter: Supporter, number: int, parent: Goal, others: Sequence[Edge], share: Decimal | None
) -> Card:
    """A parent more: how much of the goal is counted where?"""
    named = [*(edge.parent for edge in others), number]
    if len(others) == 1:
        mine = share if share is not None and share < ONE else HALF
        split = f"KR{others[0].parent} {say_percent(ONE - mine)} KR{number} {say_percent(mine)}"
        first = Choice(split[:20], f"对齐 {supporter.ref} {split}")
    else:
        first = _evenly(supporter, named)
    choices = [
        first,
        Choice("只对齐不汇总", f"对齐 {supporter.ref} KR{number} 不汇总"),
        Choice(f"只支撑 KR{number}", f"对齐 {supporter.ref} 换成 KR{number}"),
    ]
    standing = "、".join(
        f"KR{edge.parent}({say_percent(edge.share)})" if edge.share is not None else f"KR{edge.parent}"
        for edge in others
    )
    return _how_much(supporter, choices, parent, standing, named)


def _how_much(
    supporter: Supporter, choices: Sequence[Choice], parent: Goal, standing: str, named: Sequence[int]
) -> Card:
    return question(
        "how_much",
        choices,
        about=supporter.objective.ref,
        ref=supporter.ref,
        standing=standing,
        parent=f"{parent[1].ref} {kr_name(parent[1])}",
        example=f"对齐 {supporter.ref} {_spread(named)}",
    )


def _evenly(supporter: Supporter, named: Sequence[int]) -> Choice:
    return Choice("平均分", f"对齐 {supporter.ref} {_spread(named)}")


def _spread(named: Sequence[int]) -> str:
    """`KR5 50% KR7 50%`, adding to exactly 100."""
    each, left = divmod(100, len(named))
    return " ".join(f"KR{number} {each + (n < left)}%" for n, number in enumerate(named))
