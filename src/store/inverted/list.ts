import { corrupt, View } from './bytes.ts'
import type { Entry } from './dictionary.ts'
import type { Saturation } from './impacts.ts'
import { groupSize, unpack } from './packing.ts'
import { runGroups } from './postings.ts'
import type { Segment } from './segment.ts'

/** Above every local passage number. */
export const noPassage = 0x7fffffff

/** The postings of one term in one segment, read group by group, ever forward. Passages are numbered locally. */
export class PostingList {
  /** Passages in the list. */
  frequency = 0
  /** Best saturation in the whole list. */
  best = 0
  runs = 0
  /** Groups in the loaded run. */
  groups = 0
  /** The loaded group: its passages, how many, and which is current. */
  readonly passages = new Int32Array(groupSize)
  count = 0
  index = 0
  /** Last passage of the loaded group, -1 before the first. */
  groupEnd = -1
  #segment!: Segment
  #saturation!: Saturation
  readonly #view = new View()
  #run = -1
  #group = -1
  /** Whether `nextGroup` has given the loaded group. */
  #taken = false
  #runLast = new Int32Array(8)
  #runOffset = new Float64Array(8)
  #runTableSize = new Int32Array(8)
  #runPositions = new Float64Array(8)
  #runBest = new Float64Array(8)
  readonly #groupLast = new Int32Array(runGroups)
  readonly #groupOffset = new Float64Array(runGroups)
  readonly #groupBytes = new Float64Array(runGroups)
  readonly #groupPositions = new Float64Array(runGroups)
  readonly #groupPositionsBytes = new Float64Array(runGroups)
  readonly #groupBest = new Float64Array(runGroups)
  readonly #frequencies = new Int32Array(groupSize)
  #frequenciesRead = false
  /** The bytes of the loaded group and where its frequencies start. */
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #positionBytes: Uint8Array | undefined
  #positionAt = 0
  #positionEnd = 0
  #positionIndex = 0

  /** Starts a list before its first passage. */
  open(segment: Segment, entry: Entry, saturation: Saturation): this {
    this.#segment = segment
    this.#saturation = saturation
    this.frequency = entry.frequency
    this.#run = -1
    this.#group = -1
    this.#taken = false
    this.groupEnd = -1
    this.count = 0
    this.index = 0
    if (entry.inline) this.#openInline(entry)
    else if (entry.frequency <= groupSize) this.#openGroup(entry)
    else this.#openDirectory(entry)
    return this
  }

