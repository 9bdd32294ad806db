#!/bin/sh
# Installs by apt what the tests of collector/test/postgres run, where it is missing: Debian's own
# PostgreSQL, without a cluster. The tests start clusters of their own.
set -eu

[ -x /usr/lib/postgresql/15/bin/postgres ] && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests of PostgreSQL need postgresql-15. Install it, or run the tests as root on Debian." >&2
  exit 1
fi

apt-get update -qq
# The package would create and start a cluster on the usual port.
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15
