"""What the platforms say about their directories, over the real wire of both: heard, looked into, in force."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.directories import directories_of
from chat.directory import Change, ChangeKind
from chat.events import Account, PlatformName
from sandbox.clock import WoundClock
from sandbox.fake_dingtalk.frames import Push
from sandbox.fake_dingtalk.world import CallFault
from sandbox.stage import Stage, staged
from scheduler import directory as syncing
from storage import directory, people
from storage.session import Session
from tests.engines import MONDAY
from tests.quiet import QUIET_JOBS

STORE, OTHER = "西湖店", "滨江店"


@dataclass
class Company:
    """One platform's directory, changed in its console, and what the bot has made of it."""

    stage: Stage
    platform: PlatformName

    @property
    def fake(self) -> Any:
        return self.stage.dingtalk if self.platform is PlatformName.DINGTALK else self.stage.wecom

    def user(self, name: str) -> str:
        return f"dt-{name}" if self.platform is PlatformName.DINGTALK else f"Wx{name.capitalize()}"

    def unit(self, name: str) -> int:
        departments: dict[int, tuple[str, int]] = self.fake.contacts.departments
        return next(number for number, (called, _) in departments.items() if called == name)

    async def sync(self) -> syncing.Report:
        application = self.stage.application
        async with directories_of(application.settings) as sources:
            wanted = [source for source in sources if source.platform is self.platform]
            return await syncing.sync(self.stage.database, wanted, application.now(), application.policy())

    async def has(self, check: Callable[[Session], Coroutine[Any, Any, bool]]) -> None:
        """Wait until it is so."""
        async with asyncio.timeout(30):
            while not await self.stage.database.read(check):
                await asyncio.sleep(0.02)

    async def tells(self, event: Awaitable[Any]) -> None:
        """Something happens in the console, and the bot acknowledges it."""
        told = await event
        assert await told.wait(30) if isinstance(told, Push) else told

    async def settled(self) -> None:
        """Nothing waits to be looked into."""

        async def nothing(session: Session) -> bool:
            return await session.one("SELECT 1 FROM directory_changes") is None

        await self.has(nothing)

    async def person(self, number: str) -> tuple[Any, ...]:
        async def look(session: Session) -> tuple[Any, ...]:
            row = await session.one(
                "SELECT e.name, e.department, m.number, e.active FROM employees e"
                " LEFT JOIN employees m ON m.id = e.manager_id WHERE e.number = ?",
                number,
            )
            return tuple(row) if row else ()

        return await self.stage.database.read(look)

    async def known(self, user_id: str) -> str:
        async def look(session: Session) -> str:
            found = await people.by_account(session, Account(self.platform, user_id))
            return found.person.number if found else ""

        return await self.stage.database.read(look)


@pytest.fixture(params=[PlatformName.DINGTALK, PlatformName.WECOM])
async def company(request: pytest.FixtureRequest, company_url: str) -> AsyncIterator[Company]:
    async with staged(company_url, WoundClock(MONDAY), furnished=False, jobs=QUIET_JOBS) as stage:
        stage.application.directory_watch._breath = 0.0
        stage.dingtalk.limits.qps = None
        yield Company(stage, request.param)


async def test_what_nobody_pulled_is_not_followed(company: Company) -> None:
    await company.tells(
        company.fake.hire(company.user("qian"), "钱七", department=company.unit(STORE), number="E0104")
    )

    async def nothing(session: Session) -> bool:
        return await session.one("SELECT 1 FROM directory_changes") is None

    assert await company.stage.database.read(nothing)
    assert await company.person("E0104") == ()


async def test_the_cast_is_as_the_file_has_it(company: Company) -> None:
    report = await company.sync()

    assert (report.taken.new, report.taken.changed, report.taken.same) == (0, 0, 8)
    assert (report.moved, report.taken.doubtful) == (0, [])


async def test_somebody_new_is_known_at_once(company: Company) -> None:
    await company.sync()
    await company.tells(
        company.fake.hire(company.user("qian"), "钱七", department=company.unit(STORE), number="E0104")
    )
    await company.settled()

    assert await company.person("E0104") == ("钱七", "总部/华东区/西湖店", "E0101", True)
    assert await company.known(company.user("qian")) == "E0104"


async def test_who_moves_has_another_superior(company: Company) -> None:
    await company.sync()
    await company.tells(company.fake.change_user(company.user("li"), department=company.unit(OTHER)))
    await company.settled()

    assert (await company.person("E0102"))[1:3] == ("总部/华东区/滨江店", "E0201")


async def test_who_leaves_is_gone_at_once_and_the_head_has_the_goals(company: Company) -> None:
    await company.sync()
    await company.tells(company.fake.dismiss(company.user("zhang")))
    await company.settled()

    assert not (await company.person("E0103"))[3]

    async def inherited(session: Session) -> bool:
        row = await session.one(
            "SELECT count(*) FROM objectives o JOIN employees e ON e.id = o.owner_id WHERE e.number = 'E0103'"
            " AND o.state IN ('draft', 'pending', 'active', 'paused')"
        )
        return row is not None and row[0] == 0

    assert await company.stage.database.read(inherited)


