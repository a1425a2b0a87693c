"""Equal words for many people in one call of DingTalk's."""

from __future__ import annotations

from dataclasses import replace

from chat.errors import Rejected, Unreachable
from chat.events import Message
from chat.platform import Receipt
from sandbox.fake_dingtalk import CallFault
from tests.bot.dingtalk.office import CHOICE, LIVE, PLAIN, letter_to, office, until

PRIVATE = "/v1.0/robot/oToMessages/batchSend"


async def test_equal_words_go_to_twenty_people_in_one_call() -> None:
    async with office() as at:
        users = [f"dt-{n}" for n in range(18)]
        for user_id in users:
            at.fake.add_user(user_id, user_id)
        at.fake.faults.flow_controlled.add("dt-3")
        parcels = [
            replace(letter_to(user_id, CHOICE, ref=f"okr-{n}"), id=n)
            for n, user_id in enumerate(("dt-nobody", "dt-li", *users))
        ]
        outcomes = await at.platform.deliver_alike(parcels)
        receipts = [one for one in outcomes.values() if isinstance(one, Receipt)]
        [shown] = at.from_bot("dt-li")

        assert (at.platform.at_once(CHOICE), at.platform.at_once(LIVE)) == (20, 1)
        assert at.fake.calls.total() == 1
        assert isinstance(outcomes[0], Rejected)
        assert isinstance(outcomes[5], Unreachable)
        assert [one.calls for one in receipts] == [1, *[0] * 17]
        assert {(one.form, one.buttons) for one in receipts} == {("action_card", True)}
        assert [button.says for button in shown.buttons] == ["看 KR34", "看 KR35"]
        assert at.fake.complaints == []


async def test_equal_words_in_a_form_that_is_refused_go_in_a_plainer_one() -> None:
    async with office() as at:
        fault = CallFault(PRIVATE, status=400, code="invalidParameter.msgKey.invalid")
        at.fake.faults.calls.append(fault)
        parcels = [
            replace(letter_to(user_id, CHOICE), id=n) for n, user_id in enumerate(("dt-li", "dt-wang"))
        ]
        outcomes = await at.platform.deliver_alike(parcels)

        assert [at.from_bot(user_id)[0].kind for user_id in ("dt-li", "dt-wang")] == ["markdown"] * 2
        assert [one.calls for one in outcomes.values() if isinstance(one, Receipt)] == [2, 0]


async def test_each_of_many_is_known_by_his_own_copy_when_he_quotes_it() -> None:
    async with office() as at:
        parcels = [
            replace(letter_to(user_id, PLAIN, ref=f"okr-{user_id}"), id=n)
            for n, user_id in enumerate(("dt-li", "dt-wang"))
        ]
        await at.platform.deliver_alike(parcels)
        for user_id in ("dt-li", "dt-wang"):
            await at.fake.say(user_id, "收到", quotes=at.from_bot(user_id)[0].id)

        await until(lambda: len(at.ears.events) == 2)
        quotes = [event.quote for event in at.ears.events if isinstance(event, Message)]
        assert [quote.card_ref for quote in quotes if quote] == ["okr-dt-li", "okr-dt-wang"]
