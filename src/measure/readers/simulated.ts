import { FoveaError, type Usage } from '../../core/index.ts'
import type { Intent, ModelCall, ModelPort, ModelReply } from '../../model/index.ts'
import type { ReaderFactory, ReaderMeta, Sample } from '../contract.ts'
import { parameters, weaknessesOf } from './simulated/parameters.ts'
import { look, marksOf, type Seen, visibleRanges } from './simulated/sight.ts'

export const meta = {
  name: 'simulated',
  summary:
    'A program that stands in for a model: it finds the evidence of a sample in its prompt, with stated weaknesses.',
  origin: 'simulated',
} as const satisfies ReaderMeta

export const unknown = 'The text does not say.'

/** What it says, by what the call is for; it never learns which strategy calls. */
const replies: Readonly<Record<Intent, (sample: Sample, seen: Seen, call: ModelCall) => string>> = {
  answer: (sample, seen) => said(sample, seen),
  extract: (sample, seen, call) => rows(sample, seen, call) ?? found(sample, seen),
  summarise: (sample, seen) => found(sample, seen),
  judge: (sample, seen) => (groups(sample, seen).some(Boolean) ? 'YES' : 'NO'),
  plan: ({ question }) => question,
  program: ({ question, table }) =>
    table ? `\`\`\`python\n${table.schema}\n\`\`\`\n\`\`\`js\n${table.program}\n\`\`\`` : question,
  rewrite: ({ question }) => question,
}

/** For each group of answers, whether all that it needs was seen and joined. */
function groups({ answers, evidence, needs }: Sample, seen: Seen): boolean[] {
  return answers.map((_, group) => {
    const wanted = needs?.[group] ?? evidence.map((_, index) => index)
    return wanted.length > 0 && wanted.every((index) => seen.evidence.has(index)) && seen.joins(group, wanted.length)
  })
}

function said(sample: Sample, seen: Seen): string {
  if (seen.misled) {
    const lures = seen.distractors.flatMap((index) => sample.distractors?.[index]?.says ?? [])
    if (lures.length > 0) return lures[0]!
  }
  if (sample.solve) return sample.solve(sample.evidence.map((_, index) => seen.evidence.has(index)))
  const known = groups(sample, seen).flatMap((right, group) => (right ? [sample.answers[group]![0]!] : []))
  if (known.length > 0) return known.join(', ')
  const candidates = candidatesOf(sample, seen)
  const named = seen.guess(candidates.length)
  return named === undefined ? unknown : candidates[named]!
}

/** What could be the answer: the choices, or the answer among all that distractors before its eyes would lead to. */
function candidatesOf(
  { answers, choices, distractors = [] }: Sample,
  { distractors: present }: Seen,
): readonly string[] {
  if (choices && choices.length > 0) return choices
  const right = answers.map(([first]) => first).join(', ')
  return [...new Set([right, ...present.flatMap((index) => distractors[index]?.says ?? [])])].filter(Boolean)
}

/** What it saw as instances, where it was shown the classes that it planned itself; undefined where it was not. */
function rows({ table }: Sample, seen: Seen, { system = '' }: ModelCall): string | undefined {
  const names = [...(table?.schema.matchAll(/^class (\w+)/gm) ?? [])].map(([, name]) => name!)
  if (!table || !names.every((name) => new RegExp(`^class ${name}\\b`, 'm').test(system))) return undefined
  const lines = [...seen.evidence].map((index) => table.record(index))
  return lines.length > 0 ? lines.join('\n') : 'NONE'
}

/** The pieces of evidence that it saw, word for word: of a piece that is cut, no more than stands there. */
function found({ corpus, evidence }: Sample, seen: Seen): string {
  const texts = new Map(corpus.sources.map(({ id, text }) => [id, text]))
  const lines = [...seen.evidence].flatMap((index) => {
    const { source, start, end } = evidence[index]!
    return seen.parts(index) ?? [texts.get(source)!.slice(start, end)]
  })
  return lines.length > 0 ? lines.join('\n') : 'NONE'
}

const factory: ReaderFactory = async (name, { counter }) => {
  const weaknesses = weaknessesOf(name)
  if (!weaknesses)
    throw new FoveaError(
      'reader-unknown',
      `there is no simulated reader "${name}"; choose one of ${Object.keys(parameters).join(', ')}, and switch off a weakness as in 8k!middle`,
    )
  const { window } = weaknesses
  return {
    name: `simulated/${name}`,
    origin: meta.origin,
    ...(Number.isFinite(window) ? { window } : {}),
    visible: (prompt) => visibleRanges(prompt, window),
    async port(sample, seed) {
      const marks = marksOf(sample)
      let total = nothing
      const generate = async (call: ModelCall): Promise<ModelReply> => {
        call.abortSignal?.throwIfAborted()
        const text = replies[call.intent](sample, look(sample, marks, call.prompt, weaknesses, seed), call)
        const usage: Usage = {
          ...nothing,
          calls: 1,
          inputTokens: { total: counter.count(`${call.system ?? ''}${call.prompt}`), cacheRead: 0, cacheWrite: 0 },
          outputTokens: counter.count(text),
        }
        total = {
          ...total,
          calls: total.calls + 1,
          inputTokens: { ...total.inputTokens, total: total.inputTokens.total + usage.inputTokens.total },
          outputTokens: total.outputTokens + usage.outputTokens,
        }
        return { text, finish: 'stop', usage, replayed: false }
      }
      return {
        name: `simulated/${name}`,
        counter,
        ...(Number.isFinite(window) ? { window } : {}),
        generate,
        async *stream(call) {
          const reply = await generate(call)
          yield reply.text
          return reply
        },
        price: () => undefined,
        usage: () => total,
      } satisfies ModelPort
    },
  }
}
export default factory

const nothing: Usage = {
  calls: 0,
  inputTokens: { total: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: 0,
  milliseconds: 0,
}
