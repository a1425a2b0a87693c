"""How the platform says no: the new API with an HTTP status and a code, the legacy API with a number in HTTP 200."""

from __future__ import annotations

from typing import Any

PERMISSION = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
QPS = "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
QPS_LEGACY = "90018"
QUOTA = "Forbidden.AccessDenied.ApiCountLimitForOrg"
QUOTA_LEGACY = 90020
TOKEN = "InvalidAuthentication"  # noqa: S105 - an error code
"""Missing or expired token; the legacy API says 40014, and 42001 for one that was valid once."""
TOKEN_LEGACY = 40014
TOKEN_EXPIRED_LEGACY = 42001


class Refused(Exception):
    """A refusal of the new API: `{"code","message","requestid"}`."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.message = message or code
        self.status = status

    def body(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "requestid": "00000000-FAKE"}

    def legacy_body(self) -> dict[str, Any]:
        """The same from the legacy API, where a code is a number."""
        if not self.code.lstrip("-").isdecimal():
            return self.body()
        return RefusedLegacy(int(self.code), self.message).body()


class RefusedLegacy(Exception):
    """A refusal of the legacy API: HTTP 200 and an `errcode`."""

    def __init__(self, errcode: int, errmsg: str = "", *, sub_code: str = "") -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.errmsg = errmsg or f"error {errcode}"
        self.sub_code = sub_code

    def body(self) -> dict[str, Any]:
        body = {"errcode": self.errcode, "errmsg": self.errmsg, "request_id": "fake"}
        return body | ({"sub_code": self.sub_code, "sub_msg": self.errmsg} if self.sub_code else {})


def legacy_ok(**more: Any) -> dict[str, Any]:
    return {"errcode": 0, "errmsg": "ok", **more}
