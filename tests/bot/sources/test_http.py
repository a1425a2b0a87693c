"""Business data fetched over HTTP: pages of every kind, and a till that is unwell in every way."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.intake import Intake
from bot.sources.pull import Brought, probe, pull
from config.sources import DataSource, Fields, Http, Paging
from okr.policy import Policy
from okr.pulling import PullFailed, Trouble
from storage import sources
from storage.database import Database
from storage.ingesting import Delivery, Outcome
from storage.sources import Source
from tests.bot.sources.pos import TOKEN, Pos, sale
from tests.storage.company import NOON, TODAY, employ, goal, person
from tests.storage.test_metrics import METRICS, days, fed_by, key_result

D = Decimal
POLICY = Policy(metrics=METRICS)


@pytest.fixture
async def pos() -> AsyncIterator[Pos]:
    async with Pos().open() as opened:
        yield opened


@pytest.fixture
async def company(database: Database) -> Database:
    await database.transact(employ)
    return database


def till(pos: Pos, *, paging: Paging | None = None, token: str = TOKEN, **http: Any) -> DataSource:
    return DataSource(
        name="收银台",
        timeout=10.0,
        http=Http(url=pos.url, token=SecretStr(token), records="data.items", paging=paging, **http),
        fields=Fields(
            id="no",
            unit="shop.code",
            employee="clerk",
            at="paid_at",
            values={"sales": "amount", "visitors": "guests"},
        ),
        units={"S01": "西湖店", "S02": "滨江店"},
        people={"8812": "E0102"},
    )


async def fetched(database: Database, source: DataSource, *, later: timedelta = timedelta()) -> Brought:
    return await pull(database, source, NOON + later, POLICY)


async def state(database: Database) -> Source:
    async def work(session: Any) -> Source:
        return (await sources.everything(session, "收银台"))[0]

    return await database.read(work)


async def total(database: Database, unit: str = "西湖店", metric: str = "sales") -> Decimal:
    found = await database.read(lambda session: days(session, unit, metric))
    return sum((of_day[0] for of_day in found.values()), D(0))


async def test_records_become_points_and_move_the_goal(company: Database, pos: Pos) -> None:
    _, kr_id = await company.transact(lambda session: goal(session, fed_by("sales")))
    pos.sales = [sale(1), sale(2, "-28.50"), sale(3, 100, shop={"code": "S02"}, clerk="李四")]

    brought = await fetched(company, till(pos))

    assert (brought.outcome.accepted, brought.rejected) == (6, 0)
    assert (
        await total(company),
        await total(company, "滨江店"),
        await total(company, metric="visitors"),
    ) == (D(100), D(100), D(4))
    kr = await company.read(lambda session: key_result(session, kr_id))
    assert kr.reading is not None
    assert (kr.reading.value, kr.reading.source) == (D(100), "收银台")
    mine = (await company.read(lambda session: person(session, "E0102"))).id
    own = await company.read(lambda session: days(session, "", "sales", mine))
    assert own == {TODAY: (D(200), D(200))}


@pytest.mark.parametrize(
    "paging",
    [
        Paging(by="page", size=2),
        Paging(by="offset", size=2),
        Paging(by="cursor", size=2, next="data.next"),
        Paging(by="link"),
    ],
    ids=lambda paging: paging.by,
)
@pytest.mark.parametrize("count", [0, 1, 4, 5])
async def test_every_page_is_read_and_once(company: Database, pos: Pos, paging: Paging, count: int) -> None:
    pos.sales = [sale(number, 1) for number in range(count)]
    params = {"size": SecretStr("2")} if paging.by == "link" else {}

    brought = await fetched(company, till(pos, paging=paging, params=params))
    again = await fetched(company, till(pos, paging=paging, params=params))

    assert (brought.outcome.accepted, again.outcome.accepted, again.outcome.duplicates) == (
        2 * count,
        0,
        2 * count,
    )
    assert await total(company) == count


async def test_a_till_that_does_not_heed_the_page_is_not_asked_for_ever(company: Database, pos: Pos) -> None:
    pos.sales, pos.mood = [sale(number, 1) for number in range(4)], "deaf to the page"

    with pytest.raises(PullFailed) as failed:
        await fetched(company, till(pos, paging=Paging(by="page", size=2)))

    assert failed.value.trouble is Trouble.PAGING
    assert len(pos.asked) == 2
    assert await total(company) == 2


async def test_one_that_shows_its_last_page_for_ever_is_read_to_the_end(company: Database, pos: Pos) -> None:
    pos.sales, pos.mood = [sale(number, 1) for number in range(4)], "last page for ever"

    await fetched(company, till(pos, paging=Paging(by="page", size=2)))

    assert len(pos.asked) == 3
    assert await total(company) == 4


async def test_small_pages_are_taken_in_together(
    company: Database, pos: Pos, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    class Counted(Intake):
        async def take(self, raw: Sequence[Any], delivery: Delivery, *, blame: bool = False) -> Outcome:
            taken.append(len(raw))
            return await super().take(raw, delivery, blame=blame)

    monkeypatch.setattr("bot.sources.pull.Intake", Counted)
    monkeypatch.setattr("bot.sources.pull.PORTION", 4)
    pos.sales = [sale(number, 1) for number in range(5)]

    assert (await fetched(company, till(pos, paging=Paging(by="page", size=1)))).outcome.accepted == 10
    assert taken == [4, 4, 2]


async def test_it_asks_for_what_is_new_and_a_little_before(company: Database, pos: Pos) -> None:
    source = till(pos, method="POST", params={"from": SecretStr("{since}"), "day": SecretStr("{today}")})
    pos.sales = [sale(1)]
    await fetched(company, source)
    await fetched(company, source, later=timedelta(days=1))

    assert [one["from"] for one in pos.asked] == ["2026-10-01T00:00:00+08:00", "2026-11-21T09:02:00+08:00"]
    assert [one["day"] for one in pos.asked] == ["2026-11-24", "2026-11-25"]


async def test_after_one_that_broke_off_it_begins_where_the_last_whole_one_began(
    company: Database, pos: Pos
) -> None:
    source = till(
        pos, paging=Paging(by="cursor", size=1, next="data.next"), params={"from": SecretStr("{since}")}
    )
    pos.sales, pos.mood = [sale(2), sale(1, at="2026-10-02 10:00:00")], "turning in circles"
    with pytest.raises(PullFailed):
        await fetched(company, source)
    assert await total(company) == D("128.5")
    pos.mood = "well"
    await fetched(company, source)
    assert await total(company) == D("257")
    await fetched(company, source)

    begun = [one["from"] for one in pos.asked if "cursor" not in one]
    assert begun == ["2026-10-01T00:00:00+08:00", "2026-10-01T00:00:00+08:00", "2026-11-21T09:02:00+08:00"]


@pytest.mark.parametrize(
    ("mood", "trouble"),
    [
        ("hanging", Trouble.TIMEOUT),
        ("web page", Trouble.WEB_PAGE),
        ("not json", Trouble.NOT_JSON),
        ("other shape", Trouble.SHAPE),
        ("other fields", Trouble.SHAPE),
        ("broken", Trouble.SERVER),
        ("busy", Trouble.BUSY),
        ("moved", Trouble.MOVED),
        ("huge", Trouble.TOO_LARGE),
        ("turning in circles", Trouble.PAGING),
        ("error in a good answer", Trouble.SHAPE),
        ("bomb", Trouble.TOO_LARGE),
        ("broken bomb", Trouble.NOT_JSON),
        ("not Unicode", Trouble.NOT_JSON),
    ],
)
async def test_a_till_that_is_unwell_leaves_the_last_good_values(
    company: Database, pos: Pos, mood: str, trouble: Trouble
) -> None:
    _, kr_id = await company.transact(lambda session: goal(session, fed_by("sales")))
    source = till(pos, paging=Paging(by="cursor", size=1, next="data.next"))
    source = source.model_copy(update={"timeout": 0.3 if mood == "hanging" else 10.0})
    pos.sales = [sale(1), sale(2)]
    await fetched(company, source)
    pos.mood = mood

    with capture_logs() as logs, pytest.raises(PullFailed) as failed:
        await fetched(company, source, later=timedelta(hours=1))

    assert failed.value.trouble is trouble
    known = await state(company)
    assert (known.failures, known.error, known.heard_at) == (1, str(trouble), NOON)
    kr = await company.read(lambda session: key_result(session, kr_id))
    assert kr.reading is not None
    assert kr.reading.value == D(257)
    told = (
        repr(logs)
        + "".join(traceback.format_exception(failed.value))
        + str(await probe(source, NOON, POLICY))
    )
    assert TOKEN not in told
    assert pos.url not in told

    pos.mood = "well"
    await fetched(company, source, later=timedelta(hours=2))
    assert ((await state(company)).failures, (await state(company)).error) == (0, "")


async def test_a_wrong_token_is_told_from_other_troubles(company: Database, pos: Pos) -> None:
    with pytest.raises(PullFailed, match="账号或令牌不对"):
        await fetched(company, till(pos, token="a-wrong-one"))

    assert (await state(company)).error == "auth"
    assert await probe(till(pos, token="a-wrong-one"), NOON, POLICY) == "账号或令牌不对,或者没有权限(401)"
    assert await probe(till(pos), NOON, POLICY) == ""


async def test_nobody_there(company: Database, pos: Pos) -> None:
    gone = till(pos).model_copy(update={"http": Http(url="http://127.0.0.1:1/api")})

    with pytest.raises(PullFailed) as failed:
        await fetched(company, gone)

    assert failed.value.trouble is Trouble.REFUSED


async def test_bad_records_are_counted_with_the_reason_and_the_rest_is_taken(
    company: Database, pos: Pos
) -> None:
    pos.sales = [
        sale(1),
        sale(2, shop={"code": "S99"}),
        sale(3, "很多"),
        sale(4, at="2026-11-25 09:02:00"),
        sale(5, clerk="9999"),
        sale(6, at="1764000000"),
        sale(7, at="2026/11/3 9:02"),
        *(sale(8 + n, odd) for n, odd in enumerate((float("nan"), float("inf"), "1e400", 1e20))),
    ]

    brought = await fetched(company, till(pos))

    assert {one.reason.split(":")[0].split(",")[0] for one in brought.outcome.rejected} == {
        "没有部门或门店「S99」",
        "value 不是数",
        "value 太大",
        "at 在将来",
        "没有工号 9999",
        "at 不是时间",
    }
    known = await state(company)
    assert known.unmapped == brought.rejected
    assert known.failures == 0
    assert await total(company) == D("257")
    pos.sales = [sale(1)]
    await fetched(company, till(pos))
    assert (await state(company)).unmapped == 0


@pytest.mark.parametrize(
    "odd",
    [
        '"shop": NaN',
        '"clerk": 1e99999999',
        '"no": Infinity',
        '"amount": 1e99999999999999999999',
        '"paid_at": 1e999',
    ],
)
async def test_numbers_that_nobody_could_count_with_cost_only_their_own_record(
    company: Database, pos: Pos, odd: str
) -> None:
    name, _, number = odd.partition(": ")
    pos.sales = [sale(1), {**sale(2), name.strip('"'): {"code": "ODD"} if "shop" in name else "ODD"}]
    pos.instead = {'"ODD"': number}

    await fetched(company, till(pos))

    assert await total(company) == D("128.5") if "no" not in name else D(257)
    assert (await state(company)).failures == 0


async def test_days_and_seconds_are_moments_too(company: Database, pos: Pos) -> None:
    pos.sales = [
        sale(1, 1, 1763950000),
        sale(2, 2, 1763950000000),
        sale(3, 4, "20261103"),
        sale(4, 8, "2026/1/5"),
    ]
    await fetched(company, till(pos))

    found = await company.read(lambda session: days(session, "西湖店"))
    assert found == {date(2026, 11, 3): (D(4), D(4))}  # of last year and before October: not of this quarter
    assert (await state(company)).unmapped == 0
