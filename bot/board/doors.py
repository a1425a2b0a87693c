"""Coming in and going out: the one-time link that the bot has sent, and signing out.

A chat fetches a link to show a preview of it before its receiver has tapped it. What says that it only looks gets
nothing; and what looks without saying so uses nothing up, since a link is used up by the browser that comes back with
the cookie (`storage.board_sessions`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiohttp import web

from bot.board.assets import Assets
from bot.board.guesses import Guesses
from bot.board.guests import cookie_of, go_to, html, is_own_form, let_in, let_out
from bot.clock import Clock
from cards.board.html import Frame, door_html
from config.settings import Settings
from storage import board_sessions
from storage.board_sessions import Shut
from storage.database import Database

_LOOKS = ("prefetch", "preview", "prerender")
"""Said in `Purpose` and its kin by whoever fetches without having been asked to."""
SHUT = {
    Shut.UNKNOWN: ("这个链接打不开", "可能抄漏了几个字,也可能它不再有效。"),
    Shut.USED: ("这个链接已经用过了", "一个链接只能进一次,这样转给别人也没关系。"),
    Shut.EXPIRED: ("这个链接过期了", "链接只管 15 分钟,过了就不认了。"),
}
ASK = "给 OKR助手 发「看板」,马上给你一个新的。"


class Doors:
    def __init__(
        self, database: Database, assets: Assets, settings: Callable[[], Settings], clock: Clock
    ) -> None:
        self._database = database
        self._assets = assets
        self._settings = settings
        self._now = clock
        self._guesses = Guesses()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/board/in/{token}", self._link, allow_head=False),
            web.head("/board/in/{token}", _looked),
            web.post("/board/out", self._out),
        ]

    @property
    def secure(self) -> bool:
        """A cookie that only travels encrypted, where people come by https."""
        return self._settings().server.public_url.startswith("https://")

    def shut(self, heading: str, *lines: str, status: int = 401) -> web.Response:
        """The page of who is not in: what to do instead."""
        return html(door_html("door", self.frame(), heading=heading, lines=lines, ways=()), status)

    def not_ours(self) -> web.Response:
        """A form that no page of this session has shown: of another one, too old, or of another site."""
        ways = (("回看板再点一次", "/board"),)
        lines = ("这个按钮不是刚才那页上的,没有动任何东西。",)
        return html(door_html("door", self.frame(), heading="没有办成", lines=lines, ways=ways), 403)

    def sorry(self, frame: Frame, heading: str, *lines: str, status: int) -> web.Response:
        """A page that cannot be shown to who is in."""
        ways = (("回到我的目标", "/board"),)
        return html(door_html("door", frame, heading=heading, lines=lines, ways=ways), status)

    def frame(self) -> Frame:
        return Frame(
            company=self._settings().company.name,
            style=self._assets.style.address,
            script=self._assets.script.address,
        )

    def not_in(self, ways: Sequence[tuple[str, str]]) -> web.Response:
        """`ways`: labels and addresses of other ways in."""
        lines = (
            "这里是看目标、报进度、批申请的网页,只给公司里的人看。",
            "给 OKR助手 发「看板」,点它给的链接就进来。",
        )
        page = door_html("door", self.frame(), heading="先登录一下", lines=lines, ways=ways)
        return html(page, 401)

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if _only_looks(request):
            return await _looked(request)
        token, now = request.match_info["token"][:128], self._now()
        opened = await self._database.transact(lambda session: board_sessions.open_link(session, token, now))
        if isinstance(opened, Shut):
            if opened is Shut.UNKNOWN and self._guesses.wrong(request.remote or "", now):
                return self.shut("试得太多了", "歇十分钟再来。", ASK, status=429)
            heading, line = SHUT[opened]
            return self.shut(heading, line, ASK, status=404 if opened is Shut.UNKNOWN else 410)
        response = go_to(opened.page)
        let_in(response, opened.token, secure=self.secure)
        return response

    async def _out(self, request: web.Request) -> web.StreamResponse:
        token, form = cookie_of(request), await request.post()
        if not is_own_form(request, token, str(form.get("csrf", ""))):
            return self.not_ours()
        await self._database.transact(lambda session: board_sessions.sign_out(session, token))
        response = self.shut("已经退出了", "要再看,给 OKR助手 发「看板」。", status=200)
        let_out(response, secure=self.secure)
        return response


def _only_looks(request: web.Request) -> bool:
    said = " ".join(
        request.headers.get(name, "") for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")
    ).lower()
    return any(word in said for word in _LOOKS)


async def _looked(_request: web.Request) -> web.StreamResponse:
    """What a preview may see: that there is a page."""
    return html("<!doctype html><title>OKR 看板</title>")
