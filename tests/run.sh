#!/bin/sh
# Runs the test programs named on the command line, each with a time limit, and sums up what cmocka says of them.
# A program that dies or hangs counts as one failure. Output of programs that pass is kept to their skipped tests.
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for program; do
    timeout -k 5 "${LOADSCOPE_TEST_SECONDS:-300}" "$program" >"$log" 2>&1
    status=$?
    p=$(grep -c '^\[       OK \]' "$log")
    f=$(awk '/^\[  FAILED  \] [0-9]+ test/ {n = $4} END {print n + 0}' "$log")
    s=$(awk '/^\[  SKIPPED \] [0-9]+ test/ {n = $4} END {print n + 0}' "$log")
    if [ $status -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    if [ $status -ne 0 ]; then
        echo "FAILED ($status) $program"
        grep -vE '^\[( RUN      |       OK )\]' "$log"
    else
        echo "ok  $p passed, $s skipped  ${program##*/}"
        grep -i 'skip' "$log" | grep -v '^ *\[\|SKIPPED' | sort -u | sed 's/^/      /'
    fi
done
echo "total: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
