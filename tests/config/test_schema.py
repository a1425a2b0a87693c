from __future__ import annotations

import json
import re
from typing import Any

import pytest

from config.reminders import KEYS as REMINDERS
from config.schema import json_schema
from config.settings import Settings

SCHEMA = json_schema()


def section(name: str) -> dict[str, Any]:
    properties: dict[str, Any] = SCHEMA["$defs"][name]["properties"]
    return properties


def test_it_is_json() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_every_key_is_there_and_described_in_chinese() -> None:
    assert set(Settings.model_fields) == set(SCHEMA["properties"])
    described = [SCHEMA["properties"], *(part["properties"] for part in SCHEMA["$defs"].values())]
    for properties in described:
        for key, value in properties.items():
            assert re.search("[一-龥]", value["description"]), key


def test_unknown_keys_are_refused_everywhere() -> None:
    assert SCHEMA["additionalProperties"] is False
    assert all(part["additionalProperties"] is False for part in SCHEMA["$defs"].values())


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Server", "port"),
        ("DingTalk", "enabled"),
        ("DingTalk", "reserved_for_others"),
        ("WeComRobot", "mode"),
        ("Metric", "kind"),
    ],
)
def test_a_variable_is_allowed_where_only_some_values_are(name: str, key: str) -> None:
    rule, variable = section(name)[key]["anyOf"]

    assert "default" not in rule
    assert section(name)[key]["default"] is not None
    assert variable["pattern"].startswith(r"^\$\{")


def test_secrets_may_stand_in_files() -> None:
    for name, keys in {
        "DingTalk": {"client_secret"},
        "WeComApp": {"secret", "token", "encoding_aes_key"},
        "WeComRobot": {"secret", "token", "encoding_aes_key"},
        "IngestToken": {"token"},
    }.items():
        assert {key for key in section(name) if key.endswith("_file")} == {f"{key}_file" for key in keys}


def test_the_sixteen_reminders_are_there() -> None:
    assert set(section("Reminders")) == {"send_window", "ceiling", "opening_card", *REMINDERS}
