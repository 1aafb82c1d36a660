#!/usr/bin/env bash
# The requests of a scheduled run to the forge, by its client `gh`:
#   deploy/forge.sh previous     brings the last edition that was released to build/editions
#   deploy/forge.sh release      releases build/editions/latest with its files, once
#   deploy/forge.sh report TEXT  opens an issue, or adds the text to the one that is open
set -euo pipefail

previous() {
  mkdir -p build/editions build/previous
  if gh release download --pattern 'edition-*.tar.gz' --dir build/previous --clobber; then
    for file in build/previous/*.tar.gz; do
      tar -xzf "$file" -C build/editions
    done
  else
    echo "no edition was released yet, or the last release has none"
  fi
}

release() {
  local edition name tag
  edition="$(readlink -f build/editions/latest)"
  name="$(basename "$edition")"
  tag="edition-$name"
  if gh release view "$tag" >/dev/null 2>&1; then
    echo "$tag is released already"
    return
  fi
  tar -czf "build/$tag.tar.gz" -C "$(dirname "$edition")" "$name"
  local files=("build/$tag.tar.gz")
  while IFS= read -r file; do
    files+=("$file")
  done < <(find "$edition" -maxdepth 1 -type f | sort)
  local notes=(--notes "Edition $name")
  if [ -f "$edition/changements.md" ]; then
    notes=(--notes-file "$edition/changements.md")
  fi
  gh release create "$tag" --title "Edition $name" "${notes[@]}" "${files[@]}"
}

report() {
  local title="The scheduled run needs a person" number
  number="$(gh issue list --state open --search "in:title \"$title\"" --json number --jq '.[0].number // empty')"
  if [ -n "$number" ]; then
    gh issue comment "$number" --body "$1"
  else
    gh issue create --title "$title" --body "$1"
  fi
}

case "${1:-}" in
  previous | release | report) "$@" ;;
  *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
esac
