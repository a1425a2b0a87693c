"""The app's callback address: what people do in the private chat comes in, and most answers go straight back.

WeCom waits 5 seconds and then repeats up to three times. What is heard in time is answered in the response
itself, which costs no call; what takes longer, and cards that are redrawn later, go out by the API.
Sources: developer.work.weixin.qq.com 90238, 90241.
"""

from __future__ import annotations

import structlog
from aiohttp import web

from bot.errands import Errands
from bot.wecom import payloads, replies, template_cards, wording
from bot.wecom.api import WeComApi
from bot.wecom.callbacks import open_callback, serve, unreadable, verify_address
from bot.wecom.crypto import Envelope, Malformed, encrypted_in_xml
from chat.card import Card
from chat.errors import DeliveryFailed
from chat.events import Click, Message, Opened, PlatformName
from chat.platform import Ears, Heard, Parcel, Receipt

PATIENCE = 4.0
"""Seconds to hear an event in, of the 5 that WeCom waits."""
PRESSED = "已收到"
"""Stands on a pressed card's spent button where the card has no new face."""

log = structlog.get_logger("wecom")


def answered_as_text(card: Card) -> bool:
    """Whether a passive text will do: nothing will be redrawn, nothing waits for a button, and there is no picture."""
    return not (card.picture or ((card.live or card.asks) and card.on(PlatformName.WECOM).buttons))


class AppGateway:
    def __init__(
        self,
        api: WeComApi,
        envelope: Envelope,
        *,
        corp_id: str,
        errands: Errands,
        patience: float = PATIENCE,
        page: str = template_cards.HOME,
    ) -> None:
        self._api = api
        self._envelope = envelope
        self._corp_id = corp_id
        self._errands = errands
        self._patience = patience
        self._page = page
        self.ears: Ears | None = None

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/wecom/app", self._verify), web.post("/wecom/app", self._callback)]

    async def _verify(self, request: web.Request) -> web.Response:
        if self.ears is None:
            return web.Response(status=503)
        return await verify_address(request, self._envelope, self.ears.now())

    async def _callback(self, request: web.Request) -> web.StreamResponse:
        return await serve(request, self.ears, self, self._errands, self._patience)

    async def read(self, request: web.Request, ears: Ears) -> Message | Click | Opened | web.Response:
        xml = await open_callback(request, self._envelope, encrypted_in_xml, ears.now())
        if not isinstance(xml, str):
            return xml
        try:
            event = payloads.read_app(xml)
        except Malformed as malformed:
            return unreadable(request, malformed)
        if event is None:
            if changes := payloads.read_changes(xml):
                await ears.changed(changes)  # what is not kept is no success, and comes again
            return web.Response()
        return event

    async def filled(self, event: Message | Click | Opened) -> Message | Click | Opened:
        """An app is sent no files."""
        return event

    # --- in time: in the response ---------------------------------------------------------------

    async def answer(
        self, request: web.Request, ears: Ears, event: Message | Click | Opened, heard: Heard
    ) -> web.StreamResponse:
        if isinstance(event, Click):
            if heard.parcel is not None and not heard.repeat:
                self._errands.start(ears.deliver(heard.parcel))
            return self._sealed(self._redrawn(event, heard.redraw, ears), request, ears)
        parcel = heard.parcel
        if parcel is None:
            return web.Response()
        if not answered_as_text(parcel.card):
            if not heard.repeat:
                self._errands.start(ears.deliver(parcel))
            return web.Response()
        return await self._answer_with_text(request, ears, event.sender.user_id, parcel)

    async def _answer_with_text(
        self, request: web.Request, ears: Ears, user_id: str, parcel: Parcel
    ) -> web.StreamResponse:
        face = parcel.card.on(PlatformName.WECOM)
        at = int(ears.now().timestamp())
        reply = replies.text_reply(wording.text_of(face), user_id=user_id, corp_id=self._corp_id, at=at)
        response = self._sealed(reply, request, ears)
        try:
            await response.prepare(request)
            await response.write_eof()
        except ConnectionError:
            # WeCom hung up: it repeats, or the answer goes out as the letter that it still is.
            return response
        receipt = Receipt(form="text", buttons=False, calls=0)
        self._errands.start(ears.delivered(parcel, receipt))
        return response

    def _redrawn(self, click: Click, redraw: Card | None, ears: Ears) -> str:
        user_id, at = click.sender.user_id, int(ears.now().timestamp())
        if redraw is None:
            return replies.update_button_reply(PRESSED, user_id=user_id, corp_id=self._corp_id, at=at)
        return replies.update_card_reply(
            self._card(redraw, click.card_ref), user_id=user_id, corp_id=self._corp_id, at=at
        )

    def _sealed(self, plain: str, request: web.Request, ears: Ears) -> web.Response:
        timestamp, nonce = int(ears.now().timestamp()), request.query.get("nonce", "")
        sealed = self._envelope.seal_xml(plain, timestamp=timestamp, nonce=nonce)
        return web.Response(text=sealed, content_type="text/xml")

    # --- too late for the response: by the API --------------------------------------------------

    async def answer_late(self, ears: Ears, event: Message | Click | Opened, heard: Heard) -> None:
        if heard.redraw is not None and isinstance(event, Click):
            try:
                card = self._card(heard.redraw, event.card_ref)
                await self._api.update_card(event.route["response_code"], event.sender.user_id, card)
            except DeliveryFailed as failure:
                log.warning(
                    "card not redrawn", task_id=event.card_ref, code=failure.code, reason=failure.reason
                )
        if heard.parcel is not None:
            await ears.deliver(heard.parcel)

    def _card(self, card: Card, ref: str) -> dict[str, object]:
        face = card.without_picture().on(PlatformName.WECOM)
        return template_cards.template_card(face, ref, template_cards.APP, page=self._page)
