"""Signing in by DingTalk and by WeCom, on their own wires."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.board.guests import COOKIE
from sandbox.cast import OUTSIDER_DINGTALK
from tests.bot.board.visitor import LI, WU, Visitor, browser

IN_WECOM = {"User-Agent": "Mozilla/5.0 (iPhone) AppleWebKit MicroMessenger/7.0.1 wxwork/4.1.10"}
IN_DINGTALK = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 14) AliApp(DingTalk/7.6.0) com.alibaba.android.rimet"
}


async def test_dingtalk_signs_in_in_any_browser(visitor_anywhere: Visitor) -> None:
    visitor = visitor_anywhere
    visitor.stage.dingtalk.directory.signed_in = "dt-li"
    door = await visitor.get("/board/people/E0102")
    way = next(link for link in door.links if link.startswith("/board/in/dingtalk"))

    sheet = await visitor.get(way)

    assert door.status == 401
    assert (sheet.status, sheet.path) == (200, "/board/people/E0102")  # where he wanted to go
    assert "李四的目标" in sheet.words


async def test_inside_an_app_its_own_way_is_taken_at_once(visitor: Visitor) -> None:
    visitor.stage.dingtalk.directory.signed_in = "dt-li"
    visitor.stage.wecom.directory.signed_in = "WxWu"

    in_dingtalk = await visitor.get("/board", headers=IN_DINGTALK)
    async with browser() as http:
        in_wecom = await Visitor(visitor.stage, http).get("/board", headers=IN_WECOM)

    assert "李四的目标" in in_dingtalk.words
    assert "吴越" in in_wecom.words


async def test_wecom_is_offered_in_its_app_only(visitor: Visitor) -> None:
    door = await visitor.get("/board")

    assert [link for link in door.links if "wecom" in link] == []


@pytest.mark.parametrize("platform", ["dingtalk", "wecom"])
async def test_a_way_back_that_no_way_there_belongs_to_signs_nobody_in(
    visitor: Visitor, platform: str
) -> None:
    codes = {
        "dingtalk": ("authCode", visitor.stage.dingtalk.directory.login_code("dt-li")),
        "wecom": ("code", visitor.stage.wecom.directory.issue_code("WxLi")),
    }
    name, code = codes[platform]

    for state in ("", "0" * 32):
        sheet = await visitor.get(f"/board/in/{platform}/back?{name}={code}&state={state}")
        assert sheet.status == 401
    await visitor.get(
        f"/board/in/{platform}?to=/board", headers=IN_WECOM, allow_redirects=False
    )  # now there is a state, another one
    sheet = await visitor.get(f"/board/in/{platform}/back?{name}={code}&state={'0' * 32}")

    assert sheet.status == 401
    assert (await visitor.get("/board")).status == 401


async def test_a_code_is_good_once_and_a_state_for_one_way(visitor: Visitor) -> None:
    visitor.stage.wecom.directory.signed_in = "WxWu"
    there = await visitor.get("/board/in/wecom", headers=IN_WECOM, allow_redirects=False)
    async with visitor.http.get(
        there.headers["Location"], headers=IN_WECOM, allow_redirects=False
    ) as response:
        back = response.headers["Location"].removeprefix(visitor.base)
    first = await visitor.get(back)
    visitor.http.cookie_jar.clear()

    again = await visitor.get(back)

    assert "吴越" in first.words
    assert again.status == 401


async def test_who_is_not_of_the_company_is_told_so(visitor: Visitor) -> None:
    visitor.stage.wecom.directory.signed_in = ""  # somebody from outside
    outside = await visitor.get("/board", headers=IN_WECOM)
    visitor.stage.dingtalk.directory.signed_in = OUTSIDER_DINGTALK
    unbound = await visitor.get("/board/in/dingtalk")

    assert outside.status == 403
    assert unbound.status == 403
    assert "绑定" in unbound.words
    assert (await visitor.get("/board")).status == 401


async def test_what_is_asked_of_the_platforms(visitor: Visitor) -> None:
    dingtalk = await visitor.get("/board/in/dingtalk?to=//evil.example", allow_redirects=False)
    wecom = await visitor.get("/board/in/wecom", headers=IN_WECOM, allow_redirects=False)

    asked = {name: value[0] for name, value in parse_qs(urlsplit(dingtalk.headers["Location"]).query).items()}
    assert asked["redirect_uri"] == f"{visitor.base}/board/in/dingtalk/back"
    assert asked["scope"] == "openid corpid"
    assert dingtalk.headers["Set-Cookie"].partition(";")[0].endswith("%2Fboard")  # and nowhere else
    assert "HttpOnly" in dingtalk.headers["Set-Cookie"]
    assert wecom.headers["Location"].endswith("#wechat_redirect")
    assert parse_qs(urlsplit(wecom.headers["Location"]).query)["state"][0].isalnum()


async def test_a_session_by_a_platform_dies_with_its_account(visitor: Visitor) -> None:
    visitor.stage.dingtalk.directory.signed_in = "dt-li"
    await visitor.get("/board/in/dingtalk")
    assert (await visitor.get("/board")).status == 200

    await visitor.stage.database.transact(
        lambda session: session.run("DELETE FROM accounts WHERE user_id = 'dt-li' AND platform = 'dingtalk'")
    )

    assert (await visitor.get("/board")).status == 401
    assert COOKIE in {cookie.key for cookie in visitor.http.cookie_jar}


async def test_a_platform_that_is_down_leaves_the_link(visitor: Visitor) -> None:
    visitor.stage.wecom.directory.signed_in = "WxWu"
    visitor.stage.wecom.faults.next_errors.extend([40029])

    sheet = await visitor.get("/board", headers=IN_WECOM)

    assert sheet.status == 401
    assert "看板" in sheet.words
    assert (await visitor.comes_in(WU)).status == 200
    assert (await visitor.comes_in(LI)).status == 200
