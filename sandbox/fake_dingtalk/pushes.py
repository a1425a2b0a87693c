"""From people to the bot: what they say and press goes out on the stream, and acks come back."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from sandbox.fake_dingtalk import drawing, speech
from sandbox.fake_dingtalk.cards import CardRecord, Cards
from sandbox.fake_dingtalk.refusals import Refused
from sandbox.fake_dingtalk.robot import Robot
from sandbox.fake_dingtalk.speech import Said
from sandbox.fake_dingtalk.stream import BOT_TOPIC, CARD_TOPIC, Ack, Stream
from sandbox.fake_dingtalk.world import World

_OK = 200


@dataclass(frozen=True, slots=True)
class PressResult:
    """What came of a button: whether the bot took it, whether the card changed at once, after how long."""

    acked: bool
    updated: bool
    seconds: float


class Pushes:
    def __init__(self, world: World, stream: Stream, robot: Robot, cards: Cards) -> None:
        self._world = world
        self._stream = stream
        self._robot = robot
        self._cards = cards
        self._later: set[asyncio.Task[Any]] = set()

    async def message(self, said: Said, msg_id: str) -> Ack | None:
        """Push a message and wait for its ack; without one it is pushed again after a while."""
        world = self._world
        if not any(connection.takes("CALLBACK", BOT_TOPIC) for connection in self._stream.connections):
            return None
        place = said.group.conversation_id if said.group else world.private_id(said.person.user_id)
        if world.spend("pushes", world.limits.monthly_pushes):
            data = speech.message(world, said, msg_id, self._robot.session(place, said.person.user_id))
        else:
            data = speech.quota_exhausted(world, said, msg_id)
        if world.faults.twice:
            self._start(self._stream.push("CALLBACK", BOT_TOPIC, data, within=world.patience.ack))
        ack = await self._stream.push("CALLBACK", BOT_TOPIC, data, within=world.patience.ack)
        if ack is None or ack.code != _OK:
            self._start(self._again(data))
        return ack

    async def event(self, event_type: str, data: dict[str, Any]) -> Ack | None:
        """An organisation's event, to whoever subscribed to EVENT `*`."""
        return await self._stream.push("EVENT", event_type, data, within=self._world.patience.ack)

    async def press(self, user_id: str, out_track_id: str, key: str) -> PressResult:
        """Press a callback button. Raises KeyError where there is no such card or button."""
        record = self._cards.records[out_track_id]
        button = drawing.button_of({**record.params, **record.private.get(user_id, {})}, key)
        if button is None:
            raise KeyError(key)
        if record.callback_type != "STREAM":
            return PressResult(acked=False, updated=False, seconds=0.0)
        if not self._world.spend("pushes", self._world.limits.monthly_pushes):
            return PressResult(acked=False, updated=False, seconds=0.0)
        started = time.monotonic()
        data = self._callback(user_id, record, button)
        if self._world.faults.twice:
            self._start(self._stream.push("CALLBACK", CARD_TOPIC, data, within=self._world.patience.card))
        ack = await self._stream.push("CALLBACK", CARD_TOPIC, data, within=self._world.patience.card)
        acked = ack is not None and ack.code == _OK
        updated = acked and self._apply(record, user_id, ack)
        return PressResult(acked, updated, time.monotonic() - started)

    async def finish(self) -> None:
        for task in self._later:
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)

    def _callback(self, user_id: str, record: CardRecord, button: dict[str, Any]) -> dict[str, Any]:
        brings = self._world.faults.click_brings
        pressed: dict[str, Any] = {
            "actionIds": [button["id"]] if brings != "params" else [],
            "params": button.get("params", {}) if brings != "id" else {},
        }
        data: dict[str, Any] = {
            "type": "actionCallback",
            "outTrackId": record.out_track_id,
            "corpId": self._world.corp_id,
            "userId": user_id,
            "content": json.dumps({"cardPrivateData": pressed}, ensure_ascii=False),
        }
        if not self._world.faults.no_space:
            data |= {"userIdType": 1, "extension": "{}", **self._space(record, user_id)}
        return data

    def _space(self, record: CardRecord, user_id: str) -> dict[str, str]:
        for bubble in self._world.transcript.bubbles:
            if bubble.id in record.bubbles and bubble.conversation_id in self._world.groups:
                return {"spaceType": "IM_GROUP", "spaceId": bubble.conversation_id}
        return {"spaceType": "IM_ROBOT", "spaceId": user_id}

    def _apply(self, record: CardRecord, user_id: str, ack: Ack | None) -> bool:
        response = (ack.data or {}).get("response") if ack is not None else None
        if not isinstance(response, dict):
            self._world.complaints.append("a card callback was acknowledged without a response")
            return False
        try:
            return self._cards.merge(record, response, presser=user_id)
        except (Refused, KeyError, TypeError, AttributeError) as error:
            self._world.complaints.append(f"a card callback was acknowledged with a bad card: {error}")
            return False

    async def _again(self, data: dict[str, Any]) -> None:
        patience = self._world.patience
        for _ in range(patience.redeliveries):
            await asyncio.sleep(patience.redelivery)
            ack = await self._stream.push("CALLBACK", BOT_TOPIC, data, within=patience.ack)
            if ack is not None and ack.code == _OK:
                return

    def _start(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)
