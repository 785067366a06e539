import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { type Analyzer, eachPassageTerm, FoveaError, messageOf, type TermReader } from '../../../core/index.ts'
import { type SegmentBuilder, segmentBuilder } from '../../inverted/index.ts'
import { blockStorage, orphanSegments, readSegments } from './blocks.ts'
import { connectWriter, parseCounters, readMeta, writeMeta } from './connection.ts'
import { Content } from './content.ts'
import { storeError } from './errors.ts'
import { Files } from './files.ts'
import { insertSegment, mergeOnce } from './merging.ts'
import type { IndexerSetup, Interrupt, PlainError, Report, Request, SourceMessage } from './protocol.ts'
import { Ranges } from './ranges.ts'
import { passagesToEmbed } from './rows.ts'
import type { Counters } from './schema.ts'
import { chunkStride } from './structure.ts'
import { removeVectors, VectorWriter } from './vector-writer.ts'

const breath = 20
const checkpointBytes = 64 << 20

/**
 * The writing half: analyses, collects postings and commits batches. A batch is one transaction that holds files,
 * sources, text, postings and vectors together, so that a stop at any moment leaves the state of the last commit.
 */
export class Indexer {
  readonly #setup: IndexerSetup
  readonly #analyzer: Analyzer
  readonly #report: (report: Report) => void
  readonly #database: DatabaseSync
  readonly #counters: Counters
  readonly #content: Content
  readonly #files: Files
  readonly #vectors: VectorWriter | undefined
  readonly #reader: TermReader | undefined
  readonly #builder: SegmentBuilder
  readonly #storage
  #queue: Request[] = []
  #working = false
  #stopped = false
  #failed = false
  #begun: number | undefined
  #logged = 0
  #breathed = 0
  #uris: string[] = []
  #timer: NodeJS.Timeout | undefined
  // The passage that is being analysed.
  #words = 0
  #position = -1

