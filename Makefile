# make demo: prepare, build, and boot labs/secureboot. make help lists the rest.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
LAB ?= labs/secureboot
FUZZ_SECONDS ?= 60
RELIABILITY ?= 50
SEED ?= 1

binary := .build/release/pxelab
root := $(DESTDIR)$(PREFIX)
programs := $(root)/libexec/pxelab
data := $(root)/share/pxelab
bash_completion := $(root)/share/bash-completion/completions/pxelab
zsh_completion := $(root)/share/zsh/site-functions/_pxelab
fish_completion := $(root)/share/fish/vendor_completions.d/pxelab.fish

.DEFAULT_GOAL := build
.PHONY: help prepare prepare-test check-swift build demo test labs faults reliability lint bench fuzz install uninstall clean

help:
	@echo 'make build      compile pxelab in release mode: $(binary)'
	@echo 'make demo       install the packages it needs, build, and boot $(LAB)'
	@echo 'make test       install the packages it needs, lint, build, and run all tests'
	@echo 'make labs       boot every lab under labs/, also those that take minutes'
	@echo 'make faults     bring up all labs that are broken on purpose: is each cause found?'
	@echo 'make reliability  kill programs of a lab at RELIABILITY moments: is nothing lost or left?'
	@echo 'make lint       check the form of Swift files and shell scripts'
	@echo 'make bench      time pxelab against the same boots by hand, and what a lab takes'
	@echo 'make fuzz       look for input that breaks it, for a minute (FUZZ_SECONDS)'
	@echo 'make install    put pxelab, its images, labs and completions under PREFIX=$(PREFIX)'
	@echo 'make uninstall  take them away'
	@echo 'make prepare    install the Debian or Ubuntu packages that are missing'
	@echo 'make clean      remove what was built'

prepare:
	@scripts/install-packages build run

prepare-test:
	@scripts/install-packages build run test
	@scripts/install-virt-firmware
	@scripts/install-python-clients

check-swift:
	@scripts/check-swift $(SWIFT)

# The Swift runtime is linked in: the result runs where there is no Swift.
build: check-swift
	@for program in pxelab pxelab-lab; do \
	  $(SWIFT) build --configuration release --product $$program --static-swift-stdlib || exit; \
	done

demo: prepare
	@$(MAKE) --no-print-directory build
	$(binary) up $(LAB)

lint: check-swift
	@scripts/lint $(SWIFT)

test: prepare-test
	@$(MAKE) --no-print-directory lint
	@scripts/test $(SWIFT)

labs: prepare
	@$(MAKE) --no-print-directory build
	$(binary) test $(patsubst %/README.md,%,$(wildcard labs/*/README.md))

# Two at a time: most of a broken boot is waiting.
faults: prepare-test
	@PXELAB_FAULTS=all scripts/test $(SWIFT) --filter LabTests.Faults

# RELIABILITY moments, from the seed SEED on.
reliability: prepare-test
	@PXELAB_RELIABILITY=$(RELIABILITY) PXELAB_SEED=$(SEED) scripts/test $(SWIFT) --filter LabTests.Reliability

bench: prepare-test
	@$(MAKE) --no-print-directory build
	Benchmarks/validate $(binary)
	Benchmarks/capture $(binary)
	Benchmarks/scheduling $(binary)
	Benchmarks/lab $(binary)
	Benchmarks/lab $(binary) 100
	Benchmarks/run $(binary)
	Benchmarks/together $(binary)

fuzz: check-swift
	SWIFT=$(SWIFT) Fuzz/run $(FUZZ_SECONDS)

$(binary):
	@$(MAKE) --no-print-directory build

# Built before if need be, so that `sudo make install` compiles nothing as root.
install: $(binary)
	install -D --strip --mode=0755 $(binary) $(root)/bin/pxelab
	install -D --strip --mode=0755 $(binary)-lab $(programs)/pxelab-lab
	rm -rf $(data)
	install -d $(data) $(dir $(bash_completion)) $(dir $(zsh_completion)) $(dir $(fish_completion))
	cp -R --no-preserve=ownership $(wildcard images labs netconf schema) $(data)/
	$(binary) --generate-completion-script bash >$(bash_completion)
	$(binary) --generate-completion-script zsh >$(zsh_completion)
	$(binary) --generate-completion-script fish >$(fish_completion)

uninstall:
	rm -rf $(data) $(programs)
	rm -f $(root)/bin/pxelab $(bash_completion) $(zsh_completion) $(fish_completion)

clean:
	rm -rf .build
