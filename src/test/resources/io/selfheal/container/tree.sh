#!/bin/sh
# Prints the directory of a small Debian with systemd, for tests that boot it. It is built at the
# first call and kept; who comes meanwhile waits. Fails with one line that says what is missing.
set -eu

tree=${SELFHEAL_TEST_TREE:-/var/cache/selfheal-tests/debian}
mirror=${SELFHEAL_TEST_MIRROR:-http://deb.debian.org/debian}

no() { echo "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || no "only root may boot a container"
for tool in systemd-nspawn debootstrap flock; do
  command -v "$tool" >/dev/null 2>&1 || no "$tool is not installed"
done
mkdir -p "$(dirname "$tree")"
exec 9>"$tree.lock"
flock 9
if [ ! -d "$tree" ]; then
  # What an interrupted run has mounted there must not be emptied.
  umount -l "$tree.new/proc" "$tree.new/sys" 2>/dev/null || true
  rm -rf --one-file-system "$tree.new"
  debootstrap --variant=minbase --force-check-gpg --include=systemd,dbus bookworm "$tree.new" "$mirror" \
    >"$tree.log" 2>&1 9>&- || no "debootstrap from $mirror failed: $(tail -n 1 "$tree.log")"
  rm -rf "$tree.new"/var/cache/apt/archives/*.deb "$tree.new"/var/lib/apt/lists/*
  # Only what is whole has this name.
  mv "$tree.new" "$tree"
fi
echo "$tree"
