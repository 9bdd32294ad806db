#!/bin/sh
# Installs what builds the site, where it is missing, as site/package-lock.json names it.
set -eu

site=$(cd "$(dirname "$0")/../site" && pwd)
installed=$site/node_modules/installed-lock.json

if ! cmp -s "$site/package-lock.json" "$installed"; then
  npm ci --prefix "$site" --no-audit --no-fund --silent
  cp "$site/package-lock.json" "$installed"
fi
