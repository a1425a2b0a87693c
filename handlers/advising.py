"""办法: everything that there is to try when a key result lags, by what it measures, how far behind, and why; and whom to ask."""

from __future__ import annotations

from cards.advice import advice_card
from cards.notices import notice
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, shown
from handlers.route import Route
from okr.advice import cause_of, everything
from okr.status import judge_objective
from storage import check_ins, experts, help_requests

NOTES = 3


async def ways(asking: Asking) -> Answer:
    """办法 KR34"""
    (objective, kr), _ = await goals.meant(asking, "办法", goals.IN_FORCE)
    verdict = judge_objective(objective, asking.today, asking.policy).verdicts.get(kr.id)
    if verdict is None:
        return shown(notice("nothing_for", verb="办法"))
    blockers = await help_requests.open_on(asking.session, kr.id)
    entries = await check_ins.of(asking.session, kr.id, NOTES)
    cause = cause_of([*(one.words for one in blockers), *(entry.note for entry in entries)])
    words = " ".join(one.words for one in blockers)
    found = await experts.find(
        asking.session, objective, kr, words, asking.asker, asking.today, asking.policy
    )
    gap = int(verdict.gap_points) if verdict.paced else 0
    advice = everything(kr, gap, asking.policy.at_risk_points, cause)
    return shown(advice_card(kr, verdict, advice, found, str(cause) if cause else ""))


ROUTES = (
    Route(
        words=("办法", "有什么办法"),
        handle=ways,
        topic="一起做",
        does="进度慢了可以试什么,可以找谁",
        examples=("办法 {kr}",),
    ),
)
