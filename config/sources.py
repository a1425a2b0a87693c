"""What bot.yaml says about systems that business data are fetched from: where, when, and what stands where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from config.expressions import Expression
from config.rules import Names
from config.schedule import ALLOWED, read_when
from config.section import Section
from config.values import Count, HttpAddress, Number

NO_SECRET = SecretStr("")
HOURLY = "0 * * * *"
Seconds = Annotated[float, Number, Field(gt=0, le=600)]
SecretText = Annotated[
    SecretStr, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)
]


class Paging(Section):
    by: Literal["page", "offset", "cursor", "link"] = "page"
    """怎么翻页:page 页码,offset 从第几条起,cursor 对方给的游标,link 对方给的下一页地址"""
    parameter: str = ""
    """放页码、起点或游标的参数名;不写就是 page、offset、cursor"""
    first: Count = 1
    """第一页是几,只对 page"""
    size: Count = 100
    """一页多少条;0 = 不说"""
    size_parameter: str = "size"
    """放每页条数的参数名"""
    next: Expression = ""
    """下一个游标或下一页地址在回复的哪里;link 不写就看 Link 头"""


class Http(Section):
    url: HttpAddress
    """接口地址,里面可以写 {since}、{now}、{since_date}、{today}、{yesterday}"""
    method: Literal["GET", "POST"] = "GET"
    """GET 或 POST(参数放在 JSON 正文里)"""
    headers: dict[str, SecretText] = Field(default_factory=dict)
    """请求头,值不会显示"""
    params: dict[str, SecretText] = Field(default_factory=dict)
    """参数,值不会显示;也可以写 {since} 这些"""
    token: SecretStr = NO_SECRET
    """放在 Authorization: Bearer 后面的令牌"""
    paging: Paging | None = None
    """翻页;不写就是一页"""
    records: Expression = ""
    """一条条数据在回复的哪里,JMESPath,比如 data.items;不写就是整个回复"""


class Sql(Section):
    dsn: SecretStr = NO_SECRET
    """postgres://、mysql:// 或 sqlite:// 开头的连接串,值不会显示"""
    query: str = Field(min_length=1)
    """一句 SELECT,里面可以写 :since、:now、:today、:yesterday"""


class Folder(Section):
    path: str = Field(min_length=1)
    """文件夹,里面的 CSV 和 XLSX 各处理一次"""
    pattern: str = "*"
    """只要名字像这样的文件,比如 销售*.csv"""


class Fields(Section):
    id: Expression = ""
    """每条数据的编号在哪个字段;不写就用指标、门店、工号和时间认"""
    unit: Expression = ""
    """门店或部门;固定的写 "'西湖店'" """
    employee: Expression = ""
    """人:工号,姓名,或者 people 表里的外部编号"""
    at: Expression = ""
    """时间"""
    metric: Expression = ""
    """哪个指标,和 value 一起用"""
    value: Expression = ""
    """数值"""
    values: dict[str, Expression] = Field(default_factory=dict)
    """一条里有几个指标时:指标的键 → 数值在哪里,比如 {sales: amount, orders: count}"""


class DataSource(Section):
    name: str = Field(min_length=1, max_length=50)
    """名字,显示在 KR 上"""
    schedule: Names = (HOURLY,)
    """什么时候拉:7:30、mon-fri 9:00,或五段的 crontab;可以写几个。不写就是每小时"""
    timeout: Seconds = 30.0
    """一次请求或一句查询最多等几秒"""
    expect_hours: Annotated[float, Number, Field(gt=0, le=24 * 62)] = 24.0
    """多少小时该有一次新数据;久了没有就提醒"""
    look_back_days: Count = 3
    """{since} 从最新的数据再往回几天,补晚到的和更正的"""
    http: Http | None = None
    """从 HTTP 接口拉"""
    sql: Sql | None = None
    """从数据库拉"""
    folder: Folder | None = None
    """从文件夹拉"""
    fields: Fields = Fields()
    """什么在哪个字段"""
    units: dict[str, str] = Field(default_factory=dict)
    """外部编号 → 门店或部门"""
    people: dict[str, str] = Field(default_factory=dict)
    """外部编号 → 工号"""
    metrics: dict[str, str] = Field(default_factory=dict)
    """对方的叫法 → 指标的键"""

    @property
    def crons(self) -> tuple[str, ...]:
        """When it is fetched, as crontabs."""
        return tuple(read_when(text).instead_of("0 * * * *") for text in self.schedule)


Problem = tuple[tuple[str | int, ...], str, str]
_DSN = ("postgres://", "postgresql://", "mysql://", "sqlite://")


def problems(sources: Sequence[DataSource], taken: Sequence[str]) -> Iterator[Problem]:
    """What a list of the right shape may still lack. `taken`: the names of who pushes."""
    names = set(taken)
    for index, source in enumerate(sources):
        if source.name in names:
            yield (index, "name"), f"{source.name} 写了两遍", "每个来源一个名字,和 ingest.tokens 的也不能一样"
        names.add(source.name)
        for found, allowed in _wrong(source):
            yield (index,), found, allowed
        for text in source.schedule:
            try:
                read_when(text)
            except ValueError:
                yield (index, "schedule"), f"写的是 {text}", ALLOWED
        if source.sql is not None and not source.sql.dsn.get_secret_value().startswith(_DSN):
            yield (
                (index, "sql", "dsn"),
                "没有写,或者不认识",
                "postgres://、mysql:// 或 sqlite:// 开头,也可以写 dsn_file",
            )


def _wrong(source: DataSource) -> Iterator[tuple[str, str]]:
    kinds = [kind for kind in (source.http, source.sql, source.folder) if kind is not None]
    if len(kinds) != 1:
        yield ("写了不止一种来源" if kinds else "没有写从哪里拉"), "http、sql、folder 里的一个"
    fields = source.fields
    if not fields.at:
        yield "fields 里没有 at", "时间在哪个字段"
    if not (fields.unit or fields.employee):
        yield "fields 里没有 unit,也没有 employee", "门店或人在哪个字段"
    if bool(fields.values) == bool(fields.metric and fields.value):
        yield "fields 里要么写 values,要么写 metric 和 value", "比如 values: {sales: amount}"
    paging = source.http.paging if source.http else None
    if paging is not None and paging.by == "cursor" and not paging.next:
        yield "按游标翻页没有写 next", "下一个游标在回复的哪里"
