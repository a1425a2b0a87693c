"""What people say, as the bot gets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.dingtalk_client import GROUP, Client, Desk, card, desk

BOT = "OKR助手"


@pytest.fixture
async def office() -> AsyncIterator[Desk]:
    async with desk() as office:
        office.fake.patience.ack = 0.01
        yield office


@pytest.fixture
async def client(office: Desk) -> Client:
    return await office.connect()


async def heard(office: Desk, client: Client, user_id: str, text: str = "", **more: Any) -> dict[str, Any]:
    await office.fake.say(user_id, text, **more)
    return await client.heard()


async def test_a_private_text(office: Desk, client: Client) -> None:
    data = await heard(office, client, "dt-li", "KR1 80%")
    now = office.fake.world.millis()
    assert data["conversationType"] == "1"
    assert data["conversationId"] == office.fake.private_id("dt-li")
    assert data["msgtype"] == "text"
    assert data["text"] == {"content": "KR1 80%"}
    assert (data["senderStaffId"], data["senderNick"], data["senderCorpId"]) == ("dt-li", "李四", "dingcorp")
    assert data["senderId"].startswith("$:LWCP_v1:$")
    assert (data["robotCode"], data["chatbotCorpId"], data["isAdmin"]) == ("dingdemo", "dingcorp", False)
    assert 0 <= now - data["createAt"] < 1000
    assert data["sessionWebhookExpiredTime"] - data["createAt"] == 90 * 60 * 1000
    assert not data.keys() & {"conversationTitle", "atUsers", "isInAtList"}


@pytest.mark.parametrize(
    ("text", "mentions", "typed", "content"),
    [
        ("看看KR2", (), f"@{BOT} 看看KR2", " 看看KR2"),
        ("KR2 转给 @王店", ("dt-wang",), f"@{BOT} KR2 转给 @王店", " KR2 转给 "),
        ("KR2 转给他", ("dt-wang",), f"@{BOT} @王店 KR2 转给他", "  KR2 转给他"),
        (f"看看 @{BOT} KR2", (), f"看看 @{BOT} KR2", "看看  KR2"),
        ("KR2 转给 @王店", (), f"@{BOT} KR2 转给 @王店", " KR2 转给 @王店"),
    ],
)
async def test_mentions_leave_only_spaces(
    office: Desk, client: Client, text: str, mentions: tuple[str, ...], typed: str, content: str
) -> None:
    data = await heard(office, client, "dt-li", text, group=GROUP, mentions=mentions)
    assert office.fake.transcript.bubbles[-1].text == typed
    assert data["text"]["content"] == content
    assert (data["conversationId"], data["conversationType"]) == (GROUP, "2")
    assert data["conversationTitle"] == "西湖店工作群"
    assert data["isInAtList"] is True
    assert {"dingtalkId": data["chatbotUserId"]} in data["atUsers"], "the bot has no staffId"
    assert [at["staffId"] for at in data["atUsers"] if "staffId" in at] == list(mentions)


async def test_an_outsider_has_no_staff_id(office: Desk, client: Client) -> None:
    data = await heard(office, client, "dt-guest", "你好", group=GROUP, mentions=["dt-guest"])
    assert not data.keys() & {"senderStaffId", "senderCorpId", "isAdmin"}
    assert all("staffId" not in at for at in data["atUsers"])


async def test_before_it_is_published_nobody_has(office: Desk, client: Client) -> None:
    office.fake.faults.unpublished = True
    assert "senderStaffId" not in await heard(office, client, "dt-li", "你好")


@pytest.mark.parametrize(
    ("kind", "msgtype", "fields", "shown"),
    [
        ("richText", "richText", {"richText"}, "text"),
        ("picture", "picture", {"downloadCode", "pictureDownloadCode"}, "image"),
        ("image", "picture", {"downloadCode", "pictureDownloadCode"}, "image"),
        ("voice", "audio", {"duration", "downloadCode", "recognition"}, "voice"),
        ("video", "video", {"duration", "videoType", "downloadCode"}, "video"),
        ("file", "file", {"spaceId", "fileId", "fileName", "downloadCode"}, "file"),
    ],
)
async def test_other_kinds(
    office: Desk, client: Client, kind: str, msgtype: str, fields: set[str], shown: str
) -> None:
    data = await heard(office, client, "dt-li", "", kind=kind, voice_text="更新 KR1")
    assert data["msgtype"] == msgtype
    assert data["content"].keys() == fields
    assert "text" not in data
    assert data["content"].get("recognition", "更新 KR1") == "更新 KR1"
    assert office.fake.transcript.bubbles[-1].kind == shown


@pytest.mark.parametrize(
    ("kind", "at_bot", "reaches"),
    [
        ("text", True, True),
        ("text", False, False),
        ("richText", True, True),
        ("voice", True, False),
        ("file", True, False),
        ("video", True, False),
    ],
)
async def test_what_a_bot_gets_in_a_group(
    office: Desk, client: Client, kind: str, at_bot: bool, reaches: bool
) -> None:
    await office.fake.say("dt-li", "看看", group=GROUP, kind=kind, at_bot=at_bot)
    assert await client.silent() is not reaches
    assert office.fake.pushes == reaches


@pytest.mark.parametrize(
    ("user_id", "group"), [("nobody", None), ("dt-li", "cidElse=="), ("dt-li", GROUP.lower())]
)
async def test_nobody_speaks_where_they_are_not(office: Desk, user_id: str, group: str | None) -> None:
    with pytest.raises(KeyError):
        await office.fake.say(user_id, "喂", group=group)
    assert not office.fake.transcript.bubbles


# --- quotes ---------------------------------------------------------------------------------------


async def test_a_quote_of_a_text(office: Desk, client: Client) -> None:
    said = await office.fake.say("dt-wang", "KR1 到 80% 了", group=GROUP)
    first = await client.heard()
    data = await heard(office, client, "dt-li", "好", group=GROUP, quotes=said.id)
    assert data["text"]["isReplyMsg"] is True
    replied = data["text"]["repliedMsg"]
    assert replied["msgId"] == first["msgId"] == data["originalMsgId"]
    assert replied["senderId"] == first["senderId"]
    assert replied["content"] == {"text": f"@{BOT} KR1 到 80% 了"}
    assert "originalProcessQueryKey" not in data


async def test_a_quote_of_a_card_tells_which(office: Desk, client: Client) -> None:
    _, answer = await office.post("/v1.0/card/instances/createAndDeliver", card())
    shown = office.fake.transcript.by_ref("card-1")
    data = await heard(office, client, "dt-li", "好", quotes=shown.id)
    assert data["text"]["repliedMsg"]["msgType"] == "interactiveCard"
    assert "content" not in data["text"]["repliedMsg"]
    assert data["text"]["repliedMsg"]["senderId"] == data["chatbotUserId"]
    assert data["originalProcessQueryKey"] == answer["result"]["deliverResults"][0]["carrierId"]


# --- the month's pushes ---------------------------------------------------------------------------


@pytest.mark.parametrize("names", [("errCode", "errMsg"), ("errorCode", "errorMessage")])
async def test_beyond_the_months_pushes_comes_a_code_and_no_text(
    office: Desk, client: Client, names: tuple[str, str]
) -> None:
    office.fake.limits.monthly_pushes = 1
    office.fake.faults.exhausted_fields = names
    assert "text" in await heard(office, client, "dt-li", "第一条")
    data = await heard(office, client, "dt-li", "第二条")
    assert data[names[0]] == 20001
    assert data[names[1]]
    assert not data.keys() & {"text", "content", "sessionWebhook"}
    office.clock.wind(timedelta(days=9))
    assert "text" in await heard(office, client, "dt-li", "下个月")


async def test_no_two_runs_share_a_message_id(office: Desk, client: Client) -> None:
    async with desk() as other:
        other.fake.patience.ack = 0.01
        theirs = await heard(other, await other.connect(), "dt-li", "一")
    assert theirs["msgId"] != (await heard(office, client, "dt-li", "一"))["msgId"]
