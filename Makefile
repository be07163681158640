# The two commands everyone needs: `make demo` and `make test`. Each sets up what it needs, from the lock file.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
UV := $(VENV)/bin/uv
UV_VERSION := 0.13.9
RUN := $(VENV)/bin
PRICES_PAGE := --entries 1000000 --sample 10000 --write docs/explanation/priced-entries.md
PLANS_PAGE := --write docs/explanation/plans.md
LIVE_PAGE := --seconds 60 --backlog 1000000 --write docs/explanation/performance-live.md
BENCH_PAGE := --size 10000 --size 100000 --size 1000000 --write docs/explanation/performance.md

.PHONY: help demo test check bench bench-prices bench-plans bench-live bench-decisions faultlab kills dev docs migrations clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(VENV)/.ready: pyproject.toml uv.lock
	@test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(UV) || $(RUN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(UV) sync --locked --inexact --quiet
	@touch $@

demo: $(VENV)/.ready ## build a small world with real discrepancies in it and serve the workspace
	@$(RUN)/tieout demo

test: $(VENV)/.ready ## run every test
	@$(RUN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.ready ## lint, types, import contracts, migrations, generated documents
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/python -m tieout.config.migrations --check

bench: $(VENV)/.ready ## our rate beside the engine's limit; SIZE=100000 by default, WRITE=1 renews the page (long)
	@$(RUN)/python -m tests.scale.bench --time $(if $(WRITE),$(BENCH_PAGE),$(if $(SIZE),--size $(SIZE)))

bench-prices: $(VENV)/.ready ## published rates price ENTRIES=20000 of time, and the naive model compares; WRITE=1 renews the page (long)
	@$(RUN)/python -m tests.scale.priced_entries $(if $(WRITE),$(PRICES_PAGE),$(if $(ENTRIES),--entries $(ENTRIES)))

bench-plans: $(VENV)/.ready ## what the server reads for the statements that matter, and by which index; WRITE=1 renews the page
	@$(RUN)/python -m tests.scale.plans $(if $(WRITE),$(PLANS_PAGE))

bench-live: $(VENV)/.ready ## from commit to visible on the other side, under a steady load and a catch-up; WRITE=1 renews the page (long)
	@$(RUN)/python -m tests.scale.live $(if $(WRITE),$(LIVE_PAGE))

bench-decisions: $(VENV)/.ready ## what the decisions cost; WHAT=voucher-lines, batch-index or jit, SIZE=100000 by default
	@$(RUN)/python -m tests.scale.decisions $(WHAT) $(if $(SIZE),--size $(SIZE))

faultlab: $(VENV)/.ready ## break the dual-write from SEEDS=10000 seeds, in two programs at once (long)
	@half=$$(( $(or $(SEEDS),10000) / 2 )); $(RUN)/tieout faultlab --seeds $$half & first=$$!; \
	$(RUN)/tieout faultlab --seed $$(( half + 1 )) --seeds $$half; second=$$?; wait $$first && exit $$second

kills: $(VENV)/.ready ## end the chain with kill -9, KILLS=100 times over LINES=100000 invoice lines; WRITE=1 renews the page (long)
	@$(RUN)/python -m tests.scale.kills $(if $(KILLS),--kills $(KILLS)) $(if $(LINES),--lines $(LINES)) \
	$(if $(SEED),--seed $(SEED)) $(if $(WRITE),--write docs/explanation/kills.md)

dev: $(VENV)/.ready ## serve with automatic reload and debug pages
	@TIEOUT_DEBUG=1 $(RUN)/tieout serve --reload

docs: $(VENV)/.ready ## write the generated reference pages again
	@$(RUN)/python -m tieout.config.documents

migrations: $(VENV)/.ready ## write Django migrations for changed models
	@$(RUN)/python -m tieout.config.migrations

clean: ## remove the environment and caches, not the data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
