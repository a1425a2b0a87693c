from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.dingtalk.frames import BOT_TOPIC, CARD_TOPIC
from bot.dingtalk.payloads import Ignored, QuotaExhausted, read
from chat.events import Account, ChatKind, Click, Message, MessageKind, PlatformName, Quote

BOT, LI, WANG = "$:LWCP_v1:$bot==", "$:LWCP_v1:$li==", "$:LWCP_v1:$wang=="
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MILLIS = int(AT.timestamp() * 1000)

GROUP_MESSAGE: dict[str, Any] = {
    "conversationId": "cidAbC==",
    "conversationType": "2",
    "conversationTitle": "西湖店工作群",
    "msgId": "msgQ1==",
    "msgtype": "text",
    "text": {"content": "  更新 KR34 70%  "},
    "isInAtList": True,
    "atUsers": [{"dingtalkId": BOT}, {"dingtalkId": LI, "staffId": "dt-li"}],
    "senderId": WANG,
    "senderStaffId": "dt-wang",
    "senderNick": "王店",
    "chatbotUserId": BOT,
    "sessionWebhook": "https://oapi.example/robot/sendBySession?session=s",
    "sessionWebhookExpiredTime": MILLIS + 5_400_000,
    "createAt": MILLIS,
}
PRESSED: dict[str, Any] = {
    "type": "actionCallback",
    "outTrackId": "okr-8",
    "corpId": "dingcorp1",
    "userId": "dt-wang",
    "spaceType": "IM_GROUP",
    "spaceId": "cidAbC==",
}


def frame(data: Any, topic: str = BOT_TOPIC, message_id: str = "frame-1") -> dict[str, Any]:
    headers = {"messageId": message_id, "time": str(MILLIS), "topic": topic}
    return {"type": "CALLBACK", "headers": headers, "data": json.dumps(data)}


def message(without: tuple[str, ...] = (), **changes: Any) -> Message:
    data = {name: value for name, value in (GROUP_MESSAGE | changes).items() if name not in without}
    event = read(frame(data))
    assert isinstance(event, Message), event
    return event


def click(
    private: Any, *, message_id: str = "frame-1", without: tuple[str, ...] = (), **changes: Any
) -> Click:
    data = {name: value for name, value in (PRESSED | changes).items() if name not in without}
    data["content"] = json.dumps({"cardPrivateData": private})
    event = read(frame(data, CARD_TOPIC, message_id))
    assert isinstance(event, Click), event
    return event


def test_a_message_in_a_group() -> None:
    event = message()

    assert event.event_id == "dingtalk:msgQ1=="
    assert event.at == AT
    assert event.sender == Account(PlatformName.DINGTALK, "dt-wang", "王店")
    assert (event.conversation.id, event.conversation.kind) == ("cidAbC==", ChatKind.GROUP)
    assert event.conversation.title == "西湖店工作群"
    assert (event.text, event.kind) == ("更新 KR34 70%", MessageKind.TEXT)
    assert [account.user_id for account in event.mentions] == ["dt-li"]


def test_a_private_message_and_its_way_back() -> None:
    event = message(conversationType="1", without=("atUsers", "isInAtList"))

    assert event.conversation.kind is ChatKind.PRIVATE
    assert event.mentions == ()
    assert event.route["webhook"] == GROUP_MESSAGE["sessionWebhook"]
    assert event.route["webhook_until"] == str(MILLIS + 5_400_000)
    assert all(isinstance(value, str) for value in event.route.values())


def test_a_time_that_is_missing_is_that_of_the_frame() -> None:
    assert message(without=("createAt",)).at == AT


def test_somebody_of_another_company_has_no_id_but_a_way_back() -> None:
    event = message(without=("senderStaffId",), conversationType="1")

    assert event.sender.user_id == ""
    assert event.conversation.id == "cidAbC=="
    assert event.route["webhook"]


@pytest.mark.parametrize(
    ("at_users", "mentioned"),
    [
        ([{"dingtalkId": BOT}], []),
        ([{"dingtalkId": LI, "staffId": "dt-li"}, {"dingtalkId": BOT}], ["dt-li"]),
        # The bot's id may be written differently in the two places: then it is the one without a staffId.
        ([{"dingtalkId": "$:other"}, {"dingtalkId": LI, "staffId": "dt-li"}], ["dt-li"]),
        # Where the bot is known, whoever else has no staffId is a person of another company.
        ([{"dingtalkId": BOT}, {"dingtalkId": LI}], [""]),
        (
            [{"dingtalkId": BOT}, {"dingtalkId": LI, "staffId": "a"}, {"dingtalkId": WANG, "staffId": "b"}],
            ["a", "b"],
        ),
    ],
)
def test_mentions_are_colleagues_without_the_bot(at_users: list[Any], mentioned: list[str]) -> None:
    assert [account.user_id for account in message(atUsers=at_users).mentions] == mentioned


@pytest.mark.parametrize(
    ("msgtype", "content", "kind", "text", "unreadable"),
    [
        ("audio", {"recognition": " 更新 KR34 七十 "}, MessageKind.VOICE, "更新 KR34 七十", ""),
        ("audio", {"recognition": "", "duration": 900}, MessageKind.UNREADABLE, "", "语音"),
        ("picture", {"downloadCode": "c"}, MessageKind.UNREADABLE, "", "图片"),
        ("video", {"videoType": "mp4"}, MessageKind.UNREADABLE, "", "视频"),
        ("file", {"fileName": "表.xlsx"}, MessageKind.UNREADABLE, "", "文件"),
        ("chatRecord", None, MessageKind.UNREADABLE, "", "聊天记录"),
        ("unknownMsgType", None, MessageKind.UNREADABLE, "", "这种消息"),
        ("richText", {"richText": [{"type": "picture"}]}, MessageKind.UNREADABLE, "", "图片"),
        (
            "richText",
            {
                "richText": [
                    {"text": "@OKR助手 更新 KR"},
                    {"text": "34"},
                    {"type": "picture"},
                    {"text": " 70%"},
                ]
            },
            MessageKind.TEXT,
            "更新 KR34 70%",
            "",
        ),
    ],
)
def test_kinds(msgtype: str, content: Any, kind: MessageKind, text: str, unreadable: str) -> None:
    event = message(msgtype=msgtype, content=content, without=("text",))

    assert (event.kind, event.text, event.unreadable) == (kind, text, unreadable)


