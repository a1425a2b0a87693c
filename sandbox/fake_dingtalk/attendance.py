"""The planned shifts of people; every call counts towards the month.

Source: open.dingtalk.com, "query scheduling information in batches".
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.fake_dingtalk.gate import Gate
from sandbox.fake_dingtalk.refusals import RefusedLegacy, legacy_ok
from sandbox.fake_dingtalk.world import World

PATH = "/topapi/attendance/schedule/listbyusers"
_MOST_USERS = 50
_LONGEST = 7 * 24 * 3600 * 1000
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_FORM = "%Y-%m-%d %H:%M:%S"


class Attendance:
    """`shifts`: each person's day with its hours; no hours is a day of rest, a missing one is not planned."""

    def __init__(self, world: World, gate: Gate) -> None:
        self._world = world
        self._gate = gate
        self.permitted = True
        self.shifts: dict[tuple[str, date], tuple[tuple[time, time], ...]] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._gate.legacy(self._list, metered=True))]

    async def _list(self, _request: web.Request, body: Any) -> dict[str, Any]:
        if not self.permitted:
            raise RefusedLegacy(88, "没有权限 qyapi_attendance_group_read", sub_code="60011")
        users, first, last = body["userids"].split(","), body["from_date_time"], body["to_date_time"]
        if body["op_user_id"] not in self._world.people or len(users) > _MOST_USERS:
            raise RefusedLegacy(40035, "不合法的参数")
        if not 0 <= last - first <= _LONGEST:
            raise RefusedLegacy(41041, "起止时间不能超过7天")
        begin, end = (datetime.fromtimestamp(one / 1000, _SHANGHAI).date() for one in (first, last))
        rows: list[dict[str, Any]] = []
        for (user_id, day), hours in self.shifts.items():
            if user_id in users and begin <= day <= end:
                rows += _rows(user_id, day, hours)
        return legacy_ok(result=rows, success=True)


def _rows(user_id: str, day: date, hours: tuple[tuple[time, time], ...]) -> list[dict[str, Any]]:
    work_date = datetime.combine(day, time()).strftime(_FORM)
    common = {"userid": user_id, "work_date": work_date, "group_id": 1, "id": 1}
    if not hours:
        return [{**common, "is_rest": "Y", "check_type": "OnDuty", "plan_check_time": work_date}]
    rows = []
    for start, end in hours:
        until = datetime.combine(day if end > start else day + timedelta(days=1), end)
        for kind, moment in (("OnDuty", datetime.combine(day, start)), ("OffDuty", until)):
            rows.append(
                {**common, "is_rest": "N", "check_type": kind, "plan_check_time": moment.strftime(_FORM)}
            )
    return rows
