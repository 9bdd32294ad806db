#!/bin/sh
# Installs what the tests of test/windows need, where it is missing: wine by apt, Node.js for
# Windows by npm, and a Windows of its own, in the folder named as the first argument.
set -eu

tools=${1:?usage: install-windows-tools.sh <folder>}
here=$(cd "$(dirname "$0")/../test/windows/runtimes" && pwd)
wine=/usr/lib/wine/wine64

if [ ! -x "$wine" ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wine64
fi

if ! cmp -s "$here/package.json" "$tools/package.json" || [ ! -e "$tools/complete" ]; then
  rm -rf "$tools"
  mkdir -p "$tools/home"
  cp "$here/package.json" "$tools/package.json"
  # Packages for another system than this one.
  npm install --prefix "$tools" --no-audit --no-fund --no-package-lock --silent --ignore-scripts --force
  node "$here/../write-missing-dll.mjs" "$tools/node_modules/@libsql/win32-x64-msvc"
  export HOME="$tools/home" WINEPREFIX="$tools/prefix" WINEDEBUG=-all LC_ALL=C.UTF-8
  "$wine" wineboot -i
  # Windows 10 22H2; the tests set another build.
  key='HKLM\Software\Microsoft\Windows NT\CurrentVersion'
  "$wine" reg add "$key" /v CurrentVersion /d 10.0 /f
  "$wine" reg add "$key" /v CurrentBuildNumber /d 19045 /f
  "${wine%/*}/wineserver64" -w
  touch "$tools/complete"
fi
