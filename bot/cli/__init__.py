"""The command line: one file a command, put together here."""

from __future__ import annotations

import logging
import sys

import click

from bot.cli.check import check
from bot.cli.configuration import config
from bot.cli.database import db
from bot.cli.demo import demo
from bot.cli.erase import erase
from bot.cli.exporting import export
from bot.cli.importing import import_
from bot.cli.importing_goals import okr
from bot.cli.importing_metrics import metrics
from bot.cli.importing_rosters import roster
from bot.cli.jobs import jobs
from bot.cli.options import Failed
from bot.cli.outbox import outbox
from bot.cli.run import run
from bot.cli.syncing import sync
from bot.telemetry import log_as_json


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="okrbot", message="%(version)s")
def okrbot() -> None:
    """钉钉和企业微信里的 OKR 助手。先试试:okrbot demo"""


for command in (demo, run, check, db, import_, export, sync, outbox, jobs, config, erase):
    okrbot.add_command(command)
import_.add_command(okr)
import_.add_command(metrics)
import_.add_command(roster)


def main() -> None:
    """Run the command line: errors are one readable line each, and the exit code says whether it succeeded."""
    # on standard error, since what a command prints may be piped on; what it has to say it says itself
    log_as_json(logging.ERROR)
    try:
        okrbot(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        click.echo(f"okrbot: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    except Failed as failure:
        for line in failure.lines:
            click.echo(f"okrbot: {line}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"okrbot: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        sys.exit(1)
