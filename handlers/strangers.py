"""Accounts that belong to nobody we know: they learn nothing, and are told how to be bound."""

from __future__ import annotations

from datetime import datetime, timedelta

from cards.notices import Choice, notice, question
from chat.answers import Answer, Letter, Urgency
from chat.events import Account, ChatKind, Click, Message, Opened
from handlers.asking import SILENCE, Asking, Misunderstood, shown
from handlers.reading.normal import tidy
from handlers.route import Role, Route
from okr.people import Person
from okr.policy import Policy
from okr.refusals import AlreadyDecided, NoSuchPerson, NoSuchRequest, NotForYou
from storage import bindings, letters, people
from storage.bindings import Binding
from storage.session import Session

MOST_A_DAY = 5
"""So many times an account may make others decide about it, whatever numbers it names."""


async def answer(session: Session, event: Message | Click | Opened, policy: Policy, now: datetime) -> Answer:
    """What an unknown account is told: the same whether or not the number it names exists."""
    if isinstance(event, Opened) and await letters.last_shown(session, event, numbered=False) is not None:
        return SILENCE
    text = tidy(event.text) if isinstance(event, Message) else ""
    if (
        not text.startswith("绑定")
        or not event.sender.user_id
        or event.conversation.kind is not ChatKind.PRIVATE
    ):
        return Answer(card=notice("stranger"))
    number = text.removeprefix("绑定").strip()
    if not number:
        return Answer(card=notice("stranger"))
    asked = await _ask(session, event, number, policy, now)
    return Answer(card=notice("binding_asked"), letters=asked)


async def _ask(
    session: Session, event: Message | Click | Opened, number: str, policy: Policy, now: datetime
) -> tuple[Letter, ...]:
    """Letters to whoever may confirm; none where there is no such employee or the account is taken."""
    person = await people.by_number(session, number)
    if person is None or await people.account_on(session, person.id, event.sender.platform) is not None:
        return ()
    if await bindings.asked_since(session, event.sender, now - timedelta(days=1)) >= MOST_A_DAY:
        return ()
    request_id = await bindings.ask(session, event.sender, event.conversation, person.id, now)
    if request_id is None:
        return ()
    which = f"{person.number} {event.sender.user_id}"
    card = question(
        "binding",
        [Choice("是本人,绑定", f"确认绑定 {which}"), Choice("不是", f"拒绝绑定 {which}")],
        name=person.name,
        number=person.number,
        unit=person.unit,
        account=event.sender.name or event.sender.user_id,
        platform=platform_name(event.sender),
    )
    return tuple(
        Letter(receiver, card, f"binding:{request_id}:{receiver}", Urgency.DECISION)
        for receiver in await _deciders(session, person, policy)
    )


def platform_name(account: Account) -> str:
    return {"dingtalk": "钉钉", "wecom": "企业微信"}[account.platform]


async def _deciders(session: Session, person: Person, policy: Policy) -> list[int]:
    """The direct manager where there is one, and the admins."""
    admins = [admin.id for admin in await people.by_numbers(session, sorted(policy.admins))]
    manager = [person.manager_id] if person.manager_id is not None else []
    return [receiver for receiver in dict.fromkeys([*manager, *admins]) if receiver != person.id]


# --- for those who decide, and those who are bound already ---


async def bound_already(asking: Asking) -> Answer:
    """绑定, by somebody who is known."""
    me = asking.asker
    return shown(notice("already_bound", name=me.name, number=me.number, unit=me.unit))


async def confirm(asking: Asking) -> Answer:
    """确认绑定 E0007 · 确认绑定 E0007 WxNew, where several accounts ask for one number"""
    return await _decide(asking, confirmed=True)


async def refuse(asking: Asking) -> Answer:
    """拒绝绑定 E0007 · 拒绝绑定 E0007 WxNew"""
    return await _decide(asking, confirmed=False)


async def _decide(asking: Asking, *, confirmed: bool) -> Answer:
    number, _, user_id = asking.rest.partition(" ")
    person = await people.by_number(asking.session, number)
    if person is None:
        raise NoSuchPerson(number or "这个工号")
    if asking.asker.id not in await _deciders(asking.session, person, asking.policy):
        raise NotForYou("确认绑定", "对方的上级或管理员")
    request = await _request(asking, person, user_id, "确认绑定" if confirmed else "拒绝绑定")
    taken = confirmed and await _is_taken(asking.session, person, request.account)
    bound = confirmed and not taken
    state = "confirmed" if bound else "refused"
    if not await bindings.decide(asking.session, request.id, state, asking.asker.id, asking.now):
        raise AlreadyDecided("绑定申请", "别人")
    if bound:
        await people.bind(asking.session, person.id, request.account, "confirmed", asking.now)
    done = notice(
        "binding_settled",
        confirmed=bound,
        taken=taken,
        name=person.name,
        number=person.number,
        unit=person.unit,
    )
    told = notice("binding_decided", confirmed=bound, name=person.name if bound else "")
    # Told where it was asked: the preferred platform of the number's owner may be another one.
    letter = Letter(request.account, told, f"bound:{request.id}", Urgency.DECISION)
    return Answer(card=done, in_place=True, letters=(letter,))


async def _request(asking: Asking, person: Person, user_id: str, verb: str) -> Binding:
    """The one that is meant. Raises AlreadyDecided, NoSuchRequest, or Misunderstood where several wait."""
    waiting = await bindings.waiting(asking.session, asking.now, person.id)
    fits = [request for request in waiting if request.account.user_id == user_id] if user_id else waiting
    if not fits:
        decider_id = await bindings.decided_by(asking.session, person.id, asking.now)
        if decider_id is None:
            raise NoSuchRequest("绑定申请")
        decider = await people.by_id(asking.session, decider_id)
        raise AlreadyDecided("绑定申请", decider.name if decider else "别人")
    if len(fits) > 1:
        choices = [
            Choice(
                f"{platform_name(request.account)} {request.account.name or request.account.user_id}"[:20],
                f"{verb} {person.number} {request.account.user_id}",
            )
            for request in fits[:6]
        ]
        raise Misunderstood(question("which", choices, what=f"有 {len(fits)} 个账号说自己是{person.name}"))
    return fits[0]


async def _is_taken(session: Session, person: Person, account: Account) -> bool:
    """Whether, since it was asked, the person has got an account on that platform or the account a person."""
    return (
        await people.account_on(session, person.id, account.platform) is not None
        or await people.by_account(session, account) is not None
    )


ROUTES = (
    Route(
        words=("绑定",),
        handle=bound_already,
        topic="其他",
        does="把聊天账号和工号连起来",
        examples=("绑定 E0007",),
    ),
    Route(
        words=("确认绑定",),
        handle=confirm,
        topic="带团队",
        does="同意一个新账号绑定工号",
        examples=("确认绑定 E0007",),
        role=Role.MANAGER,
    ),
    Route(
        words=("拒绝绑定",),
        handle=refuse,
        topic="带团队",
        does="不同意一个新账号绑定工号",
        examples=("拒绝绑定 E0007",),
        role=Role.MANAGER,
    ),
)
