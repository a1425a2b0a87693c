"""The shape of bot.yaml: every key, its type, its default and what is allowed.

The Chinese line under a key is its description in `okrbot config schema`. A relative path counts from the file's
own folder (`config.loading` makes it absolute). Secrets are `SecretStr`, so that no log and no traceback shows
them; each may also be given as `…_file: PATH`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr

from config.reminders import Reminders
from config.rules import Rule
from config.section import Section
from config.sources import DataSource
from config.templates import Template
from config.values import (
    Count,
    EmployeeNumber,
    HttpAddress,
    HttpAddressOrNone,
    Number,
    Share,
    SocketAddress,
    StorageUrl,
    TimeZoneName,
    When,
)

NO_SECRET = SecretStr("")


class Company(Section):
    name: str = "我的公司"
    """公司名"""
    timezone: TimeZoneName = "Asia/Shanghai"
    """公司时间用的时区"""
    admins: tuple[EmployeeNumber, ...] = ()
    """管理员的工号:确认绑定、收运行警告"""
    hr: tuple[EmployeeNumber, ...] = ()
    """人事的工号"""
    data_stewards: tuple[EmployeeNumber, ...] = ()
    """管业务数据的人的工号"""
    leaver_retention_days: Count = Field(default=730, le=36500)
    """离职多少天以后抹去姓名和写过的话,数字留下;0 = 不自动抹"""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Storage(Section):
    url: StorageUrl = "sqlite://data/okrbot.db"
    """sqlite://路径(相对路径从本文件所在的文件夹算)或 postgres://用户:密码@主机:5432/库名"""


class Server(Section):
    host: str = Field(default="127.0.0.1", min_length=1)
    """在哪个地址上监听"""
    port: Count = Field(default=8080, le=65535)
    """端口,0 = 随便一个空的"""
    public_url: HttpAddressOrNone = ""
    """外面能访问到的地址,比如 https://okr.example.com;有了它,图片用链接发,不费调用量"""


class DingTalk(Section):
    enabled: bool = False
    """用不用钉钉"""
    client_id: str = ""
    """应用的 Client ID(AppKey)"""
    client_secret: SecretStr = NO_SECRET
    """应用的 Client Secret(AppSecret)"""
    robot_code: str = ""
    """机器人的 robotCode,不写就用 client_id"""
    card_template_id: str = "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema"
    """互动卡片的模板"""
    api_base: HttpAddress = "https://api.dingtalk.com"
    """新版接口的地址"""
    oapi_base: HttpAddress = "https://oapi.dingtalk.com"
    """旧版接口的地址"""
    login_base: HttpAddress = "https://login.dingtalk.com"
    """看板用钉钉登录时去的地址"""
    monthly_api_calls: Count = 5000
    """每月的接口调用量,0 = 不限"""
    monthly_pushes: Count = 3000
    """每月的推送量,0 = 不限"""
    reserved_for_others: Share = 0.2
    """额度是全公司的,给别的机器人留几成"""


class WeComApp(Section):
    agent_id: Count = 0
    """自建应用的 AgentId"""
    secret: SecretStr = NO_SECRET
    """自建应用的 Secret"""
    token: SecretStr = NO_SECRET
    """接收消息的 Token"""
    encoding_aes_key: SecretStr = NO_SECRET
    """接收消息的 EncodingAESKey,43 位"""


class WeComRobot(Section):
    mode: Literal["websocket", "callback"] = "websocket"
    """长连接,或回调地址 POST /wecom/robot"""
    name: str = Field(default="OKR助手", min_length=1)
    """机器人在群里的名字"""
    bot_id: str = ""
    """长连接的 Bot ID"""
    secret: SecretStr = NO_SECRET
    """长连接的 Secret"""
    ws_url: SocketAddress = "wss://openws.work.weixin.qq.com"
    """长连接的地址"""
    token: SecretStr = NO_SECRET
    """回调的 Token"""
    encoding_aes_key: SecretStr = NO_SECRET
    """回调的 EncodingAESKey,43 位"""


class WeCom(Section):
    enabled: bool = False
    """用不用企业微信"""
    corp_id: str = ""
    """企业 ID,ww 开头"""
    api_base: HttpAddress = "https://qyapi.weixin.qq.com"
    """接口的地址"""
    oauth_base: HttpAddress = "https://open.weixin.qq.com"
    """看板在企业微信里登录时去的地址"""
    app: WeComApp | None = None
    """自建应用:单聊和推送,回调地址 POST /wecom/app"""
    robot: WeComRobot | None = None
    """智能机器人:群里 @ 它"""


class Cycles(Section):
    close_after: Count = 10
    """周期结束以后多少个工作日没有人关,就自动关(锁定评分);0 = 不自动关"""


class OriginSplit(Section):
    top_down: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.7")
    """关键结果按权重有几成该是自上而下的"""
    tolerance: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.1")
    """差多少以内都算,0.1 就是 10 个百分点"""


class Ranking(Section):
    least: Count = 4
    """少于几个人(几家店)就不排名"""
    weekly: str = "sales"
    """周报里销售岗位按哪个指标排名(metrics 里的键),空 = 周报里不排"""


class Funnel(Section):
    steps: tuple[str, ...] = Field(min_length=2, max_length=4)
    """从头到尾的几步:metrics 里的键,都要是累计的"""
    called: tuple[str, ...] = ()
    """每一步怎么叫,不写就用指标的名字"""
    brings: str = ""
    """最后一步带来什么(比如销售额):用来算少成一单是多少钱;不写就不算钱"""
    of: Literal["person", "store"] = "person"
    """person 按人算,store 按店算、给带店的人看"""


