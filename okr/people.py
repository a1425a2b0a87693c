"""People of the company as the rules see them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """One employee. `department` is a path: `总部/华东区/杭州一店`; `store` is empty outside the stores."""

    id: int
    number: str
    name: str
    department: str = ""
    position: str = ""
    grade: str = ""
    manager_id: int | None = None
    region: str = ""
    store: str = ""
    store_type: str = ""
    active: bool = True

    @property
    def unit(self) -> str:
        return unit_of(self.department)


def unit_of(department: str) -> str:
    """What a unit is called: the last part of its path."""
    parts = _parts(department)
    return parts[-1] if parts else ""


def is_in_unit(person: Person, unit_name: str) -> bool:
    """Whether the person is of this unit or of one below it; a region goes by its short name too (华东)."""
    name = unit_name.strip()
    return bool(name) and (name in _parts(person.department) or name in (person.region, person.store))


def is_at_or_below(department: str, above: str) -> bool:
    """Whether a department is this one or part of it: 总部/华东区/西湖店 is part of 总部/华东区. Nothing is part of an unknown one."""
    return bool(above) and (department == above or department.startswith(f"{above}/"))


def _parts(department: str) -> list[str]:
    return [part.strip() for part in department.split("/") if part.strip()]
