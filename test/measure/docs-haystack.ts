// The prose of the project's own documentation as a haystack, and the counter of most tests.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { haystackOf } from '../../src/measure/generators/haystack.ts'
import { tokenCounter } from '../../src/model/index.ts'

const docs = join(import.meta.dirname, '../../docs')
const texts = await Promise.all(['read.md', 'store.md', 'ask.md'].map((name) => readFile(join(docs, name), 'utf8')))

/** Code, tables and comments have no sentences that could be told apart again. */
const prose = (text: string): string =>
  text
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^\|.*$/gm, '')

export const haystack = haystackOf('docs', texts.map(prose))
export const counter = await tokenCounter('o200k_base')
