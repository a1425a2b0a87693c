"""交接: what is open with somebody is given to somebody else, previewed first, from chat.card import Card
from chat.card import Card
from that day on (docs/rules/handover.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cards.handover import handed_over_card, preview_card
from cards.handover_letters import letters_about, redraws_about
from cards.notices import Choice, notice, question
from chat.answers import Answer, Letter
from chat.card import Card
from chat.events import Account
from handlers import upstream
from handlers.asking import Asking, Misunderstood, shown
from handlers.colleagues import mentioned
from handlers.examples import examples_for
from handlers.reading.people import find_people
from handlers.route import Role, Route
from handlers.upstream import UpstreamChange
from okr.handover import Belongings, may_hand_over, may_receive
from okr.objectives import State
from okr.people import Person
from okr.refusals import NoSuchPerson, NotForYou
from storage import handover, objectives, people
from storage.handover import Handing

_BETWEEN = re.compile(r"[\s,、]+|(?:手上的)?(?:交)?给|→|->")
_MARK = re.compile(r"\s+v([0-9a-f]{6})$")


async def hand_over(asking: Asking) -> Answer:
    """交接 @李四 @王五 · 交接 E0102 E0103"""
    match = _MARK.search(asking.rest)
    words = asking.rest[: match.start()] if match else asking.rest
    giver, receiver = await _both(asking, words)
    await _require_right(asking, giver, receiver)
    what = await handover.belongings(asking.session, giver.id)
    if what.empty:
        return shown(
            notice("nothing_to_hand_over", name=giver.name, number=giver.number), in_place=asking.pressed
        )
    told = await _told(asking, what, giver, receiver)
    if asking.confirmed and match is not None and match[1] == what.mark:
        return await _move(asking, what, giver, receiver, told)
    confirm = f"确认 交接 {giver.number} {receiver.number} v{what.mark}"
    names = [person.name for person in told]
    card = preview_card(what, giver, receiver, names, confirm, again=asking.confirmed)
    return shown(card, in_place=asking.pressed, restricted=True)


# --- who ---


async def _both(asking: Asking, words: str) -> tuple[Person, Person]:
    """From whom to whom: two mentions, names or numbers. Raises Misunderstood, NoSuchPerson, NotForYou."""
    named = [word for _, _, word in find_people(words)]
    if len(named) != 2:  # names without @ are words as any other
        named = [word for word in _BETWEEN.split(words) if word]
    accounts = mentioned(asking)
    if len(named) != 2 and len(accounts) == 2:  # from one to the other
        return await _known(asking, accounts[0]), await _known(asking, accounts[1])
    if len(named) != 2:  # the same
        raise Misunderstood(await _whom(asking))
    giver = await _one(asking, named[0], f"交接 {{}} {named[1]}", leavers=True)
    receiver = await _one(asking, named[1], f"交接 {giver.number} {{}}")
    if giver.id == receiver.id:
        raise Misunderstood(await _whom(asking))
    return giver, receiver


async def _whom(asking: Asking) -> Card:
    return question("hand_over_whom", [], awaits="交接", eg=await examples_for(asking))


async def _known(asking: Asking, account: Account) -> Person:
    known = await people.by_account(asking.session, account)
    if known is None:
        raise NoSuchPerson(account.name or "这个人")
    return known.person


async def _one(asking: Asking, word: str, say: str, *, leavers: bool = False) -> Person:
    """The one that is meant; who has left may still hand over."""
    found = await _found(asking, word)
    if not found and leavers:
        found = await people.leavers(asking.session, word.lstrip("@"))
    if not found:
        raise NoSuchPerson(word.lstrip("@"))
    if len(found) > 1:
        choices = [Choice(f"{one.name} {one.unit}"[:20], say.format(one.number)) for one in found[:6]]
        raise Misunderstood(question("which", choices, what=f"有 {len(found)} 个{found[0].name},是哪一个?"))
    return found[0]


async def _found(asking: Asking, word: str) -> list[Person]:
    number = await people.by_number(asking.session, word)
    if number is not None:
        return [number]
    found = await people.by_name(asking.session, word.lstrip("@"))
    accounts = {
        known.person.id
        for one in mentioned(asking)
        if (known := await people.by_account(asking.session, one))
    }
    return [person for person in found if person.id in accounts] or found


async def _require_right(asking: Asking, giver: Person, receiver: Person) -> None:
    """Raises NotForYou."""
    me, policy = asking.asker, asking.policy
    if not may_hand_over(me, await people.superiors(asking.session, giver.id), policy):
        raise NotForYou(f"交接{giver.name}手上的", f"{giver.name}的上级、人事或管理员")
    line = {person.id for person in await people.below(asking.session, me)}
    if not may_receive(me, line, receiver.id, policy):
        raise NotForYou(f"交给自己这条线以外的人({receiver.name})", "人事或管理员")


# --- what happens ---


async def _told(asking: Asking, what: Belongings, giver: Person, receiver: Person) -> list[Person]:
    """Who would hear of it: both, the giver's superior, who waits for a decision, and who supports these goals."""
    ids = [receiver.id, giver.id, giver.manager_id]
    ids += await handover.applicants(asking.session, what.decisions)
    ids += await handover.supporters(asking.session, [goal.id for goal in what.goals])
    found = await people.by_ids(asking.session, [one for one in dict.fromkeys(ids) if one is not None])
    wanted = [found[one] for one in dict.fromkeys(ids) if one is not None and one in found]
    return [one for one in wanted if one.active and one.id != asking.asker.id]


async def _move(
    asking: Asking, what: Belongings, giver: Person, receiver: Person, told: Sequence[Person]
) -> Answer:
    asked_again = await _ask_below(asking, what, giver, receiver)
    handing = Handing(
        giver.id,
        receiver.id,
        asking.now,
        str(asking.event.sender.platform),
        by_id=asking.asker.id,
        confirm_by=asking.policy.calendar.after(asking.today, upstream.DAYS_TO_CONFIRM),
        admins=[one.id for one in await people.by_numbers(asking.session, sorted(asking.policy.admins))],
    )
    moved = await handover.move(asking.session, what, handing)
    known = await people.by_ids(
        asking.session, [one for each in moved.redirected for one in (each.to_id, each.applicant_id)]
    )
    letters = letters_about(moved, giver, receiver, known, by=asking.asker, once=asking.event.event_id)
    return Answer(
        card=handed_over_card(moved, giver, receiver, [person.name for person in told]),
        in_place=True,
        restricted=True,
        letters=(*letters, *asked_again),
        redraws=redraws_about(moved, known),
    )


async def _ask_below(asking: Asking, what: Belongings, giver: Person, receiver: Person) -> tuple[Letter, ...]:
    """Who supports these goals is asked again, as with every other change of an owner."""
    change = UpstreamChange(
        "负责人",
        giver.name,
        receiver.name,
        by=asking.asker.name,
        knows={giver.id, receiver.id, asking.asker.id},
    )
    letters: list[Letter] = []
    for objective in await objectives.by_ids(asking.session, [goal.id for goal in what.goals]):
        if objective.state is State.ACTIVE:
            for kr in objective.counting:
                letters += await upstream.upstream_changed(asking, kr, change)
    return tuple(letters)


ROUTES = (
    Route(
        words=("交接",),
        handle=hand_over,
        topic="带团队",
        does="把一个人手上的目标、要批的、帮忙的,整个交给另一个人",
        examples=("交接 @{mate} @{other}",),
        role=Role.MANAGER,
    ),
)
