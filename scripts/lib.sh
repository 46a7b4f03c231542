# Shared by the scripts; to be sourced by bash. Goes to the repository's root.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/cairn/target}"

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
fail() {
  printf 'cairn: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# Rust and Node cannot sensibly be installed from here: names what is missing, in one line.
need_tools() {
  local missing=()
  has cargo || missing+=("cargo (Rust 1.95 or later, https://rustup.rs)")
  has node || missing+=("node (20.19 or later, https://nodejs.org)")
  has npm || missing+=("npm (comes with Node)")
  if has node && ! node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a===20&&b>=19)?0:1)'; then
    missing+=("node 20.19 or later (found $(node --version))")
  fi
  ((${#missing[@]} == 0)) || fail "missing: $(printf '%s; ' "${missing[@]}" | sed 's/; $//')"
}

# Installs a system package when this user may; quiet unless it goes wrong. usage: install_package APT DNF APK BREW
install_package() {
  local log
  log="$(mktemp)"
  if [ "$(id -u)" = 0 ] && has apt-get; then
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$1"; } >"$log" 2>&1
  elif [ "$(id -u)" = 0 ] && has dnf; then
    dnf install -qy "$2" >"$log" 2>&1
  elif [ "$(id -u)" = 0 ] && has apk; then
    apk add -q "$3" >"$log" 2>&1
  elif has brew; then
    brew install -q "$4" >"$log" 2>&1
  else
    rm -f "$log"
    return 1
  fi || {
    tail -n 20 "$log" >&2
    rm -f "$log"
    return 1
  }
  rm -f "$log"
}

# The frontend's packages as locked; nothing to do when the lock file has not changed since.
npm_packages() {
  local stamp=frontend/node_modules/.cairn-lock
  cmp -s frontend/package-lock.json "$stamp" && return
  (cd frontend && npm ci --no-audit --no-fund)
  cp frontend/package-lock.json "$stamp"
}

# frontend/dist, made again only when something that it is made from is newer.
npm_build() {
  local stamp=frontend/node_modules/.cairn-built
  if [ -f "$stamp" ] && [ -f frontend/dist/index.html ] && [ -z "$(frontend_newer "$stamp")" ]; then
    return
  fi
  (cd frontend && npm run build)
  touch "$stamp"
}

frontend_newer() {
  find frontend \( -name node_modules -o -name dist \) -prune -o -newer "$1" \( -type f -o -type d \) -print -quit
}
