"""The payload of a message to the bot: what somebody says, as the stream's `data`.

Mentions vanish from a text and leave only spaces; who was mentioned stands in `atUsers`, in no reliable order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.fake_dingtalk.world import Group, Person, World
from sandbox.transcript import BOT, Bubble
from sandbox.uploads import Sent

NOT_IN_GROUPS = frozenset({"audio", "file", "video"})
"""What a bot cannot receive in a group."""
KINDS = {"voice": "audio", "image": "picture", "rich": "richText"}
"""The transcript's kinds as the wire names them; the others are named the same."""
SHOWN = {"audio": "voice", "picture": "image", "richText": "text"}
"""The wire's kinds as the transcript names them."""
_QUOTED = {"text": "text", "markdown": "markdown", "card": "interactiveCard", "action_card": "actionCard"}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says: `text` as it stands in the chat, `kind` the wire's msgtype."""

    person: Person
    text: str
    kind: str = "text"
    group: Group | None = None
    mentions: Sequence[Person] = ()
    quoted: Bubble | None = None
    content: bytes = b""
    """Of a file, whose name is the text."""


def typed(world: World, text: str, mentions: Sequence[Person], *, at_bot: bool) -> str:
    """The text as it stands in a group, with every mention in it: `@OKR助手 @李四 看看KR2`."""
    names = [world.bot_name] if at_bot else []
    names += [person.name for person in mentions]
    missing = [f"@{name}" for name in dict.fromkeys(names) if f"@{name}" not in text]
    return " ".join([*missing, text]) if text else " ".join(missing)


def message(
    world: World, said: Said, bubble_id: str, now: datetime, webhook: tuple[str, int]
) -> dict[str, Any]:
    """`webhook` is its address and its expiry in ms."""
    return _envelope(world, said, bubble_id, now) | {
        "sessionWebhook": webhook[0],
        "sessionWebhookExpiredTime": webhook[1],
        "msgtype": said.kind,
        **_body(world, said),
        **_originals(world, said),
    }


def quota_exhausted(world: World, said: Said, bubble_id: str, now: datetime) -> dict[str, Any]:
    """What comes in place of a message when the month's pushes are used up: no text, no content."""
    code, words = world.faults.exhausted_fields
    return _envelope(world, said, bubble_id, now) | {
        "msgtype": said.kind,
        code: 20001,
        words: "组织本月的 Webhook 与 Stream 推送次数已用完",
    }


def _envelope(world: World, said: Said, bubble_id: str, now: datetime) -> dict[str, Any]:
    person, group = said.person, said.group
    place = group.conversation_id if group else world.private_id(person.user_id)
    data: dict[str, Any] = {
        "conversationId": place,
        "openThreadId": place,
        "conversationType": "2" if group else "1",
        "msgId": world.message_id(bubble_id),
        "senderId": person.dingtalk_id,
        "senderNick": person.name,
        "senderPlatform": "Mac",
        "chatbotUserId": world.bot_id,
        "chatbotCorpId": world.corp_id,
        "robotCode": world.robot_code,
        "createAt": int(now.timestamp() * 1000),
    }
    if person.in_org:
        data["senderCorpId"] = world.corp_id
        if not world.faults.unpublished:
            data |= {"senderStaffId": person.user_id, "isAdmin": person.admin}
    if group:
        data |= {"conversationTitle": group.title, "isInAtList": True, "atUsers": _mentioned(world, said)}
    return data


def _mentioned(world: World, said: Said) -> list[dict[str, str]]:
    """The bot, and colleagues in an order that says nothing about the text's."""
    entries = [{"dingtalkId": world.bot_id}]
    for person in sorted(said.mentions, key=lambda one: one.dingtalk_id):
        entry = {"dingtalkId": person.dingtalk_id}
        named = person.in_org and not world.faults.unpublished
        entries.append(entry | {"staffId": person.user_id} if named else entry)
    return entries


def _body(world: World, said: Said) -> dict[str, Any]:
    code = {"downloadCode": _kept(world, said)}
    if said.kind == "text":
        return {"text": {"content": _stripped(world, said), **_reply(world, said)}}
    if said.kind == "richText":
        items = [{"text": said.text}, {"type": "picture", "pictureDownloadCode": "p", **code}]
        return {"content": {"richText": items}}
    if said.kind == "picture":
        return {"content": {"pictureDownloadCode": "p", **code}}
    if said.kind == "audio":
        return {"content": {"duration": 3000, "recognition": said.text, **code}}
    if said.kind == "video":
        return {"content": {"duration": 3000, "videoType": "mp4", **code}}
    if said.kind == "file":
        return {"content": {"spaceId": "1", "fileId": "2", "fileName": said.text or "表.xlsx", **code}}
    return {"content": {}}


def _kept(world: World, said: Said) -> str:
    """The code by which what was sent can be fetched for a while; of a text there is nothing to fetch."""
    code = world.new_id("code-")
    if said.kind != "text":
        world.sent[code] = Sent(said.text or "表.xlsx", said.content, world.clock.now())
    return code


def _stripped(world: World, said: Said) -> str:
    """The text as the bot gets it: of a mention only the space after it is left."""
    if said.group is None:
        return said.text
    text = said.text
    names = [world.bot_name, *(person.name for person in said.mentions)]
    for name in sorted(names, key=len, reverse=True):  # 李四光 before 李四
        text = text.replace(f"@{name}", "")
    return text


def _reply(world: World, said: Said) -> dict[str, Any]:
    quoted = said.quoted
    if quoted is None:
        return {}
    kind = _QUOTED.get(quoted.kind, "unknownMsgType")
    sender = world.bot_id if quoted.author == BOT else world.people[quoted.author].dingtalk_id
    replied: dict[str, Any] = {
        "msgType": kind,
        "msgId": world.message_id(quoted.id),
        "senderId": sender,
        "createdAt": int(quoted.at.timestamp() * 1000),
    }
    if kind in {"text", "markdown"}:
        replied["content"] = {"text": quoted.text}
    return {"isReplyMsg": True, "repliedMsg": replied}


def _originals(world: World, said: Said) -> dict[str, str]:
    """What a quote tells beside the words: for what came through an API also its processQueryKey."""
    if said.quoted is None:
        return {}
    told = {"originalMsgId": world.message_id(said.quoted.id)}
    keys = [key for key, bubbles in world.carriers.items() if said.quoted.id in bubbles]
    return told | {"originalProcessQueryKey": keys[0]} if keys else told
