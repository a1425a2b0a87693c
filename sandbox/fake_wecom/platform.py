"""A make-believe WeCom on a local port: its API, its callbacks, its robot, and the phones in it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any, Literal

import aiohttp
from aiohttp import web

from sandbox.clock import WoundClock
from sandbox.fake_wecom import messages, robot_chats
from sandbox.fake_wecom.app_phone import AppPhone, PressResult
from sandbox.fake_wecom.cgi import Cgi
from sandbox.fake_wecom.contacts import ROOT, Contacts
from sandbox.fake_wecom.crypto import Seal
from sandbox.fake_wecom.directory import Directory
from sandbox.fake_wecom.media import Media
from sandbox.fake_wecom.messages import Messages
from sandbox.fake_wecom.posts import Posts
from sandbox.fake_wecom.robot_callback import RobotAddress
from sandbox.fake_wecom.robot_chats import Robot, RobotChats
from sandbox.fake_wecom.robot_socket import RobotServer
from sandbox.fake_wecom.sent import SentFiles
from sandbox.fake_wecom.tokens import Tokens
from sandbox.fake_wecom.world import Faults, Group, Patience, Person, Request, World, answered
from sandbox.transcript import Bubble, Pressable, Transcript
from sandbox.uploads import Upload

Via = Literal["app", "robot"]

_APP_KINDS: dict[str, dict[str, Any]] = {
    "image": {"PicUrl": "http://127.0.0.1/picture.png", "MediaId": "media-0"},
    "voice": {"MediaId": "media-0", "Format": "amr"},
    "video": {"MediaId": "media-0", "ThumbMediaId": "media-0"},
    "location": {"Location_X": 30.25, "Location_Y": 120.13, "Scale": 15, "Label": "西湖店"},
    "link": {"Title": "链接", "Description": "", "Url": "http://127.0.0.1/", "PicUrl": ""},
}
_IN_GROUPS = frozenset({"text", "mixed"})


class FakeWeCom:
    """One company, one app and, where it is given, one robot. The callback addresses may be set later."""

    def __init__(
        self,
        clock: WoundClock,
        *,
        corp_id: str,
        agent_id: int,
        secret: str,
        token: str,
        aes_key: str,
        robot: Robot | None = None,
        app_callback_url: str = "",
        robot_callback_url: str = "",
    ) -> None:
        self.world = World(clock)
        self.app_callback_url = app_callback_url
        self.robot_callback_url = robot_callback_url
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._seal = Seal(token, aes_key, corp_id)
        self.tokens = Tokens(self.world, corp_id, secret)
        self.media = Media(self.world)
        self.sent = SentFiles(self.world)
        self.messages = Messages(self.world, agent_id, self.media)
        self.directory = Directory(self.world, corp_id, agent_id)
        self.contacts = Contacts(self.world)
        self.posts = Posts(self.world)
        self.robot = robot or Robot()
        self._chats = RobotChats(self.world, self.robot, self.media)
        self.robot_server = RobotServer(self.world, self._chats, self.media)
        self.base_url = ""
        self.ws_url = ""
        self._address: RobotAddress | None = None
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def transcript(self) -> Transcript:
        return self.world.transcript

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def patience(self) -> Patience:
        return self.world.patience

    @property
    def requests(self) -> list[Request]:
        return self.world.requests

    @property
    def complaints(self) -> list[str]:
        return self.world.complaints

    # --- the server -----------------------------------------------------------------------------

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        cgi = Cgi(
            self.world,
            tokens=self.tokens,
            messages=self.messages,
            directory=self.directory,
            contacts=self.contacts,
            posts=self.posts,
            respond=self._respond,
        )
        app = web.Application(client_max_size=32 * 1024 * 1024)
        routes = [*cgi.routes(), *self.directory.routes(), *self.sent.routes()]
        app.add_routes([*routes, web.get("/robot", self.robot_server.serve)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base_url = f"http://{host}:{port}"
        self.ws_url = f"ws://{host}:{port}/robot"
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        await self.robot_server.close()
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def verify_app(self) -> bool:
        """What the console does when the app's callback address is saved."""
        return await self._phone().verify()

    async def verify_robot(self) -> bool:
        return await self._robot_address().verify()

    # --- the people -----------------------------------------------------------------------------

    def add_user(self, user_id: str, name: str, **facts: Any) -> None:
        """`facts`: those of `Person`."""
        self.world.add_person(Person(user_id, name, **facts))

    def add_department(self, number: int, name: str, parent: int = ROOT) -> None:
        self.contacts.departments[number] = (name, parent)

    async def change_user(self, user: str, /, **changed: Any) -> bool:
        """Somebody is edited in the console; the event tells little more than who."""
        had = self.world.person(user)
        assert had is not None
        now = replace(had, **changed)
        self.world.remove_person(user)
        self.world.add_person(now)
        told = {"UserID": had.user_id, "Department": ",".join(map(str, now.departments))}
        if now.user_id != had.user_id:
            told["NewUserID"] = now.user_id
        return await self.contact_changed("update_user", **told)

    async def hire(self, user_id: str, name: str, **facts: Any) -> bool:
        self.add_user(user_id, name, **facts)
        return await self.contact_changed("create_user", UserID=user_id)

    async def dismiss(self, user_id: str) -> bool:
        self.world.remove_person(user_id)
        return await self.contact_changed("delete_user", UserID=user_id)

    async def contact_changed(self, change_type: str, **told: Any) -> bool:
        """A `change_contact` event to the app's callback address; whether the bot took it."""
        return await self._phone().contact_changed(change_type, told)

    def add_group(self, chat_id: str, title: str, members: tuple[str, ...] | list[str]) -> None:
        self.world.groups[chat_id] = Group(chat_id, title, tuple(members))

    def upload(self, media_id: str) -> Upload | None:
        """What the bot has uploaded under this id."""
        return self.media.upload(media_id)

    def private_id(self, user_id: str, via: Via = "app") -> str:
        """The conversation of a person with the app or the robot, as it stands in the transcript."""
        return messages.private_id(user_id) if via == "app" else robot_chats.private_id(user_id)

    async def say(
        self,
        user_id: str,
        text: str = "",
        *,
        group: str | None = None,
        via: Via = "app",
        at_bot: bool = True,
        quotes: str | None = None,
        kind: str = "text",
        voice_text: str = "",
        content: bytes = b"",
    ) -> Bubble:
        """Write, speak or send something; returns when the bot has taken it.

        In a group only the robot hears, and only if it is mentioned. `quotes` is a bubble's id. Of a
        voice the robot gets the words, the app only the sound. A file, whose name is `text`, gets to the robot only.
        """
        if group is not None:
            return await self._say_in_group(user_id, text, group, kind, quotes, at_bot=at_bot)
        shown = self.world.from_person(
            self.private_id(user_id, via), user_id, kind=kind, text=voice_text or text, quotes=quotes or ""
        )
        if via == "robot":
            told = self._file(text, content) if kind == "file" else _robot_content(kind, voice_text or text)
            await self._tell_robot(user_id, None, kind, told, quotes)
        elif kind == "text":
            await self._phone().say(user_id, "text", Content=text)
        elif kind in _APP_KINDS:
            await self._phone().say(user_id, kind, **_APP_KINDS[kind])
        return shown

    async def open_chat(self, user_id: str, via: Via = "app") -> bool:
        """Open the private chat; whether the bot took it."""
        if via == "app":
            return await self._phone().open(user_id)
        body = self._chats.event(user_id, None, {"eventtype": "enter_chat"})
        if self.robot_callback_url:
            return await self._robot_address().tell(body, "welcome", user_id, group=False)
        return await self.robot_server.tell(body, "welcome", user_id) is not None

    async def press(self, user_id: str, bubble_id: str, label: str) -> PressResult:
        """Press a button. Raises KeyError where this person sees no such bubble or button."""
        bubble = next((b for b in self.transcript.bubbles if b.id == bubble_id), None)
        if bubble is None:
            raise KeyError(bubble_id)
        button = _button(bubble.seen_by(user_id), label)
        if not button.key:
            return PressResult(acked=False, updated=False, seconds=0.0)
        if bubble.conversation_id.startswith("app:"):
            return await self._phone().press(user_id, bubble, button.key)
        return await self._press_robot(user_id, bubble, button.key)

    # --- the robot, whichever way it is connected -------------------------------------------------

    async def _say_in_group(
        self, user_id: str, text: str, group: str, kind: str, quotes: str | None, *, at_bot: bool
    ) -> Bubble:
        text = f"@{self.robot.name} {text}" if at_bot else text
        mentions = (self.robot.name,) if at_bot else ()
        shown = self.world.from_person(
            group, user_id, kind=kind, text=text, quotes=quotes or "", mentions=mentions
        )
        if at_bot and kind in _IN_GROUPS:
            await self._tell_robot(user_id, group, kind, _robot_content(kind, text), quotes)
        return shown

    async def _tell_robot(
        self, user_id: str, group: str | None, kind: str, content: dict[str, Any], quotes: str | None
    ) -> None:
        quoted = next((b for b in self.transcript.bubbles if b.id == quotes), None)
        body = self._chats.message(user_id, group, kind, content, quoted)
        if self.robot_callback_url:
            await self._robot_address().tell(body, "message", group or user_id, group=group is not None)
        else:
            await self.robot_server.tell(body, "message", group or user_id)

    def _file(self, name: str, content: bytes) -> dict[str, str]:
        """In URL mode the robot's own key opens it, on the long connection one of its own."""
        key = self.robot.aes_key if self.robot_callback_url else ""
        return self.sent.keep(name, content, self.base_url, key)

    async def _press_robot(self, user_id: str, bubble: Bubble, key: str) -> PressResult:
        group = bubble.conversation_id if bubble.conversation_id in self.world.groups else None
        body = self._chats.pressed(user_id, group, bubble, key)
        if self.robot_callback_url:
            address = self._robot_address()
            return await address.press(body, group or user_id, bubble, group=group is not None)
        started = time.monotonic()
        call = await self.robot_server.tell(body, "click", group or user_id, bubble)
        if call is None:
            return PressResult(acked=False, updated=False, seconds=0.0)
        try:
            async with asyncio.timeout(self.patience.update):
                await call.answered.wait()
        except TimeoutError:
            pass  # what nobody answers stays as it is
        return PressResult(acked=True, updated=call.updated, seconds=time.monotonic() - started)

    def _respond(self, code: str, body: Any) -> dict[str, Any]:
        return self._address.respond(code, body) if self._address is not None else answered(60140)

    def _phone(self) -> AppPhone:
        return AppPhone(
            self.world,
            self.messages,
            self._seal,
            corp_id=self._corp_id,
            agent_id=self._agent_id,
            session=self._started(),
            callback_url=self.app_callback_url,
        )

    def _robot_address(self) -> RobotAddress:
        if self._address is None:
            self._address = RobotAddress(
                self.world,
                self._chats,
                Seal(self.robot.token, self.robot.aes_key, ""),
                session=self._started(),
                callback_url=self.robot_callback_url,
                base_url=self.base_url,
            )
        return self._address

    def _started(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the platform has not been started")
        return self._session


def _button(shown: Bubble, label: str) -> Pressable:
    for button in shown.buttons:
        if button.label == label:
            return button
    raise KeyError(label)


def _robot_content(kind: str, text: str) -> dict[str, Any]:
    if kind in {"text", "voice"}:
        return {"content": text}
    if kind == "mixed":
        items = [
            {"msgtype": "text", "text": {"content": text}},
            {"msgtype": "image", "image": {"url": "http://127.0.0.1/picture"}},
        ]
        return {"msg_item": items}
    return {"url": "http://127.0.0.1/attachment"}
