# `make demo` and `make test` do everything on a fresh machine with Python 3.11 or newer. Both may be run again:
# what is set up stays set up until a lock file changes.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
DEMO_DIR := .build/demo
ARTIFACTS ?= artifacts
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

export PIP_NO_INPUT := 1

.PHONY: help demo test setup check lint format-check types format lock clean

help:
	@echo "make demo     try it: an invented region on http://127.0.0.1:$(PORT)"
	@echo "make test     run every test"
	@echo "make check    lint, format check, type check"
	@echo "make format   put all code into the common format"
	@echo "make lock     choose the versions of all packages anew"
	@echo "make clean    remove what these commands have made (the demo region too)"

demo: $(VENV)/run.stamp
	@CRM_DATA_DIR=$(DEMO_DIR) NEO4J_URI= $(BIN)/crm serve --demo --port $(PORT)

test: setup $(VENV)/system.stamp
	$(BIN)/python -m pytest --junitxml=$(ARTIFACTS)/tests.xml $(TESTS)

setup: $(VENV)/test.stamp

check: lint format-check types

lint: setup
	$(BIN)/ruff check .

format-check: setup
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/basedpyright

format: setup
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# One lock for the server and one that adds what the tests need. Needs the command uv.
COMPILE := uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --quiet
lock:
	$(COMPILE) pyproject.toml --extra dev --output-file requirements.lock
	$(COMPILE) pyproject.toml deploy/build.in --constraint requirements.lock --output-file deploy/requirements.lock

clean:
	rm -rf $(VENV) .build artifacts

$(VENV)/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || deploy/install-packages.sh python3-venv
	@echo "Making the virtual environment $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# What the server itself needs, with the command `crm`; for PDF files Pango, which only root can install.
$(VENV)/run.stamp: $(VENV)/venv.stamp deploy/requirements.lock pyproject.toml deploy/install-packages.sh
	@echo "Installing the packages of deploy/requirements.lock …"
	@$(PIP) install --require-hashes --requirement deploy/requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@deploy/install-packages.sh pdf
	@touch $@

# And what tests, linter and type checker need.
$(VENV)/test.stamp: $(VENV)/run.stamp requirements.lock
	@echo "Installing the packages of requirements.lock …"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@touch $@

# Programs that are no Python packages: a browser, a proxy, what draws PDF files, and Java for a real Neo4j.
$(VENV)/system.stamp: $(VENV)/venv.stamp deploy/install-packages.sh
	@deploy/install-packages.sh test
	@touch $@
