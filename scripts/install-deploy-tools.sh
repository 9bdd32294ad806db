#!/bin/sh
# Installs by apt what the deploy tests run, where it is missing. No service starts meanwhile.
set -eu

# One at a time: apt has locks of its own, but policy-rc.d below has none.
[ "${HEADCOUNT_DEPLOY_LOCKED:-}" ] ||
  HEADCOUNT_DEPLOY_LOCKED=1 exec flock "${TMPDIR:-/tmp}/headcount-deploy-tools.lock" "$0" "$@"

packages=
need() { [ -x "$1" ] || packages="$packages $2"; }
need /usr/bin/prometheus prometheus
need /usr/bin/prometheus-alertmanager prometheus-alertmanager
need /usr/lib/nagios/plugins/check_http monitoring-plugins-basic
need /usr/sbin/nginx nginx-light
need /usr/bin/caddy caddy
need /usr/sbin/haproxy haproxy
need /usr/sbin/apache2 apache2
need /usr/sbin/zabbix_agentd zabbix-agent
need /usr/bin/openssl openssl
need /usr/bin/envsubst gettext-base
need /usr/bin/systemd-analyze systemd
need /usr/sbin/ip iproute2
need /usr/bin/nsenter util-linux
[ "$packages" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The deploy tests need$packages. Install them, or run the tests as root on Debian." >&2
  exit 1
fi

policy=/usr/sbin/policy-rc.d
kept=$policy.before-headcount
[ ! -e "$policy" ] || mv "$policy" "$kept"
put_back() {
  rm -f "$policy"
  [ ! -e "$kept" ] || mv "$kept" "$policy"
}
trap put_back EXIT
trap 'exit 1' HUP INT TERM
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

apt-get update -qq
# Unquoted: a list of names.
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
