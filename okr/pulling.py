"""What can go wrong when business data are fetched from another system, in words that show no secret."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """Kinds of failure; the value is kept, `called` is what people read."""

    AUTH = "auth"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    NOT_FOUND = "not_found"
    MOVED = "moved"
    BUSY = "busy"
    SERVER = "server"
    WEB_PAGE = "web_page"
    NOT_JSON = "not_json"
    SHAPE = "shape"
    PAGING = "paging"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    QUERY = "query"
    WRITES = "writes"
    FILE = "file"
    OTHER = "other"

    @property
    def called(self) -> str:
        return _CALLED[self]


_CALLED = {
    Trouble.AUTH: "账号或令牌不对,或者没有权限",
    Trouble.TIMEOUT: "对方一直没有回应,等超时了",
    Trouble.REFUSED: "对方拒绝连接,服务可能没开",
    Trouble.UNREACHABLE: "连不上对方,网络或地址有问题",
    Trouble.CERTIFICATE: "对方的 HTTPS 证书不对",
    Trouble.NOT_FOUND: "地址上没有东西了(404)",
    Trouble.MOVED: "对方要求换个地址或重新登录",
    Trouble.BUSY: "对方说我们问得太勤",
    Trouble.SERVER: "对方系统自己出错了",
    Trouble.WEB_PAGE: "回来的是网页,不是数据",
    Trouble.NOT_JSON: "回来的不是 JSON",
    Trouble.SHAPE: "数据的格式变了,找不到要的字段",
    Trouble.PAGING: "翻页翻不下去,一直在原地",
    Trouble.TOO_LARGE: "一页太大了,请让对方分页",
    Trouble.TOO_LONG: "表格太长了,请分成几个文件,或者存成 CSV",
    Trouble.QUERY: "查询语句不能用,表或列可能改了",
    Trouble.WRITES: "查询里有写操作,只许读",
    Trouble.FILE: "文件或文件夹读不了",
    Trouble.OTHER: "没见过的错误",
}


class PullFailed(Exception):
    """A source could not be read to its end. `str()` shows no secret; what caused it is never chained to it."""

    def __init__(self, trouble: Trouble, where: str = "") -> None:
        super().__init__(f"{trouble.called}({where})" if where else trouble.called)
        self.trouble = trouble
