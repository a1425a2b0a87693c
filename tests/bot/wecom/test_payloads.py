from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.wecom.crypto import Malformed
from bot.wecom.payloads import read_app, read_robot, without_mention
from chat.events import ChatKind, Click, Message, MessageKind, Opened, Quote

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AT = 1700000000


def xml(**fields: object) -> str:
    fields = {"ToUserName": "ww1", "FromUserName": "WxLi", "CreateTime": AT, "AgentID": 1000002, **fields}
    return "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</xml>"


def app(**fields: object) -> Any:
    return read_app(xml(**fields))


@pytest.mark.parametrize(
    ("fields", "kind", "text", "unreadable"),
    [
        ({"MsgType": "text", "Content": " 更新 KR34 65 "}, MessageKind.TEXT, "更新 KR34 65", ""),
        ({"MsgType": "text", "Content": "<![CDATA[a<b]]>"}, MessageKind.TEXT, "a<b", ""),
        ({"MsgType": "text", "Content": ""}, MessageKind.TEXT, "", ""),
        ({"MsgType": "voice", "MediaId": "m"}, MessageKind.UNREADABLE, "", "语音"),
        ({"MsgType": "voice", "Recognition": "我的目标"}, MessageKind.VOICE, "我的目标", ""),
        ({"MsgType": "image"}, MessageKind.UNREADABLE, "", "图片"),
        ({"MsgType": "video"}, MessageKind.UNREADABLE, "", "视频"),
        ({"MsgType": "location", "Label": "西湖"}, MessageKind.UNREADABLE, "", "位置"),
        ({"MsgType": "link", "Title": "x"}, MessageKind.UNREADABLE, "", "链接"),
        ({"MsgType": "hologram"}, MessageKind.UNREADABLE, "", "其他消息"),
    ],
)
def test_messages_of_the_app(fields: dict[str, str], kind: MessageKind, text: str, unreadable: str) -> None:
    message = app(MsgId=77, **fields)

    assert isinstance(message, Message)
    assert (message.kind, message.text, message.unreadable) == (kind, text, unreadable)
    assert (message.event_id, message.at) == ("wecom:app:77", datetime.fromtimestamp(AT, UTC))
    assert (message.sender.user_id, message.sender.key) == ("WxLi", "wxli")
    assert (message.conversation.id, message.conversation.kind) == ("WxLi", ChatKind.PRIVATE)


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        ("enter_agent", Opened),
        ("subscribe", Opened),
        ("template_card_event", Click),
        ("template_card_menu_event", Click),
        ("unsubscribe", type(None)),
        ("LOCATION", type(None)),
        ("view", type(None)),
        ("change_contact", type(None)),
        ("inactive_alert", type(None)),
    ],
)
def test_events_of_the_app(event: str, heard: type) -> None:
    assert type(app(MsgType="event", Event=event, EventKey="")) is heard


ONE = (
    "<SelectedItem><QuestionKey>q1</QuestionKey><OptionIds><OptionId>a</OptionId></OptionIds></SelectedItem>"
)
TWO = (
    "<SelectedItem><QuestionKey>q2</QuestionKey>"
    "<OptionIds><OptionId>a</OptionId><OptionId>b</OptionId></OptionIds></SelectedItem>"
)


@pytest.mark.parametrize(
    ("selected", "fields"),
    [("", {}), (ONE, {"q1": "a"}), (ONE + TWO, {"q1": "a", "q2": "a,b"})],
)
def test_a_click_and_what_was_chosen_with_it(selected: str, fields: dict[str, str]) -> None:
    click = app(
        MsgType="event",
        Event="template_card_event",
        EventKey="ok:R8",
        TaskId="okr-7",
        ResponseCode="rc",
        SelectedItems=selected,
    )

    assert isinstance(click, Click)
    assert (click.action, click.card_ref, click.fields) == ("ok:R8", "okr-7", fields)
    assert click.route == {"via": "app", "response_code": "rc"}


def test_events_differ_in_any_part_of_what_was_pressed() -> None:
    pressed: dict[str, object] = {
        "MsgType": "event",
        "Event": "template_card_event",
        "EventKey": "a",
        "TaskId": "t",
        "ResponseCode": "r",
    }
    changes: list[dict[str, object]] = [
        {},
        {"EventKey": "b"},
        {"TaskId": "u"},
        {"ResponseCode": "s"},
        {"CreateTime": 1},
        {"FromUserName": "x"},
    ]
    ids = {app(**{**pressed, **change}).event_id for change in changes}

    assert len(ids) == len(changes)
    assert app(**pressed).event_id in ids


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "<xml>",
        "<a/>",
        "<!DOCTYPE xml>" + xml(MsgType="text", Content="hi", MsgId=1),
        xml(),
        xml(MsgType="text", CreateTime="x"),
    ],
)
def test_an_app_message_that_cannot_be_read(broken: str) -> None:
    with pytest.raises(Malformed):
        read_app(broken)


