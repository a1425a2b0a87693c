"""Somebody at the board with a browser that knows no script: what is asked for, what is shown, what a form sends."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

import aiohttp

from chat.events import Account, PlatformName
from sandbox.cast import CAST
from sandbox.clock import WoundClock
from sandbox.stage import Stage, staged
from storage import board_sessions, people
from storage.session import Session
from tests.engines import MONDAY
from tests.quiet import QUIET_JOBS

CHEN, LIN, WANG, LI, ZHANG, WU = "E0001", "E0002", "E0101", "E0102", "E0103", "E0202"
_GAPS = re.compile(r"\s+")


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    says: list[str] = field(default_factory=list)
    """What its buttons say, where they say anything."""


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told["action"]))
        elif tag == "input" and told.get("type") == "hidden":
            self.forms[-1].fields[told["name"]] = told["value"]
        elif tag == "button" and told.get("name") == "say":
            self.forms[-1].says.append(told["value"])
        elif tag == "a":
            self.links.append(told.get("href", ""))
        self._silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


@dataclass
class Sheet:
    """A page as it was answered."""

    status: int
    html: str
    headers: Any
    path: str

    def __post_init__(self) -> None:
        read = _Read()
        read.feed(self.html)
        self.forms, self.links = read.forms, read.links
        self.words = _GAPS.sub(" ", unescape(" ".join(read.words))).strip()

    def form(self, say: str) -> Form:
        """The form that says this, by itself or by one of its buttons."""
        return next(form for form in self.forms if say in (form.fields.get("say"), *form.says))


class Visitor:
    def __init__(self, stage: Stage, http: aiohttp.ClientSession) -> None:
        self.stage = stage
        self.http = http
        self.base = f"http://127.0.0.1:{stage.application.port}"

    async def get(self, path: str, **options: Any) -> Sheet:
        async with self.http.get(self.base + path, **options) as response:
            return Sheet(
                response.status, await response.text(), response.headers, str(response.url.relative())
            )

    async def post(self, path: str, fields: dict[str, str], **options: Any) -> Sheet:
        async with self.http.post(self.base + path, data=fields, **options) as response:
            return Sheet(
                response.status, await response.text(), response.headers, str(response.url.relative())
            )

    async def link(self, number: str, page: str = "/board") -> str:
        """The path of a one-time link, as the bot makes it."""
        member = next(one for one in CAST if one.number == number)
        account = (
            Account(PlatformName.DINGTALK, member.dingtalk_id)
            if member.dingtalk_id
            else Account(PlatformName.WECOM, member.wecom_id)
        )

        async def make(session: Session) -> str:
            person = await people.by_number(session, number)
            assert person is not None
            now = self.stage.clock.now()
            return await board_sessions.make_link(session, person.id, account, page, now)

        return f"/board/in/{await self.stage.database.transact(make)}"

    async def comes_in(self, number: str, page: str = "/board") -> Sheet:
        return await self.get(await self.link(number, page))

    async def says(self, sheet: Sheet, say: str, **typed: str) -> Sheet:
        """Send the form of a page that says this, as tapping its button does."""
        form = sheet.form(say)
        return await self.post(form.action, {**form.fields, "say": say, **typed})


@asynccontextmanager
async def at_the_board(url: str) -> AsyncIterator[Visitor]:
    async with staged(url, WoundClock(MONDAY), furnished=False, jobs=QUIET_JOBS) as stage, browser() as http:
        yield Visitor(stage, http)


@asynccontextmanager
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield http
