# Everything a person does with this project. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Where a machine forbids it, each of the many processes of the tests would read all sources anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip --disable-pip-version-check -qq install --require-hashes --only-binary :all:

.PHONY: help
help: ## Show this list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: run
run: $(VENV)/.run ## Start the hotline here; the first time it installs what it needs into .venv.
	@exec $(BIN)/python server.py

.PHONY: demo
demo: $(VENV)/.run ## Start a throw-away hotline with sample staff, tips and a waiting conversation.
	@exec $(BIN)/python -m portal.demo

# Five at a time on two cores: with four a processor waits now and then, and a sixth only brings a browser, houses and a
# collection of its own (measured). The order is ours (tests/conftest.py): the longest files are begun first, small ones
# fill the end.
.PHONY: test
test: ## Run every test: real servers, real stores, a real browser.
	@$(MAKE) --no-print-directory -j types told engine

# What wants it is told late: it is installed beside the first tests.
.PHONY: engine
engine: tests/libretranslate/.venv/.stamp ## Install the real LibreTranslate that the tests translate by.

# Not after the types: looking for their mistakes keeps one processor busy for half a minute, beside the first tests.
.PHONY: told
told: style machine-tests collect
	$(BIN)/pytest -m "not long" -n 5 --dist loadfile --no-loadscope-reorder

.PHONY: test-long
test-long: $(VENV)/.test machine-tests tests/libretranslate/.venv/.stamp bench/peers/.venv/.stamp bench/peers/node_modules/.stamp ## Run the long fault and flood tests too (an hour or so).
	$(BIN)/pytest -m long --timeout 3600

# PORCHLIGHT_TEST_SEED repeats a run.
.PHONY: memory
memory: $(VENV)/.test ## Read the memory of a house after a talk has ended; prints how long what stood there (some minutes; as root).
	$(BIN)/pytest -m long --timeout 900 -s tests/seizure/test_what_memory_gives_up.py

.PHONY: faults
faults: $(VENV)/.test ## Let 200 things go wrong at random under 50 talks; prints what was lost and how long it took.
	$(BIN)/pytest -m long --timeout 5400 -s tests/faults/test_random_faults.py

.PHONY: fail-overs journeys rows
fail-overs: $(VENV)/.test ## Restart servers in turn, and let primaries die, under 50 talks; prints what was lost and the longest wait.
	$(BIN)/pytest -m long --timeout 3600 -s tests/faults/test_fail_overs.py

.PHONY: migrations beside
migrations: $(VENV)/.test ## Take houses of earlier versions up step by step, on SQLite and PostgreSQL (some minutes).
	$(BIN)/pytest -m "long or not long" --timeout 1200 tests/portal/store/test_each_migration.py tests/rules/test_migrations_only_add.py

beside: $(VENV)/.test ## Let an older version, out of the history, serve beside this one on the new tables.
	$(BIN)/pytest -m long --timeout 1200 -rs tests/journeys/test_an_older_version_runs_beside_this_one.py

.PHONY: rolling-restart two-servers
rolling-restart: $(VENV)/.test browsers ## Restart two servers behind nginx, then Caddy, in turn under 50 talks; prints what was lost and what anybody was shown.
	$(BIN)/pytest -m long --timeout 3600 -s tests/faults/test_rolling_restart.py

# PROXY: nginx or caddy. Left out: what is about one machine's own files, one server's own stores, or speaks past the proxy.
PROXY ?= nginx
two-servers: $(VENV)/.test machine-tests ## Tell the journeys over two servers behind one proxy: `make two-servers PROXY=caddy`.
	HOUSE_BEHIND=$(PROXY) $(BIN)/pytest -m "long or not long" --timeout 1200 tests/journeys \
		--ignore tests/journeys/test_the_house_without_its_stores.py --ignore tests/journeys/test_a_house_is_put_back.py \
		--ignore tests/journeys/test_a_hostile_sibling_changes_nothing.py --ignore tests/journeys/test_an_older_version_runs_beside_this_one.py \
		--ignore tests/journeys/test_a_visitor_is_heard.py --ignore tests/journeys/test_the_door_is_closed_everywhere.py

