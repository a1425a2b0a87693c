"""DingTalk as one platform: hears by the stream, answers by webhook, cards and the robot's API."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.dingtalk import forms, frames, payloads
from bot.dingtalk.api import TIMEOUT, DingTalkApi
from bot.dingtalk.delivery import Delivery
from bot.dingtalk.inbox import Inbox
from bot.dingtalk.lanes import Lanes
from bot.dingtalk.pacing import Pacing, answering
from bot.dingtalk.payloads import Ignored, QuotaExhausted
from bot.dingtalk.stream import Link, Pace, Stream
from chat.card import Card
from chat.errors import DeliveryFailed
from chat.events import Click, Message, PlatformName
from chat.platform import Ears, Heard, Parcel, Receipt
from config.settings import DingTalk

log = structlog.get_logger("dingtalk")

AT_ONCE = 512
"""Frames heard and answers shown side by side; beyond that the stream is not read on."""
PRESSED_AGAIN = 120.0
"""Seconds for which a press whose answer got lost is known by the next equal press."""

_Press = tuple[str, str, str]
"""The card's reference, the action, the presser."""


class DingTalkPlatform:
    """One application. `pace`, `pacing` and `timeout` are for tests and benches."""

    def __init__(
        self,
        settings: DingTalk,
        *,
        pace: Pace | None = None,
        pacing: Pacing | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self._pace = pace or Pace()
        self._api = DingTalkApi(settings, timeout=timeout, pacing=pacing)
        self._delivery = Delivery(self._api, settings)
        self._inbox = Inbox(self._api, settings.robot_code or settings.client_id)
        self._stream = Stream(self._api, self._take, self._pace)
        self._hearing = Lanes(AT_ONCE)
        self._pressing = Lanes(AT_ONCE)
        self._answering = Lanes(AT_ONCE)
        self._unanswered: dict[_Press, tuple[str, float]] = {}
        self._ears: Ears | None = None
        self._told_of_strangers = False
        self.quota_alarms = 0
        """How many messages have come without their words since the month's pushes were used up."""

    @property
    def name(self) -> PlatformName:
        return PlatformName.DINGTALK

    def listen(self, ears: Ears) -> None:
        """Know the clock; DingTalk calls nobody who has not connected."""
        self._ears = ears

    async def run(self, ears: Ears) -> None:
        """Hold the stream until cancelled; then what was heard is answered before this returns."""
        self.listen(ears)
        try:
            await self._stream.run()
        finally:
            for lanes in (self._hearing, self._pressing, self._answering):
                await lanes.finish(within=self._pace.finish)
            await self.close()

    async def close(self) -> None:
        """Close the HTTP session; the next call opens another one."""
        await self._api.close()

    async def deliver(self, parcel: Parcel) -> Receipt:
        """Show a parcel. Raises Unreachable or Rejected."""
        assert self._ears is not None
        return await self._delivery.deliver(parcel, self._ears.now(), self._ears.files)

    def at_once(self, card: Card) -> int:
        return self._delivery.at_once(card)

    async def deliver_alike(self, parcels: Sequence[Parcel]) -> Mapping[int, Receipt | DeliveryFailed]:
        return await self._delivery.deliver_alike(parcels)

    def state(self) -> Mapping[str, str]:
        return {"stream": self._stream.state}

    # --- from a frame to the ears -----------------------------------------------------------------

    async def _take(self, link: Link, frame: Mapping[str, Any]) -> None:
        """One frame of the stream. Returns as soon as it is in its lane; a full house makes it wait."""
        message_id = frame["headers"]["messageId"]
        if frame["type"] == frames.EVENT:
            link.expect()
            await self._hearing.put("events", partial(self._hear_event, link, message_id, frame))
            return
        if frame["headers"].get("topic") not in {frames.BOT_TOPIC, frames.CARD_TOPIC}:
            await link.send(frames.ack(message_id, code=frames.NOT_HANDLED))
            return
        event = payloads.read(frame, self._delivery.card_of)
        if isinstance(event, Ignored):
            log.warning("frame_ignored", reason=event.reason)
            await link.send(frames.ack(message_id, code=frames.BAD_REQUEST))
        elif isinstance(event, QuotaExhausted):
            self._alarm(event)
            await link.send(frames.ack(message_id))
            if event.sender.user_id and self._ears is not None:
                await self._ears.not_heard(event.sender)
        else:
            self.quota_alarms = 0
            link.expect()
            await self._admit(link, message_id, event)

    async def _admit(self, link: Link, message_id: str, event: Message | Click) -> None:
        lane = (event.conversation.id, event.sender.user_id)
        if isinstance(event, Message):
            if not event.sender.user_id and not self._told_of_strangers:
                self._told_of_strangers = True
                log.warning(
                    "sender_without_staff_id", hint="an outsider, or the app's version is not published"
                )
            await self._hearing.put(lane, partial(self._hear, link, message_id, event))
            return
        # A press waits its turn behind what the same person said, but its acknowledgement cannot.
        event, press = self._known_press(event)
        heard: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        await self._hearing.put(lane, partial(self._hear_press, event, heard))
        await self._pressing.put(
            message_id, partial(self._answer_press, link, message_id, event, press, heard)
        )

    def _alarm(self, told: QuotaExhausted) -> None:
        """For the operator, once until words come again: everybody who writes causes another."""
        self.quota_alarms += 1
        if self.quota_alarms == 1:
            log.error("pushes_exhausted", reason=told.reason)

    # --- the organisation's events ----------------------------------------------------------------

    async def _hear_event(self, link: Link, message_id: str, frame: Mapping[str, Any]) -> None:
        """Acknowledge once it is kept; what concerns nobody here is taken too, or it would come again."""
        assert self._ears is not None
        try:
            if changes := payloads.changes_in(frame):
                await self._ears.changed(changes)
        except Exception:
            log.exception("event_not_kept")
            await link.send(frames.ack(message_id, frames.LATER))
        else:
            await link.send(frames.ack(message_id, frames.TAKEN))
        finally:
            link.settled()

    # --- a message --------------------------------------------------------------------------------

    async def _hear(self, link: Link, message_id: str, message: Message) -> None:
        """Acknowledge once it is done durably, and show the answer after that."""
        assert self._ears is not None
        try:
            heard = await self._ears.hear(await self._inbox.filled(message))
        except Exception:
            log.exception("hearing_failed", event_id=message.event_id)
            await link.send(frames.ack(message_id, code=frames.FAILED))
            return
        else:
            await link.send(frames.ack(message_id))
        finally:
            link.settled()
        await self._answer(message, heard)

    async def _answer(self, event: Message | Click, heard: Heard) -> None:
        """In the order of the questions. A repeat's answer is a row already, and the postman's affair."""
        assert self._ears is not None
        if heard.parcel is not None and not heard.repeat:
            lane = (event.conversation.id, event.sender.user_id)
            await self._answering.put(lane, partial(self._show, heard.parcel))

    async def _show(self, parcel: Parcel) -> None:
        assert self._ears is not None
        with answering():
            await self._ears.deliver(parcel)

    # --- a pressed button -------------------------------------------------------------------------

    async def _hear_press(self, click: Click, heard: asyncio.Future[Heard]) -> None:
        assert self._ears is not None
        try:
            outcome = await self._ears.hear(click)
            if outcome.redraw is not None and outcome.redraw.picture:
                outcome = replace(
                    outcome, redraw=await self._delivery.linked(outcome.redraw, self._ears.files)
                )
            heard.set_result(outcome)
        except Exception as error:  # noqa: BLE001  # whoever waits for it deals with it
            heard.set_exception(error)

    async def _answer_press(
        self, link: Link, message_id: str, click: Click, press: _Press, hearing: asyncio.Future[Heard]
    ) -> None:
        """Redraw the card in the acknowledgement if that is in time, else acknowledge and update it after."""
        await asyncio.wait((hearing,), timeout=self._pace.redraw)
        in_time = hearing.done()
        try:
            if not in_time:
                await self._acknowledge_press(link, message_id, click, press, frames.UNCHANGED)
            heard = await hearing
            if in_time:
                redraw = heard.redraw
                data = frames.redrawn(forms.card_update(redraw)) if redraw else frames.UNCHANGED
                await self._acknowledge_press(link, message_id, click, press, data)
        except Exception:
            log.exception("hearing_failed", event_id=click.event_id)
            await link.send(frames.ack(message_id, code=frames.FAILED))
            return
        finally:
            link.settled()
        if not in_time and heard.redraw is not None:
            lane = (click.conversation.id, click.sender.user_id)
            await self._answering.put(lane, partial(self._redraw, click.card_ref, heard.redraw))
        await self._answer(click, heard)

    async def _acknowledge_press(
        self, link: Link, message_id: str, click: Click, press: _Press, data: str
    ) -> None:
        if not await link.send(frames.ack(message_id, data)):
            self._unanswered[press] = (click.event_id, asyncio.get_running_loop().time())

    def _known_press(self, click: Click) -> tuple[Click, _Press]:
        """A press whose answer never left is the same one when it comes again.

        Two presses of one button look alike but for the frame's messageId, and a frame sent again may bear a new one. What
        tells them apart is here: whoever saw the answer presses anew, whoever did not (the platform or an impatient finger)
        asks for the answer that got lost.
        """
        press = (click.card_ref, click.action, click.sender.user_id)
        now = asyncio.get_running_loop().time()
        event_id, lost_at = self._unanswered.pop(press, ("", 0.0))
        for old in [old for old, (_, lost) in self._unanswered.items() if now - lost > PRESSED_AGAIN]:
            del self._unanswered[old]
        known = bool(event_id) and now - lost_at <= PRESSED_AGAIN
        return (replace(click, event_id=event_id) if known else click), press

    async def _redraw(self, ref: str, card: Card) -> None:
        try:
            with answering():
                await self._delivery.redraw(ref, card)
        except DeliveryFailed as failure:
            log.warning("redraw_failed", ref=ref, code=failure.code, reason=failure.reason)
