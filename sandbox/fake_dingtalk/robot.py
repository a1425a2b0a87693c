"""What the robot may send: by the webhook of a session, to single people, into a group; and taking it back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from sandbox.fake_dingtalk import drawing
from sandbox.fake_dingtalk.gate import Gate
from sandbox.fake_dingtalk.refusals import Refused, RefusedLegacy, legacy_ok
from sandbox.fake_dingtalk.world import World

SESSION_LIVES = timedelta(minutes=90)
MOST_USERS = 20
MOST_BYTES = 15_000
RECALLABLE = timedelta(hours=24)


@dataclass(slots=True)
class Session:
    """A webhook: where it posts, and until when."""

    key: str
    conversation_id: str
    until: datetime


class Robot:
    def __init__(self, world: World, gate: Gate) -> None:
        self._world = world
        self._gate = gate
        self._by_key: dict[str, Session] = {}
        self._by_place: dict[tuple[str, str], Session] = {}
        self._sent: dict[str, list[str]] = {}

    def routes(self) -> list[web.RouteDef]:
        new, legacy = self._gate.new, self._gate.legacy
        return [
            web.post("/robot/sendBySession", legacy(self._by_session, token=False)),
            web.post("/v1.0/robot/oToMessages/batchSend", new(self._to_people)),
            web.post("/v1.0/robot/groupMessages/send", new(self._to_group)),
            web.post("/v1.0/robot/otoMessages/batchRecall", new(self._recall)),
            web.post("/v1.0/robot/groupMessages/recall", new(self._recall)),
        ]

    def session(self, conversation_id: str, user_id: str) -> tuple[str, int]:
        """The webhook that comes with a message, and its expiry in ms. A new message extends it."""
        place = (conversation_id, user_id)
        session = self._by_place.get(place)
        until = self._world.clock.now() + SESSION_LIVES
        if session is None:
            session = Session(secrets.token_hex(12), conversation_id, until)
            self._by_place[place] = self._by_key[session.key] = session
        session.until = until
        url = f"{self._world.base_url}/robot/sendBySession?session={session.key}"
        return url, int(until.timestamp() * 1000)

    def sent(self, conversation_id: str, drawn: dict[str, Any]) -> str:
        """Show a message that can be recalled; returns its processQueryKey."""
        key = self._world.new_id("pqk-")
        self._show(conversation_id, drawn, key)
        return key

    async def _by_session(self, request: web.Request, body: Any) -> dict[str, Any]:
        world = self._world
        session = self._by_key.get(request.query.get("session", ""))
        if session is None:
            raise RefusedLegacy(300001, "session.notExisted")
        if world.clock.now() >= session.until:
            raise RefusedLegacy(300001, "session.expired")
        world.spend("pushes", None)
        try:
            drawn = drawing.session_message(body)
        except Refused as refused:
            raise RefusedLegacy(int(refused.code), refused.message) from None
        drawn["mentions"] = self._mentioned(body.get("at") or {})
        drawn["text"] = self._named(drawn["text"], drawn["mentions"])
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
        known = [user_id for user_id in user_ids if self._reachable(user_id)]
        slowed = [user_id for user_id in known if user_id in self._world.faults.flow_controlled]
        key = self._world.new_id("pqk-")
        for user_id in known:
            if user_id not in slowed:
                self._show(self._world.private_id(user_id), drawn, key)
        return {
            "processQueryKey": key,
            "invalidStaffIdList": [user_id for user_id in user_ids if user_id not in known],
            "flowControlledStaffIdList": slowed,
        }

    async def _to_group(self, _request: web.Request, body: Any) -> dict[str, Any]:
        drawn = self._drawn(body)
        conversation_id = body["openConversationId"]
        if conversation_id not in self._world.groups:
            raise Refused("invalidParameter.openConversationId.invalid")
        return {"processQueryKey": self.sent(conversation_id, drawn)}

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
        return drawing.sample(body["msgKey"], param)

    def _reachable(self, user_id: Any) -> bool:
        person = self._world.people.get(user_id)
        return person is not None and person.in_org

    def _show(self, conversation_id: str, drawn: dict[str, Any], key: str) -> None:
        content = {**drawn.get("content", {}), "processQueryKey": key}
        bubble = self._world.from_bot(conversation_id, **{**drawn, "content": content})
        self._sent.setdefault(key, []).append(bubble.id)

    async def _recall(self, _request: web.Request, body: Any) -> dict[str, Any]:
        keys = body["processQueryKeys"]
        if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_USERS:
            raise Refused("invalidParameter.processQueryKeys")
        failed = {key: reason for key in keys if (reason := self._take_back(key))}
        return {"successResult": [key for key in keys if key not in failed], "failedResult": failed}

    def _take_back(self, key: str) -> str:
        bubbles = [b for b in self._world.transcript.bubbles if b.id in self._sent.get(key, ())]
        if not bubbles:
            return "notExist"
        if self._world.clock.now() - bubbles[0].at > RECALLABLE:
            return "overTime"
        for bubble in bubbles:
            self._world.transcript.change(
                bubble.id, kind="text", title="", text="[已撤回]", buttons=(), content={}
            )
        return ""
