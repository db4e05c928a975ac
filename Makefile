# Two commands matter: `make demo` and `make test`. The rest are their parts.
SHELL := /bin/bash
export CARGO_TARGET_DIR ?= $(HOME)/.cache/yilian
CARGO := cargo
BIN := $(CARGO_TARGET_DIR)/release/yilian
MOTO := $(CARGO_TARGET_DIR)/venv/bin/moto_server
CLUSTER_TARGET_DIR ?= $(HOME)/.cache/yilian-cluster

.PHONY: build demo test test-rust test-packs test-api test-hostile test-e2e test-s3 test-cluster moto tidy lint fmt bench bench-cluster bench-counted bench-growth bench-rules bench-web bench-web-large profile soak clean-demo

build:
	$(CARGO) build --release --locked --workspace --exclude yilian-bench-rules --bins

## Everything from nothing: synthetic Kizilsu, departmental lists, the nightly cycle, pages on localhost.
demo: build
	$(BIN) --home demo demo

clean-demo:
	rm -rf demo

test: lint test-rust test-packs tidy test-api test-hostile test-e2e

test-rust:
	$(CARGO) test --release --locked --workspace

test-packs: build
	$(BIN) pack check

## The map in ARCHITECTURE.md and the workspace must agree; sources must be formatted.
tidy:
	$(CARGO) fmt --all --check
	$(CARGO) fmt --check --manifest-path crates/cluster/Cargo.toml
	$(CARGO) run --release --locked --quiet -p xtask -- tidy

## Says SKIPPED where clippy is absent, unless YILIAN_REQUIRE_CLIPPY is set.
lint:
	@if [ -n "$$YILIAN_REQUIRE_CLIPPY" ] || $(CARGO) clippy --version >/dev/null 2>&1; \
	then $(CARGO) clippy --release --locked --workspace --all-targets -- -D warnings; \
	else echo "SKIPPED: clippy is not installed"; fi

fmt:
	$(CARGO) fmt --all
	$(CARGO) fmt --manifest-path crates/cluster/Cargo.toml

## Journeys in a real browser; says SKIPPED where Chromium or Node.js is absent.
test-e2e: build
	bash e2e/run.sh

## Schemathesis on the OpenAPI document; says SKIPPED where its packages can't be had.
test-api: build
	bash e2e/api/run.sh

## Hostile input of every kind against a demonstration of our own; says SKIPPED where Python is absent.
test-hostile: build
	bash e2e/hostile/run.sh

## Pages and interface under load, the whole prefecture loaded.
bench-web: build
	bash benches/web/run.sh

## The same over Chaoyang with all its residents, on a throw-away PostgreSQL.
bench-web-large: build
	bash benches/web/large.sh

## An hour of readers, visitors and a night in the middle on PostgreSQL; MINUTES=10 make soak for less.
soak: build
	bash benches/soak/run.sh

## Instructions of a small night under callgrind, for machines too busy to time anything; says SKIPPED without valgrind.
bench-counted: build
	bash benches/counted/run.sh

## A flame graph of a usual night, and what its threads do stretch by stretch; says SKIPPED without perf.
profile: build
	bash benches/profile/run.sh

## Our engine beside Polars, DuckDB and DataFusion (from PyPI) on the same file.
bench-rules:
	bash benches/rules/run.sh

## The nightly job beside the script an office would write (pandas + SQLite), on the same lists.
bench: build
	bash benches/night/run.sh

## How a night grows with the region, on a throw-away PostgreSQL.
bench-growth: build
	bash benches/scale/growth.sh $(or $(SIZES),10000 100000 1000000)

## Days of the lake on a real S3 server (moto, from PyPI), which the test starts itself.
test-s3: moto
	YILIAN_REQUIRE_S3=1 YILIAN_MOTO=$(MOTO) $(CARGO) test --release --locked -p yilian-objects

moto:
	[ -x $(CARGO_TARGET_DIR)/venv/bin/python ] || python3 -m venv $(CARGO_TARGET_DIR)/venv
	$(CARGO_TARGET_DIR)/venv/bin/python -m pip install --quiet --disable-pip-version-check 'moto[server]==5.2.5'

## A scheduler and workers as processes over two counties' lakes, in folders and on S3. The crate has a workspace and a build
## cache of its own, without optimisation; the first build takes a quarter of an hour of CPU. No part of the gate.
test-cluster: build moto
	cd crates/cluster && CARGO_TARGET_DIR=$(CLUSTER_TARGET_DIR) YILIAN_BIN=$(BIN) YILIAN_MOTO=$(MOTO) \
		YILIAN_REQUIRE_CLUSTER=1 YILIAN_REQUIRE_S3=1 $(CARGO) test --locked -- --test-threads=1

## A province's rules over four lakes, in one process and on two workers.
bench-cluster: build
	cd crates/cluster && CARGO_TARGET_DIR=$(CLUSTER_TARGET_DIR) $(CARGO) build --locked
	bash benches/cluster/run.sh
