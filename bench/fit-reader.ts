/**
 * Fits the simulated readers `phi-3-mini` and `gemini-3-flash` to what these models answered to BABILong, and the dip in
 * the middle to what three models answered to the topics of L-Eval. Prints fitted beside real, and the constants.
 * FOVEA_DATA=... node bench/fit-reader.ts [--frozen]
 * `--frozen` fits nothing and shows how the constants in src/measure/readers/simulated/parameters.ts do.
 * Facts are held to stand anywhere in the prompt, each place as likely, in their order; all other lines of a story look
 * like evidence, and lead to the first label that they name. Squares are summed over tasks and lengths, each counted once.
 */
import { parseArgs } from 'node:util'
import { estimateTokens, loadLeaf } from '../src/core/index.ts'
import { datasets, type Sample } from '../src/measure/index.ts'
import { babiLabels, labelsIn } from '../src/measure/labels.ts'
import { parameters, type Weaknesses } from '../src/measure/readers/simulated/parameters.ts'
import { attentionOf, dipOf, joiningOf, shapeOf, throughout } from '../src/measure/readers/simulated/sight.ts'

const { values: flags } = parseArgs({ options: { frozen: { type: 'boolean' } } })
const data = process.env.FOVEA_DATA ?? ''
const models = { 'phi-3-mini': 'microsoft/Phi-3-mini-128k-instruct', 'gemini-3-flash': 'google/gemini-3-flash-preview' }
const topicModels = ['Claude-100k', 'gpt4-32k', 'turbo-16k-0613']

async function samplesOf(name: string, cells?: readonly string[]): Promise<Sample[]> {
  const dataset = await loadLeaf(datasets, name)
  const found: Sample[] = []
  for await (const sample of dataset({ data, ...(cells ? { cells } : {}) })) found.push(sample)
  return found
}

/** What of a question of bAbI decides how it fares. */
interface Question {
  readonly key: string
  readonly task: string
  readonly tokens: number
  readonly distractors: number
  /** Wrong answers that they lead to. */
  readonly lures: number
  /** For each fact needed, how deep in the dip it stands on average, 0 to 1. */
  readonly shapes: readonly number[]
}

/** The mean of `shapeOf` for the fact with this number among so many at random places: p then follows a beta law. */
function meanShape(number: number, facts: number): number {
  const [a, b, s] = [number + 1, facts - number, facts + 1]
  return (16 * a * (a + 1) * b * (b + 1)) / (s * (s + 1) * (s + 2) * (s + 3))
}

const keyOf = (question: string, answer: string): string => `${question.trim()} ${answer}`

function questionOf(sample: Sample): Question {
  const [source] = sample.corpus.sources
  const task = String(sample.tags.task)
  const [answer] = sample.answers[0]!
  const lines = sample.corpus.units!.map(({ start, end }) => source!.text.slice(start, end))
  const needed = new Set(
    sample.evidence.map(({ start }) => sample.corpus.units!.findIndex((unit) => unit.start === start)),
  )
  const others = lines.filter((_, index) => !needed.has(index))
  const lures = others
    .flatMap((line) => labelsIn(line, sample.question, babiLabels[task]!).slice(0, 1))
    .filter((label) => label !== answer!.toLowerCase())
  return {
    key: keyOf(sample.question, answer!),
    task,
    tokens: estimateTokens(source!.text),
    distractors: others.length,
    lures: new Set(lures).size,
    shapes: [...needed].map((number) => meanShape(number, lines.length)),
  }
}

/** Questions that were asked at one length, and the share that was answered. */
interface Cell {
  readonly task: string
  readonly length: number
  readonly weight: number
  readonly real: number
  readonly questions: readonly Question[]
}

/** Groups by the number of distractors, where it is known which question is which. */
const groups = 5

