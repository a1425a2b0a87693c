"""Interactive cards: created, delivered, pressed and redrawn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.fake_dingtalk import PressResult
from sandbox.fake_dingtalk.world import Patience
from sandbox.transcript import Bubble, Pressable
from tests.sandbox.dingtalk_client import APPROVE, CARDS, GROUP, MESSAGES, Client, Desk, card, desk

CREATE = "/v1.0/card/instances"
DELIVER = f"{CREATE}/deliver"
BOTH = f"{CREATE}/createAndDeliver"
BY_KEY = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}


@pytest.fixture
async def office() -> AsyncIterator[Desk]:
    async with desk() as office:
        yield office


async def put(office: Desk, **body: Any) -> tuple[int, Any]:
    return await office.call("PUT", CREATE, {"outTrackId": "card-1", "userIdType": 1, **body})


def shown(office: Desk) -> Bubble:
    return office.fake.transcript.by_ref("card-1")


async def pressed(
    office: Desk, client: Client, answer: Any, *, user_id: str = "dt-li", code: int = 200
) -> tuple[PressResult, dict[str, Any]]:
    """Press 同意, and answer; what came of it, and what the bot was told."""
    pressing = asyncio.create_task(office.fake.press(user_id, shown(office).id, "同意"))
    frame = await client.frame()
    await client.ack(frame, answer, code)
    return await pressing, json.loads(frame["data"])


# --- creating and delivering ----------------------------------------------------------------------


async def test_is_delivered_and_drawn(office: Desk) -> None:
    link = {"text": "查看", "url": "https://okr.test/", "color": "gray"}
    status, answer = await office.post(BOTH, card("card-1", APPROVE, link))
    delivered = answer["result"]["deliverResults"][0]
    assert (status, answer["success"], answer["result"]["outTrackId"]) == (200, True, "card-1")
    assert (delivered["spaceType"], delivered["success"], delivered["errorMsg"]) == ("IM_ROBOT", True, "")
    assert delivered["carrierId"]
    bubble = shown(office)
    assert (bubble.kind, bubble.author, bubble.title, bubble.text) == (
        "card",
        "bot",
        "审批",
        "**王五** 提交了",
    )
    assert bubble.conversation_id == office.fake.private_id("dt-li")
    assert bubble.buttons == (
        Pressable("同意", key="ok", style="primary"),
        Pressable("查看", url="https://okr.test/"),
    )


async def test_may_be_created_and_delivered_apart(office: Desk) -> None:
    assert (await office.post(CREATE, card()))[1] == {"success": True, "result": "card-1"}
    assert not office.fake.transcript.bubbles
    space = f"dtv1.card//IM_GROUP.{GROUP};dtv1.card//IM_ROBOT.dt-li"
    robot = {"robotCode": "dingdemo"}
    models = {"imGroupOpenDeliverModel": robot, "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT"}}
    _, answer = await office.post(DELIVER, {"outTrackId": "card-1", "openSpaceId": space, **models})
    assert [one["success"] for one in answer["result"]] == [True, True]
    assert len(office.fake.transcript.bubbles) == 2


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ("nobody", "userId is not valid"),
        ("dt-guest", "userId is not valid"),
        (GROUP.lower(), "the robot is not in the group"),
        ("cidNoBot==", "the robot is not in the group"),
    ],
)
async def test_outer_success_may_hide_an_inner_failure(office: Desk, to: str, error: str) -> None:
    office.fake.add_group("cidNoBot==", "没有机器人", ["dt-li"], has_bot=False)
    status, answer = await office.post(BOTH, card(to=to))
    assert (status, answer["success"]) == (200, True)
    delivered = answer["result"]["deliverResults"][0]
    assert (delivered["success"], delivered["errorMsg"]) == (False, error)
    assert not office.fake.transcript.bubbles


async def test_delivery_can_be_made_to_fail(office: Desk) -> None:
    office.fake.faults.undeliverable = "system busy"
    _, answer = await office.post(BOTH, card())
    assert answer["result"]["deliverResults"][0]["errorMsg"] == "system busy"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"cardData": {"cardParamMap": {"title": 7}}}, "param.error"),
        ({"cardData": {"cardParamMap": {"sys_full_json_obj": {"msgButtons": []}}}}, "param.error"),
        ({"cardData": {"cardParamMap": {"sys_full_json_obj": "not JSON"}}}, "param.error"),
        ({"cardData": {"cardParamMap": {"markdown": "x" * 102_400}}}, "param.error"),
        ({"cardData": {}}, "param.error"),
        ({"privateData": {"dt-li": {"cardParamMap": {"tips": True}}}}, "param.error"),
        ({"cardTemplateId": "unknown.schema"}, "param.templateNotExist"),
        ({"outTrackId": ""}, "param.error"),
        ({"callbackType": "stream"}, "param.error"),
        ({"openSpaceId": "IM_ROBOT.dt-li"}, "param.error"),
    ],
)
async def test_refuses_a_card(office: Desk, changed: dict[str, Any], code: str) -> None:
    status, answer = await office.post(BOTH, card() | changed)
    assert (status, answer["code"]) == (400, code)
    assert not office.fake.transcript.bubbles


async def test_a_reference_is_used_once(office: Desk) -> None:
    await office.post(BOTH, card())
    status, answer = await office.post(BOTH, card())
    assert (status, answer["code"]) == (400, "param.cardAlreadyExist")
    assert len(office.fake.transcript.bubbles) == 1


async def test_an_own_template_once_it_is_published(office: Desk) -> None:
    office.fake.cards.templates.add("own.schema")
    assert (await office.post(BOTH, card(cardTemplateId="own.schema")))[0] == 200


# --- updating -------------------------------------------------------------------------------------


async def test_an_update_by_key_keeps_the_other_variables(office: Desk) -> None:
    await office.post(BOTH, card("card-1", APPROVE))
    data = {"cardParamMap": {"markdown": "已同意"}}
    assert await put(office, cardData=data, cardUpdateOptions=BY_KEY) == (
        200,
        {"success": True, "result": True},
    )
    assert (shown(office).text, shown(office).title, shown(office).edited) == ("已同意", "审批", True)
    assert shown(office).buttons


async def test_an_update_without_options_overwrites_everything(office: Desk) -> None:
    await office.post(BOTH, card("card-1", APPROVE))
    await put(office, cardData={"cardParamMap": {"markdown": "已同意"}})
    assert (shown(office).text, shown(office).title, shown(office).buttons) == ("已同意", "", ())


async def test_private_variables_are_one_persons(office: Desk) -> None:
    await office.post(BOTH, card(to=GROUP))
    private = {"dt-wang": {"cardParamMap": {"tips": "你来批"}}}
    await put(office, privateData=private, cardUpdateOptions=BY_KEY)
    assert shown(office).seen_by("dt-wang").text.endswith("你来批")
    assert "你来批" not in shown(office).seen_by("dt-li").text


async def test_no_update_of_what_is_not_there_or_is_wrong(office: Desk) -> None:
    assert (await put(office, cardData={"cardParamMap": {}}))[1]["code"] == "param.cardNotExist"
    await office.post(BOTH, card())
    bad = {"cardParamMap": {"markdown": "新的", "sys_full_json_obj": "not JSON"}}
    assert (await put(office, cardData=bad))[1]["code"] == "param.error"
    assert shown(office).text == "**王五** 提交了"


async def test_streams_into_a_variable(office: Desk) -> None:
    await office.post(BOTH, card())
    for content, full in (("写到", True), ("一半", False)):
        body = {
            "outTrackId": "card-1",
            "guid": content,
            "key": "markdown",
            "content": content,
            "isFull": full,
        }
        await office.call("PUT", "/v1.0/card/streaming", body)
    assert shown(office).text == "写到一半"


# --- pressing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "space", "space_id"), [("dt-li", "IM_ROBOT", "dt-li"), (GROUP, "IM_GROUP", GROUP)]
)
async def test_the_bot_is_told_and_redraws_the_card(office: Desk, to: str, space: str, space_id: str) -> None:
    client = await office.connect()
    await office.post(BOTH, card("card-1", APPROVE, to=to))
    answer = {"cardData": {"cardParamMap": {"markdown": "已同意"}}, "cardUpdateOptions": BY_KEY}
    result, told = await pressed(office, client, {"response": answer})
    assert (result.acked, result.updated, result.seconds > 0) == (True, True, True)
    assert told == {
        "type": "actionCallback",
        "outTrackId": "card-1",
        "corpId": "dingcorp",
        "userId": "dt-li",
        "userIdType": 1,
        "spaceType": space,
        "spaceId": space_id,
        "extension": "{}",
        "content": '{"cardPrivateData": {"actionIds": ["ok"], "params": {"action": "approve"}}}',
    }
    assert (shown(office).text, shown(office).title) == ("已同意", "审批")


@pytest.mark.parametrize(
    ("brings", "content"),
    [
        ("id", {"actionIds": ["ok"], "params": {}}),
        ("params", {"actionIds": [], "params": {"action": "approve"}}),
    ],
)
async def test_a_click_may_bring_only_one_of_both(office: Desk, brings: Any, content: Any) -> None:
    client = await office.connect()
    office.fake.faults.click_brings = brings
    office.fake.faults.no_space = True
    await office.post(BOTH, card("card-1", APPROVE))
    _, told = await pressed(office, client, {"response": {}})
    assert json.loads(told["content"]) == {"cardPrivateData": content}
    assert told.keys() == {"type", "outTrackId", "corpId", "userId", "content"}


async def test_the_answer_may_be_for_whoever_pressed(office: Desk) -> None:
    client = await office.connect()
    await office.post(BOTH, card("card-1", APPROVE, to=GROUP))
    answer = {"userPrivateData": {"cardParamMap": {"tips": "你投过票了"}}}
    result, _ = await pressed(office, client, {"response": answer}, user_id="dt-wang")
    assert result.updated
    assert shown(office).seen_by("dt-wang").text.endswith("你投过票了")
    assert not shown(office).seen_by("dt-li").text.endswith("你投过票了")


@pytest.mark.parametrize(
    ("answer", "code", "acked", "complains"),
    [
        ({"response": {}}, 200, True, False),
        ({"response": None}, 200, True, False),
        ({"response": {}}, 500, False, False),
        ({"response": {"cardData": {"cardParamMap": {"markdown": 1}}}}, 200, True, True),
        ({}, 200, True, True),
    ],
)
async def test_answers_that_change_nothing(
    office: Desk, answer: Any, code: int, acked: bool, complains: bool
) -> None:
    client = await office.connect()
    await office.post(BOTH, card("card-1", APPROVE))
    result, _ = await pressed(office, client, answer, code=code)
    assert (result.acked, result.updated) == (acked, False)
    assert shown(office).text == "**王五** 提交了"
    assert bool(office.fake.complaints) is complains


async def test_a_press_waits_two_seconds_and_is_not_repeated(office: Desk) -> None:
    assert Patience().card == 2.0
    office.fake.patience.card = office.fake.patience.redelivery = 0.05
    client = await office.connect()
    await office.post(BOTH, card("card-1", APPROVE))
    result = await office.fake.press("dt-li", shown(office).id, "同意")
    assert not result.acked
    assert result.seconds >= 0.05
    frame = await client.frame()
    late = {"response": {"cardData": {"cardParamMap": {"markdown": "太晚了"}}}}
    await client.ack(frame, late)
    assert await client.silent(0.1)
    assert shown(office).text == "**王五** 提交了"


@pytest.mark.parametrize("callback", ["STREAM", "HTTP"])
async def test_a_press_reaches_only_a_stream_with_the_topic(office: Desk, callback: str) -> None:
    await office.connect([MESSAGES] if callback == "STREAM" else [CARDS])
    await office.post(BOTH, card("card-1", APPROVE, callbackType=callback))
    assert not (await office.fake.press("dt-li", shown(office).id, "同意")).acked
    assert office.fake.pushes == 0


@pytest.mark.parametrize(("user_id", "label"), [("dt-wang", "同意"), ("dt-li", "拒绝")])
async def test_nobody_presses_what_they_do_not_see(office: Desk, user_id: str, label: str) -> None:
    await office.post(BOTH, card("card-1", APPROVE))
    with pytest.raises(KeyError):
        await office.fake.press(user_id, shown(office).id, label)


async def test_a_card_button_may_speak(office: Desk) -> None:
    client = await office.connect()
    office.fake.patience.ack = 0.01
    url = "dtmd://dingtalkclient/sendMessage?content=" + quote("同意 7")
    await office.post(BOTH, card("card-1", {"text": "同意", "url": url}))
    await office.fake.press("dt-li", shown(office).id, "同意")
    assert (await client.heard())["text"]["content"] == "同意 7"


async def test_beyond_the_months_pushes_nobody_hears_of_a_press(office: Desk) -> None:
    client = await office.connect()
    office.fake.limits.monthly_pushes = 0
    await office.post(BOTH, card("card-1", APPROVE))
    assert not (await office.fake.press("dt-li", shown(office).id, "同意")).acked
    assert await client.silent()
