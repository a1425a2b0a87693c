"""The JSON Schema of bot.yaml, for editors."""

from __future__ import annotations

from typing import Any

from config.secret_files import SECRETS
from config.settings import Settings

_FROM_ENVIRONMENT = {
    "type": "string",
    "pattern": r"^\$\{[A-Za-z_]\w*(:-[^}]*)?\}$",
    "description": "从环境变量来:${名字} 或 ${名字:-默认值}",
}
_NARROWING = ("enum", "const", "format", "pattern", "minLength")
"""What a text with a variable in it would break."""
_ABOUT = ("title", "description", "default")


def json_schema() -> dict[str, Any]:
    """Draft 2020-12. Numbers, switches and choices may also be `${NAME}`; secrets may be given as `…_file`."""
    schema = Settings.model_json_schema()
    for section in schema["$defs"].values():
        section.pop(
            "description", None
        )  # the docstring; people read the line of the key that holds the section
    for section in (schema, *schema["$defs"].values()):
        properties = section.get("properties", {})
        for name in [name for name in SECRETS if name in properties]:
            properties[f"{name}_file"] = {"type": "string", "description": f"存着 {name} 的文件"}
    opened: dict[str, Any] = _opened(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **opened,
        "title": "bot.yaml",
        "description": "OKR 助手的配置",
    }


def _opened(node: Any) -> Any:
    """The same, with a variable allowed wherever only certain values are."""
    if isinstance(node, list):
        return [_opened(part) for part in node]
    if not isinstance(node, dict):
        return node
    if _is_narrow(node):
        about = {key: value for key, value in node.items() if key in _ABOUT}
        rule = {key: value for key, value in node.items() if key not in _ABOUT}
        return {**about, "anyOf": [rule, _FROM_ENVIRONMENT]}
    return {key: value if key == "default" else _opened(value) for key, value in node.items()}


def _is_narrow(node: dict[str, Any]) -> bool:
    if node.get("format") == "password":
        return False
    kind = node.get("type")
    return kind in ("integer", "number", "boolean") or (
        kind == "string" and any(key in node for key in _NARROWING)
    )
