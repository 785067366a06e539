import { loadLeaf } from '../core/index.ts'
import { journals } from './catalog.ts'
import type { Journal } from './contract.ts'

/** The journal given, a durable one at the path given, or one for this process. */
export async function journalOf(given: Journal | string | undefined): Promise<Journal> {
  if (typeof given === 'object') return given
  const make = await loadLeaf(journals, given === undefined ? 'memory' : 'sqlite')
  return make({ location: given ?? '' })
}

/** SHA-256, in hexadecimal, over all that shapes a reply: its key in a journal. */
export async function hashOf(asked: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(asked))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
