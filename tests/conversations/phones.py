"""One person's phone on one gateway: say, press, and read what comes back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sandbox.cast import CAST, OUTSIDER_DINGTALK, OUTSIDER_WECOM
from sandbox.stage import Stage
from sandbox.transcript import BOT, Bubble, Transcript
from storage.session import Session
from tests.conversations.script import says

PATIENCE = 30.0
QUIET = 0.3
CALM = 2.0
"""Seconds: what cannot be delivered is not waited for any longer."""
GATEWAYS = ("dingtalk", "wecom-app", "wecom-robot", "wecom-robot-url")
PRIVATE = ("dingtalk", "wecom-app", "wecom-robot")
"""One for each private chat that somebody may have with the bot."""


@dataclass
class Phone:
    """`gateway` is one of GATEWAYS; `who` a name of the cast, or 陌生人."""

    stage: Stage
    gateway: str
    who: str
    opened: str = ""
    """The id of the letter that is pressed next; nothing: the newest bubble."""

    @property
    def platform(self) -> str:
        return self.gateway.partition("-")[0]

    @property
    def transcript(self) -> Transcript:
        return self.stage.dingtalk.transcript if self.platform == "dingtalk" else self.stage.wecom.transcript

    @property
    def _via(self) -> Literal["app", "robot"]:
        return "app" if self.gateway == "wecom-app" else "robot"

    @property
    def user_id(self) -> str:
        if self.who == "陌生人":
            return OUTSIDER_DINGTALK if self.platform == "dingtalk" else OUTSIDER_WECOM
        member = next(member for member in CAST if member.name == self.who or member.number == self.who)
        return member.dingtalk_id if self.platform == "dingtalk" else member.wecom_id

    @property
    def chat(self) -> str:
        if self.platform == "dingtalk":
            return self.stage.dingtalk.private_id(self.user_id)
        return self.stage.wecom.private_id(self.user_id, self._via)

    async def send(self, name: str, content: bytes) -> Bubble | None:
        """Send a file and return the answer."""
        return await self._answered(lambda: self._say(name, "file", content), patience=PATIENCE)

    async def say(self, text: str, *, kind: str = "text") -> Bubble | None:
        """Say something and return the answer, None where there is none within a short while."""
        return await self._answered(lambda: self._say(text, kind), patience=PATIENCE)

    async def whisper(self, text: str) -> Bubble | None:
        """Say something that wants no answer, and wait only a little."""
        return await self._answered(lambda: self._say(text, "text"), patience=QUIET)

    async def press(self, label: str) -> Bubble | None:
        """Press a button of the letter that is open, or of the newest card; where it has none, say the number that stands for it."""
        await calm(self.stage)
        last, self.opened = self._looked_at(), ""
        face = last.seen_by(self.user_id)
        shown = next((button for button in face.buttons if label in button.label), None)
        if shown is None:
            return await self.say(_number_of(label, face.text))
        phones = self.stage.dingtalk if self.platform == "dingtalk" else self.stage.wecom
        return await self._answered(
            lambda: phones.press(self.user_id, last.id, shown.label), patience=PATIENCE, pressed=last.id
        )

    def last(self) -> Bubble:
        """The bot's newest bubble in this chat."""
        return next(bubble for bubble in reversed(self.transcript.of(self.chat)) if bubble.author == BOT)

    def _looked_at(self) -> Bubble:
        return (
            next((bubble for bubble in self.transcript.of(self.chat) if bubble.id == self.opened), None)
            or self.last()
        )

    async def received(self, *words: str) -> Phone:
        """Wait until a letter with these words has come, and return the phone, of this person's, that it is on, opened."""
        phones = [
            Phone(self.stage, gateway, self.who) for gateway in PRIVATE if has_account(gateway, self.who)
        ]
        async with asyncio.timeout(PATIENCE):
            while True:
                for phone in phones:
                    for bubble in phone.transcript.of(phone.chat):
                        text = read(bubble, phone.user_id)
                        if bubble.author == BOT and all(says(text, expected) for expected in words):
                            phone.opened = bubble.id
                            return phone
                await asyncio.sleep(0.01)

    async def _say(self, text: str, kind: str, content: bytes = b"") -> None:
        voice = text if kind == "voice" else ""
        if self.platform == "dingtalk":
            await self.stage.dingtalk.say(self.user_id, text, kind=kind, voice_text=voice, content=content)
        else:
            await self.stage.wecom.say(
                self.user_id, text, via=self._via, kind=kind, voice_text=voice, content=content
            )

    async def _answered(
        self, act: Callable[[], Awaitable[object]], *, patience: float, pressed: str = ""
    ) -> Bubble | None:
        """Do it, and return the first bubble of the bot that appears in this chat, or the pressed one where it changes.

        Other cards that change meanwhile are no answer, nor is what was on its way before.
        """
        await calm(self.stage)
        seen: asyncio.Queue[Bubble] = asyncio.Queue()
        before = {bubble.id for bubble in self.transcript.of(self.chat)} - {pressed}

        def listener(bubble: Bubble) -> None:
            if bubble.conversation_id == self.chat and bubble.author == BOT and bubble.id not in before:
                seen.put_nowait(bubble)

        stop = self.transcript.listen(listener)
        changed: Bubble | None = None
        try:
            await act()
            async with asyncio.timeout(patience):
                changed = await seen.get()
            # A pressed card may be redrawn before the answer stands below it, a picture stands above its words.
            while changed.edited or not read(changed, self.user_id).strip():
                await settled(self.stage)
                if seen.empty():
                    break
                changed = seen.get_nowait()
        except TimeoutError:
            return changed
        else:
            return changed
        finally:
            stop()


async def calm(stage: Stage) -> None:
    """Wait until what is on its way to anybody has come, so that it is not taken for the next answer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CALM):
            await settled(stage)


async def settled(stage: Stage) -> None:
    """Wait until everything said has been noted as sent: what follows an answer is posted together with it.

    What is kept for later, such as a reminder for the morning, is not waited for.
    """
    while await stage.database.read(lambda session: _under_way(session, stage.clock.now())):
        await asyncio.sleep(0.01)


async def _under_way(session: Session, now: datetime) -> bool:
    row = await session.one(
        "SELECT 1 FROM letters WHERE state = 'waiting' AND (next_try <= ? OR claimed_by <> '') LIMIT 1", now
    )
    return row is not None


def has_account(gateway: str, who: str) -> bool:
    """Whether this person of the cast can be on this gateway at all."""
    member = next((member for member in CAST if member.name == who), None)
    return member is None or bool(member.dingtalk_id if gateway == "dingtalk" else member.wecom_id)


def _number_of(label: str, text: str) -> str:
    found = re.search(rf"(\d+) \S*?{re.escape(label)}", text)
    assert found, f"no choice {label!r} in {text!r}"
    return found[1]


def read(bubble: Bubble, user_id: str) -> str:
    """Everything a person reads on a bubble."""
    face = bubble.seen_by(user_id)
    return "\n".join([face.title, face.text, *(button.label for button in face.buttons)])
