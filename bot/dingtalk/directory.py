"""DingTalk's directory: departments one below the other, their people page by page, and each one's superior where it is worth it.

Sources: open.dingtalk.com, "list of departments", "department details", "user details of a department", "user details",
"contact scope of an application". None of these calls counts towards the month's quota by the page "basic interfaces"; where
a company finds otherwise it says `directory.contacts_count`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.asking_again import Patience
from bot.dingtalk.api import DingTalkApi
from bot.directory_pull import all_of, understood
from chat.directory import Hidden, Listing, Member, Sample, Told, Unit, Wanted, hidden_of
from chat.errors import Rejected, Unreachable
from chat.events import PlatformName
from chat.mobile import mobile_of

ROOT = "1"
PAGE = 100
"""As many as the platform gives at once."""
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_NO_SUCH_USER = frozenset({"60121"})
_NO_SUCH_UNIT = frozenset({"60003"})
_OUT_OF_SCOPE = frozenset({"50002", "50004"})
"""The contact scope of the application does not reach so far."""


class DingTalkDirectory:
    def __init__(self, api: DingTalkApi, *, charged: bool = False, patience: Patience | None = None) -> None:
        self._api = api
        self._patience = patience or Patience()
        self.charged = charged
        self.calls = 0

    @property
    def platform(self) -> PlatformName:
        return PlatformName.DINGTALK

    async def close(self) -> None:
        await self._api.close()

    async def pull(self, wanted: Wanted, told: Told) -> Listing:
        tops, alone = await self._scope()
        units = {unit.key: unit for unit in tops}
        level = list(units)
        while level:
            below = [unit for units_ in await all_of(self._children, level) for unit in units_]
            level = [unit.key for unit in below if unit.key not in units]
            units |= {unit.key: unit for unit in below if unit.key not in units}
            told(len(level))
        members: dict[str, Member] = {}
        for found in await all_of(self._people_of, list(units)):
            for member in found:
                had = members.get(member.user_id)
                members[member.user_id] = replace(member, leads=member.leads | had.leads) if had else member
            told(1)
        for user_id in alone:
            one = members.get(user_id) or await self.member(user_id)
            if one is not None:
                members[user_id] = one
        asked = [one for one in members.values() if one.manager is None and wanted(one)]
        for one in await all_of(self._with_superior, asked):
            members[one.user_id] = one
            told(1)
        return Listing(units, members)

    async def member(self, user_id: str) -> Member | None:
        answer = await self._ask(
            "topapi/v2/user/get", {"userid": user_id, "language": "zh_CN"}, _NO_SUCH_USER
        )
        return None if answer is None else understood(_member, answer["result"], "DingTalk")

    async def unit(self, key: str) -> Unit | None:
        answer = await self._ask("topapi/v2/department/get", _department(key), _NO_SUCH_UNIT)
        return None if answer is None else understood(_unit, answer["result"], "DingTalk")

    async def trial(self) -> Sample:
        tops, alone = await self._scope()
        listed: list[Member] = []
        for top in tops[:1]:
            for unit in [top, *(await self._children(top.key))[:5]]:
                listed += await self._people_of(unit.key)
                if listed:
                    break
        known = [await self.member(one) for one in [*alone[:1], *(one.user_id for one in listed[:1])]]
        everybody = [*listed, *(one for one in known if one is not None)]
        return Sample(tops[0].name if tops else "", len(everybody), hidden_of(everybody))

    # --- the parts of a pull --------------------------------------------------------------------

    async def _scope(self) -> tuple[list[Unit], list[str]]:
        """The units to begin with and the people that are shared one by one: the whole company, or what the application may see."""
        try:
            root = await self.unit(ROOT)
        except Hidden:
            root = None
        if root is not None:
            return [root], []
        answer = await self._ask("auth/scopes", None)
        assert answer is not None
        scopes = answer.get("auth_org_scopes") or {}
        found = [await self.unit(str(key)) for key in scopes.get("authed_dept") or ()]
        return [unit for unit in found if unit is not None], list(scopes.get("authed_user") or ())

    async def _children(self, key: str) -> list[Unit]:
        answer = await self._ask("topapi/v2/department/listsub", _department(key))
        assert answer is not None
        return [understood(_unit, one, "DingTalk") for one in answer["result"] or ()]

    async def _people_of(self, key: str) -> list[Member]:
        members: list[Member] = []
        cursor = 0
        while True:
            body = {"dept_id": int(key), "cursor": cursor, "size": PAGE, "language": "zh_CN"}
            answer = await self._ask("topapi/v2/user/list", body)
            assert answer is not None
            page = answer["result"] or {}
            members += [
                understood(partial(_listed, unit=key), one, "DingTalk") for one in page.get("list") or ()
            ]
            if page.get("has_more") is False:
                return members
            if not page.get("list") or page.get("next_cursor", cursor) == cursor:
                raise Unreachable("DingTalk: a page is cut short", code="incomplete")
            cursor = page["next_cursor"]

    async def _with_superior(self, member: Member) -> Member:
        """The listing does not say who somebody's superior is. Who has left since the page was read stays as he is."""
        asked = await self.member(member.user_id)
        return replace(asked, leads=asked.leads | member.leads) if asked is not None else member

    # --- one call -------------------------------------------------------------------------------

    async def _ask(
        self, path: str, body: Mapping[str, Any] | None, absent: frozenset[str] = frozenset()
    ) -> dict[str, Any] | None:
        """None for a refusal that says there is none. Raises Hidden, Unreachable, Rejected."""

        async def once() -> dict[str, Any]:
            self.calls += 1
            return await self._api.legacy(path, body)

        try:
            answer = await self._patience.ask(once)
        except Rejected as refused:
            if refused.code in absent:
                return None
            if refused.code in _OUT_OF_SCOPE:
                raise Hidden(refused.reason, code=refused.code) from None
            raise
        if "result" not in answer and "auth_org_scopes" not in answer:
            raise Unreachable(f"DingTalk {path}: half an answer", code="incomplete")
        return answer


