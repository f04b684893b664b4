#!/bin/sh
# Installs kinesalite as package-lock.json pins it; nothing to do when that was done already.
# Install scripts stay off: leveldown ships its binaries, and nothing else needs one.
set -eu
cd "$(dirname "$0")"
done=node_modules/.package-lock.json
installed() {
  [ -f "$done" ] && [ ! package-lock.json -nt "$done" ] && [ ! package.json -nt "$done" ]
}
if installed; then
  exit 0
fi
# Beside its place and moved there when complete: others may be installing, or starting, at the same time.
fresh=node_modules.$$
trap 'rm -rf "$fresh"' EXIT
mkdir "$fresh"
cp .npmrc package.json package-lock.json "$fresh"
(cd "$fresh" && npm ci --ignore-scripts --loglevel=error)
touch "$fresh/$done"
if ! installed; then
  rm -rf node_modules
  mv "$fresh/node_modules" .
fi
