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
}

/**
 * Frozen. `phi-3-mini` and `gemini-3-flash` are fitted to the stored answers of these models to BABILong and, for the
 * middle, of three models to the topics of L-Eval (bench/fit-reader.ts makes them again); the others are made up.
 */
export const parameters: Readonly<Record<string, Weaknesses>> = {
  perfect: { window: Number.POSITIVE_INFINITY, sight: 1 },
  '4k': { window: 4096, sight: 0.98, middle: { loss: 0.3, scale: 2000 }, distraction: 0.05, joining: 0.95 },
  '8k': { window: 8192, sight: 0.98, middle: { loss: 0.4, scale: 3000 }, distraction: 0.05, joining: 0.95 },
  '32k': { window: 32_768, sight: 0.98, middle: { loss: 0.4, scale: 12_000 }, distraction: 0.05, joining: 0.95 },
  '128k': { window: 131_072, sight: 0.98, middle: { loss: 0.4, scale: 48_000 }, distraction: 0.05, joining: 0.95 },
}

const switchable = ['window', 'length', 'middle', 'distraction', 'joining', 'sight'] as const

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
