#!/bin/sh
# Installs by apt what the browser tests run, where it is missing: a browser, and letters for Chinese.
set -eu

packages=
need() { [ -e "$1" ] || packages="$packages $2"; }
need /usr/bin/chromium chromium
need /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk
[ "$packages" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The browser tests need$packages. Install them, or run the tests as root on Debian." >&2
  exit 1
fi

apt-get update -qq
# Unquoted: a list of names.
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
