# Two commands do everything: `make run` and `make test`. Both install what is missing first.
SWIFT_FLAGS ?= -c release
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: run test build bench smollm2 packages

run: build
	.build/release/genac

build: packages
	swift build $(SWIFT_FLAGS) --product genac

test: packages
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build

packages:
	@for package in libedit-dev libopenblas-dev pkg-config; do \
	  dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq $$missing >/dev/null; \
	fi