# ENGINES: single, sentinel or cluster, with PostgreSQL; primaries are killed while stories are told. None: as `make run` has them.
# The older version has stores of its own kind.
journeys: $(VENV)/.test machine-tests ## Tell every journey on other engines: `make journeys ENGINES=cluster`.
	HOUSE_ENGINES=$(ENGINES) $(BIN)/pytest -m "long or not long" --timeout 1200 tests/journeys tests/proxy \
		--ignore tests/journeys/test_an_older_version_runs_beside_this_one.py

rows: $(VENV)/.test machine-tests ## Tell every in-process test that keeps rows with its rows on PostgreSQL.
	HOUSE_ROWS=postgresql $(BIN)/pytest tests/tips tests/portal tests/chat

.PHONY: flood
flood: $(VENV)/.test ## Let a person wait among 10,000 scripts; prints the takes beside the number derived for the lottery.
	$(BIN)/pytest -m long --timeout 3600 tests/chat/test_ten_thousand_wait.py

.PHONY: notes
notes: $(VENV)/.test machine-tests ## Walk a note from its first word to its erasing: both browsers, script on and off, four languages.
	$(BIN)/pytest -m long --timeout 600 tests/browser/test_note_everywhere.py

.PHONY: machine-faults
machine-faults: $(VENV)/.test machine-tests ## Let disks fill, a clock jump, a certificate end, a database hang and a store read its file under a talk: nothing is lost.
	@test -e /usr/bin/certutil && ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || { echo "Needed: apt-get install --no-install-recommends libfaketime libnss3-tools" >&2; exit 1; }
	$(BIN)/pytest -m long --timeout 900 tests/faults/test_machine_faults.py tests/faults/test_other_disks.py tests/faults/test_clock_that_jumps.py tests/proxy/test_certificate_ends.py

.PHONY: prometheus
prometheus: $(VENV)/.test machine-tests ## Let a real Prometheus collect from a house that people came to, and ask it every panel and every rule.
	@command -v promtool >/dev/null && ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || { echo "Needed: apt-get install --no-install-recommends prometheus libfaketime" >&2; exit 1; }
	$(BIN)/pytest -m "long or not long" --timeout 900 tests/portal/operation/test_a_real_prometheus.py tests/portal/operation/test_alert_rules.py

.PHONY: case
case: $(VENV)/.test machine-tests ## Walk one case from its first word in Spanish to the figures of its quarter, in a browser.
	$(BIN)/pytest -m long --timeout 600 tests/browser/test_one_case_whole.py

# FIGURES_YEARS says how many random years, of fifteen tables each.
.PHONY: suppression
suppression: $(VENV)/.test ## Attack 1,005 random tables of figures with a linear-programming solver; prints what it tried.
	$(BIN)/pytest -m long -s tests/portal/figures/test_suppression.py

.PHONY: numbers
numbers: $(VENV)/.test ## Try 500 wrong numbers a second for five minutes, beside tips that are sent and a talk; prints what they waited.
	$(BIN)/pytest -m long --timeout 3600 tests/faults/test_wrong_numbers.py

.PHONY: abuse
abuse: $(VENV)/.test ## Say 10,000 frames at random as each role, and fill the seats; prints what became of them and of the memory.
	$(BIN)/pytest -m long --timeout 3600 tests/faults/test_protocol_abuse.py tests/faults/test_crowded_seats.py

# A few minutes; writes what holds into the page, and says what does not.
.PHONY: tongues sheets
tongues: $(VENV)/.test machine-tests ## Walk through every page in every language; writes the table of docs/tongues.md.
	$(BIN)/python -m tests.support.tongue_table docs/tongues.md

# Chinese and Korean are drawn with fonts that nothing else here needs.
sheets: $(VENV)/.test machine-tests ## Draw four pages in every language, side by side, into build/sheets; DARK=1 draws them dark.
	@fc-list | grep -qi 'noto.*cjk' || { echo "Installing fonts-noto-cjk for the pictures."; apt-get install -y -qq --no-install-recommends fonts-noto-cjk >/dev/null; }
	$(BIN)/python -m tests.support.contact_sheets build/sheets $(if $(DARK),--dark)

