# Every target is a line of the table in tests/tools/bootstrap.py; `make help` prints it.
# station/pythons.py knows which Pythons will do; make TARGET PYTHON=python3.13 names one.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -m station.pythons 2>/dev/null && echo $$python && break; done)
TARGETS := demo demo-board test test-long test-interpreter test-pythons test-windows test-centre check messages readme pictures lock wheels bundle test-bundle bench-capture bench-verdict bench-upload bench-afternoon bench-centre fuzz mutants clean

.PHONY: help $(TARGETS)
help $(TARGETS):
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 is needed: sudo apt-get install python3"; exit 2; }
	@$(PYTHON) -m tests.tools $@ $(ARGS)
