#!/usr/bin/env node
// Plain JavaScript that any Node can parse: the check must come before anything that an old one cannot load.
var parts = process.versions.node.split('.').map(Number)
if (parts[0] < 22 || (parts[0] === 22 && parts[1] < 16)) {
  console.error(
    'fovea needs Node 22.16 or later (this is ' +
      process.versions.node +
      '): earlier ones lack the full-text index of their built-in SQLite. Install one from https://nodejs.org, or run it as: npx -p node@24 -p fovea fovea',
  )
  process.exit(70)
}
// Node 22 calls its SQLite experimental on stderr at every start; nothing there is for the user to act on.
var emitWarning = process.emitWarning
process.emitWarning = function (warning) {
  if (String((warning && warning.message) || warning).indexOf('SQLite is an experimental feature') === 0) return
  emitWarning.apply(process, arguments)
}
// A checkout runs its sources where Node can strip types; the installed package has only `dist`.
import('node:fs').then((fs) => {
  var source = new URL('../src/serve/main.ts', import.meta.url)
  var built = new URL('../dist/serve/main.js', import.meta.url)
  return import((process.features.typescript && fs.existsSync(source) ? source : built).href)
})
