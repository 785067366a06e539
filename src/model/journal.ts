import { loadLeaf } from '../core/index.ts'
import { journals } from './catalog.ts'
import type { Journal } from './contract.ts'

/** The journal given, a durable one at the path given, or one for this process. */
export async function journalOf(given: Journal | string | undefined): Promise<Journal> {
  if (typeof given === 'object') return given
  const make = await loadLeaf(journals, given === undefined ? 'memory' : 'sqlite')
  return make({ location: given ?? '' })
}
