#!/usr/bin/env bash
# Builds what has changed and starts Cairn with demo data; the data stays in .cairn/.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
need_tools

npm_packages
npm_build
# The debug build starts soonest; it reads the frontend from frontend/dist.
if [ -t 2 ] || [ ! -x "$CARGO_TARGET_DIR/debug/cairn" ]; then
  cargo build --bin cairn
else
  cargo build --quiet --bin cairn
fi

export CAIRN_DATA_DIR="${CAIRN_DATA_DIR:-.cairn}"
exec "$CARGO_TARGET_DIR/debug/cairn" serve --demo "$@"
