"""What the tests of the running bot may ask for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import bot.cli
from tests.bot.command_line import Said, Typed


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Type a command in an empty folder. In this process: starting one takes longer than most commands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bot.cli, "log_as_json", lambda _level: None)

    def type_(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["okrbot", *words])
        code = 0
        try:
            bot.cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return type_
