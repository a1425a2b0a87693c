"""The robot by its callback address: the answer stands in the response, and once more within an hour behind
the message's `response_url`. There is no other way to speak, so nothing can be pushed to a group.

Sources: developer.work.weixin.qq.com 100719, 101031, 101138.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import structlog
from aiohttp import web

from bot.errands import Errands
from bot.wecom import payloads, replies, wording
from bot.wecom.api import WeComApi
from bot.wecom.app_gateway import PATIENCE
from bot.wecom.callbacks import open_callback, serve, unreadable, verify_address
from bot.wecom.crypto import Envelope, Malformed, encrypted_in_json
from bot.wecom.inbox import filled
from bot.wecom.robot_gateway import robot_card, shown_as_card
from bot.wecom.template_cards import HOME
from chat.card import Card
from chat.errors import Rejected
from chat.events import ChatKind, Click, Message, Opened, PlatformName
from chat.platform import Ears, Heard, Parcel, Receipt

log = structlog.get_logger("wecom")


class RobotCallback:
    def __init__(
        self,
        api: WeComApi,
        envelope: Envelope,
        *,
        name: str,
        aes_key: str,
        errands: Errands,
        patience: float = PATIENCE,
        page: str = HOME,
    ) -> None:
        self._api = api
        self._envelope = envelope
        self._name = name
        self._aes_key = aes_key
        self._errands = errands
        self._patience = patience
        self._page = page
        self.ears: Ears | None = None

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/wecom/robot", self._verify), web.post("/wecom/robot", self._callback)]

    async def deliver(self, parcel: Parcel) -> Receipt:
        """By the `response_url` of the message that is answered; a card only in a private chat.

        Raises Rejected where there is none: then another way must be found.
        """
        url = parcel.route.get("response_url", "")
        if not url:
            raise Rejected("this robot cannot push", code="no push")
        card = await self._linked(parcel.card)
        private = parcel.conversation is not None and parcel.conversation.kind is ChatKind.PRIVATE
        if private and shown_as_card(card) and not card.picture:
            await self._api.post(url, replies.card_reply(robot_card(card, parcel.ref, self._page)))
            return Receipt(form="template_card", buttons=True)
        words = wording.markdown_of(card.on(PlatformName.WECOM), picture=card.picture, file=card.file)
        await self._api.post(url, replies.markdown_message(words))
        return Receipt(form="markdown", buttons=False)

    async def _linked(self, card: Card) -> Card:
        """Its picture or file as an address; a picture without one in words. Raises Rejected for a file without one."""
        if not (card.picture or card.file):
            return card
        assert self.ears is not None
        kept = await self.ears.files.outgoing(card.picture or card.file)
        address = kept.address if kept is not None else ""
        if card.file:
            if not address:
                raise Rejected("this robot cannot send files", code="no file")
            return replace(card, file=address)
        return replace(card, picture=address) if address else card.without_picture()

    async def _verify(self, request: web.Request) -> web.Response:
        if self.ears is None:
            return web.Response(status=503)
        return await verify_address(request, self._envelope, self.ears.now())

    async def _callback(self, request: web.Request) -> web.StreamResponse:
        return await serve(request, self.ears, self, self._errands, self._patience)

    async def answer_late(self, ears: Ears, event: Message | Click | Opened, heard: Heard) -> None:
        del event  # a click on the robot's card can only be answered in time
        if heard.parcel is not None:
            await ears.deliver(heard.parcel)

    async def read(self, request: web.Request, ears: Ears) -> Message | Click | Opened | web.Response:
        plain = await open_callback(request, self._envelope, encrypted_in_json, ears.now())
        if not isinstance(plain, str):
            return plain
        try:
            event = payloads.read_robot(_json_object(plain), robot_name=self._name, now=ears.now())
        except Malformed as malformed:
            return unreadable(request, malformed)
        return event or web.Response()

    async def filled(self, event: Message | Click | Opened) -> Message | Click | Opened:
        return await filled(event, self._aes_key) if isinstance(event, Message) else event

    async def answer(
        self, request: web.Request, ears: Ears, event: Message | Click | Opened, heard: Heard
    ) -> web.StreamResponse:
        if isinstance(event, Click):
            if heard.parcel is not None and not heard.repeat:
                self._errands.start(ears.deliver(heard.parcel))
            if heard.redraw is None:
                return web.Response()
            private = event.conversation.kind is ChatKind.PRIVATE
            card = robot_card(heard.redraw.without_picture(), event.card_ref, self._page)
            update = replies.card_update(card, only_for=event.sender.user_id if private else "")
            return self._sealed(update, request, ears)
        if heard.parcel is None:
            return web.Response()
        return await self._answer_with(request, ears, heard.parcel, welcome=isinstance(event, Opened))

    async def _answer_with(
        self, request: web.Request, ears: Ears, parcel: Parcel, *, welcome: bool
    ) -> web.StreamResponse:
        card = parcel.card
        picture = await ears.files.outgoing(card.picture) if card.picture and not welcome else None
        if card.picture and picture is None:
            card = card.without_picture()
        face = card.on(PlatformName.WECOM)
        as_card = shown_as_card(card) and picture is None
        if as_card:
            reply = replies.card_reply(robot_card(card, parcel.ref, self._page))
        elif welcome:
            reply = replies.welcome_text(wording.text_of(face))
        else:
            drawn = picture.content if picture is not None else b""
            reply = replies.stream_reply(wording.markdown_of(face), parcel.ref, drawn)
        response = self._sealed(reply, request, ears)
        try:
            await response.prepare(request)
            await response.write_eof()
        except ConnectionError:
            return response
        receipt = Receipt(form=reply["msgtype"], buttons=as_card, calls=0)
        self._errands.start(ears.delivered(parcel, receipt))
        return response

    def _sealed(self, plain: dict[str, Any], request: web.Request, ears: Ears) -> web.Response:
        timestamp, nonce = int(ears.now().timestamp()), request.query.get("nonce", "")
        return web.Response(text=self._envelope.seal_json(plain, timestamp=timestamp, nonce=nonce))


def _json_object(plain: str) -> dict[str, Any]:
    try:
        read = json.loads(plain)
    except (ValueError, RecursionError):
        raise Malformed("inner JSON") from None
    if not isinstance(read, dict):
        raise Malformed("inner JSON")
    return read
