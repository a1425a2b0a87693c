"""From a frame to what somebody did. Pure: nothing here waits, sends or reads a clock.

The package's `ChatbotMessage` reads the envelope. It is given only the fields it cannot stumble over; bodies it drops
(voice, files) and card callbacks, of which it drops half, are read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dingtalk_stream import ChatbotMessage

from bot.dingtalk.frames import BOT_TOPIC, CARD_TOPIC
from chat.directory import Change, ChangeKind
from chat.events import (
    Account,
    Attachment,
    ChatKind,
    Click,
    Conversation,
    Message,
    MessageKind,
    PlatformName,
    Quote,
)

DINGTALK = PlatformName.DINGTALK
QUOTA_EXHAUSTED = 20001

_ENVELOPE = frozenset(
    {
        "sessionWebhook",
        "senderNick",
        "sessionWebhookExpiredTime",
        "msgId",
        "chatbotUserId",
        "conversationId",
        "createAt",
        "conversationType",
        "conversationTitle",
        "senderStaffId",
        "atUsers",
    }
)
_GROUP = "2"
_LEADING_MENTION = re.compile(r"\s*@\S+(?:\s+|$)")
_UNREADABLE = {
    "picture": "图片",
    "audio": "语音",
    "video": "视频",
    "file": "文件",
    "interactiveCard": "卡片",
    "chatRecord": "聊天记录",
    "location": "位置",
}
_UNKNOWN = "这种消息"


@dataclass(frozen=True, slots=True)
class QuotaExhausted:
    """The organisation's pushes of this month are used up: a message came without its words."""

    sender: Account
    reason: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """A frame that asks for nothing, or that cannot be read."""

    reason: str


_PERSON_CHANGED = frozenset({"user_add_org", "user_modify_org", "user_leave_org", "user_active_org"})
_UNIT_CHANGED = frozenset({"org_dept_create", "org_dept_modify", "org_dept_remove"})

Heard = Message | Click | QuotaExhausted | Ignored
CardOf = Callable[[str, str], str]
"""From the platform's key of a sent message, and who quotes it, to our own reference of the card, empty where it is not known."""


def read(frame: Mapping[str, Any], card_of: CardOf = lambda _key, _user_id: "") -> Heard:
    """What a CALLBACK frame means. Never raises."""
    try:
        headers = frame["headers"]
        data = json.loads(frame["data"])
        if headers["topic"] == BOT_TOPIC:
            return _message(data, headers, card_of)
        if headers["topic"] == CARD_TOPIC:
            return _click(data, headers)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return Ignored(f"malformed: {type(error).__name__}")
    return Ignored(f"topic {headers['topic']}")


def changes_in(frame: Mapping[str, Any]) -> tuple[Change, ...]:
    """Who and what an EVENT frame says has changed in the directory; nothing for every other event. Never raises."""
    try:
        kind = frame["headers"].get("eventType")
        data = json.loads(frame["data"])
        if kind in _PERSON_CHANGED:
            what, keys = ChangeKind.PERSON, data.get("userId") or data.get("UserId")
        elif kind in _UNIT_CHANGED:
            what, keys = ChangeKind.UNIT, data.get("deptId") or data.get("DeptId")
        else:
            return ()
        several = keys if isinstance(keys, list) else [keys]
        return tuple(Change(what, DINGTALK, str(key)) for key in several if key)
    except (KeyError, TypeError, ValueError, AttributeError):
        return ()


# --- a message --------------------------------------------------------------------------------------


def _message(data: Mapping[str, Any], headers: Mapping[str, Any], card_of: CardOf) -> Heard:
    code = data.get("errCode") or data.get("errorCode")
    if code:
        return _without_words(data, int(code))
    told = ChatbotMessage.from_dict(
        {name: value for name, value in data.items() if name in _ENVELOPE and value}
    )
    if not told.message_id:
        return Ignored("a message without an id")
    sender = Account(DINGTALK, told.sender_staff_id or "", told.sender_nick or "")
    kind, text, unreadable = _words(data)
    return Message(
        event_id=f"dingtalk:{told.message_id}",
        at=_moment(told.create_at or headers.get("time")),
        sender=sender,
        conversation=_conversation(told, sender),
        route=_route(told),
        text=text,
        kind=kind,
        mentions=_mentions(told),
        quote=_quote(data, sender, card_of),
        unreadable=unreadable,
        attachment=_attachment(data) if kind is MessageKind.FILE else None,
    )


def _without_words(data: Mapping[str, Any], code: int) -> QuotaExhausted | Ignored:
    reason = f"{code} {data.get('errMsg') or data.get('errorMessage') or ''}".strip()
    if code != QUOTA_EXHAUSTED:
        return Ignored(reason)
    sender = Account(DINGTALK, data.get("senderStaffId") or "", data.get("senderNick") or "")
    return QuotaExhausted(sender, reason)


def _conversation(told: ChatbotMessage, sender: Account) -> Conversation:
    """A private chat is known by the person's own id, since a pressed card does not tell any other."""
    if told.conversation_type == _GROUP:
        return Conversation(DINGTALK, told.conversation_id, ChatKind.GROUP, told.conversation_title or "")
    return Conversation(DINGTALK, sender.user_id or told.conversation_id, ChatKind.PRIVATE)


