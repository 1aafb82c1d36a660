PYTHON ?= python3
VENV := .venv
BASE ?= main
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
export PRE_COMMIT_HOME := $(CURDIR)/$(VENV)/pre-commit
# Checked before the environment is made, so that none has to be removed.
CHECK_PYTHON := 'import sys; sys.version_info[:2] in ((3, 11), (3, 12), (3, 13)) or sys.exit(\
"Python 3.11 to 3.13 is needed: name one, as in make demo PYTHON=python3.12")'

.PHONY: help demo pictures check test coverage test-site test-sql test-bi test-spark test-increments test-absent \
	test-regions test-upgrade test-operate release edition probe sbom licences audit audit-workflows audit-packages lint \
	commits bench generate docs count lock wheel clean

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
		/^[a-z-]+:/ {sub(/[.;] .*|[.]$$/, "", said); printf "make %-16s %s\n", $$1, said} {said = ""}' Makefile

# Runs the whole job on the figures that ship with the project, without network.
demo: $(VENV)/.installed
	$(BIN)/leviers demo

# Takes the pictures of docs/images from the published file. It needs a Chromium on the PATH.
pictures: $(VENV)/.installed
	$(BIN)/python -m tools.pictures

# Installs a DuckDB of the 1.x line beside the environment. A test opens the published file with it.
$(VENV)/duckdb1: tests/old-duckdb-client.txt $(VENV)/.installed
	$(BIN)/uv --quiet pip install --python $(BIN)/python --no-deps --require-hashes --target $@ --requirement $<
	touch $@

# Runs in a minute: the linters, with sqlfluff on the SQL that differs from main, and the tests without a warehouse. Without a
# branch main, no SQL is linted. All tests in tests/dagster_graph need a warehouse, so Dagster is not imported.
check: $(VENV)/.installed
	SKIP=sqlfluff,sqlfluff-queries $(BIN)/pre-commit run --all-files
	git diff --name-only --diff-filter=d $(BASE) -- '*.sql' 2>/dev/null | xargs -r $(BIN)/pre-commit run --files
	$(BIN)/python -m pytest -m "not warehouse" --ignore tests/dagster_graph

# Runs the whole suite, without network.
test: $(VENV)/.installed $(VENV)/duckdb1
	$(BIN)/python -m pytest

# Runs the whole suite and lists the lines and branches that no test reaches.
coverage: $(VENV)/.installed $(VENV)/duckdb1
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered

# Tests the pages in the Chromium on the PATH. It prints the table of their budgets, and writes it into build/budgets.md.
test-site: $(VENV)/.installed
	$(BIN)/python -m pytest -m browser -n 0 tests/site

# Tests the page of SQL in that Chromium. It needs npm, which comes with Node.js, to fetch DuckDB.
test-sql: $(VENV)/.installed
	$(BIN)/python -m pytest -m sql -n 0 tests/site/test_sql.py

# Installs the tools of analysts (the notebook of docs/, Superset), each in its own environment with a hashed lock file.
$(VENV)/analyst $(VENV)/superset: $(VENV)/%: requirements/%.txt $(VENV)/.installed
	$(BIN)/uv --quiet venv --clear --python $(BIN)/python $@
	$(BIN)/uv --quiet pip sync --python $@/bin/python --require-hashes $<
	touch $@

# Tests the published file in the tools of analysts. They are the notebook, Superset, and R, QGIS and LibreOffice as Debian
# has them (apt install r-base-core r-cran-rsqlite r-cran-sf python3-qgis libreoffice-calc-nogui). Superset listens on the
# loopback alone; that Chromium draws its dashboards. The pictures are in build/bi.
test-bi: $(VENV)/analyst $(VENV)/superset
	$(BIN)/python -m pytest -m bi -n 0 tests/bi

# Installs PySpark and dbt-spark beside the environment: half a gigabyte that nothing else needs.
$(VENV)/spark: requirements/spark.txt $(VENV)/.installed
	rm -rf $@
	$(BIN)/uv --quiet pip install --python $(BIN)/python --no-deps --require-hashes --target $@ --requirement $<
	touch $@

# Tests the portable models on Spark, each table row for row. They are those of the demo, of a small country, and of the real
# files if LEVIERS_TEST_MIRROR names them. It needs a Java of 17 or 21 (apt install default-jre-headless). For the demo and
# the forms of SQL alone: make test-spark SPARK="-k 'demo or forms'"
test-spark: $(VENV)/spark
	PYTHONPATH=$(VENV)/spark $(BIN)/python -m pytest -m spark -n 0 -s tests/spark $(SPARK)

