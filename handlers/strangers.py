"""Accounts that belong to nobody we know: they learn nothing, and are told how to be bound."""

from __future__ import annotations

from datetime import datetime

from cards.notices import Choice, notice, question
from chat.answers import Answer, Letter, Urgency
from chat.events import Account, ChatKind, Click, Message, Opened
from handlers.asking import SILENCE, Asking, shown
from handlers.reading.normal import tidy
from handlers.route import Role, Route
from okr.people import Person
from okr.policy import Policy
from okr.refusals import AlreadyDecided, NoSuchPerson, NoSuchRequest, NotForYou
from storage import bindings, letters, people
from storage.session import Session


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
    request_id = await bindings.ask(session, event.sender, event.conversation, person.id, now)
    if request_id is None:
        return ()
    card = question(
        "binding",
        [Choice("是本人,绑定", f"确认绑定 {person.number}"), Choice("不是", f"拒绝绑定 {person.number}")],
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
    """确认绑定 E0007"""
    return await _decide(asking, confirmed=True)


async def refuse(asking: Asking) -> Answer:
    """拒绝绑定 E0007"""
    return await _decide(asking, confirmed=False)


async def _decide(asking: Asking, *, confirmed: bool) -> Answer:
    number = asking.rest.split()[0] if asking.rest else ""
    person = await people.by_number(asking.session, number)
    if person is None:
        raise NoSuchPerson(number or "这个工号")
    if asking.asker.id not in await _deciders(asking.session, person, asking.policy):
        raise NotForYou("确认绑定", "对方的上级或管理员")
    waiting = await bindings.waiting(asking.session, asking.now, person.id)
    if not waiting:
        raise NoSuchRequest("绑定申请")
    request = waiting[0]
    state = "confirmed" if confirmed else "refused"
    if not await bindings.decide(asking.session, request.id, state, asking.asker.id, asking.now):
        raise AlreadyDecided("绑定申请", "别人")
    told: tuple[Letter, ...] = ()
    if confirmed:
        await people.bind(asking.session, person.id, request.account, "confirmed", asking.now)
        card = notice("binding_decided", confirmed=True, name=person.name)
        told = (Letter(person.id, card, f"bound:{request.id}", Urgency.DECISION),)
    else:
        card = notice("binding_decided", confirmed=False, name="")
        told = (Letter(request.account, card, f"bound:{request.id}", Urgency.DECISION),)
    done = notice(
        "binding_settled", confirmed=confirmed, name=person.name, number=person.number, unit=person.unit
    )
    return Answer(card=done, in_place=True, letters=told)


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
