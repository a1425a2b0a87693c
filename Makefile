# Every target, one line each: make help
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST := $(BIN)/pytest -n logical --dist worksteal
# What was compiled once is not compiled again by every process that the tests start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup demo check test bench crash quarter month race format

help:  ## print this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP)  ## make .venv with everything pinned

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(STAMP)

demo: setup  ## try the bot in the browser, without any account
	$(BIN)/okrbot demo

test: setup  ## run the tests
	$(PYTEST)

check: setup  ## format, lint, types, contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(PYTEST)

crash: setup  ## kill -9 the bot at random moments under load (ROUNDS=100)
	$(BIN)/python -m tests.crash --rounds $(or $(ROUNDS),100)

quarter: setup  ## live through a quarter, day by day, and count what the bot said unasked (PEOPLE=200 DAYS=92 KILLS=0 FIRST=2026-10-01)
	$(BIN)/python -m tests.quarter --people $(or $(PEOPLE),200) --days $(or $(DAYS),92) --kills $(or $(KILLS),0) --first $(or $(FIRST),2026-10-01)

month: setup  ## what a month costs on DingTalk's free edition, against what is foretold (PEOPLE=300 DAYS=30)
	$(BIN)/python -m tests.quarter.month --people $(or $(PEOPLE),300) --days $(or $(DAYS),30)

race: setup  ## let two approvers decide at the same instant, on two replicas (RACES=200)
	OKRBOT_RACES=$(or $(RACES),200) $(BIN)/pytest tests/bot/test_two_approvers.py

bench: setup  ## measure, as ratios in one run
	$(BIN)/python -m bench

format: setup  ## mend what a machine can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
