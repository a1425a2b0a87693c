from __future__ import annotations

from datetime import time
from decimal import Decimal
from zoneinfo import ZoneInfo

from config.completeness import problems
from config.policy import policy_of
from config.reminders import Reminders
from config.settings import Company, DingTalk, Metric, Settings
from okr.people import Person
from okr.policy import MetricSpec
from okr.reminding import Ceiling, Reminder
from okr.windows import SendWindow


def test_what_the_company_decides_becomes_a_value() -> None:
    settings = Settings(
        company=Company(
            name="鲜橙连锁",
            timezone="Asia/Urumqi",
            admins=("E0001",),
            hr=("E0002",),
            leaver_retention_days=90,
        ),
        metrics={"sales": Metric(name="销售额", unit="元")},
    )

    policy = policy_of(settings)

    assert policy.company == "鲜橙连锁"
    assert policy.zone == ZoneInfo("Asia/Urumqi")
    assert policy.admins == {"E0001"}
    assert policy.hr == {"E0002"}
    assert policy.leaver_days == 90
    assert policy.metrics == {"sales": MetricSpec("sales", "销售额", "cumulative", "元")}


def test_no_secret_gets_into_the_policy() -> None:
    settings = Settings(dingtalk=DingTalk.model_validate({"client_secret": "hush"}))

    assert policy_of(settings) == policy_of(Settings())


def test_the_reminders_as_the_company_wants_them() -> None:
    reminders = Reminders.model_validate(
        {
            "send_window": {"office": "08:30-18:00", "store": "10:00-24:00", "peaks": []},
            "ceiling": {"day": 5},
            "kr_stalled": {"days": 20, "per": [{"unit": "西湖店", "numbers": {"days": 7}}]},
            "achievement": {"enabled": False},
        }
    )

    policy = policy_of(Settings(reminders=reminders))

    assert policy.window == SendWindow(
        office=(time(8, 30), time(18)), store=(time(10), time(23, 59)), peaks=()
    )
    assert policy.ceiling == Ceiling(5, 10)
    assert set(policy.reminders) == set(Reminder)
    assert not policy.reminders[Reminder.ACHIEVEMENT].on
    stalled = policy.reminders[Reminder.KR_STALLED]
    assert stalled["days"] == 20
    assert stalled.of(Person(1, "E1", "甲", "总部/西湖店"))["days"] == 7


def test_always_is_a_window_without_walls() -> None:
    assert policy_of(Settings(reminders=Reminders(send_window="always"))).window == SendWindow(always=True)


def test_how_goals_are_divided_and_where_they_are_to_come_from() -> None:
    settings = Settings.model_validate(
        {
            "origin": {"top_down": 0.6, "tolerance": "0.05"},
            "rules": [
                {"when": {"store_type": "商圈店"}, "weight": 1.5},
                {"when": {"grade": "M2"}, "target_factor": 0.9},
            ],
        }
    )

    policy = policy_of(settings)

    assert (policy.top_down_share, policy.origin_tolerance) == (Decimal("0.6"), Decimal("0.05"))
    assert [(one.criteria.store_type, one.weight) for one in policy.weights] == [
        (frozenset({"商圈店"}), Decimal("1.5"))
    ]
    assert [one.factor for one in policy.factors] == [Decimal("0.9")]


def test_two_weights_that_could_hold_for_one_person_are_refused() -> None:
    rules = [{"when": {"store_type": "商圈店"}, "weight": 1.5}, {"when": {"grade": "M2"}, "weight": 2}]

    assert [path for path, *_ in problems(Settings.model_validate({"rules": rules}))] == [
        ("rules", 1, "when")
    ]
