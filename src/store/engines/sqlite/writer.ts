import { Worker } from 'node:worker_threads'
import { type Embedder, FoveaError, messageOf } from '../../../core/index.ts'
import type { FileRecord, PortableAnalyzer, PutSource, StoreWriter, WriterOptions } from '../../contract.ts'
import { Indexer } from './indexer.ts'
import type { IndexerSetup, Interrupt, PlainError, Report, Request, SourceMessage } from './protocol.ts'
import { chunkStride, encodeOrigin, encodeOutline } from './structure.ts'

/** Bytes on their way to the worker before `put` waits, and bytes that are sent as one message. */
const mostUnderWay = 4 << 20
const messageBytes = 256 << 10

/** Short-lived strings and arrays of the worker: more only makes the process larger. */
const youngGenerationMegabytes = 16

/** Where requests go: a worker thread, or the same thread when the analyzer cannot be made in another. */
interface Port {
  post(requests: readonly Request[]): void
  interrupt(interrupt: Interrupt): void
  /** Resolves when nothing will be reported any more. */
  readonly ended: Promise<void>
}

const fileEnding = /\.[cm]?[jt]s$/.exec(import.meta.url)?.[0] ?? '.js'

function startWorker(workerData: IndexerSetup): Worker {
  const url = new URL(`./worker${fileEnding}`, import.meta.url)
  const options = { workerData, resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMegabytes } }
  // Node 22 calls its SQLite experimental on stderr; the user can do nothing about it.
  const execArgv = [...process.execArgv, '--disable-warning=ExperimentalWarning']
  try {
    return new Worker(url, { ...options, execArgv })
  } catch {
    // Some flags of the process, such as those of V8, cannot be given to a thread: it then has them anyway.
    return new Worker(url, options)
  }
}

function threadPort(setup: IndexerSetup, report: (report: Report) => void): Port {
  const worker = startWorker(setup)
  const failed = (message: string): void =>
    report({ type: 'failed', code: 'writer-failed', message, detail: { path: setup.path } })
  let closing = false
  worker.on('message', report)
  worker.on('error', (error) => failed(`the writer of ${setup.path} failed: ${messageOf(error)}; run again`))
  return {
    post(requests) {
      closing ||= requests.at(-1)?.type === 'close'
      worker.postMessage(requests)
    },
    interrupt: (interrupt) => worker.postMessage(interrupt),
    ended: new Promise((resolve) => {
      worker.on('exit', (code) => {
        if (code !== 0 || !closing) failed(`the writer of ${setup.path} ended with code ${code}; run again`)
        resolve()
      })
    }),
  }
}

function samePort(setup: IndexerSetup, analyzer: PortableAnalyzer, report: (report: Report) => void): Port {
  let end = (): void => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  let closing: number | undefined
  const indexer = new Indexer(setup, analyzer, (message) => {
    report(message)
    if (message.type === 'done' && message.id === closing) end()
  })
  queueMicrotask(() => report({ type: 'ready' }))
  return {
    post(requests) {
      const last = requests.at(-1)
      if (last?.type === 'close') closing = last.id
      indexer.post(requests)
    },
    interrupt: (interrupt) => indexer.interrupt(interrupt),
    ended,
  }
}

function messageOfSource({ source, chunks }: PutSource, file: FileRecord): SourceMessage {
  const packed = new Int32Array(chunks.length * chunkStride)
  chunks.forEach((chunk, index) => {
    packed.set(
      [chunk.start, chunk.end, chunk.node ?? -1, chunk.header?.[0] ?? -1, chunk.header?.[1] ?? -1],
      index * chunkStride,
    )
  })
  return {
    id: source.id,
    text: source.text,
    mediaType: source.mediaType,
    fileTime: source.time !== undefined && source.time === file.modified,
    ...(source.time === undefined ? {} : { time: source.time }),
    ...(source.title === undefined ? {} : { title: source.title }),
    ...(source.language === undefined ? {} : { language: source.language }),
    ...(source.part === undefined ? {} : { part: { index: source.part.index, base: source.part.base } }),
    chunks: packed,
    ...(chunks.some(({ context }) => context) ? { contexts: chunks.map(({ context = '' }) => context) } : {}),
    ...(source.outline?.length ? { outline: encodeOutline(source.outline) } : {}),
    ...(source.origin ? { origin: encodeOrigin(source.origin) } : {}),
  }
}

