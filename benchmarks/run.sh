#!/bin/sh
# Runs a benchmark: benchmarks/run.sh sink --help
set -eu
project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
topic=${1:-}
[ $# -gt 0 ] && shift
case $topic in
  sink)
    home=benchmarks
    built=benchmarks,benchmarks/spark,local-stack/s3,local-stack/postgres
    main=io.millrace.benchmarks.sink.SinkBenchmark
    ;;
  sequence)
    home=benchmarks/sequence
    built=benchmarks/sequence
    main=io.millrace.benchmarks.sequence.SequenceBenchmark
    ;;
  compaction)
    home=benchmarks
    built=benchmarks,benchmarks/spark,batch-compaction,local-stack/s3,local-stack/postgres
    main=io.millrace.benchmarks.compaction.CompactionBenchmark
    ;;
  reconcile)
    home=benchmarks/reconcile
    built=benchmarks/reconcile
    main=io.millrace.benchmarks.reconcile.ReconcileBenchmark
    ;;
  *)
    echo "Cannot run a benchmark of '$topic': choose sink, sequence, compaction or reconcile" >&2
    exit 2
    ;;
esac
cd "$project"
# A benchmark measures what is built: build it first, unless told that this has been done.
[ -n "${MILLRACE_BUILT:-}" ] ||
  mvn -q -B -ntp -Dquick -DskipTests -pl "$built" -am package
exec java --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED \
  --add-opens=java.base/java.lang=ALL-UNNAMED -cp "$home/target/classes:$(cat "$home/target/classpath")" "$main" "$@"
