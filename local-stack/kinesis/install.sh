#!/bin/sh
# Installs kinesalite as package-lock.json pins it; nothing to do when that was done already.
# Install scripts stay off: leveldown ships its binaries, and nothing else needs one.
set -eu
cd "$(dirname "$0")"
done=node_modules/.package-lock.json
if [ -f "$done" ] && [ ! package-lock.json -nt "$done" ] && [ ! package.json -nt "$done" ]; then
  exit 0
fi
npm ci --ignore-scripts --loglevel=error
touch "$done"
