"""From an event to its answer, in one transaction: heard once, done once, and the answer is a row before it is shown."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot import enclosures
from bot.clock import Clock
from bot.table_reader import TableReader
from cards import notices
from cards.actions import unwire
from cards.first_contact import with_first_notice
from chat.answers import Answer, Letter, Urgency
from chat.card import Card
from chat.events import ChatKind, Click, Message, Opened, PlatformName
from chat.platform import Heard
from handlers import deciding, helping, strangers, visibility
from handlers.asking import Asking, Misunderstood
from handlers.examples import examples_for
from handlers.routing import Routing
from handlers.settling import Settling
from okr.people import Person
from okr.policy import Policy
from okr.refusals import Refusal
from sheets.errors import BadTable
from sheets.table import Table
from storage import files, heard, letters, people, redraws, usage
from storage.database import Database
from storage.letters import Shown
from storage.session import Session

log = structlog.get_logger(__name__)

CARD_LIVES = timedelta(days=7)
"""Older cards are not pressed any more: a fresh one is offered."""
BEHIND = timedelta(days=1)
"""An event may be so late, repeated after an outage, and still be of its own time."""
AHEAD = timedelta(minutes=5)
"""A platform's clock may be so far ahead of ours before we use ours."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    answer: Answer
    pressed: Shown | None = None


