import type { TokenCounter } from '../../core/index.ts'
import type { Note } from '../contract.ts'
import type { Chunk } from './chunks.ts'
import { copiedNote } from './copied.ts'
import { tokensOf } from './scratchpad.ts'

/** A small edit of a memory. `words` are exact words of the part that show what `text` says. */
export interface Edit {
  readonly op: 'add' | 'update' | 'remove'
  /** Number of the entry that is updated or removed. */
  readonly id?: number
  readonly kind?: string
  readonly text?: string
  readonly words?: string
}

export interface TypedMemory {
  /** What stands in prompts: an edit only ever adds a line, so that prompts keep their beginnings, but for when it is written anew. */
  readonly text: string
  readonly notes: readonly Note[]
  /** Does an edit on what a chunk says; what was noted, or why it was refused. */
  apply(edit: Edit, chunk: Chunk): { readonly note: Note } | { readonly removed: number } | { readonly refused: string }
  /** Writes the memory anew where it has more than `cap` tokens, and forgets the oldest entries that still do not fit. */
  settle(): readonly Note[]
}

/**
 * A memory of typed entries, each with evidence. Jayalath et al. 2024, PRISM, arXiv 2412.18914; theirs has a schema that is written for each
 * task, ours has entries of named kinds, and shows later states of an entry as further lines.
 */
export function typedMemory(counter: TokenCounter, kinds: readonly string[], cap: number): TypedMemory {
  const entries = new Map<number, Note>()
  let lines: string[] = []
  let last = 0
  const refused = (why: string) => ({ refused: why })
  const line = (id: number, { kind, text }: Note, now = ''): string =>
    `#${id} ${kind}${now}: ${text.replace(/\s+/g, ' ')}`

  function noteOf({ kind, text = '', words }: Edit, chunk: Chunk, old?: Note): Note | string {
    const typed = kind ?? old?.kind ?? kinds[0]!
    if (!kinds.includes(typed)) return `there is no kind "${typed}"; the kinds are ${kinds.join(', ')}`
    if (text.trim() === '') return 'it says nothing'
    const exact = copiedNote(text, [chunk], { kind: typed })
    if (exact) return exact
    const shown = words === undefined ? undefined : copiedNote(words, [chunk])
    if (!shown) return 'its words do not stand in the part'
    const evidence = [...(old?.evidence ?? []), ...shown.evidence]
    return { text: text.trim(), evidence, derived: true, kind: typed, at: chunk.index }
  }

  return {
    get text() {
      return lines.join('\n')
    },
    get notes() {
      return [...entries.values()]
    },
    apply(edit, chunk) {
      const old = edit.id === undefined ? undefined : entries.get(edit.id)
      if (edit.op !== 'add' && !old) return refused(`there is no entry #${edit.id}`)
      if (edit.op === 'remove') {
        entries.delete(edit.id!)
        lines.push(`#${edit.id} removed`)
        return { removed: edit.id! }
      }
      const note = noteOf(edit, chunk, edit.op === 'update' ? old : undefined)
      if (typeof note === 'string') return refused(note)
      if ([...entries.values()].some(({ text }) => text === note.text)) return refused('it is known already')
      const id = edit.op === 'update' ? edit.id! : ++last
      entries.set(id, note)
      lines.push(line(id, note, edit.op === 'update' ? ', now' : ''))
      return { note }
    },
    settle() {
      if (tokensOf(counter, lines.join('\n')) <= cap) return []
      const forgotten: Note[] = []
      const write = (): void => {
        lines = [...entries].map(([id, note]) => line(id, note))
      }
      write()
      // A quarter goes at once, so that it is not written anew at each further edit.
      while (entries.size > 0 && tokensOf(counter, lines.join('\n')) > cap) {
        const oldest = [...entries.keys()].slice(0, Math.max(1, Math.floor(entries.size / 4)))
        for (const id of oldest) {
          forgotten.push(entries.get(id)!)
          entries.delete(id)
        }
        write()
      }
      return forgotten
    },
  }
}
