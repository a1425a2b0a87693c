"""WeCom's directory over its wire: what these days' apps may see, and what is hidden from them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.asking_again import Patience
from bot.wecom.api import WeComApi
from bot.wecom.directory import WeComDirectory
from chat.directory import Hidden, Listing, Member, Unit
from chat.errors import Rejected, Unreachable
from sandbox.clock import WoundClock
from sandbox.fake_wecom import FakeWeCom
from tests.bot.wecom.office import AGENT, CORP, KEY, START, TOKEN

EAST, STORE = 7, 71


class Reader:
    """The directory as the bot reads it."""

    def __init__(self, fake: FakeWeCom) -> None:
        self.fake = fake
        api = WeComApi(fake.base_url, corp_id=CORP, secret="s", agent_id=AGENT, timeout=2.0)
        self.directory = WeComDirectory(api, patience=Patience(pace=0.0))

    async def pull(self) -> Listing:
        return await self.directory.pull(lambda _member: False, lambda _count: None)


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    fake = FakeWeCom(WoundClock(START), corp_id=CORP, agent_id=AGENT, secret="s", token=TOKEN, aes_key=KEY)
    fake.add_department(EAST, "华东区")
    fake.add_department(STORE, "西湖店", EAST)
    fake.add_user("WxZhou", "周敏", department=EAST, leads=(EAST,))
    fake.add_user("WxWang", "王店", department=STORE, leads=(STORE,), leader="WxZhou", position="店长")
    fake.add_user(
        "WxLi",
        "李四",
        department=STORE,
        also=(EAST,),
        number="E0102",
        joined="2023/03/01",
        mobile="13800001234",
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
    assert listing.members["wxli"] == Member(
        "WxLi", "李四", "E0102", joined_on=date(2023, 3, 1), units=("71", "7"), manager=""
    )
    wang = listing.members["wxwang"]
    assert (wang.title, wang.leads, wang.manager) == ("店长", frozenset({"71"}), "WxZhou")
    assert reader.directory.calls == 1 + 3


async def test_mobiles_where_the_app_is_older(reader: Reader) -> None:
    reader.fake.contacts.mobiles_hidden = False

    assert (await reader.pull()).members["wxli"].mobile == "13800001234"


async def test_a_name_that_is_the_user_id_is_hidden(reader: Reader) -> None:
    reader.fake.contacts.names_hidden = True

    assert {one.name for one in (await reader.pull()).members.values()} == {""}


async def test_departments_one_by_one_where_the_list_is_refused(reader: Reader) -> None:
    whole = await reader.pull()
    reader.fake.contacts.list_refused = True

    assert await reader.pull() == whole


async def test_an_app_may_see_a_part_only(reader: Reader) -> None:
    reader.fake.contacts.scope = {STORE}

    listing = await reader.pull()

    assert set(listing.members) == {"wxwang", "wxli"}
    assert set(listing.units) == {"71"}
    with pytest.raises(Hidden):
        await reader.directory.member("WxZhou")
    with pytest.raises(Hidden):
        await reader.directory.unit("7")


async def test_who_has_left_but_is_not_removed_is_not_there(reader: Reader) -> None:
    reader.fake.add_user("WxZhou", "周敏", department=EAST, status=5)
    reader.fake.add_user("WxWang", "王店", department=STORE, status=2)

    assert set((await reader.pull()).members) == {"wxwang", "wxli"}
    assert await reader.directory.member("WxZhou") is None
    assert await reader.directory.member("wxwang") is not None
    assert await reader.directory.member("nobody") is None


async def test_told_to_wait_it_asks_again(reader: Reader) -> None:
    reader.fake.faults.next_errors.extend([45009, -1, 42001])

    assert len((await reader.pull()).members) == 3


@pytest.mark.parametrize(("code", "kind"), [(45009, Unreachable), (60011, Rejected), (60020, Unreachable)])
async def test_what_goes_on_being_refused_is_no_answer(
    reader: Reader, code: int, kind: type[Exception]
) -> None:
    reader.fake.faults.next_errors.extend([code] * 20)

    with pytest.raises(kind):
        await reader.pull()
