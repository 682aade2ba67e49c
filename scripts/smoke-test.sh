#!/usr/bin/env bash
# Packs the program, installs the package in an empty directory, and runs it there as a user would.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --pack-destination "$work" >/dev/null
tar -xzf fixtures/var-lib-docker/overlay2-buildkit.tar.gz -C "$work" 2>/dev/null || true
cd "$work"
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent ./layerscope-*.tgz >/dev/null
program=./node_modules/.bin/layerscope
$program --version | grep -Eq '^[0-9]+\.[0-9]+\.[0-9]+'
$program demo </dev/null | grep -q '^Build Cache'
$program images --root overlay2-buildkit --json | node -e '
  const images = JSON.parse(require("fs").readFileSync(0, "utf8"))
  if (!images.some((image) => image.tags.includes("bk/app:1"))) throw new Error("the image bk/app:1 is missing")
'
echo 'the installed package works'
