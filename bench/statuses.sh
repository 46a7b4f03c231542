#!/usr/bin/env bash
# Finds everybody's statuses from scratch on PostgreSQL. usage: bench/statuses.sh POSTGRES_URL [PEOPLE] [BINARY]
# The database must be empty, and the user one who may leave triggers out (a superuser). A synthetic sector is made,
# and its people are copied until there are that many.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"
url="${1:?the address of an empty PostgreSQL database}"
people="${2:-200000}"
binary="${3:-$CARGO_TARGET_DIR/release/cairn}"
has psql || fail "missing: psql (PostgreSQL's client)"
seeded=$((people / 10 > 100000 ? 100000 : people / 10))
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
export CAIRN_DATABASE_URL="$url" CAIRN_DATA_DIR="$folder"

say "A synthetic sector of $seeded people"
"$binary" demo --people "$seeded"

say "Copied until there are $people"
# Whole rows whatever their columns; only ids and what hangs on them is another. What the triggers would note row by
# row is noted once at the end: everything is to be found anew.
psql "$url" --quiet --set ON_ERROR_STOP=1 <<SQL
SET session_replication_role = replica;
CREATE FUNCTION pg_temp.copy_of(id uuid, copy int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
  'SELECT md5(id::text || copy::text)::uuid';
CREATE TEMP TABLE seeded AS SELECT DISTINCT person_id AS id FROM appointment WHERE superseded_at IS NULL;
CREATE TEMP TABLE copies AS SELECT generate_series(1, $people / (SELECT count(*) FROM seeded)::int - 1) AS copy;
ANALYZE seeded;
INSERT INTO person SELECT made.* FROM person row JOIN seeded ON seeded.id = row.id CROSS JOIN copies
  CROSS JOIN LATERAL jsonb_populate_record(NULL::person, to_jsonb(row) ||
  jsonb_build_object('id', pg_temp.copy_of(row.id, copy), 'email', NULL)) made;
INSERT INTO appointment SELECT made.* FROM appointment row JOIN seeded ON seeded.id = row.person_id CROSS JOIN copies
  CROSS JOIN LATERAL jsonb_populate_record(NULL::appointment, to_jsonb(row) || jsonb_build_object(
  'id', pg_temp.copy_of(row.id, copy), 'person_id', pg_temp.copy_of(row.person_id, copy))) made WHERE row.superseded_at IS NULL;
INSERT INTO completion SELECT made.* FROM completion row JOIN seeded ON seeded.id = row.person_id CROSS JOIN copies
  CROSS JOIN LATERAL jsonb_populate_record(NULL::completion, to_jsonb(row) || jsonb_build_object(
  'id', pg_temp.copy_of(row.id, copy), 'person_id', pg_temp.copy_of(row.person_id, copy),
  'live_key', pg_temp.copy_of(row.id, copy))) made;
SET session_replication_role = DEFAULT;
INSERT INTO status_stale (kind) VALUES ('everything');
ANALYZE;
SQL

say "Found from scratch"
"$binary" statuses
psql "$url" --quiet --tuples-only --no-align <<'SQL'
SELECT count(DISTINCT person_id) || ' people, ' || count(*) || ' statuses, '
  || (SELECT count(*) FROM completion) || ' completions, ' || (SELECT count(*) FROM requirement) || ' requirements'
FROM requirement_status;
SQL
