import type { Sample, Task, TaskRequest } from '../contract.ts'
import { hashOf, seededRandom } from '../random.ts'
import { Weaver } from './weave.ts'

export interface GroupParts {
  readonly request: TaskRequest
  readonly weaver: Weaver
  readonly random: () => number
  /** Unique among the groups of a task for one seed and length. */
  readonly id: string
  readonly number: number
}

/** A task whose samples are made by the group, such as all questions over one corpus; the last group may be cut short. */
export const inGroups = (name: string, make: (parts: GroupParts) => Promise<readonly Sample[]>): Task =>
  async function* (request) {
    const weaver = new Weaver(request)
    let made = 0
    for (let number = 0; made < request.samples; number++) {
      request.abortSignal?.throwIfAborted()
      const random = seededRandom(hashOf(`${name} ${request.seed} ${request.length} ${number}`))
      const id = `${name}-${request.length}-${request.seed}-${number}`
      for (const sample of await make({ request, weaver, random, id, number })) {
        if (made++ === request.samples) return
        yield sample
      }
    }
  }
