#!/bin/sh
# Keeps a file of PostgreSQL's log for good. In postgresql.conf:
#   archive_command = '/usr/local/lib/headcount/archive-wal.sh "%p" "/backups/wal/%f"'
# It ends with 0 only once the file is on the disk, under its name and whole; else PostgreSQL keeps its
# own file and asks again.
set -eu

from=$1
to=$2

if [ -e "$to" ]; then
  # After a crash it is asked for the same file again. Another file of this name is another history.
  cmp -s "$from" "$to" && exit 0
  echo "archive-wal.sh: $to is there already, and is another file: nothing was replaced." >&2
  exit 1
fi

cp "$from" "$to.part"
sync "$to.part"
# A link, not a move, which would replace what somebody else has put there meanwhile.
ln "$to.part" "$to"
rm "$to.part"
sync "$(dirname "$to")"
