# Two commands do all the set-up: `make demo` and `make test`. They need Python 3.11 or newer, make and the package
# registry, and put everything into .venv in this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
JOBS ?= 2
COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-header --quiet --group build
# The development data lies beside the checkout where there is any; tests that need it skip without.
export TIDINGS_DATA ?= $(wildcard $(abspath ../shared/data))
ifeq ($(TIDINGS_DATA),)
unexport TIDINGS_DATA
endif

.PHONY: help demo desk test lint types check bench lock clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(READY) ## collect the example pages, show stories, a timeline, a calendar (or PAGE=file-or-URL)
	@BIN=$(BIN) PAGE='$(PAGE)' JOBS=$(JOBS) sh examples/demo.sh

desk: $(READY_DEV) ## open the desk on the sample pages (or STORE=file)
	$(BIN)/tidings desk $(STORE)

test: $(READY_DEV) ## run the tests
	$(BIN)/python -m pytest -q -n $(JOBS) $(ARGS)

lint: $(READY_DEV) ## check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_DEV) ## check types
	$(BIN)/pyright

check: lint types test ## everything that must hold before a change goes in

bench: $(READY_DEV) ## measure every stage on the development data (STAGE=quotes for one)
	$(BIN)/tidings bench $(STAGE)

lock: $(READY_DEV) ## renew the lock files
	$(BIN)/pip install --quiet uv
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra dev --extra desk --extra scale --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove what the commands above made
	rm -rf $(VENV) demo .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Tidings needs Python 3.11 or newer; say which with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(READY): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(READY_DEV): requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(READY)
