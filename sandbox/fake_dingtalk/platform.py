"""A make-believe DingTalk on a local port, and the phones in it."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web

from sandbox.clock import WoundClock
from sandbox.fake_dingtalk.attendance import Attendance
from sandbox.fake_dingtalk.cards import Cards
from sandbox.fake_dingtalk.contacts import ROOT, Contacts, modified
from sandbox.fake_dingtalk.directory import Directory
from sandbox.fake_dingtalk.frames import Push
from sandbox.fake_dingtalk.gate import Gate, Tokens
from sandbox.fake_dingtalk.media import Media
from sandbox.fake_dingtalk.phones import Phones, Words
from sandbox.fake_dingtalk.pushes import PressResult, Pushes
from sandbox.fake_dingtalk.robot import Robot
from sandbox.fake_dingtalk.stream import Stream
from sandbox.fake_dingtalk.world import Faults, Group, Limits, Patience, Person, Request, World
from sandbox.transcript import Bubble, Transcript
from sandbox.uploads import Upload


class FakeDingTalk:
    """One organisation with one application. `robot_code` is the client id, as for internal applications.

    api.dingtalk.com, oapi.dingtalk.com and login.dingtalk.com are all served at `base_url`.
    """

    def __init__(
        self,
        clock: WoundClock,
        *,
        client_id: str = "dingdemo",
        client_secret: str = "demo-secret",  # noqa: S107 - the secret of a make-believe platform
        robot_code: str | None = None,
        corp_id: str = "dingcorp",
        redeliver_after: float = 15.0,
        qps: int | None = 20,
        monthly_api_calls: int | None = None,
        monthly_pushes: int | None = None,
    ) -> None:
        self.world = World(clock, client_id, robot_code or client_id, corp_id)
        self.world.limits = Limits(qps, monthly_api_calls, monthly_pushes)
        self.world.patience.redelivery = redeliver_after
        self.client_id = client_id
        self.client_secret = client_secret
        self.tokens = Tokens(self.world, client_secret)
        gate = Gate(self.world, self.tokens)
        self.stream = Stream(self.world, client_secret)
        self.media = Media(self.world, gate)
        self.robot = Robot(self.world, gate, self.media)
        self.cards = Cards(self.world, gate, self.media)
        self.directory = Directory(self.world, gate, self.tokens, client_secret)
        self.contacts = Contacts(self.world, gate)
        self.attendance = Attendance(self.world, gate)
        pushes = Pushes(self.world, self.stream, self.robot, self.cards)
        self._phones = Phones(self.world, pushes)
        self._runner: web.AppRunner | None = None
        self._pinging: asyncio.Task[None] | None = None

    @property
    def base_url(self) -> str:
        return self.world.base_url

    @property
    def transcript(self) -> Transcript:
        return self.world.transcript

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def limits(self) -> Limits:
        return self.world.limits

    @property
    def patience(self) -> Patience:
        return self.world.patience

    @property
    def requests(self) -> deque[Request]:
        return self.world.requests

    @property
    def complaints(self) -> list[str]:
        return self.world.complaints

    @property
    def calls(self) -> Counter[str]:
        """Calls that counted, by API (`POST /v1.0/…`)."""
        return self.world.calls

    @property
    def pushes(self) -> int:
        """How many of this month's pushes are used up."""
        return self.world.spent("pushes")

    # --- the server -----------------------------------------------------------------------------

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        for part in (
            self.stream,
            self.robot,
            self.cards,
            self.directory,
            self.contacts,
            self.attendance,
            self.media,
        ):
            app.add_routes(part.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.world.base_url = f"http://{host}:{self._runner.addresses[0][1]}"
        self._pinging = asyncio.create_task(self.stream.run_pings())

    async def stop(self) -> None:
        if self._pinging is not None:
            self._pinging.cancel()
        await self.stream.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- the people -----------------------------------------------------------------------------

    def add_user(
        self,
        user_id: str,
        name: str,
        *,
        in_org: bool = True,
        department: int = ROOT,
        manager: str = "",
        admin: bool = False,
        number: str = "",
        mobile: str = "",
        title: str = "",
        hired: int = 0,
        also: Sequence[int] = (),
        leads: Sequence[int] = (),
    ) -> None:
        self.world.people[user_id] = Person(
            user_id,
            name,
            in_org,
            department,
            manager,
            admin,
            number,
            mobile,
            title,
            hired,
            tuple(also),
            tuple(leads),
        )

    def add_group(
        self, conversation_id: str, title: str, members: Sequence[str], *, has_bot: bool = True
    ) -> None:
        self.world.groups[conversation_id] = Group(conversation_id, title, tuple(members), has_bot)

    def add_department(self, dept_id: int, name: str, parent: int = ROOT) -> None:
        self.contacts.departments[dept_id] = (name, parent)

    def upload(self, media_id: str) -> Upload | None:
        """What the bot has uploaded under this id."""
        return self.media.uploads.get(media_id)

    def private_id(self, user_id: str) -> str:
        """The conversation of a person with the bot, as it stands in the transcript."""
        return self.world.private_id(user_id)

    def bubbles_for(self, user_id: str) -> list[Bubble]:
        """The person's private chat with the bot, as they see it."""
        return [bubble.seen_by(user_id) for bubble in self.transcript.of(self.private_id(user_id))]

    async def say(
        self,
        user_id: str,
        text: str = "",
        *,
        group: str | None = None,
        mentions: Sequence[str] = (),
        at_bot: bool = True,
        quotes: str | None = None,
        kind: str = "text",
        voice_text: str = "",
        content: bytes = b"",
    ) -> Bubble:
        """Write, speak or send something; returns when the bot acknowledged it or patience is at its end.

        A file has its name as `text` and what is in it as `content`.

        In a group the bot hears only what mentions it. Raises KeyError for an unknown person, group or
        bubble, and for somebody who is not in the group.
        """
        words = Words(text, mentions, at_bot, quotes, kind, voice_text, content)
        return (await self._phones.say(user_id, words, group))[0]

    async def press(self, user_id: str, bubble_id: str, label: str) -> PressResult:
        """Press a button. Raises KeyError where this person sees no such bubble or button."""
        return await self._phones.press(user_id, bubble_id, label)

    async def change_user(self, user: str, /, **changed: Any) -> Push | None:
        """Somebody is edited in the console, and the stream tells it."""
        had = self.world.people[user]
        now = self.world.people[user] = replace(had, **changed)
        return await self.happen("user_modify_org", modified(had, now, self.world.millis()))

    async def hire(self, user_id: str, name: str, **facts: Any) -> Push | None:
        self.add_user(user_id, name, **facts)
        return await self.happen("user_add_org", self._told(userId=[user_id]))

    async def dismiss(self, user_id: str) -> Push | None:
        """Somebody leaves and is at once no longer there for the API."""
        del self.world.people[user_id]
        return await self.happen("user_leave_org", self._told(userId=[user_id]))

    async def rename_department(self, dept_id: int, name: str, parent: int = ROOT) -> Push | None:
        self.add_department(dept_id, name, parent)
        return await self.happen("org_dept_modify", self._told(deptId=[dept_id]))

    def _told(self, **what: Any) -> dict[str, Any]:
        return {"timeStamp": str(self.world.millis()), **what}

    async def happen(self, event_type: str, data: Mapping[str, Any]) -> Push | None:
        """An organisation's event on the stream, such as `user_leave_org`; None where nobody listens."""
        return await self.stream.tell_event(event_type, data)

    # --- the stream -----------------------------------------------------------------------------

    @property
    def connected(self) -> int:
        """How many clients hold a connection."""
        return sum(not connection.ws.closed for connection in self.stream.connections)

    async def ping(self) -> None:
        await self.stream.ping()

    async def disconnect(self, reason: str = "connection is expired") -> None:
        await self.stream.disconnect(reason)

    async def junk(self, text: str = "<xml/>") -> None:
        await self.stream.junk(text)

    def abort(self) -> None:
        self.stream.abort()
