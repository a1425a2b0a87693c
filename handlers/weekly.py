"""周报: one's own week, now; 周报 @李四 for who is above him."""

from __future__ import annotations

from cards.notices import notice
from cards.weekly import Telling, weekly_card
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood
from handlers.colleagues import colleague
from handlers.route import Route
from okr.masking import opened
from okr.people import Person
from okr.refusals import NotForYou
from okr.weekly import PersonWeek, week_to_report
from storage import cycles, objectives, people, weekly


async def report(asking: Asking) -> Answer:
    """周报 · 周报 @李四"""
    person, week = await told(asking)
    telling = Telling(own=person.id == asking.asker.id, number=person.number, draws=True)
    card, files = weekly_card(person.name, week, asking.today, asking.policy, telling)
    return Answer(card=card, in_place=asking.pressed and not files, restricted=True, files=files)


async def told(asking: Asking) -> tuple[Person, PersonWeek]:
    """Whose week the words mean, and that week. Raises NotForYou, and Misunderstood where there is nothing to tell."""
    person = asking.asker
    if asking.rest and not asking.rest.startswith("我"):
        person = await colleague(asking, asking.rest, "周报")
    await _require_above(asking, person)
    cycle = await cycles.running(asking.session, asking.today)
    own = await objectives.of_owner(asking.session, person.id, cycle.id)
    whole = [opened(objective) for objective in own]
    week = await weekly.of_person(
        asking.session, whole, person, week_to_report(asking.today), asking.now, asking.policy
    )
    if not week.lines:
        mine = person.id == asking.asker.id
        raise Misunderstood(notice("no_week", name="" if mine else person.name))
    return person, week


async def _require_above(asking: Asking, person: Person) -> None:
    """Raises NotForYou for a colleague's week."""
    if person.id == asking.asker.id:
        return
    if asking.asker.id not in await people.line_above(asking.session, person):
        raise NotForYou(f"看{person.name}的周报", "他的上级")


ROUTES = (
    Route(
        words=("周报", "我的战报", "我的周报"),
        handle=report,
        topic="看",
        does="这一周的战报:各涨了多少,会到多少,下周先办什么",
        examples=("周报", "周报 @{mate}"),
    ),
)