function cellsOf(stories: ReadonlyMap<string, readonly Question[]>, answers: readonly Sample[], model: string): Cell[] {
  const cells: Cell[] = []
  for (const [, asked] of Map.groupBy(answers, ({ cell }) => cell)) {
    const own = asked.filter(({ stored }) => stored![model] !== undefined)
    if (own.length === 0) continue
    const { task, length } = own[0]!.tags as { task: string; length: number }
    const all = stories.get(task)!
    const right = own.map(({ stored, check }) => check!(stored![model]!).correct!)
    const matched = inOrder(own, all)
    if (!matched) {
      const real = right.reduce((sum, one) => sum + one, 0) / right.length
      cells.push({ task, length, weight: 1, real, questions: all })
      continue
    }
    const order = matched.map((question, index) => ({ question, right: right[index]! }))
    order.sort((one, other) => one.question.distractors - other.question.distractors)
    const parts = Map.groupBy(order, (_, index) => Math.floor((index * groups) / order.length))
    for (const part of parts.values())
      cells.push({
        task,
        length,
        weight: part.length / order.length,
        real: part.reduce((sum, one) => sum + one.right, 0) / part.length,
        questions: part.map(({ question }) => question),
      })
  }
  return cells
}

/** Up to 32k tokens BABILong asks bAbI's own test questions in their order, a few left out; later ones are of another set. */
function inOrder(asked: readonly Sample[], all: readonly Question[]): Question[] | undefined {
  const found: Question[] = []
  let at = 0
  for (const { question, answers } of asked) {
    const key = keyOf(question, answers[0]![0]!)
    while (at < all.length && all[at]!.key !== key) at++
    if (at === all.length) return undefined
    found.push(all[at++]!)
  }
  return found
}

/** The chance that the simulated reader gets such questions right: what `look` and `said` draw lots for. */
function predicted(weaknesses: Weaknesses, { length, questions }: Cell): number {
  const { guessing = 0, breakdown } = weaknesses
  let sum = 0
  for (const { tokens: story, distractors, lures, shapes } of questions) {
    const tokens = Math.max(length, story)
    const attention = attentionOf(weaknesses, distractors)
    const [clear, dip] = [throughout(weaknesses, tokens) * attention, dipOf(weaknesses, tokens)]
    let knows = joiningOf(weaknesses, tokens) ** (shapes.length - 1)
    for (const shape of shapes) knows *= clear * (1 - dip * shape)
    const right = knows + (1 - knows) * (lures > 0 ? guessing / (lures + 1) : 0)
    const led = lures > 0 ? attention * right : right
    sum += breakdown && tokens > breakdown.tokens ? breakdown.left * led : led
  }
  return sum / questions.length
}

/** A parameter that is searched for: from a number without bounds to its range. */
interface Free {
  readonly start: number
  readonly low: number
  readonly high: number
  readonly log?: boolean
}
const within = ({ low, high, log }: Free, x: number): number => {
  const share = 1 / (1 + Math.exp(-x))
  return log ? low * (high / low) ** share : low + (high - low) * share
}
const without = ({ start, low, high, log }: Free): number => {
  const share = log ? Math.log(start / low) / Math.log(high / low) : (start - low) / (high - low)
  return Math.log(share / (1 - share))
}

/** The least of a function by a simplex that walks downhill. Nelder and Mead 1965. */
function least(score: (point: readonly number[]) => number, start: readonly number[], rounds: number): number[] {
  const vertex = (point: number[]) => ({ point, score: score(point) })
  let simplex = [
    vertex([...start]),
    ...start.map((_, at) => vertex(start.map((x, index) => x + (index === at ? 0.7 : 0)))),
  ]
  for (let round = 0; round < rounds; round++) {
    simplex.sort((one, other) => one.score - other.score)
    const [best, worst] = [simplex[0]!, simplex.at(-1)!]
    if (worst.score - best.score < 1e-10) break
    const centre = start.map(
      (_, at) => simplex.slice(0, -1).reduce((sum, { point }) => sum + point[at]!, 0) / start.length,
    )
    const along = (share: number) => vertex(centre.map((x, at) => x + share * (worst.point[at]! - x)))
    const mirrored = along(-1)
    let next = mirrored
    if (mirrored.score < best.score) {
      const further = along(-2)
      next = further.score < mirrored.score ? further : mirrored
    } else if (mirrored.score >= simplex.at(-2)!.score) {
      const nearer = along(mirrored.score < worst.score ? -0.5 : 0.5)
      if (nearer.score >= Math.min(worst.score, mirrored.score)) {
        simplex = simplex.map(({ point }) => vertex(point.map((x, at) => best.point[at]! + (x - best.point[at]!) / 2)))
        continue
      }
      next = nearer
    }
    simplex[simplex.length - 1] = next
  }
  return simplex.sort((one, other) => one.score - other.score)[0]!.point
}

