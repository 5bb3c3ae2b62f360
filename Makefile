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
UNITDIR       = $(PREFIX)/lib/systemd/system
MANDIR        = $(PREFIX)/share/man
DOCDIR        = $(PREFIX)/share/doc/postern
# Where zsh looks: Debian has a folder of its own for what packages bring.
ZSHDIR        = $(PREFIX)/share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)

# The version of what `make deb` makes, where it is not that of deploy/debian/changelog.
DEB_VERSION   =

# How long `make soak` runs, and `make fuzz` each target; for that one also which target (all), or an input to play again.
TARGET  =
SECONDS =
INPUT   =

# Further arguments of `postern up`, for `make run`, or of Benchmarks/bench, for `make bench`.
ARGS =

.DEFAULT_GOAL := help
.PHONY: help run build release test quick lint format units differential fuzz interop sanitize hotpath soak bench package drills install deb clean

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

interop: ## tokens of postern-auth and of jwt-kit, joserfc and PyJWT, judged by one another
	@scripts/bootstrap --test
	@exec scripts/test build interop

units: ## the systemd units, under a systemd booted for the test (as root)
	@scripts/bootstrap --test
	@exec scripts/test release units

package: ## the Debian package: installed, upgraded under load and purged, and the documentation's commands (as root)
	@scripts/bootstrap --test
	@exec scripts/test release package

drills: ## kill, restart and scale under load, and lose nothing (as root); ARGS='restarted scaled'
	@scripts/bootstrap --test
	@DRILLS='$(ARGS)' exec scripts/test build release drills

sanitize: ## the loop, the engine and the servers under ThreadSanitizer and AddressSanitizer
	@scripts/bootstrap --test
	@exec scripts/test thread address

hotpath: ## allocations and system calls a request, counted (release build)
	@scripts/bootstrap --test
	@exec scripts/test release hotpath

soak: ## mixed traffic for SECONDS=300, no growth, no failure (release build)
	@scripts/bootstrap --test
	@SOAK_SECONDS=$(or $(SECONDS),300) exec scripts/test release soak

bench: ## CPU a request beside other gateways (release build); ARGS='posts users', ARGS=--help
	@scripts/bootstrap --test
	swift build $(RELEASE_FLAGS) --product postern-gateway
	@exec Benchmarks/bench $(ARGS)

install: ## the built programs, units, manual, completions: DESTDIR=, PREFIX=, CONFIGURATION=
	@for program in $(PROGRAMS); do \
	    test -x .build/$(CONFIGURATION)/$$program || { \
	        echo "install: .build/$(CONFIGURATION)/$$program is not there. Build it: make release" >&2; exit 1; }; \
	done
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(UNITDIR) $(DESTDIR)$(DOCDIR)/examples $(DESTDIR)$(ZSHDIR) \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d \
	    $(DESTDIR)$(PREFIX)/share/postern
	install -m 755 $(PROGRAMS:%=.build/$(CONFIGURATION)/%) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(UNITS) $(DESTDIR)$(UNITDIR)
	sed -i 's|/usr/bin/postern|$(PREFIX)/bin/postern|' $(UNITS:deploy/systemd/%=$(DESTDIR)$(UNITDIR)/%)
	install -D -m 644 deploy/systemd/postern.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/postern.conf
	install -D -m 644 deploy/systemd/postern.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/postern.conf
	scripts/man .build/$(CONFIGURATION) $(DESTDIR)$(MANDIR)
	.build/$(CONFIGURATION)/postern completions bash | sed '1{/^#!/d}' \
	    >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/postern
	.build/$(CONFIGURATION)/postern completions zsh >$(DESTDIR)$(ZSHDIR)/_postern
	.build/$(CONFIGURATION)/postern completions fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/postern.fish
	install -m 644 LICENSE SECURITY.md CHANGELOG.md docs/*.md $(DESTDIR)$(DOCDIR)
	install -m 644 deploy/systemd/examples/* $(DESTDIR)$(DOCDIR)/examples
	cp -R deploy/tutorial deploy/default $(DESTDIR)$(PREFIX)/share/postern/

deb: $(if $(filter release,$(CONFIGURATION)),release) ## the Debian package, in .build/deb: DEB_VERSION=, CONFIGURATION=
	@scripts/bootstrap --deb
	@CONFIGURATION=$(CONFIGURATION) exec scripts/deb $(DEB_VERSION)

clean: ## everything that was built
	rm -rf .build
