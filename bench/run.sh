#!/usr/bin/env bash
# Builds the release binary and measures it; see BENCHMARKS.md for the method. Writes bench/out/latest.md.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"
need_tools
if ! has wrk; then
  echo "wrk is not installed; installing it"
  install_package wrk wrk wrk wrk || true
  has wrk || fail "missing: wrk (Debian: apt-get install wrk)"
fi
npm_packages
npm_build
cargo build --release --bin cairn
CAIRN_BIN="$CARGO_TARGET_DIR/release/cairn" exec node bench/run.mjs "$@"