@pytest.mark.parametrize(
    ("content", "quoted"),
    [
        ({"text": "KR34 到 70% 了"}, "KR34 到 70% 了"),
        ("KR34 到 70% 了", "KR34 到 70% 了"),
        ({"richText": [{"text": "KR34"}, {"type": "picture"}]}, "KR34"),
        (None, ""),
    ],
)
def test_a_quote(content: Any, quoted: str) -> None:
    replied = {"msgType": "text", "msgId": "m0", "senderId": BOT, "content": content}
    event = message(text={"content": "65", "isReplyMsg": True, "repliedMsg": replied})

    assert (event.text, event.quote) == ("65", Quote(text=quoted))


def test_a_quoted_card_is_known_by_the_platforms_key() -> None:
    data = GROUP_MESSAGE | {
        "text": {"content": "65", "repliedMsg": {"msgType": "interactiveCard"}},
        "originalProcessQueryKey": "pqk-1",
    }
    event = read(frame(data), lambda key, user_id: f"{key} of {user_id}")

    assert isinstance(event, Message)
    assert event.quote == Quote(card_ref=f"pqk-1 of {event.sender.user_id}")


@pytest.mark.parametrize(("code", "words"), [("errCode", "errMsg"), ("errorCode", "errorMessage")])
@pytest.mark.parametrize("number", [20001, "20001"])
def test_a_push_without_words_tells_of_the_spent_quota(code: str, words: str, number: Any) -> None:
    data = {name: value for name, value in GROUP_MESSAGE.items() if name != "text"}
    event = read(frame(data | {code: number, words: "本月用完"}))

    assert isinstance(event, QuotaExhausted)
    assert event.reason == "20001 本月用完"


@pytest.mark.parametrize(
    ("private", "action"),
    [
        ({"actionIds": ["ok:R8"], "params": {"action": "ok:R8"}}, "ok:R8"),
        ({"actionIds": ["ok:R8"]}, "ok:R8"),
        ({"actionIds": ["ok:R8"], "params": {}}, "ok:R8"),
        ({"params": {"action": "ok:R8"}}, "ok:R8"),
    ],
)
def test_a_pressed_button_tells_its_action_in_either_place(private: Any, action: str) -> None:
    event = click(private)

    assert (event.action, event.card_ref, event.sender.user_id) == (action, "okr-8", "dt-wang")
    assert event.at == AT


@pytest.mark.parametrize(
    ("where", "kind", "conversation"),
    [
        ({"spaceType": "IM_GROUP", "spaceId": "cidAbC=="}, ChatKind.GROUP, "cidAbC=="),
        ({"spaceType": "IM_GROUP", "spaceId": "dtv1.card//IM_GROUP.cidAbC=="}, ChatKind.GROUP, "cidAbC=="),
        ({"spaceType": "IM_GROUP", "spaceId": ""}, ChatKind.PRIVATE, "dt-wang"),
        ({"spaceType": "IM_ROBOT", "spaceId": "dt-wang"}, ChatKind.PRIVATE, "dt-wang"),
        ({"spaceType": None, "spaceId": None}, ChatKind.PRIVATE, "dt-wang"),
    ],
)
def test_where_a_button_was_pressed(where: dict[str, Any], kind: ChatKind, conversation: str) -> None:
    event = click({"actionIds": ["a"]}, **where)

    assert (event.conversation.kind, event.conversation.id) == (kind, conversation)


def test_two_presses_are_two_events_and_one_frame_is_one() -> None:
    first, again = click({"actionIds": ["a"]}), click({"actionIds": ["a"]})
    second = click({"actionIds": ["a"]}, message_id="frame-2")

    assert first.event_id == again.event_id
    assert first.event_id != second.event_id


def test_what_was_filled_into_a_form() -> None:
    event = click({"actionIds": ["a"], "params": {"action": "a", "form": {"progress": 65, "note": "好"}}})

    assert event.fields == {"progress": "65", "note": "好"}


@pytest.mark.parametrize(
    "broken",
    [
        {"headers": {"topic": BOT_TOPIC}, "data": "<xml/>"},
        {"headers": {"topic": BOT_TOPIC}, "data": "[]"},
        {"headers": {"topic": BOT_TOPIC}, "data": "{}"},
        {"headers": {"topic": CARD_TOPIC, "messageId": "1", "time": "1"}, "data": '{"userId":"a"}'},
        frame(PRESSED | {"content": "{}"}, CARD_TOPIC),
        frame(PRESSED | {"content": "<xml/>"}, CARD_TOPIC),
        frame(GROUP_MESSAGE | {"createAt": "yesterday"}),
        frame(GROUP_MESSAGE | {"atUsers": [1]}),
        frame(GROUP_MESSAGE | {"msgId": None}),
        {"data": "{}"},
    ],
)
def test_what_cannot_be_read_is_ignored_with_a_reason(broken: dict[str, Any]) -> None:
    event = read(broken)

    assert isinstance(event, Ignored)
    assert event.reason
