#!/bin/sh
# worker.sh DIRECTORY NAME: a worker that says its pid when it works, and then does nothing.
# It crashes at its start for as often as DIRECTORY/NAME.crashes says.
directory=$1
name=$2
# By this the benchmark knows it, whatever it runs.
cd "$directory" || exit 1
if [ -s "$directory/$name.crashes" ]; then
  read -r left <"$directory/$name.crashes"
  if [ "$left" -gt 0 ]; then
    echo $((left - 1)) >"$directory/$name.crashes"
    exit 1
  fi
fi
echo $$ >"$directory/$name.new"
mv "$directory/$name.new" "$directory/$name.pid"
exec sleep 86400
