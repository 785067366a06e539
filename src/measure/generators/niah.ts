import type { Corpus, Sample, Task, TaskRequest } from '../contract.ts'
import { drawn, hashOf, integer, randomId, seededRandom } from '../random.ts'
import { noise } from './haystack.ts'
import { depths, NeedlePlacer } from './needles.ts'
import { distinct, wordPair } from './words.ts'

/** RULER's needle in a haystack: how many keys, values and queries, of which kind, in which text. */
export interface NeedleKind {
  readonly haystack: 'noise' | 'essay' | 'needle'
  readonly keys: 'words' | 'uuids'
  readonly values: 'numbers' | 'words' | 'uuids'
  /** Needles with other keys stand beside those that are asked for, up to so many keys. */
  readonly numberOfKeys: number
  readonly valuesPerKey: number
  readonly queries: number
}

const maker = (kind: 'words' | 'numbers' | 'uuids', random: () => number): (() => string) => {
  if (kind === 'words') return () => wordPair(random)
  if (kind === 'uuids') return () => randomId(random)
  return () => String(integer(1_000_000, 9_999_999, random))
}

const kinds = { numbers: 'number', words: 'word', uuids: 'identifier' } as const

/** Hsieh et al. 2024, RULER, arXiv 2404.06654: its parameters and depths, our wording and word list. */
export const niah = (name: string, kind: NeedleKind): Task =>
  async function* (request: TaskRequest) {
    const { haystack, keys, values, numberOfKeys, valuesPerKey, queries } = kind
    const say = (key: string, value: string): string => `The secret ${kinds[values]} of ${key} is: ${value}.`
    const decoys = haystack === 'needle' ? decoysOf(kind, say, request) : undefined
    const hay = decoys?.haystack ?? (haystack === 'noise' ? noise : request.haystack)
    const placer = new NeedlePlacer({ ...request, haystack: hay })
    for (let index = 0; index < request.samples; index++) {
      request.abortSignal?.throwIfAborted()
      const random = seededRandom(hashOf(`${name} ${request.seed} ${request.length} ${index}`))
      const key = maker(keys, random)
      const fresh = (): string => {
        for (;;) {
          const made = key()
          if (!decoys?.keys.has(made)) return made
        }
      }
      const all = distinct(Math.max(numberOfKeys, queries), fresh)
      const asked = all.slice(0, queries)
      const sort = kinds[values]
      const pairs = all.flatMap((key) =>
        distinct(valuesPerKey, maker(values, random)).map((value) => ({ key, value, text: say(key, value) })),
      )
      const many = queries * valuesPerKey > 1
      const listed = asked.length === 1 ? asked[0]! : `${asked.slice(0, -1).join(', ')} and ${asked.at(-1)}`
      const instruction = `Secret ${sort}s are hidden in the text below. Remember them: you will be asked for ${many ? 'some' : 'one'} of them.`
      const question = many
        ? `What are all the secret ${sort}s of ${listed} that the text gives?`
        : `What is the secret ${sort} of ${listed} that the text gives?`
      const cue = many ? `The secret ${sort}s of ${listed} are` : `The secret ${sort} of ${listed} is`
      const around = `${instruction}\n\n\n\n${question}\n${cue}`
      const where = request.depth === undefined ? drawn(depths, pairs.length, random) : pairs.map(() => request.depth!)
      const id = `${name}-${request.length}-${request.seed}-${index}`
      const needles = pairs.map(({ text }, at) => ({ text, depth: where[at % where.length]! }))
      const hidden = await placer.hide(id, needles, around, Math.floor(random() * hay.sentences.length))
      yield {
        ...base(id, name, hidden.corpus, instruction, question, cue),
        answers: pairs.filter(({ key }) => asked.includes(key)).map(({ value }) => [value]),
        evidence: hidden.spans.filter((_, at) => asked.includes(pairs[at]!.key)),
        needs: pairs.filter(({ key }) => asked.includes(key)).map((_, at) => [at]),
        distractors: hidden.spans.flatMap((span, at) =>
          asked.includes(pairs[at]!.key) ? [] : [{ span, says: pairs[at]!.value }],
        ),
        tags: { length: request.length, depth: needles[0]!.depth, keys: all.length, values: valuesPerKey },
        tokens: hidden.tokens,
      }
    }
  }

const base = (id: string, cell: string, corpus: Corpus, instruction: string, question: string, cue: string) =>
  ({ id, cell, corpus, instruction, question, cue }) satisfies Partial<Sample>

/** A haystack made of needles with other keys; one for all samples, each of which begins elsewhere in it. */
function decoysOf(
  { keys, values }: NeedleKind,
  say: (key: string, value: string) => string,
  { length, seed }: TaskRequest,
) {
  const random = seededRandom(hashOf(`decoys ${seed} ${keys} ${values}`))
  const [key, value] = [maker(keys, random), maker(values, random)]
  const names = distinct(Math.ceil(length / 8), key)
  const sentences = names.map((name) => say(name, value()))
  return { haystack: { name: 'needles', sentences }, keys: new Set(names) }
}