def usual_funnels() -> dict[str, Funnel]:
    return {
        "拜访成交": Funnel(steps=("visits", "deals"), called=("拜访", "成交"), brings="sales"),
        "到店成交": Funnel(steps=("visitors", "orders"), called=("到店", "成交"), brings="sales", of="store"),
    }


class Directory(Section):
    """Where the company's people come from, once `okrbot sync directory` has been run."""

    nightly: bool = True
    """用 okrbot sync directory 同步过一次以后,每天夜里和通讯录变动时自动跟上;false = 只在命令行同步"""
    order: tuple[Literal["dingtalk", "wecom"], ...] = ("dingtalk", "wecom")
    """两个平台上都有的人,先信哪边"""
    most_leavers: Share = 0.1
    """一次少的人超过几成就不当离职处理,先告诉管理员;一两个人总是可以的"""
    rosters: bool = False
    """每天夜里从钉钉考勤拉门店员工一周的排班;算调用量,50 个人一次。店长在聊天里排的那天听店长的"""
    contacts_count: bool = False
    """钉钉的通讯录接口算不算调用量:官方说不算,你们的用量页面上算就写 true"""


class Calendar(Section):
    """Days that the calendar library does not know or that the company decides."""

    holidays: tuple[date, ...] = ()
    """放假的日子"""
    workdays: tuple[date, ...] = ()
    """补班的日子"""


class Metric(Section):
    name: str = Field(min_length=1)
    """人怎么叫它"""
    kind: Literal["cumulative", "snapshot", "ratio"] = "cumulative"
    """cumulative 累计,snapshot 时点值,ratio 比率"""
    unit: str = ""
    """单位"""
    numerator: str = ""
    """比率的分子:另一个指标的键"""
    denominator: str = ""
    """比率的分母:另一个指标的键"""


class IngestToken(Section):
    name: str = Field(min_length=1)
    """数据来源的名字,显示在 KR 上"""
    token: SecretStr = NO_SECRET
    """推数据时 Authorization: Bearer 后面的那一串"""
    expect_hours: Annotated[float, Number, Field(gt=0, le=24 * 62)] = 24.0
    """多少小时该有一次新数据;久了没有就提醒"""


class Ingest(Section):
    tokens: tuple[IngestToken, ...] = ()
    """谁可以推数据"""


def usual_metrics() -> dict[str, Metric]:
    return {
        "sales": Metric(name="销售额", kind="cumulative", unit="元"),
        "visitors": Metric(name="客流量", kind="cumulative", unit="人"),
        "orders": Metric(name="订单数", kind="cumulative", unit="单"),
        "basket": Metric(name="客单价", kind="ratio", unit="元", numerator="sales", denominator="orders"),
        "conversion": Metric(name="转化率", kind="ratio", numerator="orders", denominator="visitors"),
        "visits": Metric(name="客户拜访量", kind="cumulative", unit="次"),
        "deals": Metric(name="成交客户数", kind="cumulative", unit="家"),
        "deal_rate": Metric(name="拜访转化率", kind="ratio", numerator="deals", denominator="visits"),
    }


class Settings(Section):
    company: Company = Company()
    """公司"""
    storage: Storage = Storage()
    """数据存在哪里"""
    server: Server = Server()
    """网页和接口"""
    dingtalk: DingTalk = DingTalk()
    """钉钉"""
    wecom: WeCom = WeCom()
    """企业微信"""
    schedule: dict[str, When] = Field(default_factory=dict)
    """每个定时任务什么时候跑,按名字:像 weekly_report: "fri 17:30"、checkin_due: "9:30";名字见 okrbot jobs list"""
    reminders: Reminders = Reminders()
    """16 种提醒的开关和门槛,以及共同的规矩"""
    cycles: Cycles = Cycles()
    """季度、年度什么时候收官"""
    origin: OriginSplit = OriginSplit()
    """目标来源:自上而下和自下而上怎么分,超出只提醒"""
    directory: Directory = Directory()
    """通讯录同步"""
    ranking: Ranking = Ranking()
    """排名"""
    calendar: Calendar = Calendar()
    """内置日历不知道的、公司自己定的日子"""
    rules: tuple[Rule, ...] = ()
    """按区域、门店、门店类型、职级、部门分别定的事;几条都管得到一个人,写得细的优先"""
    mechanisms: dict[str, Literal["weekly", "monthly"]] = Field(default_factory=dict)
    """哪家店(或哪个区域)的目标怎么定,按名字:weekly 每周更新,monthly 一个月不变;先看这里,再看 rules,都没有就是 monthly"""
    templates: dict[str, Template] = Field(default_factory=dict)
    """目标模板:内置的之外公司自己的,按名字;和内置的同名就代替它"""
    sources: tuple[DataSource, ...] = ()
    """从哪里拉业务数据:HTTP 接口、数据库、文件夹"""
    metrics: dict[str, Metric] = Field(default_factory=usual_metrics)
    """统计什么"""
    funnels: dict[str, Funnel] = Field(default_factory=usual_funnels)
    """销售漏斗,按名字:周报里说卡在哪一步;一个人用第一个有他的数的"""
    ingest: Ingest = Ingest()
    """推业务数据的令牌"""
