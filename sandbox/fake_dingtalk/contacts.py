"""The directory as an application may see it: departments, their people, and what its scope and permissions leave out.

Sources: open.dingtalk.com, "list of departments", "department details", "user details of a department", "user details",
"global error codes".
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.fake_dingtalk.gate import Call, Gate, Handler
from sandbox.fake_dingtalk.refusals import RefusedLegacy, legacy_ok
from sandbox.fake_dingtalk.world import Person, World

ROOT = 1
NO_PERMISSION, NO_USER, NO_DEPARTMENT = "60011", 60121, 60003
USER_HIDDEN, DEPARTMENT_HIDDEN = 50002, 50004
_MOST_IN_PAGE = 100
_PERMISSIONS = {
    "/topapi/v2/user/get": "qyapi_get_member",
    "/topapi/user/getbyunionid": "qyapi_get_member",
    "/topapi/v2/user/list": "qyapi_get_department_member",
    "/topapi/user/listsimple": "qyapi_get_department_member",
    "/topapi/v2/department/listsub": "qyapi_get_department_list",
    "/topapi/v2/department/get": "qyapi_get_department_list",
    "/topapi/v2/user/getbymobile": "qyapi_get_member_by_mobile",
}
MOBILE = "fieldMobile"


class Contacts:
    """`permissions` are those the console has granted. `scope` are the departments and people that the application may see;
    None is the whole company. `cut` are departments whose pages end too early although there are more.
    """

    def __init__(self, world: World, gate: Gate) -> None:
        self._world = world
        self._gate = gate
        self.departments: dict[int, tuple[str, int]] = {ROOT: ("总部", 0)}
        self.permissions = {*_PERMISSIONS.values(), MOBILE}
        self.scope: set[int | str] | None = None
        self.cut: set[int] = set()
        self.silent: set[str] = set()
        """People whom every page leaves out although they are there."""

    def routes(self) -> list[web.RouteDef]:
        calls: dict[str, Call] = {
            "/topapi/v2/user/get": self._user,
            "/topapi/user/getbyunionid": self._by_union_id,
            "/topapi/v2/user/list": self._details,
            "/topapi/user/listsimple": self._simple,
            "/topapi/v2/department/listsub": self._children,
            "/topapi/v2/department/get": self._department,
            "/topapi/v2/user/getbymobile": self._by_mobile,
        }
        routes = [web.post(path, self._allowed(path, call)) for path, call in calls.items()]
        return [*routes, web.get("/auth/scopes", self._gate.legacy(self._scopes))]

    def _allowed(self, path: str, call: Call) -> Handler:
        async def permitted(request: web.Request, body: Any) -> dict[str, Any]:
            if _PERMISSIONS[path] not in self.permissions:
                raise RefusedLegacy(88, f"没有权限 {_PERMISSIONS[path]}", sub_code=NO_PERMISSION)
            return await call(request, body)

        return self._gate.legacy(permitted)

    # --- people ---------------------------------------------------------------------------------

    async def _user(self, _request: web.Request, body: Any) -> dict[str, Any]:
        person = self._seen(self._known(body["userid"]))
        leads = [{"dept_id": one, "leader": one in person.leads} for one in person.departments]
        result = {**self._facts(person), "leader_in_dept": leads, "admin": person.admin, "boss": False}
        if person.manager:
            result["manager_userid"] = person.manager
        return legacy_ok(result=result)

    async def _by_union_id(self, _request: web.Request, body: Any) -> dict[str, Any]:
        for person in self._world.people.values():
            if person.in_org and person.union_id == body["unionid"]:
                return legacy_ok(result={"contact_type": 0, "userid": person.user_id})
        raise RefusedLegacy(NO_USER, "找不到该用户")

    async def _by_mobile(self, _request: web.Request, body: Any) -> dict[str, Any]:
        for person in self._world.people.values():
            if person.in_org and person.mobile and person.mobile == body["mobile"]:
                return legacy_ok(result={"userid": person.user_id})
        raise RefusedLegacy(NO_USER, "找不到该用户")

    async def _details(self, _request: web.Request, body: Any) -> dict[str, Any]:
        """The rows do not say who somebody's manager is."""
        dept_id = int(body["dept_id"])
        page = self._page(body)
        page["list"] = [{**self._facts(one), "leader": dept_id in one.leads} for one in page["list"]]
        return legacy_ok(result=page)

    async def _simple(self, _request: web.Request, body: Any) -> dict[str, Any]:
        page = self._page(body)
        page["list"] = [{"userid": one.user_id, "name": one.name} for one in page["list"]]
        return legacy_ok(result=page)

    def _page(self, body: Any) -> dict[str, Any]:
        dept_id, cursor, size = self._open(body["dept_id"]), body["cursor"], body["size"]
        if not 1 <= size <= _MOST_IN_PAGE:
            raise RefusedLegacy(400002, "size 不合法")
        people = [
            one
            for one in self._world.people.values()
            if one.in_org
            and dept_id in one.departments
            and self._visible(one)
            and one.user_id not in self.silent
        ]
        if dept_id in self.cut:
            return {"has_more": True, "list": []}
        more = cursor + size < len(people)
        page: dict[str, Any] = {"has_more": more, "list": people[cursor : cursor + size]}
        if more:
            page["next_cursor"] = cursor + size
        return page

    def _facts(self, person: Person) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "userid": person.user_id,
            "unionid": person.union_id,
            "name": person.name,
            "avatar": "",
            "title": person.title,
            "job_number": person.number,
            "dept_id_list": list(person.departments),
            "active": True,
        }
        if person.mobile and MOBILE in self.permissions:
            facts |= {"state_code": "86", "mobile": person.mobile}
        if person.hired:
            facts["hired_date"] = person.hired
        return facts

    # --- departments ----------------------------------------------------------------------------

    async def _children(self, _request: web.Request, body: Any) -> dict[str, Any]:
        wanted = self._open(body.get("dept_id", ROOT))
        below = [one for one, (_, parent) in self.departments.items() if parent == wanted]
        return legacy_ok(result=[self._told(one) for one in below if self._in_scope(one)])

    async def _department(self, _request: web.Request, body: Any) -> dict[str, Any]:
        dept_id = self._open(body["dept_id"])
        heads = [one.user_id for one in self._world.people.values() if dept_id in one.leads]
        return legacy_ok(result={**self._told(dept_id), "dept_manager_userid_list": heads})

    def _told(self, dept_id: int) -> dict[str, Any]:
        name, parent = self.departments[dept_id]
        return {"dept_id": dept_id, "name": name} | ({"parent_id": parent} if parent else {})

    async def _scopes(self, _request: web.Request, _body: Any) -> dict[str, Any]:
        scope = {ROOT} if self.scope is None else self.scope
        return legacy_ok(
            auth_org_scopes={
                "authed_dept": sorted(one for one in scope if isinstance(one, int)),
                "authed_user": sorted(one for one in scope if isinstance(one, str)),
            }
        )

    # --- what may be seen -----------------------------------------------------------------------

    def _open(self, dept_id: Any) -> int:
        if dept_id not in self.departments:
            raise RefusedLegacy(NO_DEPARTMENT, "部门不存在")
        if not self._in_scope(dept_id):
            raise RefusedLegacy(DEPARTMENT_HIDDEN, "请求的部门id不在授权范围内")
        return int(dept_id)

    def _in_scope(self, dept_id: int) -> bool:
        while self.scope is not None and dept_id not in self.scope:
            if dept_id not in self.departments:
                return False
            dept_id = self.departments[dept_id][1]
        return True

    def _visible(self, person: Person) -> bool:
        if self.scope is None or person.user_id in self.scope:
            return True
        return any(self._in_scope(one) for one in person.departments)

    def _known(self, user_id: str) -> Person:
        person = self._world.people.get(user_id)
        if person is None or not person.in_org:
            raise RefusedLegacy(NO_USER, "找不到该用户")
        return person

    def _seen(self, person: Person) -> Person:
        if not self._visible(person):
            raise RefusedLegacy(USER_HIDDEN, "请求的员工userid不在授权范围内")
        return person


def modified(had: Person, now: Person, millis: int) -> dict[str, Any]:
    """The event of somebody's change, with the differences as an internal application gets them."""
    names = {"name": "name", "number": "jobNumber", "manager": "managerUserid"}
    prev = {
        told: getattr(had, name) for name, told in names.items() if getattr(had, name) != getattr(now, name)
    }
    curr = {
        told: getattr(now, name) for name, told in names.items() if getattr(had, name) != getattr(now, name)
    }
    diff = {"userid": now.user_id, "prev": prev, "curr": curr}
    return {"timeStamp": str(millis), "diffInfo": diff, "userId": [now.user_id]}
