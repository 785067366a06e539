import { type Source, type Span, sentences } from '../../../core/index.ts'
import type { Sample, Tags } from '../../contract.ts'
import { locateCells } from './cells.ts'
import { scoreCode, type TestCase } from './code.ts'
import { scoreCountdown } from './countdown.ts'
import { scoreRoute } from './path.ts'
import { linesOf } from './steps.ts'
import { rowsOf, scoreTable, tableText } from './table.ts'
import { scoreTrace } from './tom.ts'
import { type Stay, scorePlan, type Trip } from './travel.ts'

/** What a published row comes to: the text that is read, what fills the published prompt around it, and its scoring. */
export interface Published {
  readonly text: string
  /** Name of the place in the prompt where the text stands, and values of the others. */
  readonly hole: string
  readonly fields: Readonly<Record<string, string>>
  readonly answers: Sample['answers']
  /** Half-open ranges of the evidence in the text. */
  readonly ranges: readonly (readonly [start: number, end: number])[]
  readonly needs?: readonly (readonly number[])[]
  readonly tags: Tags
  readonly solve: NonNullable<Sample['solve']>
  readonly check: NonNullable<Sample['check']>
}

const unknown = 'The text does not say.'
const whole = (gold: string) => (seen: readonly boolean[]) => (seen.every(Boolean) ? gold : unknown)

/** Ranges of a text's lines that are not empty. */
function lineRanges(text: string): [number, number][] {
  let at = 0
  return text.split('\n').flatMap((line): [number, number][] => {
    const start = at + line.length - line.trimStart().length
    at += line.length + 1
    return line.trim() === '' ? [] : [[start, start + line.trim().length]]
  })
}

export interface PathRow {
  readonly context_nl: string
  readonly question_repr: readonly [string, string]
  readonly answer_nl: string
}
export function pathSample({ context_nl: text, question_repr: [start, end], answer_nl: answer }: PathRow): Published {
  const gold = linesOf(answer)
  const lines = new Map(lineRanges(text).map((range) => [text.slice(...range), range]))
  const byCity = new Map([...lines].map(([line, range]) => [/^(.+?) is a /.exec(line)?.[1], range]))
  const cities = gold.map((line) => /^From (.+?), take /.exec(line)?.[1])
  return {
    text,
    hole: 'city_context',
    fields: { src_city: start, dst_city: end },
    answers: gold.map((line) => [line]),
    ranges: cities.map((city) => byCity.get(city) ?? [0, text.length]),
    needs: gold.map((_, at) => [at]),
    tags: { steps: gold.length },
    solve: (seen) =>
      `<Route>\n${gold.slice(0, seen.includes(false) ? seen.indexOf(false) : gold.length).join('\n')}\n</Route>`,
    check: (said) => scoreRoute(gold, said),
  }
}

export interface TomRow {
  readonly story_components: string
  readonly story: string
  readonly question: string
  readonly solution: string
}
export function tomSample({ story_components: parts, story, question, solution }: TomRow): Published {
  const trace = linesOf(solution)
  const steps = linesOf(story).length
  return {
    text: `${parts}\n\n${story}`,
    hole: 'story',
    fields: { question },
    answers: [[trace.at(-1)!.replace(/^final answer:\s*/i, '')]],
    ranges: lineRanges(story).map(([start, end]) => [start + parts.length + 2, end + parts.length + 2]),
    tags: { steps },
    solve: (seen) => (seen.includes(false) ? trace.slice(0, seen.indexOf(false) + 1).join('\n') : solution),
    check: (said) => scoreTrace(solution, said),
  }
}

export interface CountdownRow {
  readonly nums: readonly number[]
  readonly target: number
  readonly demonstration: string
  readonly solution_text: string
}
/** `example` is the search of another row, which the prompt shows. */
export function countdownSample(
  { nums, target, demonstration, solution_text: solution }: CountdownRow,
  example: string,
): Published {
  const text = `Numbers: [${nums.join(', ')}]\nTarget: ${target}`
  return {
    text,
    hole: 'problem',
    fields: { demonstration: example },
    answers: linesOf(solution).map((line) => [line]),
    ranges: [[0, text.length]],
    tags: { steps: linesOf(demonstration).filter((line) => line.startsWith('|-')).length },
    solve: whole(demonstration),
    check: (said) => scoreCountdown(nums, target, said),
  }
}

