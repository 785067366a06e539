import type { Citation, Pack } from '../../core/index.ts'
import { CitationStream } from '../citations.ts'
import { ground } from '../ground.ts'
import { saysNotFound } from '../prompt.ts'
import { type Constraint, checklist, countBetween, shareMet, unmet, wordsIn } from './checklist.ts'
import type { Run } from './run.ts'

/** A section of a long text, with what it cites. */
export interface Written {
  readonly heading: string
  readonly text: string
  readonly citations: readonly Citation[]
  readonly unsupported: readonly (readonly [number, number])[]
  readonly pack: Pack
}
/** Counts of words for the whole, shared out evenly; of other things nothing can be said of one section. */
export const sharedOut = (constraints: readonly Constraint[], sections: number): Constraint[] =>
  constraints.flatMap(({ told }) => {
    const [, least, most] = /^(?:exactly |at least )?(\d+)?(?: to )?(?:at most )?(\d+)? words$/.exec(told) ?? []
    if (least === undefined && most === undefined) return []
    const exact = told.startsWith('exactly')
    return [
      countBetween(
        'word',
        Math.ceil(Number(least ?? 0) / sections),
        exact
          ? Math.ceil(Number(least) / sections)
          : most
            ? Math.floor(Number(most) / sections)
            : Number.POSITIVE_INFINITY,
      ),
    ]
  })

/** What a model wrote for a section over a pack, with its quotations verified; undefined where it wrote nothing or found nothing. */
export async function grounded(run: Run, heading: string, reply: string, pack: Pack): Promise<Written | undefined> {
  const stream = new CitationStream()
  const text = (stream.push(reply) + stream.end()).trim()
  if (text === '' || saysNotFound(text)) return undefined
  return { heading, text, pack, ...(await ground(text, stream.written, pack, run.parts.texts, run.signal)) }
}
/** The first words of what was said: the memory of a section. */
export const opening = (text: string): string => {
  const words = text.replace(/\s+/g, ' ').split(' ')
  return words.length > 40 ? `${words.slice(0, 40).join(' ')} …` : words.join(' ')
}

/** What is wrong with a section, in words for the model that wrote it. */
export function faultsOf({ text, unsupported, citations }: Written, checks: readonly Constraint[]): string[] {
  const faults = unmet(checklist(text, checks)).map((told) => `it must have ${told} (it has ${wordsIn(text)} words)`)
  for (const range of unsupported.slice(0, 5)) faults.push(`no passage is cited that supports: ${text.slice(...range)}`)
  for (const citation of citations.filter(({ verified }) => !verified).slice(0, 5))
    faults.push(`these words stand in no passage: ${citation.text}`)
  return faults
}
/** Share of the checklist and of the characters that citations support. */
export const worthOf = ({ text, unsupported }: Written, checks: readonly Constraint[]): number =>
  shareMet(checklist(text, checks)) + 1 - unsupported.reduce((sum, [start, end]) => sum + end - start, 0) / text.length
