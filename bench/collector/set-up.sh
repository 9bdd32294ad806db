#!/bin/sh
# Installs what `npm run bench:collector` needs, where it is missing, from Debian's packages. With
# the argument `ours` only the load generator: the first generation's design is left out then.
set -eu

packages=
need() { command -v "$1" >/dev/null 2>&1 || packages="$packages $2"; }
need wrk wrk
need taskset util-linux
if [ "${1:-}" != ours ] && ! /usr/bin/python3 -c 'import fastapi, uvicorn' 2>/dev/null; then
  packages="$packages python3-fastapi python3-uvicorn"
fi
if [ -n "$packages" ]; then
  apt-get update -qq
  # Unquoted: a list of names.
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
fi
