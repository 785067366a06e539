import {
  type Answer,
  type Citation,
  isCode,
  type OutlineKind,
  type Pack,
  type Passage,
  type Span,
} from '../core/index.ts'
import type { Searchable, StoredSource } from '../store/index.ts'
import { noUsage } from './answer.ts'
import type { AskParts, AskRequest } from './contract.ts'
import { readable } from './prose.ts'
import { isConfig } from './units/config.ts'

/** Most sources listed, and most headings of each. */
const mostSources = 40
const mostHeadings = 8
/** Sources looked at for the counts. */
const mostCounted = 100_000

/** An overview of the collection from titles and headings: what a strategy without a model can honestly say of it all. */
export async function overview(parts: AskParts, request: AskRequest): Promise<Answer> {
  const { store, texts } = parts
  let sources = 0
  let passages = 0
  let characters = 0
  const listed: StoredSource[] = []
  for await (const source of store.sources(request.filter)) {
    request.abortSignal?.throwIfAborted()
    sources++
    passages += source.passages
    characters += source.length
    if (listed.length < mostSources) listed.push(source)
    if (sources >= mostCounted) break
  }
  const lines: string[] = []
  const citations: Citation[] = []
  const kept: Passage[] = []
  let at = 0
  const say = (line: string) => {
    lines.push(line)
    at += line.length + 1
  }
  const advice =
    'This overview is made from titles and headings; for a summary of what the text says, ask with a model.'
  say(
    `${sources}${sources >= mostCounted ? ' or more' : ''} sources, ${passages} passages, about ${Math.round(characters / 6).toLocaleString('en')} words. ${advice}`,
  )
  say('')
  for (const source of listed) {
    const first = await headings(store, source)
    const place = source.places[0] ?? source.uri
    const title = titleOf(source, first)
    const below = first
      .map((heading) => said(source, heading))
      .filter((heading) => heading !== '' && heading !== title)
      .slice(0, mostHeadings)
    const line = `- ${title === '' ? place : `${title} (${place})`}${below.length > 0 ? `: ${below.join('; ')}` : ''}`
    const span = first[0]?.span ?? { source: source.id, start: 0, end: Math.min(source.length, 200) }
    const whole = await soundSpan(parts, span, source.length)
    if (whole.end > whole.start) {
      const passage: Passage = { spans: [whole], score: 0, trail: ['overview'] }
      kept.push(passage)
      citations.push({
        text: await texts.slice(whole, request.abortSignal),
        passage,
        verified: true,
        supports: [at, at + line.length],
      })
    }
    say(line)
  }
  if (sources > listed.length) say(`- and ${sources - listed.length} more`)
  const text = lines.join('\n')
  const count = parts.counter.count('')
  const pack: Pack = {
    budget: request.budget,
    tokens: { count, exact: parts.counter.margin(1_000_000) === 0, margin: parts.counter.margin(count) },
    kept: [],
    dropped: [],
    text: '',
    ranges: [],
  }
  return { text, found: sources > 0, citations, unsupported: [], pack, usage: noUsage, trail: ['extract', 'overview'] }
}

interface Heading {
  readonly kind: OutlineKind
  readonly title: string
  readonly span: Span
}

/** What programs write where a title is missing. */
const placeholder = /^(unknown|untitled|no title|unnamed)(\s+(title|document|book|page))?(\s*\d+)?$/i

/** What a heading says, or nothing where it only counts; names in code stay as they are. */
function said({ mediaType }: StoredSource, { title }: Heading): string {
  if (isCode(mediaType) || isConfig(mediaType)) return title
  const plain = readable(title)
  return /^(section|chapter|part|slide|page)\s*\d*$/i.test(plain) || placeholder.test(plain) ? '' : plain
}

/** The title of a source, or of its first section where its headings are no names in code or keys. */
function titleOf(source: StoredSource, [first]: readonly Heading[]): string {
  const own = readable(source.title ?? '')
  if (own !== '' && !placeholder.test(own)) return own
  if (!first || isCode(source.mediaType) || isConfig(source.mediaType)) return ''
  return ['section', 'chapter', 'slide'].includes(first.kind) ? said(source, first) : ''
}

async function headings(store: Searchable, source: StoredSource): Promise<Heading[]> {
  const outline = await store.outline(source)
  const titled = outline.filter(
    ({ title, kind }) => title?.trim() && kind !== 'turn' && kind !== 'message' && kind !== 'cue',
  )
  const levels = [...new Set(titled.map(({ level }) => level))].sort((a, b) => a - b).slice(0, 2)
  return titled
    .filter(({ level }) => levels.includes(level))
    .map(({ kind, title, start, end }) => ({ kind, title: title!, span: { source: source.id, start, end } }))
}

/** The first line of a span, at most 300 characters. */
async function soundSpan(parts: AskParts, span: Span, length: number): Promise<Span> {
  let end = Math.min(span.end, length, span.start + 300)
  for (;;) {
    try {
      const text = await parts.texts.slice({ ...span, end })
      const line = text.trimStart().indexOf('\n')
      const lead = text.length - text.trimStart().length
      return { ...span, start: span.start + lead, end: line === -1 ? end : span.start + lead + line }
    } catch (error) {
      if (end <= span.start + 1 || end < span.start + 298) throw error
      end--
    }
  }
}
