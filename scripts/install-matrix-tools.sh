#!/bin/sh
# Installs the runtimes and bundlers of the matrix into the folder named as the first argument, where
# they are missing, as test/matrix/package-lock.json names them; or those of a folder in test/matrix.
set -eu

tools=${1:?usage: install-matrix-tools.sh <folder> [<folder in test/matrix>]}
here=$(cd "$(dirname "$0")/../test/matrix/${2:-}" && pwd)

if ! cmp -s "$here/package-lock.json" "$tools/package-lock.json" || [ ! -e "$tools/complete" ]; then
  mkdir -p "$tools"
  cp "$here/package.json" "$here/package-lock.json" "$tools/"
  npm ci --prefix "$tools" --no-audit --no-fund --silent --ignore-scripts
  touch "$tools/complete"
fi
