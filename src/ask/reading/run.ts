import { type Answer, FoveaError, messageOf, type Passage, type Span, type Usage } from '../../core/index.ts'
import { addUsage, type Intent, type ModelPort, type ModelReply } from '../../model/index.ts'
import { noUsage } from '../answer.ts'
import type { AskEvent, AskParts, AskRequest, Gap, Note, Strategy } from '../contract.ts'
import { type Chunk, type ChunkOptions, chunksOf } from './chunks.ts'
import { streamed } from './events.ts'
import { askedToStop, refusal, roomOf } from './limits.ts'
import { mapOrdered } from './map.ts'

/** One question to the model of a run. */
export interface RunCall {
  readonly intent: Intent
  /** What it is for, in a few words; events tell it. */
  readonly purpose: string
  readonly prompt: string
  readonly system?: string
  readonly maxOutputTokens?: number
  readonly json?: Record<string, unknown>
  /** What of the input stands in the prompt. */
  readonly spans?: readonly Span[]
}

/** What a strategy reads with: one budget, one list of gaps, one stream of events. */
export interface Run {
  readonly name: string
  readonly parts: AskParts & { readonly model: ModelPort }
  readonly request: AskRequest
  readonly signal: AbortSignal
  /** Most tokens of a prompt. */
  readonly room: number
  readonly concurrency: number
  readonly gaps: readonly Gap[]
  /** Why no further call is begun, where that is so. */
  readonly stopped: string | undefined
  emit(event: AskEvent): void
  option<Value extends string | number | boolean>(name: string, otherwise: Value): Value
  /** Throws `reading-stopped` beyond a limit, `over-window` where the model says that the prompt is too long, and what the model throws. */
  call(call: RunCall): Promise<ModelReply>
  chunks(options: ChunkOptions): AsyncGenerator<Chunk, void, void>
  /**
   * Does a task for each chunk, side by side (one after the other where `concurrency` is 1) and in order. A chunk that is over the model's window is read as two halves, once; one
   * that fails, or comes after the run was stopped, is a gap.
   */
  over<Value>(
    chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
    task: (chunk: Chunk) => Promise<Value>,
    concurrency?: number,
  ): AsyncGenerator<Value, void, void>
  retrieve(query: string, limit?: number): Promise<Passage[]>
  note(note: Note): void
  missed(gap: Gap): void
  warn(code: string, message: string, spans?: readonly Span[]): void
  usage(): Usage
}

const overWindow =
  /context[ _-]?(?:length|window|size|limit)|maximum (?:context|prompt)|(?:prompt|input|request) (?:is )?too (?:long|large)|too many (?:input )?tokens|token count\b.{0,40}\bexceeds/i
export const isStopped = (error: unknown): boolean => FoveaError.is(error, 'reading-stopped')

/** Makes a strategy of what it does with a run. Throws `model-missing` where there is no model. */
export function reading(name: string, work: (run: Run) => Promise<Answer>): Strategy {
  return async function* (parts, request) {
    const { model } = parts
    if (!model)
      throw new FoveaError('model-missing', `the strategy "${name}" needs a model; give one, or use "extract"`)
    const stop = new AbortController()
    const { abortSignal } = request
    const signal = abortSignal ? AbortSignal.any([abortSignal, stop.signal]) : stop.signal
    abortSignal?.throwIfAborted()
    yield* streamed(
      async (emit) => {
        const run = new ReadingRun(name, { ...parts, model }, request, signal, emit)
        const answer = await work(run)
        signal.throwIfAborted()
        emit({ type: 'answer', answer })
      },
      (reason) => stop.abort(reason),
    )
  }
}

class ReadingRun implements Run {
  readonly name: string
  readonly parts: Run['parts']
  readonly request: AskRequest
  readonly signal: AbortSignal
  readonly room: number
  readonly concurrency: number
  readonly gaps: Gap[] = []
  readonly emit: (event: AskEvent) => void
  #usage: Usage = noUsage
  #begun = 0
  #reserved = 0
  /** Most tokens of a reply so far: hidden reasoning may pass what was asked for. */
  #largest = 0
  #stopped: string | undefined

  constructor(name: string, parts: Run['parts'], request: AskRequest, signal: AbortSignal, emit: Run['emit']) {
    this.name = name
    this.parts = parts
    this.request = request
    this.signal = signal
    this.emit = emit
    const { limits = {} } = request
    this.room = roomOf(limits.prompt ?? 8000, parts.model.window)
    this.concurrency = limits.concurrency ?? 4
  }

