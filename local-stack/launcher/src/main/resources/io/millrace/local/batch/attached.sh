#!/bin/sh
# Runs a command on this terminal and lets it not outlive its starter, however that ends.
#
#   sh attached.sh COMMAND...
#
# Standard input is a pipe from the starter: when it ends, the command gets SIGTERM, and SIGKILL ten seconds later.
exec 3<&0
"$@" </dev/null 3<&- &
child=$!

(
  exec >/dev/null 2>&1
  while read -r line <&3; do :; done
  kill -TERM "$child"
  waited=0
  while [ "$waited" -lt 10 ] && kill -0 "$child"; do
    sleep 1
    waited=$((waited + 1))
  done
  kill -KILL "$child"
) &
watch=$!
exec 3<&- </dev/null

trap 'kill -TERM "$child" 2>/dev/null' TERM
trap '' INT HUP
# A signal ends wait early.
while :; do
  wait "$child"
  status=$?
  kill -0 "$child" 2>/dev/null || break
done
kill "$watch" 2>/dev/null
exit "$status"
