# Everything a person does with this project from the outside. Needs make and CPython 3.11 or newer.

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PYTHON := $(PYTHON)
# What runs inside .venv keeps its bytecode there: a start without any takes a second more.
INSIDE = env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX='$(CURDIR)/.venv/bytecode' .venv/bin/python
LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock'

.PHONY: help run test bench check serve flask softphone lock clean-data python
.DEFAULT_GOAL := help

help:
	@echo 'make run          the whole service on this machine (PORT, SIMULATOR_PORT, DATA_DIR, HOST)'
	@echo 'make test         the whole test suite'
	@echo 'make flask ARGS=… a command beside a running service, such as ARGS="queue list"'
	@echo 'make clean-data   remove the data of make run, for good'
	@echo 'make serve        the production web server alone (HOST, PORT; settings from the environment)'
	@echo 'make softphone    what counsellors need to talk through their browsers (needs npm)'
	@echo 'make check        what the linter says'
	@echo 'make bench        how many calls a second the webhooks carry'
	@echo 'make lock         renew the pinned requirement files'

run: python
	@$(PYTHON) -m helpline.onebox.install run
	@exec $(INSIDE) -m helpline.onebox run

serve: python
	@$(PYTHON) -m helpline.onebox.install serve
	@exec $(INSIDE) -m helpline.onebox.web_server

flask: python
	@$(PYTHON) -m helpline.onebox.install run
	@exec $(INSIDE) -m helpline.onebox flask $(ARGS)

test: python
	@$(PYTHON) -m helpline.onebox.install test
	@$(INSIDE) -m tests.chromium
	@exec $(INSIDE) -m pytest --numprocesses 3 --dist loadfile $(ARGS)

check: python
	@$(PYTHON) -m helpline.onebox.install test
	@$(INSIDE) -m ruff check .
	@$(INSIDE) -m ruff format --check .

bench: python
	@$(PYTHON) -m helpline.onebox.install test
	@exec $(INSIDE) -m benchmarks.webhooks

# Installed from its registry at the pinned version, with its hash checked; nothing of it is kept in this project.
softphone:
	@cd requirements/softphone && npm ci --ignore-scripts --no-audit --no-fund

lock: python
	@$(PYTHON) -m helpline.onebox.install run
	@$(LOCK) requirements/bootstrap.in -o requirements/bootstrap.txt
	@$(LOCK) requirements/production.in -o requirements.txt
	@$(LOCK) requirements/development.in -o requirements/development.txt
	@$(LOCK) requirements/test.in -o requirements/test.txt

clean-data: python
	@$(PYTHON) -m helpline.onebox.clean_data

python:
	@test -n '$(PYTHON)' || { echo 'CPython 3.11 or newer is needed, as python3 on the PATH or named: make PYTHON=/path/to/python3'; exit 1; }
