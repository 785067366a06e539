// What the ranker adds, and what it costs.
//   node bench/ranker.ts speed
//   node bench/ranker.ts rank FOLDER [SET ...]   keyword, rerank(keyword), adaptive without a ranker and with it; FOLDER as train-ranker.ts --judge made it
//   node bench/ranker.ts keep FOLDER [SET ...]   what stays of answers in a budget, whole passages against evidence
// FOLDER may also be one file of weights, for all questions. Questions of the four sets are judged by weights that have not seen them.
import { readFileSync, statSync } from 'node:fs'
import { foundLists, wordCounter, wordsAnalyzer } from '../scripts/ranker/lists.ts'
import { loadLeaf, type Ranker } from '../src/core/index.ts'
import { retriever } from '../src/find/index.ts'
import { type Compressor, compressors, fit } from '../src/fit/index.ts'
import { heldOutRanker } from '../src/measure/adapters/held-out.ts'
import answerKept from '../src/measure/metrics/answer-kept.ts'
import charactersKept from '../src/measure/metrics/characters-kept.ts'
import { outcomeOf } from '../src/measure/outcome.ts'
import { learnedRanker, rankingModel } from '../src/model/index.ts'

interface Row {
  readonly name: string
  readonly dataset: string
  readonly cell?: string
  /** One question in so many. */
  readonly every?: number
  readonly shares?: readonly number[]
}
const ranked: readonly Row[] = [
  { name: 'nq', dataset: 'litm-nq', cell: 'NQ, 20 passages' },
  { name: 'nq-pool', dataset: 'litm-nq', cell: 'NQ, pool' },
  { name: 'hotpotqa', dataset: 'hipporag', cell: 'HotpotQA-100' },
  { name: 'musique', dataset: 'hipporag', cell: 'MuSiQue-100' },
  { name: 'musique-20', dataset: 'hipporag', cell: 'MuSiQue-100, own 20' },
  { name: 'conditionalqa', dataset: 'conditionalqa', cell: 'ConditionalQA, scenario' },
  { name: 'conditionalqa-question', dataset: 'conditionalqa', cell: 'ConditionalQA, question' },
  { name: 'locomo', dataset: 'locomo', cell: 'LoCoMo', every: 4 },
  { name: 'cosqa', dataset: 'cosqa', cell: 'CoSQA, test' },
  { name: 'rgb-en', dataset: 'rgb', cell: 'RGB, en_fact' },
  { name: 'rgb-zh', dataset: 'rgb', cell: 'RGB, zh_fact' },
  { name: 'rgb-zh-int', dataset: 'rgb', cell: 'RGB, zh_int' },
  { name: 'xquad-zh', dataset: 'xquad', cell: 'XQuAD, zh' },
]
const keeping: readonly Row[] = [
  { name: 'nq', dataset: 'litm-nq', cell: 'NQ, 20 passages', every: 2, shares: [0.1, 0.05] },
  { name: 'hotpotqa', dataset: 'hipporag', cell: 'HotpotQA-100', shares: [0.1, 0.05, 0.01] },
  { name: 'musique-20', dataset: 'hipporag', cell: 'MuSiQue-100, own 20', shares: [0.1, 0.05] },
  { name: 'locomo', dataset: 'locomo', cell: 'LoCoMo', shares: [0.1, 0.05], every: 4 },
  { name: 'legal', dataset: 'leval', cell: 'L-Eval, legal_contract_qa', shares: [0.1, 0.05] },
  { name: 'leval-nq', dataset: 'leval', cell: 'L-Eval, natural_question', shares: [0.1, 0.05] },
  { name: 'scientific', dataset: 'leval', cell: 'L-Eval, scientific_qa', shares: [0.1, 0.05] },
  { name: 'chunking', dataset: 'chunking-eval', shares: [0.05, 0.01] },
]

const [mode, place = '', ...names] = process.argv.slice(2)
const analyzer = await wordsAnalyzer()
const percent = (value: number): string => (100 * value).toFixed(1)

/** Says nothing: what is left is the words covered. */
const even: Ranker = { name: 'even', rank: async (_, texts) => texts.map(() => 0) }

/** Of a folder, weights by the question: those that have not seen it. Of a file, those for all questions. */
async function rankerOf(path: string): Promise<Ranker> {
  if (statSync(path).isDirectory()) return heldOutRanker(path, analyzer)
  const weights: unknown = JSON.parse(readFileSync(path, 'utf8'))
  return rankingModel('learned/given', { analyzer, weights })
}
const asked = (rows: readonly Row[]): readonly Row[] =>
  names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name))

