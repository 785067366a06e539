import { FoveaError, messageOf } from '../../core/index.ts'
import type { ModelReply } from '../../model/index.ts'
import { alike, type Draft } from './queries.ts'
import { isStopped, type Run, type RunCall } from './run.ts'

/** Lets at most so many through at once, in the order in which they came. */
export function gate(most: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let free = Math.max(1, most)
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

export interface TaskNode<Value> {
  /** From 1, in the order in which they were made. */
  readonly id: number
  readonly text: string
  /** 0 for the root. */
  readonly depth: number
  readonly parent?: TaskNode<Value>
  readonly children: TaskNode<Value>[]
  value?: Value
  failed?: string
}
export interface TaskLimits {
  readonly depth: number
  readonly tasks: number
}

/**
 * Tasks that make tasks. Each sees only what it is handed (its own text, its path), never the inside of others. Depth and number are
 * bounded, and a task that is one of its own ancestors is refused, so that every recursion ends.
 */
export class TaskTree<Value> {
  readonly nodes: TaskNode<Value>[] = []
  readonly #run: Run
  readonly #limits: TaskLimits
  readonly #pass: ReturnType<typeof gate>

  constructor(run: Run, limits: TaskLimits) {
    this.#run = run
    this.#limits = limits
    this.#pass = gate(run.concurrency)
  }

  /** A task below another; undefined, with a warning, where it may not be. */
  add(text: string, parent?: TaskNode<Value>): TaskNode<Value> | undefined {
    const depth = parent ? parent.depth + 1 : 0
    const why =
      text.trim() === ''
        ? 'it is empty'
        : depth > this.#limits.depth
          ? `it is deeper than ${this.#limits.depth}`
          : this.nodes.length >= this.#limits.tasks
            ? `there are ${this.#limits.tasks} tasks already`
            : pathOf(parent).some((other) => alike(other.text) === alike(text))
              ? 'it is one of its own ancestors'
              : undefined
    if (why !== undefined) {
      this.#run.warn('task-refused', `the task "${text.slice(0, 80)}" is not begun: ${why}`)
      return undefined
    }
    const node = { id: this.nodes.length + 1, text, depth, children: [], ...(parent ? { parent } : {}) }
    this.nodes.push(node)
    parent?.children.push(node)
    return node
  }

  /** Does a task; what fails is kept as its reason, and work goes on. */
  async settle(node: TaskNode<Value>, work: (node: TaskNode<Value>) => Promise<Value>): Promise<Value | undefined> {
    try {
      node.value = await work(node)
    } catch (error) {
      node.failed = reasonOf(this.#run, error, node.text)
    }
    return node.value
  }

  /** A call of the run; over all tasks together no more are in flight than the run allows. */
  call(call: RunCall): Promise<ModelReply> {
    return this.#pass(() => this.#run.call(call))
  }

  /** The tree as indented lines. */
  trace(): string[] {
    const lines = (node: TaskNode<Value>): string[] => [
      `${'  '.repeat(node.depth)}${node.id}. ${node.text.replace(/\s+/g, ' ')}${node.failed === undefined ? '' : ' (failed)'}`,
      ...node.children.flatMap(lines),
    ]
    return this.nodes.filter(({ parent }) => !parent).flatMap(lines)
  }
}

/** A task and its ancestors, the root first. */
export const pathOf = <Value>(node: TaskNode<Value> | undefined): TaskNode<Value>[] =>
  node ? [...pathOf(node.parent), node] : []

export interface GraphNode<Value> {
  /** From 1. */
  readonly id: number
  readonly text: string
  readonly needs: readonly GraphNode<Value>[]
  value?: Value
  failed?: string
}

/** Questions that need others' answers. It grows in rounds; what does not wait for another runs side by side. */
export class TaskGraph<Value> {
  readonly nodes: GraphNode<Value>[] = []
  readonly #run: Run
  readonly #most: number
  readonly #pass: ReturnType<typeof gate>
  readonly #begun = new Map<GraphNode<Value>, Promise<void>>()

  constructor(run: Run, most: number) {
    this.#run = run
    this.#most = most
    this.#pass = gate(run.concurrency)
  }

  /**
   * The drafts that ask something new, as nodes. A need is the id of another of these drafts, or the number of a node; one that is
   * unknown or would close a circle is left out with a warning.
   */
  add(drafts: readonly Draft[]): GraphNode<Value>[] {
    const known = new Map(this.nodes.map((node) => [alike(node.text), node]))
    const fresh = new Map<string, GraphNode<Value> & { needs: GraphNode<Value>[] }>()
    for (const { id, text } of drafts) {
      const form = alike(text)
      if (form === '' || known.has(form) || this.nodes.length >= this.#most) continue
      const node = { id: this.nodes.length + 1, text, needs: [] }
      known.set(form, node)
      fresh.set(id, node)
      this.nodes.push(node)
    }
    for (const { id, needs } of drafts)
      for (const need of needs) {
        const node = fresh.get(id)
        const other = fresh.get(need) ?? this.nodes.find((candidate) => `${candidate.id}` === need)
        if (!node || node.needs.includes(other!)) continue
        if (other && !reaches(other, node)) node.needs.push(other)
        else this.#run.warn('need-refused', `"${node.text}" cannot wait for ${need}: ${other ? 'a circle' : 'unknown'}`)
      }
    return [...fresh.values()]
  }

  /** Does all nodes that were not begun, each as soon as those that it needs are settled. */
  async solve(work: (node: GraphNode<Value>) => Promise<Value>): Promise<void> {
    const begin = (node: GraphNode<Value>): Promise<void> => {
      const before = this.#begun.get(node)
      if (before) return before
      const own = Promise.all(node.needs.map(begin)).then(() =>
        this.#pass(async () => {
          try {
            node.value = await work(node)
          } catch (error) {
            node.failed = reasonOf(this.#run, error, node.text)
          }
        }),
      )
      this.#begun.set(node, own)
      return own
    }
    await Promise.all(this.nodes.map(begin))
  }
}

const reaches = <Value>(from: GraphNode<Value>, to: GraphNode<Value>): boolean =>
  from === to || from.needs.some((node) => reaches(node, to))

function reasonOf(run: Run, error: unknown, task: string): string {
  run.signal.throwIfAborted()
  if (!FoveaError.is(error)) throw error
  const why = messageOf(error)
  if (!isStopped(error)) run.missed({ spans: [], why: `"${task.slice(0, 80)}": ${why}` })
  return why
}
