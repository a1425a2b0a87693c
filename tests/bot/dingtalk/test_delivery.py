from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chat.card import Button, Card, Face
from chat.errors import DeliveryFailed, Rejected, Unreachable
from chat.platform import Parcel
from sandbox.fake_dingtalk import CallFault
from tests.bot.dingtalk.office import (
    CHOICE,
    DONE,
    GROUP,
    LIVE,
    PLAIN,
    Event,
    Office,
    answer_to,
    letter_to,
    office,
    posted_in_group,
)

CARDS = "/v1.0/card/instances/createAndDeliver"
PRIVATE = "/v1.0/robot/oToMessages/batchSend"
INTO_GROUP = "/v1.0/robot/groupMessages/send"
SESSION = "/robot/sendBySession"
LATER = timedelta(hours=2)


async def asked(at: Office, *, group: bool = False, who: str = "dt-li") -> Event:
    """Somebody said something and waits for what a test delivers itself."""
    await at.fake.say(who, "待办", group=GROUP if group else None)
    return at.ears.events[-1]


# --- letters ------------------------------------------------------------------------------------------


async def test_a_letter_with_choices_is_a_card_and_one_without_is_markdown() -> None:
    async with office() as at:
        card = await at.platform.deliver(letter_to("dt-li", LIVE))
        words = await at.platform.deliver(letter_to("dt-li", PLAIN, ref="okr-9"))
        shown, said = at.from_bot("dt-li")

        assert (card.form, card.buttons, card.calls) == ("card", True, 1)
        assert (words.form, words.buttons, words.calls) == ("markdown", False, 1)
        assert (shown.kind, shown.card_ref, shown.title) == ("card", "okr-7", "李四想改 KR34 的目标")
        assert [(button.label, button.style) for button in shown.buttons] == [
            ("同意", "primary"),
            ("驳回", "danger"),
        ]
        assert "你是他的直属上级" in shown.text
        assert "O12 31% → **36%**" in said.text
        assert at.fake.complaints == []


async def test_a_card_forbids_forwarding_and_tells_its_news_in_the_preview() -> None:
    async with office() as at:
        await at.platform.deliver(posted_in_group(LIVE))
        body = next(request.body for request in at.fake.requests if request.path == CARDS)

        assert body["openSpaceId"] == f"dtv1.card//IM_GROUP.{GROUP}"
        model = body["imGroupOpenSpaceModel"]
        assert model["supportForward"] is False
        assert model["lastMessageI18n"] == {"ZH_CN": "李四想改 KR34 的目标"}
        assert body["callbackType"] == "STREAM"


@pytest.mark.parametrize("count", [1, 2, 5, 6])
async def test_without_cards_a_letter_has_buttons_that_speak_or_numbers(count: int) -> None:
    async with office(card_template_id="none.schema") as at:
        buttons = tuple(Button(f"选{n}", f"say:{n}", f"看 KR{n} & 更多") for n in range(1, count + 1))
        receipt = await at.platform.deliver(letter_to("dt-li", Card(Face("哪一个?", buttons=buttons))))
        [shown] = at.from_bot("dt-li")

        if count <= 5:
            assert (receipt.form, receipt.buttons) == ("action_card", True)
            assert [button.label for button in shown.buttons] == [f"选{n}" for n in range(1, count + 1)]
            assert shown.buttons[0].says == "看 KR1 & 更多"
        else:
            assert (receipt.form, receipt.buttons) == ("markdown", False)
            assert "6 选6" in shown.text


async def test_a_letter_to_a_group_without_cards_has_no_button_that_speaks_for_somebody() -> None:
    async with office(card_template_id="none.schema") as at:
        receipt = await at.platform.deliver(posted_in_group(LIVE))
        [shown] = at.from_bot(GROUP)

        assert (receipt.form, receipt.buttons) == ("markdown", False)
        assert shown.buttons == ()
        assert "1 同意 · 2 驳回" in shown.text


