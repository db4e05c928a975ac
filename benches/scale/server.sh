#!/bin/bash
# A PostgreSQL of our own for measurements: `server.sh start FOLDER` prints its address, `server.sh stop FOLDER` ends it
# and removes its files. Set as docs/guides/operations.md says; beside that its log files are not
# filled with zeros first, for those of a server in use are there already and used again.
set -euo pipefail
folder=$2
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$programs" ] || programs=$(dirname "$(command -v initdb || true)")
[ -x "$programs/initdb" ] || { echo "SKIPPED: PostgreSQL is not installed" >&2; exit 3; }
as() {
    if [ "$(id -u)" = 0 ]; then
        user=postgres; id -u $user >/dev/null 2>&1 || user=nobody
        setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"
    else
        "$@"
    fi
}
case $1 in
start)
    mkdir -p "$folder"
    [ "$(id -u)" != 0 ] || chown "$(id -u postgres 2>/dev/null || id -u nobody)" "$folder"
    cd "$folder"
    as "$programs/initdb" --username=yilian --auth=trust --locale=C --encoding=UTF8 -D "$folder/data" >/dev/null
    cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
port = 5432
shared_buffers = ${SHARED_BUFFERS:-1GB}
work_mem = 64MB
maintenance_work_mem = 512MB
wal_buffers = 128MB
wal_writer_flush_after = 128MB
wal_init_zero = off
max_wal_size = 8GB
checkpoint_timeout = 15min
effective_cache_size = 8GB
random_page_cost = 1.1
CONF
    as "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start >/dev/null
    as "$programs/createdb" -h "$folder" -U yilian yilian
    echo "postgres://yilian@${folder//\//%2F}/yilian"
    ;;
stop)
    as "$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null || true
    rm -rf "$folder"
    ;;
esac