  #openInline(entry: Entry): void {
    if (entry.frequency > groupSize) throw corrupt('a list within the dictionary is too long')
    const view = this.#view.set(entry.bytes, entry.at, entry.at + entry.size)
    const shortest = view.bytes[view.skip(1)]!
    let last = -1
    let highest = 1
    for (let i = 0; i < entry.frequency; i++) {
      const head = view.varint()
      last += Math.floor(head / 2) + 1
      if (last >= noPassage) throw corrupt('a passage number is too high')
      const frequency = head % 2 === 1 ? 1 : view.varint()
      this.passages[i] = last
      this.#frequencies[i] = frequency
      if (frequency > highest) highest = frequency
    }
    this.best = this.#saturation.of(highest, shortest)
    this.#single(last, entry)
    this.#frequenciesRead = true
    this.#positionBytes = entry.bytes
    this.#positionAt = view.at
    this.#positionEnd = view.end
    this.#positionIndex = 0
  }

  #openGroup(entry: Entry): void {
    this.#segment.locate('postings', entry.offset, entry.size)
    const { bytes, at } = this.#segment
    const view = this.#view.set(bytes, at, at + entry.size)
    this.best = this.#saturation.best(view)
    this.#unpack(bytes, view.at, entry.frequency, -1, at + entry.size)
    this.#single(this.passages[entry.frequency - 1]!, entry)
  }

  /** A list of one group, which is loaded. */
  #single(last: number, entry: Entry): void {
    this.runs = 1
    this.groups = 1
    this.#run = 0
    this.#group = 0
    this.#runLast[0] = last
    this.#runBest[0] = this.best
    this.#groupLast[0] = last
    this.#groupBest[0] = this.best
    this.#groupPositions[0] = entry.positionsOffset
    this.#groupPositionsBytes[0] = entry.positionsSize
    this.count = entry.frequency
    this.index = 0
    this.groupEnd = last
  }

  #openDirectory(entry: Entry): void {
    const runs = Math.ceil(Math.ceil(entry.frequency / groupSize) / runGroups)
    const { directorySize } = entry
    if (directorySize < runs || directorySize > entry.size) throw corrupt('the directory of a list has the wrong size')
    this.#segment.locate('postings', entry.offset + entry.size - directorySize, directorySize)
    const view = this.#view.set(this.#segment.bytes, this.#segment.at, this.#segment.at + directorySize)
    if (this.#runLast.length < runs) {
      this.#runLast = new Int32Array(runs * 2)
      this.#runOffset = new Float64Array(runs * 2)
      this.#runTableSize = new Int32Array(runs * 2)
      this.#runPositions = new Float64Array(runs * 2)
      this.#runBest = new Float64Array(runs * 2)
    }
    this.runs = runs
    this.best = 0
    let last = -1
    let offset = entry.offset
    let positions = entry.positionsOffset
    for (let run = 0; run < runs; run++) {
      last += view.varint() + 1
      if (last >= noPassage) throw corrupt('a passage number is too high')
      this.#runLast[run] = last
      this.#runTableSize[run] = view.varint()
      this.#runOffset[run] = offset
      offset += view.varint()
      this.#runPositions[run] = positions
      positions += view.varint()
      const best = this.#saturation.best(view)
      this.#runBest[run] = best
      if (best > this.best) this.best = best
    }
    if (offset !== entry.offset + entry.size - directorySize) throw corrupt('the runs of a list do not add up')
  }

  /** Loads the table of a run. */
  loadRun(run: number): void {
    const size = this.#runTableSize[run]!
    this.#segment.locate('postings', this.#runOffset[run]!, size)
    const view = this.#view.set(this.#segment.bytes, this.#segment.at, this.#segment.at + size)
    const all = Math.ceil(this.frequency / groupSize)
    this.groups = Math.min(runGroups, all - run * runGroups)
    let last = run === 0 ? -1 : this.#runLast[run - 1]!
    let offset = this.#runOffset[run]! + size
    let positions = this.#runPositions[run]!
    for (let group = 0; group < this.groups; group++) {
      last += view.varint() + 1
      this.#groupLast[group] = last
      this.#groupOffset[group] = offset
      offset += this.#groupBytes[group] = view.varint()
      this.#groupPositions[group] = positions
      positions += this.#groupPositionsBytes[group] = view.varint()
      this.#groupBest[group] = this.#saturation.best(view)
    }
    if (last !== this.#runLast[run]) throw corrupt('the groups of a list do not end where its run does')
    this.#run = run
    this.#group = -1
  }

  /** Unpacks the passages of a group of the loaded run. */
  loadGroup(group: number): void {
    const size = this.#groupBytes[group]!
    this.#segment.locate('postings', this.#groupOffset[group]!, size)
    const { bytes, at } = this.#segment
    const before = group > 0 ? this.#groupLast[group - 1]! : this.#run > 0 ? this.#runLast[this.#run - 1]! : -1
    const groupNumber = this.#run * runGroups + group
    this.count = Math.min(groupSize, this.frequency - groupNumber * groupSize)
    this.#unpack(bytes, at, this.count, before, at + size)
    this.groupEnd = this.#groupLast[group]!
    if (this.passages[this.count - 1] !== this.groupEnd) throw corrupt('a group of postings ends at the wrong passage')
    this.#group = group
    this.index = 0
  }

  #unpack(bytes: Uint8Array, at: number, count: number, before: number, end: number): void {
    const passages = this.passages
    this.#at = unpack(bytes, at, count, passages)
    if (this.#at > end) throw corrupt('a group of postings runs past its end')
    let last = before
    for (let i = 0; i < count; i++) {
      last += passages[i]! + 1
      passages[i] = last
    }
    if (!(last < noPassage)) throw corrupt('a passage number is too high')
    this.#bytes = bytes
    this.#frequenciesRead = false
    this.#positionBytes = undefined
  }

  /** Loads the group after the loaded one; false behind the last. For reading a list from end to end. */
  nextGroup(): boolean {
    if (this.#group < 0 && this.#run < 0) this.loadRun(0)
    else if (this.#group >= 0 && !this.#taken) {
      this.#taken = true
      return true
    }
    if (this.#group + 1 === this.groups) {
      if (this.#run + 1 === this.runs) return false
      this.loadRun(this.#run + 1)
    }
    this.loadGroup(this.#group + 1)
    this.#taken = true
    return true
  }

  /** Frequencies of the loaded group. */
  get frequencies(): Int32Array {
    if (!this.#frequenciesRead) {
      unpack(this.#bytes, this.#at, this.count, this.#frequencies)
      for (let i = 0; i < this.count; i++) this.#frequencies[i]!++
      this.#frequenciesRead = true
    }
    return this.#frequencies
  }

  /** Loads the group that the first passage from `passage` on lies in; false when there is none. */
  seekGroup(passage: number): boolean {
    if (passage <= this.groupEnd) return true
    let run = Math.max(this.#run, 0)
    while (run < this.runs && this.#runLast[run]! < passage) run++
    if (run === this.runs) return false
    if (run !== this.#run) this.loadRun(run)
    let group = Math.max(this.#group, 0)
    while (this.#groupLast[group]! < passage) group++
    if (group !== this.#group) this.loadGroup(group)
    return true
  }

  /** Moves to the first passage from `passage` on and returns it, or `noPassage`. */
  next(passage: number): number {
    if (!this.seekGroup(passage)) return noPassage
    const passages = this.passages
    let low = this.index
    if (passages[low]! >= passage) return passages[low]!
    let step = 1
    while (low + step < this.count && passages[low + step]! < passage) {
      low += step
      step *= 2
    }
    let high = Math.min(low + step, this.count - 1)
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if (passages[middle]! < passage) low = middle
      else high = middle
    }
    this.index = high
    return passages[high]!
  }

  /** Like `next` where that needs no unpacking, otherwise a number that is not above it. */
  nextAtLeast(passage: number, worthwhile: number): number {
    if (passage <= this.groupEnd) return this.next(passage)
    let run = Math.max(this.#run, 0)
    while (run < this.runs && this.#runLast[run]! < passage) run++
    if (run === this.runs) return noPassage
    const before = run === 0 ? -1 : this.#runLast[run - 1]!
    // A sparse list is worth unpacking: it tells where nothing is.
    if ((this.#runLast[run]! - before) / runGroups > worthwhile) return this.next(passage)
    return Math.max(passage, before + 1)
  }

  /** No posting from `low` to `high` (exclusive) saturates more than this; 0 when there is none. `low` never falls. */
  windowBest(low: number, high: number, window: number): number {
    let run = Math.max(this.#run, 0)
    while (run < this.runs && this.#runLast[run]! < low) run++
    if (run === this.runs) return 0
    const before = run === 0 ? -1 : this.#runLast[run - 1]!
    if (before + 1 >= high) return 0
    let best = 0
    if (this.#run === run || this.#runLast[run]! - before > 2 * window) {
      if (this.#run !== run) this.loadRun(run)
      let group = Math.max(this.#group, 0)
      while (this.#groupLast[group]! < low) group++
      const start = group === 0 ? before : this.#groupLast[group - 1]!
      if (start + 1 >= high) return 0
      if (group === this.#group && high <= this.groupEnd) {
        return this.next(low) < high ? this.#groupBest[group]! : 0
      }
      for (; group < this.groups; group++) {
        if (this.#groupBest[group]! > best) best = this.#groupBest[group]!
        if (this.#groupLast[group]! >= high - 1) return best
      }
      run++
    }
    for (; run < this.runs; run++) {
      if (run > 0 && this.#runLast[run - 1]! + 1 >= high) break
      if (this.#runBest[run]! > best) best = this.#runBest[run]!
    }
    return best
  }

  /** Best saturation in the group that `seekGroup(passage)` would load, without unpacking it. */
  groupBest(passage: number): number {
    if (passage <= this.groupEnd) return this.#groupBest[this.#group]!
    let run = Math.max(this.#run, 0)
    while (run < this.runs && this.#runLast[run]! < passage) run++
    if (run === this.runs) return 0
    if (run !== this.#run) this.loadRun(run)
    let group = Math.max(this.#group, 0)
    while (this.#groupLast[group]! < passage) group++
    return this.#groupBest[group]!
  }

  /** Last passage of the group that holds the first passage from `passage` on. Call after `groupBest`. */
  groupLast(passage: number): number {
    if (passage <= this.groupEnd) return this.groupEnd
    let group = Math.max(this.#group, 0)
    while (group < this.groups && this.#groupLast[group]! < passage) group++
    return group < this.groups ? this.#groupLast[group]! : noPassage
  }

  /** Gap-coded positions of the loaded group's postings, one after another: bytes, from and to. */
  groupPositions(): View {
    if (this.#positionBytes === undefined) {
      const size = this.#groupPositionsBytes[this.#group]!
      this.#segment.locate('positions', this.#groupPositions[this.#group]!, size)
      this.#positionBytes = this.#segment.bytes
      this.#positionAt = this.#segment.at
      this.#positionIndex = 0
      this.#positionEnd = this.#segment.at + size
    }
    return this.#view.set(this.#positionBytes, this.#positionAt, this.#positionEnd)
  }

  /** Appends the positions of the current posting to `out`. */
  positions(out: number[]): void {
    const frequencies = this.frequencies
    const view = this.groupPositions()
    if (this.#positionIndex > this.index) throw new RangeError('Positions are read forward only')
    for (; this.#positionIndex < this.index; this.#positionIndex++) {
      for (let i = frequencies[this.#positionIndex]!; i > 0; i--) view.varint()
    }
    this.#positionAt = view.at
    let position = 0
    for (let i = frequencies[this.index]!; i > 0; i--) {
      position += view.varint()
      out.push(position)
    }
  }
}
