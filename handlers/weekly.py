"""周报: one's own week, now; 周报 @李四 for who is above him."""

from __future__ import annotations

import re

from cards.notices import notice
from cards.weekly import Telling, weekly_card
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood
from handlers.colleagues import colleague
from handlers.goals import own_refs
from handlers.route import Route
from okr.masking import opened
from okr.people import Person
from okr.weekly import PersonWeek, week_to_report
from storage import cycles, objectives, people, weekly

_WEEK = re.compile("^(?:上周|本周|这周)[ 的]*")


async def report(asking: Asking) -> Answer:
    """周报 · 周报 @李四"""
    person, week = await told(asking)
    telling = Telling(own=person.id == asking.asker.id, number=person.number, draws=True)
    card, files = weekly_card(person.name, week, asking.today, asking.policy, telling)
    return Answer(card=card, in_place=asking.pressed and not files, restricted=True, files=files)


async def told(asking: Asking) -> tuple[Person, PersonWeek]:
    """Whose week the words mean, and that week. Raises Misunderstood where it is not the asker's to read, or there is nothing to tell."""
    person, rest = asking.asker, asking.rest
    told_of = week_to_report(asking.today)
    if rest.startswith("上周") and told_of.sunday >= asking.today:
        raise Misunderstood(notice("only_this_week", ref=(await own_refs(asking))[0]), restricted=True)
    rest = _WEEK.sub("", rest)
    if rest and not rest.startswith("我"):
        person = await colleague(asking, rest, "周报")
    await _require_above(asking, person)
    cycle = await cycles.running(asking.session, asking.today)
    own = await objectives.of_owner(asking.session, person.id, cycle.id)
    whole = [opened(objective) for objective in own]
    week = await weekly.of_person(asking.session, whole, person, told_of, asking.now, asking.policy)
    if not week.lines:
        mine = person.id == asking.asker.id
        raise Misunderstood(notice("no_week", name="" if mine else person.name))
    return person, week


async def _require_above(asking: Asking, person: Person) -> None:
    """Raises Misunderstood for a colleague's week."""
    if person.id == asking.asker.id:
        return
    if asking.asker.id not in await people.line_above(asking.session, person):
        raise Misunderstood(notice("week_not_yours", name=person.name, number=person.number), restricted=True)


ROUTES = (
    Route(
        words=("周报", "我的战报", "我的周报", "战报", "漏斗"),
        handle=report,
        topic="看",
        does="这一周的战报:各涨了多少,会到多少,下周先办什么",
        examples=("周报", "周报 @{mate}"),
    ),
)
