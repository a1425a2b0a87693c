"""The shape of bot.yaml: every key, its type, its default and what is allowed.

A relative path counts from the file's own folder (`config.loading` makes it absolute). Secrets are
`SecretStr`, so that no log and no traceback shows them; each may also be given as `…_file: PATH`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

REMINDERS = (
    "progress_warning", "forecast_miss", "kr_stalled", "confidence_drop", "checkin_due", "checkin_overdue", "weekly_report",
    "monthly_review", "collab_blocked", "approval_pending", "upstream_changed", "alignment_gap", "deadline_due", "data_stale",
    "growth_due", "achievement",
)  # fmt: skip
"""The keys of the sixteen reminders."""

EmployeeNumber = Annotated[str, Field(min_length=1, max_length=64)]
Share = Annotated[float, Field(ge=0, le=1)]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("不是已知的时区,例如 Asia/Shanghai")
    return name


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Company(Section):
    name: str = "我的公司"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    admins: tuple[EmployeeNumber, ...] = ()
    hr: tuple[EmployeeNumber, ...] = ()
    data_stewards: tuple[EmployeeNumber, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Storage(Section):
    url: str = Field(default="sqlite://data/okrbot.db", pattern=r"^(sqlite|postgres|postgresql)://.+")


class Server(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = Field(default="", pattern=r"^(https?://.+)?$")


class DingTalk(Section):
    enabled: bool = False
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    robot_code: str = ""
    card_template_id: str = "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema"
    api_base: str = Field(default="https://api.dingtalk.com", pattern=r"^https?://.+")
    oapi_base: str = Field(default="https://oapi.dingtalk.com", pattern=r"^https?://.+")
    monthly_api_calls: int = Field(default=5000, ge=0)
    monthly_pushes: int = Field(default=3000, ge=0)
    reserved_for_others: Share = 0.2


class WeComApp(Section):
    agent_id: int = Field(default=0, ge=0)
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    encoding_aes_key: SecretStr = SecretStr("")


class WeComRobot(Section):
    mode: Literal["websocket", "callback"] = "websocket"
    name: str = "OKR助手"
    bot_id: str = ""
    secret: SecretStr = SecretStr("")
    ws_url: str = Field(default="wss://openws.work.weixin.qq.com", pattern=r"^wss?://.+")
    token: SecretStr = SecretStr("")
    encoding_aes_key: SecretStr = SecretStr("")


class WeCom(Section):
    enabled: bool = False
    corp_id: str = ""
    api_base: str = Field(default="https://qyapi.weixin.qq.com", pattern=r"^https?://.+")
    app: WeComApp | None = None
    robot: WeComRobot | None = None


class Ceiling(Section):
    """How many private letters a person may get unasked; 0 = no ceiling."""

    day: int = Field(default=3, ge=0)
    week: int = Field(default=10, ge=0)


class SendWindow(Section):
    office: str = Field(default="09:00-20:00", pattern=r"^\d{2}:\d{2}-\d{2}:\d{2}$")
    store: str = Field(default="shift", pattern=r"^(shift|\d{2}:\d{2}-\d{2}:\d{2})$")


class Reminders(Section):
    """What is common to all reminders; each reminder's own switches and thresholds stand under its key."""

    model_config = ConfigDict(extra="allow", frozen=True)

    send_window: SendWindow | Literal["always"] = SendWindow()
    ceiling: Ceiling = Ceiling()

    @model_validator(mode="before")
    @classmethod
    def _only_the_sixteen(cls, values: Any) -> Any:
        unknown = (
            [key for key in values if key not in (*REMINDERS, *cls.model_fields)]
            if isinstance(values, dict)
            else []
        )
        if unknown:
            raise ValueError(f"没有叫 {'、'.join(map(str, unknown))} 的提醒,可以写 {'、'.join(REMINDERS)}")
        return values


class Calendar(Section):
    """Days that the calendar library does not know or that the company decides."""

    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


class Metric(Section):
    name: str
    kind: Literal["cumulative", "snapshot", "ratio"] = "cumulative"
    unit: str = ""
    numerator: str = ""
    denominator: str = ""


class IngestToken(Section):
    name: str
    token: SecretStr = SecretStr("")


class Ingest(Section):
    tokens: tuple[IngestToken, ...] = ()


class Settings(Section):
    company: Company = Company()
    storage: Storage = Storage()
    server: Server = Server()
    dingtalk: DingTalk = DingTalk()
    wecom: WeCom = WeCom()
    schedule: dict[str, Any] = Field(default_factory=dict)
    reminders: Reminders = Reminders()
    calendar: Calendar = Calendar()
    rules: tuple[dict[str, Any], ...] = ()
    sources: tuple[dict[str, Any], ...] = ()
    metrics: dict[str, Metric] = Field(default_factory=dict)
    ingest: Ingest = Ingest()