# Tests the build after a change of each dataset of LEVIERS_TEST_MIRROR, and the tables that it leaves alone.
test-increments: $(VENV)/.installed
	$(BIN)/python -m pytest -m release -n 0 tests/e2e/test_live_run.py

# Tests a small invented country without each dataset in turn, and without draws of half of them.
test-absent: $(VENV)/.installed
	$(BIN)/python -m pytest -m release -n 0 tests/e2e/test_absent.py

# Tests every region of the files of LEVIERS_TEST_MIRROR, and the country.
test-regions: $(VENV)/.installed
	$(BIN)/python -m pytest -m release -n 0 -s tests/e2e/test_regions.py

# Tests the upgrade of homes of earlier versions.
test-upgrade: $(VENV)/.installed
	$(BIN)/python -m pytest -m release -n 0 tests/e2e/test_upgrade.py

# Tests ninety days of a home under a set clock, and five years of the records of Dagster.
test-operate: $(VENV)/.installed
	$(BIN)/python -m pytest -m release -n 0 -s tests/e2e/test_ninety_days.py tests/dagster_graph/test_five_years.py

# Runs the proofs above that this tree has not passed yet, notes them in docs/proofs.md, and says whether it may be released.
# For a single proof: make release PROOFS=test-site
release: $(VENV)/.installed
	$(BIN)/python -m tools.release $(PROOFS)

# Asks the portals what differs from the catalogue. A portal that does not answer is reported, and is no failure.
probe: $(VENV)/.installed
	mkdir -p build
	$(BIN)/leviers sources --probe --json > build/probe.json || test $$? -eq 3

# Makes an edition in build/editions, its site in build/site, a backup in build/home.tar.gz.
# For a region: make edition REFRESH="--region 76"
edition: $(VENV)/.installed
	deploy/edition.sh $(REFRESH)

# Installs the tools that audit the packages, in an environment of their own with a hashed lock file.
$(VENV)/audit: requirements/audit.txt $(VENV)/.installed
	$(BIN)/uv --quiet venv --clear --python $(BIN)/python $@
	$(BIN)/uv --quiet pip sync --python $@/bin/python --require-hashes $<
	touch $@

# Writes the bill of materials of the environment (CycloneDX) into build/sbom.json.
sbom: $(VENV)/audit
	mkdir -p build
	$</bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file build/sbom.json $(BIN)/python

# Writes the licence of each package into build/licences.md.
licences: $(VENV)/audit
	mkdir -p build
	$</bin/pip-licenses --python $(BIN)/python --order license --with-urls --format markdown --output-file build/licences.md

# Runs both audits. An advisory may appear on any day, so they run each week, and in no gate.
audit: audit-workflows audit-packages

# Looks for unsafe lines of the workflows.
audit-workflows: $(VENV)/audit
	$</bin/zizmor --offline .github/workflows

# Looks for known advisories on the locked packages, which it asks their index for.
audit-packages: $(VENV)/audit
	$</bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock

# Runs the hooks of pre-commit on all files: ruff, mypy, import-linter, yamllint, shellcheck, sqlfluff.
lint: $(VENV)/.installed
	$(BIN)/pre-commit run --all-files

# Looks at the messages of the commits since another, as the hook does: make commits BASE=v0.23.0. A forge writes the message
# of a merge itself.
commits: $(VENV)/.installed
	mkdir -p build
	git rev-list --no-merges --reverse $(BASE)..HEAD >build/commits
	xargs -I{} sh -c 'git log -1 --format=%B {} | tee build/message; \
		$(BIN)/pre-commit run --all-files --hook-stage commit-msg --commit-msg-filename build/message' <build/commits

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

# Counts lines of Python, Jinja, JavaScript, SQL and YAML, within the tests and outside them.
count: $(VENV)/.installed
	@$(BIN)/python -m tools.count

# Makes the files for a server in build/dist: the project as a wheel, and the hashed lock of its packages.
wheel: $(VENV)/.installed
	rm -rf build/lib build/dist
	$(BIN)/uv --quiet build --wheel --no-build-isolation --python $(BIN)/python --out-dir build/dist
	cp deploy/requirements.lock build/dist/

# Compiles the lock files from pyproject.toml and requirements/.
lock: $(VENV)/.installed
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --no-deps --generate-hashes --no-emit-index-url --no-header requirements/spark.in --output-file requirements/spark.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --constraint requirements.lock pyproject.toml --output-file deploy/requirements.lock
	for tool in audit analyst superset; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
			requirements/$$tool.in --output-file requirements/$$tool.txt || exit; \
	done

# Removes the environment and the files of dbt.
clean:
	rm -rf $(VENV) dbt/target dbt/logs
