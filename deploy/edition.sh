#!/usr/bin/env bash
# An edition, from the portals to build/: refresh, publish, verify, site, backup. Arguments go to the refresh. A lost home
# comes back from the last backup first. build/status has the exit status of the refresh: 0, or 3 when a dataset failed.
set -euo pipefail
leviers=.venv/bin/leviers
backup=build/home.tar.gz
mkdir -p build
if [ -f "$backup" ] && [ ! -e "${LEVIERS_HOME:-data}/raw" ]; then
  "$leviers" restore "$backup" || [ $? -eq 3 ] # a damaged file is fetched again
fi
status=0
"$leviers" refresh "$@" || status=$?
if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then
  exit "$status"
fi
echo "$status" >build/status
"$leviers" publish --to build/editions
"$leviers" publish --verify build/editions/latest
"$leviers" site --out build/site
rm -f "$backup"
"$leviers" backup "$backup" || [ $? -eq 3 ] # the edition is made; what is damaged is named
