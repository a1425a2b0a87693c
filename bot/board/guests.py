"""Who is at the door: the cookie, what proves that a form is ours, and how an answer leaves."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256

from aiohttp import web

COOKIE = "okrbot_board"
PATH = "/board"
_HOLDS = 14 * 24 * 3600
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def cookie_of(request: web.Request) -> str:
    return request.cookies.get(COOKIE, "")[:128]


def let_in(response: web.StreamResponse, token: str, *, secure: bool) -> None:
    response.set_cookie(
        COOKIE, token, max_age=_HOLDS, path=PATH, httponly=True, samesite="Lax", secure=secure
    )


def let_out(response: web.StreamResponse, *, secure: bool) -> None:
    response.del_cookie(COOKIE, path=PATH, httponly=True, samesite="Lax", secure=secure)


def csrf_of(token: str) -> str:
    """What every form of a session carries: nobody makes it without the cookie, which no script can read."""
    return hmac.new(token.encode(), b"okrbot board form", sha256).hexdigest()


def is_own_form(request: web.Request, token: str, given: str) -> bool:
    """Whether a form comes from a page of ours that this browser was shown."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site == "same-origin" and hmac.compare_digest(csrf_of(token).encode(), given.encode())


def html(text: str, status: int = 200) -> web.Response:
    response = web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS
    )
    response.enable_compression()
    return response


def go_to(address: str) -> web.Response:
    """By GET, whatever came before."""
    return web.Response(status=303, headers={**HEADERS, "Location": address})


def own_path(back: str) -> str:
    """A page of the board and nothing else: neither a form nor a sign-in sends anybody elsewhere."""
    fits = back == "/board" or back.startswith(("/board/", "/board?"))
    return back if fits and "\\" not in back and "//" not in back and back.isprintable() else "/board"
