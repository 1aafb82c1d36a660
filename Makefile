PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The SQL beside the models: with parameters, which are linted by their names.
QUERIES := leviers/cli/sql leviers/entry/sql leviers/site/queries \
	leviers/warehouse/editions/dated_edition_parts leviers/warehouse/publication/own_tables \
	leviers/warehouse/publication/questions leviers/warehouse/runs
SCRIPTS := .ci/run $(wildcard deploy/*.sh)
export UV_PYTHON_DOWNLOADS := never
# Said before there is an environment that would have to be removed.
CHECK_PYTHON := 'import sys; sys.version_info[:2] in ((3, 11), (3, 12), (3, 13)) or sys.exit(\
"Python 3.11 to 3.13 is needed: name one, as in make demo PYTHON=python3.12")'

.PHONY: help demo pictures check test test-site test-sql test-bi test-spark test-increments test-absent test-regions test-upgrade test-operate release edition probe sbom licences audit lint bench generate docs count lock wheel clean

# The environment follows the hashed lock file; uv sync removes the project itself, so it is installed after. Compiled
# once, so that no process compiles Great Expectations and dbt again where Python may not write its cache.
$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c $(CHECK_PYTHON)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "The locked packages are installed into $(VENV): a minute or two, once."
	$(BIN)/python -m pip --quiet --disable-pip-version-check install "uv>=0.9"
	$(BIN)/uv --quiet pip sync --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock
	$(BIN)/uv --quiet pip install --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

# The targets, each with the first sentence of the comment above it.
help:
	@awk -F: '/^# / {if (!said) said = substr($$0, 3); next} \
		/^[a-z-]+:/ {sub(/[.;] .*|[.]$$/, "", said); printf "make %-16s %s\n", $$1, said} {said = ""}' Makefile

# The whole job on the figures that ship with the project, without network.
demo: $(VENV)/.installed
	$(BIN)/leviers demo

# The pictures of docs/images, of the published file; they want a Chromium on the PATH.
pictures: $(VENV)/.installed
	$(BIN)/python -m tools.pictures

# A DuckDB of the 1.x line beside the environment: a test opens the published file with it.
$(VENV)/duckdb1: tests/old-duckdb-client.txt $(VENV)/.installed
	$(BIN)/uv --quiet pip install --python $(BIN)/python --no-deps --require-hashes --target $@ --requirement $<
	touch $@

# A minute: ruff, mypy, the tests without a warehouse, the SQL that differs from main. Where there is no main, no SQL; all in
# tests/dagster_graph needs a warehouse, and to import Dagster takes two seconds.
check: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	git diff --name-only --diff-filter=d main -- 'dbt/models/**.sql' 'dbt/tests/**.sql' 2>/dev/null \
		| LEVIERS_WAREHOUSE=:memory: xargs -r $(BIN)/sqlfluff lint --processes 2
	git diff --name-only --diff-filter=d main -- $(patsubst %,'%/*.sql',$(QUERIES)) 2>/dev/null \
		| xargs -r $(BIN)/sqlfluff lint --templater placeholder --processes 2
	$(BIN)/python -m pytest -m "not warehouse" --ignore tests/dagster_graph

# The whole suite, without network.
test: $(VENV)/.installed $(VENV)/duckdb1
	$(BIN)/python -m pytest

# The pages in the Chromium that is on the PATH, and the table of their budgets, in build/budgets.md too.
test-site: $(VENV)/.installed
	$(BIN)/python -m pytest -m browser -n 0 tests/site

# The page of SQL in that Chromium: npm, which comes with Node.js, fetches DuckDB for it.
test-sql: $(VENV)/.installed
	$(BIN)/python -m pytest -m sql -n 0 tests/site/test_sql.py

# The tools of analysts, each in an environment of its own with a hashed lock file: the notebook of docs/ and Superset.
$(VENV)/analyst $(VENV)/superset: $(VENV)/%: requirements/%.txt $(VENV)/.installed
	$(BIN)/uv --quiet venv --clear --python $(BIN)/python $@
	$(BIN)/uv --quiet pip sync --python $@/bin/python --require-hashes $<
	touch $@

# The published file in the tools of analysts. They are the notebook; R, QGIS and LibreOffice as Debian has them (apt install
# r-base-core r-cran-rsqlite r-cran-sf python3-qgis libreoffice-calc-nogui); Superset, which draws the dashboards in that
# Chromium, on the loopback alone. The pictures are in build/bi.
test-bi: $(VENV)/analyst $(VENV)/superset
	$(BIN)/python -m pytest -m bi -n 0 tests/bi

# PySpark and dbt-spark, beside the environment: half a gigabyte that nothing else needs.
$(VENV)/spark: requirements/spark.txt $(VENV)/.installed
	rm -rf $@
	$(BIN)/uv --quiet pip install --python $(BIN)/python --no-deps --require-hashes --target $@ --requirement $<
	touch $@

# The portable models of the demo and of a small country on Spark, each table row for row; of the real files too where
# LEVIERS_TEST_MIRROR names them. They need a Java of 17 or 21 (apt install default-jre-headless). The demo alone, with the
# forms of SQL: make test-spark SPARK="-k 'demo or forms'"
test-spark: $(VENV)/spark
	PYTHONPATH=$(VENV)/spark $(BIN)/python -m pytest -m spark -n 0 -s tests/spark $(SPARK)

# The builds after a change of each dataset of LEVIERS_TEST_MIRROR, and the tables that they leave alone.
test-increments: $(VENV)/.installed
	$(BIN)/python -m pytest -m increments -n 0 tests/e2e/test_live_run.py

# A small invented country without each dataset, and without draws of half of them.
test-absent: $(VENV)/.installed
	$(BIN)/python -m pytest -m absent -n 0 tests/e2e/test_absent.py

# Every region of the files of LEVIERS_TEST_MIRROR, and the country.
test-regions: $(VENV)/.installed
	$(BIN)/python -m pytest -m regions -n 0 -s tests/e2e/test_regions.py

# Homes of earlier versions, taken to this one.
test-upgrade: $(VENV)/.installed
	$(BIN)/python -m pytest -m upgrade -n 0 tests/e2e/test_upgrade.py

# Ninety days of a home under a set clock, and five years of the records of Dagster.
test-operate: $(VENV)/.installed
	$(BIN)/python -m pytest -m operate -n 0 -s tests/e2e/test_ninety_days.py tests/dagster_graph/test_five_years.py

# The proofs above that this tree has not passed yet, noted in docs/proofs.md, and whether it may be released.
# A single proof: make release PROOFS=test-site
release: $(VENV)/.installed
	$(BIN)/python -m tools.release $(PROOFS)

# The portals' present answers on their datasets; a portal that does not answer is reported and is no failure.
probe: $(VENV)/.installed
	mkdir -p build
	$(BIN)/leviers sources --probe --json > build/probe.json || test $$? -eq 3

# An edition in build/editions, its site in build/site, the home in build/home.tar.gz: make edition REFRESH="--region 76"
edition: $(VENV)/.installed
	deploy/edition.sh $(REFRESH)

# The tools that audit the packages, in an environment of their own with a hashed lock file.
$(VENV)/audit: requirements/audit.txt $(VENV)/.installed
	$(BIN)/uv --quiet venv --clear --python $(BIN)/python $@
	$(BIN)/uv --quiet pip sync --python $@/bin/python --require-hashes $<
	touch $@

# The bill of materials of the environment (CycloneDX), in build/sbom.json.
sbom: $(VENV)/audit
	mkdir -p build
	$</bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file build/sbom.json $(BIN)/python

# The licence of each package, in build/licences.md.
licences: $(VENV)/audit
	mkdir -p build
	$</bin/pip-licenses --python $(BIN)/python --order license --with-urls --format markdown --output-file build/licences.md

# Known advisories on the locked packages, where an index of them answers, and what is unsafe in the workflows. Told, not
# blocking: an advisory comes on a day of its own.
audit: $(VENV)/audit
	-$</bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock
	-$</bin/zizmor --offline .github/workflows

# ruff, mypy, yamllint, shellcheck, sqlfluff on the models, the tests of dbt and the SQL beside them.
lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/yamllint --strict .
	$(BIN)/shellcheck $(SCRIPTS)
	LEVIERS_WAREHOUSE=:memory: $(BIN)/sqlfluff lint --processes 2 dbt/models dbt/tests
	$(BIN)/sqlfluff lint --templater placeholder --processes 2 $(QUERIES)

# The times of a refresh, into docs/benchmarks.md.
bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks

# Every file of the repository that follows from others: dbt sources and lists, words to translate.
generate: $(VENV)/.installed
	$(BIN)/python -m tools.generate

# The site of dbt (lineage, columns, tests), one file to open in a browser: build/dbt/static_index.html
docs: $(VENV)/.installed
	LEVIERS_WAREHOUSE=:memory: $(BIN)/dbt docs generate --static --empty-catalog --project-dir dbt --profiles-dir dbt \
		--target-path $(CURDIR)/build/dbt --log-path $(CURDIR)/build/dbt

# Lines of Python, Jinja, JavaScript, SQL and YAML, within the tests and outside them.
count: $(VENV)/.installed
	@$(BIN)/python -m tools.count

# The files for a server, in build/dist: the project as a wheel, and the hashed lock of its needs.
wheel: $(VENV)/.installed
	rm -rf build/lib build/dist
	$(BIN)/uv --quiet build --wheel --no-build-isolation --python $(BIN)/python --out-dir build/dist
	cp deploy/requirements.lock build/dist/

# The lock files, from the needs in pyproject.toml and requirements/.
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
