# The front door. Everything is done by `cargo xtask`; see `cargo xtask --help`.
.PHONY: run build test check ci codegen prepare bench-import bench-api bench-auth bench-mailing bench-armour bench-media fuzz-api fuzz-media mutate-guards

XTASK = cargo run --quiet --package xtask --

run: cc
	@$(XTASK) run

build: cc
	@$(XTASK) build

# make test SUITE=unit|db|guards|web|oidc|media|browser GREP=part-of-a-name
test: cc
	@$(XTASK) test $(if $(SUITE),--suite "$(SUITE)") $(if $(GREP),--grep "$(GREP)")

check: cc
	@$(XTASK) check

ci: cc
	@$(XTASK) ci

codegen: cc
	@$(XTASK) codegen

prepare: cc
	@$(XTASK) prepare

bench-import: cc
	@$(XTASK) bench-import

bench-api: cc
	@$(XTASK) bench-api

bench-auth: cc
	@$(XTASK) bench-auth

bench-mailing: cc
	@$(XTASK) bench-mailing

bench-armour: cc
	@$(XTASK) bench-armour

bench-media: cc
	@$(XTASK) bench-media

# make fuzz-api REQUESTS=10000
fuzz-api: cc
	@$(XTASK) fuzz-api $(REQUESTS)

# make fuzz-media SECONDS=150
fuzz-media: cc
	@$(XTASK) fuzz-media $(SECONDS)

# make mutate-guards ONLY=1,2,3
mutate-guards: cc
	@$(XTASK) mutate-guards $(if $(ONLY),--only "$(ONLY)")

# Rust links with the system's C compiler, so xtask cannot be the one to install it.
.PHONY: cc
cc:
	@command -v cc >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then as_root=env; else as_root="sudo env"; fi; \
	  $$as_root apt-get update -qq; \
	  $$as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gcc libc6-dev >&2; }
