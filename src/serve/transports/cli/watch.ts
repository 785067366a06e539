import { openSync, writeSync } from 'node:fs'
import type { WriteStream } from 'node:tty'
import type { AskEvent, Note } from '../../../ask/index.ts'
import type { Usage } from '../../../core/index.ts'
import type { Library } from '../../../open.ts'
import { Tally } from './tally.ts'
import { oneLine, type Terminal } from './terminal.ts'

/** How a person or a program follows a run. */
export interface Watch {
  readonly tally: Tally
  event(event: AskEvent): Promise<void>
  /** Tells the person something, below the tree where there is one. */
  say(text: string): void
  /** Leaves the tree as it stands, and writes nothing more. */
  end(): void
}

/** Milliseconds between two drawings of the tree. */
const pace = 80
const most = { flying: 3, notes: 3 }

/** A live tree where stderr is a terminal, else a line for each step; nothing for a strategy that does not tell its steps. */
export function watch(library: Pick<Library, 'cite'>, term: Terminal, name: string): Watch {
  const tally = new Tally()
  const err = process.stderr as WriteStream
  const live = Boolean(err.isTTY) && !term.json
  const told = new Set<string>()
  let drawn = 0
  let last = 0
  let said = ''
  const clear = (): string => (drawn === 0 ? '' : `\r\u001b[${drawn}A\u001b[J`)
  const draw = async (): Promise<void> => {
    const width = Math.max(30, err.columns || 80) - 1
    const [head = '', ...branches] = await treeOf(tally, name, (note) => cite(library, note))
    const lines = [...wrapped(head, width), ...branches, ...(said === '' ? [] : wrapped(said, width))]
    const height = Math.max(4, (err.rows || 24) - 1)
    const shown = lines.slice(0, height).map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
    term.quiet()
    err.write(`${clear()}${shown.join('\n')}\n`)
    drawn = shown.length
  }
  return {
    tally,
    async event(event) {
      tally.add(event)
      if (term.json || !tally.tells) {
        if (event.type === 'progress' && !tally.tells) term.progress(event.progress)
        return
      }
      if (!live) {
        // Parts that are missed for the same reason are one line.
        const known = event.type === 'warned' && event.code === 'not-read' && told.has(event.message)
        if (event.type === 'warned') told.add(event.message)
        const line = known ? '' : await lineOf(event, library)
        if (line !== '') term.note(line)
        return
      }
      const now = performance.now()
      if (event.type !== 'answer' && now - last < pace) return
      last = now
      await draw()
    },
    say(text) {
      if (live && drawn > 0) said = text
      else term.note(text)
    },
    end() {
      if (!tally.tells || term.json) return
      if (!live && tally.usage) term.note(`spent ${spending(tally.usage)}`)
    },
  }
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)

/** The lines of a sentence at a width, broken between words. */
const wrapped = (text: string, width: number): string[] =>
  text.match(new RegExp(`.{1,${width}}(?:\\s|$)`, 'gu'))?.map((line) => line.trimEnd()) ?? [text]

async function treeOf(tally: Tally, name: string, label: (note: Note) => Promise<string>): Promise<string[]> {
  const { plan, coverage, noted, asked, flying, retrieved, warned, verified, usage } = tally
  const branches: [head: string, leaves: string[]][] = []
  if (coverage.of > 0) branches.push([`read      ${parts(coverage)}, ${tally.lastRead}`, []])
  if (retrieved > 0) branches.push([`retrieved ${times(retrieved)}`, []])
  if (noted > 0) {
    const last = tally.lastNotes.slice(-most.notes)
    const leaves = await Promise.all(last.map(async (note) => `${await label(note)}  ${told(note)}`))
    branches.push([`noted     ${noted}`, leaves])
  }
  const intents = [...tally.intents].map(([intent, count]) => `${count} ${intent}`).join(', ')
  const of = tally.calls === undefined ? '' : ` of ${tally.calls}`
  if (asked > 0)
    branches.push([
      `asked     ${asked}${of} (${intents})${flying.length > 0 ? `, ${flying.length} in flight` : ''}`,
      flying.slice(0, most.flying).map(({ purpose }) => oneLine(purpose)),
    ])
  if (verified > 0) branches.push([`verified  ${verified} ${verified === 1 ? 'quotation' : 'quotations'}`, []])
  if (warned > 0) branches.push([`warned    ${times(warned)}`, []])
  if (usage) branches.push([`spent     ${spending(usage)}`, []])
  const lines = [`${name}${plan === '' ? '' : `: ${oneLine(plan)}`}`]
  for (const [index, [head, leaves]] of branches.entries()) {
    const end = index === branches.length - 1
    lines.push(`${end ? '└' : '├'} ${oneLine(head)}`)
    for (const [at, leaf] of leaves.entries())
      lines.push(`${end ? ' ' : '│'} ${at === leaves.length - 1 ? '└' : '├'} ${oneLine(leaf)}`)
  }
  return lines
}

async function lineOf(event: AskEvent, library: Pick<Library, 'cite'>): Promise<string> {
  switch (event.type) {
    case 'planned':
      return `planned ${oneLine(event.plan)}`
    case 'read':
      return `read ${event.index + 1} ${event.label}`
    case 'retrieved':
      return `retrieved ${event.spans.length} for ${short(event.query)}`
    case 'noted':
      return `noted ${await cite(library, event.note)} ${told(event.note)}`
    case 'asked':
      return `asked ${event.intent}: ${oneLine(event.purpose)}`
    case 'warned':
      return `warning ${oneLine(event.message)} [${event.code}]`
    default:
      return ''
  }
}

async function cite(library: Pick<Library, 'cite'>, { evidence: [span] }: Note): Promise<string> {
  return span ? library.cite({ spans: [span], score: 0, trail: [] }).catch(() => '') : ''
}

const told = ({ text, kind }: Note): string => `${kind === undefined ? '' : `${oneLine(kind)}: `}${short(text)}`

const short = (text: string): string => {
  const line = oneLine(text)
  return `"${line.length > 70 ? `${line.slice(0, 69)}…` : line}"`
}

export const parts = ({ read, of }: { readonly read: number; readonly of: number }): string =>
  read === of ? `${read} ${read === 1 ? 'part' : 'parts'}` : `${read} of ${of} parts`

export const spending = ({ calls, inputTokens, outputTokens, cost }: Usage): string =>
  [
    `${calls.toLocaleString('en')} paid ${calls === 1 ? 'call' : 'calls'}`,
    `${inputTokens.total.toLocaleString('en')} tokens in`,
    `${outputTokens.toLocaleString('en')} out`,
    ...(cost === undefined ? [] : [`$${cost.toFixed(4)}`]),
  ].join(', ')

/** Writes each event as a line of JSON, with the milliseconds since the start, before the next one is worked for. */
export function recorder(file: string | undefined, toOutput: boolean): (event: AskEvent) => void {
  const handle = file === undefined ? undefined : openSync(file, 'w')
  const started = performance.now()
  return (event) => {
    if (handle === undefined && !toOutput) return
    const line = `${JSON.stringify({ milliseconds: Math.round(performance.now() - started), ...event })}\n`
    if (handle !== undefined) writeSync(handle, line)
    if (toOutput) process.stdout.write(line)
  }
}