/** The best of several starts. */
function fit<Name extends string>(free: Readonly<Record<Name, Free>>, score: (values: Record<Name, number>) => number) {
  const names = Object.keys(free) as Name[]
  const valuesOf = (point: readonly number[]) =>
    Object.fromEntries(names.map((name, at) => [name, within(free[name], point[at]!)])) as Record<Name, number>
  const origin = names.map((name) => without(free[name]))
  let best: { point: number[]; score: number } | undefined
  for (const shift of [0, 1.5, -1.5]) {
    let point = origin.map((x, at) => x + (at % 2 ? shift : -shift))
    for (let again = 0; again < 3; again++) point = least((at) => score(valuesOf(at)), point, 400)
    const found = score(valuesOf(point))
    if (!best || found < best.score) best = { point, score: found }
  }
  return valuesOf(best!.point)
}

const percent = (share: number): string => (100 * share).toFixed(0).padStart(4)
const rounded = (value: number): number => Number(value.toPrecision(3))

/** Topics by how many there are and which was asked for: tokens, depth, and the share that each model named. */
async function topics() {
  const cell = 'topic_retrieval_longchat'
  const asked = await samplesOf('leval', [`L-Eval, ${cell}`])
  const answers = await samplesOf('leval-outputs', [`L-Eval outputs, ${cell}`])
  const rows = asked.map(({ corpus, tags }, index) => ({
    name: `${tags.topics} topics, ${tags.topic}`,
    tokens: estimateTokens(corpus.sources[0]!.text),
    depth: Number(tags.depth),
    right: topicModels.map((model) => answers[index]!.check!(answers[index]!.stored![model]!).exam!),
  }))
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, group]) => ({
    name,
    tokens: mean(group.map(({ tokens }) => tokens)),
    shape: mean(group.map(({ depth }) => shapeOf(depth))),
    models: topicModels.map((_, model) => mean(group.map(({ right }) => right[model]!))),
    real: mean(group.flatMap(({ right }) => right)),
  }))
}

const kept = (
  middle: NonNullable<Weaknesses['middle']>,
  { tokens, shape }: { tokens: number; shape: number },
): number => 1 - dipOf({ window: 0, sight: 1, middle }, tokens) * shape

const named = await topics()
const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0)
const middle = fit(
  { loss: { start: 0.5, low: 0, high: 1 }, scale: { start: 5000, low: 100, high: 1e6, log: true } },
  (values) => squares(named.map((row) => kept(values, row) - row.real)),
)
console.log(`L-Eval, topics named: ${topicModels.join(', ')}; together; fitted`)
for (const row of named)
  console.log(
    row.name.padEnd(18),
    row.models.map(percent).join(' '),
    ' ',
    percent(row.real),
    percent(kept(middle, row)),
  )
const topicError = Math.sqrt(squares(named.map((row) => kept(middle, row) - row.real)) / named.length)
console.log(
  `loss ${rounded(middle.loss)}, scale ${rounded(middle.scale)}; root mean square error ${percent(topicError)} points\n`,
)

const tasks = ['qa1', 'qa2', 'qa3', 'qa4', 'qa5']
const stories = Map.groupBy(
  (await samplesOf('babi')).filter(({ tags }) => tasks.includes(String(tags.task))).map(questionOf),
  ({ task }) => task,
)
const answers = await samplesOf('babilong-outputs')
const free = {
  sight: { start: 0.95, low: 0.3, high: 1 },
  half: { start: 50_000, low: 500, high: 1e6, log: true },
  slope: { start: 0.7, low: 0.2, high: 5, log: true },
  scale: { start: 50_000, low: 500, high: 1e7, log: true },
  distraction: { start: 0.01, low: 0.0001, high: 0.5, log: true },
  joining: { start: 0.9, low: 0.3, high: 1 },
  reach: { start: 50_000, low: 500, high: 1e7, log: true },
  guessing: { start: 0.5, low: 0, high: 1 },
}
/** As their makers state them. */
const windows = { 'phi-3-mini': 131_072, 'gemini-3-flash': 1_048_576 }
/** Above this Phi-3-mini answers with noise; it lies between the lengths that were asked. */
const breaking = { 'phi-3-mini': Math.round(Math.sqrt(64_000 * 128_000)), 'gemini-3-flash': undefined }

