"""What is done at the board: a form says a command in other words, and takes the road of every command.

Rights, masking, the trail and 撤销 are the command's own (docs/decisions/0003-a-button-is-a-command.md). The answer is
a row like every answer, and is read on the page instead of being sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from urllib.parse import quote_plus, urlencode

from aiohttp import web

from bot.board.doors import Doors
from bot.board.guests import cookie_of, go_to, is_own_form, own_path
from bot.board.pages import Pages
from bot.board.platform import SHOWN
from bot.board.seat import account_of, place_of
from bot.board.ways import Ways
from bot.clock import Clock
from chat.events import Click
from chat.platform import Heard, Parcel, Receipt

LONGEST = 1000
"""Characters of what is said by one form."""
_WORDS = 500
_TAKEN_BACK = ("更新", "完成", "信心")
"""What 撤销 takes back."""


class Deeds:
    """`hear` and `delivered` are those that every gateway is given."""

    def __init__(
        self,
        pages: Pages,
        doors: Doors,
        ways: Ways,
        hear: Callable[[Click], Awaitable[Heard]],
        delivered: Callable[[Parcel, Receipt], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._pages = pages
        self._doors = doors
        self._ways = ways
        self._hear = hear
        self._delivered = delivered
        self._now = clock

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/board/do", self._do)]

    async def _do(self, request: web.Request) -> web.StreamResponse:
        """`say` and the `words` and `note` that complete it; `card` it stood on; `once` and `back`."""
        guest = await self._pages.guest(request)
        if guest is None:
            return self._ways.not_in(request)
        form = {name: str(value)[:LONGEST] for name, value in (await request.post()).items()}
        if not is_own_form(request, cookie_of(request), form.get("csrf", "")):
            return self._doors.not_ours()
        words, note = form.get("words", "")[:_WORDS], form.get("note", "")[:_WORDS]
        say = " ".join(part for part in (form.get("say", ""), words.strip(), note.strip()) if part)
        back = own_path(form.get("back", ""))
        if not say:
            return go_to(back)
        card = await self._pages.own_card(guest.person, form.get("card", ""))
        told = sha256("\0".join((cookie_of(request), form.get("once", ""), say)).encode()).hexdigest()
        click = Click(
            event_id=f"board:{told[:48]}",
            at=self._now(),
            sender=account_of(guest.person),
            conversation=place_of(guest.person),
            action=quote_plus(say),
            card_ref=card,
        )
        heard = await self._hear(click)
        if heard.parcel is not None and not heard.repeat:
            await self._delivered(heard.parcel, SHOWN)
        ref = heard.parcel.ref if heard.parcel is not None else card if heard.redraw else ""
        return go_to(_with_answer(back, ref, undo=say.removeprefix("确认 ").startswith(_TAKEN_BACK)))


def _with_answer(back: str, ref: str, *, undo: bool) -> str:
    if not ref:
        return back
    asked = {"answer": ref, **({"undo": "1"} if undo else {})}
    return f"{back}{'&' if '?' in back else '?'}{urlencode(asked)}#reply"
