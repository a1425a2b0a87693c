"""A bot.yaml as a test writes it, and what was found wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from config.errors import BadSettings, Finding
from config.loading import load
from config.settings import Settings


def settings_of(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Settings:
    return load(_written(folder, text), environ or {})


def findings_of(
    folder: Path, text: str | bytes, environ: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    with pytest.raises(BadSettings) as refused:
        load(_written(folder, text), environ or {})
    assert str(refused.value) == "\n".join(map(str, refused.value.findings))
    return refused.value.findings


def finding_of(folder: Path, text: str | bytes, environ: Mapping[str, str] | None = None) -> Finding:
    findings = findings_of(folder, text, environ)
    assert len(findings) == 1, findings
    assert "\n" not in str(findings[0])
    return findings[0]


def _written(folder: Path, text: str | bytes) -> Path:
    path = folder / "bot.yaml"
    path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
    return path