def body(**fields: object) -> dict[str, Any]:
    return {"msgid": "m1", "aibotid": "b", "chattype": "single", "from": {"userid": "WxLi"}, **fields}


def robot(**fields: object) -> Any:
    return read_robot(body(**fields), robot_name="OKR助手", now=NOW, req_id="r1")


def text(content: str) -> dict[str, object]:
    return {"msgtype": "text", "text": {"content": content}}


PICTURE = {"msgtype": "image", "image": {"url": "http://x"}}


@pytest.mark.parametrize(
    ("fields", "kind", "words", "unreadable"),
    [
        (text("@OKR助手 帮助"), MessageKind.TEXT, "帮助", ""),
        (text("@OKR助手\u2005帮助 @李四\u2005"), MessageKind.TEXT, "帮助 @李四", ""),
        ({"msgtype": "voice", "voice": {"content": "我的目标"}}, MessageKind.VOICE, "我的目标", ""),
        (PICTURE, MessageKind.UNREADABLE, "", "图片"),
        ({"msgtype": "file", "file": {"url": "http://x"}}, MessageKind.FILE, "", ""),
        (
            {"msgtype": "mixed", "mixed": {"msg_item": [text("看 KR34"), PICTURE]}},
            MessageKind.TEXT,
            "看 KR34",
            "",
        ),
        ({"msgtype": "mixed", "mixed": {"msg_item": [PICTURE]}}, MessageKind.UNREADABLE, "", "图片"),
        ({"msgtype": "hologram"}, MessageKind.UNREADABLE, "", "其他消息"),
    ],
)
def test_messages_of_the_robot(
    fields: dict[str, Any], kind: MessageKind, words: str, unreadable: str
) -> None:
    message = robot(**fields)

    assert isinstance(message, Message)
    assert (message.kind, message.text, message.unreadable) == (kind, words, unreadable)
    assert (message.event_id, message.at) == ("wecom:robot:m1", NOW)


def test_where_an_answer_to_a_group_goes() -> None:
    message = robot(**text("hi"), chattype="group", chatid="wrG1", response_url="http://answer")

    assert (message.conversation.id, message.conversation.kind) == ("wrG1", ChatKind.GROUP)
    assert message.route == {
        "via": "robot",
        "chat_id": "wrG1",
        "response_url": "http://answer",
        "req_id": "r1",
    }


@pytest.mark.parametrize("names", [("event_key", "task_id"), ("eventkey", "taskid")])
def test_a_robots_click_in_both_spellings(names: tuple[str, str]) -> None:
    chosen = {"selected_item": [{"question_key": "q", "option_ids": {"option_id": ["a", "b"]}}]}
    pressed = {names[0]: "ok:R8", names[1]: "okr-7", "selected_items": chosen}
    event = {"eventtype": "template_card_event", "template_card_event": pressed}
    click = robot(msgtype="event", create_time=AT, event=event)

    assert isinstance(click, Click)
    assert (click.action, click.card_ref, click.fields) == ("ok:R8", "okr-7", {"q": "a,b"})
    assert click.at == datetime.fromtimestamp(AT, UTC)
    assert "req_id" not in click.route


@pytest.mark.parametrize(
    ("fields", "heard"),
    [
        ({"msgtype": "event", "event": {"eventtype": "enter_chat"}}, Opened),
        ({"msgtype": "event", "event": {"eventtype": "feedback_event"}}, type(None)),
        ({"msgtype": "event", "event": {"eventtype": "disconnected_event"}}, type(None)),
        ({"msgtype": "stream", "stream": {"id": "s"}}, type(None)),
    ],
)
def test_events_of_the_robot(fields: dict[str, Any], heard: type) -> None:
    assert type(robot(**fields)) is heard


def test_a_quote_brings_its_words() -> None:
    assert robot(**text("为什么"), quote=text("KR34 慢了")).quote == Quote("KR34 慢了")


@pytest.mark.parametrize(
    "broken", [{}, {"msgtype": "text"}, {**body(**text("x")), "from": None}, {**body(), "msgtype": "mixed"}]
)
def test_a_robot_message_that_cannot_be_read(broken: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read_robot(broken, robot_name="OKR助手", now=NOW)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("@OKR助手 帮助", "帮助"),
        ("@OKR助手", ""),
        ("@OKR助手\n新建目标 x\nKR y", "新建目标 x\nKR y"),
        ("@李四 @OKR助手 协作", "@李四 协作"),
        ("@OKR助手 说 @OKR助手 好", "说 @OKR助手 好"),
        ("@OKR助手二号 帮助", "@OKR助手二号 帮助"),
        ("帮助", "帮助"),
    ],
)
def test_the_robots_own_mention_goes(written: str, read: str) -> None:
    assert without_mention(written, "OKR助手") == read
