from __future__ import annotations

from zoneinfo import ZoneInfo

from config.policy import policy_of
from config.settings import Company, DingTalk, Metric, Settings
from okr.policy import MetricSpec


def test_what_the_company_decides_becomes_a_value() -> None:
    settings = Settings(
        company=Company(name="鲜橙连锁", timezone="Asia/Urumqi", admins=("E0001",), hr=("E0002",)),
        metrics={"sales": Metric(name="销售额", unit="元")},
    )

    policy = policy_of(settings)

    assert policy.company == "鲜橙连锁"
    assert policy.zone == ZoneInfo("Asia/Urumqi")
    assert policy.admins == {"E0001"}
    assert policy.hr == {"E0002"}
    assert policy.metrics == {"sales": MetricSpec("sales", "销售额", "cumulative", "元")}


def test_no_secret_gets_into_the_policy() -> None:
    settings = Settings(dingtalk=DingTalk.model_validate({"client_secret": "hush"}))

    assert policy_of(settings) == policy_of(Settings())
