"""WeCom's directory as the app may see it: its visible scope, and of names and mobiles what the company lets it have.

Sources: developer.work.weixin.qq.com 96255 (a member), 96260 (a department's members), 90344, 95406, 95407 (departments). Apps
made after June 2022 get no mobiles, and many no names: a name that is the user id again is one that is hidden. There is
no field for an employee number: the company may keep one among the extended attributes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.asking_again import Patience
from bot.directory_pull import all_of, understood
from bot.wecom.api import WeComApi
from chat.directory import Hidden, Listing, Member, Sample, Told, Unit, Wanted, hidden_of, key_of
from chat.errors import Rejected, Unreachable
from chat.events import PlatformName
from chat.mobile import mobile_of

ROOT = "1"
LEFT = 5
"""A status: has left the company but is not yet removed."""
_NO_SUCH_USER = frozenset({"60111", "46004", "40003"})
_NO_SUCH_UNIT = frozenset({"60003", "60123"})
_OUT_OF_SCOPE = frozenset({"60011"})
_NOT_FOR_THIS_APP = frozenset({"48002", "60011"})
_NUMBERS = ("工号", "员工编号", "员工工号", "员工号")
_JOINED = ("入职日期", "入职时间")


class WeComDirectory:
    charged = False

    def __init__(self, api: WeComApi, *, patience: Patience | None = None) -> None:
        self._api = api
        self._patience = patience or Patience()
        self.calls = 0

    @property
    def platform(self) -> PlatformName:
        return PlatformName.WECOM

    async def close(self) -> None:
        await self._api.close()

    async def pull(self, wanted: Wanted, told: Told) -> Listing:
        """The listing says who everybody's superior is: `wanted` makes no difference."""
        del wanted
        units, led = await self._departments()
        told(len(units))
        members: dict[str, Member] = {}
        for found in await all_of(self._people_of, list(units)):
            for member in found:
                key = key_of(PlatformName.WECOM, member.user_id)
                members[key] = replace(member, leads=member.leads | led.get(key, frozenset()))
            told(1)
        return Listing(units, members)

    async def member(self, user_id: str) -> Member | None:
        answer = await self._ask("user/get", {"userid": user_id}, _NO_SUCH_USER)
        if answer is None or answer.get("status") == LEFT:
            return None
        return understood(_member, answer, "WeCom")

    async def unit(self, key: str) -> Unit | None:
        answer = await self._ask("department/get", {"id": key}, _NO_SUCH_UNIT)
        return None if answer is None else understood(_unit, answer.get("department"), "WeCom")

    async def trial(self) -> Sample:
        units, _ = await self._departments()
        listed: list[Member] = []
        for key in list(units)[:6]:
            listed += await self._people_of(key)
            if listed:
                break
        name = next((unit.name for unit in units.values()), "")
        return Sample(name, len(listed), hidden_of(listed))

    # --- the parts of a pull --------------------------------------------------------------------

    async def _departments(self) -> tuple[dict[str, Unit], dict[str, frozenset[str]]]:
        """All that are in the app's scope, and by the key of who leads any of them which."""
        try:
            answer = await self._ask("department/list", {})
        except Rejected as refused:
            if refused.code not in _NOT_FOR_THIS_APP:
                raise
            answer = {"department": await self._one_by_one()}
        listed = answer.get("department") if answer else None
        if not isinstance(listed, list):
            raise Unreachable("WeCom: no departments in the answer", code="incomplete")
        units = [understood(_unit, one, "WeCom") for one in listed]
        led: dict[str, frozenset[str]] = {}
        for one in listed:
            key = understood(_key, one, "WeCom")
            for head in understood(_heads, one, "WeCom"):
                led[head] = led.get(head, frozenset()) | {key}
        return {unit.key: unit for unit in units}, led

    async def _one_by_one(self) -> list[Any]:
        answer = await self._ask("department/simplelist", {})
        ids = [str(one["id"]) for one in (answer or {}).get("department_id") or ()]

        async def one(key: str) -> Any:
            found = await self._ask("department/get", {"id": key})
            return (found or {}).get("department")

        return await all_of(one, ids)

    async def _people_of(self, key: str) -> list[Member]:
        answer = await self._ask("user/list", {"department_id": key})
        listed = (answer or {}).get("userlist")
        if not isinstance(listed, list):
            raise Unreachable("WeCom: no people in the answer", code="incomplete")
        return [understood(_member, one, "WeCom") for one in listed if one.get("status") != LEFT]

    # --- one call -------------------------------------------------------------------------------

    async def _ask(
        self, path: str, query: Mapping[str, str], absent: frozenset[str] = frozenset()
    ) -> dict[str, Any] | None:
        """None for a refusal that says there is none. Raises Hidden, Unreachable, Rejected."""

        async def once() -> dict[str, Any]:
            self.calls += 1
            return await self._api.call("GET", path, query=query)

        try:
            return await self._patience.ask(once)
        except Rejected as refused:
            if refused.code in absent:
                return None
            if refused.code in _OUT_OF_SCOPE:
                raise Hidden(refused.reason, code=refused.code) from None
            raise


def _key(answer: Any) -> str:
    return str(int(answer["id"]))


def _unit(answer: Any) -> Unit:
    key = _key(answer)
    parent = "" if key == ROOT else str(answer.get("parentid") or "")
    heads = answer.get("department_leader")
    return Unit(key, str(answer.get("name") or ""), parent, None if heads is None else frozenset(heads))


def _heads(answer: Any) -> frozenset[str]:
    return frozenset(key_of(PlatformName.WECOM, one) for one in answer.get("department_leader") or ())


def _member(answer: Any) -> Member:
    user_id, name = str(answer["userid"]), str(answer.get("name") or "").strip()
    departments = [str(one) for one in answer.get("department") or ()]
    main = str(answer.get("main_department") or (departments[0] if departments else ""))
    led = answer.get("is_leader_in_dept") or ()
    leads = frozenset(unit for unit, leading in zip(departments, led, strict=False) if leading)
    superiors = answer.get("direct_leader")
    extended = _extended(answer)
    return Member(
        user_id=user_id,
        name="" if name.lower() == user_id.lower() else name,
        number=next((extended[one] for one in _NUMBERS if extended.get(one)), ""),
        mobile=mobile_of(str(answer.get("mobile") or "")),
        title=str(answer.get("position") or "").strip(),
        joined_on=_day(next((extended[one] for one in _JOINED if extended.get(one)), "")),
        units=tuple(dict.fromkeys([main, *departments])) if main else (),
        leads=leads,
        manager=None if superiors is None else str(superiors[0]) if superiors else "",
    )


def _extended(answer: Any) -> dict[str, str]:
    """Extended attributes that are texts, by their names."""
    attributes = (answer.get("extattr") or {}).get("attrs") or ()
    return {
        str(one.get("name")): str((one.get("text") or {}).get("value") or one.get("value") or "").strip()
        for one in attributes
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
