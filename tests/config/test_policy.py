"""What handlers and jobs may see of the configuration."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from config.policy import policy_of
from config.settings import Settings
from okr.policy import MetricSpec


def test_the_companys_own_decisions_become_the_policy() -> None:
    settings = Settings.model_validate(
        {
            "company": {"name": "鲜橙", "timezone": "Asia/Tokyo", "admins": ["E0001"], "hr": ["E0002"]},
            "metrics": {"sales": {"name": "销售额", "kind": "cumulative", "unit": "元"}},
            "dingtalk": {"client_secret": "s3cret"},
        }
    )

    policy = policy_of(settings)

    assert (policy.company, policy.zone) == ("鲜橙", ZoneInfo("Asia/Tokyo"))
    assert (policy.admins, policy.hr) == ({"E0001"}, {"E0002"})
    assert policy.metrics == {"sales": MetricSpec("sales", "销售额", "cumulative", "元")}
    assert "s3cret" not in repr(policy)
