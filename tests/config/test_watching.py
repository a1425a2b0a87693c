"""A changed file takes effect when it is right, and is refused once when it is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.errors import BadSettings
from config.watching import Reloaded, SettingsFile


def write(path: Path, name: str, stamp: int) -> None:
    path.write_text(f"company:\n  {name}\n", encoding="utf-8")
    os.utime(path, ns=(stamp, stamp))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "bot.yaml"
    write(path, "name: 一", 1)
    return path


def test_what_has_not_changed_is_left_alone(path: Path) -> None:
    assert SettingsFile(path, {}).reload() == Reloaded()


def test_a_right_change_takes_effect_once(path: Path) -> None:
    watched = SettingsFile(path, {})
    write(path, "name: 二", 2)

    assert watched.reload() == Reloaded(changed=True)
    assert watched.current.company.name == "二"
    assert watched.reload() == Reloaded()


def test_a_wrong_change_is_refused_once_and_the_old_stays(path: Path) -> None:
    watched = SettingsFile(path, {})
    write(path, "nam: 二", 2)

    refused = watched.reload().refused

    assert refused is not None
    assert [finding.key for finding in refused.findings] == ["company.nam"]
    assert watched.current.company.name == "一"
    assert watched.reload() == Reloaded()

    write(path, "name: 三", 3)
    assert watched.reload() == Reloaded(changed=True)


def test_a_file_saved_without_a_change_changes_nothing(path: Path) -> None:
    watched = SettingsFile(path, {})
    write(path, "name: 一", 2)

    assert watched.reload() == Reloaded()


def test_a_file_that_vanishes_is_refused_and_the_old_stays(path: Path) -> None:
    watched = SettingsFile(path, {})
    path.unlink()

    assert watched.reload().refused is not None
    assert watched.current.company.name == "一"


def test_a_wrong_file_at_the_start_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "bot.yaml"
    write(path, "nam: 一", 1)

    with pytest.raises(BadSettings):
        SettingsFile(path, {})
