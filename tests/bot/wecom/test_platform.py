from __future__ import annotations

from dataclasses import replace

import pytest

from chat.card import Button, Card, Face
from chat.errors import Rejected, Unreachable
from chat.events import ChatKind, Conversation, PlatformName
from chat.platform import Receipt
from tests.bot.wecom.office import LIVE, PLAIN, letter_to, office, posted_in

CHAT = "app:WxLi"


async def test_a_letter_with_buttons_is_a_card_and_one_without_is_text() -> None:
    async with office() as at:
        card = await at.platform.deliver(letter_to("WxLi", LIVE))
        text = await at.platform.deliver(letter_to("WxLi", PLAIN))

        assert [(receipt.form, receipt.buttons, receipt.calls) for receipt in (card, text)] == [
            ("template_card", True, 1),
            ("text", False, 1),
        ]
        assert [bubble.kind for bubble in at.from_bot(CHAT)] == ["template_card", "text"]
        assert at.from_bot(CHAT)[0].card_ref == "okr-7"


async def test_a_refused_card_goes_out_as_words_with_numbers() -> None:
    async with office() as at:
        at.fake.messages.callbacks = False
        receipt = await at.platform.deliver(letter_to("WxLi", LIVE))

        assert (receipt.form, receipt.buttons, receipt.calls) == ("text", False, 2)
        assert at.from_bot(CHAT)[0].text.endswith("回数字:1 同意 · 2 驳回")


async def test_a_second_attempt_shows_nothing_twice() -> None:
    async with office() as at:
        await at.platform.deliver(letter_to("WxLi", LIVE))
        again = await at.platform.deliver(letter_to("WxLi", LIVE, attempt=2))
        changed = Card(Face("晚了一点", buttons=(Button("好", "ok", "好"),)))
        after_a_change = await at.platform.deliver(letter_to("WxLi", changed, attempt=3))

        assert again.buttons
        assert after_a_change.buttons
        assert len(at.from_bot(CHAT)) == 1


async def test_equal_words_go_in_one_call_and_who_is_unknown_is_told_apart() -> None:
    async with office() as at:
        parcels = [
            replace(letter_to(user_id, PLAIN), id=number)
            for number, user_id in enumerate(("WxLi", "WxNobody", "WxWang"))
        ]
        outcomes = await at.platform.deliver_alike(parcels)

        assert (at.platform.at_once(PLAIN), at.platform.at_once(LIVE)) == (1000, 1)
        first, refused, last = (outcomes[number] for number in range(3))
        assert isinstance(refused, Rejected)
        assert (refused.code, refused.receiver) == ("invaliduser", True)
        assert [one.calls for one in (first, last) if isinstance(one, Receipt)] == [1, 0]
        assert [len(at.from_bot(f"app:{user_id}")) for user_id in ("WxLi", "WxWang")] == [1, 1]


async def test_an_answer_from_before_a_restart_is_sent_to_its_person() -> None:
    async with office() as at:
        await at.platform.deliver(
            posted_in(Conversation(PlatformName.WECOM, "WxLi", ChatKind.PRIVATE), PLAIN)
        )

        assert len(at.from_bot(CHAT)) == 1


@pytest.mark.parametrize(
    ("codes", "error"),
    [([60020], Unreachable), ([-1], Unreachable), ([45009], Unreachable), ([48002], Rejected)],
)
async def test_what_the_platform_refuses_is_said(codes: list[int], error: type[Exception]) -> None:
    async with office() as at:
        at.fake.faults.next_errors.extend(codes)
        with pytest.raises(error):
            await at.platform.deliver(letter_to("WxLi", LIVE))

        assert at.from_bot(CHAT) == []


async def test_without_a_robot_there_is_no_way_to_a_group() -> None:
    async with office() as at:
        with pytest.raises(Rejected):
            await at.platform.deliver(
                posted_in(Conversation(PlatformName.WECOM, "wrG", ChatKind.GROUP), PLAIN)
            )


@pytest.mark.parametrize(
    ("robot", "state"),
    [
        ("none", {"app": "ok"}),
        ("websocket", {"app": "ok", "robot": "ok"}),
        ("callback", {"app": "ok", "robot": "ok"}),
    ],
)
async def test_the_state_names_each_part(robot: str, state: dict[str, str]) -> None:
    async with office(robot) as at:
        assert at.platform.state() == state
        assert at.platform.name is PlatformName.WECOM