const sizeOf = ({ text, chunks, contexts, outline, origin }: SourceMessage): number =>
  2 * text.length +
  (contexts?.reduce((sum, context) => sum + context.length, 0) ?? 0) +
  chunks.byteLength +
  (outline?.length ?? 0) +
  (origin?.length ?? 0) +
  512

const errorOf = ({ code, message, detail }: PlainError, cause?: unknown): FoveaError =>
  new FoveaError(code, message, { detail: { ...detail }, cause })

interface Waiter {
  resolve(): void
  reject(reason: unknown): void
}

/** The caller's half of the writer: encodes sources, sends them with back-pressure, embeds when it is asked to. */
export class SqliteWriter implements StoreWriter {
  readonly #port: Port
  readonly #options: WriterOptions
  readonly #embedder: Embedder | undefined
  readonly #release: () => void
  readonly #embedding = new AbortController()
  readonly #waiters = new Map<number, Waiter>()
  #room: Waiter[] = []
  #ready!: Waiter
  #queue: Request[] = []
  #queued = 0
  #scheduled = false
  #underWay = 0
  #puts = 0
  #ids = 0
  #failure: unknown
  #closing: Promise<void> | undefined

  /** Starts the worker. `release` lets the lock go. */
  static async start(
    setup: IndexerSetup,
    analyzer: PortableAnalyzer,
    embedder: Embedder | undefined,
    options: WriterOptions,
    release: () => void,
  ): Promise<SqliteWriter> {
    const writer = new SqliteWriter(setup, analyzer, embedder, options, release)
    try {
      await writer.#started
    } catch (error) {
      await writer.#port.ended
      throw error
    }
    return writer
  }
  readonly #started: Promise<void>