.PHONY: reading
reading: $(VENV)/.test ## Print words, reading grade and longest sentence of each page to read, in English.
	@$(BIN)/python -m tests.support.reading

# Compiles the tests once, beside the checks; five processes that collect at once would do it five times.
.PHONY: collect
collect: $(VENV)/.test
	@$(BIN)/pytest --collect-only -qq >/dev/null || $(BIN)/pytest --collect-only -qq

.PHONY: check style types words
check: style types words ## Look for mistakes without running anything: style, types, and words in every language.
style: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
types: $(VENV)/.test
	$(BIN)/mypy
words: $(VENV)/.run
	@$(BIN)/python -m i18n.upkeep check

.PHONY: languages
languages: $(VENV)/.run ## Show how far the words of each language are, and who has signed them.
	@$(BIN)/python -m i18n.upkeep state

.PHONY: bench
bench: $(VENV)/.test ## Measure the start, a page and a message, beside a floor that does nothing else.
	$(BIN)/python -m bench

# The relay's table wants a quiet machine and half an hour; RELAY hands options on, see `python -m bench relay --help`.
.PHONY: bench-relay
bench-relay: $(VENV)/.test bench/peers/.venv/.stamp bench/peers/node_modules/.stamp ## Measure a relayed message beside its peers; writes docs/relay.md.
	$(BIN)/python -m bench relay $(RELAY)

# A quiet machine and ten minutes. RELAY hands options on, see `python -m bench translated --help`.
.PHONY: bench-translated
bench-translated: $(VENV)/.test ## Measure the relay with a dead translation engine allowed in every talk, beside one without.
	$(BIN)/python -m bench translated $(RELAY)

# A few minutes, and 3 GiB of disk for that long. TIPS hands options on, see `python -m bench tips --help`.
.PHONY: bench-tips
bench-tips: $(VENV)/.test browsers ## Measure the store of 100,000 tips on SQLite and PostgreSQL; writes docs/tips-store.md.
	$(BIN)/python -m bench tips $(TIPS)

# DIRECTORY hands options on: `make bench-directory DIRECTORY="--count 50000"`.
.PHONY: bench-directory
bench-directory: $(VENV)/.test ## Measure the directory of services on SQLite and PostgreSQL: an import, and searches.
	$(BIN)/python -m bench directory $(DIRECTORY)

.PHONY: bench-inbox
bench-inbox: $(VENV)/.test ## Measure the desk's list over 100,000 tips: its pages, choices and searches, and what opening them costs.
	$(BIN)/python -m bench inbox $(TIPS)

.PHONY: bench-filings
bench-filings: $(VENV)/.test ## Measure how tips come in, before and after some are turned away; writes docs/spam.md.
	$(BIN)/python -m bench filings $(TIPS)

# Five minutes with 20 advocates, more with more: the house lets one person give keys ten times, then twice a minute.
# DESK hands options on, see `python -m bench desk --help`.
.PHONY: bench-desk
bench-desk: $(VENV)/.test browsers ## Measure the chat desk with 200 waiting and 20 advocates on two processes: first paint, updates, processor time.
	$(BIN)/python -m bench desk $(DESK)

.PHONY: bench-receipts
bench-receipts: $(VENV)/.test ## Measure what a tried number costs that opens a tip, and three that open none.
	$(BIN)/python -m bench receipts

# A few minutes. SIGNIN hands options on, see `python -m bench signin --help`.
.PHONY: bench-signin
bench-signin: $(VENV)/.test ## Measure what lets nobody in at the desk's door, kind by kind, and a talk beside a storm of 1,000 tries.
	$(BIN)/python -m bench signin $(SIGNIN)

# Plays a hundred days of a queue; the same on every machine.
.PHONY: capacity
capacity: $(VENV)/.test ## Play the queue and reckon what a machine needs; writes docs/capacity.md.
	$(BIN)/python -m bench queue

