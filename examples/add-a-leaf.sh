#!/usr/bin/env bash
# Adds a retriever, a compressor, an orderer and a format, one new file each, to a copy of the project, and runs the laws over them.
set -euo pipefail
root=$(pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r src test scripts examples package.json tsconfig.json "$copy/"
ln -s "$root/node_modules" "$copy/node_modules"

cp -r examples/new-leaf/* "$copy/src/"
cd "$copy"
node scripts/catalog.ts
node --test --test-reporter=tap test/laws.test.ts | grep -E '^(not )?ok .*(newest|gemtext|figures with orderer document|whole with orderer shortest)' | sed -E 's/ok [0-9]+/ok/'