async function rank(): Promise<void> {
  const ranker = await rankerOf(place)
  const data = process.env.FOVEA_DATA!
  for (const { name, dataset, cell, every = 1 } of asked(ranked)) {
    const sums = new Float64Array(20)
    let questions = 0
    let number = 0
    for await (const { sample, store, gold, numberOf, units } of foundLists(data, dataset, {
      ...(cell ? { cells: [cell] } : {}),
      depth: 200,
    })) {
      if (gold.size === 0 || number++ % every !== 0) continue
      const keyword = await retriever('keyword', { store, inner: [] })
      const lists = [units]
      for (const found of [
        await retriever('rerank', { store, inner: [keyword], ranker }),
        await retriever('adaptive', { store, inner: [] }),
        await retriever('adaptive', { store, inner: [], ranker }),
      ]) {
        const passages = await found.retrieve({ text: sample.question, limit: 20 })
        lists.push(passages.map(({ spans }) => numberOf(spans.at(-1)!)))
      }
      for (const [at, list] of lists.entries()) {
        for (const [column, depth] of [1, 5, 10, 20].entries())
          sums[at * 5 + column]! += list.slice(0, depth).filter((unit) => gold.has(unit)).length / gold.size
        const first = list.findIndex((unit) => gold.has(unit))
        sums[at * 5 + 4]! += first === -1 ? 0 : 1 / (first + 1)
      }
      questions++
    }
    const means = Array.from(sums, (sum) => percent(sum / questions))
    console.log(
      `${name.padEnd(24)} ${String(questions).padStart(5)}  R@1/5/10/20, MRR  ${[0, 5, 10, 15].map((from) => means.slice(from, from + 5).join(' ')).join('  ->  ')}`,
    )
  }
}

async function keep(): Promise<void> {
  const ranker = await rankerOf(place)
  const data = process.env.FOVEA_DATA!
  const whole = await loadLeaf(compressors, 'whole')
  const evidence = await loadLeaf(compressors, 'evidence')
  for (const { name, dataset, cell, every = 1, shares = [] } of asked(keeping)) {
    const sums = new Map<string, number[]>()
    let questions = 0
    let number = 0
    for await (const { sample, shelf, store } of foundLists(data, dataset, {
      ...(cell ? { cells: [cell] } : {}),
      depth: 1,
    })) {
      if (number++ % every !== 0) continue
      const keyword = await retriever('keyword', { store, inner: [] })
      const found = await keyword.retrieve({ text: sample.question, limit: 400 })
      const ways: Record<string, [Compressor, Ranker]> = {
        whole: [whole, even],
        'words alone': [evidence, even],
        evidence: [evidence, ranker],
      }
      let counted = false
      for (const [way, [compressor, ranker]] of Object.entries(ways))
        for (const [column, share] of shares.entries()) {
          const budget = Math.floor(share * shelf.tokens())
          const { texts } = store
          const question = sample.question
          const pack = await fit({
            passages: found,
            budget,
            texts,
            counter: wordCounter,
            analyzer,
            query: question,
            compressor,
            ranker,
          })
          const outcome = await outcomeOf(sample, { pack }, shelf)
          const value = await (dataset === 'chunking-eval' ? charactersKept : answerKept)(outcome, {})
          if (value === undefined) continue
          counted = true
          const list = sums.get(way) ?? shares.map(() => 0)
          list[column]! += value
          sums.set(way, list)
        }
      if (counted) questions++
    }
    const parts = [...sums].map(([way, list]) => `${way} ${list.map((sum) => percent(sum / questions)).join('/')}`)
    console.log(
      `${name.padEnd(12)} ${String(questions).padStart(5)}  at ${shares.map((share) => `${100 * share}%`).join('/')}  ${parts.join('  ')}`,
    )
  }
}

async function speed(): Promise<void> {
  /** Median of what the processor worked, in milliseconds: other work on the machine does not count. */
  const median = async (runs: number, work: () => Promise<unknown>): Promise<string> => {
    const times: number[] = []
    for (let run = 0; run < runs; run++) {
      const before = process.cpuUsage()
      await work()
      const { user, system } = process.cpuUsage(before)
      times.push((user + system) / 1000)
    }
    const first = times[0]!
    return `${times.sort((a, b) => a - b)[runs >> 1]!.toFixed(1)} ms of the processor (first ${first.toFixed(1)})`
  }
  console.log(`load: ${await median(1, () => learnedRanker(analyzer))}`)
  const ranker = await learnedRanker(analyzer)
  const data = process.env.FOVEA_DATA!
  for await (const { sample, items } of foundLists(data, 'litm-nq', { cells: ['NQ, pool'], samples: 1, depth: 200 })) {
    const words = items.reduce((sum, { text }) => sum + wordCounter.count(text), 0)
    console.log(
      `rank ${items.length} passages of ${Math.round(words / items.length)} words: ${await median(21, () => ranker.rankItems!(sample.question, items))}`,
    )
    break
  }
  for await (const { sample, shelf, store } of foundLists(data, 'chunking-eval', {
    cells: ['chunking-eval, finance'],
    samples: 1,
    depth: 1,
  })) {
    const whole = shelf.corpus.sources[0]!
    const keyword = await retriever('keyword', { store, inner: [] })
    const found = await keyword.retrieve({ text: sample.question, limit: 100_000 })
    const characters = found.reduce((sum, { spans }) => sum + spans.at(-1)!.end - spans.at(-1)!.start, 0)
    const evidence = await loadLeaf(compressors, 'evidence')
    const budget = Math.floor(shelf.tokens() / 20)
    const time = await median(7, () =>
      fit({
        passages: found,
        budget,
        texts: store.texts,
        counter: wordCounter,
        analyzer,
        query: sample.question,
        compressor: evidence,
      }),
    )
    console.log(
      `compress ${(characters / 1e6).toFixed(2)} of ${(whole.text.length / 1e6).toFixed(2)} MB to 5%: ${time}`,
    )
    break
  }
}

if (mode === 'speed') await speed()
else if (mode === 'rank') await rank()
else if (mode === 'keep') await keep()
else console.log('node bench/ranker.ts speed | rank FOLDER [SET ...] | keep FOLDER [SET ...]')
