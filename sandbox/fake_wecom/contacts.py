"""People and departments as the app may see them: its scope, and what is hidden from apps of these days.

Sources: developer.work.weixin.qq.com 96255, 96260 (people), 90344, 95406, 95407 (departments).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.fake_wecom.world import Person, World, answered

ROOT = 1


class Contacts:
    """`scope`: the departments that the app may see with all below, None for the whole company. `mobiles_hidden`: so since
    2022; `names_hidden`: then a name is the user id. `list_refused`: `department/list` is not for this app.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.departments: dict[int, tuple[str, int]] = {ROOT: ("总部", 0)}
        self.scope: set[int] | None = None
        self.names_hidden = False
        self.mobiles_hidden = True
        self.list_refused = False
        self.silent: set[str] = set()
        """People whom every listing leaves out although they are there."""

    def user(self, query: Mapping[str, str]) -> dict[str, Any]:
        person = self._world.person(query.get("userid", ""))
        if person is None:
            return answered(60111)
        return answered(**self._details(person)) if self._visible(person) else answered(60011)

    def detailed_list(self, query: Mapping[str, str]) -> dict[str, Any]:
        return self._listed(query, self._details)

    def simple_list(self, query: Mapping[str, str]) -> dict[str, Any]:
        return self._listed(
            query,
            lambda one: {"userid": one.user_id, "name": self._name(one), "department": list(one.departments)},
        )

    def department_list(self, query: Mapping[str, str]) -> dict[str, Any]:
        if self.list_refused:
            return answered(48002)
        if (top := self._under(query.get("id"))) is None:
            return answered(60011)
        return answered(department=[self._department(number) for number in top])

    def simple_departments(self, query: Mapping[str, str]) -> dict[str, Any]:
        if (top := self._under(query.get("id"))) is None:
            return answered(60011)
        return answered(
            department_id=[{"id": n, "parentid": self.departments[n][1], "order": n} for n in top]
        )

    def department(self, query: Mapping[str, str]) -> dict[str, Any]:
        number = _number(query.get("id"))
        if not self._in_scope(number):
            return answered(60011)
        return answered(department=self._department(number))

    # --- what is told ---------------------------------------------------------------------------

    def _listed(self, query: Mapping[str, str], told: Any) -> dict[str, Any]:
        number = _number(query.get("department_id"))
        if not self._in_scope(number):
            return answered(60011)
        people = [
            one
            for one in self._world.people()
            if number in one.departments and one.user_id.lower() not in self.silent
        ]
        return answered(userlist=[told(one) for one in people])

    def _department(self, number: int) -> dict[str, Any]:
        name, parent = self.departments[number]
        leaders = [one.user_id for one in self._world.people() if number in one.leads]
        return {"id": number, "name": name, "parentid": parent, "order": number, "department_leader": leaders}

    def _details(self, person: Person) -> dict[str, Any]:
        details: dict[str, Any] = {
            "userid": person.user_id,
            "name": self._name(person),
            "department": list(person.departments),
            "main_department": person.department,
            "is_leader_in_dept": [int(one in person.leads) for one in person.departments],
            "direct_leader": [person.leader] if person.leader else [],
            "position": person.position,
            "status": person.status,
        }
        if person.mobile and not self.mobiles_hidden:
            details["mobile"] = person.mobile
        extended = {"工号": person.number, "入职日期": person.joined}
        details["extattr"] = {
            "attrs": [
                {"type": 0, "name": name, "text": {"value": value}}
                for name, value in extended.items()
                if value
            ]
        }
        return details

    def _name(self, person: Person) -> str:
        return person.user_id if self.names_hidden else person.name

    # --- what may be seen -----------------------------------------------------------------------

    def _in_scope(self, number: int) -> bool:
        while number in self.departments:
            if self.scope is None or number in self.scope:
                return True
            number = self.departments[number][1]
        return False

    def _visible(self, person: Person) -> bool:
        return any(self._in_scope(one) for one in person.departments)

    def _under(self, top: str | None) -> list[int] | None:
        """The department and all below it; everything in scope where none is named."""
        if not top:
            return [number for number in self.departments if self._in_scope(number)]
        wanted = [_number(top)]
        if not self._in_scope(wanted[0]):
            return None
        for number in wanted:
            wanted += [child for child, (_, parent) in self.departments.items() if parent == number]
        return wanted


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
