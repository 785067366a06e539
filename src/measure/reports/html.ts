import { createHash } from 'node:crypto'
import { plotScripts } from '../adapters/plot.ts'
import { aggregate } from '../aggregate.ts'
import { meanOf } from '../aggregates/mean.ts'
import * as words from '../aggregates/text.ts'
import type { Report, ReportMeta } from '../contract.ts'
import * as charts from './html/charts.ts'
import { pageData } from './html/data.ts'
import * as flows from './html/flows.ts'
import { bodyHtml } from './html/layout.ts'
import * as model from './html/model.ts'
import * as page from './html/page.ts'
import { chooseSamples } from './html/samples.ts'
import * as sections from './html/sections.ts'
import { styles } from './html/styles.ts'
import * as tables from './html/tables.ts'
import * as text from './html/text.ts'
import * as viewer from './html/viewer.ts'

export const meta = {
  name: 'html',
  summary:
    'One page for the browser that holds all it needs: leaderboard, curves, maps, losses, costs, splits and samples.',
  ending: 'html',
} as const satisfies ReportMeta

/** What the page runs: its functions are these functions, with their types taken out. */
function ownScript(): string {
  const parts = [words, text, model, tables, charts, flows, viewer, sections, page]
  const functions = [meanOf, ...parts.flatMap((part) => Object.values(part))].filter(
    (part) => typeof part === 'function',
  )
  const names = 'start(Plot,(name)=>d3.symbol(d3["symbol"+name[0].toUpperCase()+name.slice(1)],44)())'
  return `"use strict";{${functions.join('\n')}\n${names}}`
}

/** JSON that no HTML can be read out of. */
const quoted = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Nothing is fetched, and only the scripts of the page itself may run: what the data holds is text, whatever it looks like. */
const report: Report = async function* (input) {
  const chosen = chooseSamples(input.views())
  const summary = await aggregate(input, { keys: chosen.keys, bySeed: 'main' })
  const { samples, left: unseen } = chosen.finish(summary.details)
  const { data, left } = pageData(summary, samples)
  const { title, facts, analyses } = summary
  const scripts = [...(await plotScripts()), ownScript()]
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`).join(' ')
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashes}; img-src data:; base-uri 'none'; form-action 'none'`
  yield `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${text.escapeText(title)}</title><style>${styles}</style></head><body>`
  yield bodyHtml(data, {
    title,
    facts,
    analyses,
    left,
    unseen,
  })
  yield `<script type="application/json" id="data">${quoted(data)}</script>`
  for (const script of scripts) yield `<script>${script}</script>`
  yield '</body></html>\n'
}
export default report
