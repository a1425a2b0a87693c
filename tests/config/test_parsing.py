from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadSettings
from config.loading import load
from config.parsing import LARGEST
from tests.config.written import finding_of, settings_of


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("server:\n\tport: 1\n", 2, "缩进用了 Tab"),
        ("server:\n  port: 1\n host: a\n", 3, "缩进没有对齐"),
        ("company:\n  name: a: b\n", 2, "冒号的位置不对"),
        ("company:\n  name: a\nserver\n", 4, "少了冒号"),
        ("company: {name: 'a}\n", 2, "没有写完"),
        ("server: {port: ${PORT}}\n", 1, "列表或花括号没有写完"),
        ("company: {name: a\nserver: {}\n", 2, "列表或花括号没有写完"),
        ("company: {name: *hush}\n", 1, "* 开头的是别名,没有定义过"),
        ("company:\n  name: @hush\n", 2, "有值以特殊符号开头"),
        ("a: 1\n---\nb: 2\n", 2, "有两份文档"),
        ("company:\n  name: a\x07\n", 2, "有看不见的控制字符"),
        ("- a\n- b\n", 1, "最外层不是「键: 值」"),
        ("hush\n", 1, "最外层不是「键: 值」"),
        ("company: 鲜橙\n".encode("gb18030"), 1, "不是 UTF-8 编码"),
        (b"a: 1\nb: \xff\n", 2, "不是 UTF-8 编码"),
        ("[" * 5_000, 0, "嵌套得太深了"),
        (b"#" * (LARGEST + 1), 0, "文件太大了"),
    ],
)
def test_what_is_no_settings_file_is_said_in_one_line(
    tmp_path: Path, text: str | bytes, line: int, found: str
) -> None:
    finding = finding_of(tmp_path, text)

    assert (finding.line, finding.found) == (line, found)
    assert "hush" not in str(finding)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as refused:
        load(tmp_path, {})

    assert str(refused.value) == f"{tmp_path.name}:是个文件夹;检查路径和权限"


def test_windows_writes_a_mark_first(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "\ufeffcompany: {name: 鲜橙}\r\n").company.name == "鲜橙"
