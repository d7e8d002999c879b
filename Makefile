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

.PHONY: lab demo test lint fuzz bench format clean

lab: $(VENV)/lab.stamp
	$(BIN)/python -m helix_jupyter.datasets census
	$(BIN)/jupyter lab $(LAB_FLAGS) notebooks/census.ipynb

demo: $(VENV)/lab.stamp
	$(BIN)/python -m helix_jupyter.datasets census
	$(BIN)/python -m benchmarks.census

test: $(VENV)/test.stamp lint
	$(BIN)/python -m pytest

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# FUZZ_EDITS=20000 or FUZZ_SECONDS=3600 say for how long, FUZZ_SEED where to begin
fuzz: $(VENV)/test.stamp
	$(BIN)/python tests/fuzz/run_fuzz.py

bench: $(VENV)/bench.stamp
	$(BIN)/python -m helix_jupyter.datasets census
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
	$(BIN)/python -m benchmarks.census --peers

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
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
