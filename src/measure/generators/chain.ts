import { FoveaError, makeSource, type Source, type Span } from '../../core/index.ts'
import type { TaskRequest } from '../contract.ts'
import { Lengths } from '../length.ts'

/** A chain of facts that can be as long as one likes: each names a person and rests on the fact before it. */
export interface FactChain {
  /** The fact with this number, told with the names of its subject and of the subject of the fact before. */
  fact(number: number, subject: string, before: string | undefined): string
  /** Its subject. */
  person(number: number): string
  /** The same name, longer by a word; as it is where it is long. */
  longer(name: string): string
}
export interface Told {
  readonly source: Source
  /** Of each fact, in the order of the chain. */
  readonly evidence: readonly Span[]
  /** Subjects in the order of the chain. Some names are longer, as the length wanted. */
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
    random: () => number,
  ): Promise<Told> {
    const { length, counter } = this.#request
    const costs: number[] = []
    const line = (number: number): string => `${tell(chain, number, (at) => chain.person(at))}\n`
    const { made, tokens } = this.#lengths.fit({
      length,
      counter,
      fixed: around([chain.person(0), chain.person(1)]),
      piece: line,
      cost: (number) => (costs[number] ??= counter.count(line(number))),
      compose(pieces, tail) {
        const people = Array.from({ length: pieces }, (_, number) => chain.person(number))
        const retold = (number: number): string => tell(chain, number, (at) => people[at]!)
        const texts = people.map((_, number) => retold(number))
        // What is left goes into longer names, here and there, but not of the last person, who is often the answer.
        let room = tail === '' ? 0 : counter.count(tail)
        for (let tries = 0; room > 0 && pieces > 1 && tries < 24; tries++) {
          const number = Math.floor(random() * (pieces - 1))
          const size = (): number => counter.count(`${texts[number]}${texts[number + 1]}${around(people)}`)
          const name = people[number]!
          const call = (other: string): void => {
            people[number] = other
            texts[number] = retold(number)
            texts[number + 1] = retold(number + 1)
          }
          const before = size()
          call(chain.longer(name))
          const more = size() - before
          if (more <= room) room -= more
          else call(name)
        }
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
    if (made.people.length < 2)
      throw new FoveaError('spec-invalid', `two facts take more than ${length} tokens; ask for a greater length`)
    const source = await makeSource({ uri: `${id}.txt`, text: made.text, mediaType: 'text/plain' })
    const evidence = made.ranges.map(([start, end]): Span => ({ source: source.id, start, end }))
    return { source, evidence, people: made.people, tokens }
  }
}

const tell = (chain: FactChain, number: number, name: (number: number) => string): string =>
  chain.fact(number, name(number), number === 0 ? undefined : name(number - 1))
