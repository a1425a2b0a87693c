"""Contacts and sign-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.sandbox.dingtalk_client import Desk, desk

LOGIN = {
    "client_id": "dingdemo",
    "response_type": "code",
    "scope": "openid corpid",
    "redirect_uri": "https://okr.test/back?x=1",
    "state": "s1",
    "prompt": "consent",
}


@pytest.fixture
async def office() -> AsyncIterator[Desk]:
    async with desk() as office:
        office.fake.add_department(7, "西湖店")
        office.fake.add_user("dt-zhang", "张三", department=7, manager="dt-wang")
        yield office


async def browse(office: Desk, **changed: str) -> tuple[int, dict[str, list[str]]]:
    """Where the browser is sent back to: the status and the query."""
    url = f"{office.fake.base_url}/oauth2/auth?{urlencode(LOGIN | changed)}"
    async with office.http.get(url, allow_redirects=False) as response:
        return response.status, parse_qs(urlsplit(response.headers.get("Location", "")).query)


async def user_token(office: Desk, code: str) -> tuple[int, Any]:
    asked = {"clientId": "dingdemo", "clientSecret": office.fake.client_secret, "code": code}
    return await office.post("/v1.0/oauth2/userAccessToken", asked | {"grantType": "authorization_code"})


async def test_a_person_by_both_ids(office: Desk) -> None:
    person = (await office.legacy("/topapi/v2/user/get", {"userid": "dt-zhang"}))["result"]
    assert (person["name"], person["dept_id_list"], person["manager_userid"]) == ("张三", [7], "dt-wang")
    found = await office.legacy("/topapi/user/getbyunionid", {"unionid": person["unionid"]})
    assert found["result"] == {"contact_type": 0, "userid": "dt-zhang"}


@pytest.mark.parametrize(
    ("path", "body", "errcode"),
    [
        ("/topapi/v2/user/get", {"userid": "nobody"}, 60121),
        ("/topapi/v2/user/get", {"userid": "dt-guest"}, 60121),
        ("/topapi/user/getbyunionid", {"unionid": "x"}, 60121),
        ("/topapi/v2/department/listsub", {"dept_id": 99}, 60003),
        ("/topapi/user/listsimple", {"dept_id": 99, "cursor": 0, "size": 10}, 60003),
        ("/topapi/user/listsimple", {"dept_id": 1, "cursor": 0, "size": 101}, 400002),
        ("/topapi/v2/user/getuserinfo", {"code": "x"}, 40078),
        ("/topapi/v2/user/get", {}, 400002),
    ],
)
async def test_refuses(office: Desk, path: str, body: dict[str, Any], errcode: int) -> None:
    assert (await office.legacy(path, body))["errcode"] == errcode


async def test_departments_and_their_people_by_pages(office: Desk) -> None:
    below = await office.legacy("/topapi/v2/department/listsub", {"dept_id": 1})
    assert below["result"] == [{"dept_id": 7, "name": "西湖店", "parent_id": 1}]
    first = (await office.legacy("/topapi/user/listsimple", {"dept_id": 1, "cursor": 0, "size": 1}))["result"]
    assert (first["list"], first["has_more"]) == ([{"userid": "dt-li", "name": "李四"}], True)
    asked = {"dept_id": 1, "cursor": first["next_cursor"], "size": 1}
    last = (await office.legacy("/topapi/user/listsimple", asked))["result"]
    assert last == {"list": [{"userid": "dt-wang", "name": "王店"}], "has_more": False}


async def test_searches_by_name(office: Desk) -> None:
    asked = {"queryWord": "张", "offset": 0, "size": 20}
    _, answer = await office.post("/v1.0/contact/users/search", asked)
    assert answer == {"list": ["dt-zhang"], "hasMore": False, "totalCount": 1}
    assert not office.fake.calls, "contacts count towards nothing"
    assert (await office.post("/v1.0/contact/users/search", asked | {"size": 21}))[0] == 400


async def test_a_code_from_inside_the_app_is_good_once(office: Desk) -> None:
    code = office.fake.directory.login_code("dt-zhang")
    found = await office.legacy("/topapi/v2/user/getuserinfo", {"code": code})
    assert (found["result"]["userid"], found["result"]["name"]) == ("dt-zhang", "张三")
    assert (await office.legacy("/topapi/v2/user/getuserinfo", {"code": code}))["errcode"] == 40078


async def test_signs_in_by_the_browser(office: Desk) -> None:
    office.fake.directory.signed_in = "dt-zhang"
    status, back = await browse(office)
    assert (status, back["state"], back["x"]) == (302, ["s1"], ["1"])
    _, granted = await user_token(office, back["authCode"][0])
    assert (granted["expireIn"], granted["corpId"]) == (7200, "dingcorp")
    headers = {"x-acs-dingtalk-access-token": granted["accessToken"]}
    _, me = await office.call("GET", "/v1.0/contact/users/me", **headers)
    assert (me["nick"], me["unionId"]) == ("张三", "union-dt-zhang")
    assert (await user_token(office, back["authCode"][0]))[0] == 400, "a code is good once"
    office.clock.wind(timedelta(hours=2))
    assert (await office.call("GET", "/v1.0/contact/users/me", **headers))[1][
        "code"
    ] == "InvalidAuthentication"


@pytest.mark.parametrize(("age", "status"), [(299, 200), (300, 400)])
async def test_a_code_is_good_for_5_minutes(office: Desk, age: int, status: int) -> None:
    code = office.fake.directory.login_code("dt-zhang")
    office.clock.wind(timedelta(seconds=age))
    assert (await user_token(office, code))[0] == status


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "x"},
        {"response_type": "token"},
        {"scope": "corpid"},
        {"redirect_uri": "https://evil.test/"},
    ],
)
async def test_refuses_to_sign_in(office: Desk, changed: dict[str, str]) -> None:
    office.fake.directory.redirect_uris = {LOGIN["redirect_uri"]}
    assert (await browse(office, **changed))[0] == 400
