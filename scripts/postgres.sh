# A throw-away PostgreSQL for the tests; to be sourced after lib.sh.
# postgres_start sets and exports CAIRN_TEST_POSTGRES_URL; postgres_stop ends and removes it.
# shellcheck shell=bash
pg_folder=''

# The newest set of server programs: on PATH, or where Debian, Fedora and Homebrew put them.
postgres_programs() {
  local folder
  for folder in $(
    has pg_config && pg_config --bindir
    for program in initdb pg_ctl; do has "$program" && dirname "$(command -v "$program")"; done
    printf '%s\n' /usr/lib/postgresql/*/bin /usr/lib/postgresql*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
      /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin | sort -rV
  ); do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
      printf '%s\n' "$folder"
      return
    fi
  done
  return 1
}

# PostgreSQL refuses to run as root: runs a command as another user then, in the server's folder.
as_postgres() {
  if [ "$(id -u)" != 0 ]; then
    (cd "$pg_folder" && "$@")
  elif has setpriv; then
    (cd "$pg_folder" && HOME="$pg_folder" setpriv --reuid "$pg_user" --regid "$(id -g "$pg_user")" --clear-groups "$@")
  else
    (cd "$pg_folder" && su -s /bin/sh "$pg_user" -c "$(printf '%q ' "$@")")
  fi
}

postgres_start() {
  if [ -n "${CAIRN_TEST_POSTGRES_URL:-}" ]; then
    echo "using the server that CAIRN_TEST_POSTGRES_URL names"
    return
  fi
  local bin port
  if ! bin="$(postgres_programs)"; then
    echo "PostgreSQL is not installed; installing it"
    install_package postgresql postgresql-server postgresql postgresql || true
    bin="$(postgres_programs)" || fail "missing: PostgreSQL's server programs (Debian: apt-get install postgresql)"
  fi
  pg_user=postgres
  id "$pg_user" >/dev/null 2>&1 || pg_user=nobody
  pg_folder="$(mktemp -d "${TMPDIR:-/tmp}/cairn-pg.XXXXXX")"
  [ "$(id -u)" != 0 ] || chown "$pg_user" "$pg_folder"
  pg_bin="$bin"
  as_postgres "$bin/initdb" -D "$pg_folder/data" -U cairn -A trust -E UTF8 --locale=C --no-sync >"$pg_folder.log" 2>&1 ||
    { cat "$pg_folder.log" >&2; fail "PostgreSQL's initdb failed"; }
  # another program may take the port between asking and starting
  for _ in 1 2 3 4 5; do
    port="$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')"
    if as_postgres "$bin/pg_ctl" -D "$pg_folder/data" -w -t 60 -l "$pg_folder/server.log" -o \
      "-p $port -k $pg_folder -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=128MB" \
      start >"$pg_folder.log" 2>&1; then
      export CAIRN_TEST_POSTGRES_URL="postgres://cairn@127.0.0.1:$port/postgres"
      echo "$("$bin/postgres" --version) on 127.0.0.1:$port, data in $pg_folder"
      return
    fi
  done
  cat "$pg_folder.log" "$pg_folder/server.log" >&2 || true
  fail "PostgreSQL did not start"
}

# Ends only the server that postgres_start started: pg_ctl takes its process id from the data folder.
postgres_stop() {
  [ -n "$pg_folder" ] || return 0
  if [ -f "$pg_folder/data/postmaster.pid" ]; then
    as_postgres "$pg_bin/pg_ctl" -D "$pg_folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  fi
  rm -rf "$pg_folder" "$pg_folder.log"
  pg_folder=''
}
