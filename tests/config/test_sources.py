"""What bot.yaml may say about systems that data are fetched from, and expressions that find something in a record."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadSettings
from config.expressions import finder
from config.loading import load
from config.schema import json_schema

HEAD = "sources:\n  - name: 收银台\n"
HTTP = '    http: {url: "https://pos.example.com", token: hush-hush, params: {key: hush-hush}}\n'
FIELDS = "    fields: {unit: shop, at: paid_at, values: {sales: amount}}\n"


def problems(folder: Path, text: str) -> list[tuple[str, str]]:
    (folder / "bot.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings) as bad:
        load(folder / "bot.yaml", {})
    assert "hush-hush" not in str(bad.value)
    return [(finding.key, finding.found) for finding in bad.value.findings]


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        (HEAD + FIELDS, "sources[0]", "没有写从哪里拉"),
        (HEAD + HTTP + "    folder: {path: in}\n" + FIELDS, "sources[0]", "写了不止一种来源"),
        (HEAD + HTTP, "sources[0]", "fields 里没有 at"),
        (
            HEAD + HTTP + "    fields: {at: t, values: {sales: a}}\n",
            "sources[0]",
            "fields 里没有 unit,也没有 employee",
        ),
        (
            HEAD + HTTP + "    fields: {at: t, unit: u}\n",
            "sources[0]",
            "fields 里要么写 values,要么写 metric 和 value",
        ),
        (HEAD + HTTP + FIELDS + "    schedule: 半夜\n", "sources[0].schedule", "写的是 半夜"),
        (
            HEAD + HTTP + FIELDS + HEAD.partition("\n")[2] + HTTP + FIELDS,
            "sources[1].name",
            "收银台 写了两遍",
        ),
        (
            HEAD + "    sql: {dsn: oracle://hush-hush@x, query: SELECT 1}\n" + FIELDS,
            "sources[0].sql.dsn",
            "没有写,或者不认识",
        ),
        (
            HEAD + HTTP + "    fields: {at: 'a[', unit: u, values: {sales: a}}\n",
            "sources[0].fields.at",
            "写的是 a[",
        ),
        (HEAD + HTTP + FIELDS + "    timeout: 0\n", "sources[0].timeout", "写的是 0"),
        (HEAD + HTTP + FIELDS + "    cron: 7:30\n", "sources[0].cron", "没有这个键"),
    ],
)
def test_what_is_missing_or_wrong_is_named(tmp_path: Path, text: str, key: str, found: str) -> None:
    assert (key, found) in problems(tmp_path, text)


def test_a_folder_counts_from_the_file_and_times_are_crontabs(tmp_path: Path) -> None:
    (tmp_path / "bot.yaml").write_text(
        HEAD + "    folder: {path: in}\n    schedule: [7:30, mon-fri 9:00, '*/5 8-22 * * *']\n" + FIELDS,
        encoding="utf-8",
    )

    (source,) = load(tmp_path / "bot.yaml", {}).sources

    assert source.folder is not None
    assert source.folder.path == str(tmp_path / "in")
    assert source.crons == ("30 7 * * *", "0 9 * * mon-fri", "*/5 8-22 * * *")


def test_the_schema_describes_it() -> None:
    definitions = json_schema()["$defs"]

    assert definitions["DataSource"]["properties"]["expect_hours"]["description"]
    assert {"dsn", "dsn_file", "query"} <= definitions["Sql"]["properties"].keys()
    assert {"token_file", "headers", "paging"} <= definitions["Http"]["properties"].keys()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("amount", 3),
        ("shop.code", "S01"),
        ("销售额(元)", 5),
        ("lines[0].sku", "A"),
        ("length(lines)", 1),
        ("'西湖店'", "西湖店"),
        ("`1`", 1),
        ("nothing.there", None),
        ("a.b", 7),
    ],
)
def test_expressions(text: str, found: object) -> None:
    record = {"amount": 3, "shop": {"code": "S01"}, "销售额(元)": 5, "lines": [{"sku": "A"}], "a.b": 7}
    quoted = {"销售额(元)": '"销售额(元)"'}.get(text, text)

    assert finder(quoted)(record) == found
