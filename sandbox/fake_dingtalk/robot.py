"""What the robot may send: by the webhook of a session, to single people, into a group; and taking it back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from sandbox.fake_dingtalk import drawing
from sandbox.fake_dingtalk.gate import Gate
from sandbox.fake_dingtalk.media import Media
from sandbox.fake_dingtalk.refusals import Refused, RefusedLegacy, legacy_ok
from sandbox.fake_dingtalk.world import World

SESSION_LIVES = timedelta(minutes=90)
MOST_USERS = 20
MOST_BYTES = 15_000
RECALLABLE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Session:
    """A webhook: where it posts, and until when."""

    conversation_id: str
    until: datetime


class Robot:
    def __init__(self, world: World, gate: Gate, media: Media) -> None:
        self._world = world
        self._gate = gate
        self._media = media
        self._sessions: dict[str, Session] = {}

    def routes(self) -> list[web.RouteDef]:
        new, legacy = self._gate.new, self._gate.legacy
        return [
            web.post("/robot/sendBySession", legacy(self._by_session, token=False)),
            web.post("/v1.0/robot/oToMessages/batchSend", new(self._to_people)),
            web.post("/v1.0/robot/groupMessages/send", new(self._to_group)),
            web.post("/v1.0/robot/otoMessages/batchRecall", new(self._recall)),
            web.post("/v1.0/robot/groupMessages/recall", new(self._recall_from_group)),
        ]

    def session(self, conversation_id: str, since: datetime) -> tuple[str, int]:
        """The webhook that comes with a message said at `since`, and its expiry in ms."""
        key, until = secrets.token_hex(12), since + SESSION_LIVES
        self._sessions[key] = Session(conversation_id, until)
        return f"{self._world.base_url}/robot/sendBySession?session={key}", int(until.timestamp() * 1000)

    async def _by_session(self, request: web.Request, body: Any) -> dict[str, Any]:
        world = self._world
        session = self._sessions.get(request.query.get("session", ""))
        if session is None:
            raise RefusedLegacy(300001, "session.notExisted")
        if world.clock.now() >= session.until:
            raise RefusedLegacy(300001, "session.expired")
        try:
            drawn = drawing.session_message(body)
        except Refused as refused:
            raise RefusedLegacy(int(refused.code), refused.message) from None
        self._media.check(drawn)
        drawn["mentions"] = self._mentioned(body.get("at") or {})
        drawn["text"] = self._named(drawn["text"], drawn["mentions"])
        if world.limits.webhook_counts and not world.spend_push():
            raise RefusedLegacy(20001, "组织本月的 Webhook 与 Stream 推送次数已用完")
        world.from_bot(session.conversation_id, **drawn)
        return legacy_ok()

    def _mentioned(self, at: Mapping[str, Any]) -> tuple[str, ...]:
        ids = at.get("atUserIds") or []
        if not all(isinstance(user_id, str) and user_id for user_id in ids):
            raise RefusedLegacy(40035, "atUserIds holds something that is no id")
        return tuple(user_id for user_id in ids if user_id in self._world.people)

    def _named(self, text: str, mentioned: tuple[str, ...]) -> str:
        for user_id in mentioned:
            text = text.replace(f"@{user_id}", f"@{self._world.people[user_id].name}")
        return text

    async def _to_people(self, _request: web.Request, body: Any) -> dict[str, Any]:
        drawn = self._drawn(body)
        user_ids = body["userIds"]
        if not isinstance(user_ids, list) or not user_ids:
            raise Refused("invalidParameter.userIds.empty")
        if len(user_ids) > MOST_USERS:
            raise Refused("invalidParameter.userIds.overMax")
        known = [user_id for user_id in user_ids if self._world.reachable(user_id)]
        slowed = [user_id for user_id in known if user_id in self._world.faults.flow_controlled]
        key = self._world.new_id("pqk-")
        for user_id in known:
            if user_id not in slowed:
                self._world.from_bot(self._world.private_id(user_id), carrier=key, **drawn)
        return {
            "processQueryKey": key,
            "invalidStaffIdList": [user_id for user_id in user_ids if user_id not in known],
            "flowControlledStaffIdList": slowed,
        }

    async def _to_group(self, _request: web.Request, body: Any) -> dict[str, Any]:
        drawn = self._drawn(body)
        conversation_id = body["openConversationId"]
        group = self._world.groups.get(conversation_id)
        if group is None or not group.has_bot:
            raise Refused("invalidParameter.openConversationId.invalid")
        key = self._world.new_id("pqk-")
        self._world.from_bot(conversation_id, carrier=key, **drawn)
        return {"processQueryKey": key}

    def _drawn(self, body: Any) -> dict[str, Any]:
        if body["robotCode"] != self._world.robot_code:
            raise Refused("robot.oto.notExist", "no such robotCode")
        packed = body["msgParam"]
        if not isinstance(packed, str):
            raise Refused("invalidParameter.msgParam.invalid", "msgParam is a JSON string")
        if len(packed.encode()) > MOST_BYTES:
            raise Refused("invalidParameter.msgParam.tooLong")
        try:
            param = json.loads(packed)
        except ValueError:
            raise Refused("invalidParameter.msgParam.invalid", "msgParam is a JSON string") from None
        if not isinstance(param, dict):
            raise Refused("invalidParameter.msgParam.invalid")
        drawn = drawing.sample(body["msgKey"], param)
        self._media.check(drawn)
        return drawn

    async def _recall(self, _request: web.Request, body: Any) -> dict[str, Any]:
        return self._taken_back(body, in_place=lambda place: place not in self._world.groups)

    async def _recall_from_group(self, _request: web.Request, body: Any) -> dict[str, Any]:
        wanted = body["openConversationId"]
        return self._taken_back(body, in_place=lambda place: place == wanted)

    def _taken_back(self, body: Any, *, in_place: Callable[[str], bool]) -> dict[str, Any]:
        if body["robotCode"] != self._world.robot_code:
            raise Refused("robot.oto.notExist", "no such robotCode")
        keys = body["processQueryKeys"]
        if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_USERS:
            raise Refused("invalidParameter.processQueryKeys")
        failed = {key: reason for key in keys if (reason := self._take_back(key, in_place))}
        return {"successResult": [key for key in keys if key not in failed], "failedResult": failed}

    def _take_back(self, key: str, in_place: Callable[[str], bool]) -> str:
        """Why it stays; empty where it is gone."""
        bubbles = [self._world.bubble(bubble_id) for bubble_id in self._world.carriers.get(key, ())]
        if not bubbles or not in_place(bubbles[0].conversation_id):
            return "notExist"
        if self._world.clock.now() - bubbles[0].at > RECALLABLE:
            return "overTime"
        for bubble in bubbles:
            self._world.transcript.change(
                bubble.id, kind="recalled", title="", text="", content={}, buttons=(), faces={}
            )
        return ""
