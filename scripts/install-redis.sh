#!/bin/sh
# Installs by apt what the tests of the cache between collectors run, where it is missing: Debian's own
# Redis, which is not started. The tests start servers of their own.
set -eu

command -v redis-server >/dev/null && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests of the cache need redis-server. Install it, or run the tests as root on Debian." >&2
  exit 1
fi

apt-get update -qq
# The package would start a server on the usual port.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server
