#!/usr/bin/env bash
# Further CPythons, out of Debian's packages into build/pythons, each with linkwright installed; then
# the tests that compare interpreters. Needs root and a Debian of any age; changes nothing of it but
# for installing debootstrap and patchelf.
set -euo pipefail
cd "$(dirname "$0")/.."
root="$PWD/build/pythons"
mkdir -p "$root"
command -v debootstrap patchelf >/dev/null || apt-get install -y -qq debootstrap patchelf

found=()
for suite in ${SUITES:-trixie forky}; do
  base="$root/$suite"
  if [ ! -e "$base/done" ]; then
    rm -rf "$base"
    # Newer suites are unpacked in the way of sid by a debootstrap that does not know them.
    script=/usr/share/debootstrap/scripts/$suite
    [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
    debootstrap --variant=minbase --include=python3 "$suite" "$base" "${MIRROR:-}" "$script" >"$root/$suite.log" 2>&1 ||
      { tail -5 "$root/$suite.log"; exit 1; }
    touch "$base/done"
  fi
  python=$(readlink -f "$base/usr/bin/python3")
  # With its own loader and libraries it runs outside of its root as well.
  patchelf --set-interpreter "$base/usr/lib64/ld-linux-x86-64.so.2" \
    --force-rpath --set-rpath "$base/usr/lib/x86_64-linux-gnu" "$python"
  env="$root/env-$suite"
  [ -e "$env/bin/python" ] || "$python" -m venv --without-pip "$env"
  # The pip of here, run by that interpreter: Debian's would look for wheels of its own system.
  .venv/bin/python -m pip --quiet --python "$env/bin/python" install --disable-pip-version-check \
    --constraint constraints.txt --editable . httpx2 pytest
  "$env/bin/python" --version
  found+=("$env/bin/python")
done
LINKWRIGHT_PYTHONS=$(IFS=:; echo "${found[*]}") \
  .venv/bin/python -m pytest -q tests/living/test_surroundings.py -k interpreters "$@"
