import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { loadLeaf, type Pack, packViolations, type Span } from '../../src/core/index.ts'
import { compressors, fit } from '../../src/fit/index.ts'
import { type Library, open } from '../../src/open.ts'
import words from '../../src/store/analyzers/words.ts'
import { partsOfStore } from '../../src/store/index.ts'

const query = 'how is the heaviest window of words found?'
const [budget, larger] = [900, 4000]

/** Code of our own, cut into passages of some lines. */
describe('a compressor that takes whole Sources', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fovea-sources-'))
  let library: Library
  before(async () => {
    const root = join(import.meta.dirname, '../../src')
    library = await open([join(root, 'model/ranking'), join(root, 'fit')], { index: folder })
    await library.refresh({ size: 48 })
  })
  after(async () => {
    await library.close()
    rmSync(folder, { recursive: true })
  })

  const textOf = async (source: string): Promise<string> => {
    const stored = await library.store.source({ source, start: 0, end: 0 })
    return library.store.texts.slice({ source, start: 0, end: stored!.length })
  }

  /** Of the things that a pattern finds in the Sources of a pack (some character kept), how many are kept whole. */
  async function keptOf(pack: Pack, pattern: RegExp): Promise<{ whole: number; touched: number; names: Set<string> }> {
    const spans = pack.kept.flatMap((passage) => passage.spans)
    const counts = { whole: 0, touched: 0, names: new Set<string>() }
    for (const source of new Set(spans.map((span) => span.source))) {
      const text = await textOf(source)
      const held = new Uint8Array(text.length)
      for (const span of spans) if (span.source === source) held.fill(1, span.start, span.end)
      for (const { 0: found, index, groups } of text.matchAll(pattern)) {
        const own = held.subarray(index, index + found.length)
        if (!own.includes(1)) continue
        counts.touched++
        if (own.includes(0)) continue
        counts.whole++
        if (groups?.name) counts.names.add(groups.name)
      }
    }
    return counts
  }
  const signatures = /^(?:export )?(?:async )?function (?<name>\w+)(?:[^{]|\{[^}\n]*\}[^{\n]*[,)])*?\{\n/gm
  const imports = /^import (?:type )?\{[^}]*\} from '[^']+'\n/gm

  /** What the passages found give where they are cut themselves. */
  async function ofPassages(): Promise<Pack> {
    const found = await library.find(query, { limit: 400 })
    return fit({
      passages: found,
      budget: larger,
      texts: library.store.texts,
      counter: await library.counter(),
      analyzer: await words(),
      compressor: await loadLeaf(compressors, 'code'),
      query,
      ...partsOfStore(library.store),
    })
  }

  it('keeps signatures and imports whole, where passages hold only pieces of them', async () => {
    const pack = await library.pack(query, { budget: larger, compressor: 'code', cited: false })
    assert.ok(pack.tokens.count <= larger && pack.tokens.count > larger * 0.9)
    const own = await keptOf(pack, signatures)
    assert.ok(own.touched >= 8, `${own.touched} signatures`)
    assert.equal(own.whole, own.touched)
    const imported = await keptOf(pack, imports)
    assert.equal(imported.whole, imported.touched)
    const before = await ofPassages()
    const cut = [await keptOf(before, signatures), await keptOf(before, imports)]
    assert.ok(
      cut.some(({ whole, touched }) => whole < touched),
      JSON.stringify(cut),
    )
  })

  it('keeps the method that answers with its class, and what it needs', async () => {
    const pack = await library.pack(query, { budget, compressor: 'code', cited: false })
    assert.match(pack.text, /#best\(\{ ids, positions \}: Tokens, hits: readonly number\[\], width: number\)/)
    assert.match(pack.text, /while \(positions\[hits\[from\]!\]! <= position - width\) \{/)
    assert.match(pack.text, /export class TextMeasure \{/)
    assert.match(pack.text, /import \{ kinds, type Tokens \} from '\.\/tokens\.ts'/)
  })

  it('accounts for every character of the Sources, exactly', async () => {
    const pack = await library.pack(query, { budget, compressor: 'code', cited: false })
    const texts = new Map<string, string>()
    const sources = new Set(
      [...pack.kept, ...pack.dropped.map(({ passage }) => passage)].flatMap(({ spans }) =>
        spans.map(({ source }) => source),
      ),
    )
    for (const source of sources) texts.set(source, await textOf(source))
    const input = [...texts].map(([source, { length: end }]) => ({
      spans: [{ source, start: 0, end }] as [Span],
      score: 0,
      trail: [],
    }))
    const facts = { textOf: (source: string) => texts.get(source), counter: await library.counter(), input }
    assert.deepEqual(packViolations(pack, facts as never), [])
    // The Sources are those that were found, no others.
    const found = new Set(
      (await library.find(query, { limit: 400 })).flatMap(({ spans }) => spans.map(({ source }) => source)),
    )
    assert.deepEqual(sources, found)
  })

  it('leaves compressors that do not ask for it with the passages found', async () => {
    const found = await library.find(query, { limit: 400 })
    const pack = await library.pack(query, { budget, compressor: 'paragraphs', cited: false })
    for (const { spans } of pack.kept)
      for (const span of spans)
        assert.ok(
          found.some(({ spans: own }) =>
            own.some(({ source, start, end }) => source === span.source && start <= span.start && span.end <= end),
          ),
        )
  })
})
