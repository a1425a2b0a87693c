"""接受 · 转给 · 帮不上 · 完成: what becomes of a request for help. The first word counts; the other side hears of every step."""

from __future__ import annotations

from cards.help_request import Plea, help_card, say_reach, step_card
from cards.notices import Choice, question
from cards.todo import Duty
from chat.answers import Answer, Letter, Redraw, Urgency
from chat.card import Card
from handlers import goals
from handlers.addressee import addressee
from handlers.asking import Asking, shown
from handlers.collaborating import letter_to_asked, once_of
from handlers.on_record import attempted
from handlers.pleas import by_number, goal_of, meant, plea_of
from handlers.reachable import reach
from handlers.reading.ids import take_ref
from handlers.route import Route
from handlers.sight import sight_of
from okr.collaboration import ASKED_ANEW, HelpKind, HelpMove, HelpRequest, HelpState, help_after
from okr.help_refusals import CannotBeAsked, NotAskedToHelp
from okr.moments import day_of
from okr.people import Person
from okr.refusals import NoSuchRequest
from storage import help_requests, people

LONGEST = 200
NOT_NEEDED = "不用了"


async def accept(asking: Asking) -> Answer:
    """接受 X3 周四给你"""
    request, words = await meant(asking, "接受")
    if request.kind is HelpKind.BLOCKER and request.is_open:
        request = await _volunteered(asking, request)
    await _require(asking, request, "接受", request.asked_id)
    if request.state is HelpState.ACCEPTED:
        return await _as_it_is(asking, request)
    after = help_after(request.state, HelpMove.ACCEPT, ref=request.ref)
    await help_requests.move(
        asking.session, request, after, asking.now, answered=True, answer=words[:LONGEST]
    )
    return await _told(asking, request, "accepted", to=request.asker_id, words=words)


async def _volunteered(asking: Asking, blocker: HelpRequest) -> HelpRequest:
    """Whoever sees that a colleague is stuck may take it up unasked: as if he had been invited."""
    goal = await goals.key_result(asking, blocker.kr_id)
    if asking.asker.id == blocker.asker_id:
        raise CannotBeAsked(goal[1].ref, asking.asker.name, "own")
    mine = [
        one
        for one in await help_requests.came_from(asking.session, blocker.id)
        if one.asked_id == asking.asker.id and one.is_open
    ]
    number = mine[0].id if mine else await help_requests.make(
        asking.session,
        kr_id=blocker.kr_id,
        asker_id=blocker.asker_id,
        asked_id=asking.asker.id,
        words=blocker.words,
        due=None,
        platform=str(asking.event.sender.platform),
        at=asking.now,
        came_from=blocker.id,
    )  # fmt: skip
    return await by_number(asking, number)


async def decline(asking: Asking) -> Answer:
    """帮不上 X3 原因; without a reason it is asked for."""
    request, words = await meant(asking, "帮不上", owed=True)
    await _require(asking, request, "回话", request.asked_id)
    if request.state is HelpState.DECLINED:
        return await _as_it_is(asking, request)
    after = help_after(request.state, HelpMove.DECLINE, ref=request.ref)
    reason = words.removeprefix("原因").strip(" :,。")[:LONGEST]
    plea = await plea_of(asking, request)
    if not reason:
        ready = ("这两天走不开", "这事不归我管")
        choices = [Choice(one, f"帮不上 {request.ref} 原因 {one}") for one in ready]
        card = question(
            "help_why_not",
            choices,
            about=request.ref,
            awaits=f"帮不上 {request.ref} 原因",
            id=request.ref,
            asker=plea.asker.name,
            words=request.words,
        )
        return shown(card, restricted=True)
    await help_requests.move(asking.session, request, after, asking.now, answered=True, answer=reason)
    return await _told(asking, request, "declined", to=request.asker_id, words=reason, restricted=True)


