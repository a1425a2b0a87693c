"""DingTalk's directory over its wire: pages, what is hidden, what is cut short, and being told to wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.asking_again import Patience
from bot.dingtalk.api import DingTalkApi
from bot.dingtalk.directory import DingTalkDirectory
from bot.dingtalk.pacing import Pacing
from chat.directory import Hidden, Listing, Member, Unit
from chat.errors import Rejected, Unreachable
from config.settings import DingTalk
from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_dingtalk.world import CallFault
from tests.bot.dingtalk.office import START

EAST, STORE = 7, 71


class Reader:
    """The directory as the bot reads it."""

    def __init__(self, fake: FakeDingTalk) -> None:
        self.fake = fake
        raw = {
            "enabled": True,
            "client_id": fake.client_id,
            "client_secret": fake.client_secret,
            "api_base": fake.base_url,
            "oapi_base": fake.base_url,
        }
        api = DingTalkApi(DingTalk.model_validate(raw), timeout=2.0, pacing=Pacing(10_000))
        self.directory = DingTalkDirectory(api, patience=Patience(pace=0.0))

    async def pull(self, *, superiors: bool = True) -> Listing:
        return await self.directory.pull(lambda _member: superiors, lambda _count: None)

    def asked(self, path: str) -> int:
        return sum(request.path == f"/topapi/v2/{path}" for request in self.fake.requests)


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    fake = FakeDingTalk(WoundClock(START), qps=None)
    fake.add_department(EAST, "华东区")
    fake.add_department(STORE, "西湖店", EAST)
    fake.add_user("zhou", "周敏", department=EAST, number="E0003", leads=(EAST,))
    fake.add_user("wang", "王店", department=STORE, number="E0101", leads=(STORE,), manager="zhou")
    fake.add_user(
        "li",
        "李四",
        department=STORE,
        also=(EAST,),
        number="E0102",
        mobile="13800001234",
        title="生鲜主管",
        hired=1_677_600_000_000,
    )
    await fake.start()
    made = Reader(fake)
    yield made
    await made.directory.close()
    await fake.stop()


async def test_everything_is_read_once(reader: Reader) -> None:
    listing = await reader.pull()

    assert listing.units == {
        "1": Unit("1", "总部"),
        "7": Unit("7", "华东区", "1"),
        "71": Unit("71", "西湖店", "7"),
    }
    assert listing.members["li"] == Member(
        "li", "李四", "E0102", "13800001234", "生鲜主管", date(2023, 3, 1), ("71", "7"), frozenset(), ""
    )
    wang = listing.members["wang"]
    assert (wang.leads, wang.manager) == (frozenset({"71"}), "zhou")
    assert not reader.fake.calls, "contacts count towards nothing"
    assert reader.directory.calls == 1 + 3 + 3 + 3


async def test_superiors_are_asked_for_only_where_they_are_wanted(reader: Reader) -> None:
    listing = await reader.pull(superiors=False)

    assert reader.asked("user/get") == 0
    assert listing.members["wang"].manager is None
    assert listing.members["wang"].leads == {"71"}


async def test_page_after_page(reader: Reader) -> None:
    for number in range(230):
        reader.fake.add_user(f"u{number}", f"同事{number}", department=STORE)

    listing = await reader.pull(superiors=False)

    assert len(listing.members) == 233
    assert reader.asked("user/list") == 1 + 1 + 3


async def test_a_page_that_is_cut_short_is_no_answer(reader: Reader) -> None:
    reader.fake.contacts.cut = {STORE}

    with pytest.raises(Unreachable) as failed:
        await reader.pull()
    assert failed.value.code == "incomplete"


async def test_told_to_wait_it_asks_again(reader: Reader) -> None:
    busy = CallFault(
        "/topapi/v2/user/list", times=3, status=403, code="Forbidden.AccessDenied.QpsLimitForApi"
    )
    reader.fake.faults.calls.append(busy)

    assert set((await reader.pull()).members) == {"zhou", "wang", "li"}


async def test_told_to_wait_for_ever_it_gives_up(reader: Reader) -> None:
    busy = CallFault("/topapi/v2/user/list", times=999, status=503)
    reader.fake.faults.calls.append(busy)

    with pytest.raises(Unreachable):
        await reader.pull()


async def test_a_spent_token_is_renewed_in_the_middle(reader: Reader) -> None:
    await reader.pull()
    reader.fake.tokens.expire()

    assert len((await reader.pull()).members) == 3


async def test_without_permission_it_is_refused(reader: Reader) -> None:
    reader.fake.contacts.permissions.discard("qyapi_get_department_member")

    with pytest.raises(Rejected) as refused:
        await reader.pull()
    assert refused.value.code == "60011"


async def test_mobiles_may_be_hidden(reader: Reader) -> None:
    reader.fake.contacts.permissions.discard("fieldMobile")

    assert (await reader.pull()).members["li"].mobile == ""


async def test_an_application_may_see_a_part_only(reader: Reader) -> None:
    reader.fake.add_user("chen", "陈总", number="E0001")
    reader.fake.contacts.scope = {STORE, "chen"}

    listing = await reader.pull()

    assert set(listing.members) == {"wang", "li", "chen"}
    assert listing.units == {"71": Unit("71", "西湖店", "7")}
    with pytest.raises(Hidden):
        await reader.directory.member("zhou")
    with pytest.raises(Hidden):
        await reader.directory.unit("7")


async def test_one_person_and_one_unit(reader: Reader) -> None:
    assert (await reader.directory.member("wang")).manager == "zhou"  # type: ignore[union-attr]
    assert await reader.directory.member("nobody") is None
    assert await reader.directory.unit("7") == Unit("7", "华东区", "1")
    assert await reader.directory.unit("99") is None
