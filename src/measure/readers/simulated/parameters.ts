/**
 * How a simulated reader is weak. Each weakness can be switched off alone; a chance is that of seeing one piece of
 * evidence.
 */
export interface Weaknesses {
  /** Tokens of prompt that it reads; of a longer one the middle is cut out. */
  readonly window: number
  /** Chance in a short prompt. */
  readonly sight: number
  /** The longer the prompt, the less is seen: the chance is halved at `half` tokens, the more abruptly the larger `slope` is. */
  readonly length?: { readonly half: number; readonly slope: number }
  /** What stands in the middle is seen less: the chance lost there, reached by half at `scale` tokens. */
  readonly middle?: { readonly loss: number; readonly scale: number }
  /** Each piece that looks like evidence takes that share of its attention. */
  readonly distraction?: number
  /** Chance to join one further piece of evidence to what is known already. */
  readonly joining?: number
  /** Tokens of prompt at which that chance is halved. */
  readonly reach?: number
  /** Chance to name one of the candidates that it sees, each as likely, rather than to own up that it does not know. */
  readonly guessing?: number
  /** In prompts of more `tokens` it comes apart: only this share of its answers is any use. */
  readonly breakdown?: { readonly tokens: number; readonly left: number }
}

/**
 * Frozen. `phi-3-mini` and `gemini-3-flash` are fitted to the stored answers of these models to BABILong (bench/fit-reader.ts
 * makes them again); the others are made up. What is left, as root mean squares over lengths: 4 and 5 points where tasks with
 * as many facts are taken together, 9 and 5 task by task (worst 25 and 16: a reader does not know that one relation is harder
 * than another). Not held: that stories with the most other facts go 13 points worse than those with the fewest. The loss in
 * the middle is that of three models in the topics of L-Eval, which is more than any such dip can show (23 points are left);
 * its scale is BABILong's, and for gemini-3-flash nearly nothing. Windows are those that the makers state.
 */
export const parameters: Readonly<Record<string, Weaknesses>> = {
  perfect: { window: Number.POSITIVE_INFINITY, sight: 1 },
  '4k': { window: 4096, sight: 0.98, middle: { loss: 0.3, scale: 2000 }, distraction: 0.05, joining: 0.95 },
  '8k': { window: 8192, sight: 0.98, middle: { loss: 0.4, scale: 3000 }, distraction: 0.05, joining: 0.95 },
  '32k': { window: 32_768, sight: 0.98, middle: { loss: 0.4, scale: 12_000 }, distraction: 0.05, joining: 0.95 },
  '128k': { window: 131_072, sight: 0.98, middle: { loss: 0.4, scale: 48_000 }, distraction: 0.05, joining: 0.95 },
  'phi-3-mini': {
    window: 131_072,
    sight: 0.861,
    length: { half: 1_000_000, slope: 0.2 },
    middle: { loss: 1, scale: 92_600 },
    distraction: 0.000153,
    joining: 1,
    breakdown: { tokens: 90_510, left: 0.262 },
  },
  'gemini-3-flash': {
    window: 1_048_576,
    sight: 1,
    length: { half: 326_000, slope: 0.502 },
    middle: { loss: 1, scale: 10_000_000 },
    distraction: 0.0001,
    joining: 1,
    guessing: 1,
    reach: 47_900,
  },
}

const switchable = [
  'window',
  'length',
  'middle',
  'distraction',
  'joining',
  'reach',
  'guessing',
  'breakdown',
  'sight',
] as const satisfies readonly (keyof Weaknesses)[]

/** `8k` or `8k!middle!window`: a set of parameters with some weaknesses switched off. */
export function weaknessesOf(name: string): Weaknesses | undefined {
  const [base = '', ...off] = name.split('!')
  const found = parameters[base]
  if (!found || off.some((weakness) => !switchable.includes(weakness as (typeof switchable)[number]))) return undefined
  const { window, sight, ...rest } = found
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([weakness]) => !off.includes(weakness))),
    window: off.includes('window') ? Number.POSITIVE_INFINITY : window,
    sight: off.includes('sight') ? 1 : sight,
  }
}
