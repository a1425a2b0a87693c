"""The payload of a message to the bot: what somebody says, as the stream's `data`. Pure.

Mentions vanish from a text and leave only spaces; who was mentioned stands in `atUsers`, in no reliable order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.fake_dingtalk.world import Group, Person, World
from sandbox.transcript import BOT, Bubble

NOT_IN_GROUPS = frozenset({"audio", "file", "video"})
"""What a bot cannot receive in a group."""
KINDS = {"voice": "audio", "image": "picture", "rich": "richText"}
"""The transcript's kinds as the wire names them."""
_QUOTED = {"text": "text", "markdown": "markdown", "card": "interactiveCard", "action_card": "actionCard"}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says: `kind` is the wire's msgtype."""

    person: Person
    text: str
    kind: str = "text"
    group: Group | None = None
    mentions: Sequence[Person] = ()
    quoted: Bubble | None = None
    voice_text: str = ""


def message(world: World, said: Said, msg_id: str, webhook: tuple[str, int]) -> dict[str, Any]:
    """`webhook` is its address and its expiry in ms."""
    return _envelope(world, said, msg_id) | {
        "sessionWebhook": webhook[0],
        "sessionWebhookExpiredTime": webhook[1],
        "msgtype": said.kind,
        **_body(world, said),
    }


def quota_exhausted(world: World, said: Said, msg_id: str) -> dict[str, Any]:
    """What comes instead of a message when the month's pushes are used up: no text, no content."""
    return _envelope(world, said, msg_id) | {
        "msgtype": "text",
        "errCode": 20001,
        "errMsg": "组织本月的 Webhook 与 Stream 推送次数已用完",
    }


def _envelope(world: World, said: Said, msg_id: str) -> dict[str, Any]:
    person, group = said.person, said.group
    data: dict[str, Any] = {
        "conversationId": group.conversation_id if group else world.private_id(person.user_id),
        "conversationType": "2" if group else "1",
        "msgId": msg_id,
        "senderId": person.dingtalk_id,
        "senderNick": person.name,
        "chatbotUserId": world.bot_id,
        "chatbotCorpId": world.corp_id,
        "robotCode": world.robot_code,
        "isAdmin": False,
        "senderPlatform": "Mac",
        "createAt": world.millis(),
    }
    data["openThreadId"] = data["conversationId"]
    if person.in_org:
        data |= {"senderStaffId": person.user_id, "senderCorpId": world.corp_id}
    if group:
        data |= {"conversationTitle": group.title, "isInAtList": True, "atUsers": _mentioned(world, said)}
    return data


def _mentioned(world: World, said: Said) -> list[dict[str, str]]:
    entries = [{"dingtalkId": world.bot_id}]
    for person in said.mentions:
        entry = {"dingtalkId": person.dingtalk_id}
        entries.append(entry | {"staffId": person.user_id} if person.in_org else entry)
    return entries


def _body(world: World, said: Said) -> dict[str, Any]:
    code = {"downloadCode": world.new_id("code-")}
    if said.kind == "text":
        return {"text": {"content": _stripped(world, said), **_reply(world, said)}, **_originals(said)}
    if said.kind == "richText":
        items = [{"text": said.text}, {"type": "picture", "pictureDownloadCode": "p", **code}]
        return {"content": {"richText": items}}
    if said.kind == "picture":
        return {"content": {"pictureDownloadCode": "p", **code}}
    if said.kind == "audio":
        return {"content": {"duration": 3000, "recognition": said.voice_text or said.text, **code}}
    if said.kind == "video":
        return {"content": {"duration": 3000, "videoType": "mp4", **code}}
    if said.kind == "file":
        return {"content": {"spaceId": "1", "fileId": "2", "fileName": said.text or "表.xlsx", **code}}
    return {"content": {}}


def _stripped(world: World, said: Said) -> str:
    """The text as the bot gets it: in a group each mention has become a space."""
    text = said.text
    if said.group is None:
        return text
    for name in (world.bot_name, *(person.name for person in said.mentions)):
        text = text.replace(f"@{name}", " ")
    return f" {text}"


def _reply(world: World, said: Said) -> dict[str, Any]:
    quoted = said.quoted
    if quoted is None:
        return {}
    kind = _QUOTED.get(quoted.kind, "unknownMsgType")
    sender = world.people.get(quoted.author)
    replied: dict[str, Any] = {
        "msgType": kind,
        "msgId": f"msg{quoted.id}",
        "senderId": world.bot_id if quoted.author == BOT or sender is None else sender.dingtalk_id,
        "createdAt": int(quoted.at.timestamp() * 1000),
    }
    if kind in {"text", "markdown"}:
        replied["content"] = {"text": quoted.text}
    return {"isReplyMsg": True, "repliedMsg": replied}


def _originals(said: Said) -> dict[str, str]:
    """What a quote tells beside the words: for what came through an API also its processQueryKey."""
    if said.quoted is None:
        return {}
    told = {"originalMsgId": f"msg{said.quoted.id}"}
    key = said.quoted.content.get("processQueryKey")
    return told | {"originalProcessQueryKey": str(key)} if key else told
