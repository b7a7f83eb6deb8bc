# Two commands: `make demo` starts the page, `make test` runs every test.
PYTHON ?= python3.11
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: demo test lint screenshots clean

demo: $(VENV)/.installed
	$(RUN) -m rag.models
	$(RUN) app.py

test: $(VENV)/.installed-dev
	$(RUN) -m rag.models
	$(RUN) -m pytest

screenshots: $(VENV)/.installed-dev
	VOUCH_SCREENSHOTS=1 $(RUN) -m pytest tests/browser

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	$(RUN) -m pip install --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(RUN) -m pip install --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) data/index data/vouch.sqlite*
