import { amountText, lengthText, originText } from '../../aggregates/text.ts'
import { badgeHtml, escapeText } from './text.ts'
import type { PageFacts } from './types.ts'

const whole = (value: number): string => value.toLocaleString('en')
const list = (values: readonly string[], most = 12): string => {
  const shown = values.slice(0, most).map(escapeText).join(', ')
  return values.length > most ? `${shown} and ${values.length - most} more` : shown
}
const plural = (count: number, one: string, many = `${one}s`): string => `${whole(count)} ${count === 1 ? one : many}`

/** The title, and what was run: told before who is better. */
export function headerHtml({ title, facts, left, unseen }: PageFacts, upshot: string): string {
  const { runs, spent, unresolved } = facts
  const pieces = unresolved.reduce((sum, one) => sum + one.pieces, 0)
  const rows: (readonly [string, string])[] = [
    ['Results', `${whole(facts.results)} of ${plural(facts.samples, 'sample')}`],
    ['Failures', facts.failed === 0 ? 'none' : `<b class="failed">${whole(facts.failed)}</b>, named below`],
    ['Unresolved evidence', pieces === 0 ? 'none' : `<b class="failed">${plural(pieces, 'piece')}</b>, named below`],
    ['Tasks', list(facts.tasks.map(({ name }) => name))],
    [
      'Systems',
      list(facts.systems.filter(({ reference }) => !reference).map(({ name }) => name)) || 'reference lines only',
    ],
    ['Budgets', list(facts.budgets)],
    ['Readers', facts.readers.map(({ name, origin }) => `${escapeText(name)} ${badgeHtml(origin)}`).join(', ')],
    ['Lengths', list(facts.lengths.filter(Boolean).map(lengthText)) || 'as the data has them'],
    ['Seeds', list(facts.seeds.map(String))],
    ['Tokenizer', list(facts.tokenizers) || 'not told'],
    ['Calls of a reader', spent.calls === 0 ? 'none' : whole(spent.calls)],
    ['Cost', spent.priced === 0 ? 'no price known' : `$${amountText(spent.dollars)}`],
  ]
  const cells = rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')
  return `<header><div class="top"><h1>${escapeText(title)}</h1><button type="button" id="theme">Theme: auto</button></div>${leadHtml(title, runs)}${originsHtml(facts.readers)}${upshot}<dl class="facts">${cells}</dl>${detailsHtml(facts)}${roomHtml(left, unseen)}</header>`
}

/** What the page leaves out is told. */
function roomHtml(left: readonly string[], unseen: number): string {
  const groups = `The figures of ${list(left)} have no room on this page; the CSV and JSON reports have them.`
  const samples = `${plural(unseen, 'sample')} that ${unseen === 1 ? 'was' : 'were'} kept to be looked at ${unseen === 1 ? 'has' : 'have'} no room on this page.`
  return `${left.length > 0 ? `<p class="note">${groups}</p>` : ''}${unseen > 0 ? `<p class="note">${samples}</p>` : ''}`
}

/** What no model said must not be taken for what a model says. */
function originsHtml(readers: PageFacts['facts']['readers']): string {
  const origins = [...new Set(readers.map(({ origin }) => origin))].filter((origin) => origin !== 'model')
  const lines = origins.map((origin) => {
    const names = readers.filter((reader) => reader.origin === origin && reader.name !== 'none').map(({ name }) => name)
    return `<li>${badgeHtml(origin)} ${originText(origin)}${names.length > 0 ? ` (${list(names)})` : ''}</li>`
  })
  const warn = origins.some((origin) => origin !== 'computed') ? ' warn' : ''
  return lines.length === 0 ? '' : `<ul class="origins${warn}">${lines.join('')}</ul>`
}

function detailsHtml({ failures, unresolved, tasks, runs }: PageFacts['facts']): string {
  const parts: string[] = []
  if (failures.length > 0) {
    const rows = failures.map(
      ({ code, count, message, systems }) =>
        `<tr><th scope="row">${escapeText(code)}</th><td class="number">${whole(count)}</td><td>${list([...systems])}</td><td>${escapeText(message)}</td></tr>`,
    )
    parts.push(
      `<details open><summary>Failures: where a reader was asked, each counts as 0</summary><div class="scroll" tabindex="0" role="region" aria-label="Failures"><table><thead><tr><th scope="col">Kind</th><th scope="col" class="number">Results</th><th scope="col">Systems</th><th scope="col">The first of them</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`,
    )
  }
  if (unresolved.length > 0) {
    const rows = unresolved.map(
      ({ task, cell, pieces, samples }) =>
        `<li>${escapeText(cell)}${cell === task ? '' : ` (${escapeText(task)})`}: ${plural(pieces, 'piece')} of evidence in ${plural(samples, 'sample')}</li>`,
    )
    parts.push(
      `<details open><summary>Unresolved evidence: published, but found nowhere in the text; it counts as lost at reading</summary><ul>${rows.join('')}</ul></details>`,
    )
  }
  const mains = tasks.map(
    ({ name, mains: scores }) => `<li>${escapeText(name)}: <b>${scores.map(escapeText).join(', ')}</b></li>`,
  )
  parts.push(`<details><summary>Main score of each task</summary><ul>${mains.join('')}</ul></details>`)
  for (const { name, spec } of runs)
    if (spec !== undefined)
      parts.push(
        `<details><summary>Spec of ${escapeText(name)}</summary><pre>${escapeText(indented(spec))}</pre></details>`,
      )
  return parts.join('')
}

function indented(spec: string): string {
  try {
    return JSON.stringify(JSON.parse(spec), null, 2)
  } catch {
    return spec
  }
}

function leadHtml(title: string, runs: readonly { readonly name: string }[]): string {
  const names = runs.map(({ name }) => name).filter((name) => name !== title)
  return names.length === 0 ? '' : `<p class="lead">${list(names)}</p>`
}
