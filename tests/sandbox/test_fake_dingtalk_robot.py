"""What the robot sends: by session webhook, to people, into groups; and what is refused."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from sandbox.transcript import Pressable
from tests.sandbox.dingtalk_client import GROUP, Desk, desk

TO_PEOPLE = "/v1.0/robot/oToMessages/batchSend"
TO_GROUP = "/v1.0/robot/groupMessages/send"
DTMD = "dtmd://dingtalkclient/sendMessage?content="


@pytest.fixture
async def office() -> AsyncIterator[Desk]:
    async with desk() as office:
        yield office


async def webhook(office: Desk, user_id: str = "dt-li", group: str | None = None) -> str:
    client = await office.connect()
    office.fake.patience.ack = 0.01
    await office.fake.say(user_id, "在吗", group=group)
    url: str = (await client.heard())["sessionWebhook"]
    await client.ws.close()
    return url


def push(**changed: Any) -> dict[str, Any]:
    return {
        "robotCode": "dingdemo",
        "userIds": ["dt-li"],
        "openConversationId": GROUP,
        "msgKey": "sampleMarkdown",
        "msgParam": json.dumps({"title": "提醒", "text": "请更新 **KR1**"}),
    } | changed


# --- the session webhook --------------------------------------------------------------------------


async def test_answers_into_the_same_chat_without_a_token(office: Desk) -> None:
    url = await webhook(office, group=GROUP)
    office.token = ""
    markdown = {"title": "周进展", "text": "## KR1\n @dt-li 记下了"}
    said = {"msgtype": "markdown", "markdown": markdown, "at": {"atUserIds": ["dt-li"]}}
    assert await office.post(url, said) == (200, {"errcode": 0, "errmsg": "ok"})
    shown = office.fake.transcript.bubbles[-1]
    assert (shown.author, shown.conversation_id, shown.kind, shown.title) == (
        "bot",
        GROUP,
        "markdown",
        "周进展",
    )
    assert shown.text == "## KR1\n @李四 记下了"
    assert shown.mentions == ("dt-li",)
    assert office.fake.pushes == 2
    assert not office.fake.calls


@pytest.mark.parametrize(("age", "errmsg"), [(89, "ok"), (90, "session.expired")])
async def test_a_webhook_lives_90_minutes_after_its_message(office: Desk, age: int, errmsg: str) -> None:
    url = await webhook(office)
    office.clock.wind(timedelta(minutes=age))
    status, answer = await office.post(url, {"msgtype": "text", "text": {"content": "好"}})
    assert (status, answer["errmsg"], answer["errcode"] == 0) == (200, errmsg, errmsg == "ok")


async def test_an_unknown_webhook(office: Desk) -> None:
    said = {"msgtype": "text", "text": {"content": "好"}}
    status, answer = await office.post("/robot/sendBySession?session=x", said)
    assert (status, answer["errmsg"]) == (200, "session.notExisted")
    assert answer["errcode"] != 0


@pytest.mark.parametrize(
    "said",
    [
        {"msgtype": "text", "markdown": {}},
        {"msgtype": "text", "text": {"content": ""}},
        {"msgtype": "markdown", "markdown": {"text": "没有标题"}},
        {"msgtype": "actionCard", "actionCard": {"title": "a", "text": "b"}},
        {"msgtype": "sampleMarkdown", "sampleMarkdown": {}},
        {"msgtype": "text", "text": {"content": "好"}, "at": {"atUserIds": [None]}},
    ],
)
async def test_malformed_posts_fail_inside_a_200_and_cost_nothing(office: Desk, said: dict[str, Any]) -> None:
    url = await webhook(office)
    status, answer = await office.post(url, said)
    assert (status, answer["errcode"]) == (200, 40035)
    assert office.fake.transcript.bubbles[-1].author == "dt-li"
    assert office.fake.pushes == 1


async def test_an_action_card_with_buttons_that_speak(office: Desk) -> None:
    url = await webhook(office)
    buttons = [
        {"title": "同意", "actionURL": DTMD + quote("同意 7")},
        {"title": "去看", "actionURL": "https://okr.test/7"},
    ]
    inner = {"title": "审批", "text": "王五", "btnOrientation": "1", "btns": buttons}
    await office.post(url, {"msgtype": "actionCard", "actionCard": inner})
    shown = office.fake.transcript.bubbles[-1]
    assert shown.kind == "action_card"
    assert shown.buttons == (
        Pressable("同意", says="同意 7", url=DTMD + quote("同意 7")),
        Pressable("去看", url="https://okr.test/7"),
    )


async def test_a_button_that_speaks_says_it_as_the_person(office: Desk) -> None:
    client = await office.connect()
    buttons = {"title": "t", "text": "x", "singleTitle": "同意", "singleURL": DTMD + quote("同意 7")}
    await office.post(TO_PEOPLE, push(msgKey="sampleActionCard", msgParam=json.dumps(buttons)))
    await office.post(TO_GROUP, push(msgKey="sampleActionCard", msgParam=json.dumps(buttons)))
    private, group = office.fake.transcript.bubbles
    office.fake.patience.ack = 0.1
    assert not (await office.fake.press("dt-li", private.id, "同意")).acked
    assert (await client.heard())["text"]["content"] == "同意 7"
    assert not (await office.fake.press("dt-wang", group.id, "同意")).acked
    assert await client.silent(), "in a group the bot is not mentioned by it"
    assert [(b.author, b.text) for b in office.fake.transcript.bubbles[2:]] == [
        ("dt-li", "同意 7"),
        ("dt-wang", "同意 7"),
    ]


# --- to people and groups -------------------------------------------------------------------------


async def test_sends_to_people(office: Desk) -> None:
    office.fake.faults.flow_controlled.add("dt-wang")
    _, answer = await office.post(TO_PEOPLE, push(userIds=["dt-li", "dt-wang", "DT-LI", "dt-guest"]))
    assert answer["invalidStaffIdList"] == ["DT-LI", "dt-guest"]
    assert answer["flowControlledStaffIdList"] == ["dt-wang"]
    [shown] = office.fake.transcript.bubbles
    assert shown.conversation_id == office.fake.private_id("dt-li")
    assert (shown.kind, shown.title, shown.text) == ("markdown", "提醒", "请更新 **KR1**")
    assert office.fake.calls == {f"POST {TO_PEOPLE}": 1}


async def test_sends_into_a_group(office: Desk) -> None:
    status, answer = await office.post(TO_GROUP, push())
    assert (status, answer.keys()) == (200, {"processQueryKey"})
    assert office.fake.transcript.bubbles[-1].conversation_id == GROUP


LONG = json.dumps({"title": "t", "text": "x" * 15_000})


@pytest.mark.parametrize("path", [TO_PEOPLE, TO_GROUP])
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"msgParam": {"title": "t", "text": "x"}}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": "not JSON"}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": "[]"}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": LONG}, "invalidParameter.msgParam.tooLong"),
        ({"msgParam": '{"title":"t"}'}, "invalidParameter.msgParam.text"),
        ({"msgKey": "sampleMarkDown"}, "invalidParameter.msgKey.invalid"),
        ({"msgKey": "sampleActionCard7"}, "invalidParameter.msgKey.invalid"),
        ({"robotCode": "another"}, "robot.oto.notExist"),
    ],
)
async def test_refuses_to_send(office: Desk, path: str, changed: dict[str, Any], code: str) -> None:
    status, answer = await office.post(path, push(**changed))
    assert (status, answer["code"]) == (400, code)
    assert not office.fake.transcript.bubbles


@pytest.mark.parametrize("cid", [GROUP.lower(), "cidElse=="])
async def test_a_conversation_id_is_matched_exactly(office: Desk, cid: str) -> None:
    status, answer = await office.post(TO_GROUP, push(openConversationId=cid))
    assert (status, answer["code"]) == (400, "invalidParameter.openConversationId.invalid")


@pytest.mark.parametrize(("count", "status"), [(20, 200), (21, 400)])
async def test_at_most_20_people_a_call(office: Desk, count: int, status: int) -> None:
    got, answer = await office.post(TO_PEOPLE, push(userIds=["dt-li"] * count))
    assert got == status
    assert answer.get("code", "") == ("invalidParameter.userIds.overMax" if status == 400 else "")


async def test_takes_back_within_a_day(office: Desk) -> None:
    _, private = await office.post(TO_PEOPLE, push(userIds=["dt-li", "dt-wang"]))
    _, group = await office.post(TO_GROUP, push())
    keys = [private["processQueryKey"], group["processQueryKey"], "pqk-x"]
    asked = {"robotCode": "dingdemo", "processQueryKeys": keys}
    _, answer = await office.post("/v1.0/robot/otoMessages/batchRecall", asked)
    assert answer == {"successResult": keys[:1], "failedResult": {keys[1]: "notExist", "pqk-x": "notExist"}}
    assert [b.kind for b in office.fake.transcript.bubbles] == ["recalled", "recalled", "markdown"]
    office.clock.wind(timedelta(hours=24, seconds=1))
    await office.sign_in()
    asked = {"robotCode": "dingdemo", "openConversationId": GROUP, "processQueryKeys": keys[1:2]}
    _, answer = await office.post("/v1.0/robot/groupMessages/recall", asked)
    assert answer["failedResult"] == {keys[1]: "overTime"}


# --- pictures and files ---------------------------------------------------------------------------


PNG = b"\x89PNG\r\n\x1a\n picture"


async def upload(
    office: Desk, content: bytes, kind: str, name: str = "chart.png", token: str | None = None
) -> Any:
    form = aiohttp.FormData()
    form.add_field("media", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    query = {"access_token": office.token if token is None else token, "type": kind}
    async with office.http.post(f"{office.fake.base_url}/media/upload", params=query, data=form) as response:
        return await response.json()


async def test_downloads_what_people_sent(office: Desk) -> None:
    client = await office.connect()
    office.fake.patience.ack = 0.01
    await office.fake.say("dt-li", kind="picture")
    code = (await client.heard())["content"]["downloadCode"]
    asked = {"robotCode": "dingdemo", "downloadCode": code}
    _, found = await office.post("/v1.0/robot/messageFiles/download", asked)
    async with office.http.get(found["downloadUrl"]) as response:
        assert response.status == 200


async def test_a_file_is_fetched_by_its_own_robot_and_for_a_while_only(office: Desk) -> None:
    client = await office.connect()
    office.fake.patience.ack = 0.01
    await office.fake.say("dt-li", "日数.csv", kind="file", content=b"a,b")
    told = (await client.heard())["content"]
    ask = "/v1.0/robot/messageFiles/download"
    asked = {"robotCode": "dingdemo", "downloadCode": told["downloadCode"]}

    assert told["fileName"] == "日数.csv"
    status, refused = await office.post(ask, asked | {"robotCode": "another"})
    assert (status, refused["code"]) == (400, "invalidParameter.robotCode")
    _, found = await office.post(ask, asked)
    async with office.http.get(found["downloadUrl"]) as response:
        assert await response.read() == b"a,b"
    office.fake.world.clock.wind(timedelta(minutes=11))
    async with office.http.get(found["downloadUrl"]) as response:
        assert response.status == 403
    office.fake.world.clock.wind(timedelta(minutes=110))
    office.fake.tokens.expire()
    office.token = office.fake.tokens.fetch("dingdemo", "demo-secret")
    status, refused = await office.post(ask, asked)
    assert (status, refused["code"]) == (400, "invalidParameter.downloadCode")


async def test_uploads_are_known_by_their_id_and_count_as_calls(office: Desk) -> None:
    answer = await upload(office, PNG, "image")

    assert (answer["errcode"], answer["type"], answer["media_id"][0]) == (0, "image", "@")
    kept = office.fake.upload(answer["media_id"])
    assert kept is not None
    assert (kept.name, kept.content, kept.media_type) == ("chart.png", PNG, "image/png")
    assert office.fake.calls["POST /media/upload"] == 1


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"", "image", 40009),
        (PNG + bytes(20 * 1024 * 1024), "image", 40009),
        (bytes(2 * 1024 * 1024 + 1), "voice", 40009),
        (b"<svg/>", "image", 40005),
        (PNG, "picture", 40035),
    ],
    ids=["empty", "too large", "too long", "no picture", "no such type"],
)
async def test_refuses_uploads_that_are_too_large_or_no_picture(
    office: Desk, content: bytes, kind: str, code: int
) -> None:
    assert (await upload(office, content, kind))["errcode"] == code


async def test_an_upload_needs_a_token_and_a_call_of_the_month(office: Desk) -> None:
    assert (await upload(office, PNG, "image", token="no token"))["errcode"] == 40014
    office.fake.limits.monthly_calls = 0
    assert (await upload(office, PNG, "image"))["errcode"] == 90020


async def test_messages_refer_to_what_was_uploaded_and_as_what(office: Desk) -> None:
    picture = (await upload(office, PNG, "image"))["media_id"]
    sheet = (await upload(office, b"PK rows", "file", "rows.xlsx"))["media_id"]
    image = {"msgKey": "sampleImageMsg", "msgParam": json.dumps({"photoURL": picture})}
    file = {"mediaId": sheet, "fileName": "rows.xlsx", "fileType": "xlsx"}

    assert (await office.post(TO_PEOPLE, push(**image)))[0] == 200
    assert (await office.post(TO_PEOPLE, push(msgKey="sampleFile", msgParam=json.dumps(file))))[0] == 200
    assert [bubble.kind for bubble in office.fake.bubbles_for("dt-li")] == ["image", "file"]
    for param in (file | {"mediaId": "@lAL0"}, file | {"mediaId": picture}, file | {"fileType": "csv"}):
        status, answer = await office.post(TO_PEOPLE, push(msgKey="sampleFile", msgParam=json.dumps(param)))
        assert (status, answer["code"].startswith("invalidParameter.msgParam")) == (400, True)
    unknown = {"msgKey": "sampleImageMsg", "msgParam": json.dumps({"photoURL": sheet})}
    assert (await office.post(TO_PEOPLE, push(**unknown)))[0] == 400


async def test_complains_of_a_picture_in_words_that_is_not_there(office: Desk) -> None:
    picture = (await upload(office, PNG, "image"))["media_id"]
    for address in (picture, "https://okr.example.com/files/f1", "@lAL0"):
        said = {"title": "图", "text": f"![图]({address})"}
        await office.post(TO_PEOPLE, push(msgParam=json.dumps(said)))

    assert office.fake.complaints == ["a picture that is not there: @lAL0"]
