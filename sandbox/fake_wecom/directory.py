"""People and departments, and who comes with an OAuth code.

Sources: developer.work.weixin.qq.com 96255, 96260 (people), 90344, 95406, 95407 (departments), 96442.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.fake_wecom.world import Person, World, answered

ROOT = 1


class Directory:
    def __init__(self, world: World) -> None:
        self._world = world
        self._departments: dict[int, tuple[str, int]] = {ROOT: ("总部", 0)}
        self._codes: dict[str, str] = {}

    def add_department(self, number: int, name: str, parent: int = ROOT) -> None:
        self._departments[number] = (name, parent)

    def issue_code(self, user_id: str) -> str:
        """What the in-app browser brings back; good for one use. An empty id is somebody from outside."""
        code = self._world.new_id("oauth-")
        self._codes[code] = user_id
        return code

    def user(self, query: Mapping[str, str]) -> dict[str, Any]:
        person = self._world.person(query.get("userid", ""))
        return answered(**_details(person)) if person else answered(60111)

    def simple_list(self, query: Mapping[str, str]) -> dict[str, Any]:
        number = _number(query.get("department_id"))
        if number not in self._departments:
            return answered(60011)
        people = [person for person in self._world.people() if person.department == number]
        return answered(
            userlist=[{"userid": p.user_id, "name": p.name, "department": [p.department]} for p in people]
        )

    def departments(self, query: Mapping[str, str]) -> dict[str, Any]:
        if (top := self._under(query.get("id"))) is None:
            return answered(60011)
        return answered(department=[self._department(number) for number in top])

    def simple_departments(self, query: Mapping[str, str]) -> dict[str, Any]:
        if (top := self._under(query.get("id"))) is None:
            return answered(60011)
        return answered(
            department_id=[{"id": n, "parentid": self._departments[n][1], "order": n} for n in top]
        )

    def department(self, query: Mapping[str, str]) -> dict[str, Any]:
        number = _number(query.get("id"))
        if number not in self._departments:
            return answered(60011)
        return answered(department=self._department(number))

    def who(self, query: Mapping[str, str]) -> dict[str, Any]:
        """auth/getuserinfo"""
        user_id = self._codes.pop(query.get("code", ""), None)
        if user_id is None:
            return answered(40029)
        return answered(userid=user_id) if user_id else answered(openid="o-1", external_userid="wm-1")

    def _department(self, number: int) -> dict[str, Any]:
        name, parent = self._departments[number]
        leaders = [p.user_id for p in self._world.people() if p.department == number and not p.leader]
        return {"id": number, "name": name, "parentid": parent, "order": number, "department_leader": leaders}

    def _under(self, top: str | None) -> list[int] | None:
        """The department and all below it; everything where none is named."""
        if not top:
            return list(self._departments)
        wanted = [_number(top)]
        if wanted[0] not in self._departments:
            return None
        for number in wanted:
            wanted += [child for child, (_, parent) in self._departments.items() if parent == number]
        return wanted


def _details(person: Person) -> dict[str, Any]:
    return {
        "userid": person.user_id,
        "name": person.name,
        "department": [person.department],
        "main_department": person.department,
        "direct_leader": [person.leader] if person.leader else [],
        "status": 1,
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
