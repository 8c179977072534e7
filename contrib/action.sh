#!/usr/bin/env bash
# What action.yml does: hands a pull request to a desk, or reviews it right here, where nobody approves and nothing is posted.
set -uo pipefail
read -ra crewdesk <<<"${CREWDESK:-uv run --quiet --no-dev --project $GITHUB_ACTION_PATH crewdesk}"
# The code under review must not configure its reviewer, so the desk is not looked for where that lies.
export CREWDESK_HOME="$RUNNER_TEMP/crewdesk"
mkdir -p "$CREWDESK_HOME"
answer="$CREWDESK_HOME/answer.json" log="$CREWDESK_HOME/log"

said() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1])).get(sys.argv[2]) or "")' "$answer" "$1" 2>/dev/null; }
why() { # a run that failed says so in its answer, everything else on standard error
  said error | grep . || sed -nE 's/.*\{"error": "(([^"\\]|\\.)+)".*/\1/p' "$log" | grep . || echo "It ended with status $1."
}
stop() {
  echo "$1" >&2
  echo "Crewdesk did not review this: $1" >>"$GITHUB_STEP_SUMMARY"
  exit 1
}

if [ -n "${CREWDESK_DESK:-}" ]; then
  [ -n "${PULL_REQUEST:-}" ] || stop "This event is about no pull request."
  "${crewdesk[@]}" run review "--pull-request=$PULL_REQUEST" --no-wait --json >"$answer" 2>"$log" || stop "$(why $?)"
  echo "run=$(said id)" >>"$GITHUB_OUTPUT"
  echo "Run $(said id) reviews this. People decide at $CREWDESK_DESK what is posted." >>"$GITHUB_STEP_SUMMARY"
  exit 0
fi

unset CREWDESK_DESK CREWDESK_TOKEN
"${crewdesk[@]}" run review "--repo=$GITHUB_WORKSPACE" "--base=${BASE:-}" "--head=${HEAD:-HEAD}" --wait --json >"$answer" 2>"$log"
status=$?
cat "$log" >&2
[ "$status" -eq 3 ] || stop "$(why "$status")"
run=$(said id)
"${crewdesk[@]}" gates "$run" --as markdown >"$CREWDESK_HOME/review.md" || stop "The draft cannot be shown."
"${crewdesk[@]}" gates "$run" --as sarif >"$CREWDESK_HOME/review.sarif" || stop "The draft cannot be shown."
{
  echo "A draft that nobody approved; it is posted nowhere."
  echo
  head -c 1000000 "$CREWDESK_HOME/review.md"
} >>"$GITHUB_STEP_SUMMARY"
{
  echo "run=$run"
  echo "review=$CREWDESK_HOME/review.md"
  echo "sarif=$CREWDESK_HOME/review.sarif"
} >>"$GITHUB_OUTPUT"
