# The one interface of the project: setup, demo, serve, check, test, test-all, bench. (lock and format serve developers.)
# Only python3 (3.11 to 3.13, with venv) and make are needed; everything else is installed into .venv, pinned by hash.

PYTHON ?= python3
WORKERS ?= 2
ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin
STAMP := .venv/.setup-done
COMPILE := $(BIN)/uv pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header

.DEFAULT_GOAL := help
.PHONY: help setup demo serve check test test-all bench lock format

help:
	@echo "make setup     install everything into .venv"
	@echo "make demo      a whole evaluation with sample data in the browser (EXIT=1: end when it has been shown)"
	@echo "make serve     the service"
	@echo "make check     style, types, architecture, migrations"
	@echo "make test      the tests, on SQLite and PostgreSQL (test-all: with the slow ones)"
	@echo "make bench     measurements; ARGS=\"GROUP --quick\" chooses"

setup: $(STAMP)

$(STAMP): requirements.lock requirements-build.lock pyproject.toml tools/fonts.py tools/python_version.py
	@command -v $(PYTHON) >/dev/null || { echo "Python was not found. Install Python 3.11, 3.12 or 3.13." >&2; exit 1; }
	@$(PYTHON) tools/python_version.py
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python tools/python_version.py
	@$(BIN)/pip install --quiet --require-hashes --requirement requirements-build.lock
	@$(BIN)/uv pip sync --quiet --system-certs --require-hashes --python $(BIN)/python requirements.lock \
		|| $(BIN)/pip install --quiet --require-hashes --requirement requirements.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	@$(BIN)/python tools/fonts.py
	@touch $@

demo: setup
	$(BIN)/expert-hub demo $(if $(EXIT),--exit) $(ARGS)

serve: setup
	$(BIN)/expert-hub serve $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/hadolint --config .hadolint.yaml Dockerfile
	$(BIN)/bandit --quiet --recursive --severity-level high src evaluation scheduling
	$(BIN)/python -m pytest --quiet tests/architecture
	$(BIN)/python -m tools.schema_check

test: setup
	$(BIN)/python -m pytest -m "not slow" -n $(WORKERS) --dist worksteal $(ARGS)

test-all: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

bench: setup
	$(BIN)/python -m benchmarks $(ARGS)

lock: setup
	$(COMPILE) --group dev --output-file requirements.lock pyproject.toml
	$(COMPILE) --constraint requirements.lock --output-file requirements-runtime.lock pyproject.toml
	printf "uv\nhatchling\neditables\n" | $(COMPILE) --constraint requirements.lock --no-annotate --output-file requirements-build.lock -

format: setup
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	$(BIN)/python -m tools.rule_index
	$(BIN)/python -m tools.room_page
	$(BIN)/python -m tools.asyncapi