async def finish(asking: Asking) -> Answer:
    """完成 X3 发你邮箱了: by who helps, or by who asked for it."""
    request, words = await meant(asking, "完成", owed=True)
    await _require(asking, request, "完成", request.asked_id, request.asker_id)
    if request.state is HelpState.DONE:
        return await _as_it_is(asking, request)
    after = help_after(request.state, HelpMove.FINISH, ref=request.ref)
    helper = request.asked_id == asking.asker.id
    await help_requests.move(
        asking.session,
        request,
        after,
        asking.now,
        answered=helper or request.answered_at is not None,
        answer=words[:LONGEST],
    )
    other = request.asker_id if helper else request.asked_id
    return await _told(
        asking, request, "done", to=other, words=words, blocker=await _blocker_of(asking, request)
    )


async def _blocker_of(asking: Asking, request: HelpRequest) -> str:
    """The blocker that this was to help with, where it is still open."""
    if request.came_from is None:
        return ""
    before = await help_requests.by_id(asking.session, request.came_from)
    return before.ref if before is not None and before.kind is HelpKind.BLOCKER and before.is_open else ""


async def withdraw(asking: Asking) -> Answer:
    """撤回 X3: who asked does not need it any more."""
    request, words = await meant(asking, "撤回")
    await _require(asking, request, "撤回", request.asker_id)
    if request.state is HelpState.DONE:
        return await _as_it_is(asking, request)
    after = help_after(request.state, HelpMove.FINISH, ref=request.ref)
    await help_requests.move(
        asking.session, request, after, asking.now, answered=False, answer=words[:LONGEST] or NOT_NEEDED
    )
    return await _told(asking, request, "withdrawn", to=request.asked_id, words=words)


async def pass_on(asking: Asking) -> Answer:
    """转给 X3 @王五: by who was asked; who asks may ask somebody else instead."""
    request, words = await meant(asking, "转给", owed=True)
    await _require(asking, request, "转给别人", request.asked_id, request.asker_id)
    own = request.asker_id == asking.asker.id
    anew = own and request.state in ASKED_ANEW
    after = request.state if anew else help_after(request.state, HelpMove.HAND_ON, ref=request.ref)
    plea = await plea_of(asking, request)
    person, note = await addressee(
        asking, words, lambda number, words: f"转给 {request.ref} {number} {words}".strip()
    )
    if person is None:
        return _to_whom(plea, own=own)
    await _require_fresh(asking, request, person)
    return await _passed(asking, plea, after, person, note[:LONGEST], anew=anew)


async def _passed(
    asking: Asking, before: Plea, after: HelpState, person: Person, note: str, *, anew: bool
) -> Answer:
    request, own = before.request, before.request.asker_id == asking.asker.id
    if not anew:
        await help_requests.move(
            asking.session, request, after, asking.now, answered=not own or request.answered_at is not None
        )
    number = await help_requests.make(
        asking.session,
        kr_id=request.kr_id,
        asker_id=request.asker_id,
        asked_id=person.id,
        words=request.words,
        due=request.due if request.due is None or request.due >= asking.today else None,
        platform=request.group[0] if request.group else str(asking.event.sender.platform),
        group=request.group[1] if request.group else "",
        at=asking.now,
        came_from=request.id,
    )
    fresh = await plea_of(asking, await by_number(asking, number))
    news = f"{asking.asker.name}:{note}" if note else "" if own else f"{asking.asker.name}转给你的"
    letters = [letter_to_asked(fresh, person, news=news)]
    gone = await plea_of(asking, await by_number(asking, request.id)) if anew else await _now(asking, request)
    if not own:
        told = step_card(gone, "passed_on", by=asking.asker.name, to=person.name)
        letters.append(_letter(request, request.asker_id, told, "passed_on"))
    elif request.asked_id is not None and request.is_open:
        told = step_card(gone, "asked_anew", by=asking.asker.name)
        letters.append(_letter(request, request.asked_id, told, "asked_anew"))
    read = await reach(asking, person)
    when = say_reach(read.at, read.away_until, person.name, asking.now)
    return Answer(
        card=help_card(fresh, asking.asker, when=when) if own else help_card(gone, asking.asker, when=when),
        in_place=asking.pressed,
        letters=tuple(letters),
        redraws=() if gone.asked is None else (Redraw(once_of(request.id), help_card(gone, gone.asked)),),
    )


