PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The commit that what is here is compared with: where it left main, on main the one before.
BASE ?= $(shell git merge-base HEAD origin/main 2>/dev/null | grep -v "$$(git rev-parse HEAD)" || \
	git rev-parse --quiet --verify HEAD^)
# The long proofs by their markers, each in a run of its own.
PROOFS ?= release browser sql bi spark
export UV_PYTHON_DOWNLOADS := never
export PRE_COMMIT_HOME := $(CURDIR)/$(VENV)/pre-commit
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate
# Checked before the environment is made, so that none has to be removed.
CHECK_PYTHON := 'import sys; sys.version_info[:2] in ((3, 11), (3, 12), (3, 13)) or sys.exit(\
"Python 3.11 to 3.13 is needed: name one, as in make demo PYTHON=python3.12")'

.PHONY: help demo check test lint commits coverage release bench generate docs pictures count lock wheel edition audit clean

# Makes the environment from the hashed lock file. The project is installed last, since uv sync removes it. All packages are
# compiled once: where Python may not write its cache, each process would compile Great Expectations and dbt again.
$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c $(CHECK_PYTHON)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "The locked packages are installed into $(VENV): a minute or two, once."
	$(BIN)/python -m pip --quiet --disable-pip-version-check install "uv>=0.9"
	$(BIN)/uv --quiet pip sync --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock
	$(BIN)/uv --quiet pip install --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

# Lists the targets, each with the first sentence of the comment above it.
help:
	@awk -F: '/^# / {if (!said) said = substr($$0, 3); next} \
		/^[a-z]+:/ {sub(/[.;] .*|[.]$$/, "", said); printf "make %-9s %s\n", $$1, said} {said = ""}' Makefile

# Runs the whole job on the figures that ship with the project, without network.
demo: $(VENV)/.installed
	$(BIN)/leviers demo

# Installs the tools that stand beside the project, each in an environment of its own.
$(VENV)/audit $(VENV)/analyst $(VENV)/superset: $(VENV)/%: requirements/%.txt $(VENV)/.installed
	$(BIN)/uv --quiet venv --clear --python $(BIN)/python $@
	$(BIN)/uv --quiet pip install --python $@/bin/python --requirement $<
	touch $@

# Installs packages that some tests import beside those of the project: an older DuckDB, PySpark.
$(VENV)/duckdb1 $(VENV)/spark: $(VENV)/%: requirements/%.txt $(VENV)/.installed
	rm -rf $@
	$(BIN)/uv --quiet pip install --python $(BIN)/python --no-deps --target $@ --requirement $<
	touch $@

# Runs the linters and the tests without a warehouse, in a minute. The tests of Dagster all need one, so it is not imported.
check: lint
	$(BIN)/python -m pytest -m "not warehouse" --ignore tests/dagster_graph

# Runs the suite, without network. A page is opened where a Chromium is on the PATH.
test: $(VENV)/.installed $(VENV)/duckdb1
	$(BIN)/python -m pytest

# Runs the hooks of pre-commit, sqlfluff on the SQL that differs from BASE. For all SQL: make lint ALL=1
lint: $(VENV)/.installed
ifdef ALL
	$(BIN)/pre-commit run --all-files
else
	SKIP=sqlfluff,sqlfluff-queries $(BIN)/pre-commit run --all-files
	@test -n "$(BASE)" || echo "There is no commit to compare with, so no SQL is linted: make lint ALL=1"
	test -z "$(BASE)" || git diff --name-only --diff-filter=d $(BASE) -- '*.sql' | xargs -r $(BIN)/pre-commit run --files
endif

# Checks the messages of the commits since BASE, as the hook does. A forge writes the message of a merge itself.
commits: $(VENV)/.installed
	mkdir -p build
	git rev-list --no-merges --reverse $(BASE)..HEAD >build/commits
	xargs -I{} sh -c 'git log -1 --format=%B {} | tee build/message; \
		$(BIN)/pre-commit run --all-files --hook-stage commit-msg --commit-msg-filename build/message' <build/commits

# Runs the suite and lists the lines and branches that no test reaches.
coverage: $(VENV)/.installed $(VENV)/duckdb1
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered

# Runs the long proofs before a release. For some of them: make release PROOFS="release spark"
#   release  interruptions, absent data, upgrades, editions, every region of LEVIERS_TEST_MIRROR
#   browser  the pages in the Chromium on the PATH; the table of their budgets is in build/budgets.md
#   sql      the page of SQL in that Chromium; npm fetches DuckDB for it
#   bi       the published file in the notebook, Superset, R, QGIS and LibreOffice, with pictures in build/bi
#            (apt install r-base-core r-cran-rsqlite r-cran-sf python3-qgis libreoffice-calc-nogui)
#   spark    the portable models on Spark, each table row for row (apt install default-jre-headless)
release: $(VENV)/.installed $(VENV)/duckdb1 $(if $(findstring bi,$(PROOFS)),$(VENV)/analyst $(VENV)/superset) \
		$(if $(findstring spark,$(PROOFS)),$(VENV)/spark)
	@failed=; for proof in $(PROOFS); do \
		PYTHONPATH=$(VENV)/spark $(BIN)/python -m pytest -n 0 -rs -m $$proof || failed="$$failed $$proof"; \
	done; test -z "$$failed" || { echo "failed:$$failed"; exit 1; }

# Measures loads, refreshes and readers, and fills the tables of docs/benchmarks.md.
bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks

# Writes every file of the repository that follows from others: dbt sources and lists, words to translate.
generate: $(VENV)/.installed
	$(BIN)/python -m tools.generate

# Makes the site of dbt (lineage, columns, tests), one file to open in a browser: build/dbt/static_index.html
docs: $(VENV)/.installed
	LEVIERS_WAREHOUSE=:memory: $(BIN)/dbt docs generate --static --empty-catalog --project-dir dbt --profiles-dir dbt \
		--target-path $(CURDIR)/build/dbt --log-path $(CURDIR)/build/dbt

# Takes the pictures of docs/images from the published file. It needs a Chromium on the PATH.
pictures: $(VENV)/.installed
	$(BIN)/python -m tools.pictures

# Counts lines of Python, Jinja, JavaScript, SQL and YAML, within the tests and outside them.
count: $(VENV)/.installed
	@$(BIN)/python -m tools.count

# Compiles the lock file from pyproject.toml.
lock: $(VENV)/.installed
	$(COMPILE) --group dev pyproject.toml --output-file requirements.lock

# Makes the files for a server in build/dist: the project as a wheel, and the part of the lock file that it needs.
wheel: $(VENV)/.installed
	rm -rf build/lib build/dist
	$(BIN)/uv --quiet build --wheel --no-build-isolation --python $(BIN)/python --out-dir build/dist
	cp requirements.lock build/dist/
	$(COMPILE) pyproject.toml --output-file build/dist/requirements.lock

# Makes an edition in build/editions, its site in build/site, a backup in build/home.tar.gz.
# For a region: make edition REFRESH="--region 76"
edition: $(VENV)/.installed
	deploy/edition.sh $(REFRESH)

# Audits the workflows and the packages, and lists these in build/sbom.json (CycloneDX) and build/licences.md. An advisory may
# appear on any day, so this runs each week, and in no gate.
audit: $(VENV)/audit
	mkdir -p build
	$</bin/zizmor --offline .github/workflows
	$</bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file build/sbom.json $(BIN)/python
	$</bin/pip-licenses --python $(BIN)/python --order license --with-urls --format markdown --output-file build/licences.md
	$</bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock

# Removes the environment and the files of dbt.
clean:
	rm -rf $(VENV) dbt/target dbt/logs
