# The verbs of the house. Each sets up what it needs and is quick the second time.

PYTHON ?= python3
PY := .venv/bin/python
RUN_DEPS := .venv/.run
DEV_DEPS := .venv/.dev
# `check` must judge the settings that production runs with.
PRODUCTION := SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(64))") \
	STUDIO_SITE_URL=https://studio.example ALLOWED_HOSTS=studio.example STUDIO_DATA_DIR=$$(mktemp -d)

.PHONY: run test test-sqlite test-production test-contract check fix link key e2e browser

run: $(RUN_DEPS)
	@exec $(PY) -m studio

link: $(RUN_DEPS)
	@$(PY) manage.py signin_link

key: $(RUN_DEPS)
	@$(PY) manage.py apikey

test: test-sqlite test-production test-contract

test-sqlite: $(DEV_DEPS) .venv-s3/.done browser
	$(PY) -m pytest --ignore=tests/contract

test-production: $(DEV_DEPS) .venv-s3/.done
	$(PY) -m tests.services postgres redis s3 -- $(PY) -m pytest tests/videos tests/studio tests/live --ignore=tests/videos/engine

test-contract: $(DEV_DEPS) clients schemathesis
	$(PY) -m pytest tests/contract

# Asks Studio, or the server of BASE_URL with API_KEY, all that the contract's checklist says. Of Studio a check that is
# skipped is a failure, and only a whole run is written down; of another server nothing is.
.PHONY: conformance
conformance: $(DEV_DEPS) clients $(if $(BASE_URL),,schemathesis)
	SCORECARD=docs/conformance.md $(PY) -m pytest tests/contract -q --tb=short

e2e: $(DEV_DEPS) browser
	$(PY) -m pytest tests/e2e

check: $(DEV_DEPS)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint
	$(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

fix: $(DEV_DEPS)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# Debian's python3 comes without venv; where we are root we bring it.
.venv/bin/python:
	@$(PYTHON) -m venv .venv 2>/dev/null \
		|| { test "$$(id -u)" = 0 && apt-get update -q && apt-get install -q -y python3-venv && $(PYTHON) -m venv .venv; } \
		|| { echo "$(PYTHON) -m venv does not work here; install the package python3-venv" >&2; exit 1; }

$(RUN_DEPS): requirements.txt | .venv/bin/python
	@echo "Installing what Studio needs; this happens once."
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(DEV_DEPS): requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests need; this happens once."
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(RUN_DEPS)

.venv-s3/.done: requirements-s3.txt
	$(PYTHON) -m venv .venv-s3
	.venv-s3/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-s3.txt
	@touch $@

# The official SDKs that the conformance suite drives, each release in an environment of its own.
.PHONY: clients
clients: .venv/bin/python
	@{ command -v node && command -v npm; } >/dev/null || { test "$$(id -u)" = 0 \
		&& apt-get update -q && apt-get install -q -y --no-install-recommends nodejs npm; } \
		|| echo "no Node.js, and no root to install it: the Node SDKs will be skipped, which fails conformance" >&2
	@$(PY) -m tests.contract.clients

# Asks Studio what its OpenAPI document allows and forbids; its pytest plugins stay out of our tests' environment.
.PHONY: schemathesis
schemathesis: .venv-schemathesis/.done
.venv-schemathesis/.done: requirements-schemathesis.txt
	$(PYTHON) -m venv .venv-schemathesis
	.venv-schemathesis/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-schemathesis.txt
	@touch $@

# The browser tests need Debian's Chromium; without it they are skipped and say so.
browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 \
		&& apt-get update -q && apt-get install -q -y --no-install-recommends chromium fonts-dejavu-core fonts-noto-color-emoji; } \
		|| echo "no chromium, and no root to install it: the browser tests will be skipped" >&2

# Renew the pins after a change of pyproject.toml. No address of a registry may be recorded.
.PHONY: pins
COMPILE := .venv/bin/pip-compile -q --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
pins: $(DEV_DEPS)
	$(COMPILE) -o requirements.txt pyproject.toml
	$(COMPILE) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
