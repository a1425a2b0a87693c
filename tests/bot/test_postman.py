"""What leaves, on both engines: in what order, how often, when it is given up, and what it is counted as."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import postman
from bot.postman import BATCH, FEWEST_TRIES, PATIENCE, Postman
from chat.answers import Urgency
from chat.errors import DeliveryFailed, Rejected, Unreachable
from chat.events import Account, ChatKind, Conversation, PlatformName
from chat.platform import Parcel, Receipt
from okr.policy import Policy
from scheduler.sending import Sending
from storage import letters, people, usage
from storage.database import Database
from storage.session import Session
from tests.bot.mail import CARD, DINGTALK, LI, ONLY_WECOM, SHOWN, WECOM, Mail, at_any_hour, saying
from tests.storage.company import NOON, employ, person

NEVER = 3600.0
"""Seconds: no test waits so long."""


@pytest.fixture
async def mail(database: Database) -> Mail:
    await database.transact(employ)
    return Mail(database)


# --- order ---


async def test_the_most_urgent_goes_first_then_the_oldest(mail: Mail) -> None:
    to = Account(DINGTALK, "dt-li")
    for number, urgency in enumerate((Urgency.PRAISE, Urgency.WARNING, Urgency.DECISION, Urgency.WARNING)):
        await mail.post(to, f"{urgency.name}{number}", urgency=urgency)
    await mail.postman.round()

    assert [parcel.id for parcel in mail.dingtalk.taken] == [3, 2, 4, 1]


async def test_beyond_a_batch_the_rest_waits_for_the_next_round(mail: Mail) -> None:
    for number in range(BATCH + 1):
        await mail.post(once=f"praise{number}", urgency=Urgency.PRAISE, card=saying(number))
    urgent = await mail.post(once="urgent", urgency=Urgency.DECISION)

    assert await mail.postman.round()
    assert urgent in {parcel.id for parcel in mail.dingtalk.taken}
    assert len(mail.dingtalk.taken) == BATCH
    assert not await mail.postman.round()
    assert len(mail.dingtalk.taken) == BATCH + 2


# --- where to ---


@pytest.mark.parametrize(
    ("to", "platform", "user_id"),
    [(LI, DINGTALK, "dt-li"), (ONLY_WECOM, WECOM, "WxWu"), ("E0103", WECOM, "WxZhang")],
)
async def test_a_person_is_written_to_where_they_prefer(
    mail: Mail, to: str, platform: PlatformName, user_id: str
) -> None:
    letter = await mail.post(to)
    await mail.postman.round()

    [parcel] = [*mail.dingtalk.taken, *mail.wecom.taken]
    assert (parcel.platform, parcel.to) == (platform, Account(platform, user_id))
    assert (await mail.row(letter))["state"] == "sent"


async def test_somebody_without_an_account_is_looked_for_until_there_is_one(mail: Mail) -> None:
    await mail.database.transact(lambda session: session.run("DELETE FROM accounts"))
    letter = await mail.post()
    await mail.postman.round()
    assert (await mail.row(letter))["error"] == "no account on an enabled platform"

    async def bind(session: Session) -> None:
        await people.bind(session, (await person(session, LI)).id, Account(WECOM, "WxLi"), "confirmed", NOON)

    await mail.database.transact(bind)
    mail.now += timedelta(minutes=1)
    await mail.postman.round()
    assert len(mail.wecom.taken) == 1


async def test_a_platform_that_is_not_enabled_gets_nothing(mail: Mail) -> None:
    letter = await mail.post(Conversation(WECOM, "wr1", ChatKind.GROUP))
    mail.postman = Postman(
        mail.database, {DINGTALK: mail.dingtalk}, Policy, "here", lambda: mail.now, Sending(())
    )
    with capture_logs():
        await mail.postman.round()

    assert (await mail.row(letter))["state"] == "dead"


# --- what may work later ---


async def test_the_waits_grow_up_to_a_quarter_of_an_hour(mail: Mail) -> None:
    letter = await mail.post()
    mail.dingtalk.outcomes.extend(Unreachable("away", code="503") for _ in range(9))
    waits = []
    for _ in range(9):
        await mail.postman.round()
        due = (await mail.row(letter))["due"]
        waits.append((due - mail.now).total_seconds())
        mail.now = due

    for wait, least in zip(waits, (2, 6, 18, 54, 162, 486, 900, 900, 900), strict=True):
        assert least <= wait <= min(least + 2, 900)
    await mail.postman.round()
    assert (await mail.row(letter))["state"] == "sent"
    assert mail.dingtalk.taken[0].attempt == 10


async def test_nothing_is_tried_before_its_time(mail: Mail) -> None:
    await mail.post()
    mail.dingtalk.outcomes.append(Unreachable("slow down", after=timedelta(minutes=7)))
    await mail.postman.round()
    mail.now += timedelta(minutes=6, seconds=59)
    await mail.postman.round()
    assert not mail.dingtalk.taken

    mail.now += timedelta(seconds=2)
    await mail.postman.round()
    assert len(mail.dingtalk.taken) == 1


async def test_patience_ends(mail: Mail) -> None:
    letter = await mail.post()
    await mail.database.transact(
        lambda session: session.run("UPDATE letters SET attempts = ? WHERE id = ?", FEWEST_TRIES, letter)
    )
    mail.now += PATIENCE
    mail.dingtalk.outcomes.append(Unreachable("away", code="503"))
    await mail.postman.round()

    row = await mail.row(letter)
    assert (row["state"], row["error"]) == ("dead", "503 away")


async def test_a_mistake_of_the_platforms_code_is_tried_again(mail: Mail) -> None:
    letter = await mail.post()
    mail.dingtalk.outcomes.append(KeyError("a bug"))
    with capture_logs() as logs:
        await mail.postman.round()

    assert "delivery_broke" in [entry["event"] for entry in logs]
    row = await mail.row(letter)
    assert (row["state"], row["error"]) == ("waiting", "KeyError: 'a bug'")


# --- what never will ---


async def test_a_refusal_is_followed_by_the_other_platform(mail: Mail) -> None:
    letter = await mail.post()
    mail.dingtalk.outcomes.append(Rejected("no such user", code="60121", receiver=True))
    await mail.postman.round()
    await mail.postman.round()

    assert [parcel.to for parcel in mail.wecom.taken] == [Account(WECOM, "WxLi")]
    assert (await mail.row(letter))["state"] == "sent"


@pytest.mark.parametrize("to", [LI, ONLY_WECOM])
async def test_refused_everywhere_it_is_given_up_and_says_why(mail: Mail, to: str) -> None:
    letter = await mail.post(to)
    for platform in (mail.dingtalk, mail.wecom):
        platform.outcomes.extend(Rejected(f"{platform.name} says no", code="1") for _ in range(3))
    for _ in range(4):
        await mail.postman.round()

    row = await mail.row(letter)
    assert (row["state"], row["error"], row["due"]) == ("dead", "1 wecom says no", None)
    tried = sum(3 - len(platform.outcomes) for platform in (mail.dingtalk, mail.wecom))
    assert tried == (2 if to == LI else 1)


async def test_what_lost_its_point_is_dropped_unsent(mail: Mail) -> None:
    letter = await mail.post(expires_at=NOON + timedelta(hours=1))
    mail.now += timedelta(hours=2)
    await mail.postman.round()

    assert (await mail.row(letter))["state"] == "dropped"
    assert not mail.dingtalk.taken


# --- once ---


async def test_two_postmen_on_one_database_deliver_nothing_twice(postgres_url: str) -> None:
    async with Database(postgres_url) as one, Database(postgres_url) as two:
        await one.transact(employ)
        mails = (Mail(one, holder="one"), Mail(two, holder="two"))
        for number in range(3 * BATCH):
            await mails[0].post(once=f"letter{number}")

        async def empty(mail: Mail) -> None:
            while await mail.postman.round():
                pass

        await asyncio.gather(*(empty(mail) for mail in mails))

        taken = [parcel.id for mail in mails for parcel in mail.dingtalk.taken]
        assert sorted(taken) == list(range(1, 3 * BATCH + 1))
        assert await one.read(letters.tally) == {"sent": 3 * BATCH}


async def test_rounds_at_the_same_time_deliver_nothing_twice(mail: Mail) -> None:
    for number in range(2 * BATCH):
        await mail.post(once=f"letter{number}")
    await asyncio.gather(*(mail.postman.round() for _ in range(4)))

    assert sorted(parcel.id for parcel in mail.dingtalk.taken) == list(range(1, 2 * BATCH + 1))


# --- going on ---


async def until(check: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not check():
            await asyncio.sleep(0.005)


@dataclass
class Stumbling:
    """A database that is away for its first transactions."""

    database: Database
    away: int

    async def transact(self, work: Callable[[Session], Awaitable[Any]]) -> Any:
        if self.away:
            self.away -= 1
            raise ConnectionError("the database is away")
        return await self.database.transact(work)  # type: ignore[arg-type]  # what it is given is a coroutine

    async def along(self, gather: Callable[[], Callable[[Session], Awaitable[Any]]]) -> Any:
        return await self.database.along(gather)  # type: ignore[arg-type]  # the same

    async def read(self, work: Callable[[Session], Awaitable[Any]]) -> Any:
        return await self.database.read(work)  # type: ignore[arg-type]  # what it is given is a coroutine


async def test_it_goes_on_after_the_database_was_away(mail: Mail) -> None:
    await mail.post()
    away: Any = Stumbling(mail.database, 1)
    mail.postman = Postman(
        away, {DINGTALK: mail.dingtalk}, at_any_hour, "here", lambda: mail.now, Sending(())
    )
    with capture_logs() as logs:
        running = asyncio.create_task(mail.postman.run())
        try:
            await until(lambda: any(entry["event"] == "postman_stumbled" for entry in logs))
            mail.postman.wake()
            await until(lambda: mail.dingtalk.taken)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


async def test_it_wakes_at_once_when_something_is_posted(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postman, "IDLE", NEVER)
    running = asyncio.create_task(mail.postman.run())
    try:
        await asyncio.sleep(0.05)
        await mail.post()
        mail.postman.wake()
        await until(lambda: mail.dingtalk.taken)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


# --- what it costs ---


async def test_calls_are_counted_in_the_month_of_the_company(mail: Mail) -> None:
    mail.now = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    for number, receipt in enumerate(
        (Receipt("card", buttons=True, calls=2), SHOWN, Receipt("text", buttons=False, calls=0))
    ):
        mail.dingtalk.outcomes.append(receipt)
        await mail.post(once=f"november{number}")
        await mail.postman.round()
    mail.now = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    await mail.post(once="december")
    mail.dingtalk.outcomes.append(Rejected("no", code="1"))
    await mail.postman.round()
    await mail.postman.round()

    async def spent(session: Session) -> list[Any]:
        return [await usage.spent(session, month) for month in ("2026-11", "2026-12")]

    assert await mail.database.read(spent) == [{("dingtalk", "calls"): 3}, {("wecom", "calls"): 1}]


@pytest.mark.parametrize("failure", [Unreachable("away"), Rejected("no")])
async def test_delivering_an_answer_never_raises(mail: Mail, failure: DeliveryFailed) -> None:
    letter = await mail.post()
    mail.dingtalk.outcomes.append(failure)
    parcel = Parcel(letter, "ref", CARD, DINGTALK, NOON, to=Account(DINGTALK, "dt-li"))
    with capture_logs():
        await mail.postman.deliver(parcel)

    assert (await mail.row(letter))["state"] == ("waiting" if isinstance(failure, Unreachable) else "dead")
