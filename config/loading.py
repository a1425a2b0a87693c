"""From bot.yaml to Settings: everything that is wrong is named with file, line, key, found and allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.errors import BadSettings
from config.settings import REMINDERS, Settings, WeCom
from config.source import KeyPath, Source, read_source

_AES_KEY_LENGTH = 43

Problem = tuple[KeyPath, str, str]
"""A key path, what was found there, what is allowed."""


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of a file, or the defaults without one. Raises BadSettings with every finding."""
    if path is None:
        return Settings()
    source = read_source(path, environ)
    try:
        settings = Settings.model_validate(source.values)
    except ValidationError as wrong:
        for error in wrong.errors():
            _explain(error, source)
        raise BadSettings(sorted(source.findings, key=lambda finding: finding.line)) from None
    for key, found, allowed in _incomplete(settings):
        source.find(key, found, allowed)
    if source.findings:
        raise BadSettings(sorted(source.findings, key=lambda finding: finding.line))
    return _anchored(settings, path.parent)


def _explain(error: ErrorDetails, source: Source) -> None:
    """One error of the validation in words that an administrator can act on; values of secrets are not shown."""
    path: KeyPath = tuple(part for part in error["loc"] if not _is_branch(part))
    kind = error["type"]
    if kind == "extra_forbidden":
        source.find(path, "没有这个键", _known_keys(path))
        return
    given = error.get("input")
    is_secret = any(str(part).endswith(("secret", "token", "key")) for part in path)
    found = "这个值" if is_secret or isinstance(given, dict | list) else f"写的是 {given!r}"
    source.find(path, f"{found}不行", _allowed(error))


def _is_branch(part: str | int) -> bool:
    """Pydantic names the branch of a union in the path; people know keys only."""
    return isinstance(part, str) and (part == "SendWindow" or part.startswith("literal["))


_SHAPES = {
    r"^(sqlite|postgres|postgresql)://.+": "sqlite://路径 或 postgres://用户:密码@主机:5432/库名",
    r"^https?://.+": "http:// 或 https:// 开头的地址",
    r"^(https?://.+)?$": "http:// 或 https:// 开头的地址,或者空着",
    r"^wss?://.+": "ws:// 或 wss:// 开头的地址",
    r"^\d{2}:\d{2}-\d{2}:\d{2}$": "像 09:00-20:00 这样",
    r"^(shift|\d{2}:\d{2}-\d{2}:\d{2})$": "shift,或像 10:00-18:00 这样",
}


def _allowed(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    words = {
        "missing": "这一项必须写",
        "int_type": "要写整数",
        "int_parsing": "要写整数",
        "float_type": "要写数字",
        "float_parsing": "要写数字",
        "bool_type": "要写 true 或 false",
        "bool_parsing": "要写 true 或 false",
        "string_type": "要写文字",
        "tuple_type": '要写成列表,比如 ["E0001"]',
        "dict_type": "要写成「键: 值」",
        "model_type": "要写成「键: 值」",
        "model_attributes_type": "要写成「键: 值」",
        "date_from_datetime_parsing": "要写日期,比如 2027-01-01",
        "date_type": "要写日期,比如 2027-01-01",
    }
    if kind in words:
        return words[kind]
    if kind == "literal_error":
        return f"只能是 {context.get('expected', '')}"
    if kind in ("greater_than_equal", "less_than_equal"):
        sign = "不小于" if kind == "greater_than_equal" else "不大于"
        return f"要{sign} {context.get('ge', context.get('le'))}"
    if kind == "string_pattern_mismatch":
        return _SHAPES.get(str(context.get("pattern")), f"格式要像 {context.get('pattern', '')}")
    if kind == "string_too_short":
        return "不能是空的"
    return str(context.get("error", error["msg"]))


def _known_keys(path: KeyPath) -> str:
    """The nearest key that exists there, and all of them."""
    known = sorted(_keys_at(path[:-1]))
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    hint = f"是不是 {near[0]}?" if near else ""
    return f"{hint}可以写 {'、'.join(known)}" if known else f"{hint}去掉它"


def _keys_at(path: KeyPath) -> set[str]:
    model: Any = Settings
    for part in path:
        if isinstance(part, int):
            continue
        field = (
            model.model_fields.get(part) if isinstance(model, type) and issubclass(model, BaseModel) else None
        )
        model = next(_models_in(field.annotation), None) if field is not None else None
        if model is None:
            return set()
    keys = set(model.model_fields)
    secrets = {name for name in keys if name in ("client_secret", "secret", "token", "encoding_aes_key")}
    return keys | {f"{name}_file" for name in secrets} | (set(REMINDERS) if "send_window" in keys else set())


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)


def _incomplete(settings: Settings) -> Iterator[Problem]:
    """A platform that is switched on needs its credentials."""
    dingtalk, wecom = settings.dingtalk, settings.wecom
    if dingtalk.enabled and not dingtalk.client_id:
        yield ("dingtalk", "client_id"), "启用了钉钉但没有写", "开放平台应用的 Client ID"
    if dingtalk.enabled:
        yield from _needed(("dingtalk",), dingtalk, ("client_secret",))
    if wecom.enabled:
        yield from _incomplete_wecom(wecom)


def _incomplete_wecom(wecom: WeCom) -> Iterator[Problem]:
    if not wecom.corp_id:
        yield ("wecom", "corp_id"), "启用了企业微信但没有写", "企业 ID,ww 开头"
    if wecom.app is None and wecom.robot is None:
        yield ("wecom",), "启用了企业微信但没有写 app 或 robot", "至少写一个"
    if wecom.app is not None:
        if not wecom.app.agent_id:
            yield ("wecom", "app", "agent_id"), "没有写", "自建应用的 AgentId"
        yield from _needed(("wecom", "app"), wecom.app, ("secret", "token", "encoding_aes_key"))
    if wecom.robot is not None and wecom.robot.mode == "websocket":
        if not wecom.robot.bot_id:
            yield ("wecom", "robot", "bot_id"), "长连接模式没有写", "智能机器人的 Bot ID"
        yield from _needed(("wecom", "robot"), wecom.robot, ("secret",))
    elif wecom.robot is not None:
        yield from _needed(("wecom", "robot"), wecom.robot, ("token", "encoding_aes_key"))


def _needed(path: tuple[str, ...], section: BaseModel, names: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        value = getattr(section, name).get_secret_value()
        if not value:
            yield (*path, name), "没有写", f"后台里的 {name},或 {name}_file"
        elif name == "encoding_aes_key" and (len(value) != _AES_KEY_LENGTH or not value.isalnum()):
            yield (*path, name), "这个值不行", f"{_AES_KEY_LENGTH} 位字母和数字"


def _anchored(settings: Settings, folder: Path) -> Settings:
    """A relative path counts from the file's own folder; the robot code is the client id unless said."""
    changes: dict[str, Any] = {}
    url = settings.storage.url
    if url.startswith("sqlite://") and not url.startswith("sqlite:///"):
        where = (folder / url.removeprefix("sqlite://")).resolve()
        changes["storage"] = settings.storage.model_copy(update={"url": f"sqlite://{where}"})
    if settings.dingtalk.enabled and not settings.dingtalk.robot_code:
        changes["dingtalk"] = settings.dingtalk.model_copy(update={"robot_code": settings.dingtalk.client_id})
    return settings.model_copy(update=changes) if changes else settings
