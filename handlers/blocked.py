"""求助: something is in the way. Who could help is named with the reasons; whoever is stuck says what is done, and when it is over."""

from __future__ import annotations

import re

from cards import actions
from cards.blocker import blocked_told_card, blocker_card
from cards.help_request import Plea
from cards.notices import Choice, notice, question
from cards.sayings import kr_name
from chat.answers import Answer, Letter, Urgency
from chat.events import ChatKind
from handlers import goals, helping
from handlers.addressee import addressee
from handlers.asking import Asking, Misunderstood, shown
from handlers.collaborating import named_goal, request_help, require_askable
from handlers.goals import Goal
from handlers.on_record import attempted
from handlers.pleas import by_number, goal_of, meant_blocker, plea_of
from handlers.route import Route
from okr.collaboration import HelpKind, HelpMove, HelpRequest, HelpState, help_after
from okr.experts import Expert
from okr.help_refusals import NotAskedToHelp
from okr.objectives import Objective, State
from okr.refusals import NotInForce
from storage import experts, help_requests, objectives, people
from storage.words import words_of

LONGEST = 200
_STUCK = re.compile("断货(?!率)|咋办|怎么办|卡住|卡着|卡在|推不动|搞不定|没货了")
_FILLER = re.compile(
    "^(?:(?:卡住|卡着)?(?:了|啦|着)?[,。 ]*|卡在)(?=.)|[,。 ]*(?:了|啦)?[,。 ]*(?:咋办|怎么办|咋整|怎么弄)[?吗呢啊呀!。 ]*$|[?!。 ]+$"
)
READY = ("缺货", "缺人手", "在等别人", "没有办法了")
ANSWERS = {
    HelpState.WAITING: "在等",
    HelpState.ACCEPTED: "接了",
    HelpState.DONE: "办完了",
    HelpState.DECLINED: "帮不上",
    HelpState.PASSED_ON: "转了人",
    HelpState.EXPIRED: "没回",
}


async def stuck(asking: Asking) -> Answer:
    """求助 KR34 供应商断货 · 卡住 KR34"""
    goal, rest = await named_goal(asking, "求助")
    words = _in_the_way(rest)
    if goal is None:
        return await _for_which(asking, words, words)
    if not words:
        return _where(goal)
    return await _note(asking, goal, words)


def _in_the_way(said: str) -> str:
    """供应商断货 of 卡住了,供应商断货了咋办; empty where it says nothing of that."""
    words = _FILLER.sub("", said.strip()).strip()
    return words[:LONGEST] if len(words) > 1 else ""


async def sentence(asking: Asking) -> Answer | None:
    """断货了咋办 · KR34 卡住了,供应商断货: asked back, for it is written down."""
    if not _STUCK.search(asking.text):
        return None
    goal, rest = await named_goal(asking.rested(asking.text), "求助")
    words = _in_the_way(rest)
    if goal is not None:
        return _confirm(goal, words)
    return await _for_which(asking, words, rest)


async def _for_which(asking: Asking, words: str, said: str) -> Answer:
    """No goal is named: the one that the words speak of is offered, else all of the asker's."""
    running = [(objective, kr) for objective in await goals.running(asking) for kr in objective.counting]
    if not running:
        raise Misunderstood(notice("nothing_for", verb="求助"))
    about = words_of(said)
    fits = [goal for goal in running if about & words_of(goal[1].title)] or running
    if len(fits) == 1:
        return _confirm(fits[0], words) if words else _where(fits[0])
    choices = [
        Choice(f"{kr.ref} {kr.title}"[:20], say if actions.fits(say) else f"求助 {kr.ref}")
        for _, kr in fits[:6]
        for say in (f"求助 {kr.ref} {words}".strip(),)
    ]
    raise Misunderstood(question("which", choices, what="哪一个卡住了?"))


def _where(goal: Goal) -> Answer:
    kr = goal[1]
    choices = [Choice(one, f"求助 {kr.ref} {one}") for one in READY]
    card = question(
        "stuck_where", choices, about=kr.ref, awaits=f"求助 {kr.ref}", line=f"{kr.ref} {kr_name(kr)}"
    )
    return shown(card)


