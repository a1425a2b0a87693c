"""At which level of the company somebody stands: the company 0, a region 1, a store 2, its people 3."""

from __future__ import annotations

from collections.abc import Collection

from okr.people import Person


def level_of(person: Person, manager: Person | None) -> int:
    """By the department's path; the head of a unit stands where the unit does, its other members one below.

    Head is the member whose manager is outside the unit (or who has none).
    """
    depth = len(_parts(person.department))
    is_head = manager is None or not is_within(manager.department, person.department)
    return max(0, depth - 1) + (0 if is_head else 1)


def asks_first(supporter: Person, supported: Person, superiors: Collection[int] = ()) -> bool:
    """Whether the owner of the goal above is to be asked: he is neither of one's own department nor of one's line.

    `superiors`: everybody above the supporter. A unit that lies within the other one's is of its line.
    """
    if supporter.id == supported.id or supported.id in superiors or supported.manager_id == supporter.id:
        return False
    return not is_within(supporter.department, supported.department) and not is_within(
        supported.department, supporter.department
    )


def is_within(department: str, other: str) -> bool:
    """Whether a department is the other one or lies below it; a person without one belongs nowhere."""
    inner, outer = _parts(department), _parts(other)
    return bool(outer) and inner[: len(outer)] == outer


def _parts(department: str) -> list[str]:
    return [part.strip() for part in department.split("/") if part.strip()]
