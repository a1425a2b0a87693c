"""Where somebody stands in the company, and whether another department's owner is to be asked."""

from __future__ import annotations

import pytest

from okr.levels import asks_first, level_of
from okr.people import Person

CHEN = Person(1, "E1", "陈总", "总部")
LIN = Person(2, "E2", "林晓", "总部/人力资源部", manager_id=1)
ZHOU = Person(3, "E3", "周敏", "总部/华东区", manager_id=1)
WANG = Person(4, "E4", "王店", "总部/华东区/西湖店", manager_id=3)
LI = Person(5, "E5", "李四", "总部/华东区/西湖店", manager_id=4)
ZHAO = Person(6, "E6", "赵店", "总部/华东区/滨江店", manager_id=3)
AIDE = Person(7, "E7", "助理", "总部", manager_id=1)
LOST = Person(8, "E8", "没部门", "")
NAMESAKE = Person(9, "E9", "同名", "总部/华东区域", manager_id=1)


@pytest.mark.parametrize(
    ("person", "manager", "level"),
    [
        (CHEN, None, 0),
        (AIDE, CHEN, 1),
        (LIN, CHEN, 1),
        (ZHOU, CHEN, 1),
        (WANG, ZHOU, 2),
        (LI, WANG, 3),
        (LOST, None, 0),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_the_head_stands_where_the_unit_does_and_its_people_one_below(
    person: Person, manager: Person | None, level: int
) -> None:
    assert level_of(person, manager) == level


@pytest.mark.parametrize(
    ("below", "above", "superiors", "asks"),
    [
        (LI, LI, (), False),
        (LI, WANG, (4, 3, 1), False),
        (WANG, LI, (3, 1), False),
        (LI, ZHOU, (4, 3, 1), False),
        (LI, CHEN, (4, 3, 1), False),
        (LI, ZHOU, (), False),
        (ZHOU, LI, (1,), False),
        (LI, ZHAO, (4, 3, 1), True),
        (WANG, ZHAO, (3, 1), True),
        (LIN, ZHOU, (1,), True),
        (ZHOU, NAMESAKE, (1,), True),
        (LOST, ZHOU, (), True),
        (LOST, ZHOU, (3,), False),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_another_department_is_asked_and_ones_own_line_is_not(
    below: Person, above: Person, superiors: tuple[int, ...], asks: bool
) -> None:
    assert asks_first(below, above, superiors) is asks