async def test_a_missing_template_is_not_asked_for_again_and_again() -> None:
    async with office(card_template_id="none.schema") as at:
        await at.platform.deliver(letter_to("dt-li", LIVE))
        await at.platform.deliver(letter_to("dt-wang", LIVE, ref="okr-9"))

        assert at.called(CARDS) == 1
        assert at.called(PRIVATE) == 2


async def test_a_card_that_is_there_already_is_a_success() -> None:
    async with office() as at:
        await at.platform.deliver(letter_to("dt-li", LIVE))
        receipt = await at.platform.deliver(letter_to("dt-li", LIVE, attempt=2))

        assert (receipt.form, receipt.buttons) == ("card", True)
        assert len(at.from_bot("dt-li")) == 1


async def test_an_answer_that_got_lost_brings_no_second_card() -> None:
    async with office() as at:
        at.fake.faults.calls.append(CallFault(CARDS, drop=True))
        with pytest.raises(Unreachable) as lost:
            await at.platform.deliver(letter_to("dt-li", LIVE))
        await at.platform.deliver(letter_to("dt-li", LIVE, attempt=2))

        assert lost.value.code == "network"
        assert len(at.from_bot("dt-li")) == 1


async def test_a_card_that_is_made_but_not_delivered_becomes_a_message_at_every_attempt() -> None:
    async with office() as at:
        at.fake.faults.undeliverable = "space is not ready"
        at.fake.faults.calls.append(CallFault(PRIVATE, status=500, code="system.error"))
        with pytest.raises(Unreachable):
            await at.platform.deliver(letter_to("dt-li", LIVE))
        receipt = await at.platform.deliver(letter_to("dt-li", LIVE, attempt=2))
        [shown] = at.from_bot("dt-li")

        assert receipt.form == "action_card"
        assert shown.kind == "action_card"


async def test_who_is_not_here_is_told_apart_from_what_is_not_right() -> None:
    async with office() as at:
        for user_id in ("dt-nobody", "dt-stranger", ""):
            with pytest.raises(Rejected) as refused:
                await at.platform.deliver(letter_to(user_id, PLAIN))
            assert refused.value.receiver


async def test_who_gets_too_much_at_once_gets_it_later() -> None:
    async with office() as at:
        at.fake.faults.flow_controlled.add("dt-li")
        with pytest.raises(Unreachable) as failed:
            await at.platform.deliver(letter_to("dt-li", PLAIN))

        assert failed.value.after is not None
        assert at.from_bot("dt-li") == []


# --- answers ------------------------------------------------------------------------------------------


async def test_an_answer_that_is_redrawn_is_a_card_and_other_choices_speak() -> None:
    async with office() as at:
        event = await asked(at)
        live = await at.platform.deliver(answer_to(event, LIVE))
        choice = await at.platform.deliver(answer_to(event, CHOICE))
        card, spoken = at.from_bot("dt-li")

        assert (live.form, live.calls) == ("card", 1)
        assert (choice.form, choice.buttons, choice.calls) == ("action_card", True, 0)
        assert card.kind == "card"
        assert [button.says for button in spoken.buttons] == ["看 KR34", "看 KR35"]


async def test_a_button_that_speaks_is_heard_as_its_command() -> None:
    async with office() as at:
        await at.platform.deliver(answer_to(await asked(at), CHOICE))
        await at.fake.press("dt-li", at.from_bot("dt-li")[0].id, "KR35 新品")

        assert at.ears.events[-1].sender.user_id == "dt-li"
        assert getattr(at.ears.events[-1], "text", "") == "看 KR35"


async def test_an_answer_in_a_group_writes_its_choices_out() -> None:
    async with office() as at:
        receipt = await at.platform.deliver(answer_to(await asked(at, group=True), CHOICE))
        [shown] = at.from_bot(GROUP)

        assert (receipt.form, receipt.buttons, receipt.calls) == ("markdown", False, 0)
        assert "1 KR34 销售额 · 2 KR35 新品" in shown.text


