#!/bin/sh
# Runs a benchmark: benchmarks/run.sh sink --help
set -eu
project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
topic=${1:-}
[ $# -gt 0 ] && shift
case $topic in
  sink) main=io.millrace.benchmarks.sink.SinkBenchmark ;;
  *)
    echo "Cannot run a benchmark of '$topic': choose sink" >&2
    exit 2
    ;;
esac
cd "$project"
# A benchmark measures what is built: build it first, unless told that this has been done.
[ -n "${MILLRACE_BUILT:-}" ] ||
  mvn -q -B -ntp -Dquick -DskipTests -pl benchmarks,benchmarks/spark,local-stack/s3,local-stack/postgres -am package
exec java -cp "benchmarks/target/classes:$(cat benchmarks/target/classpath)" "$main" "$@"
