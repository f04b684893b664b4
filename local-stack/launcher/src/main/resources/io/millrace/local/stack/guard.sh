#!/bin/sh
# Runs a component for the launcher and lets it not outlive the launcher, however that ends.
#
#   sh guard.sh LOG GRACE LINGER COMMAND...
#
# Standard input is a pipe from the launcher: when it ends, the component gets SIGTERM, and SIGKILL after GRACE
# seconds. If it ends without the word "stop", the launcher has died, and nobody stops the components in their order:
# then the component lives LINGER seconds longer, so that jobs still find their servers while they stop. Standard output tells the launcher "pid N", then "exit STATUS".
log=$1
grace=$2
linger=$3
shift 3

exec 3<&0
"$@" </dev/null >>"$log" 2>&1 3<&- &
child=$!
echo "pid $child"

(
  exec >/dev/null 2>&1
  said=
  while read -r line <&3; do said=$line; done
  [ "$said" = stop ] || sleep "$linger"
  kill -TERM "$child"
  waited=0
  while [ "$waited" -lt "$grace" ] && kill -0 "$child"; do
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

echo "exit $status"

# A component that was killed could not stop what it had started. All of that is in this process's group, if the
# launcher could make one; SIGINT is what PostgreSQL takes as: stop at once, and cleanly.
case $status in
  129 | 130 | 143) ;;
  *)
    group=$(ps -o pgid= -p $$ 2>/dev/null | tr -d ' ')
    if [ "$status" -gt 128 ] && [ "$group" = "$$" ]; then
      kill -INT "-$$" 2>/dev/null
      sleep 2
      kill -KILL "-$$" 2>/dev/null
    fi
    ;;
esac
exit "$status"