@pytest.mark.parametrize(("group", "api"), [(False, PRIVATE), (True, INTO_GROUP)])
@pytest.mark.parametrize("known", [True, False])
async def test_an_answer_after_the_session_goes_by_the_robot(group: bool, api: str, known: bool) -> None:
    async with office() as at:
        parcel = answer_to(await asked(at, group=group), PLAIN)
        at.clock.wind(LATER)
        if not known:
            # Our clock and the platform's do not agree: the address is tried, and refused.
            parcel = replace(parcel, route={**parcel.route, "webhook_until": "99999999999999"})
        receipt = await at.platform.deliver(parcel)

        assert (receipt.form, receipt.calls) == ("markdown", 1)
        assert at.called(SESSION) == (0 if known else 1)
        assert at.called(api) == 1
        assert len(at.from_bot(GROUP if group else "dt-li")) == 1


async def test_who_is_of_another_company_cannot_be_reached_after_the_session() -> None:
    async with office() as at:
        event = await asked(at, who="dt-stranger")
        assert (await at.platform.deliver(answer_to(event, LIVE))).form == "action_card"
        at.clock.wind(LATER)
        with pytest.raises(Rejected) as refused:
            await at.platform.deliver(answer_to(event, LIVE))

        assert refused.value.receiver


async def test_a_spent_quota_of_calls_still_lets_answers_out() -> None:
    async with office() as at:
        at.fake.limits.monthly_calls = 0
        event = await asked(at)
        receipt = await at.platform.deliver(answer_to(event, LIVE))
        with pytest.raises(Unreachable) as failed:
            await at.platform.deliver(letter_to("dt-li", LIVE))

        assert receipt.form == "action_card"
        assert failed.value.after == timedelta(hours=6)


@pytest.mark.parametrize(
    ("parcel", "path"),
    [
        (lambda _event: letter_to("dt-li", LIVE), CARDS),
        (lambda _event: letter_to("dt-li", PLAIN), PRIVATE),
        (lambda _event: posted_in_group(PLAIN), INTO_GROUP),
    ],
)
@pytest.mark.parametrize(
    ("status", "code", "after"),
    [
        (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 1),
        (403, "Forbidden.AccessDenied.ApiCountLimitForOrg", 6 * 3600),
        (500, "system.error", 5),
        (400, "send.too.fast", 60),
        (503, "ServiceUnavailable", 5),
    ],
)
async def test_what_may_work_later_takes_no_step_down(
    parcel: Callable[[Event], Parcel], path: str, status: int, code: str, after: int
) -> None:
    async with office() as at:
        at.fake.faults.calls.append(CallFault(path, status=status, code=code))
        with pytest.raises(Unreachable) as failed:
            await at.platform.deliver(parcel(await asked(at)))

        assert (failed.value.code, failed.value.after) == (code, timedelta(seconds=after))
        assert at.from_bot("dt-li") == at.from_bot(GROUP) == []


@pytest.mark.parametrize(
    ("code", "receiver"),
    [
        ("Forbidden.AccessDenied.AccessTokenPermissionDenied", False),
        ("staffId.notExisted", True),
        ("robot.oto.notExist", True),
        ("invalidParameter.robotCode", False),
    ],
)
async def test_what_never_works(code: str, receiver: bool) -> None:
    async with office() as at:
        at.fake.faults.calls.append(CallFault(PRIVATE, status=400, code=code))
        with pytest.raises(Rejected) as refused:
            await at.platform.deliver(letter_to("dt-li", PLAIN))

        assert (refused.value.code, refused.value.receiver) == (code, receiver)


async def test_a_call_that_takes_too_long_may_work_later() -> None:
    async with office(timeout=0.3) as at:
        at.fake.faults.calls.append(CallFault(SESSION, slow=1.0))
        with pytest.raises(Unreachable) as failed:
            await at.platform.deliver(answer_to(await asked(at), PLAIN))

        assert failed.value.code == "network"
        assert "session=" not in failed.value.reason


