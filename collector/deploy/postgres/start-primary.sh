#!/bin/sh
# A PostgreSQL for trying several collectors: the primary. Makes its data at the first start.
# Secrets are in /run/secrets, or in the folder that SECRETS names.
set -eu
umask 077
secrets=${SECRETS:-/run/secrets}

# As SQL writes a text.
quoted() { sed "s/'/''/g; s/^/'/; s/\$/'/" "$secrets/$1"; }

if [ ! -e "$PGDATA" ]; then
  # Elsewhere first: what was ended halfway is begun anew.
  draft=$PGDATA.draft
  rm -rf "$draft"
  initdb --pgdata="$draft" --username=postgres --pwfile="$secrets/postgres-password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C
  {
    echo 'host headcount headcount all scram-sha-256'
    echo 'host replication replica all scram-sha-256'
  } >>"$draft/pg_hba.conf"
  postgres --single -D "$draft" postgres >/dev/null <<SQL
CREATE ROLE headcount LOGIN PASSWORD $(quoted headcount-password)
CREATE ROLE replica LOGIN REPLICATION PASSWORD $(quoted replica-password)
CREATE DATABASE headcount OWNER headcount
SQL
  mv "$draft" "$PGDATA"
fi

# wal_keep_size: a replica that was away for some hours can go on where it was.
exec postgres -c listen_addresses='*' -c max_connections=200 -c wal_keep_size=1GB