export interface CodeRow {
  readonly problem_id: string
  readonly pseudocode_lines: readonly string[]
  readonly code_lines: readonly string[]
  readonly testcases: readonly TestCase[]
}
/** Scored line by line with the reference: no program is run. */
export function codeSample({ pseudocode_lines: lines, code_lines: code, problem_id: problem }: CodeRow): Published {
  const text = lines.join('\n')
  const reference = code.join('\n')
  return {
    text,
    hole: 'pseudocode',
    fields: {},
    answers: [[reference]],
    ranges: lineRanges(text),
    tags: { problem, steps: code.length },
    solve: whole(`\`\`\`cpp\n${reference}\n\`\`\``),
    check: (said) => scoreCode(reference, said),
  }
}

export interface TravelRow {
  readonly id?: string
  readonly disambig_question_text: string
  readonly ground_truth_cities: string
  readonly ground_truth_durations: string
  readonly ground_truth_plan: string
  readonly total_days: number
  readonly constraints: readonly (
    | { readonly type: 'duration'; readonly city: string; readonly num_days: number }
    | { readonly type: 'fixed'; readonly city: string; readonly start_day: number; readonly end_day: number }
  )[]
  readonly connected_cities: readonly (readonly [string, string])[]
  readonly estimated_output_tokens?: number
}
/** The published rows hold no search, which the paper's code makes: the plan is scored by its constraints. */
export function travelSample(row: TravelRow, example: string): Published {
  const { constraints, disambig_question_text: text } = row
  const stays = constraints.flatMap((one): Stay[] => {
    if (one.type !== 'duration') return []
    const fixed = constraints.find((other) => other.type === 'fixed' && other.city === one.city)
    const window = fixed?.type === 'fixed' ? { fixed: [fixed.start_day, fixed.end_day] as const } : {}
    return [{ city: one.city, days: one.num_days, ...window }]
  })
  const trip: Trip = { stays, flights: row.connected_cities, days: row.total_days }
  return {
    text,
    hole: 'problem',
    fields: { demonstration: example },
    answers: row.ground_truth_cities.split('**').map((city) => [city]),
    ranges: sentences(text).map(([start, end]) => [start, start + text.slice(start, end).trimEnd().length]),
    tags: { cities: stays.length, steps: row.estimated_output_tokens ?? 0 },
    solve: whole(`<Plan>\n${row.ground_truth_plan}\n</Plan>`),
    check: (said) => scorePlan(trip, said),
  }
}

export interface PageRow {
  readonly task_id: string
  readonly website_id: string
  readonly html_path: string
  readonly task_topic: string
  readonly task_description: string
  readonly gt: string
  readonly tsv_header: string
  readonly filtering_instruction: string
}
/** The evidence is the cells of the gold table as they stand in the text of the page; those that do not are unresolved. */
export function pageParts({ gt, task_id, website_id, filtering_instruction }: PageRow, sources: readonly Source[]) {
  const [header, ...rows] = rowsOf(gt)
  const evidence: Span[] = []
  let unresolved = 0
  const needs = locateCells(sources, rows).map((spans) =>
    spans.flatMap((span) => {
      if (span === undefined) unresolved++
      return span ? [evidence.push(span) - 1] : []
    }),
  )
  const cells = evidence.length + unresolved
  return {
    answers: rows.map((row) => [row.join('\t')]),
    evidence,
    needs,
    tags: {
      task: task_id,
      website: website_id,
      filtered: filtering_instruction !== '',
      rows: rows.length,
      survived: cells === 0 ? 1 : Math.round((1000 * evidence.length) / cells) / 1000,
    },
    ...(unresolved > 0 ? { unresolved } : {}),
    solve: (seen: readonly boolean[]): string => {
      const known = rows.filter((_, at) => needs[at]!.every((index) => seen[index]))
      return `\`\`\`tsv\n${tableText([header!, ...known])}\n\`\`\``
    },
    check: (said: string) => scoreTable(gt, said),
  } satisfies Partial<Sample>
}
