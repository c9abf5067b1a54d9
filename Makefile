# The two commands: `make demo` and `make test`. They need Python 3.11 or newer and a package index, nothing else.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV := .venv
PY := $(VENV)/bin/python
OURS := $(wildcard marketplace logistics billing cms embedded tools benchmarks tests)
LOCK := $(PY) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --quiet $(UPGRADE)
# What production would set; no server is asked.
LIKE_PRODUCTION := MARKTRUNDE_ENV=production ALLOWED_HOSTS=marktrunde.example BASE_URL=https://marktrunde.example \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')

.DEFAULT_GOAL := help
.PHONY: help demo test stop reset lint static-checks migrated browser messages bench bench-documents quarter audit lock backup restore format

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1 — /p' Makefile

demo: $(VENV)/installed-app ## install, play a market into it, run it at http://127.0.0.1:8000 until Ctrl-C
	@exec $(PY) -m embedded.demo $(if $(UNTIL_READY),--until-ready)

test: $(VENV)/installed-dev browser ## everything: linters, types, layers, migrations, messages, the whole suite with browser
	@.ci/with-servers $(MAKE) --no-print-directory -j2 static-checks migrated
	@echo "== tests"
	@MARKTRUNDE_NO_SKIPS=1 .ci/with-servers $(PY) -m pytest -n $(or $(WORKERS),2) --dist worksteal $(ARGS)

stop: ## end the demo and all servers of this checkout
	@if [ -x $(PY) ]; then $(PY) -m embedded stop --for demo && $(PY) -m embedded stop --for tests; fi

reset: ## stop, and forget everything the demo and the tests have made
	@if [ -x $(PY) ]; then $(PY) -m embedded reset; fi

lint: $(VENV)/installed-dev ## the checks of `make test` that start no test
	@.ci/with-servers $(MAKE) --no-print-directory static-checks

format: $(VENV)/installed-dev ## bring code and templates into shape
	$(PY) -m ruff check --fix $(OURS) requirements
	$(PY) -m ruff format $(OURS) requirements
	$(VENV)/bin/djangofmt templates

static-checks:
	@echo "== ruff"
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@echo "== templates"
	@$(VENV)/bin/djangofmt --check templates
	@echo "== types"
	@$(PY) -m mypy $(OURS) requirements manage.py
	@echo "== layers"
	@$(VENV)/bin/lint-imports
	@echo "== migrations"
	@$(PY) manage.py makemigrations --check --dry-run
	@echo "== deployment"
	@$(LIKE_PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	@echo "== messages"
	@$(PY) -m tools.messages check

# The tables that every worker of the suite copies: a minute's work that needs nothing of what is checked beside it.
migrated:
	@$(PY) -m tests.plugins.migrated

browser:
	@.ci/bring-chromium

messages: $(VENV)/installed-dev ## collect new messages from code and templates into the catalogues
	$(PY) -m tools.messages extract

bench: $(VENV)/installed-dev ## measure against bare Django and stock Oscar on this machine
	$(PY) -m benchmarks $(ARGS)

bench-documents: $(VENV)/installed-dev ## measure what a document costs, and a month of 500 accounts
	$(PY) -m benchmarks.documents $(ARGS)

bench-planning: $(VENV)/installed-dev ## measure the tour planner: public instances, and a round of up to 2,000 doors
	$(PY) -m benchmarks.planning

quarter: $(VENV)/installed-dev ## play 13 rounds of 400 orders with everything that goes wrong, and say what does not fit
	$(PY) -m tests.quarter $(ARGS)

audit: $(VENV)/installed-dev ## look the locked packages up in the public list of known holes
	$(PY) -m venv .state/audit
	.state/audit/bin/python requirements/install.py audit
	.state/audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements/app.txt

backup: $(VENV)/installed-app ## database and media into backups/ (of DATABASE_URL, else of the demo)
	@$(PY) -m embedded.backup make $(TO)

restore: $(VENV)/installed-app ## make restore FROM=backups/… [REPLACE=yes]
	@$(PY) -m embedded.backup restore $(FROM) $(if $(REPLACE),--replace)

lock: $(VENV)/installed-dev ## make requirements/ from pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(LOCK) pyproject.toml -o requirements/app.txt
	$(LOCK) pyproject.toml --group dev -c requirements/app.txt -o requirements/dev.txt
	$(LOCK) --group rules --no-deps -o requirements/rules.txt
	$(LOCK) --group bootstrap -o requirements/bootstrap.txt
	$(LOCK) --group audit -o requirements/audit.txt

# A stamp per installed set: nothing is installed again until a locked set changes.
$(VENV)/installed-%: requirements/%.txt requirements/rules.txt requirements/bootstrap.txt requirements/install.py $(VENV)/bin/uv
	@echo "Installing the locked packages ($*) …"
	@$(PY) requirements/install.py $*
	@touch $@

$(VENV)/bin/uv: requirements/bootstrap.txt
	@.ci/make-venv "$(PYTHON)" $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@