async def test_the_same_twice_late_and_in_the_wrong_order(company: Company) -> None:
    await company.sync()
    company.fake.faults.twice = True
    user, unit = company.user("qian"), company.unit(STORE)
    await company.tells(company.fake.hire(user, "钱七", department=unit, number="E0104"))
    await company.tells(company.fake.dismiss(user))
    await company.tells(company.fake.hire(user, "钱七", department=unit, number="E0104"))
    await company.settled()
    if company.platform is PlatformName.DINGTALK:
        await company.tells(company.fake.happen("user_leave_org", {"timeStamp": "1", "userId": [user]}))
    else:
        await company.tells(company.fake.contact_changed("delete_user", UserID=user))
    await company.settled()

    assert (await company.person("E0104"))[3], "he is there, whatever an old event says"

    async def rows(session: Session) -> int:
        row = await session.one("SELECT count(*) FROM employees WHERE name = '钱七'")
        return int(row[0]) if row else 0

    assert await company.stage.database.read(rows) == 1


async def test_a_unit_is_renamed_with_everybody_in_it(company: Company) -> None:
    await company.sync()
    number = company.unit("华东区")
    company.fake.add_department(number, "华东大区")
    if company.platform is PlatformName.DINGTALK:
        await company.tells(company.fake.happen("org_dept_modify", {"timeStamp": "1", "deptId": [number]}))
    else:
        await company.tells(company.fake.contact_changed("update_party", Id=number))
    await company.settled()

    assert (await company.person("E0102"))[1] == "总部/华东大区/西湖店"


async def test_busy_for_a_while_it_is_looked_into_later(company: Company) -> None:
    await company.sync()
    if company.platform is PlatformName.DINGTALK:
        company.fake.faults.calls.append(CallFault("/topapi/v2/user/get", times=99, status=403, code="90020"))
    else:
        company.fake.faults.next_errors.extend([60020] * 9)
    await company.tells(company.fake.change_user(company.user("li"), department=company.unit(OTHER)))

    async def tried(session: Session) -> bool:
        row = await session.one("SELECT tries FROM directory_changes")
        return row is not None and row[0] == 1

    await company.has(tried)
    faults = company.fake.faults
    (faults.calls if company.platform is PlatformName.DINGTALK else faults.next_errors).clear()
    company.stage.clock.wind(timedelta(minutes=10))
    await company.stage.application.directory_watch.look()
    await company.settled()

    assert (await company.person("E0102"))[1] == "总部/华东区/滨江店"


# --- by the mobile number ---

MOBILE = "13800000202"


async def knocks(company: Company, words: str) -> str:
    """吴越, who has no account on DingTalk, asks to be known there; whose the account is afterwards."""

    async def register(session: Session) -> None:
        await session.run("UPDATE employees SET mobile = ? WHERE number = 'E0202'", MOBILE)

    await company.stage.database.transact(register)
    await company.sync()
    company.fake.add_user("dt-wu", "吴越", department=0, mobile=MOBILE)
    await company.fake.say("dt-wu", words)
    await company.stage.application.directory_watch.look()
    return await company.known("dt-wu")


async def letters(company: Company, like: str) -> list[str]:
    async def look(session: Session) -> list[str]:
        rows = await session.all("SELECT card FROM letters WHERE once LIKE ? ORDER BY id", like)
        return [row[0] for row in rows]

    return await company.stage.database.read(look)


@pytest.mark.parametrize("company", [PlatformName.DINGTALK], indirect=True)
async def test_the_platform_vouches_for_a_mobile_number(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await knocks(company, "绑定 138 0000 0202") == "E0202"
    assert "吴越,绑定好了" in (await letters(company, "bound:%"))[0]
    assert await letters(company, "binding:%") == [], "nobody else need be asked"
    assert MOBILE not in capsys.readouterr().out, "it is not logged"


@pytest.mark.parametrize("company", [PlatformName.DINGTALK], indirect=True)
async def test_where_the_platform_hides_it_people_are_asked(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.fake.contacts.permissions.discard("fieldMobile")

    assert await knocks(company, f"绑定 {MOBILE}") == ""
    asked = await letters(company, "binding:%")
    assert len(asked) == 2
    assert all("138…0202" in card and MOBILE not in card for card in asked)
    assert MOBILE not in capsys.readouterr().out


@pytest.mark.parametrize("company", [PlatformName.DINGTALK], indirect=True)
async def test_another_persons_mobile_number_lets_nobody_be_him(company: Company) -> None:
    await company.sync()
    company.fake.add_user("dt-thief", "贾六", department=0, mobile="13900000001")

    async def register(session: Session) -> None:
        await session.run("UPDATE employees SET mobile = ? WHERE number = 'E0202'", MOBILE)

    await company.stage.database.transact(register)
    await company.fake.say("dt-thief", f"绑定 {MOBILE}")
    await company.stage.application.directory_watch.look()

    assert await company.known("dt-thief") == "dt-thief", "he is himself, somebody new"


@pytest.mark.parametrize("company", [PlatformName.WECOM], indirect=True)
async def test_another_user_id_is_the_same_person(company: Company) -> None:
    await company.sync()
    before = await company.person("E0102")
    await company.tells(company.fake.change_user("WxLi", user_id="LiSi"))
    await company.settled()

    assert await company.person("E0102") == before
    assert await company.known("lisi") == "E0102"
    assert await company.known("WxLi") == ""


async def test_a_bot_that_was_away_looks_into_what_it_kept(company: Company) -> None:
    await company.sync()
    gone = company.fake.world
    if company.platform is PlatformName.DINGTALK:
        del gone.people["dt-li"]
    else:
        gone.remove_person("WxLi")
    change = Change(ChangeKind.PERSON, company.platform, company.user("li"))
    await company.stage.database.transact(
        lambda session: directory.note_changes(session, [change], company.stage.clock.now())
    )
    await company.stage.application.directory_watch.look()

    assert not (await company.person("E0102"))[3]
