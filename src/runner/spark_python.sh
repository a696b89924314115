#!/bin/sh
# What Spark starts as Python: the first program named in the file `interpreter` that this machine has. It runs
# spark_shim.py where that lies beside this file (executors), else what it is given (drivers on a cluster). Nothing here
# comes from a user; file descriptors 0 to 2 stay Spark's.
here=${0%/*}
while IFS= read -r candidate <&3; do
  if command -v "$candidate" >/dev/null 2>&1; then
    [ -f "$here/spark_shim.py" ] && exec "$candidate" "$here/spark_shim.py" "$@" 3<&-
    exec "$candidate" "$@" 3<&-
  fi
done 3<"$here/interpreter"
echo "Slingshot: this worker has none of these interpreters:" >&2
cat "$here/interpreter" >&2
echo "Set executorPython of the target to the path of Python on the workers." >&2
exit 127
