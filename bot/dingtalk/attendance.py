"""DingTalk's attendance: the shifts that are planned for people.

Source: open.dingtalk.com, "query scheduling information in batches": fifty people and seven days in a call, which counts towards
the month's quota. What it leaves out or only half says is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.asking_again import Patience
from bot.dingtalk.api import DingTalkApi
from chat.attendance import DAYS, WorkDay
from chat.errors import Unreachable
from chat.events import PlatformName

PATH = "topapi/attendance/schedule/listbyusers"
AT_ONCE = 50
_SHANGHAI = ZoneInfo("Asia/Shanghai")

_Row = tuple[str, datetime]
"""Coming or leaving, and when."""


class DingTalkAttendance:
    def __init__(self, api: DingTalkApi, *, patience: Patience | None = None) -> None:
        self._api = api
        self._patience = patience or Patience()
        self.calls = 0

    @property
    def platform(self) -> PlatformName:
        return PlatformName.DINGTALK

    async def work_days(self, operator: str, user_ids: Sequence[str], first: date) -> list[WorkDay]:
        found: list[WorkDay] = []
        for begin in range(0, len(user_ids), AT_ONCE):
            found += await self._some(operator, user_ids[begin : begin + AT_ONCE], first)
        return found

    async def _some(self, operator: str, user_ids: Sequence[str], first: date) -> list[WorkDay]:
        body = {
            "op_user_id": operator,
            "userids": ",".join(user_ids),
            "from_date_time": _millis(first),
            "to_date_time": _millis(first + timedelta(days=DAYS - 1)),
        }

        async def once() -> dict[str, Any]:
            self.calls += 1
            return await self._api.legacy(PATH, body)

        answer = await self._patience.ask(once)
        rows = answer.get("result")
        if not isinstance(rows, list):
            raise Unreachable("DingTalk attendance: half an answer", code="incomplete")
        try:
            return days_of(rows)
        except (KeyError, TypeError, ValueError) as error:
            raise Unreachable(f"DingTalk attendance: {type(error).__name__}", code="incomplete") from None


def days_of(rows: Sequence[Any]) -> list[WorkDay]:
    """From single comings and leavings to days."""
    checks: dict[tuple[str, date], list[_Row]] = defaultdict(list)
    rests: set[tuple[str, date]] = set()
    for row in rows:
        key = (str(row["userid"]), _moment(row["work_date"]).date())
        if row.get("is_rest") == "Y":
            rests.add(key)
        elif row.get("plan_check_time"):
            checks[key].append((str(row["check_type"]), _moment(row["plan_check_time"])))
    found = [WorkDay(user_id, day) for user_id, day in rests - checks.keys()]
    for (user_id, day), times in checks.items():
        if hours := _pairs(sorted(times, key=lambda one: one[1])):
            found.append(WorkDay(user_id, day, hours))
    return sorted(found, key=lambda one: (one.user_id, one.day))


def _pairs(times: Sequence[_Row]) -> tuple[tuple[time, time], ...]:
    """Each coming with the leaving after it; nothing where they do not go together."""
    kinds = [kind for kind, _ in times]
    if len(times) % 2 or kinds != ["OnDuty", "OffDuty"] * (len(times) // 2):
        return ()
    moments = [moment.time() for _, moment in times]
    return tuple(zip(moments[::2], moments[1::2], strict=True))


def _moment(value: Any) -> datetime:
    """`2026-11-24 09:00:00` in Shanghai's time; some answers bring milliseconds."""
    if isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, _SHANGHAI)
    return datetime.fromisoformat(str(value)).replace(tzinfo=_SHANGHAI)


def _millis(day: date) -> int:
    return int(datetime.combine(day, time(), _SHANGHAI).timestamp() * 1000)
