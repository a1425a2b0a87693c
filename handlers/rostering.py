"""排班: a store manager says who works when, one by one or as a pasted roster. What is said about a day replaces that day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from cards.notices import Choice, question
from cards.roster import Said, clash_line, own_roster_card, rostered_card, store_roster_card
from chat.answers import Answer
from chat.card import Card
from handlers.asking import Asking, Misunderstood, shown
from handlers.colleagues import mentioned
from handlers.examples import examples_for
from handlers.reading.dates import take_date
from handlers.reading.people import match_people
from handlers.reading.rosters import RosterEntry, read_roster
from handlers.route import Role, Route
from okr.people import Person
from okr.permissions import may_roster_anybody
from okr.refusals import NoSuchPerson, NotForYou
from okr.rosters import DayPlan, overlap
from storage import people, rosters

DAYS = 7
"""So many are shown, today included."""
_HOURS = re.compile(r"\d\s*[-~:点]")
LONGEST_CHOICE = 50
"""Characters: a pasted roster does not fit on a button."""
_LOOKS = re.compile(r"^(?:看|查|查看|显示)?\s*(?P<what>全店|本店|我们店|大家|我|我的)?$")


async def roster(asking: Asking) -> Answer:
    """排班 @张三 周五 10:00-18:30 · 排班 @张三 周六 休 · several lines · 排班 alone shows"""
    if (looks := _LOOKS.match(asking.rest)) is not None:
        mine = (looks["what"] or "").startswith("我") and looks["what"] != "我们店"
        return await my_roster(asking) if mine else await show(asking)
    written = read_roster(asking.rest, asking.today)
    if not written.entries and len(written.unread) <= 1 and not _HOURS.search(asking.rest):
        return await show(asking)
    if written.unread or not written.entries:
        raise Misunderstood(await _unread(asking, written.unread[:4]))
    own = await may_plan(asking)
    whom = [(entry, await _meant(asking, entry, own)) for entry in written.entries]
    return await _write(asking, whom)


async def _unread(asking: Asking, lines: Sequence[str]) -> Card:
    return question("roster_unread", [], awaits="排班", unread=list(lines), eg=await examples_for(asking))


async def may_plan(asking: Asking) -> list[Person]:
    """Whose roster the asker may set: his line's, his store's where he leads it, and then his own."""
    me = asking.asker
    line = await people.below(asking.session, me)
    if not line:
        return []
    found = {person.id: person for person in [me, *line]}
    if me.store and not await _is_led_inside(asking, me):
        found |= {person.id: person for person in await people.of_store(asking.session, me.store)}
    return list(found.values())


async def _is_led_inside(asking: Asking, me: Person) -> bool:
    """Whether the asker's own superior is of the same store: then that one leads it."""
    manager = await people.by_id(asking.session, me.manager_id) if me.manager_id is not None else None
    return manager is not None and manager.store == me.store


async def _meant(asking: Asking, entry: RosterEntry, own: Sequence[Person]) -> Person:
    """Whom a line means. Raises NoSuchPerson, NotForYou, or Misunderstood where it may be two."""
    accounts = mentioned(asking)
    if not entry.who and len(accounts) == 1:
        known = await people.by_account(asking.session, accounts[0])
        found = [] if known is None else [known.person]
    elif not entry.who:
        raise Misunderstood(await _unread(asking, [asking.rest[:40]]))
    else:
        found = match_people(entry.who, own) or await _anybody(asking, entry.who)
    if not found:
        raise NoSuchPerson(entry.who or "这个人")
    allowed = {person.id for person in own}
    if not may_roster_anybody(asking.asker, asking.policy):
        mine = [person for person in found if person.id in allowed]
        if not mine:
            raise NotForYou(f"给{found[0].name}排班", "本店店长或上级")
        found = mine
    if len(found) > 1:
        raise Misunderstood(_which(asking, entry, found))
    return found[0]


async def _anybody(asking: Asking, written: str) -> list[Person]:
    number = await people.by_number(asking.session, written)
    return [number] if number is not None else await people.by_name(asking.session, written)


def _which(asking: Asking, entry: RosterEntry, found: Sequence[Person]) -> Card:
    """The same words with one's number in the place of the name."""
    choices = [
        Choice(
            f"{person.name} {person.unit}"[:20],
            f"排班 {asking.rest.replace(entry.who, person.number, 1).replace('@', '')}",
        )
        for person in found[:6]
    ]
    short = [choice for choice in choices if len(choice.say) <= LONGEST_CHOICE]
    return question("which", short, what=f"有 {len(found)} 个{entry.who},给哪一个排?")