  constructor(setup: IndexerSetup, analyzer: Analyzer, report: (report: Report) => void) {
    this.#setup = setup
    this.#analyzer = analyzer
    this.#reader = analyzer.numbered?.()
    this.#builder = segmentBuilder(this.#reader)
    this.#report = report
    this.#database = connectWriter(setup.path, setup.limits.maxPages)
    const database = this.#database
    this.#storage = blockStorage(database, (bytes) => {
      this.#logged += bytes
    })
    this.#counters = parseCounters(readMeta(database, 'counters'), setup.path)
    this.#content = new Content(database, this.#counters, setup.embedder !== undefined)
    this.#files = new Files(database, this.#content, this.#counters)
    this.#claim()
    this.#clean()
    this.#vectors =
      setup.embedder &&
      new VectorWriter(database, this.#counters, setup.embedder.dimensions, (id, texts) =>
        report({ type: 'embed', id, texts }),
      )
  }

  /** Notes whose terms and vectors the store holds; an empty store takes any. */
  #claim(): void {
    const { analyzerName, embedder, path } = this.#setup
    const known = readMeta(this.#database, 'analyzer')
    if (known !== analyzerName) {
      if (known !== undefined && readSegments(this.#database).length > 0)
        throw new FoveaError('analyzer-changed', `${path} was indexed with the analyzer ${known}; index again`)
      writeMeta(this.#database, 'analyzer', analyzerName)
    }
    if (!embedder) return
    const { name, dimensions } = embedder
    writeMeta(this.#database, 'embedder', JSON.stringify({ name, dimensions }))
  }

  /** Takes away what an earlier writer left unfinished: sources of files that never became whole, blocks of no segment. */
  #clean(): void {
    const pending = this.#database.prepare('SELECT first FROM sources WHERE ready = 0').all()
    const known = new Set(readSegments(this.#database).map((info) => info.segment))
    const orphans = orphanSegments(this.#database, known)
    if (pending.length === 0 && orphans.length === 0) return
    this.#begin()
    for (const row of pending) this.#content.delete(Number(row.first))
    for (const segment of orphans) this.#storage.remove(segment)
    const deleted = Ranges.of(this.#content.commitDeleted())
    removeVectors(this.#database, deleted, this.#counters)
    this.#commitTransaction()
  }

  post(requests: readonly Request[]): void {
    this.#queue.push(...requests)
    if (!this.#working) void this.#work()
  }

  interrupt(interrupt: Interrupt): void {
    if (interrupt.type === 'vectors') this.#vectors?.arrive(interrupt.id, interrupt.values)
    else {
      this.#stopped = true
      this.#vectors?.stop(new FoveaError('stopped', 'the writer was stopped'))
    }
  }

  async #work(): Promise<void> {
    this.#working = true
    clearTimeout(this.#timer)
    if (this.#setup.embedder && !this.#filled) await this.#guard(() => this.#fillVectors())
    for (let at = 0; ; at++) {
      if (at >= this.#queue.length) {
        this.#queue = []
        break
      }
      const request = this.#queue[at]!
      this.#queue[at] = undefined as never
      if (request.type === 'close') await this.#close(request)
      else if (!this.#stopped && !this.#failed) await this.#guard(() => this.#handle(request))
      if (request.type === 'source') this.#report({ type: 'taken', size: request.size })
      await this.#breathe()
    }
    this.#working = false
    if (this.#begun === undefined || this.#failed) return
    this.#timer = setTimeout(() => {
      if (!this.#working) this.post([{ type: 'flush' }])
    }, this.#setup.limits.batchMilliseconds)
    this.#timer.unref?.()
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (this.#stopped) return
      this.#failed = true
      this.#rollback()
      this.#report({ type: 'failed', ...this.#plain(error) })
    }
  }

  #plain(error: unknown): PlainError {
    const known = storeError(error, this.#setup.path)
    if (FoveaError.is(known)) return { code: known.code, message: known.message, detail: known.detail }
    return { code: 'writer-failed', message: `writing ${this.#setup.path} failed: ${messageOf(known)}`, detail: {} }
  }

  async #handle(request: Request): Promise<void> {
    const { limits } = this.#setup
    switch (request.type) {
      case 'source':
        this.#begin()
        await this.#index(this.#files.add(request.put, request.source), request.source)
        break
      case 'end':
        this.#begin()
        this.#files.end(request.put, request.file)
        this.#uris.push(request.file.uri)
        break
      case 'drop':
        this.#begin()
        this.#files.drop(request.put)
        break
      case 'remove':
        this.#begin()
        this.#files.remove(request.uri)
        this.#uris.push(request.uri)
        break
      case 'move':
        this.#begin()
        try {
          this.#files.move(request.from, request.to)
        } catch (error) {
          if (!FoveaError.is(error, 'file-unknown')) throw error
          this.#report({ type: 'refused', id: request.id, ...this.#plain(error) })
          break
        }
        this.#uris.push(request.to.uri)
        this.#report({ type: 'done', id: request.id })
        break
      case 'flush':
        await this.#commit()
        if (request.id !== undefined) this.#report({ type: 'done', id: request.id })
        return
      case 'close':
        return
    }
    if (this.#begun !== undefined && (this.#large || performance.now() - this.#begun > limits.batchMilliseconds)) {
      await this.#commit()
      await this.#merge(2 * limits.mergeWidth)
    }
  }

  get #large(): boolean {
    const { batchBytes } = this.#setup.limits
    return this.#builder.bytes > batchBytes || this.#content.written > batchBytes
  }

  async #index(place: ReturnType<Files['add']>, { text, chunks, contexts }: SourceMessage): Promise<void> {
    if (!place) return
    let words = 0
    for (let at = 0, number = place.first; at < chunks.length; at += chunkStride, number++) {
      const context = contexts?.[at / chunkStride]
      this.#content.passage(number, place.base, chunks, at)
      const rows = text.slice(chunks[at]!, chunks[at + 1]!)
      const header = chunks[at + 3]! < 0 ? '' : text.slice(chunks[at + 3]!, chunks[at + 4]!)
      this.#builder.begin(number)
      this.#words = 0
      this.#position = -1
      const parts = { header, text: rows, ...(context ? { context } : {}) }
      if (this.#reader) eachPassageTerm(this.#reader, parts, this.#emitNumber)
      else eachPassageTerm(this.#analyzer, parts, this.#emit)
      this.#builder.end()
      words += this.#words
      if (this.#vectors) await this.#vectors.add(number, header === '' ? rows : `${header}\n${rows}`)
      if (performance.now() - this.#breathed > breath) await this.#breathe()
      if (this.#stopped) return
      if (!this.#large) continue
      this.#content.setWords(place.first, words)
      await this.#commit()
      await this.#merge(2 * this.#setup.limits.mergeWidth)
      this.#begin()
    }
    this.#content.setWords(place.first, words)
  }

  #count(position: number): void {
    if (position === this.#position) return
    this.#words++
    this.#position = position
  }

  readonly #emit = (term: string, position: number): void => {
    this.#count(position)
    this.#builder.term(term, position)
  }

  readonly #emitNumber = (number: number, position: number): void => {
    this.#count(position)
    this.#builder.number(number, position)
  }

  async #breathe(): Promise<boolean> {
    if (performance.now() - this.#breathed > breath) {
      await turn()
      this.#breathed = performance.now()
    }
    return !this.#stopped
  }

  #begin(): void {
    if (this.#begun !== undefined) return
    this.#database.exec('BEGIN IMMEDIATE')
    this.#begun = performance.now()
  }

  #rollback(): void {
    this.#begun = undefined
    if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK')
  }

  #commitTransaction(): void {
    writeMeta(this.#database, 'counters', JSON.stringify(this.#counters))
    this.#database.exec('COMMIT')
    this.#begun = undefined
    if (this.#logged < checkpointBytes) return
    this.#logged = 0
    this.#checkpoint('PASSIVE')
  }

  /** Copies the log into the file. What is committed is durable without it, so that a failure here is no failure. */
  #checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): void {
    try {
      this.#database.exec(`PRAGMA wal_checkpoint(${mode})`)
    } catch {
      // The next commit or checkpoint meets the same trouble, if it lasts, and reports it.
    }
  }

  async #commit(): Promise<void> {
    if (this.#begun === undefined) return
    await this.#vectors?.settle()
    this.#logged += this.#content.written
    this.#content.flush()
    if (this.#builder.passages > 0)
      insertSegment(this.#database, this.#builder.write(this.#storage, this.#counters.nextSegment++))
    const deleted = Ranges.of(this.#content.commitDeleted())
    if (this.#vectors) this.#vectors.commit(deleted)
    else removeVectors(this.#database, deleted, this.#counters)
    this.#counters.generation++
    this.#commitTransaction()
    const uris = this.#uris
    this.#uris = []
    if (uris.length > 0) this.#report({ type: 'durable', uris })
  }

  async #merge(width: number): Promise<void> {
    const context = {
      database: this.#database,
      counters: this.#counters,
      width,
      begin: () => this.#begin(),
      commit: () => this.#commitTransaction(),
      breathe: () => this.#breathe(),
      progress: (done: number) => this.#report({ type: 'progress', stage: 'merging', done, total: 1 }),
    }
    while (!this.#stopped && (await mergeOnce(context)));
  }

  #filled = false
  /** Embeds the passages that were written without an embedder. */
  async #fillVectors(): Promise<void> {
    this.#filled = true
    if (this.#counters.vectors >= this.#counters.passages) return
    for (const { first, passages } of passagesToEmbed(this.#database)) {
      this.#begin()
      for (const { number, text } of passages) await this.#vectors!.add(number, text)
      this.#database.prepare('UPDATE sources SET embedded = 1 WHERE first = ?').run(first)
      if (performance.now() - this.#begun! > this.#setup.limits.batchMilliseconds) await this.#commit()
      if (!(await this.#breathe())) return
    }
  }

  async #close({ id, abort, merge }: Request & { type: 'close' }): Promise<void> {
    clearTimeout(this.#timer)
    if (!abort && !this.#failed)
      await this.#guard(async () => {
        await this.#commit()
        if (merge) await this.#merge(this.#setup.limits.mergeWidth)
      })
    this.#rollback()
    if (!this.#failed || !abort) this.#checkpoint('TRUNCATE')
    this.#database.close()
    this.#report({ type: 'done', id })
  }
}
