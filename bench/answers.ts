// Calibrates the threshold below which `extract` says "not found". Run: FOVEA_DATA=... node bench/answers.ts [questions]
// Answerable: real questions whose passage is in the collection. Unanswerable: the same with that passage taken away,
// and questions about something else altogether. "Kept": an accepted answer stands in the text that extract gives.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { strength, threshold, thresholdUnspaced } from '../src/ask/found.ts'
import { gather } from '../src/ask/gather.ts'
import { makeSource, split } from '../src/core/index.ts'
import { holdsAnswer } from '../src/measure/index.ts'
import markdown from '../src/read/formats/markdown.ts'
import { type Item, shelf } from '../test/ask/shelf.ts'

const folder = process.env.FOVEA_DATA
if (!folder) throw new Error('FOVEA_DATA is not set')
const most = Number(process.argv[2] ?? 600)
const [budget, limit] = [4000, 50]

interface Case {
  readonly question: string
  readonly answers: readonly string[]
  /** The source that answers it. */
  readonly gold?: string
}
interface Outcome {
  readonly answerable: boolean
  readonly strength: number
  readonly kept: boolean
  readonly inPack: boolean
  /** Sentences of the answer. */
  readonly sentences: number
}

const bare = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '')
/** In a script without spaces even a number stands against other letters, so every answer is looked for as characters. */
const holds = (text: string, answers: readonly string[], unspaced: boolean): boolean =>
  unspaced
    ? answers.some((answer) => bare(answer) !== '' && bare(text).includes(bare(answer)))
    : holdsAnswer(text, answers)

type Shelf = Awaited<ReturnType<typeof shelf>>

async function run(
  parts: Shelf,
  { question, answers, gold = '' }: Case,
  hide: boolean,
  unspaced = false,
): Promise<Outcome> {
  if (hide) parts.hide(gold)
  const passages = await parts.retriever.retrieve({ text: question, limit })
  const pack = await parts.pack(passages, budget, question)
  const { chosen, evidence, support } = await gather(parts, question, pack)
  parts.hide()
  const text = chosen.map((index) => evidence[index]!.sentence.text).join(' ')
  const kept = holds(text, answers, unspaced)
  return {
    // With its passage hidden a question may still be answered by another: those that are do not count as unanswerable.
    answerable: !hide,
    strength: chosen.length === 0 ? 0 : strength(support),
    kept,
    inPack: holds(pack.text, answers, unspaced),
    sentences: chosen.length,
  }
}

async function itemOf(uri: string, text: string, title?: string): Promise<Item> {
  const source = await makeSource({ uri, text, mediaType: 'text/plain', ...(title ? { title } : {}) })
  return { source, chunks: [{ start: 0, end: source.text.length }] }
}

async function naturalQuestions(): Promise<{ items: Item[]; cases: Case[] }> {
  const lines = (await readFile(join(folder!, 'lost-in-the-middle/nq-open-oracle.jsonl'), 'utf8'))
    .split('\n')
    .filter(Boolean)
  const known = new Map<string, number>()
  const items: Item[] = []
  const cases: Case[] = []
  for (const line of lines) {
    const { question, answers, ctxs } = JSON.parse(line) as {
      question: string
      answers: string[]
      ctxs: { title: string; text: string }[]
    }
    const { title, text } = ctxs[0]!
    const whole = `${title}\n${text}`
    if (!known.has(whole)) {
      known.set(whole, items.length)
      items.push(await itemOf(`nq/${items.length}`, whole, title))
    }
    cases.push({ question, answers, gold: items[known.get(whole)!]!.source.id })
  }
  return { items, cases }
}

async function xquad(language: string): Promise<{ items: Item[]; cases: Case[] }> {
  const { data } = JSON.parse(await readFile(join(folder!, `xquad/xquad.${language}.json`), 'utf8')) as {
    data: { paragraphs: { context: string; qas: { question: string; answers: { text: string }[] }[] }[] }[]
  }
  const items: Item[] = []
  const cases: Case[] = []
  for (const { paragraphs } of data)
    for (const { context, qas } of paragraphs) {
      const item = await itemOf(`xquad/${language}/${items.length}`, context)
      items.push(item)
      for (const { question, answers } of qas)
        cases.push({ question, answers: answers.map(({ text }) => text), gold: item.source.id })
    }
  return { items, cases }
}