async def _require_fresh(asking: Asking, request: HelpRequest, person: Person) -> None:
    """Raises CannotBeAsked for who is in it already, or may not see the goal."""
    objective = await goal_of(asking, request)
    ref = f"KR{request.kr_id}"
    if person.id == request.asker_id or person.id in await help_requests.asked_before(
        asking.session, request
    ):
        raise CannotBeAsked(ref, person.name, "own" if person.id == asking.asker.id else "again")
    if not (await sight_of(asking, person, [objective])).sees(objective):
        raise CannotBeAsked(ref, person.name, "hidden")


def _to_whom(plea: Plea, *, own: bool) -> Answer:
    card = question(
        "help_pass_on",
        [],
        about=plea.ref,
        awaits=f"转给 {plea.ref}",
        id=plea.ref,
        own=own,
        asker=plea.asker.name,
        words=plea.request.words,
    )
    return shown(card, restricted=True)


async def end_invitation(asking: Asking, request: HelpRequest) -> list[Letter]:
    """What somebody was invited to help with is over: he need not help any more, and is told so."""
    after = help_after(request.state, HelpMove.FINISH, ref=request.ref)
    await help_requests.move(
        asking.session,
        request,
        after,
        asking.now,
        answered=request.answered_at is not None,
        answer=NOT_NEEDED,
    )
    if request.asked_id is None or request.asked_id == asking.asker.id:
        return []
    told = step_card(await _now(asking, request), "resolved", by=asking.asker.name)
    return [_letter(request, request.asked_id, told, "resolved")]


async def view(asking: Asking, number: int) -> Answer:
    """查看 X3, for those whom it concerns. Raises NoSuchRequest for the others."""
    request = await by_number(asking, number)
    objective = await goal_of(asking, request)
    concerned = await help_requests.asked_before(asking.session, request) | {objective.owner_id}
    known = await people.by_ids(asking.session, [one for one in (request.asker_id, request.asked_id) if one])
    concerned |= {person.manager_id for person in known.values() if person.manager_id is not None}
    if asking.asker.id not in concerned and asking.asker.number not in asking.policy.admins:
        raise NoSuchRequest(request.ref)
    return shown(help_card(await plea_of(asking, request), asking.asker), restricted=True)


async def duties(asking: Asking, *, from_: int | None = None) -> list[Duty]:
    """What the asker was asked for, and what he waits for himself; only what this one asked him for, where he is named."""
    found: list[Duty] = []
    for request in await help_requests.owed_by(asking.session, asking.asker.id):
        if from_ is not None and request.asker_id != from_:
            continue
        plea = await plea_of(asking, request)
        due = f"({plea.due})" if plea.due else ""
        if request.state is HelpState.ACCEPTED:
            text, label, say = f"{plea.ref} 答应了{plea.asker.name}:", f"完成 {plea.ref}", f"完成 {plea.ref}"
        else:
            text, label, say = f"{plea.ref} {plea.asker.name}请你帮忙:", f"看 {plea.ref}", f"查看 {plea.ref}"
        found.append(Duty(f"{text}{request.words[:40]}{due}", label, say, overdue=plea.overdue))
    if from_ is not None:
        return found
    for request in await help_requests.asked_by(asking.session, asking.asker.id):
        plea = await plea_of(asking, request)
        if request.kind is HelpKind.BLOCKER:
            found.append(_stuck(asking, plea))
        elif plea.asked is not None and request.state is HelpState.WAITING:
            text = f"{plea.ref} 在等{plea.asked.name}回话:{request.words[:40]}"
            found.append(Duty(text, f"看 {plea.ref}", f"查看 {plea.ref}"))
    return found


