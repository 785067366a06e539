import type { AskRequest } from '../contract.ts'
import type { Run } from './run.ts'

/** What may be otherwise in an altered run; what is not given is the run's own. */
export interface Alterations {
  readonly request?: () => AskRequest
  readonly room?: number
  readonly stopped?: () => string | undefined
  readonly call?: Run['call']
}

/** The same run with other limits: its events, gaps and usage go on being those of the run. */
export const altered = (run: Run, { request, room, stopped, call }: Alterations): Run => ({
  name: run.name,
  parts: run.parts,
  get request() {
    return request?.() ?? run.request
  },
  signal: run.signal,
  room: room ?? run.room,
  concurrency: run.concurrency,
  gaps: run.gaps,
  get stopped() {
    return run.stopped ?? stopped?.()
  },
  call: call ?? ((asked) => run.call(asked)),
  emit: (event) => run.emit(event),
  option: (name, otherwise) => run.option(name, otherwise),
  chunks: (options) => run.chunks(options),
  over: (chunks, task, concurrency) => run.over(chunks, task, concurrency),
  retrieve: (query, limit) => run.retrieve(query, limit),
  note: (note) => run.note(note),
  missed: (gap) => run.missed(gap),
  warn: (code, message, spans) => run.warn(code, message, spans),
  usage: () => run.usage(),
})
