#!/usr/bin/env bash
# Finds everybody's statuses from scratch on PostgreSQL. usage: bench/statuses.sh POSTGRES_URL [PEOPLE] [BINARY]
# The database must be empty. A synthetic sector is made, and its people are copied until there are that many.
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
# Whole rows whatever their columns; only ids and what hangs on them is another.
psql "$url" --quiet --set ON_ERROR_STOP=1 <<SQL
CREATE FUNCTION pg_temp.copy_of(id uuid, copy int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
  'SELECT md5(id::text || copy::text)::uuid';
CREATE TEMP TABLE seeded AS SELECT id FROM person;
DO \$\$
DECLARE copies int := $people / (SELECT count(DISTINCT person_id) FROM appointment WHERE superseded_at IS NULL) ;
BEGIN
  FOR copy IN 1..copies - 1 LOOP
    INSERT INTO person SELECT (jsonb_populate_record(NULL::person, to_jsonb(row) ||
      jsonb_build_object('id', pg_temp.copy_of(row.id, copy), 'email', NULL))).*
      FROM person row WHERE row.id IN (SELECT id FROM seeded);
    INSERT INTO appointment SELECT (jsonb_populate_record(NULL::appointment, to_jsonb(row) || jsonb_build_object(
      'id', pg_temp.copy_of(row.id, copy), 'person_id', pg_temp.copy_of(row.person_id, copy)))).*
      FROM appointment row WHERE row.person_id IN (SELECT id FROM seeded) AND row.superseded_at IS NULL;
    INSERT INTO completion SELECT (jsonb_populate_record(NULL::completion, to_jsonb(row) || jsonb_build_object(
      'id', pg_temp.copy_of(row.id, copy), 'person_id', pg_temp.copy_of(row.person_id, copy),
      'live_key', pg_temp.copy_of(row.id, copy)))).*
      FROM completion row WHERE row.person_id IN (SELECT id FROM seeded);
  END LOOP;
END \$\$;
ANALYZE;
SQL

say "Found from scratch"
"$binary" statuses
psql "$url" --quiet --tuples-only --no-align <<'SQL'
SELECT count(DISTINCT person_id) || ' people, ' || count(*) || ' statuses, '
  || (SELECT count(*) FROM completion) || ' completions, ' || (SELECT count(*) FROM requirement) || ' requirements'
FROM requirement_status;
SQL