# --- the token ----------------------------------------------------------------------------------------


async def test_many_letters_need_one_token() -> None:
    async with office() as at:
        parcels = [letter_to("dt-li", PLAIN, ref=f"okr-{n}") for n in range(10)]
        await asyncio.gather(*(at.platform.deliver(parcel) for parcel in parcels))

        assert at.called("/oauth2/accessToken") == 1
        assert len(at.from_bot("dt-li")) == 10


@pytest.mark.parametrize(("status", "code"), [(400, "InvalidAuthentication"), (401, "Unauthorized")])
async def test_a_token_that_was_given_up_early_is_renewed_once(status: int, code: str) -> None:
    async with office() as at:
        await at.platform.deliver(letter_to("dt-li", PLAIN))
        at.fake.faults.calls.append(CallFault(PRIVATE, status=status, code=code))
        await at.platform.deliver(letter_to("dt-li", PLAIN, ref="okr-9"))

        assert at.called("/oauth2/accessToken") == 2
        assert len(at.from_bot("dt-li")) == 2


async def test_a_token_that_is_refused_for_ever_is_not_asked_for_for_ever() -> None:
    async with office() as at:
        at.fake.faults.calls.append(CallFault(PRIVATE, times=9, status=400, code="InvalidAuthentication"))
        with pytest.raises(Unreachable):
            await at.platform.deliver(letter_to("dt-li", PLAIN))

        assert at.called(PRIVATE) == 2


async def test_a_wrong_secret_is_mended_in_the_settings_so_letters_wait() -> None:
    async with office(run=False, client_secret="wrong-secret") as at:
        with pytest.raises(Unreachable) as failed:
            await at.platform.deliver(letter_to("dt-li", PLAIN))

        assert failed.value.after == timedelta(minutes=10)
        assert "wrong-secret" not in failed.value.reason


# --- what is on the wire ------------------------------------------------------------------------------


async def test_long_news_fit_into_every_form() -> None:
    lines = tuple(f"KR{n} 销售额从 100 万到 **200 万**,目前 {n}%" for n in range(900))
    long = Card(Face("周报", lines=lines, buttons=CHOICE.face.buttons), live=True)
    async with office() as at:
        await at.platform.deliver(letter_to("dt-li", long))
        at.fake.faults.undeliverable = "no"
        await at.platform.deliver(letter_to("dt-li", long, ref="okr-9"))

        assert [bubble.kind for bubble in at.from_bot("dt-li")] == ["card", "action_card"]


async def test_every_body_is_utf_8_json_whose_inner_json_are_strings() -> None:
    async with office() as at:
        await at.platform.deliver(letter_to("dt-li", LIVE))
        await at.platform.deliver(letter_to("dt-li", PLAIN, ref="okr-9"))
        bodies: dict[str, Any] = {request.path: request.body for request in at.fake.requests}
        params = bodies[CARDS]["cardData"]["cardParamMap"]
        buttons = json.loads(params["sys_full_json_obj"])["msgButtons"]

        assert all(isinstance(value, str) for value in params.values())
        assert [(b["id"], b["params"], b["request"]) for b in buttons] == [
            ("ok:R8", {"action": "ok:R8"}, True),
            ("no:R8", {"action": "no:R8"}, True),
        ]
        assert json.loads(bodies[PRIVATE]["msgParam"])["title"] == "KR34 到 70% 了"


async def test_a_redrawn_card_keeps_no_button_of_what_it_was() -> None:
    async with office() as at:
        await at.platform.deliver(letter_to("dt-li", LIVE))
        await at.platform._delivery.redraw("okr-7", DONE)
        [card] = at.from_bot("dt-li")

        assert (card.title, card.buttons) == ("你批了 R8", ())
        assert "你是他的直属上级" not in card.text


async def test_only_the_two_failures_leave() -> None:
    async with office() as at:
        await at.fake.stop()
        with pytest.raises(DeliveryFailed):
            await at.platform.deliver(letter_to("dt-li", LIVE))