def _confirm(goal: Goal, words: str) -> Answer:
    kr = goal[1]
    say = f"求助 {kr.ref} {words}"
    if not words or not actions.fits(say):
        return _where(goal)
    choices = [Choice("是的", say), Choice("不是", actions.NEVER_MIND)]
    return shown(
        question("confirm_blocker", choices, about=kr.ref, line=f"{kr.ref} {kr_name(kr)}", words=words)
    )


async def _note(asking: Asking, goal: Goal, words: str) -> Answer:
    """Write it down, once, and name who could help; the owner is told where it is not he who is stuck."""
    objective, kr = goal
    state = objective.state if objective.state is not State.ACTIVE else kr.state
    if state is not State.ACTIVE:
        raise NotInForce(kr.ref, str(state))
    known = await help_requests.same(asking.session, kr.id, asking.asker.id, None, words)
    where = asking.event.conversation
    number = known.id if known is not None else await help_requests.make(
        asking.session,
        kr_id=kr.id,
        asker_id=asking.asker.id,
        asked_id=None,
        words=words,
        due=None,
        platform=str(where.platform),
        group=where.id if where.kind is ChatKind.GROUP else "",
        at=asking.now,
        kind=HelpKind.BLOCKER,
    )  # fmt: skip
    request = await by_number(asking, number)
    owner = await goals.owner_of(asking, objective)
    told = known is None and owner.id != asking.asker.id
    plea = await plea_of(asking, request)
    letters = (
        (Letter(owner.id, blocked_told_card(plea), f"blocked:{number}", Urgency.COLLABORATION),)
        if told
        else ()
    )
    card = blocker_card(
        plea,
        await who_could_help(asking, request),
        invited=await _invited(asking, request),
        new=known is None,
        told=owner.name if told else "",
    )
    return Answer(card=card, in_place=asking.pressed, letters=letters)


async def who_could_help(asking: Asking, request: HelpRequest) -> list[Expert]:
    """Nobody who has been asked already is named again."""
    objective = await goal_of(asking, request)
    kr = next(one for one in objective.key_results if one.id == request.kr_id)
    already = {one.asked_id for one in await help_requests.came_from(asking.session, request.id)}
    return await experts.find(
        asking.session,
        objective,
        kr,
        request.words,
        asking.asker,
        asking.today,
        asking.policy,
        but_not=[one for one in already if one is not None],
    )


async def invite(asking: Asking) -> Answer:
    """邀请 X3 @赵店: somebody is asked for help with what is in the way."""
    request, words = await meant_blocker(asking, "邀请")
    await _require_involved(asking, request, "邀请")
    if not request.is_open:
        help_after(request.state, HelpMove.ACCEPT, ref=request.ref)
    person, more = await addressee(
        asking, words, lambda number, more: f"邀请 {request.ref} {number} {more}".strip()
    )
    if person is None:
        card = question(
            "invite_whom",
            [],
            about=request.ref,
            awaits=f"邀请 {request.ref}",
            id=request.ref,
            words=request.words,
        )
        return shown(card)
    objective = await goal_of(asking, request)
    goal = objective, next(one for one in objective.key_results if one.id == request.kr_id)
    require_askable(asking, goal, person)
    return await request_help(asking, goal, person, more or request.words, came_from=request.id)


async def next_step(asking: Asking) -> Answer:
    """下一步 X3 下午给备用供应商打电话"""
    request, words = await meant_blocker(asking, "下一步")
    await _require_involved(asking, request, "写下一步")
    if not request.is_open:
        help_after(request.state, HelpMove.ACCEPT, ref=request.ref)
    if not words:
        card = question(
            "next_step",
            [],
            about=request.ref,
            awaits=f"下一步 {request.ref}",
            id=request.ref,
            words=request.words,
        )
        return shown(card)
    await help_requests.set_next_step(asking.session, request.id, words[:LONGEST], asking.now)
    return await _as_it_is(asking, await by_number(asking, request.id))


