// Varied corpora of any size from the real texts in FOVEA_DATA. As a program it writes files:
// FOVEA_DATA=... node bench/corpus.ts DIRECTORY MEGABYTES [seed]
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A document as runs of words (in `words`, by number) and what stands between them. */
interface Base {
  readonly markdown: boolean
  readonly words: Int32Array
  /** `between[i]` stands before word i; the last one ends the text. */
  readonly between: readonly string[]
}
/** How often a word stands in the real texts decides what becomes of it. */
const kept = 0
const swapped = 1
const invented = 2

export interface Corpus {
  /** Words of the real texts. */
  readonly realWords: number
  /** Passages of about 100 words. */
  passages(count: number, seed?: number): Generator<string>
  /** Whole documents, the real ones first, then variations without end. */
  documents(seed?: number): Generator<{ text: string; markdown: boolean }>
  /** Writes text and Markdown files of 1,000 to a folder; returns how many. */
  files(bytes: number, directory: string, seed?: number): number
  /** Natural questions of 5 to 15 words: real ones, and every third aimed at one of the first `passages` passages. */
  questions(count: number, passages?: number, seed?: number): string[]
}

const mix = (a: number, b: number): number => {
  let h = Math.imul(a ^ (a >>> 16) ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const starts = 'b c d f g h j k l m n p r s t v w z br ch cl cr dr fl gr pl pr sh sk st str th tr'.split(' ')
const hearts = 'a e i o u ai ea ie oa ou'.split(' ')
const ends = ['', '', '', 'n', 'r', 's', 't', 'l', 'm', 'nd', 'rt', 'ck']
/** A pronounceable word for each number. */
const invent = (rank: number): string => {
  let word = ''
  for (let rest = rank + 40; rest > 0; ) {
    word += starts[rest % starts.length]! + hearts[Math.floor(rest / starts.length) % hearts.length]!
    rest = Math.floor(rest / (starts.length * hearts.length))
  }
  return word + ends[mix(rank, 5) % ends.length]!
}

const shaped = (word: string, like: string): string =>
  like === like.toUpperCase() && like.length > 1
    ? word.toUpperCase()
    : /^\p{Lu}/u.test(like)
      ? word[0]!.toUpperCase() + word.slice(1)
      : word

const json = (folder: string, ...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'))
const lines = (folder: string, ...path: string[]) =>
  readFileSync(join(folder, ...path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const realTexts = (folder: string): { text: string; markdown: boolean }[] => {
  const texts: { text: string; markdown: boolean }[] = []
  for (const name of ['rust-book', 'pg-essays', 'chunking-eval/corpora']) {
    for (const file of readdirSync(join(folder, name)).sort()) {
      if (/\.(md|txt)$/.test(file) && !/SOURCE|LICENSE|SUMMARY/.test(file)) {
        texts.push({ text: readFileSync(join(folder, name, file), 'utf8'), markdown: file.endsWith('.md') })
      }
    }
  }
  const plain = (text: string) => texts.push({ text, markdown: false })
  for (const task of [
    'quality',
    'natural_question',
    'sci_fi',
    'scientific_qa',
    'financial_qa',
    'tpo',
    'coursera',
    'legal_contract_qa',
  ]) {
    for (const { input } of lines(folder, 'leval', `${task}.jsonl`)) plain(input.replace(/<\/?\w+>/g, ''))
  }
  const nq = lines(folder, 'lost-in-the-middle', 'nq-open-oracle.jsonl')
  for (let i = 0; i < nq.length; i += 25) {
    plain(
      nq
        .slice(i, i + 25)
        .map(({ ctxs }) => `${ctxs[0].title}\n${ctxs[0].text}`)
        .join('\n\n'),
    )
  }
  for (const name of ['2wikimultihopqa_corpus', 'hotpotqa_train_corpus', 'musique_train_corpus']) {
    const found = json(folder, 'hipporag', `${name}.json`)
    const articles: string[] = Array.isArray(found)
      ? found.map(({ title, text }) => `${title}\n${text}`)
      : Object.entries<string | string[]>(found).map(([title, text]) => `${title}\n${[text].flat().join('')}`)
    for (let i = 0; i < articles.length; i += 25) plain(articles.slice(i, i + 25).join('\n\n'))
  }
  for (const { conversation } of json(folder, 'locomo', 'locomo10.json')) {
    for (let session = 1; conversation[`session_${session}`]; session++) {
      plain(
        conversation[`session_${session}`]
          .map((turn: { speaker: string; text: string }) => `${turn.speaker}: ${turn.text}`)
          .join('\n'),
      )
    }
  }
  return texts
}

const realQuestions = (folder: string): string[] =>
  [
    ...lines(folder, 'lost-in-the-middle', 'nq-open-oracle.jsonl'),
    ...json(folder, 'hipporag', 'hotpotqa_train.json'),
    ...json(folder, 'hipporag', 'musique_train.json'),
    ...json(folder, 'locomo', 'locomo10.json').flatMap(({ qa }: { qa: { question: string }[] }) => qa),
    ...json(folder, 'conditionalqa', 'train.json'),
  ]
    .map(({ question }: { question: string }) => question)
    .filter((question) => {
      const length = question.split(/\s+/).length
      return length >= 5 && length <= 15
    })

export const corpus = (folder: string): Corpus => {
  const numbers = new Map<string, number>()
  const words: string[] = []
  const counts: number[] = []
  const bases: Base[] = realTexts(folder).map(({ text, markdown }) => {
    const found: number[] = []
    const between: string[] = []
    let at = 0
    for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu)) {
      let number = numbers.get(word)
      if (number === undefined) {
        number = words.length
        numbers.set(word, number)
        words.push(word)
        counts.push(0)
      }
      counts[number]!++
      found.push(number)
      between.push(text.slice(at, index))
      at = index + word.length
    }
    between.push(text.slice(at))
    return { markdown, words: Int32Array.from(found), between }
  })
  const byCount = counts.map((_, number) => number).sort((a, b) => counts[b]! - counts[a]! || a - b)
  const rank = new Int32Array(words.length)
  byCount.forEach((number, at) => {
    rank[number] = at
  })
  const fate = Uint8Array.from(words, (word, number) => {
    if (rank[number]! < 250) return kept
    const lower = numbers.get(word.toLowerCase())
    const name = /^\p{Lu}/u.test(word) && (lower === undefined || counts[lower]! < counts[number]!)
    return /\p{N}/u.test(word) || name || counts[number]! <= 12 ? invented : swapped
  })
  const swappable = byCount.filter((number) => fate[number] === swapped)
  const swapRank = new Int32Array(words.length)
  swappable.forEach((number, at) => {
    swapRank[number] = at
  })

  /**
   * A word in a document's variation: names, numbers and rare words give way to others from a vocabulary whose ranks have a
   * heavy tail (so that it grows as a power of the text's length), a third of the common words to ones as common.
   */
  const vary = (number: number, seed: number): string => {
    const word = words[number]!
    const chance = mix(seed, number)
    if (fate[number] === swapped) {
      if (chance % 3 !== 0) return word
      const at = swapRank[number]!
      const spread = Math.max(8, at >> 2)
      const other = Math.min(swappable.length - 1, Math.max(0, at - (spread >> 1) + (mix(chance, 1) % spread)))
      return shaped(words[swappable[other]!]!.toLowerCase(), word)
    }
    const u = (mix(chance, 2) + 1) / 0x1_0000_0001
    if (/^\p{N}+$/u.test(word)) return word.length < 3 ? word : String(mix(chance, 3) % 10 ** Math.min(word.length, 9))
    const place = Math.floor(3000 * (u ** -1.6 - 1))
    return place < byCount.length - 250 && chance % 4 !== 0
      ? shaped(words[byCount[place + 250]!]!.toLowerCase(), word)
      : shaped(invent(Math.min(place, 2 ** 40)), word)
  }

  function* varied(seed: number): Generator<{ base: Base; text: (number: number) => string }> {
    for (let round = 0; ; round++) {
      for (let i = 0; i < bases.length; i++) {
        const known = new Map<number, string>()
        const key = mix(mix(seed, round), i)
        const text = (number: number): string => {
          if (round === 0 || fate[number] === kept) return words[number]!
          let found = known.get(number)
          if (found === undefined) {
            found = vary(number, key)
            known.set(number, found)
          }
          return found
        }
        yield { base: bases[i]!, text }
      }
    }
  }

  const cut = ({ base, text }: { base: Base; text: (number: number) => string }, from: number, to: number): string => {
    let result = ''
    for (let i = from; i < to; i++) result += base.between[i]! + text(base.words[i]!)
    return to === base.words.length ? result + base.between[to]! : result
  }

  function* passages(count: number, seed = 1): Generator<string> {
    let made = 0
    for (const document of varied(seed)) {
      const length = document.base.words.length
      for (let from = 0; from < length; ) {
        // 70 to 130 words; what would be left over below 40 goes with the last.
        const wanted = 70 + (mix(seed + from, length) % 61)
        const to = length - from - wanted < 40 ? length : from + wanted
        yield cut(document, from, to).trim()
        if (++made === count) return
        from = to
      }
    }
  }

  function* documents(seed = 1) {
    for (const document of varied(seed)) {
      yield { text: cut(document, 0, document.base.words.length), markdown: document.base.markdown }
    }
  }

  const aimed = (passage: string, seed: number): string => {
    const common = new Set(byCount.slice(0, 250).map((number) => words[number]!.toLowerCase()))
    const all = passage.match(/[\p{L}\p{N}]+/gu) ?? []
    const content = all.filter((word) => word.length > 3 && !common.has(word.toLowerCase()))
    const start = mix(seed, 1) % Math.max(1, content.length - 4)
    const [a = 'it', b = 'that', c = 'this', d = 'there'] = content.slice(start, start + 4)
    const forms = [
      `What is said about ${a} and the ${b} of ${c}?`,
      `How did ${a} come to ${b} when ${c} was ${d}?`,
      `Why does the ${a} ${b} matter for ${c}?`,
      `Who was it that ${a} the ${b} in ${c} with ${d}?`,
    ]
    return forms[mix(seed, 2) % forms.length]!
  }

  return {
    realWords: counts.reduce((sum, count) => sum + count, 0),
    passages,
    documents,
    files(bytes, directory, seed = 1) {
      let written = 0
      let number = 0
      for (const { text, markdown } of documents(seed)) {
        const sub = join(directory, String(Math.floor(number / 1000)).padStart(4, '0'))
        if (number % 1000 === 0) mkdirSync(sub, { recursive: true })
        const content = Buffer.from(text)
        writeFileSync(join(sub, `${String(number).padStart(7, '0')}.${markdown ? 'md' : 'txt'}`), content)
        number++
        written += content.length
        if (written >= bytes) break
      }
      return number
    },
    questions(count, among = 200_000, seed = 1) {
      const real = realQuestions(folder)
      const result: string[] = []
      const targets = new Map<number, number>()
      for (let i = 0; i < count; i++) {
        if (i % 3 === 2) targets.set(mix(seed + 7, i) % among, i)
        result.push(real[mix(seed, i) % real.length]!)
      }
      let at = 0
      let left = targets.size
      for (const passage of left > 0 ? passages(among) : []) {
        const index = targets.get(at++)
        if (index === undefined) continue
        result[index] = aimed(passage, index)
        if (--left === 0) break
      }
      return result
    },
  }
}

if (import.meta.main) {
  const [directory, megabytes, seed] = process.argv.slice(2)
  const folder = process.env.FOVEA_DATA
  if (!folder || !directory || !megabytes)
    throw new Error('FOVEA_DATA=... node bench/corpus.ts DIRECTORY MEGABYTES [seed]')
  const count = corpus(folder).files(Number(megabytes) * 1e6, directory, Number(seed ?? 1))
  console.log(`${count} files in ${directory}`)
}
