import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ask } from '../../src/ask/index.ts'
import { layoutOf, unitsOf } from '../../src/ask/units.ts'
import {
  type Answer,
  type OutlineNode,
  packViolations,
  passageViolations,
  sliceSpan,
  split,
} from '../../src/core/index.ts'
import { read } from '../../src/read/index.ts'
import { type Item, o200k, shelf } from './shelf.ts'

async function itemsOf(files: Readonly<Record<string, string>>): Promise<Item[]> {
  const items: Item[] = []
  for (const [uri, text] of Object.entries(files)) {
    const bytes = new TextEncoder().encode(text)
    const input = {
      uri,
      bytes: async () => bytes,
      stream: async function* () {
        yield bytes
      },
    }
    for await (const source of read(input, { warn: () => {} })) items.push({ source, chunks: split(source) })
  }
  return items
}

const files = {
  'tariff.csv': `route,passenger,adult,child,minutes
Oslo - Bergen,"Monday to Friday",84,42,240
Oslo - Bergen,weekend,96,48,240
Oslo - Moss,"Monday to Friday",61,30,55
Oslo - Moss,weekend,70,35,55
`,
  'parts.tsv': 'part\tshelf\nbolt7\tA\nbolt78\tB\nnut78\tC\n',
  'prices.md': `# Crates

All stars were counted in spring.

| Crate | Licence | Stars |
|-------|---------|------:|
| serde | MIT | 900 |
| tokio | MIT | 2500 |

The table is sorted by hand.
`,
  'tower.yaml': `# Settings of the tower
tower:
  plug: pantograph
  limits:
    # The grid company cuts us off above this temperature of the transformer.
    transformer_celsius: 95
    wind_metres: 22
berths:
  - ship: Alka
    depth: 9
  - ship: Terna
    depth: 7
`,
  'server.toml': `[server]
# Port on which the health check listens
health_port = 9191

[database]
# Seconds before an idle connection is closed
idle_timeout = 30
`,
  'crane.json': `{
  "name": "harbour",
  "crane": {
    "operator": "Sigrid Dahl",
    "lift_tonnes": 40
  }
}
`,
  'upload.ts': `import { send } from './send.ts'

/** Uploads a file in chunks, with exponential backoff. */
export async function uploadChunks(file: Blob, size = 1024): Promise<void> {
  for (let at = 0; at < file.size; at += size) {
    await send(file.slice(at, at + size))
  }
}

export class Uploader {
  /** Cancels the running transfer and deletes what the host has so far. */
  cancel(): void {
    this.signal.abort()
  }
}
`,
  'incidents.jsonl': `{"date": "2025-01-14", "ship": "Skarven", "text": "Port engine stopped after a blocked intake."}
{"date": "2025-03-02", "ship": "Terna", "text": "Bow ramp touched the pier in a gust; a hinge was bent."}
{"date": "2025-11-08", "ship": "Terna", "text": "All departures cancelled because of fog."}
`,
  'app.log': `2025-03-02T10:00:01Z INFO listening on 8080
2025-03-02T10:05:44Z ERROR payment gateway timed out, order 4711 rolled back
java.net.SocketTimeoutException: Read timed out
    at com.shop.Gateway.call(Gateway.java:88)
2025-03-02T10:06:00Z INFO retry scheduled
`,
  'chat.json': JSON.stringify([
    { role: 'user', content: 'Hello, I left a blue rucksack on the bus yesterday.' },
    { role: 'assistant', content: 'Sorry to hear that. It was handed in at the depot last night.' },
    { role: 'user', content: 'What do I need to bring to get it?' },
    { role: 'assistant', content: 'An identity card, and tell the clerk what is inside.' },
  ]),
}
const items = await itemsOf(files)
const parts = await shelf(items)
const textOf = (id: string) => items.find(({ source }) => source.id === id)?.source.text

async function answer(question: string): Promise<Answer> {
  const found = await ask(parts, { question, budget: 4000, limit: 50 })
  for (const { text, passage, supports } of found.citations) {
    assert.deepEqual(passageViolations(passage, textOf), [])
    assert.equal(text, passage.spans.map((span) => sliceSpan(textOf(span.source)!, span)).join(' … '))
    assert.ok(supports && supports[0] < supports[1] && supports[1] <= found.text.length)
  }
  const input = [...found.pack.kept, ...found.pack.dropped.map(({ passage }) => passage)]
  assert.deepEqual(packViolations(found.pack, { textOf, counter: o200k, input }), [])
  return found
}