  get stopped(): string | undefined {
    return this.request.stopSignal?.aborted ? (this.#stopped ?? askedToStop) : this.#stopped
  }

  option<Value extends string | number | boolean>(name: string, otherwise: Value): Value {
    const given = this.request.options?.[name]
    if (typeof otherwise === 'string' && given !== undefined) return String(given) as Value
    return typeof given === typeof otherwise ? (given as Value) : otherwise
  }

  async call({ purpose, spans = [], ...call }: RunCall): Promise<ModelReply> {
    this.signal.throwIfAborted()
    const { model, counter } = this.parts
    const tokens = counter.count(`${call.system ?? ''}\n${call.prompt}`)
    const most = call.maxOutputTokens ?? 800
    const output = Math.max(most, this.#largest)
    this.#refuse(tokens + output, model.price(tokens, output))
    this.#begun++
    this.#reserved += tokens + output
    try {
      this.emit({ type: 'asked', intent: call.intent, purpose, spans })
      const reply = await model.generate({ ...call, maxOutputTokens: most, temperature: 0, abortSignal: this.signal })
      this.#usage = addUsage(this.#usage, reply.usage)
      this.#largest = Math.max(this.#largest, reply.usage.outputTokens)
      if (reply.replayed) this.#begun--
      this.emit({ type: 'answered', purpose, text: reply.text, spans })
      this.emit({ type: 'spent', usage: this.#usage })
      return reply
    } catch (error) {
      this.signal.throwIfAborted()
      if (FoveaError.is(error, 'over-cost')) throw this.#stop(messageOf(error))
      if (FoveaError.is(error, 'model-failed') && overWindow.test(messageOf(error)))
        throw new FoveaError(
          'over-window',
          `${model.name} cannot take a prompt of ${tokens} tokens: ${messageOf(error)}`,
          {
            cause: error,
          },
        )
      throw error
    } finally {
      this.#reserved -= tokens + output
    }
  }

  #refuse(tokens: number, price: number | undefined): void {
    const { limits = {} } = this.request
    const { calls, inputTokens, outputTokens, cost = 0 } = this.#usage
    if (this.stopped !== undefined) throw this.#stop(this.stopped)
    const spent = inputTokens.total + outputTokens + this.#reserved
    const why = refusal(limits, { calls: Math.max(calls, this.#begun), tokens: spent, cost }, tokens, price)
    if (why !== undefined) throw this.#stop(why)
  }

  #stop(why: string): FoveaError {
    if (this.#stopped === undefined) this.warn('reading-stopped', `no further call is begun: ${why}`)
    this.#stopped ??= why
    return new FoveaError('reading-stopped', why)
  }

  chunks(options: ChunkOptions): AsyncGenerator<Chunk, void, void> {
    return chunksOf(this.parts, { ...this.request, abortSignal: this.signal }, options)
  }

  async *over<Value>(
    chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
    task: (chunk: Chunk) => Promise<Value>,
    concurrency = this.concurrency,
  ): AsyncGenerator<Value, void, void> {
    const one = async (chunk: Chunk, again: boolean): Promise<Value[]> => {
      if (this.stopped !== undefined) {
        this.missed({ spans: [chunk.span], why: this.stopped })
        return []
      }
      try {
        this.emit({ type: 'read', spans: [chunk.span], label: chunk.label, index: chunk.index })
        return [await task(chunk)]
      } catch (error) {
        this.signal.throwIfAborted()
        if (FoveaError.is(error, 'over-window') && again && chunk.text.length > 1) {
          this.warn('over-window', messageOf(error), [chunk.span])
          const halves: Value[] = []
          for (const half of halvesOf(chunk)) halves.push(...(await one(half, false)))
          return halves
        }
        if (!isStopped(error) && !FoveaError.is(error)) throw error
        this.missed({ spans: [chunk.span], why: messageOf(error) })
        return []
      }
    }
    for await (const values of mapOrdered(chunks, (chunk) => one(chunk, true), concurrency)) yield* values
  }

  async retrieve(query: string, limit = this.request.limit): Promise<Passage[]> {
    const { filter } = this.request
    const passages = await this.parts.retriever.retrieve({
      text: query,
      limit,
      ...(filter ? { filter } : {}),
      abortSignal: this.signal,
    })
    this.emit({ type: 'retrieved', query, spans: passages.flatMap(({ spans }) => spans) })
    return passages
  }

  note(note: Note): void {
    this.emit({ type: 'noted', note, spans: note.evidence })
  }

  missed(gap: Gap): void {
    this.gaps.push(gap)
    this.warn('not-read', gap.why, gap.spans)
  }

  warn(code: string, message: string, spans: readonly Span[] = []): void {
    this.emit({ type: 'warned', code, message, spans })
  }

  usage(): Usage {
    return this.#usage
  }
}

/** A chunk as two, cut at the space nearest to its middle. */
function halvesOf(chunk: Chunk): Chunk[] {
  const { span, text } = chunk
  const half = Math.floor(text.length / 2)
  const space = text.lastIndexOf(' ', half)
  const surrogate = /[\udc00-\udfff]/.test(text[half] ?? '')
  const at = space > text.length / 4 ? space + 1 : surrogate ? half + 1 : half
  return [
    { ...chunk, span: { ...span, end: span.start + at }, text: text.slice(0, at) },
    { ...chunk, span: { ...span, start: span.start + at }, text: text.slice(at) },
  ].filter((piece) => piece.text !== '')
}
