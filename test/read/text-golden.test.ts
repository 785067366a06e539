import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Place } from '../../src/core/index.ts'
import { bytesInput, formatOf } from '../../src/read/index.ts'
import { drawn, placeAt, readBytes } from './text-support.ts'

const folder = join(import.meta.dirname, '..', 'golden')
const formats = ['text', 'markdown', 'html', 'messages', 'dialogue', 'csv', 'json', 'jsonl']

const shown = (place: Place): string =>
  Object.entries(place)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

// With UPDATE_GOLDEN set, the expected files are written anew: read them before they are committed.
for (const format of formats) {
  const files = readdirSync(join(folder, format)).filter((name) => !name.endsWith('.expected.json'))
  for (const file of files) {
    test(`golden ${format}/${file}`, async () => {
      const bytes = readFileSync(join(folder, format, file))
      const { name } = await formatOf(bytesInput(file, bytes))
      const { sources, warnings } = await readBytes(file, bytes)
      const actual = {
        format: name,
        warnings: warnings.map(({ code, message }) => `${code}: ${message}`),
        sources: sources.map((source) => {
          const { text, title, language, time, mediaType, origin, outline = [] } = source
          const offsets = new Set([0, ...outline.map((node) => node.start), text.length])
          for (let at = 17; at < text.length; at += 17) offsets.add(at)
          const places = [...offsets].sort((one, two) => one - two)
          return {
            ...{ mediaType, title, language, time, encoding: origin?.encoding },
            text: text.split('\n'),
            outline: drawn(source),
            places: places.map(
              (at) => `${at} ${JSON.stringify(text.slice(at, at + 8))}: ${shown(placeAt(source, at))}`,
            ),
          }
        }),
      }
      const path = join(folder, format, `${file}.expected.json`)
      if (process.env.UPDATE_GOLDEN) writeFileSync(path, `${JSON.stringify(actual, null, 2)}\n`)
      assert.equal(name, format)
      assert.deepEqual(JSON.parse(JSON.stringify(actual)), JSON.parse(readFileSync(path, 'utf8')))
    })
  }
}
