from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.errors import BadSettings
from config.watching import Reloaded, SettingsFile

NAMED = "company: {name: %s}\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "bot.yaml"
    file.write_text(NAMED % "甲")
    return file


def write(path: Path, text: str) -> None:
    """Another state of the file, also for a file system whose times are coarse."""
    before = path.stat().st_mtime_ns
    path.write_text(text)
    os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


def test_an_untouched_file_changes_nothing(path: Path) -> None:
    file = SettingsFile(path, {})

    assert file.reload() == Reloaded()


def test_a_valid_change_takes_effect(path: Path) -> None:
    file = SettingsFile(path, {})
    write(path, NAMED % "乙")

    assert file.reload() == Reloaded(changed=True)
    assert file.current.company.name == "乙"
    assert file.reload() == Reloaded()


def test_a_change_of_a_comment_is_none(path: Path) -> None:
    file = SettingsFile(path, {})
    write(path, NAMED % "甲" + "# 好\n")

    assert file.reload() == Reloaded()


def test_an_invalid_change_is_refused_once_and_the_old_one_stays(path: Path) -> None:
    file = SettingsFile(path, {})
    write(path, "company: {nmae: 乙}\n")

    refused = file.reload().refused

    assert refused is not None
    assert "nmae" in str(refused)
    assert file.current.company.name == "甲"
    assert file.reload() == Reloaded()


def test_after_a_refusal_the_mended_file_takes_effect(path: Path) -> None:
    file = SettingsFile(path, {})
    write(path, "company: [")
    file.reload()
    write(path, NAMED % "乙")

    assert file.reload() == Reloaded(changed=True)


def test_a_file_put_in_its_place_is_seen_although_it_is_as_old_and_as_long(path: Path) -> None:
    file = SettingsFile(path, {})
    other = path.with_name("new.yaml")
    other.write_text(NAMED % "乙")
    times = path.stat().st_mtime_ns
    os.utime(other, ns=(times, times))
    other.replace(path)

    assert file.reload() == Reloaded(changed=True)


def test_a_file_that_an_editor_is_just_saving_is_not_taken_as_empty(path: Path) -> None:
    file = SettingsFile(path, {})
    write(path, "")

    assert file.reload() == Reloaded()
    write(path, NAMED % "乙")
    assert file.reload() == Reloaded(changed=True)


def test_a_file_that_stays_empty_means_the_defaults(path: Path) -> None:
    file = SettingsFile(path, {})
    write(path, "")
    file.reload()

    assert file.reload() == Reloaded(changed=True)
    assert file.current.company.name == "我的公司"


def test_a_file_that_is_gone_is_refused_once_and_the_old_one_stays(path: Path) -> None:
    file = SettingsFile(path, {})
    path.unlink()

    assert file.reload().refused is not None
    assert file.reload() == Reloaded()
    assert file.current.company.name == "甲"


def test_a_file_that_is_wrong_from_the_start_is_refused(path: Path) -> None:
    path.write_text("nmae: 甲")

    with pytest.raises(BadSettings):
        SettingsFile(path, {})


def test_the_last_administrator_stays(path: Path) -> None:
    write(path, "company: {admins: [E0001, E0002]}\n")
    file = SettingsFile(path, {})
    write(path, "company: {admins: [E0002]}\n")
    assert file.reload() == Reloaded(changed=True)

    write(path, "company: {admins: []}\n")
    refused = file.reload().refused

    assert refused is not None
    assert "company.admins:空了,原来是 E0002" in str(refused)
    assert file.current.company.admins == ("E0002",)
