"""Coming in by a one-time link, and what does not let anybody in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.board.guests import COOKIE
from config.settings import Server
from storage.session import Session
from tests.bot.board.visitor import LI, WANG, Visitor, browser


async def test_a_link_signs_in_once(visitor_anywhere: Visitor) -> None:
    visitor = visitor_anywhere
    link = await visitor.link(LI)

    first = await visitor.get(link)
    again = await visitor.get("/board")
    async with browser() as other:
        second = await Visitor(visitor.stage, other).get(link)

    assert (first.status, first.path) == (200, "/board")
    assert "李四的目标" in first.words
    assert "1,050 人" in first.words  # without any script
    assert again.status == 200
    assert second.status == 410
    assert "已经用过了" in second.words


async def test_who_only_looks_at_a_link_does_not_use_it_up(visitor: Visitor) -> None:
    link = await visitor.link(LI)

    async with browser() as chat:
        async with chat.head(visitor.base + link) as peeped:
            assert peeped.status == 200
            assert COOKIE not in peeped.cookies
        preview = await Visitor(visitor.stage, chat).get(link, headers={"Sec-Purpose": "prefetch;prerender"})
        assert "李四" not in preview.html
        await Visitor(visitor.stage, chat).get(link, allow_redirects=False)  # fetched, and never seen again
    seen = await visitor.get(link)

    assert "李四的目标" in seen.words


async def test_what_was_opened_beside_the_used_link_is_void(visitor_anywhere: Visitor) -> None:
    visitor = visitor_anywhere
    link = await visitor.link(LI)
    async with browser() as late:
        other = Visitor(visitor.stage, late)
        await other.get(link, allow_redirects=False)

        assert (await visitor.get(link)).status == 200
        assert (await other.get("/board")).status == 401


@pytest.mark.parametrize("minutes", [16, 60 * 24])
async def test_a_link_is_good_for_a_quarter_of_an_hour(visitor: Visitor, minutes: int) -> None:
    link = await visitor.link(LI)
    visitor.stage.clock.wind(timedelta(minutes=minutes))

    late = await visitor.get(link)

    assert late.status == 410
    assert "过期" in late.words
    assert "看板" in late.words  # what to do instead


async def test_without_a_cookie_or_with_a_forged_one_nobody_is_let_in(visitor: Visitor) -> None:
    stranger = await visitor.get("/board")
    forged = await visitor.get("/board", cookies={COOKIE: "A" * 43})

    for sheet in (stranger, forged):
        assert sheet.status == 401
        assert "看板" in sheet.words
        assert "李四" not in sheet.html


async def test_guessing_is_slowed_down_and_a_right_link_still_opens(visitor: Visitor) -> None:
    answers = [(await visitor.get(f"/board/in/guess{n}")).status for n in range(25)]

    assert answers[0] == 404
    assert answers[-1] == 429
    assert (await visitor.comes_in(LI)).status == 200


async def test_a_session_ends(visitor: Visitor) -> None:
    await visitor.comes_in(LI)
    visitor.stage.clock.wind(timedelta(days=15))

    assert (await visitor.get("/board")).status == 401


@pytest.mark.parametrize(
    "what",
    ["UPDATE employees SET active = ? WHERE number = 'E0102'", "DELETE FROM accounts WHERE ? = 0 OR 1 = 1"],
)
async def test_who_leaves_or_is_bound_no_more_is_out_at_once(visitor_anywhere: Visitor, what: str) -> None:
    visitor = visitor_anywhere
    await visitor.comes_in(LI)
    waiting = await visitor.link(LI)

    async def happens(session: Session) -> None:
        if what.startswith("UPDATE"):
            await session.run(what, False)
        else:
            await session.run("DELETE FROM accounts")

    await visitor.stage.database.transact(happens)

    assert (await visitor.get("/board")).status == 401
    assert (await visitor.get(waiting)).status == 404


async def test_signing_out(visitor: Visitor) -> None:
    sheet = await visitor.comes_in(LI)
    cookie = next(cookie.value for cookie in visitor.http.cookie_jar if cookie.key == COOKIE)

    out = next(form for form in sheet.forms if form.action == "/board/out")
    refused = await visitor.post("/board/out", {"csrf": "0" * 64})
    done = await visitor.post("/board/out", out.fields)

    assert refused.status == 403
    assert "退出" in done.words
    assert (await visitor.get("/board", cookies={COOKIE: cookie})).status == 401


async def test_how_the_cookie_and_the_page_protect_themselves(visitor: Visitor) -> None:
    link = await visitor.link(LI)

    async with visitor.http.get(visitor.base + link, allow_redirects=False) as response:
        plain = response.headers["Set-Cookie"]
    page = await visitor.get("/board")
    visitor.stage.application.settings = visitor.stage.application.settings.model_copy(
        update={"server": Server(public_url="https://okr.example.com")}
    )
    async with visitor.http.get(visitor.base + await visitor.link(LI), allow_redirects=False) as response:
        secure = response.headers["Set-Cookie"]

    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    assert "Secure" in secure
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert " style=" not in page.html
    assert "<script>" not in page.html


async def test_only_hashes_are_kept(visitor: Visitor) -> None:
    link = await visitor.link(LI)
    await visitor.get(link)
    cookie = next(cookie.value for cookie in visitor.http.cookie_jar if cookie.key == COOKIE)

    kept = await visitor.stage.database.read(
        lambda session: session.all(
            "SELECT token_hash FROM board_links UNION SELECT token_hash FROM board_sessions"
        )
    )

    assert {row[0] for row in kept} & {link.rpartition("/")[2], cookie} == set()
    assert all(len(row[0]) == 64 for row in kept)


async def test_another_persons_link_changes_who_is_in(visitor: Visitor) -> None:
    await visitor.comes_in(LI)

    sheet = await visitor.comes_in(WANG)

    assert "王店" in sheet.words
    assert "李四的目标" not in sheet.words


async def test_what_page_and_script_are_named_by_their_content_and_kept_for_good(visitor: Visitor) -> None:
    sheet = await visitor.comes_in(LI)
    style = sheet.html.partition('rel="stylesheet" href="')[2].partition('"')[0]

    served = await visitor.get(style)

    assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (await visitor.get("/board/page/board.css")).status == 404
