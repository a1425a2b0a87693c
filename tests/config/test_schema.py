"""The schema for editors knows every key that may be written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from config.schema import json_schema

HOUSE = Path(__file__).parent.parent.parent
SCHEMA = json_schema()


def resolved(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema, its alternatives and what they refer to."""
    if "$ref" in schema:
        return resolved(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    return [
        schema,
        *(
            one
            for key in ("anyOf", "oneOf", "allOf")
            for part in schema.get(key, [])
            for one in resolved(part)
        ),
    ]


def unknown(value: Any, schema: dict[str, Any], path: str = "") -> list[str]:
    """Keys of a file that no alternative of the schema knows."""
    if not isinstance(value, dict):
        return []
    alternatives = resolved(schema)
    found: list[str] = []
    for key, inner in value.items():
        known = [one["properties"][key] for one in alternatives if key in one.get("properties", {})]
        known += [
            one["additionalProperties"]
            for one in alternatives
            if isinstance(one.get("additionalProperties"), dict)
        ]
        free = any(
            one.get("additionalProperties") is True or one == {"type": "object"} for one in alternatives
        )
        if not known and not free:
            found.append(f"{path}.{key}")
        found += [missing for one in known[:1] for missing in unknown(inner, one, f"{path}.{key}")]
    return found


def test_the_bot_yaml_of_the_house_is_known_to_the_schema() -> None:
    written = yaml.safe_load((HOUSE / "bot.yaml").read_text(encoding="utf-8"))

    assert unknown(written, SCHEMA) == []


def test_a_slip_is_unknown_to_the_schema() -> None:
    assert unknown({"company": {"nam": "一"}, "compny": {}}, SCHEMA) == [".company.nam", ".compny"]


def test_the_schema_is_json_and_its_references_hold() -> None:
    text = json.dumps(SCHEMA, ensure_ascii=False)

    assert json.loads(text) == SCHEMA
    assert [
        part for part in text.split('"#/$defs/')[1:] if part.partition('"')[0] not in SCHEMA["$defs"]
    ] == []


def test_secrets_may_be_given_as_files() -> None:
    assert unknown({"dingtalk": {"client_secret_file": "x"}}, SCHEMA) == []
