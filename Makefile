# Every target is a line of the table in tests/tools/bootstrap.py; `make help` prints it.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
TARGETS := demo test check messages readme pictures lock wheels bench-capture bench-upload clean

.PHONY: help $(TARGETS)
help $(TARGETS):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: sudo apt-get install python3"; exit 2; }
	@$(PYTHON) -m tests.tools.bootstrap $@ $(ARGS)