async def resolve(asking: Asking) -> Answer:
    """已解决 X3 · 完成 X3: nothing is in the way any more; who was invited hears of it."""
    request, words = await meant_blocker(asking, "已解决", any_kind=True)
    if request.kind is HelpKind.HELP:
        return await helping.finish(asking.rested(f"{request.ref} {words}".strip()))
    await _require_involved(asking, request, "说解决了")
    if request.state is HelpState.DONE:
        return await _as_it_is(asking, request)
    after = help_after(request.state, HelpMove.FINISH, ref=request.ref)
    await help_requests.move(
        asking.session, request, after, asking.now, answered=True, answer=words[:LONGEST]
    )
    letters: list[Letter] = []
    for one in await help_requests.came_from(asking.session, request.id):
        if one.is_open:
            letters += await helping.end_invitation(asking, one)
    answer = await _as_it_is(asking, await by_number(asking, request.id))
    return Answer(card=answer.card, in_place=asking.pressed, letters=tuple(letters))


async def withdraw(asking: Asking) -> Answer:
    """撤回 X3, whichever of the two it is: what is in nobody's way any more is over."""
    request, _ = await meant_blocker(asking, "撤回", any_kind=True)
    return await (helping.withdraw(asking) if request.kind is HelpKind.HELP else resolve(asking))


async def view(asking: Asking, number: int) -> Answer:
    """查看 X3, whichever of the two it is."""
    request = await by_number(asking, number)
    if request.kind is HelpKind.HELP:
        return await helping.view(asking, number)
    objective = await goal_of(asking, request)
    await goals.key_result(asking, request.kr_id)  # whoever may see the goal may see what is in its way
    own = await _is_involved(asking, request, objective)
    return await _as_it_is(asking, request, own=own)


async def _as_it_is(asking: Asking, request: HelpRequest, *, own: bool = True) -> Answer:
    plea: Plea = await plea_of(asking, request)
    fits = await who_could_help(asking, request) if request.is_open and own else []
    card = blocker_card(plea, fits, invited=await _invited(asking, request), own=own)
    return shown(card, in_place=asking.pressed)


async def _invited(asking: Asking, request: HelpRequest) -> list[str]:
    asked = await help_requests.came_from(asking.session, request.id)
    known = await people.by_ids(asking.session, [one.asked_id for one in asked if one.asked_id is not None])
    return [
        f"{known[one.asked_id].name}({ANSWERS[one.state]})"
        for one in asked
        if one.asked_id is not None and one.asked_id in known
    ]


async def _is_involved(asking: Asking, request: HelpRequest, objective: Objective) -> bool:
    """Who is stuck, whose goal it is, their superiors, and whose goal it supports."""
    both = await people.by_ids(asking.session, [request.asker_id, objective.owner_id])
    if asking.asker.id in {*both, *(person.manager_id for person in both.values())}:
        return True
    above = (
        await objectives.with_key_result(asking.session, objective.parent_kr)
        if objective.parent_kr is not None
        else None
    )
    return above is not None and above.owner_id == asking.asker.id


async def _require_involved(asking: Asking, request: HelpRequest, what: str) -> None:
    objective = await goal_of(asking, request)
    if await _is_involved(asking, request, objective):
        return
    await attempted(asking, f"{what} {request.ref}", objective, request.kr_id)
    named = await people.by_ids(asking.session, [request.asker_id, objective.owner_id])
    raise NotAskedToHelp(request.ref, what, "或".join(person.name for person in named.values()))


ROUTES = (
    Route(
        words=("求助", "卡住", "卡住了"),
        handle=stuck,
        topic="一起做",
        does="遇到难处了,看看公司里谁帮得上",
        examples=("求助 {kr} 供应商断货",),
        alone=("卡住了",),
    ),
    Route(
        words=("邀请",),
        handle=invite,
        topic="一起做",
        does="请一位同事来帮卡住的事",
        examples=("邀请 X3 @赵店",),
    ),
    Route(
        words=("下一步",),
        handle=next_step,
        topic="一起做",
        does="卡住的事接下来做什么",
        examples=("下一步 X3 下午给备用供应商打电话",),
    ),
    Route(
        words=("已解决", "解决了"),
        handle=resolve,
        topic="一起做",
        does="卡住的事过去了",
        examples=("已解决 X3",),
        alone=("解决了", "已解决"),
    ),
)
