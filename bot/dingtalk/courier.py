"""How a parcel is shown: the best form its receiver can get, one step down where the platform refuses a form.

An interactive card (buttons that redraw it) → an action card (buttons that say their command) → Markdown with
the choices written out. An answer goes by the address that came with the message, which costs no API call
and waits for no token; where that has expired, and for letters, the robot's APIs are used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.dingtalk import cards, errcodes
from bot.dingtalk.api import DingTalkApi
from chat.card import Face
from chat.errors import Rejected, Unreachable
from chat.events import ChatKind
from chat.platform import Parcel, Receipt

WITHOUT_CARDS = 300.0
"""Seconds in which no card is tried after the template or the permission was found missing."""
_MARGIN = 60.0
"""Seconds before the end of a session at which its address is not trusted any more."""
_REMEMBERED = 1000

log = structlog.get_logger("dingtalk")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a parcel goes: `group_id` or `user_id`, and the session's address while it is good."""

    user_id: str
    group_id: str
    webhook: str


class Courier:
    """`now` is the edge's clock: it tells whether a session has expired."""

    def __init__(
        self, api: DingTalkApi, *, robot_code: str, template_id: str, now: Callable[[], datetime | None]
    ) -> None:
        self._api = api
        self._robot_code = robot_code
        self._template_id = template_id
        self._now = now
        self._cards_from = 0.0
        self._undeliverable: dict[str, None] = {}

    async def deliver(self, parcel: Parcel) -> Receipt:
        """Raises Unreachable or Rejected."""
        face = cards.face_of(parcel.card)
        place = self._place(parcel)
        if not (place.user_id or place.group_id or place.webhook):
            raise Rejected("DingTalk gives no address of this person", code="no way", receiver=True)
        refused = 0
        if self._wants_card(parcel, face, place):
            receipt = await self._by_card(parcel, face, place)
            if receipt is not None:
                return receipt
            refused = 1
        if place.webhook:
            receipt = await self._by_session(face, place, refused)
            if receipt is not None:
                return receipt
        return await self._by_robot(face, place, refused)

    def _place(self, parcel: Parcel) -> _Place:
        chat, route = parcel.conversation, parcel.route
        in_group = chat is not None and chat.kind is ChatKind.GROUP
        user_id = parcel.to.user_id if parcel.to is not None else ""
        if chat is not None and not in_group and parcel.to is None:
            user_id = chat.id
        webhook = route.get("webhook", "")
        if webhook and self._expired(route.get("expires", "0"), parcel.at):
            webhook = ""
        return _Place(user_id, chat.id if chat is not None and in_group else "", webhook)

    def _expired(self, expires: str, at: datetime) -> bool:
        milliseconds = int(expires) if expires.isdecimal() else 0
        now = self._now() or at
        return milliseconds > 0 and now.timestamp() + _MARGIN > milliseconds / 1000

    # --- an interactive card --------------------------------------------------------------------

    def _wants_card(self, parcel: Parcel, face: Face, place: _Place) -> bool:
        """Letters need buttons that come back; an answer needs them only where it is redrawn when pressed."""
        answers = parcel.conversation is not None and parcel.to is not None
        return (
            cards.fits_card(face)
            and (parcel.card.live or not answers)
            and bool(place.user_id or place.group_id)
            and parcel.ref not in self._undeliverable
            and asyncio.get_running_loop().time() >= self._cards_from
        )

    async def _by_card(self, parcel: Parcel, face: Face, place: _Place) -> Receipt | None:
        """None where this form was refused, but perhaps not the next."""
        body = cards.delivery(
            face,
            parcel.ref,
            template_id=self._template_id,
            robot_code=self._robot_code,
            user_id=place.user_id,
            group_id=place.group_id,
        )
        try:
            await self._api.deliver_card(body)
        except Rejected as refusal:
            if refusal.code == errcodes.CARD_EXISTS:
                # An earlier attempt got through and its answer was lost: the card is there.
                return Receipt(form="card", buttons=True)
            if refusal.receiver and not place.webhook:
                raise
            self._note(parcel, refusal)
            return None
        except Unreachable as failed:
            # A spent quota may stay so for weeks: an answer still has a way that needs none.
            if not (place.webhook and errcodes.quota_is_spent(failed)):
                raise
            return None
        return Receipt(form="card", buttons=True)

    def _note(self, parcel: Parcel, refusal: Rejected) -> None:
        log.warning("card refused", ref=parcel.ref, code=refusal.code, reason=refusal.reason)
        if errcodes.of_every_card(refusal):
            self._cards_from = asyncio.get_running_loop().time() + WITHOUT_CARDS
        elif refusal.code == "undelivered":
            # The platform keeps the reference, so that a later attempt would look like a success.
            self._undeliverable[parcel.ref] = None
            if len(self._undeliverable) > _REMEMBERED:
                del self._undeliverable[next(iter(self._undeliverable))]

    # --- by the session's address ---------------------------------------------------------------

    async def _by_session(self, face: Face, place: _Place, refused: int) -> Receipt | None:
        """None where the session has ended and there is another way."""
        # Whether the bot is mentioned by what a group's action card sends is not known: there it stays words.
        try:
            if not place.group_id and cards.fits_action_card(face):
                body = {"msgtype": "actionCard", "actionCard": cards.action_card(face)}
                try:
                    await self._api.answer(place.webhook, body)
                    return Receipt(form="action_card", buttons=True, calls=refused)
                except Rejected as refusal:
                    if refusal.receiver or errcodes.session_is_spent(refusal):
                        raise
                    log.warning("action card refused", code=refusal.code, reason=refusal.reason)
            text = cards.markdown(face, choices=True)
            await self._api.answer(place.webhook, {"msgtype": "markdown", "markdown": text})
        except Rejected as refusal:
            if not errcodes.session_is_spent(refusal):
                raise
            if not (place.user_id or place.group_id):
                raise Rejected(refusal.reason, code=refusal.code, receiver=True) from None
            return None
        return Receipt(form="markdown", buttons=False, calls=refused)

    # --- by the robot's APIs --------------------------------------------------------------------

    async def _by_robot(self, face: Face, place: _Place, refused: int) -> Receipt:
        text = cards.markdown(face, choices=True)
        if place.group_id:
            await self._api.send_group(self._robot_code, place.group_id, "sampleMarkdown", text)
            return Receipt(form="markdown", buttons=False, calls=refused + 1)
        if cards.fits_action_card(face):
            key, param = cards.sample_action_card(face)
            try:
                await self._api.send_private(self._robot_code, place.user_id, key, param)
                return Receipt(form="action_card", buttons=True, calls=refused + 1)
            except Rejected as refusal:
                if refusal.receiver:
                    raise
                log.warning("action card refused", code=refusal.code, reason=refusal.reason)
                refused += 1
        await self._api.send_private(self._robot_code, place.user_id, "sampleMarkdown", text)
        return Receipt(form="markdown", buttons=False, calls=refused + 1)
