"""Delivers what is posted: patiently, once, on one platform a person, and gives up only what is refused for good."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from tenacity import RetryCallState, wait_exponential_jitter

from bot import enclosures
from bot.bundles import bundled, in_turns
from bot.clock import Clock
from chat.answers import Urgency
from chat.card import Card
from chat.errors import DeliveryFailed, Rejected, Unreachable
from chat.events import Account, PlatformName
from chat.platform import Parcel, Platform, Receipt
from okr.policy import Policy
from scheduler.sending import Drop, Fold, Go, Sending, Wait
from storage import files, letters, people, reminded, usage
from storage.database import Database
from storage.letters import Waiting
from storage.session import Session

log = structlog.get_logger(__name__)

BATCH = 100
IDLE = 1.0
"""Seconds between two looks at the database when nobody says that something was posted."""
PATIENCE = timedelta(hours=72)
"""What could not be delivered for so long is given up."""
FEWEST_TRIES = 8
"""More than an hour of them: what had to wait days for its window has been tried for minutes only."""
BACK_OFF = wait_exponential_jitter(multiplier=2, max=900, exp_base=3, jitter=2)
"""Seconds before the next attempt: 2, 6, 18 … a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A parcel that has arrived and is to be noted down; `noted` ends with the commit."""

    parcel: Parcel
    receipt: Receipt
    at: datetime
    noted: asyncio.Future[None]


class Postman:
    """`platforms` by name; `holder` names this process in claims."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[PlatformName, Platform],
        policy: Callable[[], Policy],
        holder: str,
        clock: Clock,
        sending: Sending,
    ) -> None:
        self._sending = sending
        self._database = database
        self._platforms = platforms
        self._policy = policy
        self._holder = holder
        self._now = clock
        self._wake = asyncio.Event()
        self._shown: list[_Shown] = []
        self._noting: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Something has been posted."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver what is due until cancelled; what is under way is finished or stays a row."""
        while True:
            try:
                busy = await self.round()
            except Exception:
                log.exception("postman_stumbled")
                busy = False
            if not busy:
                await self._rest()

    async def round(self) -> bool:
        """One claim and its deliveries; true where there may be more."""
        now = self._now()
        claimed = await self._database.transact(
            lambda session: letters.claim(session, now, self._holder, BATCH)
        )
        for lot in in_turns(claimed):
            if self._now() - now > letters.CLAIM / 2:
                # Others may take them before long: who comes last in the turns waits for the next claim.
                await self._put_back(lot)
                continue
            prepared = await asyncio.gather(*(self._prepare(waiting) for waiting in lot))
            ready = [waiting for waiting in prepared if waiting is not None]
            await asyncio.gather(*(self._carry(bundle) for bundle in bundled(ready, self._at_once)))
        return len(claimed) >= BATCH

    async def _put_back(self, some: Sequence[Waiting]) -> None:
        async def release(session: Session) -> None:
            for waiting in some:
                await letters.try_later(session, waiting.parcel.id, self._now(), "")

        await self._database.transact(release)

    def _at_once(self, platform: PlatformName, card: Card) -> int:
        return self._platforms[platform].at_once(card)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(IDLE):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    # --- one parcel ---

    async def deliver(self, parcel: Parcel, employee_id: int | None = None) -> None:
        """Try a parcel that has been claimed; what fails stays a row. Never raises."""
        try:
            receipt = await self._platforms[parcel.platform].deliver(parcel)
        except DeliveryFailed as failure:
            await self._failed(parcel, failure, employee_id)
        except Exception as mistake:
            log.exception("delivery_broke", letter=parcel.id)
            await self._failed(parcel, Unreachable(f"{type(mistake).__name__}: {mistake}"), employee_id)
        else:
            await self.delivered(parcel, receipt)

    async def delivered(self, parcel: Parcel, receipt: Receipt) -> None:
        """Record that the person sees it, and what it cost. Returns after the commit."""
        noted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._shown.append(_Shown(parcel, receipt, self._now(), noted))
        if self._noting is None:
            self._noting = asyncio.create_task(self._note_all())
        await noted

    async def _note_all(self) -> None:
        """Note within `SOON`, for a crash in between shows the answer again; what gathers shares a commit."""
        while self._shown:
            noted: list[asyncio.Future[None]] = [one.noted for one in self._shown]

            def gather() -> Callable[[Session], Coroutine[Any, Any, bool]]:
                nonlocal noted
                together, self._shown = self._shown, []
                noted = [one.noted for one in together]
                return partial(self._note, together=together)

            try:
                followed = await self._database.along(gather)
            except Exception as error:  # noqa: BLE001  # each deliverer gets it
                self._shown = [one for one in self._shown if one.noted not in noted]
                for waiting in noted:
                    if not waiting.done():
                        waiting.set_exception(error)
            else:
                if followed:
                    self.wake()
                for waiting in noted:
                    if not waiting.done():
                        waiting.set_result(None)
        self._noting = None

    async def _note(self, session: Session, together: Sequence[_Shown]) -> bool:
        """What is shown is noted, and what follows it is posted with that: whether anything does."""
        followed = False
        calls: Counter[tuple[str, str, str]] = Counter()
        await letters.sent(session, [(one.parcel.id, one.receipt, one.at) for one in together])
        zone = self._policy().zone
        for one in together:
            month = f"{one.at.astimezone(zone):%Y-%m}"
            calls[str(one.parcel.platform), month, "calls"] += one.receipt.calls
            if one.parcel.route.get("webhook"):
                # The words of who asked, and what went back by their own address: both are pushes.
                calls[str(one.parcel.platform), month, "pushes"] += 1 if one.receipt.form == "card" else 2
            followed |= await self._follow(session, one)
        for (platform, month, what), count in calls.items():
            if count:
                await usage.spend(session, platform, month, what, count)
        return followed

    async def _follow(self, session: Session, shown: _Shown) -> bool:
        parcel, rest = shown.parcel, shown.receipt.rest
        if rest is not None:
            await letters.follow(session, parcel.id, rest, f"rest:{parcel.ref}", shown.at)
            return True
        return await enclosures.post(session, parcel.id, parcel.card, parcel.ref, shown.at)

    async def _prepare(self, waiting: Waiting) -> Waiting | None:
        """The letter with its platform and account, as it is to go now; None where it does not."""
        now, parcel = waiting.as_of or self._now(), waiting.parcel
        if waiting.expires_at is not None and waiting.expires_at < now:
            await self._close(parcel.id, "dropped", "expired")
            return None
        if waiting.urgency is not Urgency.ANSWER and (
            waiting.employee_id is not None or waiting.mark is not None
        ):
            allowed = await self._allowed(waiting, now)
            if allowed is None:
                return None
            waiting, parcel = allowed, allowed.parcel
        if parcel.to is None and parcel.conversation is None:
            found = await self._address(waiting)
            if found is None:
                return None
            parcel = found
        if parcel.platform not in self._platforms:
            await self._close(parcel.id, "dead", f"{parcel.platform} is not enabled")
            return None
        return replace(waiting, parcel=parcel)

    async def _carry(self, bundle: Sequence[Waiting]) -> None:
        """Deliver a letter, or equal ones in one call; what came of each is noted by itself. Never raises."""
        first, *others = bundle
        if not others:
            await self.deliver(first.parcel, first.employee_id)
            return
        parcels = [waiting.parcel for waiting in bundle]
        outcomes: Mapping[int, Receipt | DeliveryFailed]
        try:
            outcomes = await self._platforms[first.parcel.platform].deliver_alike(parcels)
        except Rejected as refusal:
            # Whom of them it does not want is not said.
            log.warning("bundle_refused", letters=len(bundle), code=refusal.code, reason=refusal.reason)
            await asyncio.gather(*(self.deliver(one.parcel, one.employee_id) for one in bundle))
            return
        except DeliveryFailed as failure:
            outcomes = _for_all(failure, parcels)
        except Exception as mistake:
            log.exception("delivery_broke", letter=first.parcel.id)
            outcomes = _for_all(Unreachable(f"{type(mistake).__name__}: {mistake}"), parcels)
        await asyncio.gather(*(self._note_outcome(one, outcomes[one.parcel.id]) for one in bundle))

    async def _note_outcome(self, waiting: Waiting, outcome: Receipt | DeliveryFailed) -> None:
        if isinstance(outcome, Receipt):
            await self.delivered(waiting.parcel, outcome)
        else:
            await self._failed(waiting.parcel, outcome, waiting.employee_id)

    async def _allowed(self, waiting: Waiting, now: datetime) -> Waiting | None:
        """The letter as it is to go now; None where it waits, is folded into a digest, or has lost its point."""
        letter_id = waiting.parcel.id
        # Beside the writers: looking at the cause again may take a while, and people chat meanwhile.
        verdict = await self._database.read(
            lambda session: self._sending.judge(session, waiting, now, self._policy())
        )
        if verdict == Go():
            return waiting

        async def settle(session: Session) -> Waiting | None:
            match verdict:
                case Wait(until):
                    await letters.wait_until(session, letter_id, until)
                case Drop(reason):
                    await letters.close(session, letter_id, "dropped", reason)
                case Fold(reason):
                    await reminded.fold(session, letter_id, reason)
                case Go(card, mark, shown) if card is not None and mark is not None:
                    card = await files.enclose(session, card, shown, now)
                    await reminded.refresh(session, letter_id, card, mark)
                    return replace(waiting, parcel=replace(waiting.parcel, card=card))
            return None

        return await self._database.transact(settle)

    async def _address(self, waiting: Waiting) -> Parcel | None:
        """Choose the account a letter for an employee goes to; a person without one is looked for again later."""
        letter_id, employee_id = waiting.parcel.id, waiting.employee_id

        async def choose(session: Session) -> Account | None:
            accounts = await people.channels_of(session, employee_id) if employee_id is not None else ()
            chosen = next((account for account in accounts if account.platform in self._platforms), None)
            if chosen is not None:
                await letters.address(session, letter_id, chosen)
            return chosen

        account = await self._database.transact(choose)
        if account is None:
            await self._failed(waiting.parcel, Unreachable("no account on an enabled platform"), None)
            return None
        return replace(waiting.parcel, platform=account.platform, to=account)

    async def _failed(self, parcel: Parcel, failure: DeliveryFailed, employee_id: int | None) -> None:
        now = self._now()
        reason = f"{failure.code} {failure.reason}".strip()
        patient = now - parcel.at < PATIENCE or parcel.attempt < FEWEST_TRIES
        if isinstance(failure, Unreachable) and patient:
            wait = failure.after or timedelta(seconds=_back_off(parcel.attempt))
            log.warning("delivery_later", letter=parcel.id, attempt=parcel.attempt, reason=reason)
            await self._database.transact(
                lambda session: letters.try_later(session, parcel.id, now + wait, reason)
            )
        elif parcel.route.get("redraws"):
            # It shows the outcome at its next press all the same.
            log.warning("redraw_given_up", letter=parcel.id, reason=reason)
            await self._close(parcel.id, "dropped", reason)
        elif not (
            isinstance(failure, Rejected) and await self._other_platform(parcel, employee_id, reason, now)
        ):
            log.error("delivery_given_up", letter=parcel.id, reason=reason)
            await self._close(parcel.id, "dead", reason)

    async def _other_platform(
        self, parcel: Parcel, employee_id: int | None, reason: str, now: datetime
    ) -> bool:
        """Send a refused letter by the person's other platform; false where there is none left."""
        if employee_id is None or parcel.conversation is not None or parcel.to is None:
            return False

        async def turn(session: Session) -> bool:
            accounts = await people.channels_of(session, employee_id)
            others = [
                account
                for account in accounts
                if account.platform != parcel.platform and account.platform in self._platforms
            ]
            if not others or await letters.was_refused(session, parcel.id):
                return False
            await letters.address(session, parcel.id, others[0])
            await letters.try_later(session, parcel.id, now, f"refused: {reason}")
            return True

        return await self._database.transact(turn)

    async def _close(self, letter_id: int, state: str, reason: str) -> None:
        await self._database.transact(lambda session: letters.close(session, letter_id, state, reason))


def _for_all(failure: DeliveryFailed, parcels: Sequence[Parcel]) -> Mapping[int, DeliveryFailed]:
    """One wait for all of them, so that they go together again."""
    after = failure.after if isinstance(failure, Unreachable) else None
    wait = after or timedelta(seconds=_back_off(max(parcel.attempt for parcel in parcels)))
    return dict.fromkeys(
        (parcel.id for parcel in parcels), Unreachable(failure.reason, code=failure.code, after=wait)
    )


def _back_off(attempt: int) -> float:
    state = RetryCallState(None, None, (), {})  # type: ignore[arg-type]  # only its attempt's number is read
    state.attempt_number = max(1, attempt)
    return BACK_OFF(state)
