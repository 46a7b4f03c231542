#!/usr/bin/env bash
# Builds what has changed and starts Cairn with demo data; the data stays in .cairn/.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
need_tools

npm_packages
npm_build
# The debug build starts soonest; it reads the frontend from frontend/dist.
cargo build --bin cairn

# for the tests alone; Cairn refuses settings that it does not know
unset CAIRN_TEST_POSTGRES_URL
export CAIRN_DATA_DIR="${CAIRN_DATA_DIR:-.cairn}"
exec "$CARGO_TARGET_DIR/debug/cairn" serve --demo "$@"