async def _write(asking: Asking, whom: Sequence[tuple[RosterEntry, Person]]) -> Answer:
    """Set what was said, and show each day with what it was before."""
    zone = asking.policy.zone
    said = _by_day(whom)
    names = {person.id: person for _, person in whom}
    ids, days = sorted(names), [day for _, day in said]
    first, last = min(days) - timedelta(days=1), max(days) + timedelta(days=1)
    before = await rosters.plans(asking.session, ids, first, last, zone)
    after = {key: plan for key, plan in {**before, **said}.items() if plan is not None}
    if (clash := overlap(after.values(), zone)) is not None:
        who = names[clash[0].employee_id]
        raise Misunderstood(
            question("roster_clash", [], awaits="排班", name=who.name, said=clash_line(clash, asking.today))
        )
    for key, plan in said.items():
        if plan is None:
            await rosters.forget(asking.session, *key)
    plans = [plan for plan in said.values() if plan is not None]
    await rosters.take_in(asking.session, plans, zone, f"chat:{asking.asker.id}")
    lines = [Said(names[key[0]], key[1], plan, before.get(key)) for key, plan in said.items()]
    return shown(rostered_card(lines, asking.today), in_place=asking.pressed)


def _by_day(whom: Sequence[tuple[RosterEntry, Person]]) -> Mapping[tuple[int, date], DayPlan | None]:
    """What is said of each day of each person, the last word counts."""
    return {
        (person.id, day): None if entry.hours is None else DayPlan(person.id, day, entry.hours)
        for entry, person in whom
        for day in entry.days
    }


# --- looking ---


async def my_roster(asking: Asking) -> Answer:
    """我的排班"""
    return shown(await _of_one(asking, asking.asker), restricted=True)


async def show(asking: Asking) -> Answer:
    """看 排班 · 看 排班 周五 · 看 排班 @张三: one's own store's; who leads none and is in none sees his own."""
    day, rest = take_date(asking.rest.strip(" @"), asking.today, "future")
    if (rest.strip() and day is None) or mentioned(asking):
        return shown(await _of_one(asking, await _seen(asking)), restricted=True)
    everybody = await _store_mates(asking)
    if len(everybody) <= 1:  # alone there is nobody to compare with
        return await my_roster(asking)
    first = day or asking.today
    last = first if day else first + timedelta(days=DAYS - 1)
    found = await rosters.plans(
        asking.session, [one.id for one in everybody], first, last, asking.policy.zone
    )
    unit = asking.asker.store or asking.asker.unit
    plans_ = await may_plan(asking)
    return shown(
        store_roster_card(unit, everybody, found, first, last, asking.today, leads=bool(plans_)),
        restricted=True,
    )


async def _store_mates(asking: Asking) -> list[Person]:
    """Those whose roster stands together: the own store's, or else the whole line's."""
    if asking.asker.store:
        return await people.of_store(asking.session, asking.asker.store)
    return [person for person in await people.below(asking.session, asking.asker) if person.store]


async def _seen(asking: Asking) -> Person:
    """The one who is meant, of the own store or line. Raises NoSuchPerson, NotForYou."""
    allowed = {one.id: one for one in [asking.asker, *await _store_mates(asking), *await may_plan(asking)]}
    written = asking.rest.strip(" @")
    entry = RosterEntry(written if not mentioned(asking) else "", (asking.today,), ())
    if may_roster_anybody(asking.asker, asking.policy):
        return await _meant(asking, entry, list(allowed.values()))
    try:
        return await _meant(asking, entry, list(allowed.values()))
    except NotForYou:
        raise NotForYou(f"看{written or '这个人'}的排班", "同店的同事或上级") from None


async def _of_one(asking: Asking, person: Person) -> Card:
    last = asking.today + timedelta(days=DAYS * 2 - 1)
    found = await rosters.plans(asking.session, [person.id], asking.today, last, asking.policy.zone)
    own = person.id == asking.asker.id
    return own_roster_card(person, list(found.values()), asking.today, own=own)


ROUTES = (
    Route(
        words=("排班", "看排班", "查排班"),
        handle=roster,
        topic="带团队",
        does="排班、改班,也可以整张贴过来",
        examples=("排班 @{mate} 周五 10:00-18:30", "排班 @{mate} 周六 休", "看 排班"),
        role=Role.MANAGER,
    ),
    Route(
        words=("我的排班", "我的班"),
        handle=my_roster,
        topic="其他",
        does="我这两周哪天上班",
        examples=("我的排班",),
    ),
)
