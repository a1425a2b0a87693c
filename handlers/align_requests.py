"""对齐 of what is in force, where the company's rules want a yes for it: it becomes a request like any other change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking
from handlers.joining import AWAY, Plan
from handlers.reading.supports import Wish as Alignment
from handlers.requesting import request
from handlers.supporting import OPEN, Supporter
from okr.approvals import ChangeField, needs_approval, rule_for
from okr.numbers import say_percent
from okr.objectives import State
from okr.people import Person
from okr.requests import FieldChange, RequestKind
from storage import alignments
from storage.alignments import Edge
from storage.changes import Wish


async def needs_yes(asking: Asking, supporter: Supporter) -> Person | None:
    """The goal's owner, where his goals in force may support another only with a yes; else None."""
    if supporter.objective.state is not State.ACTIVE:
        return None
    owner = await goals.owner_of(asking, supporter.objective)
    rule = rule_for(asking.policy.approvals, owner)
    return owner if needs_approval(rule, ChangeField.PARENT) else None


async def ask_to_join(
    asking: Asking, supporter: Supporter, owner: Person, wish: Alignment, plan: Plan
) -> Answer:
    named = {step.parent[1].id for step in plan.steps}
    after = [
        *((edge.parent, edge.share) for edge in plan.staying if edge.parent not in named),
        *((step.parent[1].id, step.share) for step in plan.steps),
    ]
    words = _said([(one.number, one.share) for one in wish.supports], " ")
    instead = "换成 " if wish.instead else ""
    return await _ask(asking, supporter, owner, after, f"{instead}{words}{'' if wish.rolls else ' 不汇总'}")


async def ask_to_part(asking: Asking, supporter: Supporter, owner: Person, edge: Edge) -> Answer:
    edges = await alignments.parents_of(asking.session, supporter.child, OPEN)
    after = [(one.parent, one.share) for one in edges if one.id != edge.id]
    return await _ask(asking, supporter, owner, after, f"{AWAY}KR{edge.parent}")


async def _ask(
    asking: Asking,
    supporter: Supporter,
    owner: Person,
    after: Sequence[tuple[int, Decimal | None]],
    words: str,
) -> Answer:
    edges = await alignments.parents_of(asking.session, supporter.child, OPEN)
    change = FieldChange(
        ChangeField.PARENT,
        {"parents": _said((edge.parent, edge.share) for edge in edges)},
        {"parents": _said(after) or "不支撑谁", "align": words},
    )
    objective = supporter.objective
    kr_id = supporter.kr.id if supporter.kr else None
    wish = Wish(RequestKind.CHANGE, objective.id, kr_id, (change,), objective.version, words=f"对齐 {words}")
    return await request(asking, objective, owner, wish)


def _said(parents: Iterable[tuple[int, Decimal | None]], joint: str = "、") -> str:
    """`KR5 60%、KR7 40%`"""
    return joint.join(f"KR{kr}" if share is None else f"KR{kr} {say_percent(share)}" for kr, share in parents)