for (const [name, model] of Object.entries(models) as [keyof typeof models, string][]) {
  const cells = cellsOf(stories, answers, model)
  const tokens = breaking[name]
  const built = (values: Record<keyof typeof free | 'left', number>): Weaknesses => ({
    window: windows[name],
    sight: values.sight,
    length: { half: values.half, slope: values.slope },
    middle: { loss: middle.loss, scale: values.scale },
    distraction: values.distraction,
    joining: values.joining,
    reach: values.reach,
    guessing: values.guessing,
    ...(tokens === undefined ? {} : { breakdown: { tokens, left: values.left } }),
  })
  const left = tokens === undefined ? undefined : { left: { start: 0.15, low: 0, high: 1 } }
  const loss = (weaknesses: Weaknesses): number =>
    cells.reduce((sum, cell) => sum + cell.weight * (predicted(weaknesses, cell) - cell.real) ** 2, 0)
  const weaknesses = flags.frozen
    ? parameters[name]!
    : built(fit({ ...free, ...left } as Record<keyof typeof free | 'left', Free>, (values) => loss(built(values))))
  show(name, weaknesses, cells)
}

function show(name: string, weaknesses: Weaknesses, cells: readonly Cell[]): void {
  const lengths = [...new Set(cells.map(({ length }) => length))].sort((one, other) => one - other)
  const label = (length: number): string => (length >= 1e6 ? `${length / 1e6}M` : `${length / 1000}k`)
  const share = (some: readonly Cell[], of: (cell: Cell) => number): number =>
    some.reduce((sum, cell) => sum + cell.weight * of(cell), 0) / some.reduce((sum, { weight }) => sum + weight, 0)
  console.log(`BABILong, ${name}: right, then fitted, in percent`)
  console.log(' '.repeat(24), lengths.map((length) => label(length).padStart(4)).join(' '))
  const rows: [string, readonly string[]][] = [
    ...tasks.map((task): [string, readonly string[]] => [task, [task]]),
    ['one fact (1, 4, 5)', ['qa1', 'qa4', 'qa5']],
  ]
  const errors = { tasks: [] as number[], 'numbers of facts': [] as number[] }
  for (const [title, own] of rows) {
    const at = (length: number) => cells.filter((cell) => cell.length === length && own.includes(cell.task))
    const real = lengths.map((length) => share(at(length), (cell) => cell.real))
    const fitted = lengths.map((length) => share(at(length), (cell) => predicted(weaknesses, cell)))
    const missed = real.map((value, index) => value - fitted[index]!)
    if (own.length === 1) errors.tasks.push(...missed)
    if (own.length > 1 || title === 'qa2' || title === 'qa3') errors['numbers of facts'].push(...missed)
    console.log(title.padEnd(24), real.map(percent).join(' '))
    console.log(' '.repeat(24), fitted.map(percent).join(' '))
  }
  const crowded = cells.filter(({ weight, task }) => weight < 1 && task !== 'qa4')
  const crowds = Map.groupBy(crowded, ({ length, task }) => `${task} ${length}`)
  const [fewest, most] = [0, -1].map((at) => [...crowds.values()].map((group) => group.at(at)!))
  const ends = [fewest!, most!].map((some) => [
    share(some, (cell) => cell.real),
    share(some, (cell) => predicted(weaknesses, cell)),
  ])
  console.log(
    `stories with the fewest distractors, right and fitted:${ends[0]!.map(percent).join('')}; with the most:${ends[1]!.map(percent).join('')}`,
  )
  for (const [what, missed] of Object.entries(errors)) {
    const mean = missed.reduce((sum, error) => sum + Math.abs(error), 0) / missed.length
    const root = Math.sqrt(squares(missed) / missed.length)
    const worst = Math.max(...missed.map(Math.abs))
    console.log(
      `error in points over ${what} and lengths: root mean square${percent(root)}, mean${percent(mean)}, worst${percent(worst)}`,
    )
  }
  const shown = JSON.stringify(effective(weaknesses), (_, value) =>
    typeof value === 'number' && !Number.isInteger(value) ? rounded(value) : value,
  )
  console.log(`'${name}': ${shown}\n`)
}

/** What was found to make no difference is left out. */
function effective({ guessing = 0, reach = Infinity, ...weaknesses }: Weaknesses): Weaknesses {
  return { ...weaknesses, ...(guessing < 0.001 ? {} : { guessing }), ...(reach > 9e6 ? {} : { reach }) }
}
