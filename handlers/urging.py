"""催: somebody is asked how it stands, once a day, only where he owes something and is at work. It is one friendly letter."""

from __future__ import annotations

import re
from dataclasses import replace

from cards.help_request import say_reach
from cards.notices import Choice, notice, question
from cards.todo import Duty
from chat.answers import Answer, Letter, Urgency
from handlers import helping, requests_seen, todo
from handlers.asking import Asking, Misunderstood, shown
from handlers.colleagues import meant_person, mentioned
from handlers.reachable import reach
from handlers.reading.people import match_people
from handlers.route import Route
from okr.help_refusals import CannotUrge
from okr.people import Person
from okr.refusals import NoSuchPerson
from storage import heard, help_requests, people

_URGE = re.compile(r"^催(?:一?下)?\s*(?P<whom>@?\S.{0,20})$")
SHOWN = 3


async def urge(asking: Asking) -> Answer:
    """催 @小张 · 催下小张"""
    person = await _whom(asking)
    if person.id == asking.asker.id:
        raise CannotUrge(person.name, "own")
    owed = await _owed(asking, person)
    if not owed:
        raise CannotUrge(person.name, "nothing")
    read = await reach(asking, person)
    if not read.at_once:
        when = say_reach(read.at, read.away_until, person.name, asking.now)
        return shown(notice("urge_later", name=person.name, when=when, owed=_lines(owed)), restricted=True)
    day = asking.today.isoformat()
    if not await heard.first_time(asking.session, f"urge:{asking.asker.id}:{person.id}:{day}", asking.now):
        return shown(notice("urged", name=person.name, again=True, owed=_lines(owed)), restricted=True)
    first = owed[0]
    card = notice("urging", by=asking.asker.name, owed=_lines(owed), label=first.label, say=first.say)
    letter = Letter(person.id, card, f"urge:{asking.asker.id}:{person.id}:{day}", Urgency.COLLABORATION)
    return Answer(
        card=notice("urged", name=person.name, again=False, owed=_lines(owed)),
        restricted=True,
        letters=(letter,),
    )


async def said(asking: Asking) -> Answer | None:
    """催小张, without a space."""
    match = _URGE.match(asking.text)
    return await urge(asking.rested(match["whom"])) if match is not None else None


async def _whom(asking: Asking) -> Person:
    """小张 is somebody called 张 among those one leads or has asked for something; else anybody by his name."""
    words = asking.rest.strip()
    near = [*await people.below(asking.session, asking.asker), *await _asked(asking)]
    known = {person.id: person for person in near}
    if not mentioned(asking):
        fits = match_people(words.removeprefix("@"), list(known.values())) if words else []
        if len(fits) == 1:
            return fits[0]
        if len(fits) > 1:
            choices = [Choice(f"{one.name} {one.unit}"[:20], f"催 {one.number}") for one in fits[:6]]
            raise Misunderstood(question("which", choices, what="催哪一个?"))
    person = await meant_person(asking, words, "催", "催哪一个")
    if person is None:
        raise NoSuchPerson(words[:20] or "这个人")
    return person


async def _asked(asking: Asking) -> list[Person]:
    waiting = await help_requests.asked_by(asking.session, asking.asker.id)
    ids = sorted({one.asked_id for one in waiting if one.asked_id is not None})
    return list((await people.by_ids(asking.session, ids)).values())


async def _owed(asking: Asking, person: Person) -> list[Duty]:
    """What he owes: a superior may ask about all that is late, a colleague about what he himself waits for."""
    his = replace(asking, asker=person)
    mine = await helping.duties(his, from_=asking.asker.id) + await requests_seen.decisions_due(
        his, from_=asking.asker.id
    )
    if asking.asker.id not in await people.superiors(asking.session, person.id):
        return mine
    seen = {duty.say for duty in mine}
    late = [duty for duty in await todo.updates(his) if duty.say not in seen]
    return mine + late


def _lines(owed: list[Duty]) -> list[str]:
    return [duty.text for duty in owed[:SHOWN]]


ROUTES = (
    Route(
        words=("催", "催下", "催一下"),
        handle=urge,
        topic="带团队",
        does="问一声还没办的事,一天一次,人在班上才发",
        examples=("催 @{mate}",),
    ),
)
