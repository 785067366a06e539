import type { AskEvent, Note } from '../../../ask/index.ts'
import type { Span, Usage } from '../../../core/index.ts'
import type { Intent } from '../../../model/index.ts'

/** What the events of one run add up to. */
export class Tally {
  plan = ''
  calls: number | undefined
  asked = 0
  readonly intents = new Map<Intent, number>()
  /** What the calls in flight are for. */
  readonly flying: { readonly purpose: string; readonly spans: string }[] = []
  retrieved = 0
  noted = 0
  verified = 0
  warned = 0
  lastRead = ''
  usage: Usage | undefined
  readonly lastNotes: Note[] = []
  readonly #parts = new Map<string, boolean>()

  /** A strategy that tells its steps, so that it can be watched and stopped softly. */
  get tells(): boolean {
    return this.plan !== '' || this.asked > 0
  }

  /** Parts of the input that were read, of all that were to be. */
  get coverage(): { readonly read: number; readonly of: number } {
    const parts = [...this.#parts.values()]
    return { read: parts.filter(Boolean).length, of: parts.length }
  }

  add(event: AskEvent): void {
    switch (event.type) {
      case 'planned':
        this.plan ||= event.plan
        this.calls = event.calls ?? this.calls
        return
      case 'read':
        this.#parts.set(key(event.spans), true)
        this.lastRead = event.label
        return
      case 'retrieved':
        this.retrieved++
        return
      case 'noted':
        this.noted++
        this.lastNotes.push(event.note)
        if (this.lastNotes.length > 3) this.lastNotes.shift()
        return
      case 'asked':
        this.asked++
        this.intents.set(event.intent, (this.intents.get(event.intent) ?? 0) + 1)
        this.flying.push({ purpose: event.purpose, spans: key(event.spans) })
        return
      case 'answered':
        this.#landed(({ purpose }) => purpose === event.purpose)
        return
      case 'verified':
        if (event.verified) this.verified++
        return
      case 'warned':
        this.warned++
        // A part over the window is read again as its halves.
        if (event.code === 'over-window') this.#parts.delete(key(event.spans))
        if (event.code === 'not-read') this.#parts.set(key(event.spans), false)
        if (event.code === 'over-window' || event.code === 'not-read')
          this.#landed(({ spans }) => spans === key(event.spans))
        return
      case 'spent':
        this.usage = event.usage
        return
    }
  }

  #landed(is: (call: Tally['flying'][number]) => boolean): void {
    const at = this.flying.findIndex(is)
    if (at !== -1) this.flying.splice(at, 1)
  }
}

const key = (spans: readonly Span[]): string =>
  spans.map(({ source, start, end }) => `${source}:${start}-${end}`).join(' ')
