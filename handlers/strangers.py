"""Accounts that belong to nobody we know: they learn nothing, and are told how to be bound."""

from __future__ import annotations

from datetime import datetime, timedelta

from cards.binding import letter_about_outcome, letters_to_deciders
from cards.directory_letters import PLATFORMS
from cards.notices import Choice, notice, question
from chat.answers import Answer, Letter
from chat.directory import Change, ChangeKind
from chat.events import Account, ChatKind, Click, Message, Opened
from chat.mobile import is_mobile, mobile_of
from handlers.asking import SILENCE, Asking, Misunderstood, shown
from handlers.reading.normal import tidy
from handlers.route import Role, Route
from okr.people import Person
from okr.policy import Policy
from okr.refusals import AlreadyDecided, NoSuchPerson, NoSuchRequest, NotForYou
from storage import bindings, directory, letters, people
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
    said = text.removeprefix("绑定").strip()
    if not said:
        return Answer(card=notice("stranger"))
    asked = await _ask(session, event, said, policy, now)
    by = "手机号" if is_mobile(said) else "工号"
    return Answer(card=notice("binding_asked", by=by), letters=asked)


async def _ask(
    session: Session, event: Message | Click | Opened, said: str, policy: Policy, now: datetime
) -> tuple[Letter, ...]:
    """Letters to whoever may confirm; none where there is no such employee or the account is taken.

    A mobile number that is typed proves nothing. Where the directory is followed the platform is asked first whose it is
    (`scheduler.directory_changes`), and only if it does not say so somebody is.
    """
    mobile = mobile_of(said) if is_mobile(said) else ""
    person = await people.by_mobile(session, mobile) if mobile else await people.by_number(session, said)
    if person is None or await people.account_on(session, person.id, event.sender.platform) is not None:
        return ()
    if await bindings.asked_since(session, event.sender, now - timedelta(days=1)) >= MOST_A_DAY:
        return ()
    request_id = await bindings.ask(session, event.sender, event.conversation, person.id, now)
    if request_id is None:
        return ()
    platform = event.sender.platform
    if mobile and policy.directory.nightly and platform in await directory.in_use(session):
        change = Change(ChangeKind.PERSON, platform, event.sender.user_id)
        await directory.note_changes(session, [change], now)
        return ()
    deciders = await bindings.deciders(session, person, policy.admins)
    return letters_to_deciders(request_id, event.sender, person, deciders, mobile)


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
    if asking.asker.id not in await bindings.deciders(asking.session, person, asking.policy.admins):
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
    letter = letter_about_outcome(request.id, request.account, person.name, confirmed=bound)
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
                f"{PLATFORMS[request.account.platform]} {request.account.name or request.account.user_id}"[
                    :20
                ],
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
        examples=("绑定 E0007", "绑定 13800001234"),
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
