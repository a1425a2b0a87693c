"""Somebody's page: the goals that the reader may see, as 查看 @李四 shows them."""

from __future__ import annotations

from cards.board.pages import Someone
from handlers.asking import Asking
from handlers.board.paths import Query
from handlers.board.shelf import shelf
from handlers.sight import looked_at
from okr.board_refusals import GoalsNotShown
from okr.refusals import NoSuchPerson
from storage import cycles, directions, objectives, people


async def someone_page(asking: Asking, number: str, query: Query) -> Someone:
    """`/board/people/E0102`. Raises GoalsNotShown where there is nothing that the reader may see."""
    del query
    person = await people.by_number(asking.session, number)
    if person is None:
        raise NoSuchPerson(number)
    cycle = await cycles.running(asking.session, asking.today)
    running = await objectives.of_owner(asking.session, person.id, cycle.id)
    annual = await directions.of_owner(asking.session, person.id, asking.today)
    found = await shelf(asking, [*running, *annual])
    if not found.goals and person.id != asking.asker.id:
        raise GoalsNotShown(person.name)
    await looked_at(asking, found.seen, found.goals, "目标和进度")
    quarter = await shelf(asking, running)
    return Someone(
        heading=f"{person.name}的目标",
        about=" · ".join(part for part in (person.position, person.unit) if part),
        unit=person.unit,
        number=person.number,
        total=quarter.total,
        blocks=found.blocks({person.id: person}),
    )
