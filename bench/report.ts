// Time, memory and size of each report over made-up results, and the time that a browser takes to show the page.
// Run: node bench/report.ts [results]; where Chromium is (CHROMIUM, or /usr/bin/chromium) also the time to show the page.
import { createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { openResults, type Result, report, reportInput, seededRandom, type View } from '../src/measure/index.ts'

const wanted = Number(process.argv[2] ?? 100_000)
const folder = mkdtempSync(join(tmpdir(), 'fovea-report-'))
const keepTo = process.env.KEEP ?? folder

const tasks = ['needles', 'chains', 'counts', 'chat memory', 'long papers', 'manuals']
const lengths = [4096, 8192, 16_384, 32_768, 65_536]
const systems = [
  'pipeline',
  'pipeline(rank=fused)',
  'two steps',
  'whole',
  'wide',
  'oracle',
  'head',
  'random',
  'bm25-passages',
  'bm25-sentences',
]
const skill = [0.82, 0.85, 0.8, 0.7, 0.6, 0.97, 0.12, 0.15, 0.62, 0.66]
const budgets = ['5%', '10%', '25%']
const readers = ['simulated/8k', 'simulated/perfect']
const words =
  'the of old harbour keeper wrote that every lamp along the northern wall was lit before dusk and counted twice'.split(
    ' ',
  )

function* rows(count: number): Generator<{ result: Result; view?: View }> {
  const random = seededRandom(7)
  const combinations = tasks.length * lengths.length * systems.length * budgets.length * readers.length
  const samples = Math.ceil(count / combinations)
  let made = 0
  for (let sample = 0; sample < samples; sample++)
    for (const [at, task] of tasks.entries())
      for (const [step, length] of lengths.entries()) {
        const depth = Math.round(random() * 100) / 100
        const hard = random()
        const text = sample < 2 ? textOf(length * 5, random) : ''
        for (const [which, system] of systems.entries())
          for (const [part, budget] of budgets.entries())
            for (const reader of readers) {
              if (made++ >= count) return
              yield one({
                at,
                task,
                step,
                length,
                depth,
                hard,
                text,
                which,
                system,
                part,
                budget,
                reader,
                sample,
                random,
              })
            }
      }
}

function textOf(characters: number, random: () => number): string {
  const parts: string[] = []
  for (let length = 0; length < characters; ) {
    const sentence = `${Array.from({ length: 12 }, () => words[Math.floor(random() * words.length)]).join(' ')}. `
    parts.push(sentence)
    length += sentence.length
  }
  return parts.join('')
}

interface Draw {
  at: number
  task: string
  step: number
  length: number
  depth: number
  hard: number
  text: string
  which: number
  system: string
  part: number
  budget: string
  reader: string
  sample: number
  random: () => number
}

function one(draw: Draw): { result: Result; view?: View } {
  const { at, task, step, length, depth, hard, text, which, system, part, budget, reader, sample, random } = draw
  const perfect = reader === 'simulated/perfect'
  const middle = perfect ? 0 : 0.3 * (1 - Math.abs(depth - 0.5) * 2)
  const chance = Math.min(0.99, skill[which]! * (1 - 0.07 * step) * (0.8 + 0.1 * part) - (middle * step) / 5)
  const evidence = 1 + (at % 3)
  const lost: Record<string, number> = {}
  let used = 0
  for (let piece = 0; piece < evidence; piece++) {
    if (0.5 * hard + 0.5 * random() < chance) used++
    else {
      const stage = ['split', 'retrieve', 'retrieve', 'pack', 'pack', 'window', 'unused'][Math.floor(random() * 7)]!
      lost[stage] = (lost[stage] ?? 0) + 1
    }
  }
  const share = used / evidence
  const seed = 1 + (sample % 3)
  const failure =
    which === 3 && step === 4 && random() < 0.1 ? { failure: 'over-window: the prompt has 70,000 tokens' } : {}
  const key = `${task}|${length}|${seed}|${task}-${sample}|${system}|${budget}|${reader}`
  const ranks = which < 3 || which === 8
  const scores: Record<string, number> = {}
  if (ranks) for (const k of [1, 5, 10, 20]) scores[`recall@${k}`] = Math.min(1, share * (0.6 + 0.1 * k))
  if (ranks) for (const k of [1, 5, 10, 20]) scores[`all-gold@${k}`] = share === 1 && random() < 0.5 + 0.02 * k ? 1 : 0
  scores['answer-kept'] = Math.min(1, share + 0.1)
  scores['characters-kept'] = share
  if (!('failure' in failure))
    scores[at % 2 ? 'f1' : 'references-said'] = at % 2 ? share * (0.9 + 0.1 * random()) : share
  const pack = Math.round(length * [0.05, 0.1, 0.25][part]!)
  const result: Result = {
    ...{
      key,
      run: 'made up',
      task,
      cell: at < 3 ? task : `${task}, part ${1 + (sample % 3)}`,
      system,
      budget,
      reader,
      seed,
      length,
    },
    sample: `${task}-${length}-${sample}`,
    origin: 'simulated',
    tags: {
      length,
      depth,
      difficulty: hard < 0.33 ? 'easy' : hard < 0.67 ? 'middling' : 'hard',
      hops: evidence,
      language: sample % 2 ? 'en' : 'de',
    },
    scores,
    tokens: { pack, whole: length },
    ledger: { evidence, used, lost },
    usage: {
      calls: 1,
      inputTokens: { total: pack + 60, cacheRead: 0, cacheWrite: 0 },
      outputTokens: 12,
      milliseconds: 3,
      cost: pack * 1e-6,
    },
    milliseconds: 2 + random() * 10,
    ...failure,
  }
  if (text === '') return { result }
  const from = Math.floor(depth * (text.length - 100))
  const keptFrom = random() < chance ? Math.max(0, from - 1000) : Math.floor(random() * text.length * 0.9)
  const view: View = {
    ...{ key, task, cell: result.cell, system, budget, scores },
    question: `Which lamp does the keeper name in text ${sample}?`,
    answers: [['the lamp by the northern wall', 'northern lamp']],
    said: share > 0.5 ? 'the northern lamp' : 'The text does not say.',
    sources: [{ uri: `${task}-${length}-${sample}.txt`, text }],
    evidence: [[0, from, from + 80]],
    kept: [[0, keptFrom, Math.min(text.length, keptFrom + pack * 5)]],
  }
  return { result, view }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const path = join(folder, 'results.sqlite')
const store = openResults(path)
store.begin('made up', JSON.stringify({ name: 'made up', tasks, lengths, systems, budgets, readers, seeds: [1, 2, 3] }))
let batch: { result: Result; view?: View }[] = []
for (const row of rows(wanted)) {
  batch.push(row)
  if (batch.length === 1000) store.add(batch.splice(0))
}
store.add(batch)
batch = []
let viewCount = 0
for (const _ of store.views()) viewCount++
console.log(`${wanted} results, ${viewCount} views, ${megabytes(statSync(path).size)}`)
for (const name of ['html', 'markdown', 'csv', 'json']) {
  const started = performance.now()
  const file = join(keepTo, `report.${name}`)
  const out = createWriteStream(file)
  for await (const piece of report(name, reportInput(store, 'Made-up results')))
    if (!out.write(piece)) await new Promise((resolve) => out.once('drain', resolve))
  await new Promise((resolve) => out.end(resolve))
  const seconds = (performance.now() - started) / 1000
  console.log(
    `${name}: ${seconds.toFixed(1)} s, ${megabytes(statSync(file).size)}, peak memory so far ${megabytes(process.resourceUsage().maxRSS * 1024)}`,
  )
}
store.close()

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (existsSync(executablePath)) {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  for (let turn = 0; turn < 3; turn++) {
    const page = await browser.newPage()
    const started = performance.now()
    await page.goto(pathToFileURL(join(keepTo, 'report.html')).href)
    await page.waitForSelector('figure svg')
    console.log(`page shown with its first drawing after ${Math.round(performance.now() - started)} ms`)
    await page.close()
  }
  await browser.close()
}
rmSync(folder, { recursive: true })
