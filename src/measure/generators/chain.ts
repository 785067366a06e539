import { makeSource, type Source, type Span } from '../../core/index.ts'
import type { TaskRequest } from '../contract.ts'
import { Lengths } from '../length.ts'

/** A chain of facts that can be as long as one likes: each names a person and rests on the fact before it. */
export interface FactChain {
  /** The fact with this number; a person whose name is longer may be its subject. */
  fact(number: number, subject: string): string
  /** Its subject. */
  person(number: number): string
  /** The same name, longer by one or two words. */
  longer(name: string): string
}
export interface Told {
  readonly source: Source
  /** Of each fact, in the order of the chain. */
  readonly evidence: readonly Span[]
  /** Subjects in the order of the chain; the last one's name is as long as the length wanted. */
  readonly people: readonly string[]
  readonly tokens: number
}

/** Tells a chain of as many facts as a length in tokens holds, a line each and nothing else. One teller serves all samples. */
export class ChainTeller {
  readonly #request: TaskRequest
  readonly #lengths = new Lengths()

  constructor(request: TaskRequest) {
    this.#request = request
  }

  /** `arrange` puts the numbers of the facts into the order of the text; `around` is all of the prompt but the text. */
  async tell(
    id: string,
    chain: FactChain,
    around: (people: readonly string[]) => string,
    arrange: (count: number) => readonly number[],
  ): Promise<Told> {
    const { length, counter } = this.#request
    const costs: number[] = []
    const line = (number: number): string => `${chain.fact(number, chain.person(number))}\n`
    const { made, tokens } = this.#lengths.fit({
      length,
      counter,
      fixed: around([chain.person(0), chain.person(1)]),
      piece: line,
      cost: (number) => (costs[number] ??= counter.count(line(number))),
      compose(pieces, tail) {
        const people = Array.from({ length: pieces }, (_, number) => chain.person(number))
        // What is left goes into the name of the last person, wherever it stands.
        const size = (): number => counter.count(`${chain.fact(pieces - 1, people[pieces - 1]!)}${around(people)}`)
        if (tail !== '' && pieces > 1) {
          const most = size() + counter.count(tail)
          for (let tries = 0; tries < 48; tries++) {
            const before = people[pieces - 1]!
            people[pieces - 1] = chain.longer(before)
            if (size() > most) people[pieces - 1] = before
          }
        }
        const texts = people.map((person, number) => chain.fact(number, person))
        const starts: number[] = []
        let at = 0
        const order = arrange(pieces)
        for (const number of order) {
          starts[number] = at
          at += texts[number]!.length + 1
        }
        const text = order.map((number) => texts[number]).join('\n')
        const ranges = texts.map((fact, number) => [starts[number]!, starts[number]! + fact.length] as const)
        return { made: { text, ranges, people }, prompt: () => `${around(people)}${text}` }
      },
    })
    const source = await makeSource({ uri: `${id}.txt`, text: made.text, mediaType: 'text/plain' })
    const evidence = made.ranges.map(([start, end]): Span => ({ source: source.id, start, end }))
    return { source, evidence, people: made.people, tokens }
  }
}