  constructor(
    setup: IndexerSetup,
    analyzer: PortableAnalyzer,
    embedder: Embedder | undefined,
    options: WriterOptions,
    release: () => void,
  ) {
    this.#options = options
    this.#embedder = embedder
    this.#release = release
    this.#started = new Promise((resolve, reject) => {
      this.#ready = { resolve, reject }
    })
    const report = (message: Report): void => this.#take(message)
    this.#port = setup.analyzerModule ? threadPort(setup, report) : samePort(setup, analyzer, report)
    options.abortSignal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  readonly #onAbort = (): void => {
    const reason = this.#options.abortSignal?.reason
    for (const waiter of this.#room) waiter.reject(reason)
    this.#room = []
  }

  #take(report: Report): void {
    switch (report.type) {
      case 'ready':
        this.#ready.resolve()
        break
      case 'taken': {
        this.#underWay -= report.size
        if (this.#underWay > mostUnderWay / 2) break
        const room = this.#room
        this.#room = []
        for (const waiter of room) waiter.resolve()
        break
      }
      case 'durable':
        this.#options.onDurable?.(report.uris)
        break
      case 'done':
        this.#waiters.get(report.id)?.resolve()
        this.#waiters.delete(report.id)
        break
      case 'refused':
        this.#waiters.get(report.id)?.reject(errorOf(report))
        this.#waiters.delete(report.id)
        break
      case 'progress':
        this.#options.onProgress?.({
          stage: report.stage,
          done: report.done,
          ...(report.total === undefined ? {} : { total: report.total }),
        })
        break
      case 'embed':
        void this.#embed(report.id, report.texts)
        break
      case 'failed':
        this.#fail(errorOf(report))
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    this.#embedding.abort(this.#failure)
    const waiters = [...this.#waiters, ...this.#room.map((waiter) => [-1, waiter] as const)]
    this.#room = []
    for (const [id, waiter] of waiters) {
      if (id === this.#closeId) continue
      this.#waiters.delete(id)
      waiter.reject(this.#failure)
    }
    this.#ready.reject(this.#failure)
  }

  async #embed(id: number, texts: readonly string[]): Promise<void> {
    try {
      const { dimensions, name } = this.#embedder!
      const vectors = await this.#embedder!.embed(texts, 'passage', this.#embedding.signal)
      const values = new Float32Array(texts.length * dimensions)
      if (vectors.length !== texts.length || vectors.some((vector) => vector.length !== dimensions))
        throw new FoveaError(
          'embedder-changed',
          `${name} gave ${vectors.length} vectors of ${vectors[0]?.length} numbers for ${texts.length} texts of ${dimensions}`,
        )
      vectors.forEach((vector, index) => {
        values.set(vector, index * dimensions)
      })
      if (!values.every(Number.isFinite))
        throw new FoveaError('embedder-failed', `${name} gave a vector with numbers that are not finite`)
      this.#port.interrupt({ type: 'vectors', id, values })
    } catch (error) {
      this.#fail(error)
      this.#port.interrupt({ type: 'stop' })
    }
  }

  #check(): void {
    if (this.#failure) throw this.#failure
    this.#options.abortSignal?.throwIfAborted()
    if (this.#closing)
      throw new FoveaError('closed', 'the writer is closed; call write() again', { cause: this.#failure })
  }

  #send(request: Request, size = 256): void {
    this.#queue.push(request)
    this.#queued += size
    if (this.#queued >= messageBytes) this.#post()
    else if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(() => this.#post())
    }
  }

  #post(): void {
    this.#scheduled = false
    if (this.#queue.length === 0) return
    const queue = this.#queue
    this.#queue = []
    this.#queued = 0
    this.#port.post(queue)
  }

  #request(make: (id: number) => Request): Promise<void> {
    const id = this.#ids++
    const done = new Promise<void>((resolve, reject) => this.#waiters.set(id, { resolve, reject }))
    this.#send(make(id))
    this.#post()
    return done
  }

  async put(file: FileRecord, sources: AsyncIterable<PutSource> | Iterable<PutSource>): Promise<void> {
    this.#check()
    const put = this.#puts++
    try {
      for await (const entry of sources) {
        this.#check()
        const source = messageOfSource(entry, file)
        const size = sizeOf(source)
        this.#underWay += size
        this.#send({ type: 'source', put, size, source }, size)
        if (this.#underWay <= mostUnderWay) continue
        this.#post()
        await new Promise<void>((resolve, reject) => this.#room.push({ resolve, reject }))
      }
      this.#check()
    } catch (error) {
      if (!this.#failure) this.#send({ type: 'drop', put })
      throw error
    }
    this.#send({ type: 'end', put, file })
  }

  async move(from: string, to: FileRecord): Promise<void> {
    this.#check()
    await this.#request((id) => ({ type: 'move', id, from, to }))
  }

  async remove(uri: string): Promise<void> {
    this.#check()
    this.#send({ type: 'remove', uri })
  }

  async flush(): Promise<void> {
    this.#check()
    await this.#request((id) => ({ type: 'flush', id }))
  }

  #closeId = -1
  close(options: { abort?: boolean } = {}): Promise<void> {
    this.#closing ??= this.#close(options.abort ?? false)
    return this.#closing
  }

  async #close(abort: boolean): Promise<void> {
    this.#options.abortSignal?.removeEventListener('abort', this.#onAbort)
    const dropping = abort || this.#failure !== undefined
    try {
      if (dropping) {
        this.#embedding.abort(new FoveaError('stopped', 'the writer was closed'))
        this.#port.interrupt({ type: 'stop' })
      }
      this.#closeId = this.#ids
      const merge = !this.#options.abortSignal?.aborted
      const done = this.#request((id) => ({ type: 'close', id, abort: dropping, merge }))
      await Promise.race([done, this.#port.ended])
      await this.#port.ended
      if (!abort && this.#failure) throw this.#failure
    } finally {
      this.#release()
    }
  }
}
