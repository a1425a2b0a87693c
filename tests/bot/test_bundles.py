"""Equal words go to many people in one call, and what comes of each is noted by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from chat.answers import Mark, Urgency
from chat.card import Card
from chat.errors import DeliveryFailed, Rejected, Unreachable
from chat.events import Account, ChatKind, Conversation
from chat.platform import Parcel, Receipt
from storage import letters, usage
from storage.database import Database
from storage.letters import CLAIM
from tests.bot.mail import CARD, DINGTALK, Mail, saying
from tests.storage.company import NOON, STAFF, employ

ON_DINGTALK = [line.number for line in STAFF if line.dingtalk_id and line.home_platform != "wecom"]
"""Who is written to there."""
MANY = 5


@pytest.fixture
async def mail(database: Database) -> Mail:
    await database.transact(employ)
    found = Mail(database)
    found.dingtalk.most = MANY
    return found


async def told_all(mail: Mail, card: Card = CARD, name: str = "news") -> list[int]:
    """The letters' ids."""
    return [await mail.post(number, f"{name}:{number}", card=card) for number in ON_DINGTALK[:MANY]]


async def states(mail: Mail) -> Mapping[str, int]:
    return await mail.database.read(letters.tally)


async def test_equal_letters_go_in_one_call_and_it_is_counted_once(mail: Mail) -> None:
    told = await told_all(mail)
    await mail.postman.round()

    assert mail.dingtalk.together == [told]
    assert await states(mail) == {"sent": MANY}
    spent = await mail.database.read(lambda session: usage.spent(session, "2026-11"))
    assert spent == {("dingtalk", "calls"): 1}


async def test_other_words_go_by_themselves(mail: Mail) -> None:
    told = await told_all(mail)
    other = await mail.post("E0102", "other", card=saying("other"))
    await mail.postman.round()

    assert mail.dingtalk.together == [told]
    assert other in {parcel.id for parcel in mail.dingtalk.taken}


async def test_one_call_takes_no_more_than_it_may(mail: Mail) -> None:
    mail.dingtalk.most = 2
    await told_all(mail)
    await mail.postman.round()

    assert [len(call) for call in mail.dingtalk.together] == [2, 2]
    assert len(mail.dingtalk.taken) == MANY


