"""The robot over its WebSocket: groups that mention it, and private chats with it.

An answer takes the way its message came for as long as the server accepts that, and is pushed otherwise.
Sources: developer.work.weixin.qq.com 101463 (frames), 101032 (cards).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from bot.errands import Errands
from bot.wecom import payloads, replies, template_cards, wording
from bot.wecom.crypto import Malformed
from bot.wecom.errcodes import CALL_SPENT, STREAM_EXPIRED, TASK_ID, is_one_of
from bot.wecom.robot_socket import Pace, RobotSocket
from chat.card import Card, Face
from chat.errors import DeliveryFailed, Rejected
from chat.events import ChatKind, Click, Opened, PlatformName
from chat.platform import Ears, Heard, Parcel, Receipt

UPDATE_WINDOW = 5.0
"""Seconds in which a click may redraw its card and an opened chat be welcomed; there is no later way."""

log = structlog.get_logger("wecom")


def shown_as_card(card: Card) -> bool:
    """A card where something will be redrawn or is asked; everything else reads better as Markdown."""
    return (card.live or card.asks) and bool(card.on(PlatformName.WECOM).buttons)


def robot_card(card: Card, ref: str, page: str = template_cards.HOME) -> dict[str, Any]:
    return template_cards.template_card(card.on(PlatformName.WECOM), ref, template_cards.ROBOT, page=page)


class RobotGateway:
    def __init__(
        self,
        ws_url: str,
        *,
        bot_id: str,
        secret: str,
        name: str,
        errands: Errands,
        pace: Pace | None = None,
        page: str = template_cards.HOME,
    ) -> None:
        self._name = name
        self._page = page
        self.ears: Ears | None = None
        self.socket = RobotSocket(
            ws_url, bot_id=bot_id, secret=secret, on_callback=self._heard, errands=errands, pace=pace
        )

    async def deliver(self, parcel: Parcel) -> Receipt:
        """Answer where the message can still be answered, else push. Raises Unreachable or Rejected."""
        req_id = parcel.route.get("req_id", "")
        if req_id and self.socket.can_answer(req_id):
            try:
                return await self._answer(parcel, req_id)
            except Rejected as refusal:
                if parcel.attempt > 1 and is_one_of(refusal, {STREAM_EXPIRED}):
                    # An earlier attempt got through and its ack was lost: the words are there.
                    return Receipt(form="stream", buttons=False)
                if not is_one_of(refusal, CALL_SPENT):
                    raise
                self.socket.spent(req_id)
        return await self._push(parcel)

    # --- what comes in --------------------------------------------------------------------------

    async def _heard(self, req_id: str, body: Mapping[str, Any]) -> None:
        ears = self.ears
        if ears is None:
            return
        clock = asyncio.get_running_loop().time
        arrived = clock()
        try:
            event = payloads.read_robot(body, robot_name=self._name, now=ears.now(), req_id=req_id)
        except Malformed as malformed:
            log.warning("robot's callback not understood", reason=str(malformed))
            return
        if event is None:
            return
        heard = await ears.hear(event)
        in_time = clock() - arrived < UPDATE_WINDOW
        if isinstance(event, Click):
            await self._redraw(req_id, event, heard, in_time=in_time)
        if heard.parcel is None or heard.repeat:
            return
        if isinstance(event, Opened) and in_time and await self._welcome(req_id, heard.parcel, ears):
            return
        await ears.deliver(heard.parcel)

    async def _redraw(self, req_id: str, click: Click, heard: Heard, *, in_time: bool) -> None:
        """Everybody in a group sees the card's new face; in a private chat there is one person."""
        if heard.redraw is None:
            return
        if not in_time:
            log.warning("card not redrawn", task_id=click.card_ref, reason="too late")
            return
        private = click.conversation.kind is ChatKind.PRIVATE
        card = robot_card(heard.redraw, click.card_ref, self._page)
        update = replies.card_update(card, only_for=click.sender.user_id if private else "")
        try:
            await self.socket.command("aibot_respond_update_msg", update, req_id)
        except DeliveryFailed as failure:
            log.warning("card not redrawn", task_id=click.card_ref, code=failure.code, reason=failure.reason)

    async def _welcome(self, req_id: str, parcel: Parcel, ears: Ears) -> bool:
        """Greet in the answer to the opening itself; false where that did not go."""
        as_card = shown_as_card(parcel.card)
        body = (
            replies.card_reply(robot_card(parcel.card, parcel.ref, self._page))
            if as_card
            else replies.welcome_text(wording.text_of(_face(parcel)))
        )
        try:
            await self.socket.command("aibot_respond_welcome_msg", body, req_id)
        except DeliveryFailed as failure:
            log.warning("welcome not taken", code=failure.code, reason=failure.reason)
            return False
        await ears.delivered(parcel, Receipt(form=body["msgtype"], buttons=as_card))
        return True

    # --- what goes out --------------------------------------------------------------------------

    async def _answer(self, parcel: Parcel, req_id: str) -> Receipt:
        stream = replies.stream_reply(wording.markdown_of(_face(parcel)), parcel.ref)
        return await self._card_or("aibot_respond_msg", parcel, {}, stream, req_id)

    async def _push(self, parcel: Parcel) -> Receipt:
        """To a person or a group that has used the robot before; others are refused by the server."""
        if parcel.conversation is not None:
            group = parcel.conversation.kind is ChatKind.GROUP
            target = {"chatid": parcel.conversation.id, "chat_type": 2 if group else 1}
        elif parcel.to is not None:
            target = {"chatid": parcel.to.user_id, "chat_type": 1}
        else:
            raise Rejected("a parcel for nobody")
        words = replies.markdown_message(wording.markdown_of(_face(parcel)))
        return await self._card_or("aibot_send_msg", parcel, target, words)

    async def _card_or(
        self, cmd: str, parcel: Parcel, target: Mapping[str, Any], words: Mapping[str, Any], req_id: str = ""
    ) -> Receipt:
        """The card where one is due; the words where none is, or where the server refuses it."""
        calls = 1
        if shown_as_card(parcel.card):
            card = replies.card_reply(robot_card(parcel.card, parcel.ref, self._page))
            try:
                await self.socket.command(cmd, {**target, **card}, req_id)
                return Receipt(form="template_card", buttons=True)
            except Rejected as refusal:
                if parcel.attempt > 1 and is_one_of(refusal, {TASK_ID}):
                    # The same: a card of this task_id stands there already.
                    return Receipt(form="template_card", buttons=True)
                if refusal.receiver or is_one_of(refusal, CALL_SPENT):
                    raise
                log.warning("card refused", task_id=parcel.ref, code=refusal.code, reason=refusal.reason)
                calls = 2
        await self.socket.command(cmd, {**target, **words}, req_id)
        return Receipt(form=str(words["msgtype"]), buttons=False, calls=calls)


def _face(parcel: Parcel) -> Face:
    return parcel.card.on(PlatformName.WECOM)
