"""Many people who report at once, each on every gateway they have, whether the bot is there or not."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator, Sequence

import aiohttp

from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_dingtalk.frames import Push
from sandbox.fake_wecom import FakeWeCom
from sandbox.fake_wecom.app_phone import AppPhone
from sandbox.fake_wecom.crypto import Seal
from sandbox.stage import AES_KEY, AGENT_ID, CORP_ID, MADE_UP
from tests.crash.company import Writer
from tests.crash.ledger import Command, Gateway, Ledger

PAUSE = (0.02, 0.4)
"""Seconds between two reports of one person on one gateway."""
ADDING = 0.4
"""The share of reports that add to a sum."""
TAKEN = 200


class Crowd:
    """Talks from `start` to `hush`."""

    def __init__(
        self,
        dingtalk: FakeDingTalk,
        wecom: FakeWeCom,
        writers: Sequence[Writer],
        ledger: Ledger,
        chance: random.Random,
    ) -> None:
        self._dingtalk = dingtalk
        self._wecom = wecom
        self._writers = writers
        self._ledger = ledger
        self._chance = chance
        self._hushed = asyncio.Event()
        self._words = asyncio.Event()
        self._mouths: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        self._session = aiohttp.ClientSession()
        phone = AppPhone(
            self._wecom.world,
            self._wecom.messages,
            Seal(MADE_UP, AES_KEY, CORP_ID),
            corp_id=CORP_ID,
            agent_id=AGENT_ID,
            session=self._session,
            callback_url=self._wecom.app_callback_url,
        )
        for writer in self._writers:
            for gateway in _gateways(writer):
                self._mouths.append(asyncio.create_task(self._talk(writer, gateway, phone)))

    async def next_words(self) -> None:
        """Wait until somebody says something: what is said now is being done in the next milliseconds."""
        self._words.clear()
        await self._words.wait()

    async def hush(self) -> None:
        """Everybody finishes what they are saying. Raises what went wrong in saying it."""
        self._hushed.set()
        try:
            await asyncio.gather(*self._mouths)
        finally:
            if self._session is not None:
                await self._session.close()

    def note_acknowledged_frames(self) -> None:
        """DingTalk's acknowledgements may come late, for the second or third delivery: read at the end."""
        for push in self._pushes():
            if push.acked.is_set() and push.ack["code"] == TAKEN:
                self._ledger.acknowledged.add(_note_of(push))

    @property
    def heard(self) -> bool:
        """Whether the bot holds both of its connections."""
        return self._dingtalk.stream.connected.is_set() and self._wecom.robot_server.connected.is_set()

    def unheard(self) -> int:
        """How many messages DingTalk is still going to deliver again."""
        return len(self._dingtalk.stream._tasks)

    def _pushes(self) -> Iterator[Push]:
        yield from {id(push): push for push in self._dingtalk.stream._waiting.values()}.values()

    async def _talk(self, writer: Writer, gateway: Gateway, phone: AppPhone) -> None:
        while not self._hushed.is_set():
            await self._say(self._command(writer, gateway), writer, phone)
            await asyncio.sleep(self._chance.uniform(*PAUSE))

    def _command(self, writer: Writer, gateway: Gateway) -> Command:
        adds = self._chance.random() < ADDING
        command = Command(
            note=self._ledger.new_note(),
            author=writer.member.number,
            gateway=gateway,
            kr_id=writer.total if adds else writer.level,
            adds=adds,
            value=1 if adds else self._chance.randint(1000, 2000),
        )
        self._ledger.told[command.note] = command
        return command

    async def _say(self, command: Command, writer: Writer, phone: AppPhone) -> None:
        self._words.set()
        member = writer.member
        if command.gateway == "dingtalk":
            await self._dingtalk.say(member.dingtalk_id, command.text)
        elif command.gateway == "robot":
            await self._wecom.say(member.wecom_id, command.text, via="robot")
        elif await phone.say(member.wecom_id, "text", Content=command.text):
            self._ledger.acknowledged.add(command.note)


def _gateways(writer: Writer) -> Iterator[Gateway]:
    if writer.member.dingtalk_id:
        yield "dingtalk"
    if writer.member.wecom_id:
        yield "app"
        yield "robot"


def _note_of(push: Push) -> str:
    words: str = json.loads(push.data)["text"]["content"]
    return words.rsplit(maxsplit=1)[-1]
