"""The robot's chats, whichever way it is connected: what it is sent, and what it may show where.

Sources: developer.work.weixin.qq.com 100719, 101027 (sent), 101031, 101032, 101463 (shown).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.fake_wecom.cards import ROBOT, refusal
from sandbox.fake_wecom.drawing import drawn_card, drawn_message
from sandbox.fake_wecom.media import KINDS, Media
from sandbox.fake_wecom.world import Quota, World
from sandbox.transcript import Bubble

LONGEST = 20480
"""Bytes of Markdown or of a stream."""


@dataclass(frozen=True, slots=True)
class Robot:
    """By `bot_id` and `secret` on a WebSocket, or by `token` and `aes_key` at a callback address."""

    name: str = "OKR助手"
    bot_id: str = "aib-okr"
    secret: str = ""
    token: str = ""
    aes_key: str = ""


def private_id(user_id: str) -> str:
    return f"robot:{user_id}"


class RobotChats:
    def __init__(self, world: World, robot: Robot, media: Media) -> None:
        self._world = world
        self._media = media
        self.robot = robot
        self._quota = Quota(30, 1000)
        self._task_ids: set[str] = set()
        self._streams: dict[str, str] = {}
        self.used: set[str] = set()
        """Groups and (in lower case) people that have written to the robot: only they can be pushed to."""

    # --- what the robot is sent -----------------------------------------------------------------

    def message(
        self, user_id: str, group: str | None, kind: str, content: Mapping[str, Any], quotes: Bubble | None
    ) -> dict[str, Any]:
        body = self._body(user_id, group, "msg")
        body |= {"msgtype": kind, kind: content}
        if quotes is not None:
            words = "\n".join(part for part in (quotes.title, quotes.text) if part)
            body["quote"] = {"msgtype": "text", "text": {"content": words}}
        self.used.add(group or user_id.lower())
        return body

    def event(self, user_id: str, group: str | None, event: Mapping[str, Any]) -> dict[str, Any]:
        body = self._body(user_id, group, "event")
        created = int(self._world.clock.now().timestamp())
        return {**body, "create_time": created, "msgtype": "event", "event": event}

    def pressed(self, user_id: str, group: str | None, bubble: Bubble, key: str) -> dict[str, Any]:
        card_type = bubble.seen_by(user_id).content.get("card_type", "")
        click = {"card_type": card_type, "event_key": key, "task_id": bubble.card_ref}
        event = {"eventtype": "template_card_event", "template_card_event": click}
        return self.event(user_id, group, event)

    def _body(self, user_id: str, group: str | None, prefix: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "msgid": self._world.new_id(f"{prefix}-{int(self._world.clock.now().timestamp())}-"),
            "aibotid": self.robot.bot_id,
            "chattype": "group" if group else "single",
            "from": {"userid": self._world.spelled(user_id)},
        }
        if group:
            body["chatid"] = group
        return body

    # --- what it shows --------------------------------------------------------------------------

    def conversation(self, chat_id: str) -> str:
        """Where a chat stands in the transcript: a group by its id, a person's private chat by theirs."""
        if chat_id in self._world.groups:
            return chat_id
        person = self._world.person(chat_id)
        return private_id(person.user_id if person else chat_id)

    def show(self, chat_id: str, message: Mapping[str, Any], allowed: frozenset[str]) -> int:
        """Put a message into a chat. Returns an error code, or 0."""
        kind = str(message.get("msgtype"))
        content = message.get(kind)
        if kind not in allowed:
            return 40008
        if not isinstance(content, Mapping):
            return 40058
        if code := self._content_refusal(kind, content):
            return code
        conversation = self.conversation(chat_id)
        if self._world.faults.quotas and not self._quota.take(conversation, self._world.clock.now()):
            return 45009
        if kind == "stream":
            return self._stream(conversation, content)
        card_ref = content.get("task_id", "") if kind == "template_card" else ""
        if card_ref:
            self._task_ids.add(card_ref)
        self._world.from_bot(conversation, card_ref=card_ref, **drawn_message(message))
        return 0

    def redraw(self, bubble: Bubble, update: Mapping[str, Any]) -> int:
        """The answer to a click: for everybody, or for the people it names. Returns an error code, or 0."""
        if update.get("response_type") != "update_template_card":
            return 40058
        card = update.get("template_card")
        if code := refusal(card, ROBOT, update=True):
            return code
        if not isinstance(card, Mapping) or card.get("task_id") != bubble.card_ref:
            return 42014
        drawn = drawn_card(card)
        named = update.get("userids")
        if named is None:
            self._world.transcript.change(bubble.id, faces={}, **drawn)
            return 0
        faces = dict(bubble.faces)
        for user in named:
            if person := self._world.person(user):
                seen = bubble.seen_by(person.user_id)
                faces[person.user_id] = replace(seen, edited=True, faces={}, **drawn)
        self._world.transcript.change(bubble.id, faces=faces)
        return 0

    def _content_refusal(self, kind: str, content: Mapping[str, Any]) -> int:
        if kind == "template_card":
            code = refusal(content, ROBOT)
            return code or (42014 if content.get("task_id") in self._task_ids else 0)
        if kind in KINDS:
            return self._media.refusal("robot", kind, content)
        words = content.get("content", "")
        if kind in {"text", "markdown"} and not words:
            return 44004
        return 40058 if len(words.encode()) > LONGEST or (kind == "stream" and not content.get("id")) else 0

    def _stream(self, conversation: str, stream: Mapping[str, Any]) -> int:
        """The first frame is a new bubble, every further one replaces its text. Returns an error code, or 0."""
        code, pictures = self._media.items(stream)
        if code:
            return code
        shown = {**stream, "pictures": pictures}
        key = f"{conversation}/{stream['id']}"
        if key in self._streams:
            drawn = drawn_message({"msgtype": "stream", "stream": shown})
            self._world.transcript.change(self._streams[key], **drawn)
            return 0
        bubble = self._world.from_bot(conversation, **drawn_message({"msgtype": "stream", "stream": shown}))
        self._streams[key] = bubble.id
        return 0