# As root, on a machine that may be thrown away: it makes another one in it, with a systemd of its own.
.PHONY: guides
guides: $(VENV)/.test ## Type the guides of docs/deploy line by line on a machine that is thrown away (some minutes).
	$(BIN)/pytest -m long --timeout 3600 tests/deploy --ignore tests/deploy/test_containers_for_real.py

# As root, on Debian: the engine and what it stands on come from Debian's packages into build/, once (about 900 MB).
.PHONY: containers
containers: $(VENV)/.test ## Build the image and type its guide line by line under a real engine (some minutes).
	@command -v mmdebstrap >/dev/null || apt-get install -y --no-install-recommends mmdebstrap
	$(BIN)/pytest -m long --timeout 3600 -s tests/deploy/test_containers_for_real.py

# TIPS says with how many tips; the drill wants root, for it makes another machine in this one, and memory for both.
.PHONY: drill move
drill: $(VENV)/.test ## Put a house of 20,000 tips back on another machine, line by line as docs/drill.md says; prints minutes.
	$(BIN)/pytest -m long -s tests/tips/backups/test_drill.py
move: $(VENV)/.test ## Move a house of 20,000 tips to PostgreSQL, killed on its way; prints minutes and what was compared.
	$(BIN)/pytest -m long -s tests/postgres/test_moving_house.py

.PHONY: bench-guess
bench-guess: $(VENV)/.test ## Measure the guess at a language on short lines, and what it costs; writes docs/language-guess.md.
	$(BIN)/python -m bench guess

.PHONY: machine-tests browsers
machine-tests: $(VENV)/.test tests/node_modules/.stamp browsers
browsers:
	@bash .ci/machine-tests

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Porchlight needs Python 3.11 or newer; set PYTHON to one." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "This Python has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; }

# One file of each name says which lock was installed; a changed lock is installed again.
$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	@test -e $(VENV)/.test || { echo "Installing what the hotline needs (once)."; $(INSTALL) -r requirements.lock; }
	@touch $@

$(VENV)/.test: requirements-test.lock | $(VENV)/bin/python
	@echo "Installing what the tests need (once)."
	@$(INSTALL) -r requirements-test.lock
	@touch $@ $(VENV)/.run

tests/node_modules/.stamp: tests/package-lock.json
	@command -v npm >/dev/null || { echo "npm is needed for the accessibility tests; on Debian: apt-get install npm" >&2; exit 1; }
	@cd tests && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

# The server the tests translate by, in a folder of its own: the hotline speaks with it and imports nothing of it. Some of
# what it wants comes as source; what builds that is pinned too. Compiled when first run: most of it never is.
ENGINE := tests/libretranslate/.venv
tests/libretranslate/.venv/.stamp: tests/libretranslate/building.lock tests/libretranslate/requirements.lock
	@echo "Installing the real engine of the translation tests (once)."
	@$(PYTHON) -m venv $(ENGINE)
	@$(ENGINE)/bin/pip --disable-pip-version-check -qq install --require-hashes --only-binary :all: -r tests/libretranslate/building.lock
	@$(ENGINE)/bin/pip --disable-pip-version-check -qq install --require-hashes --prefer-binary --no-build-isolation --no-compile -r tests/libretranslate/requirements.lock
	@touch $@

# What the relay is measured beside lives in folders of its own: nothing of it is ever imported by the hotline.
bench/peers/.venv/.stamp: bench/peers/requirements.lock | $(VENV)/bin/python
	@echo "Installing what the relay is measured beside (once)."
	@$(PYTHON) -m venv bench/peers/.venv
	@bench/peers/.venv/bin/pip --disable-pip-version-check -qq install --require-hashes --only-binary :all: -r $<
	@touch $@

bench/peers/node_modules/.stamp: bench/peers/package-lock.json
	@command -v npm >/dev/null || { echo "npm is needed for the Node rows; on Debian: apt-get install npm" >&2; exit 1; }
	@cd bench/peers && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@
