#!/bin/sh
# Installs by apt what the tests of clients/ run, where it is missing: shells, curl and wget, and
# Debian's own Python, Go and Rust.
set -eu

packages=
need() { [ -x "$1" ] || packages="$packages $2"; }
need /usr/bin/dash dash
need /usr/bin/bash bash
need /usr/bin/busybox busybox
need /usr/bin/zsh zsh
need /usr/bin/curl curl
need /usr/bin/wget wget
need /usr/bin/python3 python3-minimal
need /usr/bin/go golang-go
need /usr/bin/rustc rustc
need /usr/bin/cc gcc
[ "$packages" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests of clients/ need$packages. Install them, or run the tests as root on Debian." >&2
  exit 1
fi

apt-get update -qq
# Unquoted: a list of names.
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