def _department(key: str) -> dict[str, Any]:
    return {"dept_id": int(key), "language": "zh_CN"}


def _unit(answer: Mapping[str, Any]) -> Unit:
    key = str(answer["dept_id"])
    parent = "" if key == ROOT else str(answer.get("parent_id") or "")
    heads = answer.get("dept_manager_userid_list")
    return Unit(key, str(answer.get("name") or ""), parent, None if heads is None else frozenset(heads))


def _listed(answer: Mapping[str, Any], unit: str) -> Member:
    """A row of a department's page: it says whether this is the head here, and nothing about the superior."""
    return replace(_facts(answer), leads=frozenset({unit}) if answer.get("leader") else frozenset())


def _member(answer: Mapping[str, Any]) -> Member:
    leads = frozenset(str(one["dept_id"]) for one in answer.get("leader_in_dept") or () if one.get("leader"))
    return replace(_facts(answer), leads=leads, manager=str(answer.get("manager_userid") or ""))


def _facts(answer: Mapping[str, Any]) -> Member:
    return Member(
        user_id=str(answer["userid"]),
        name=str(answer.get("name") or "").strip(),
        number=str(answer.get("job_number") or "").strip(),
        mobile=mobile_of(str(answer.get("mobile") or "")),
        title=str(answer.get("title") or "").strip(),
        joined_on=_day(answer.get("hired_date")),
        units=tuple(str(one) for one in answer.get("dept_id_list") or ()),
    )


def _day(millis: Any) -> date | None:
    """A day as a moment in milliseconds; some answers bring it as text."""
    try:
        return datetime.fromtimestamp(int(millis) / 1000, UTC).astimezone(_SHANGHAI).date()
    except (TypeError, ValueError, OverflowError, OSError):
        return None
