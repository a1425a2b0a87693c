"""The robot over its WebSocket: groups that mention it, and private chats with it.

An answer takes the way its message came for as long as the server accepts that, and is pushed otherwise. Its picture
stands in the words where it can be linked, and is pushed before them where it cannot.
Sources: developer.work.weixin.qq.com 101463 (frames), 101032 (cards).
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.errands import Errands
from bot.wecom import payloads, replies, template_cards, wording
from bot.wecom.crypto import Malformed
from bot.wecom.errcodes import CALL_SPENT, STREAM_EXPIRED, TASK_ID, is_one_of
from bot.wecom.inbox import filled
from bot.wecom.robot_socket import Pace, RobotSocket
from bot.wecom.uploads import Uploads
from chat.card import Card, Face
from chat.errors import DeliveryFailed, Rejected
from chat.events import ChatKind, Click, Message, Opened, PlatformName
from chat.files import Outgoing
from chat.platform import Ears, Heard, Parcel, Receipt

UPDATE_WINDOW = 5.0
"""Seconds in which a click may redraw its card and an opened chat be welcomed; there is no later way."""

CHUNK = 512 * 1024
"""Bytes of a file that one frame carries."""

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
        self._uploads = Uploads("wecom-robot", self._upload)

    async def deliver(self, parcel: Parcel) -> Receipt:
        """Answer where the message can still be answered, else push. Raises Unreachable or Rejected."""
        if parcel.card.file:
            return await self._send_file(parcel)
        if parcel.card.picture:
            shown = await self._with_picture(parcel)
            if isinstance(shown, Receipt):
                return shown
            parcel = shown
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
        if isinstance(event, Message):
            event = await filled(event)
        heard = await ears.hear(event)
        in_time = clock() - arrived < UPDATE_WINDOW
        if isinstance(event, Click):
            await self._redraw(req_id, event, heard, in_time=in_time)
        if heard.parcel is None or heard.repeat:
            return
        greets = isinstance(event, Opened) and in_time and not heard.parcel.card.picture
        if greets and await self._welcome(req_id, heard.parcel, ears):
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
        card = robot_card(heard.redraw.without_picture(), click.card_ref, self._page)
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
        stream = replies.stream_reply(_words(parcel), parcel.ref)
        return await self._card_or("aibot_respond_msg", parcel, {}, stream, req_id)

    async def _push(self, parcel: Parcel) -> Receipt:
        """To a person or a group that has used the robot before; others are refused by the server."""
        words = replies.markdown_message(_words(parcel))
        return await self._card_or("aibot_send_msg", parcel, _target(parcel), words)

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

    # --- pictures and files -----------------------------------------------------------------------

    async def _with_picture(self, parcel: Parcel) -> Parcel | Receipt:
        """The parcel with its picture linked or in words; or the picture has been shown, and the rest is to follow."""
        assert self.ears is not None
        card = parcel.card
        picture = await self.ears.files.outgoing(card.picture)
        if picture is None:
            return replace(parcel, card=card.without_picture())
        if picture.address and not shown_as_card(card):
            return replace(parcel, card=replace(card, picture=picture.address))
        calls = await self._push_file(parcel, picture)
        if not calls:
            return replace(parcel, card=card.without_picture())
        return Receipt(form="image", buttons=True, calls=calls, rest=card.beside_picture())

    async def _send_file(self, parcel: Parcel) -> Receipt:
        """As a file, or a link to it. Raises Rejected where neither is possible: then there may be another way."""
        assert self.ears is not None
        file = await self.ears.files.outgoing(parcel.card.file)
        if file is not None:
            if calls := await self._push_file(parcel, file):
                return Receipt(form="file", buttons=True, calls=calls)
            if file.address:
                return await self._push(replace(parcel, card=replace(parcel.card, file=file.address)))
        raise Rejected("no such file can be sent", code="no file")

    async def _push_file(self, parcel: Parcel, file: Outgoing) -> int:
        """How many calls it took; none where the server does not take it. A message's own answer is left for the words."""
        assert self.ears is not None
        target = _target(parcel)

        async def send(kind: str, media_id: str) -> None:
            await self.socket.command("aibot_send_msg", {**target, **replies.file_message(kind, media_id)})

        return await self._uploads.send(file, self.ears.files, send)

    async def _upload(self, file: Outgoing, kind: str) -> str:
        """In chunks over the socket."""
        chunks = [file.content[at : at + CHUNK] for at in range(0, len(file.content), CHUNK)]
        begin = {
            "type": kind,
            "filename": file.name,
            "total_size": len(file.content),
            "total_chunks": len(chunks),
        }
        upload = {"upload_id": (await self.socket.command("aibot_upload_media_init", begin))["upload_id"]}
        for index, chunk in enumerate(chunks):
            part = {**upload, "chunk_index": index, "base64_data": base64.b64encode(chunk).decode()}
            await self.socket.command("aibot_upload_media_chunk", part)
        return str((await self.socket.command("aibot_upload_media_finish", upload))["media_id"])


def _face(parcel: Parcel) -> Face:
    return parcel.card.on(PlatformName.WECOM)


def _words(parcel: Parcel) -> str:
    """A card comes here with its picture and file as addresses."""
    return wording.markdown_of(_face(parcel), picture=parcel.card.picture, file=parcel.card.file)


def _target(parcel: Parcel) -> dict[str, Any]:
    if parcel.conversation is not None:
        group = parcel.conversation.kind is ChatKind.GROUP
        return {"chatid": parcel.conversation.id, "chat_type": 2 if group else 1}
    if parcel.to is not None:
        return {"chatid": parcel.to.user_id, "chat_type": 1}
    raise Rejected("a parcel for nobody")
