"""Everything under /board, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from bot.board.assets import Assets
from bot.board.deeds import Deeds
from bot.board.doors import Doors
from bot.board.feed import Feed
from bot.board.kept import Enclosures
from bot.board.live import Live
from bot.board.pages import Pages
from bot.board.ways import SignIn, Ways
from bot.clock import Clock
from chat.events import Click
from chat.files import Files
from chat.platform import Heard, Parcel, Receipt
from config.settings import Settings
from okr.policy import Policy
from storage.database import Database


class Board:
    """`settings` and `policy` give what is in force at the moment."""

    def __init__(
        self,
        database: Database,
        settings: Callable[[], Settings],
        policy: Callable[[], Policy],
        clock: Clock,
        *,
        ways: Sequence[SignIn],
        files: Files,
        hear: Callable[[Click], Awaitable[Heard]],
        delivered: Callable[[Parcel, Receipt], Awaitable[None]],
    ) -> None:
        self._assets = Assets()
        self._doors = Doors(database, self._assets, settings, clock)
        self._ways = Ways(database, self._doors, ways, policy, clock)
        self._pages = Pages(database, self._doors, self._ways, policy, clock)
        self._enclosures = Enclosures(database, self._pages, files)
        self.feed = Feed(database)
        self._live = Live(database, self.feed, self._pages, policy, clock)
        self._deeds = Deeds(self._pages, self._doors, self._ways, hear, delivered, clock)

    def routes(self) -> list[web.RouteDef]:
        return [
            *self._assets.routes(),
            *self._ways.routes(),
            *self._doors.routes(),
            *self._deeds.routes(),
            *self._live.routes(),
            *self._enclosures.routes(),
            *self._pages.routes(),  # last: it takes whatever is left
        ]

    async def close(self) -> None:
        """End the open streams: a server does not stop before its last answer has."""
        self._live.close()
        await self.feed.close()
        await self._ways.close()


def board_address(settings: Settings, port: int) -> str:
    """Where people reach the board: the public address; on a machine of one's own, that machine's. Else nowhere."""
    server = settings.server
    if server.public_url:
        return server.public_url.rstrip("/")
    return f"http://{server.host}:{port}" if server.host in ("127.0.0.1", "localhost") else ""
