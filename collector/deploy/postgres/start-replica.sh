#!/bin/sh
# A PostgreSQL for trying several collectors: the streaming replica. Copies the primary at the first
# start. Secrets are in /run/secrets, or in the folder that SECRETS names.
set -eu
umask 077

if [ ! -e "$PGDATA" ]; then
  # Elsewhere first: what was ended halfway is begun anew.
  draft=$PGDATA.draft
  primary="host=${PRIMARY_HOST:-postgres-primary} port=${PRIMARY_PORT:-5432} user=replica"
  PGPASSWORD=$(cat "${SECRETS:-/run/secrets}/replica-password")
  export PGPASSWORD
  # The primary may be making its data.
  until
    rm -rf "$draft"
    pg_basebackup --pgdata="$draft" --dbname="$primary" --write-recovery-conf --checkpoint=fast
  do sleep 1; done
  mv "$draft" "$PGDATA"
fi

# hot_standby_feedback: the primary keeps rows that a long question reads here.
exec postgres -c listen_addresses='*' -c max_connections=200 -c hot_standby_feedback=on