class Dispatch:
    """`holder` names this process in claims; `policy` gives the policy in force at the moment."""

    def __init__(
        self,
        database: Database,
        routing: Routing,
        policy: Callable[[], Policy],
        holder: str,
        clock: Clock,
        settling: Settling | None = None,
    ) -> None:
        self._database = database
        self._routing = routing
        self._policy = policy
        self._holder = holder
        self._now = clock
        self._settling = settling
        self._tables = TableReader()

    async def hear(self, event: Message | Click | Opened) -> Heard:
        """Do what the event asks, once, and return what is to be shown. Raises only where nothing was done."""
        try:
            await self._note_cost(event)
            table = await self._tables.of(event)
            return await self._database.transact(lambda session: self._handle(session, event, table))
        except Exception:
            incident = secrets.token_hex(4)
            log.exception("handler_failed", incident=incident, event_id=event.event_id)
            card = notices.notice("apology", incident=incident)
            return await self._database.transact(lambda session: self._apologise(session, event, card))

    async def _handle(
        self, session: Session, event: Message | Click | Opened, table: Table | BadTable | None
    ) -> Heard:
        now = self._now()
        first, known = await heard.first_time_of(session, event.event_id, now, event.sender)
        if not first:
            return await self._again(session, event)
        policy = self._policy()
        if known is None:
            outcome = _Outcome(await strangers.answer(session, event, policy, now))
            return await self._post(session, event, outcome, None, now)
        on_board = event.sender.platform is PlatformName.BOARD
        if known.last_platform != event.sender.platform and not on_board:
            await people.used(session, known.person.id, event.sender.platform)
        at = max(now - BEHIND, min(event.at, now + AHEAD))
        asking = Asking(
            event,
            known.person,
            session,
            policy,
            at.astimezone(policy.zone),
            settling=self._settling,
            table=table,
        )
        outcome = await self._ask(asking)
        if not known.noticed:
            outcome = await self._told(asking, outcome)
        return await self._post(session, event, outcome, known.person, now)

    async def _note_cost(self, event: Message | Click | Opened) -> None:
        """A file is fetched before it is heard, and once more when the message comes again: whatever becomes of it, it has cost."""
        if not isinstance(event, Message) or event.attachment is None or not event.attachment.calls:
            return
        month = f"{self._now().astimezone(self._policy().zone):%Y-%m}"
        platform, count = str(event.sender.platform), event.attachment.calls
        await self._database.transact(lambda session: usage.spend(session, platform, month, "calls", count))

    async def _told(self, asking: Asking, outcome: _Outcome) -> _Outcome:
        """Under the first answer in a private chat stands what is kept about the person.

        A question is no place for it, nor is a draft that is worked on.
        """
        card = outcome.answer.card
        private = asking.event.conversation.kind is ChatKind.PRIVATE and not isinstance(asking.event, Click)
        platform = asking.event.sender.platform
        worked_on = card is not None and card.live and (outcome.answer.in_place or outcome.answer.restricted)
        if card is None or not private or card.asks or card.awaits or worked_on:
            return outcome
        await people.noticed(asking.session, asking.asker.id, asking.now)
        return replace(
            outcome, answer=replace(outcome.answer, card=with_first_notice(card, asking.policy, platform))
        )

    async def _ask(self, asking: Asking) -> _Outcome:
        if isinstance(asking.event, Click):
            return await self._press(asking, asking.event)
        return _Outcome(await self._in_words(asking, self._routing.answer(asking)))

    async def _in_words(self, asking: Asking, answering: Awaitable[Answer]) -> Answer:
        """The answer of the house; what the rules refuse and what was not understood are answers too."""
        try:
            return await visibility.discreet(asking, await answering)
        except Misunderstood as puzzled:
            return await visibility.discreet(asking, Answer(card=puzzled.card, restricted=puzzled.restricted))
        except Refusal as refusal:
            log.info("refused", reason=str(refusal), asker=asking.asker.id)
            eg = await examples_for(asking)
            card = notices.refusal(refusal.code, mine=eg.kr, eg=eg, **refusal.facts)
            return Answer(card=card, restricted=refusal.private)

    async def _press(self, asking: Asking, click: Click) -> _Outcome:
        """A pressed button is the command it says, if the card was shown to its presser, lately, and is not spent."""
        pressed = await letters.by_ref(asking.session, click.card_ref)
        if pressed is not None:
            if pressed.employee_id not in (None, asking.asker.id):
                await deciding.pressed_by_another(asking, pressed.card.about, unwire(click.action))
                await helping.pressed_by_another(asking, pressed.card.about, unwire(click.action))
                owner = await people.by_id(asking.session, pressed.employee_id)
                card = notices.notice("not_your_card", owner=owner.name if owner else "别人")
                return _Outcome(Answer(card=card, restricted=True))
            if asking.now - pressed.at > CARD_LIVES:
                return _Outcome(Answer(card=notices.notice("card_too_old"), in_place=True), pressed)
        say = unwire(click.action)
        if pressed is not None and pressed.card.asks and not await self._first_reply(asking, pressed):
            return _Outcome(Answer(card=notices.notice("already_answered")), pressed)
        if pressed is not None and await self._was_replaced(asking, pressed, click.action):
            return _Outcome(Answer(card=pressed.card, in_place=True), pressed)
        about = pressed.card.about if pressed is not None else ""
        answering = self._routing.command(asking.saying(say), about=about)
        return _Outcome(await self._in_words(asking, answering), pressed)

    async def _first_reply(self, asking: Asking, shown: Shown) -> bool:
        return await heard.first_time(asking.session, shown.question, asking.now)

    async def _was_replaced(self, asking: Asking, shown: Shown, action: str) -> bool:
        """Whether the button stood on a question that has been answered: a second tap finds the outcome."""
        stands = {
            button.action for face in (shown.card.face, shown.card.wecom) if face for button in face.buttons
        }
        return action not in stands and await heard.has(asking.session, f"replaced:{shown.ref}")

    async def _post(
        self,
        session: Session,
        event: Message | Click | Opened,
        outcome: _Outcome,
        asker: Person | None,
        now: datetime,
    ) -> Heard:
        """Everything that leaves becomes rows; what the gateway shows at once is returned."""
        answer, pressed = outcome.answer, outcome.pressed
        posted = bool(answer.letters)
        for letter in answer.letters:
            await letters.post(session, letter, now)
        here = pressed.ref if pressed is not None and answer.in_place else ""
        for redraw in answer.redraws:
            posted |= await redraws.post(session, redraw, now, but_not=here)
        if answer.card is None:
            return Heard(posted=posted)
        card = await files.enclose(session, answer.card, answer.files, now)
        if pressed is not None and (answer.in_place or pressed.card.asks):
            await heard.keep_redraw(session, event.event_id, card)
            if pressed.card.asks:
                await heard.first_time(session, f"replaced:{pressed.ref}", now)
            await letters.redrawn(session, pressed.id, card, touched=now)
            followed = await enclosures.post(session, pressed.id, card, event.event_id, now)
            return Heard(redraw=card, posted=posted or followed)
        # A live card keeps its buttons: on some platforms a press would spend them.
        keeps = pressed.card if pressed is not None and pressed.card.live else None
        if asker is not None and answer.restricted and event.conversation.kind is ChatKind.GROUP:
            await self._privately(session, event, asker, card, now)
            posted = True
            if isinstance(event, Click):
                return Heard(redraw=keeps, posted=posted)  # the group need not hear of a press
            card = notices.notice("sent_in_private", name=asker.name)
        employee_id = asker.id if asker else None
        parcel = await letters.post_answer(session, event, employee_id, card, now, self._holder)
        return Heard(parcel=parcel, redraw=keeps, posted=posted)

    async def _privately(
        self, session: Session, event: Message | Click | Opened, asker: Person, card: Card, now: datetime
    ) -> None:
        """Post what only the asker may see to the private chat, on the platform that was asked on."""
        private = Letter(asker.id, card, f"private:{event.event_id}", Urgency.ANSWER)
        letter_id = await letters.post(session, private, now)
        if letter_id is not None:
            await letters.address(session, letter_id, event.sender)

    async def _again(self, session: Session, event: Message | Click | Opened) -> Heard:
        """The stored answer, for a platform that repeats because it missed it."""
        return Heard(
            parcel=await letters.answer_to(session, event.event_id),
            redraw=await heard.redraw_of(session, event.event_id),
            repeat=True,
        )

    async def _apologise(self, session: Session, event: Message | Click | Opened, card: Card) -> Heard:
        now = self._now()
        if not await heard.first_time(session, event.event_id, now):
            return await self._again(session, event)
        known = await people.by_account(session, event.sender)
        return await self._post(
            session, event, _Outcome(Answer(card=card)), known.person if known else None, now
        )