def _route(told: ChatbotMessage) -> dict[str, str]:
    """`webhook` with its end `webhook_until` in ms, `conversation`, `kind`, and `user` for members of the company."""
    route = {
        "conversation": told.conversation_id,
        "kind": str(ChatKind.GROUP if told.conversation_type == _GROUP else ChatKind.PRIVATE),
    }
    if told.sender_staff_id:
        route["user"] = told.sender_staff_id
    if told.session_webhook:
        route["webhook"] = told.session_webhook
        route["webhook_until"] = str(told.session_webhook_expired_time or 0)
    return route


def _mentions(told: ChatbotMessage) -> tuple[Account, ...]:
    """Everybody mentioned but the bot, which is known by its id or, where ids do not agree, by having no staffId."""
    at_users = told.at_users
    knows_bot = any(user.dingtalk_id == told.chatbot_user_id for user in at_users)
    return tuple(
        Account(DINGTALK, user.staff_id or "")
        for user in at_users
        if user.dingtalk_id != told.chatbot_user_id and (user.staff_id or knows_bot)
    )


def _words(data: Mapping[str, Any]) -> tuple[MessageKind, str, str]:
    """Kind, text, and what it was where it cannot be read."""
    kind = data.get("msgtype")
    body = data.get("text" if kind == "text" else "content")
    body = body if isinstance(body, dict) else {}
    text = ""
    if kind == "text":
        text = str(body.get("content") or "").strip()
        return MessageKind.TEXT, text, ""
    if kind == "richText":
        text = _rich(body.get("richText"))
        if data.get("isInAtList"):
            # Unlike in a plain text the bot's name stays among the words.
            text = _LEADING_MENTION.sub("", text, count=1)
        return (MessageKind.TEXT, text, "") if text else (MessageKind.UNREADABLE, "", "图片")
    if kind == "audio" and (text := str(body.get("recognition") or "").strip()):
        return MessageKind.VOICE, text, ""
    if kind == "file" and body.get("downloadCode"):
        return MessageKind.FILE, "", ""
    return MessageKind.UNREADABLE, "", _UNREADABLE.get(str(kind), _UNKNOWN)


def _attachment(data: Mapping[str, Any]) -> Attachment:
    body = data["content"]
    return Attachment(name=str(body.get("fileName") or "")[:120], code=str(body["downloadCode"]))


def _rich(items: Any) -> str:
    """The words of a rich text; pictures and mentions between them are left out."""
    pieces = [item.get("text") for item in items or () if isinstance(item, dict)]
    return "".join(piece for piece in pieces if isinstance(piece, str)).strip()


def _quote(data: Mapping[str, Any], sender: Account, card_of: CardOf) -> Quote | None:
    text = data.get("text")
    replied = text.get("repliedMsg") if isinstance(text, dict) else None
    if not isinstance(replied, dict):
        return None
    content = replied.get("content")
    if isinstance(content, dict):
        content = content.get("text") or content.get("content") or _rich(content.get("richText"))
    key = data.get("originalProcessQueryKey")
    return Quote(
        text=content.strip() if isinstance(content, str) else "",
        card_ref=card_of(str(key), sender.user_id) if key else "",
    )


# --- a pressed button -------------------------------------------------------------------------------


def _click(data: Mapping[str, Any], headers: Mapping[str, Any]) -> Click | Ignored:
    """The public templates bring back the button's id, its params, or both: either is enough.

    The event's id carries the frame's messageId, since two presses of one button on an unchanged card differ in nothing
    else. A repeat under another messageId is recognised by the gateway, which knows what it left unanswered.
    """
    user_id, ref = data["userId"], data["outTrackId"]
    content = json.loads(data.get("content") or data.get("value") or "{}")
    pressed = content.get("cardPrivateData") or {}
    params = pressed.get("params") or {}
    action = params.get("action") or next(iter(pressed.get("actionIds") or ()), "")
    if not (isinstance(action, str) and action and user_id and ref):
        return Ignored("a card callback without an action")
    place = _pressed_in(data, user_id)
    return Click(
        event_id=f"dingtalk:click:{headers['messageId']}:{ref}",
        at=_moment(headers.get("time")),
        sender=Account(DINGTALK, user_id),
        conversation=place,
        route={"conversation": place.id, "kind": str(place.kind), "user": user_id},
        action=action,
        card_ref=ref,
        fields=_fields(params),
    )


def _fields(params: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in: the values of a form, or whatever else stands beside the action."""
    form = params.get("form")
    filled = form if isinstance(form, dict) else params
    return {name: _plain(value) for name, value in filled.items() if name != "action"}


def _pressed_in(data: Mapping[str, Any], user_id: str) -> Conversation:
    """Where the card stands. Where that is not told, the presser's own chat: nothing private gets into a group."""
    space = str(data.get("spaceId") or "").rpartition(".")[2]
    if data.get("spaceType") == "IM_GROUP" and space:
        return Conversation(DINGTALK, space, ChatKind.GROUP)
    return Conversation(DINGTALK, user_id, ChatKind.PRIVATE)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _moment(millis: Any) -> datetime:
    return datetime.fromtimestamp(int(millis) / 1000, UTC)
