"""Showing a card by the best way that is open: interactive card, action card, Markdown, plain text.

An answer goes by the webhook that came with the question, while it lives, which costs no API call; everything else by
the API. A form that is refused is followed by a plainer one; a receiver that is refused, or a platform that cannot be
reached, is for the postman to deal with.

A picture stands in the Markdown of every form: by its address on our own server, which costs no call, or uploaded. What
cannot be shown is said in words.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import structlog

from bot.dingtalk import errcodes, forms
from bot.dingtalk.api import MOST_AT_ONCE, DingTalkApi, Posted
from chat.card import Card
from chat.errors import DeliveryFailed, Rejected, Unreachable
from chat.events import ChatKind
from chat.files import Files, Outgoing
from chat.platform import Parcel, Receipt
from config.settings import DingTalk

log = structlog.get_logger("dingtalk")

WITHOUT_CARDS = 600.0
"""Seconds for which no card is tried after the template or the permission for it was refused."""
CHANNEL = "dingtalk"
UPLOADED = 24 * 3600.0
"""Seconds for which an upload is used again; how long the platform keeps it is not documented."""
REMEMBERED = 5_000
"""Sent cards and messages whose quotes are recognised."""

Form = Literal["action_card", "markdown", "text"]

_SAMPLES: Mapping[Form, Callable[[Card], forms.Sample]] = {
    "action_card": forms.sample_action_card,
    "markdown": forms.sample_markdown,
    "text": forms.sample_text,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parcel goes: a group, or a person's private chat; and the webhook, while it lives."""

    group: str = ""
    user_id: str = ""
    webhook: str = ""


