#!/usr/bin/env node
// JavaScript that an old Node can parse: the check must come before anything that an old one cannot load.
const parts = process.versions.node.split('.').map(Number)
if (parts[0] < 22 || (parts[0] === 22 && parts[1] < 16)) {
  console.error(
    'fovea needs Node 22.16 or later (this is ' +
      process.versions.node +
      '): the SQLite of earlier ones lacks what an index needs. Install one from https://nodejs.org, or run it as: npx -p node@24 -p fovea fovea',
  )
  process.exit(70)
}
// Node 22 calls its SQLite experimental on stderr at every start; nothing there is for the user to act on.
const emitWarning = process.emitWarning
process.emitWarning = (warning, ...rest) => {
  if (String(warning?.message || warning).indexOf('SQLite is an experimental feature') === 0) return
  emitWarning.call(process, warning, ...rest)
}
// A checkout runs its sources where Node can strip types; the installed package has only `dist`.
import('node:fs').then((fs) => {
  const source = new URL('../src/serve/main.ts', import.meta.url)
  const built = new URL('../dist/serve/main.js', import.meta.url)
  return import((process.features.typescript && fs.existsSync(source) ? source : built).href)
})