def _stuck(asking: Asking, plea: Plea) -> Duty:
    """A blocker: what is done about it, or that nothing is yet."""
    request = plea.request
    if request.next_step:
        text = f"{plea.ref} {plea.kr.ref} 卡着:{request.words[:30]},下一步 {request.next_step[:30]}"
        return Duty(text, f"看 {plea.ref}", f"查看 {plea.ref}")
    text = f"{plea.ref} {plea.kr.ref} 卡着:{request.words[:30]},还没写下一步"
    old = day_of(request.asked_at, asking.policy.zone) < asking.today
    return Duty(text, f"下一步 {plea.ref}", f"下一步 {plea.ref}", overdue=old)


async def pressed_by_another(asking: Asking, about: str, say: str) -> None:
    """Somebody has pressed a card that was sent to somebody else: that is put on record."""
    ref, _ = take_ref(about)
    request = await help_requests.by_id(asking.session, ref.number) if ref and ref.kind == "X" else None
    if request is not None:
        await attempted(asking, say[:40], await goal_of(asking, request), request.kr_id)


async def _require(asking: Asking, request: HelpRequest, what: str, *who: int | None) -> None:
    """Raises NotAskedToHelp, with a line in the trail, for everybody but these."""
    if asking.asker.id in who:
        return
    those = [one for one in who if one is not None] or [request.asker_id]
    named = await people.by_ids(asking.session, those)
    await attempted(asking, f"{what} {request.ref}", await goal_of(asking, request), request.kr_id)
    raise NotAskedToHelp(request.ref, what, "或".join(person.name for person in named.values()))


async def _told(
    asking: Asking,
    request: HelpRequest,
    step: str,
    *,
    to: int | None,
    words: str = "",
    restricted: bool = False,
    blocker: str = "",
) -> Answer:
    """The new face for who did it, and a letter for the other."""
    plea = await _now(asking, request)
    told = step_card(plea, step, by=asking.asker.name, words=words[:LONGEST], blocker=blocker)
    redraws = () if plea.asked is None else (Redraw(once_of(request.id), help_card(plea, plea.asked)),)
    return Answer(
        card=help_card(plea, asking.asker),
        in_place=asking.pressed,
        restricted=restricted,
        letters=() if to is None else (_letter(request, to, told, step),),
        redraws=redraws,
    )


def _letter(request: HelpRequest, to: int, card: Card, step: str) -> Letter:
    return Letter(to, card, f"help:{request.id}:{step}", Urgency.COLLABORATION)


async def _now(asking: Asking, request: HelpRequest) -> Plea:
    now = await help_requests.by_id(asking.session, request.id)
    assert now is not None
    return await plea_of(asking, now)


async def _as_it_is(asking: Asking, request: HelpRequest) -> Answer:
    """It has been said before: nothing changes, and nobody is told again."""
    return shown(
        help_card(await plea_of(asking, request), asking.asker), in_place=asking.pressed, restricted=True
    )


ROUTES = (
    Route(
        words=("接受", "还能帮"),
        handle=accept,
        topic="一起做",
        does="答应帮同事的忙",
        examples=("接受 X3", "接受 X3 周四给你"),
        alone=("接受", "还能帮"),
    ),
    Route(
        words=("转给", "转给别人"),
        handle=pass_on,
        topic="一起做",
        does="帮忙的事转给更合适的同事,或者换一个人请",
        examples=("转给 X3 @{other}",),
    ),
    Route(
        words=("帮不上", "这次帮不上"),
        handle=decline,
        topic="一起做",
        does="这次帮不了,写一句原因",
        examples=("帮不上 X3 这两天走不开",),
    ),
)
