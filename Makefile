# Postern's commands. `make help` lists them; CONTRIBUTING.md says when to use which.

# One set of flags for a configuration: other flags would build everything anew.
DEBUG_FLAGS   = -Xswiftc -warnings-as-errors
RELEASE_FLAGS = -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked
export DEBUG_FLAGS RELEASE_FLAGS

# What `make install` installs, and where.
CONFIGURATION = release
PREFIX        = /usr
DESTDIR       =
PROGRAMS      = postern postern-gateway postern-auth postern-data
UNITS         = $(wildcard deploy/systemd/*.service deploy/systemd/*.socket deploy/systemd/*.target)

# For `make fuzz`: which target (all), for how long each; or one input to play again.
TARGET  =
SECONDS =
INPUT   =

# Further arguments of `postern up`, for `make run`.
ARGS =

.DEFAULT_GOAL := help
.PHONY: help run build release test quick lint format units differential fuzz sanitize install clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

run: ## set up, build, and start everything with the tutorial's data (Ctrl-C ends it)
	@exec scripts/run $(ARGS)

build: ## the debug build, warnings as errors
	@scripts/bootstrap
	swift build $(DEBUG_FLAGS)

release: ## the release build
	@scripts/bootstrap
	swift build $(RELEASE_FLAGS)

test: ## set up, then every test
	@scripts/bootstrap --test
	@exec scripts/test

quick: ## lint, then the unit and end-to-end tests
	@scripts/bootstrap --test
	@exec scripts/test lint build swift

lint: ## format, imports, forbidden calls, shell scripts, file lengths
	@scripts/bootstrap --test
	@exec scripts/test lint

format: ## bring all Swift files into form
	swift format format --parallel --in-place --recursive Package.swift Sources Tests

differential: ## the head parser against llhttp
	@scripts/bootstrap --test
	@exec scripts/test build differential

fuzz: ## the parsers on inputs made up: TARGET=, SECONDS= (600 each); INPUT= plays one again
	@scripts/bootstrap --test
	@exec Tests/Fuzz/run $(if $(INPUT),replay "$(TARGET)" "$(INPUT)",long "$(TARGET)" "$(SECONDS)")

units: ## the systemd units, under a systemd booted for the test (as root)
	@scripts/bootstrap --test
	@exec scripts/test release units

sanitize: ## the loop, the engine and the servers under ThreadSanitizer and AddressSanitizer
	@scripts/bootstrap --test
	@exec scripts/test thread address

install: ## the built programs and units: DESTDIR=, PREFIX=, CONFIGURATION=
	@for program in $(PROGRAMS); do \
	    test -x .build/$(CONFIGURATION)/$$program || { \
	        echo "install: .build/$(CONFIGURATION)/$$program is not there. Build it: make release" >&2; exit 1; }; \
	done
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 755 $(PROGRAMS:%=.build/$(CONFIGURATION)/%) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(UNITS) $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed -i 's|=/usr/bin/postern|=$(PREFIX)/bin/postern|' $(UNITS:deploy/systemd/%=$(DESTDIR)$(PREFIX)/lib/systemd/system/%)
	install -D -m 644 deploy/systemd/postern.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/postern.conf
	install -D -m 644 deploy/systemd/postern.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/postern.conf
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/postern/LICENSE
	mkdir -p $(DESTDIR)$(PREFIX)/share/postern
	cp -R deploy/tutorial $(DESTDIR)$(PREFIX)/share/postern/

clean: ## everything that was built
	rm -rf .build
