import { type QuestionType, questionType } from './question-type.ts'

/** Ways of reading that a router chooses between; each is done by the first of its strategies that there is. */
export type Way =
  | 'whole'
  | 'extraction'
  | 'retrieval'
  | 'long units'
  | 'aggregate'
  | 'tabulate'
  | 'verify'
  | 'summarise'
  | 'map-reduce'
  | 'read everything'

export interface RouteFacts {
  readonly question: string
  /** Tokens of all that the question may be answered from. */
  readonly tokens: number
  /** Tokens of the pack. */
  readonly budget: number
  /** False without a model. */
  readonly model: boolean
  /** Most tokens of one prompt. */
  readonly prompt?: number
  /** Most calls and tokens that may be spent; absent where there is no limit. */
  readonly calls?: number
  readonly spend?: number
}
export interface Route {
  readonly way: Way
  readonly strategy: string
  readonly type: QuestionType
  /** In one sentence. */
  readonly why: string
}

/** Strategies for each way, the first that there is; `direct` and `extract` are always there. */
export const strategiesFor: Readonly<Record<Way, readonly string[]>> = {
  whole: ['direct'],
  extraction: ['extract'],
  retrieval: ['direct'],
  'long units': ['dual', 'map-reduce'],
  aggregate: ['aggregate', 'map-reduce'],
  tabulate: ['tabulate', 'aggregate', 'map-reduce'],
  verify: ['verify', 'map-reduce'],
  summarise: ['summarise', 'map-reduce'],
  'map-reduce': ['map-reduce'],
  'read everything': ['chain', 'map-reduce'],
}
/** Parts of text that may be read one by one for a question that needs all of it: unasked, and where a sum of tokens or calls is allowed. */
const [fewParts, mostParts] = [40, 400]
/** Tokens of a part that is read for a list, and for rows: small ones, so that little is overlooked. */
const [listPart, rowPart] = [2000, 1000]
/** Parts up to which reading all of them is worth it for a question that needs a few places joined. */
const joinedParts = 8
/** Prompts of text up to which whole sections are read instead of passages. */
const longUnits = 2

/**
 * Chooses how to read for a question by its type, the size of the text and what may be spent; no model is asked. What fits the budget is
 * given whole; a look-up is retrieved; what needs all of the text is read in parts, as far as calls allow, else retrieved.
 * `has` are the names of the strategies that there are.
 */
export function route(facts: RouteFacts, has: readonly string[]): Route {
  const { tokens, budget, model, prompt = 6800 } = facts
  const type = questionType(facts.question)
  const choose = (way: Way, why: string): Route => {
    const strategy = strategiesFor[way].find((name) => has.includes(name)) ?? (model ? 'direct' : 'extract')
    return { way, strategy, type, why }
  }
  if (!model) return choose('extraction', 'There is no model, so sentences of the text are the answer.')
  const size = `${tokens.toLocaleString('en')} tokens`
  const parts = Math.max(1, Math.ceil(tokens / prompt))
  const most = Math.min(facts.calls ?? (facts.spend === undefined ? fewParts : mostParts), mostParts)
  const affordable = parts + 1 <= most && (facts.spend === undefined || tokens * 1.2 + 1000 <= facts.spend)
  const fits = tokens * 1.1 <= budget
  if (type === 'verify') {
    if (fits || affordable)
      return choose('verify', `A claim is judged over all of the text (${size}), for and against.`)
    return choose('verify', `A claim is judged over what is found, for ${size} are too much to read.`)
  }
  const rowCalls = facts.calls ?? most * 2
  if (type === 'calculation' && affordable && Math.ceil(tokens / rowPart) + 2 <= rowCalls)
    return choose(
      'tabulate',
      `A question of the type "calculation" needs all of the text (${size}), as rows that a program computes with.`,
    )
  const wide = type === 'calculation' || type === 'list' || type === 'count' || type === 'group' || type === 'compare'
  if (wide) {
    if (Math.ceil(tokens / listPart) + 1 <= most && affordable)
      return choose(
        'aggregate',
        `A question of the type "${type}" needs all of the text (${size}), listed and counted by program.`,
      )
    if (affordable)
      return choose(
        'map-reduce',
        `A question of the type "${type}" needs all of the text (${size}), in as few calls as it takes.`,
      )
    return choose(
      'retrieval',
      `A question of the type "${type}" needs all of the text, but ${size} are more than may be spent: what is found must do.`,
    )
  }
  if (fits)
    return choose(
      'whole',
      `All of the text (${size}) fits the budget of ${budget.toLocaleString('en')}, so nothing is left out.`,
    )
  if (type === 'summary')
    return affordable
      ? choose('summarise', `A summary needs all of the text (${size}).`)
      : choose(
          'retrieval',
          `A summary needs all of the text, but ${size} are more than may be spent: what is found must do.`,
        )
  if (type === 'multi-hop') {
    if (affordable && parts <= longUnits)
      return choose(
        'long units',
        `Places that must be joined may lie far apart, and ${size} are few enough for long units.`,
      )
    if (affordable && parts <= joinedParts)
      return choose(
        'read everything',
        `Places that must be joined share few words with the question, and ${size} can all be read.`,
      )
    return choose(
      'retrieval',
      `Places that must be joined are looked for, since ${size} are too much to read for one question.`,
    )
  }
  return choose('retrieval', `A look-up needs few places of ${size}, which are found by their words.`)
}
