from __future__ import annotations

import pytest

from bot.dingtalk.errcodes import failure
from chat.errors import Rejected, Unreachable


@pytest.mark.parametrize(
    ("status", "code", "message", "seconds"),
    [
        (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "", 1),
        (403, "Forbidden.AccessDenied.QpsLimitForApi", "", 1),
        (403, "Forbidden.AccessDenied.ApiCountLimitForOrg", "", 6 * 3600),
        (200, "90018", "", 1),
        (200, "90020", "", 6 * 3600),
        (200, "410100", "", 600),
        (400, "send.too.fast", "", 60),
        (500, "system.error", "", 5),
        (200, "-1", "", 5),
        (400, "invalidClientIdOrSecret", "", 600),
        (400, "InvalidAuthentication", "", None),
        (200, "40014", "", None),
        (200, "42001", "", None),
        (503, "whatever.it.is", "", None),
        (429, "whatever.it.is", "", None),
        (404, "", "<html>", None),
    ],
)
def test_what_may_work_later(status: int, code: str, message: str, seconds: int | None) -> None:
    error = failure(status, code, message)

    assert isinstance(error, Unreachable)
    assert (error.after.total_seconds() if error.after else None) == seconds


@pytest.mark.parametrize(
    ("status", "code", "message", "receiver"),
    [
        (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied", "", False),
        (400, "staffId.notExisted", "", True),
        (400, "robot.oto.notExist", "", True),
        (400, "group.disbanded", "", True),
        (200, "60121", "", True),
        (400, "param.templateNotExist", "", False),
        (400, "invalidParameter.msgParam.tooLong", "", False),
        (200, "300001", "session.expired", False),
        (200, "40035", "", False),
    ],
)
def test_what_never_will(status: int, code: str, message: str, receiver: bool) -> None:
    error = failure(status, code, message)

    assert isinstance(error, Rejected)
    assert error.receiver is receiver
    assert code in error.reason
