#!/bin/sh
# sh make-secrets.sh <folder>: makes the secrets of several collectors with a PostgreSQL and a Redis of
# their own, each once. For servers of yours, write their addresses into store, read-store and cache.
set -eu
umask 022
# The folder keeps others of this machine out, also one that is there already. The files are for all: each
# container reads those in its mounts as a user of its own.
mkdir -p "$1"
chmod 700 "$1"
cd "$1"

random() { head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

[ -e pepper ] || head -c 32 /dev/urandom >pepper
for name in admin-token postgres-password headcount-password replica-password redis-password; do
  [ -e "$name" ] || random >"$name"
done
user=postgres://headcount:$(cat headcount-password)
[ -e store ] ||
  echo "$user@postgres-primary,postgres-replica/headcount?target_session_attrs=read-write" >store
[ -e read-store ] || echo "$user@postgres-replica/headcount" >read-store
[ -e cache ] || echo "redis://headcount:$(cat redis-password)@redis:6379" >cache
# For the balancer of Compose, until you have a certificate of yours.
[ -e site.pem ] || {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \
    -subj /CN=stats.example.org -addext subjectAltName=DNS:stats.example.org,DNS:localhost \
    -keyout site.key -out site.crt
  cat site.crt site.key >site.pem
  rm site.crt site.key
}
[ -e redis-users ] || {
  echo 'user default off'
  echo "user headcount on >$(cat redis-password) ~headcount:* +getrange +set"
} >redis-users
