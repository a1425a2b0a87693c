"""The JSON Schema of bot.yaml, for editors."""

from __future__ import annotations

from typing import Any

from config.settings import REMINDERS, Settings

_SECRETS = ("client_secret", "secret", "token", "encoding_aes_key")
_FROM_ENVIRONMENT = {
    "type": "string",
    "pattern": r"\$\{[A-Za-z_]\w*(:-[^}]*)?\}",
    "description": "从环境变量来",
}


def json_schema() -> dict[str, Any]:
    """Draft 2020-12. Numbers and switches may also be `${NAME}`; secrets may be given as `…_file`."""
    schema = Settings.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "bot.yaml"
    for section in [schema, *schema.get("$defs", {}).values()]:
        properties: dict[str, Any] = section.get("properties", {})
        for name in list(properties):
            properties[name] = _or_variable(properties[name])
            if name in _SECRETS:
                properties[f"{name}_file"] = {"type": "string", "description": f"存着 {name} 的文件"}
    for reminder in REMINDERS:
        schema["$defs"]["Reminders"]["properties"][reminder] = {
            "type": "object",
            "description": "这个提醒的开关和门槛",
        }
    schema["$defs"]["Reminders"]["additionalProperties"] = False
    return schema


def _or_variable(field: dict[str, Any]) -> dict[str, Any]:
    if field.get("type") not in ("integer", "number", "boolean"):
        return field
    outer = {key: value for key, value in field.items() if key in ("title", "default", "description")}
    inner = {key: value for key, value in field.items() if key not in outer}
    return {**outer, "anyOf": [inner, _FROM_ENVIRONMENT]}
