# Every target makes what it needs: a virtual environment of its own, and the packages in it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif

# in a container one is often root, which Jupyter refuses unless told
ifeq ($(shell id -u 2>/dev/null),0)
LAB_FLAGS ?= --allow-root
endif

# the front end (one of its modules stands for all): built once, and again when its sources change; without npm all else works
NPM := $(shell command -v npm 2>/dev/null)
WIDGET := helix_jupyter/view/static/dag.js
TUTORIALS := $(patsubst notebooks/%,tutorial/%,$(wildcard notebooks/*.ipynb))
EXTENSION := labextension/dist/labextensions/helix-jupyter/package.json
SOURCES := $(shell find labextension/src labextension/style labextension/schema -type f) \
  $(wildcard labextension/*.mjs) labextension/package.json

# what is built here goes before what an installation has put into the environment
export JUPYTER_PATH := $(CURDIR)/labextension/dist$(if $(JUPYTER_PATH),:$(JUPYTER_PATH))

.PHONY: lab demo test lint fuzz bench bench-workflows notebooks format clean assets front chromium screenshots docs lowest dist

lab: $(VENV)/lab.stamp assets $(TUTORIALS)
	$(BIN)/python -m helix_jupyter.cli data census
	@echo "helix: the notebooks in tutorial/ are your copies of those in notebooks/: edit them; make lab makes one anew that is not there"
	$(BIN)/jupyter lab $(LAB_FLAGS) tutorial/census.ipynb

# made once and never over what somebody has edited; benchmarks and tests read the originals
tutorial/%.ipynb: | notebooks/%.ipynb
	@mkdir -p tutorial
	cp notebooks/$*.ipynb $@

demo: $(VENV)/lab.stamp assets
	$(BIN)/python -m helix_jupyter.cli data census
	$(BIN)/python -m benchmarks.census

# two files of tests at a time: most wait for kernels and browsers
test: $(VENV)/test.stamp lint front chromium docs
	$(BIN)/python -m pytest -n 2 --dist loadfile

ifneq ($(NPM),)
assets: $(WIDGET) $(EXTENSION)

front: assets
	cd labextension && npm run --silent check && npm run --silent test
else
assets front:
	@echo "helix: no npm (apt install npm): pictures stay static, and the front end is not tested"
endif

$(WIDGET): $(SOURCES) labextension/node_modules/.package-lock.json
	cd labextension && npm run --silent build:widget

$(EXTENSION): $(SOURCES) labextension/node_modules/.package-lock.json
	cd labextension && npm run --silent build:lab

labextension/node_modules/.package-lock.json: labextension/package-lock.json
	cd labextension && npm ci --no-audit --no-fund
	touch $@

# the tests in a browser say themselves what is missing and let the others run
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || echo "helix: no Chromium (apt install chromium): the tests in a browser are left out"

screenshots: $(VENV)/test.stamp assets chromium
	$(BIN)/python -m tests.browser.screenshots

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# FUZZ_EDITS=20000 or FUZZ_SECONDS=3600 say for how long, FUZZ_SEED where to begin
fuzz: $(VENV)/test.stamp
	$(BIN)/python tests/fuzz/run_fuzz.py

bench: $(VENV)/bench.stamp
	$(BIN)/python -m helix_jupyter.cli data census
	$(BIN)/python -m benchmarks.bench_plan
	$(BIN)/python -m benchmarks.bench_policies
	$(BIN)/python -m benchmarks.bench_store
	$(BIN)/python -m benchmarks.bench_fingerprint
	$(BIN)/python -m benchmarks.bench_session
	$(BIN)/python -m benchmarks.bench_versions
	$(BIN)/python -m benchmarks.bench_compare
	$(BIN)/python -m benchmarks.bench_memory
	$(BIN)/python -m benchmarks.bench_allocator
	$(BIN)/python -m benchmarks.bench_forecast
	$(BIN)/python -m benchmarks.bench_waiting
	$(BIN)/python -m benchmarks.census --peers
	$(BIN)/python -m benchmarks.targets

# all tests but those in a browser, with every dependency at its lower bound
lowest:
	$(PYTHON) tests/lowest.py > .lowest.txt
	$(MAKE) VENV=.venv-lowest PIP_CONSTRAINT=$(CURDIR)/.lowest.txt .venv-lowest/test.stamp
	.venv-lowest/$(notdir $(BIN))/python -m pytest --ignore tests/browser

# wheel (built from the sdist) and sdist, with the front end built in; what must and must not be in them, and their sizes
dist: $(VENV)/test.stamp assets
	rm -rf dist
	$(BIN)/python -m pip install --quiet build twine
	$(BIN)/python -m build --outdir dist .
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/python tests/distribution.py dist

docs: $(VENV)/docs.stamp
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	$(BIN)/python -m sphinx -W --keep-going -q -b doctest docs docs/_build/doctest
	@echo "docs/_build/html/index.html"

# each workflow's iterations beside other policies and tools, with a picture of each in benchmarks/results
bench-workflows: $(VENV)/bench.stamp $(VENV)/workflows.stamp
	$(BIN)/python -m helix_jupyter.cli data census mnist caravan crime genomics news tagger
	$(BIN)/python -m benchmarks.workflows

# the tutorials anew from top to bottom, outputs written back; their seconds are what readers see, so on a quiet machine
notebooks: $(VENV)/test.stamp $(VENV)/workflows.stamp assets
	$(BIN)/python -m helix_jupyter.cli data census mnist caravan crime genomics news tagger
	$(BIN)/python -m benchmarks.notebooks

format: $(VENV)/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/pip.stamp:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	touch $@

$(VENV)/%.stamp: $(VENV)/pip.stamp pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[$*]"
	touch $@

clean:
	rm -rf labextension/node_modules labextension/lib labextension/dist helix_jupyter/view/static $(VENV) .venv-lowest .lowest.txt docs/_build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
