#!/bin/sh
# Tells whether the backups can be restored: it makes a cluster of the newest base backup and of all of the
# archived log, starts a collector on it, prints what that has counted, and removes both. It changes
# nothing else, and sends nothing.
#
#   drill.sh <folder of base backups> <folder of the archived log> <file pepper>
#
# Run it as root, who may read the pepper of a collector; or as the account of PostgreSQL with a copy of the
# pepper of its own. It needs room for a whole copy in TMPDIR. HEADCOUNT_DATABASE (headcount) and
# HEADCOUNT_ROLE (headcount) name the collector's database and account, PGBIN the folder of PostgreSQL's
# programs, and HEADCOUNT_COLLECTOR the command (headcount-collector).
set -eu

if [ $# != 3 ]; then
  echo "usage: $0 <folder of base backups> <folder of the archived log> <file pepper>" >&2
  exit 2
fi
pepper=$3
database=${HEADCOUNT_DATABASE:-headcount}
role=${HEADCOUNT_ROLE:-headcount}
collector=${HEADCOUNT_COLLECTOR:-headcount-collector}
bin=${PGBIN:-$(pg_config --bindir)}

# PostgreSQL runs in another folder than this.
backups=$(cd "$1" && pwd)
wal=$(cd "$2" && pwd)

# Names such as 2026-11-30 sort by time.
backup=$(find "$backups" -mindepth 2 -maxdepth 2 -name backup_manifest | sort | tail -n 1)
if [ -z "$backup" ]; then
  echo "$1 has no base backup: no folder in it has a file backup_manifest." >&2
  exit 1
fi
backup=$(dirname "$backup")
if [ ! -r "$pepper" ]; then
  echo "$(id -un) cannot read $pepper: run this as root, or name a copy that $(id -un) can read." >&2
  exit 1
fi

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

work=$(as_postgres mktemp -d)
server=
end() {
  if [ -n "$server" ]; then kill "$server" && wait "$server" || true; fi
  as_postgres "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM

echo "Checking $backup."
as_postgres "$bin/pg_verifybackup" --quiet --no-parse-wal "$backup"
as_postgres cp -a "$backup" "$work/data"
as_postgres touch "$work/data/recovery.signal"
port=$(node -e "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})")
password=$(node -p "require('crypto').randomBytes(24).toString('hex')")
# The socket lies in a folder that nobody else may open; everybody on this machine may try the port.
printf '%s\n' 'local all all trust' 'host all all 127.0.0.1/32 scram-sha-256' |
  as_postgres tee "$work/hba" >/dev/null
# Settings of the server that was backed up are for its machine. Above all, this one must archive nothing.
as_postgres touch "$work/conf"

fail() {
  cat "$work/log" >&2
  exit 1
}

echo "Restoring it with the log in $wal."
as_postgres "$bin/pg_ctl" -D "$work/data" -l "$work/log" -t 86400 start >/dev/null -o "-p $port \
  -c config_file=$work/conf -c hba_file=$work/hba -c unix_socket_directories=$work \
  -c listen_addresses=127.0.0.1 -c ssl=off -c shared_buffers=128MB -c shared_preload_libraries= \
  -c archive_mode=off -c hot_standby=off -c restore_command='cp \"$wal/%f\" \"%p\"'" ||
  fail
ask() {
  as_postgres "$bin/psql" -XAtq -U postgres -h "$work" -p "$port" -d "$database" -c "$1"
}
# It lets nobody in before it has all of the log.
until ask 'SELECT 1' >/dev/null 2>&1; do
  as_postgres "$bin/pg_ctl" -D "$work/data" status >/dev/null || fail
  sleep 1
done
ask "ALTER ROLE \"$role\" PASSWORD '$password'"

mkdir "$work/node"
cp "$pepper" "$work/node/pepper"
token=$(node -p "require('crypto').randomBytes(24).toString('hex')")
# In place of a shell of its own.
run() {
  exec env -i PATH="$PATH" HOME="$work" HEADCOUNT_ADMIN_TOKEN="$token" HEADCOUNT_TOKEN="$token" \
    HEADCOUNT_STORE="postgres://$role:$password@127.0.0.1:$port/$database" $collector "$@"
}
run serve --data "$work/node" --host 127.0.0.1 --port 0 --no-announce >"$work/serve" 2>&1 &
server=$!
until [ -e "$work/node/collector.json" ]; do
  kill -0 "$server" 2>/dev/null || {
    cat "$work/serve" >&2
    exit 1
  }
  sleep 1
done
# The first questions find nothing in memory, and may take longer than the collector lets them.
tries=20
until (run stats --data "$work/node") 2>"$work/said"; do
  tries=$((tries - 1))
  if [ $tries = 0 ]; then
    cat "$work/said" >&2
    exit 1
  fi
  sleep 3
done
echo "The newest report that $backup and the log have was taken at $(ask \
  "SELECT to_timestamp(max(applied_at) / 1000.0) AT TIME ZONE 'UTC' FROM positions") UTC."
