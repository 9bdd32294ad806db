#!/bin/sh
# Installs what the fault tests need, where it is missing: by apt the system's tools, by npm other
# releases of Node.js into the folder named as the first argument.
set -eu

tools=${1:?usage: install-fault-tools.sh <folder>}
here=$(cd "$(dirname "$0")/../test/faults/runtimes" && pwd)

packages=
need() { command -v "$1" >/dev/null 2>&1 || packages="$packages $2"; }
need strace strace
need ip iproute2
need unshare util-linux
need openssl openssl
need faketime faketime
need gcc 'gcc libc6-dev'
need patchelf patchelf
need proxychains4 proxychains4
need promtool prometheus
if [ -n "$packages" ]; then
  apt-get update -qq
  # Unquoted: a list of names.
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
fi

if ! cmp -s "$here/package.json" "$tools/package.json" || [ ! -e "$tools/complete" ]; then
  mkdir -p "$tools"
  cp "$here/package.json" "$tools/package.json"
  npm install --prefix "$tools" --no-audit --no-fund --no-package-lock --silent --ignore-scripts
  touch "$tools/complete"
fi
