#!/bin/sh
# Python of .venv with these arguments; for hooks, which git runs with sh on Windows too.
for python in .venv/bin/python .venv/Scripts/python.exe; do
    [ -x "$python" ] && exec "$python" "$@"
done
echo "There is no .venv yet: run \`make test\` once." >&2
exit 2