async function rustBook(): Promise<Item[]> {
  const items: Item[] = []
  for (const name of (await readdir(join(folder!, 'rust-book'))).filter((file) => file.endsWith('.md')).sort()) {
    const bytes = await readFile(join(folder!, 'rust-book', name))
    const input = {
      uri: name,
      bytes: async () => bytes,
      stream: async function* () {
        yield bytes
      },
    }
    const limits = { partLength: 2 ** 26, fileBytes: 2 ** 28, unpackedBytes: 2 ** 30, depth: 1000 }
    for await (const source of markdown(input, { limits, warn: () => {} }))
      items.push({ source, chunks: split(source) })
  }
  return items
}

const rustQuestions = `How does the compiler know that a reference is still valid?
What is ownership?
How do I make a new project with cargo?
What is the difference between String and &str?
When should I panic instead of returning a Result?
How can two threads share data safely?
What does the ? operator do?
What is a trait object?
Why can't I use a value after it was moved?
How do I run only one test?
What is a smart pointer?
What is interior mutability?
How are closures captured?
What is the turbofish?
How do I write a doc comment?
What is a workspace?
What does the Deref trait do?
How do I read a file into a string?
What is a dangling reference?
What happens when an integer overflows?
How do I publish a crate?
What is the orphan rule?
How does Rc count references?
What is the difference between a module and a crate?
How do async functions work?
What is a slice?
What is the default integer type?
How do I handle errors from functions that return Result?
What is unsafe Rust used for?
How do I pattern match on a range?`
  .split('\n')
  .map((question): Case => ({ question, answers: [] }))

const every = <Value>(list: readonly Value[], count: number): Value[] => {
  const step = Math.max(1, Math.floor(list.length / count))
  return list.filter((_, index) => index % step === 0).slice(0, count)
}
const percent = (part: number, whole: number): string => (whole === 0 ? '' : ((100 * part) / whole).toFixed(1))

const sets: { name: string; answerable: Outcome[]; unanswerable: Outcome[] }[] = []
const nq = await naturalQuestions()
const started = performance.now()
{
  const parts = await shelf(nq.items)
  const cases = every(nq.cases, most)
  const set = {
    name: 'NQ, its passage there or taken away',
    answerable: [] as Outcome[],
    unanswerable: [] as Outcome[],
  }
  for (const one of cases) {
    set.answerable.push(await run(parts, one, false))
    const hidden = await run(parts, one, true)
    if (!hidden.inPack) set.unanswerable.push(hidden)
  }
  sets.push(set)
}
for (const language of ['en', 'de', 'es', 'ru', 'zh']) {
  const { items, cases } = await xquad(language)
  const parts = await shelf(items, language)
  const set = {
    name: `XQuAD ${language}, its passage there or taken away`,
    answerable: [] as Outcome[],
    unanswerable: [] as Outcome[],
  }
  for (const one of every(cases, most / 3)) {
    set.answerable.push(await run(parts, one, false, language === 'zh'))
    const hidden = await run(parts, one, true, language === 'zh')
    if (!hidden.inPack) set.unanswerable.push(hidden)
  }
  sets.push(set)
}
{
  const parts = await shelf(await rustBook())
  const set = {
    name: 'the Rust book: its own questions; NQ questions',
    answerable: [] as Outcome[],
    unanswerable: [] as Outcome[],
  }
  for (const one of rustQuestions) set.answerable.push(await run(parts, one, false))
  for (const one of every(nq.cases, most / 3))
    set.unanswerable.push({ ...(await run(parts, one, false)), answerable: false })
  sets.push(set)
}
const count = sets.reduce((sum, set) => sum + set.answerable.length + set.unanswerable.length, 0)
console.log(
  `${count} questions, ${((performance.now() - started) / count).toFixed(1)} ms each; the threshold in use is ${threshold} (${thresholdUnspaced} for scripts without spaces)\n`,
)
for (const { name, answerable, unanswerable } of sets) {
  console.log(`${name}: ${answerable.length} answerable, ${unanswerable.length} not\n`)
  console.log(
    '| threshold | answered % | answer kept % | kept of those in the pack % | sentences | false "found" % |\n|---|---|---|---|---|---|',
  )
  for (const at of [0, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8]) {
    const answered = answerable.filter((outcome) => outcome.strength >= at)
    const kept = answered.filter((outcome) => outcome.kept)
    const inPack = answerable.filter((outcome) => outcome.inPack)
    const wrong = unanswerable.filter((outcome) => outcome.strength >= at)
    const told = answered.reduce((sum, outcome) => sum + outcome.sentences, 0) / Math.max(1, answered.length)
    const has = answerable.some((outcome) => outcome.inPack)
    console.log(
      `| ${at} | ${percent(answered.length, answerable.length)} | ${has ? percent(kept.length, answerable.length) : ''} | ${percent(kept.length, inPack.length)} | ${told.toFixed(2)} | ${percent(wrong.length, unanswerable.length)} |`,
    )
  }
  console.log('')
}
