#!/usr/bin/env bash
# The quick checks: formatting, types and lints of both halves. `make test` runs everything.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
need_tools
cargo fmt --all --check
cargo clippy --workspace --all-targets --quiet -- -D warnings
npm_packages
(cd frontend && npm run --silent check)
