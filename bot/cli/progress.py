"""A progress bar, where somebody is looking."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """A bar on the standard error of a terminal, nothing elsewhere; what is given is told of each step."""
    if not sys.stderr.isatty():
        yield lambda _steps: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as shown:
        yield shown.update


@contextmanager
def counting(label: str) -> Iterator[Callable[[int], None]]:
    """A number that grows, where nobody knows how much there is."""
    if not sys.stderr.isatty():
        yield lambda _steps: None
        return
    count = 0

    def told(steps: int) -> None:
        nonlocal count
        count += steps
        click.echo(f"\r{label} {count}", nl=False, err=True)

    yield told
    click.echo("", err=True)
