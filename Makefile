# Two commands: `make demo` starts the page, `make test` runs every test.
PYTHON ?= python3.11
VENV := .venv
RUN := $(VENV)/bin/python
# ragas and deepeval, whose requirements do not fit ours; the exports are tested against their loaders
LOADERS := .venv-loaders

.PHONY: demo test loaders lint screenshots clean

demo: $(VENV)/.installed
	$(RUN) -m rag.models
	$(RUN) app.py

test: $(VENV)/.installed-dev loaders
	$(RUN) -m rag.models
	OMP_NUM_THREADS=1 $(RUN) -m pytest -n 2 tests/unit
	OMP_NUM_THREADS=1 VOUCH_LOADERS=$(LOADERS)/bin/python $(RUN) -m pytest -n 2 --dist loadfile tests/integration tests/browser

loaders: $(LOADERS)/.installed

screenshots: $(VENV)/.installed-dev
	VOUCH_SCREENSHOTS=1 $(RUN) -m pytest tests/browser -k screenshots

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	$(RUN) -m pip install --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(RUN) -m pip install --disable-pip-version-check -r requirements-dev.txt
	touch $@

$(LOADERS)/.installed: requirements-loaders.txt
	$(PYTHON) -m venv $(LOADERS)
	$(LOADERS)/bin/python -m pip install --disable-pip-version-check --quiet -r requirements-loaders.txt
	touch $@

clean:
	rm -rf $(VENV) $(LOADERS) data/index data/vouch.sqlite*