class Delivery:
    def __init__(self, api: DingTalkApi, settings: DingTalk) -> None:
        self._api = api
        self._template = settings.card_template_id
        self._robot_code = settings.robot_code or settings.client_id
        self._no_cards_until = 0.0
        self._refs: OrderedDict[str, str] = OrderedDict()
        self._undeliverable: OrderedDict[str, None] = OrderedDict()

    def card_of(self, key: str, user_id: str) -> str:
        """Our reference of what the platform knows by this key, as this person got it; empty where that is forgotten."""
        return self._refs.get(_own(key, user_id)) or self._refs.get(key, "")

    async def deliver(self, parcel: Parcel, now: datetime, files: Files) -> Receipt:
        """Raises Unreachable or Rejected."""
        if ref := parcel.route.get("redraws", ""):
            await self.redraw(ref, parcel.card)
            return Receipt("card", buttons=True)
        place = _place(parcel, now)
        calls = 0
        if parcel.card.file:
            return await self._send_file(parcel, place, files)
        if parcel.card.picture:
            parcel, calls = await self._with_picture(parcel, place, files)
        if self._as_card(parcel, place):
            calls += 1
            if await self._show_card(parcel, place):
                return Receipt("card", buttons=True, calls=calls)
        return await self._as_message(parcel, place, calls)

    async def redraw(self, ref: str, card: Card) -> None:
        """Give a shown card another face. Raises Unreachable or Rejected."""
        await self._api.update_card(ref, forms.card_update(card))

    async def linked(self, card: Card, files: Files) -> Card:
        """A card that is about to be redrawn: its picture by its address, or words in its place."""
        picture = await files.outgoing(card.picture) if card.picture else None
        if picture is not None and picture.address:
            return replace(card, picture=picture.address)
        return card.without_picture()

    # --- pictures and files -----------------------------------------------------------------------

    async def _with_picture(self, parcel: Parcel, place: Place, files: Files) -> tuple[Parcel, int]:
        """The parcel with what stands for its picture in Markdown, and how many calls that took."""
        card = parcel.card
        shown, calls = "", 0
        picture = await files.outgoing(card.picture)
        if picture is not None:
            shown = picture.address
            if not shown:
                shown, calls = await self._uploaded(picture, "image", place, files)
        return replace(parcel, card=replace(card, picture=shown) if shown else card.without_picture()), calls

    async def _uploaded(self, file: Outgoing, kind: str, place: Place, files: Files) -> tuple[str, int]:
        """The media id, empty where the platform does not take the file, and how many calls that took."""
        known = await files.uploaded(file.ref, CHANNEL)
        if known:
            return known, 0
        try:
            media_id = await self._api.upload(file, kind)
        except Rejected as refusal:
            log.warning("upload_refused", code=refusal.code, reason=refusal.reason, bytes=len(file.content))
            return "", 1
        except Unreachable as failure:
            # With no calls left this month, the webhook still brings the words.
            if failure.code in errcodes.API_QUOTA and place.webhook:
                return "", 0
            raise
        await files.keep_upload(file.ref, CHANNEL, media_id, UPLOADED)
        return media_id, 1

    async def _send_file(self, parcel: Parcel, place: Place, files: Files) -> Receipt:
        """As a file where the robot may send this kind, else as a link, else in words."""
        card, calls = parcel.card, 0
        file = await files.outgoing(card.file)
        kind = file.name.rpartition(".")[2].lower() if file is not None else ""
        if file is not None and kind in forms.FILE_KINDS:
            media_id, calls = await self._uploaded(file, "file", place, files)
            if media_id:
                calls += 1
                refusal = await self._sent(parcel, place, forms.sample_file(media_id, file.name, kind))
                if refusal is None:
                    # There is nothing to choose: an earlier message keeps its numbers.
                    return Receipt("file", buttons=True, calls=calls)
                if refusal.receiver:
                    raise refusal
                log.warning("file_refused", code=refusal.code, reason=refusal.reason)
        address = file.address if file is not None else ""
        card = replace(card, file=address, in_words=None) if address else card.without_picture()
        return await self._as_message(replace(parcel, card=card), place, calls)

    # --- the interactive card ---------------------------------------------------------------------

    def _as_card(self, parcel: Parcel, place: Place) -> bool:
        """A card costs an API call: worth it where a press must redraw it, and for everything unasked with a choice.

        That a card shows an uploaded picture as messages do is not documented.
        """
        card = parcel.card
        asked = bool(place.webhook)
        return (
            bool(card.face.buttons and (place.group or place.user_id))
            and (card.live or not asked)
            and (not card.picture or card.picture.startswith("http"))
            and parcel.ref not in self._undeliverable
            and asyncio.get_running_loop().time() >= self._no_cards_until
        )

    async def _show_card(self, parcel: Parcel, place: Place) -> bool:
        """Whether it stands; false where another form should be tried."""
        body = forms.card_creation(
            parcel.card,
            parcel.ref,
            template=self._template,
            robot_code=self._robot_code,
            user_id=place.user_id,
            group=place.group,
        )
        try:
            self._remember(await self._api.create_card(body), parcel.ref)
        except Rejected as refusal:
            if refusal.receiver:
                raise
            if errcodes.of_the_template(refusal):
                self._no_cards_until = asyncio.get_running_loop().time() + WITHOUT_CARDS
            elif refusal.code == errcodes.UNDELIVERED:
                # The platform keeps the reference: another attempt would be told that the card is there.
                self._undeliverable[parcel.ref] = None
                _forget_oldest(self._undeliverable)
            log.warning("card_refused", ref=parcel.ref, code=refusal.code, reason=refusal.reason)
            return False
        except Unreachable as failure:
            # With no calls left this month, the webhook still answers.
            if failure.code in errcodes.API_QUOTA and place.webhook:
                return False
            raise
        return True

    # --- equal content for many -------------------------------------------------------------------

    def at_once(self, card: Card) -> int:
        """An interactive card is one person's, and what shows a picture is uploaded once and used by turns."""
        return 1 if card.live or card.picture or card.file else MOST_AT_ONCE

    async def deliver_alike(self, parcels: Sequence[Parcel]) -> Mapping[int, Receipt | DeliveryFailed]:
        """In the best form that is no card. Raises Unreachable or Rejected where nobody has got it."""
        card = parcels[0].card
        users = {parcel.id: parcel.to.user_id for parcel in parcels if parcel.to is not None}
        for calls, form in enumerate(_forms(card, Place()), 1):
            message = forms.message_body(self._robot_code, _SAMPLES[form](card))
            try:
                posted = await self._api.send_to_people(list(users.values()), message)
            except Rejected as refusal:
                if form == "text" or not errcodes.of_the_form(refusal):
                    raise
            else:
                return self._each(parcels, users, posted, form, calls)
        raise Rejected("no form was accepted", code="no form")

    def _each(
        self, parcels: Sequence[Parcel], users: Mapping[int, str], posted: Posted, form: Form, calls: int
    ) -> Mapping[int, Receipt | DeliveryFailed]:
        """What came of each; the first who got it bears what all of it cost."""
        outcomes: dict[int, Receipt | DeliveryFailed] = {}
        for parcel in parcels:
            failure = posted.failure_of(users[parcel.id])
            if failure is None:
                self._remember(_own(posted.key, users[parcel.id]), parcel.ref)
                outcomes[parcel.id] = Receipt(form, buttons=form == "action_card", calls=calls)
                calls = 0
            else:
                outcomes[parcel.id] = failure
        return outcomes

    # --- messages ---------------------------------------------------------------------------------

    async def _as_message(self, parcel: Parcel, place: Place, calls: int) -> Receipt:
        for form in _forms(parcel.card, place):
            if form == "text" and parcel.card.picture:
                parcel = replace(parcel, card=parcel.card.without_picture())
            if place.webhook:
                refusal = await self._by_webhook(parcel, place, form)
                if refusal is None:
                    return Receipt(form, buttons=form == "action_card", calls=calls)
                if errcodes.of_the_form(refusal) and form != "text":
                    continue
                place = replace(place, webhook="")
            calls += 1
            refusal = await self._by_api(parcel, place, form)
            if refusal is None:
                return Receipt(form, buttons=form == "action_card", calls=calls)
            if form == "text" or not errcodes.of_the_form(refusal):
                raise refusal
        raise Rejected("no form was accepted", code="no form")

    async def _by_webhook(self, parcel: Parcel, place: Place, form: Form) -> Rejected | None:
        card = parcel.card
        message = (
            forms.session_action_card(card)
            if form == "action_card"
            else forms.session_text(card)
            if form == "text"
            else forms.session_markdown(card, mention=place.user_id if place.group else "")
        )
        try:
            await self._api.post_session(place.webhook, message)
        except Rejected as refusal:
            log.info("webhook_refused", ref=parcel.ref, code=refusal.code, form=form)
            return refusal
        return None

    async def _by_api(self, parcel: Parcel, place: Place, form: Form) -> Rejected | None:
        return await self._sent(parcel, place, _SAMPLES[form](parcel.card))

    async def _sent(self, parcel: Parcel, place: Place, sample: forms.Sample) -> Rejected | None:
        message = forms.message_body(self._robot_code, sample)
        try:
            if place.group:
                key = await self._api.send_to_group(place.group, message)
            elif place.user_id:
                posted = await self._api.send_to_people([place.user_id], message)
                if failure := posted.failure_of(place.user_id):
                    raise failure
                key = posted.key
            else:
                return Rejected("somebody of another company", code="no userId", receiver=True)
        except Rejected as refusal:
            return refusal
        self._remember(key, parcel.ref)
        return None

    def _remember(self, key: str, ref: str) -> None:
        if key:
            self._refs[key] = ref
            _forget_oldest(self._refs)


def _own(key: str, user_id: str) -> str:
    """One person's copy of a message that went to many."""
    return f"{key} {user_id}" if key else ""


def _forget_oldest(remembered: OrderedDict[str, Any]) -> None:
    if len(remembered) > REMEMBERED:
        remembered.popitem(last=False)


def _place(parcel: Parcel, now: datetime) -> Place:
    """An answer goes back where the question was asked; a letter to its person or group."""
    route, chat = parcel.route, parcel.conversation
    group = chat.id if chat is not None and chat.kind is ChatKind.GROUP else ""
    user_id = route.get("user") or (parcel.to.user_id if parcel.to is not None else "")
    if chat is not None and not group and parcel.to is None:
        user_id = user_id or chat.id
    alive = int(route.get("webhook_until") or 0) > now.timestamp() * 1000
    return Place(group, user_id, route.get("webhook", "") if alive else "")


def _forms(card: Card, place: Place) -> tuple[Form, ...]:
    """In groups no button may speak for somebody: it is not sure that the bot would hear it."""
    if forms.can_speak(card) and not place.group:
        return ("action_card", "markdown", "text")
    return ("markdown", "text")
