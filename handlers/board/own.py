"""One's own page: what one is asked to do, and one's goals with what reports on them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from cards.board import drawings
from cards.board.goals import total
from cards.board.pages import Draft, Own, Task, Wish
from cards.change_request import change_request_card
from cards.drawing.inline import Drawing
from cards.todo import Duty
from handlers.asking import Asking
from handlers.board.shelf import shelf
from handlers.meant_request import waiting_for_asker
from handlers.proposals import propose
from handlers.todo import owed
from okr.masking import opened
from okr.numbers import say_pace
from okr.objectives import KeyResult, Objective, State
from okr.status import ObjectiveVerdict, Verdict
from okr.weekly import week_to_report
from storage import cycles, day_actions, directions, objectives, people, weekly

_ELSEWHERE = re.compile(r"草稿 |A\d+ ")
"""How a duty begins that has a place of its own on the page."""


async def own_page(asking: Asking) -> Own:
    cycle = await cycles.running(asking.session, asking.today)
    states = (State.ACTIVE, State.DRAFT, State.PENDING)
    everything = await objectives.of_owner(asking.session, asking.asker.id, cycle.id, states)
    annual = await directions.of_owner(asking.session, asking.asker.id, asking.today)
    found = await shelf(asking, [*(one for one in everything if one.state is State.ACTIVE), *annual])
    blocks = found.blocks({asking.asker.id: asking.asker})
    running = [one for one in found.goals if one.cycle.id == cycle.id]
    verdicts = [found.verdicts[one.id] for one in running]
    wishes = await _wishes(asking)
    return Own(
        heading=f"{asking.asker.name}的目标" if running else f"{asking.asker.name},你好",
        total=total(running, verdicts, asking.today),
        blocks=blocks[: len(running)],
        tasks=await _tasks(asking),
        wishes=wishes,
        duties=await _duties(asking, [wish.ref for wish in wishes]),
        drafts=tuple(
            Draft(one.ref, one.title, waits=one.state is State.PENDING)
            for one in everything
            if one.state is not State.ACTIVE
        ),
        directions=blocks[len(running) :],
        focus=_focus(running, verdicts),
        week=None if found.seen.in_group else await _week(asking, running),
    )


async def _week(asking: Asking, running: Sequence[Objective]) -> Drawing | None:
    """What one's week has brought, as the weekly report draws it; None where nothing runs."""
    own = [opened(one) for one in running]
    found = await weekly.of_person(
        asking.session, own, asking.asker, week_to_report(asking.today), asking.now, asking.policy
    )
    return drawings.week(found, asking.today, asking.policy) if found.lines else None


async def _tasks(asking: Asking) -> tuple[Task, ...]:
    """What is to be done today, what was left of the days before, and what is done already."""
    found = await day_actions.of(asking.session, asking.asker.id, asking.today)
    others = await people.by_ids(asking.session, sorted({one.by_id for one in found} - {asking.asker.id}))
    now = f"{asking.now:%H:%M}"
    return tuple(
        Task(
            ref=one.ref,
            words=one.words,
            until=one.until,
            about=f"KR{one.kr_id}" if one.kr_id else "",
            by=others[one.by_id].name if one.by_id in others else "",
            late=not one.done and (one.day < asking.today or bool(one.until and one.until < now)),
            done=one.done,
        )
        for one in found
    )


async def _wishes(asking: Asking) -> tuple[Wish, ...]:
    """What waits for the asker's decision, each as its card in the chat says it."""
    found = []
    for request in await waiting_for_asker(asking):
        proposal = await propose(asking, request)
        card = change_request_card(proposal.opened(), asking.now, asking.policy)
        found.append(Wish(request.ref, card.face))
    return tuple(found)


async def _duties(asking: Asking, told: Collection[str]) -> tuple[Duty, ...]:
    """What is owed beside the decisions, late ones first; drafts and what is to be done today have their own places."""
    duties = [
        duty
        for duty in await owed(asking)
        if duty.say.removeprefix("查看 ") not in told and not _ELSEWHERE.match(duty.text)
    ]
    return tuple(sorted(duties, key=lambda duty: not duty.overdue))


def _focus(running: Sequence[Objective], verdicts: Sequence[ObjectiveVerdict]) -> str:
    """The key result with the largest weighted gap of all: what is most worth a push."""
    gaps: list[tuple[object, KeyResult, Verdict]] = []
    for objective, verdict in zip(running, verdicts, strict=True):
        if verdict.focus is not None:
            kr = next(kr for kr in objective.counting if kr.id == verdict.focus)
            judged = verdict.verdicts[kr.id]
            gaps.append((verdict.weights[kr.id] * judged.gap_points, kr, judged))
    if not gaps:
        return ""
    _, kr, judged = max(gaps, key=lambda gap: gap[0])  # type: ignore[arg-type, return-value]
    return f"现在最值得推的是 {kr.title},{say_pace(judged.gap_points)}"
