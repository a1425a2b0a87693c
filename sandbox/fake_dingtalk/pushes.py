"""From people to the bot: what they say and press goes out on the stream, and acknowledgements come back."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.fake_dingtalk import drawing, speech
from sandbox.fake_dingtalk.cards import CardRecord, Cards
from sandbox.fake_dingtalk.frames import CARD_TOPIC, MESSAGE_TOPIC, Push
from sandbox.fake_dingtalk.refusals import Refused
from sandbox.fake_dingtalk.robot import Robot
from sandbox.fake_dingtalk.speech import Said
from sandbox.fake_dingtalk.stream import Stream
from sandbox.fake_dingtalk.world import World
from sandbox.transcript import Bubble

_OK = 200


@dataclass(frozen=True, slots=True)
class PressResult:
    """What came of a button: whether the bot took it in time, whether the card changed, after how long."""

    acked: bool
    updated: bool
    seconds: float


NOTHING = PressResult(acked=False, updated=False, seconds=0.0)


class Pushes:
    def __init__(self, world: World, stream: Stream, robot: Robot, cards: Cards) -> None:
        self._world = world
        self._stream = stream
        self._robot = robot
        self._cards = cards

    async def message(self, said: Said, bubble_id: str) -> bool:
        """Push a message, which is repeated until it is acknowledged; whether that happened in time.

        What is said while nobody listens costs nothing and is lost.
        """
        world = self._world
        if not self._stream.listeners(("CALLBACK", MESSAGE_TOPIC)):
            return False
        place = said.group.conversation_id if said.group else world.private_id(said.person.user_id)
        if world.spend_push():
            now = world.clock.now()
            data = speech.message(world, said, bubble_id, now, self._robot.session(place, now))
        else:
            data = speech.quota_exhausted(world, said, bubble_id, world.clock.now())
        push = await self._stream.push(MESSAGE_TOPIC, data, repeat=True)
        return push is not None and await push.wait(world.patience.ack)

    async def press(self, user_id: str, bubble: Bubble, label: str) -> PressResult:
        """Press a button of an interactive card. Raises KeyError where there is no such card or button."""
        record = self._cards.records[bubble.card_ref]
        button = drawing.button_of({**record.params, **record.private.get(user_id, {})}, label)
        if button is None:
            raise KeyError(label)
        listened = self._stream.listeners(("CALLBACK", CARD_TOPIC))
        if record.callback_type != "STREAM" or not listened or not self._world.spend_push():
            return NOTHING
        started = time.monotonic()
        data = self._callback(user_id, record, button, bubble.conversation_id)
        push = await self._stream.push(CARD_TOPIC, data, repeat=False)
        acked = push is not None and await push.wait(self._world.patience.card) and push.ack["code"] == _OK
        updated = acked and push is not None and self._apply(record, user_id, push)
        return PressResult(acked, updated, time.monotonic() - started)

    def _callback(
        self, user_id: str, record: CardRecord, button: Mapping[str, Any], conversation_id: str
    ) -> dict[str, Any]:
        brings = self._world.faults.click_brings
        pressed = {
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
        if self._world.faults.no_space:
            return data
        group = conversation_id in self._world.groups
        return data | {
            "userIdType": 1,
            "extension": "{}",
            "spaceType": "IM_GROUP" if group else "IM_ROBOT",
            "spaceId": conversation_id if group else user_id,
        }

    def _apply(self, record: CardRecord, user_id: str, push: Push) -> bool:
        """Redraw the card by its acknowledgement; whether anything changed. A bad card is thrown away."""
        try:
            response = json.loads(push.ack.get("data") or "{}")["response"]
            return response is not None and self._cards.merge(record, response, presser=user_id)
        except (Refused, ValueError, KeyError, TypeError, AttributeError) as error:
            self._world.complaints.append(f"a pressed button was acknowledged with a bad card: {error!r}")
            return False
