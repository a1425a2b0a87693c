"""What WeCom sends, read into the words of the house. Pure: no connection, no clock.

Sources: developer.work.weixin.qq.com 90239, 90240 (app, XML), 100719, 101027 (robot, JSON).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.parsers.expat import ExpatError

from wechatpy.enterprise import parse_message

from bot.wecom.crypto import Malformed
from chat.directory import Change, ChangeKind
from chat.events import (
    Account,
    Attachment,
    ChatKind,
    Click,
    Conversation,
    Message,
    MessageKind,
    Opened,
    PlatformName,
    Quote,
)

UNREADABLE = {
    "image": "图片",
    "voice": "语音",
    "video": "视频",
    "shortvideo": "视频",
    "file": "文件",
    "location": "位置",
    "link": "链接",
    "mixed": "图片",
}
_CLICKS = frozenset({"template_card_event", "template_card_menu_event"})
_OPENED = frozenset({"enter_agent", "subscribe"})
_NO_TEXT = "其他消息"
# In front of the root only white space and a declaration: so there is no room for a document type.
_PLAIN_XML = re.compile(r"\s*(?:<\?xml[^<>]*\?>\s*)?<xml>")


# --- the app: XML -----------------------------------------------------------------------------------


def read_app(xml: str) -> Message | Click | Opened | None:
    """An app's decrypted callback; None for what asks for nothing. Raises Malformed."""
    if not _PLAIN_XML.match(xml):
        raise Malformed("inner XML")
    try:
        fields: dict[str, Any] = parse_message(xml)._data  # noqa: SLF001 - events it does not know have only this
        return _app_event(fields)
    except (ExpatError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("inner XML") from error


def _app_event(fields: dict[str, Any]) -> Message | Click | Opened | None:
    user = fields["FromUserName"]
    kind = fields["MsgType"]
    event = fields.get("Event", "") if kind == "event" else ""
    if kind == "event" and event not in _CLICKS and event not in _OPENED:
        return None
    common: dict[str, Any] = {
        "event_id": _app_event_id(fields),
        "at": datetime.fromtimestamp(int(fields["CreateTime"]), UTC),
        "sender": Account(PlatformName.WECOM, user),
        "conversation": Conversation(PlatformName.WECOM, user, ChatKind.PRIVATE),
        "route": {"via": "app"},
    }
    if event in _OPENED:
        return Opened(**common)
    if event in _CLICKS:
        return _app_click(fields, common)
    return _app_message(fields, kind, common)


def _app_message(fields: Mapping[str, Any], kind: str, common: dict[str, Any]) -> Message:
    if kind == "text":
        return Message(**common, text=(fields.get("Content") or "").strip())
    if spoken := fields.get("Recognition"):
        return Message(**common, text=spoken.strip(), kind=MessageKind.VOICE)
    what = UNREADABLE.get(kind, _NO_TEXT)
    return Message(**common, kind=MessageKind.UNREADABLE, unreadable=what)


def _app_event_id(fields: Mapping[str, Any]) -> str:
    """Messages have an id. Events have none: two clicks within a second differ in what was pressed."""
    if message_id := fields.get("MsgId"):
        return f"wecom:app:{message_id}"
    parts = ("FromUserName", "CreateTime", "Event", "EventKey", "TaskId", "ResponseCode")
    key = "\0".join(str(fields.get(part) or "") for part in parts)
    return f"wecom:app:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _app_click(fields: Mapping[str, Any], common: dict[str, Any]) -> Click:
    common["route"] = {"via": "app", "response_code": fields.get("ResponseCode") or ""}
    selected = (fields.get("SelectedItems") or {}).get("SelectedItem")
    return Click(
        **common,
        action=fields.get("EventKey") or "",
        card_ref=fields.get("TaskId") or "",
        fields={
            item["QuestionKey"]: ",".join(_as_list((item.get("OptionIds") or {}).get("OptionId")))
            for item in _as_list(selected)
        },
    )


_PERSON_CHANGED = frozenset({"create_user", "update_user", "delete_user"})
_UNIT_CHANGED = frozenset({"create_party", "update_party", "delete_party"})


def read_changes(xml: str) -> tuple[Change, ...]:
    """Who and what an app's decrypted callback says has changed in the directory; nothing for every other. Never raises."""
    try:
        fields: dict[str, Any] = parse_message(xml)._data  # noqa: SLF001 - as above
        kind = fields.get("ChangeType") if fields.get("Event") == "change_contact" else None
        if kind in _PERSON_CHANGED:
            was, now = str(fields["UserID"]), str(fields.get("NewUserID") or "")
            return (Change(ChangeKind.PERSON, PlatformName.WECOM, now or was, was if now else ""),)
        if kind in _UNIT_CHANGED:
            return (Change(ChangeKind.UNIT, PlatformName.WECOM, str(int(fields["Id"]))),)
    except (ExpatError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return ()


# --- the robot: JSON --------------------------------------------------------------------------------


def read_robot(
    body: Mapping[str, Any], *, robot_name: str, now: datetime, req_id: str = ""
) -> Message | Click | Opened | None:
    """A robot's callback in either mode; None for what asks for nothing. Raises Malformed.

    `req_id` is that of the frame in WebSocket mode. Messages carry no time of their own: theirs is `now`.
    """
    try:
        return _robot_event(body, robot_name, now, req_id)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed("robot's JSON") from error


def _robot_event(
    body: Mapping[str, Any], robot_name: str, now: datetime, req_id: str
) -> Message | Click | Opened | None:
    kind = body["msgtype"]
    event = body.get("event") or {}
    event_type = event.get("eventtype", "") if kind == "event" else ""
    if kind == "stream" or (kind == "event" and event_type not in {"enter_chat", "template_card_event"}):
        return None
    common = _robot_common(body, now)
    if event_type == "enter_chat":
        common["route"]["req_id"] = req_id
        return Opened(**common)
    if event_type == "template_card_event":
        # A click's req_id takes nothing but the update of its card, so it is no way for an answer.
        return _robot_click(event["template_card_event"], common)
    common["route"]["req_id"] = req_id
    return _robot_message(body, kind, robot_name, common)


def _robot_common(body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    user = body["from"]["userid"]
    in_group = body.get("chattype") == "group"
    chat_id = body["chatid"] if in_group else user
    created = body.get("create_time")
    return {
        "event_id": f"wecom:robot:{body['msgid']}",
        "at": datetime.fromtimestamp(int(created), UTC) if created else now,
        "sender": Account(PlatformName.WECOM, user),
        "conversation": Conversation(
            PlatformName.WECOM, chat_id, ChatKind.GROUP if in_group else ChatKind.PRIVATE
        ),
        "route": {"via": "robot", "chat_id": chat_id, "response_url": body.get("response_url") or ""},
    }


def _robot_click(pressed: Mapping[str, Any], common: dict[str, Any]) -> Click:
    selected = (pressed.get("selected_items") or {}).get("selected_item")
    return Click(
        **common,
        # The official tables and samples spell these two differently.
        action=pressed.get("event_key") or pressed.get("eventkey") or "",
        card_ref=pressed.get("task_id") or pressed.get("taskid") or "",
        fields={
            item["question_key"]: ",".join(_as_list((item.get("option_ids") or {}).get("option_id")))
            for item in _as_list(selected)
        },
    )


def _robot_message(body: Mapping[str, Any], kind: str, robot_name: str, common: dict[str, Any]) -> Message:
    text = " ".join(_texts(body, kind))
    quote = _quote(body.get("quote"))
    if kind == "file" and (body.get("file") or {}).get("url"):
        sent = body["file"]
        return Message(
            **common,
            kind=MessageKind.FILE,
            attachment=Attachment(code=str(sent["url"]), key=str(sent.get("aeskey") or "")),
        )
    if not text.strip() and kind != "text":
        what = UNREADABLE.get(kind, _NO_TEXT)
        return Message(**common, kind=MessageKind.UNREADABLE, unreadable=what, quote=quote)
    spoken = MessageKind.VOICE if kind == "voice" else MessageKind.TEXT
    return Message(**common, text=without_mention(text, robot_name), kind=spoken, quote=quote)


def without_mention(text: str, robot_name: str) -> str:
    """The text without the first `@name` of the robot and the white space after it, of whatever kind."""
    return re.sub(rf"@{re.escape(robot_name)}(?:\s+|$)", "", text, count=1).strip()


def _texts(body: Mapping[str, Any], kind: str) -> Iterator[str]:
    """The readable parts of a message: text, the transcript of a voice, the text of a mixed message."""
    if kind in {"text", "voice"}:
        yield (body.get(kind) or {}).get("content") or ""
    elif kind == "mixed":
        for item in body["mixed"]["msg_item"]:
            if item["msgtype"] == "text":
                yield item["text"]["content"]


def _quote(quoted: Mapping[str, Any] | None) -> Quote | None:
    if not quoted:
        return None
    return Quote(text=" ".join(_texts(quoted, quoted.get("msgtype", ""))))


def _as_list(value: Any) -> list[Any]:
    """None, one or many: an XML parser gives a list only where there are two."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
