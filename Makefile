# Each line calls a script, cargo or npm; CONTRIBUTING.md says when to use which.
.DEFAULT_GOAL := help
.PHONY: help run test check fmt gen bench demo

help: ## list these
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: ## build and start Cairn with demo data on 127.0.0.1:8080
	@scripts/run.sh

test: ## everything: both databases, frontend, browser journeys, lints
	@scripts/test.sh

check: ## the quick part of it, for every save: formatting, types, lints
	@scripts/check.sh

fmt: ## format the Rust code
	cargo fmt --all

gen: ## write openapi.json and the frontend's types again
	@scripts/gen.sh

bench: ## measure the release binary (about ten minutes)
	@bench/run.sh

demo: ## fill an empty .cairn/ with 6,000 synthetic people
	@scripts/demo.sh
