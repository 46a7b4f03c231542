#!/usr/bin/env bash
# A large synthetic sector in an empty data folder: CAIRN_DATA_DIR, or .cairn/.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
need_tools
export CAIRN_DATA_DIR="${CAIRN_DATA_DIR:-.cairn}"
cargo run --quiet --release --bin cairn -- demo --people "${PEOPLE:-6000}" --seed "${SEED:-1}"
