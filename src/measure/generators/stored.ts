import { makeSource } from '../../core/index.ts'
import type { Corpus } from '../contract.ts'

/** What stands for a text that was not published with the answers to it: one Source that says so. */
export async function silentCorpus(name: string): Promise<Corpus> {
  const source = await makeSource({
    uri: `${name}.txt`,
    text: 'The text that was read is not stored with these answers.',
    mediaType: 'text/plain',
  })
  return { id: name, sources: [source] }
}