describe('extract over text that is no prose', () => {
  const cases: [question: string, text: string][] = [
    [
      'What does a child pay from Oslo to Moss at the weekend?',
      'route,passenger,adult,child,minutes\nOslo - Moss,weekend,70,35,55',
    ],
    ['On which shelf is the part bolt78?', 'part\tshelf\nbolt78\tB'],
    [
      'How many stars does tokio have?',
      '| Crate | Licence | Stars |\n|-------|---------|------:|\n| tokio | MIT | 2500 |',
    ],
    [
      'At what temperature of the transformer does the grid company cut us off?',
      '# The grid company cuts us off above this temperature of the transformer.\ntransformer_celsius: 95',
    ],
    ['What is the depth for the ship Alka?', '- ship: Alka\n  depth: 9'],
    ['On which port does the health check listen?', '# Port on which the health check listens\nhealth_port = 9191'],
    [
      'After how many seconds is an idle connection closed?',
      '# Seconds before an idle connection is closed\nidle_timeout = 30',
    ],
    [
      'How is a file uploaded in chunks?',
      `/** Uploads a file in chunks, with exponential backoff. */
export async function uploadChunks(file: Blob, size = 1024): Promise<void> {
  for (let at = 0; at < file.size; at += size) {
    await send(file.slice(at, at + size))
  }
}`,
    ],
    [
      'How is a running transfer cancelled?',
      '/** Cancels the running transfer and deletes what the host has so far. */\ncancel(): void {\n  this.signal.abort()\n}',
    ],
    [
      'Which ship touched the pier in a gust?',
      '{"date": "2025-03-02", "ship": "Terna", "text": "Bow ramp touched the pier in a gust; a hinge was bent."}',
    ],
    [
      'What happened to Terna on 2 March 2025?',
      '{"date": "2025-03-02", "ship": "Terna", "text": "Bow ramp touched the pier in a gust; a hinge was bent."}',
    ],
    [
      'Why was order 4711 rolled back?',
      `2025-03-02T10:05:44Z ERROR payment gateway timed out, order 4711 rolled back
java.net.SocketTimeoutException: Read timed out
    at com.shop.Gateway.call(Gateway.java:88)`,
    ],
    ['What do I need to bring to get my rucksack?', 'assistant: An identity card, and tell the clerk what is inside.'],
  ]
  for (const [question, text] of cases)
    it(question, async () => {
      const found = await answer(question)
      assert.equal(found.found, true, found.text)
      assert.equal(found.text, text)
    })

  it('takes the keys below a key along', async () => {
    const found = await answer('Who is the operator of the crane?')
    assert.match(found.text, /"operator": "Sigrid Dahl"/)
    const limits = await answer('What are the limits of the tower?')
    assert.match(limits.text, /limits:\n {2}# .*\n {2}transformer_celsius: 95\n {2}wind_metres: 22/)
  })

  it('shows the header once above several rows', async () => {
    const found = await answer('What does an adult pay from Oslo to Bergen?')
    assert.equal(
      found.text,
      'route,passenger,adult,child,minutes\nOslo - Bergen,"Monday to Friday",84,42,240\nOslo - Bergen,weekend,96,48,240',
    )
    assert.deepEqual(
      found.citations.map(({ passage }) => passage.spans.length),
      [2, 1],
    )
  })
})

describe('units', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      'key: ',
      '\n',
      '\n\n',
      '  ',
      '- ',
      '# no',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"k": 1',
      '[t]',
      'x = 1',
      '😀',
      'def f():',
    ],
    ...['2025-01-02 ', '12:30 ', 'ERROR ', '\t', '|', ' \n', '\r\n'],
  )
  const kinds = ['row', 'header', 'table', 'turn', 'cue', 'cell', 'function', 'class', 'statement', 'section'] as const
  const types = ['text/plain', 'text/x-python', 'application/yaml', 'application/toml', 'application/json', 'text/csv']

  it('are sorted, apart, inside the text, and leave out nothing but white space and brackets', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40, size: 'max' }),
        fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(200), fc.nat(60)), { maxLength: 8, size: 'max' }),
        fc.constantFrom(...types),
        fc.nat(100),
        fc.nat(100),
        (pieces, drafts, mediaType, one, other) => {
          const text = pieces.join('')
          const outline = nested(text, drafts)
          const start = Math.min(one, other, text.length)
          const end = Math.min(Math.max(one, other), text.length)
          let last = start
          for (const unit of unitsOf(text.slice(start, end), start, layoutOf(mediaType, outline))) {
            assert.ok(unit.start >= last && unit.start < unit.end && unit.end <= end, JSON.stringify(unit))
            assert.match(text.slice(last, unit.start), /^[\s\])},;]*$/)
            last = unit.end
          }
          assert.match(text.slice(last, end), /^[\s\])},;]*$/)
        },
      ),
      { numRuns: 3000 },
    )
  })
})

/** A well-nested outline from arbitrary ranges: those that cross another are left out. */
function nested(text: string, drafts: readonly (readonly [OutlineNode['kind'], number, number])[]): OutlineNode[] {
  const sorted = drafts
    .map(([kind, start, length]) => ({ kind, start, end: Math.min(start + length, text.length) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start || b.end - a.end)
  const nodes: OutlineNode[] = []
  for (const { kind, start, end } of sorted) {
    let parent = nodes.length - 1
    while (parent >= 0 && nodes[parent]!.end <= start) parent = nodes[parent]!.parent ?? -1
    const above = nodes[parent]
    if (above && end > above.end) continue
    const detail = kind === 'cell' ? { detail: { type: 'code' } } : {}
    nodes.push({ kind, start, end, level: (above?.level ?? 0) + 1, ...(above ? { parent } : {}), ...detail })
  }
  return nodes
}
