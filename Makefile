# The commands of the project. `make app` and `make test` are all that a newcomer needs.

PYTHON ?= python3
PORT ?= 8501
export UGC_LAKE ?= lake

VENV := .venv
BIN := $(VENV)/bin
PARALLEL := -n 3 --dist loadfile --no-loadscope-reorder
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt

.PHONY: app test coverage million lint chromium screenshots docs clean

app: $(VENV)/.app  ## environment, sample reviews, tags, dashboard
	$(BIN)/ugc import --sample
	$(BIN)/ugc tag
	$(BIN)/ugc app --port $(PORT)

test: $(VENV)/.dev chromium lint  ## linters, types, import rules, all tests, the browser walk
	$(BIN)/python -m pytest $(PARALLEL)

coverage: $(VENV)/.dev chromium  ## all tests, slower, and which lines and branches they reach
	$(BIN)/python -m pytest $(PARALLEL) --cov --cov-report=term

million: $(VENV)/.dev  ## every page over a million reviews
	$(BIN)/python -m pytest -m million tests/dashboard/test_million.py

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "ugc needs Python 3.11 or newer as '$(PYTHON)'. Install it, or name one: make app PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { \
	  echo "Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; \
	  rm -rf $(VENV); exit 1; }

$(VENV)/.app: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing what the application needs into $(VENV) …"
	@$(PIP) -e . || { echo "The package index could not be read: check the network, then run this again."; exit 1; }
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing what the tests need into $(VENV) …"
	@$(PIP) torch || { echo "The package index could not be read: check the network, then run this again."; exit 1; }
	@$(PIP) -e '.[dev]' || { echo "The package index could not be read: check the network, then run this again."; exit 1; }
	@touch $@ $(VENV)/.app

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium …"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	  else \
	    echo "The browser tests need Chromium. Install it, for instance: sudo apt-get install chromium"; exit 1; \
	  fi; }

screenshots: $(VENV)/.dev chromium  ## renew the pictures of the documentation
	$(BIN)/python -m tests.browser.screenshots

docs: $(VENV)/.dev  ## renew the page of commands
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
