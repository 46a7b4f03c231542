#!/usr/bin/env bash
# What is generated and committed: the OpenAPI document from the program, the client's types from it.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
need_tools
written="$(mktemp)"
trap 'rm -f "$written"' EXIT
# not straight into place: a build that fails must not leave an empty document behind
cargo run --quiet --bin cairn -- openapi >"$written"
cp "$written" openapi/openapi.json
npm_packages
(cd frontend && npm run --silent gen)
git --no-pager diff --stat -- openapi frontend/src/api
