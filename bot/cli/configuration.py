"""okrbot config: the schema of bot.yaml."""

from __future__ import annotations

import json

import click

from config.schema import json_schema


@click.group()
def config() -> None:
    """配置文件。"""


@config.command()
def schema() -> None:
    """bot.yaml 的 JSON Schema,给编辑器用。"""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
