"""Posting into groups without hearing them: the app's own groups (appchat) and the webhook robot.

Sources: developer.work.weixin.qq.com 90244, 90245, 90248 (appchat), 91770 (webhook).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.fake_wecom.cards import WEBHOOK, refusal
from sandbox.fake_wecom.drawing import cut, drawn_message
from sandbox.fake_wecom.world import Group, Quota, World, answered

_APPCHAT = frozenset({"text", "markdown", "textcard", "news", "image", "voice", "video", "file"})
_WEBHOOK = frozenset({"text", "markdown", "markdown_v2", "image", "news", "file", "voice", "template_card"})
_CHAT_ID = re.compile(r"[0-9A-Za-z]{1,32}")


class Posts:
    def __init__(self, world: World) -> None:
        self._world = world
        self._own: set[str] = set()
        self._webhooks: dict[str, str] = {}
        self._webhook_quota = Quota(20, 20 * 60)

    def add_webhook(self, key: str, chat_id: str) -> None:
        self._webhooks[key] = chat_id

    def create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        chat_id = body.get("chatid") or self._world.new_id("appchat")
        members = body.get("userlist", [])
        if not _CHAT_ID.fullmatch(chat_id):
            return answered(86001)
        if chat_id in self._own:
            return answered(86003)
        if not 2 <= len(members) <= 2000:
            return answered(86215)
        if any(self._world.person(member) is None for member in members):
            return answered(86216)
        self._own.add(chat_id)
        self._world.groups[chat_id] = Group(chat_id, body.get("name", ""), tuple(members))
        return answered(chatid=chat_id)

    def update(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if code := self._refusal(str(body.get("chatid", ""))):
            return answered(code)
        group = self._world.groups[body["chatid"]]
        gone = set(body.get("del_user_list", []))
        members = [member for member in group.members if member not in gone] + body.get("add_user_list", [])
        self._world.groups[group.chat_id] = Group(
            group.chat_id, body.get("name", group.title), tuple(dict.fromkeys(members))
        )
        return answered()

    def get(self, query: Mapping[str, str]) -> dict[str, Any]:
        if code := self._refusal(query.get("chatid", "")):
            return answered(code)
        group = self._world.groups[query["chatid"]]
        chat = {"chatid": group.chat_id, "name": group.title, "owner": group.members[0]}
        return answered(chat_info={**chat, "userlist": list(group.members)})

    def send(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """No cards here: neither to be pressed nor to be read."""
        if code := self._refusal(str(body.get("chatid", ""))):
            return answered(code)
        return self._post(body["chatid"], body, _APPCHAT)

    def webhook(self, query: Mapping[str, str], body: Mapping[str, Any]) -> dict[str, Any]:
        key = query.get("key", "")
        if key not in self._webhooks:
            return answered(93000)
        if self._world.faults.quotas and not self._webhook_quota.take(key, self._world.clock.now()):
            return answered(45009)
        if body.get("msgtype") == "template_card" and (code := refusal(body.get("template_card"), WEBHOOK)):
            return answered(code)
        return self._post(self._webhooks[key], body, _WEBHOOK)

    def _post(self, chat_id: str, body: Mapping[str, Any], kinds: frozenset[str]) -> dict[str, Any]:
        kind = body.get("msgtype")
        if kind not in kinds:
            return answered(40008)
        content = body.get(kind)
        if not isinstance(content, Mapping):
            return answered(40058)
        if kind == "text" and not content.get("content"):
            return answered(44004)
        drawn = drawn_message(body)
        if kind == "markdown":
            drawn["text"] = cut(drawn["text"], 4096)
        mentions = tuple(content.get("mentioned_list", ()))
        self._world.from_bot(chat_id, mentions=mentions, **drawn)
        return answered()

    def _refusal(self, chat_id: str) -> int:
        if chat_id in self._own:
            return 0
        return 86008 if chat_id in self._world.groups else 86001
