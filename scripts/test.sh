#!/usr/bin/env bash
# Everything: formatting, lints, Rust tests on SQLite and PostgreSQL, frontend, browser journeys.
# `scripts/test.sh rust` or `frontend` runs one half. What is missing is installed when it can be.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
. scripts/postgres.sh
part="${1:-all}"
case "$part" in all | rust | frontend) ;; *) fail "usage: scripts/test.sh [all|rust|frontend]" ;; esac

times=()
current='checking the tools'
rust_summary="$(mktemp)"
finish() {
  local status=$?
  trap - EXIT
  postgres_stop
  printf '\n'
  ((${#times[@]} == 0)) || printf '%s\n' "${times[@]}"
  if [ "$status" = 0 ]; then
    cat "$rust_summary"
    printf 'All steps passed in %d s.\n' "$SECONDS"
  else
    printf 'FAILED: %s (after %d s)\n' "$current" "$SECONDS" >&2
  fi
  rm -f "$rust_summary"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# step NAME COMMAND...: shows its output, keeps its time; the first that fails ends the run.
step() {
  local from=$SECONDS
  current="$1"
  say "$current"
  shift
  "$@"
  times+=("$(printf '%6d s  %s' "$((SECONDS - from))" "$current")")
}
wants() { [ "$part" = all ] || [ "$part" = "$1" ]; }

rust_tests() {
  local output
  output="$(mktemp)"
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --workspace --no-fail-fast 2>&1 | tee "$output"
    # repeated at the very end, where people and CI look for it
    grep -E '^ *Summary \[' "$output" | tail -n 1 >"$rust_summary" || true
  else
    cargo test --workspace --no-fail-fast 2>&1 | tee "$output"
    grep '^test result:' "$output" >"$rust_summary" || true
  fi
  rm -f "$output"
}

# Always from scratch, unlike `make run`'s: that nothing has changed would have to be believed.
frontend_build() {
  npm --prefix frontend run --silent build
  touch frontend/node_modules/.cairn-built
}

# Sets CHROMIUM for the journeys.
find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' /Applications/Chromium.app/Contents/MacOS/Chromium; do
    if [ -n "$name" ] && has "$name"; then
      CHROMIUM="$(command -v "$name")"
      export CHROMIUM
      return
    fi
  done
  return 1
}
need_chromium() {
  if ! find_chromium; then
    echo "Chromium is not installed; installing it"
    install_package chromium chromium chromium chromium || true
    find_chromium || fail "missing: Chromium (Debian: apt-get install chromium), or set CHROMIUM to its path"
  fi
  "$CHROMIUM" --version --no-sandbox 2>/dev/null || true
}

# The program was built with the Rust tests; building it again on its own could choose other features.
journeys() {
  env -u CAIRN_TEST_POSTGRES_URL CAIRN_BIN="$CARGO_TARGET_DIR/debug/cairn" \
    npm --prefix frontend run --silent e2e
}

need_tools
if wants rust; then
  step 'Rust formatting' cargo fmt --all --check
fi
if wants frontend; then
  step 'frontend packages' npm_packages
  step 'frontend types' npm --prefix frontend run --silent check
  step 'frontend unit tests' npm --prefix frontend test --silent
  step 'frontend production build' frontend_build
  step 'size of the first load' npm --prefix frontend run --silent size
fi
if wants rust; then
  step 'Rust lints' cargo clippy --workspace --all-targets -- -D warnings
  step 'PostgreSQL' postgres_start
  step 'Rust tests' rust_tests
fi
if [ "$part" = all ]; then
  step 'Chromium' need_chromium
  step 'browser journeys' journeys
fi
