"""From bot.yaml to Settings: everything that is wrong is named with file, line, key, found and allowed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.completeness import problems
from config.errors import BadSettings, Finding
from config.secret_files import take_secrets
from config.settings import Settings
from config.source import KeyPath, Source, read_source
from config.sources import DataSource
from config.wording import explain


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of a file, or the defaults without one. Raises BadSettings with every finding."""
    if path is None:
        return Settings()
    source = read_source(path, environ)
    take_secrets(source, path.parent)
    settings = _validated(source)
    for key, found, allowed in problems(settings):
        source.find(key, found, allowed)
    findings = [
        *source.findings,
        *(finding for key, finding in source.absent if not _is_switched_off(key, settings)),
    ]
    if findings:
        raise _bad(findings)
    return _anchored(settings, path.parent)


def _validated(source: Source) -> Settings:
    try:
        return Settings.model_validate(source.values)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False):
            explain(error, source)
    # a bad value is told although its platform is off: whether it is off, nobody knows before the shape is right
    raise _bad([*source.findings, *(finding for _, finding in source.absent)])


def _bad(findings: list[Finding]) -> BadSettings:
    return BadSettings(sorted(findings, key=lambda finding: finding.line))


def _is_switched_off(key: KeyPath, settings: Settings) -> bool:
    """A platform that is not enabled needs nothing, also no variables."""
    off = {"dingtalk": not settings.dingtalk.enabled, "wecom": not settings.wecom.enabled}
    return off.get(str(key[0]), False)


def _anchored(settings: Settings, folder: Path) -> Settings:
    """A relative path counts from the file's own folder; the robot code is the client id unless said."""
    changes: dict[str, Any] = {}
    url = settings.storage.url
    if url.startswith("sqlite://"):
        file = (folder / url.removeprefix("sqlite://")).resolve()
        changes["storage"] = settings.storage.model_copy(update={"url": f"sqlite://{file}"})
    if settings.sources:
        changes["sources"] = tuple(_at_home(source, folder) for source in settings.sources)
    if not settings.dingtalk.robot_code:
        changes["dingtalk"] = settings.dingtalk.model_copy(update={"robot_code": settings.dingtalk.client_id})
    return settings.model_copy(update=changes)


def _at_home(source: DataSource, folder: Path) -> DataSource:
    if source.folder is None:
        return source
    path = str((folder / source.folder.path).resolve())
    return source.model_copy(update={"folder": source.folder.model_copy(update={"path": path})})