async def test_those_beyond_the_batch_come_along(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.postman.BATCH", 2)
    told = await told_all(mail)
    await mail.postman.round()

    assert mail.dingtalk.together == [told]


async def test_nobody_is_named_twice_in_a_call(mail: Mail) -> None:
    for name in ("first", "second"):
        await mail.post("E0102", name)
    await mail.postman.round()

    assert mail.dingtalk.together == []
    assert len(mail.dingtalk.taken) == 2


async def test_a_group_and_an_answer_go_by_themselves(mail: Mail) -> None:
    for name in ("cidA", "cidB"):
        await mail.post(Conversation(DINGTALK, name, ChatKind.GROUP), name)
    await mail.postman.round()

    assert mail.dingtalk.together == []
    assert len(mail.dingtalk.taken) == 2


async def test_of_one_persons_reminders_the_second_is_judged_after_the_first(mail: Mail) -> None:
    for name in ("first", "second"):
        for number in ON_DINGTALK[:2]:
            mark = Mark("digest", name)
            await mail.post(number, f"{name}:{number}", card=saying(name), mark=mark, urgency=Urgency.REPORT)
    await mail.postman.round()

    assert mail.dingtalk.together == [[1, 2], [3, 4]]


# --- what goes wrong ---


async def test_who_is_refused_gets_it_elsewhere_and_who_is_slowed_down_later(mail: Mail) -> None:
    told = dict(zip(ON_DINGTALK, await told_all(mail), strict=False))
    mail.dingtalk.refused = {
        Account(DINGTALK, "dt-li"): Rejected("no such user", code="invalid", receiver=True),
        Account(DINGTALK, "dt-chen"): Unreachable("too many", code="slow", after=timedelta(minutes=1)),
    }
    with capture_logs():
        await mail.postman.round()
        await mail.postman.round()

    assert await states(mail) == {"sent": MANY - 1, "waiting": 1}
    assert [parcel.id for parcel in mail.wecom.taken] == [told["E0102"]]
    mail.now += timedelta(minutes=1)
    await mail.postman.round()
    assert await states(mail) == {"sent": MANY}
    assert sorted(parcel.id for parcel in (*mail.dingtalk.taken, *mail.wecom.taken)) == sorted(told.values())


async def test_a_call_that_failed_is_made_again_for_all_of_them(mail: Mail) -> None:
    told = await told_all(mail)
    mail.dingtalk.outcomes.append(Unreachable("away", code="503"))
    with capture_logs():
        await mail.postman.round()
    assert await states(mail) == {"waiting": MANY}

    mail.now += timedelta(minutes=1)
    await mail.postman.round()
    assert mail.dingtalk.together == [told]


async def test_a_refused_call_is_made_for_each(mail: Mail) -> None:
    await told_all(mail)
    mail.dingtalk.outcomes.append(Rejected("somebody of them is unknown", code="staffId.notExisted"))
    with capture_logs():
        await mail.postman.round()

    assert mail.dingtalk.together == []
    assert await states(mail) == {"sent": MANY}


async def test_a_mistake_of_the_platforms_code_is_tried_again(mail: Mail) -> None:
    await told_all(mail)
    mail.dingtalk.outcomes.append(KeyError("a bug"))
    with capture_logs() as logs:
        await mail.postman.round()

    assert "delivery_broke" in [entry["event"] for entry in logs]
    assert await states(mail) == {"waiting": MANY}


@pytest.mark.parametrize("after_the_call", [False, True])
async def test_who_dies_around_the_call_loses_nothing(mail: Mail, *, after_the_call: bool) -> None:
    """Dead before the call: they have it once. Between it and the commit: once more, as a single letter would be."""
    told = await told_all(mail)
    shown = asyncio.Event()

    async def dies(parcels: Sequence[Parcel]) -> Mapping[int, Receipt | DeliveryFailed]:
        if after_the_call:
            mail.dingtalk.together.append([parcel.id for parcel in parcels])
        shown.set()
        return await asyncio.Future()

    living = mail.dingtalk.deliver_alike
    mail.dingtalk.deliver_alike = dies  # type: ignore[method-assign]  # a platform whose answer never comes
    round_ = asyncio.create_task(mail.postman.round())
    await shown.wait()
    round_.cancel()
    with suppress(asyncio.CancelledError):
        await round_
    mail.dingtalk.deliver_alike = living  # type: ignore[method-assign]  # the next life's

    await mail.postman.round()
    assert await states(mail) == {"waiting": MANY}, "the dead one's claim holds for its minute"
    mail.now = NOON + CLAIM
    await mail.postman.round()

    assert mail.dingtalk.together == [told] * (2 if after_the_call else 1)
    assert await states(mail) == {"sent": MANY}


async def test_who_comes_late_in_the_turns_waits_for_the_next_claim(mail: Mail) -> None:
    """A platform that takes its time would let the claim run out, and another postman would bring it, too."""
    for name in ("first", "second"):
        await mail.post("E0102", name, card=saying(name), mark=Mark("digest", name), urgency=Urgency.REPORT)
    deliver = mail.dingtalk.deliver

    async def slowly(parcel: Parcel) -> Receipt:
        mail.now += CLAIM * 0.6
        return await deliver(parcel)

    mail.dingtalk.deliver = slowly  # type: ignore[method-assign]  # takes most of the claim's time
    await mail.postman.round()
    assert await states(mail) == {"sent": 1, "waiting": 1}

    await mail.postman.round()
    assert await states(mail) == {"sent": 2}
    assert len(mail.dingtalk.taken) == 2


async def test_two_postmen_bring_equal_letters_once(postgres_url: str) -> None:
    async with Database(postgres_url) as one, Database(postgres_url) as two:
        await one.transact(employ)
        mails = (Mail(one, holder="one"), Mail(two, holder="two"))
        for mail in mails:
            mail.dingtalk.most = MANY
        for name in range(10):
            await told_all(mails[0], name=f"news{name}")

        async def empty(mail: Mail) -> None:
            while await mail.postman.round():
                pass

        await asyncio.gather(*(empty(mail) for mail in mails))

        taken = [parcel.id for mail in mails for parcel in mail.dingtalk.taken]
        assert sorted(taken) == list(range(1, 10 * MANY + 1))
        assert await one.read(letters.tally) == {"sent": 10 * MANY}
