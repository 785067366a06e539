const word = () => /\s*(\d+(?:\.\d+)?|[A-Za-z_]\w*|\*\*|[-+*/^(),×])/y
const functions: Readonly<Record<string, (...values: number[]) => number>> = {
  ceil: Math.ceil,
  floor: Math.floor,
  log2: Math.log2,
  max: Math.max,
  min: Math.min,
}

/** The names of the quantities in an expression of calls, such as `chunks` in `chunks + 1`, each once. */
export const quantitiesIn = (expression: string): string[] => [
  ...new Set((tokensOf(expression) ?? []).filter((word) => /^[A-Za-z_]/.test(word) && !(word in functions))),
]

/**
 * The number of calls that `StrategyMeta.calls` comes to: sums, products, powers, `ceil`, `floor`, `log2`, `max` and `min` over numbers
 * and named quantities. Undefined where a quantity is not known or the expression is none.
 */
export function callsOf(expression: string, quantities: Readonly<Record<string, number>>): number | undefined {
  const tokens = tokensOf(expression)
  if (!tokens) return undefined
  let at = 0
  const take = (...wanted: string[]): string | undefined => (wanted.includes(tokens[at]!) ? tokens[at++] : undefined)
  const sum = (): number => {
    let value = product()
    for (let sign = take('+', '-'); sign; sign = take('+', '-')) value += sign === '+' ? product() : -product()
    return value
  }
  const product = (): number => {
    let value = power()
    for (let sign = take('*', '×', '/'); sign; sign = take('*', '×', '/')) {
      const other = power()
      value = sign === '/' ? value / other : value * other
    }
    return value
  }
  const power = (): number => {
    const value = atom()
    return take('^', '**') ? value ** power() : value
  }
  const atom = (): number => {
    if (take('-')) return -atom()
    if (take('(')) {
      const value = sum()
      return take(')') ? value : Number.NaN
    }
    const word = tokens[at++] ?? ''
    if (/^\d/.test(word)) return Number(word)
    const apply = Object.hasOwn(functions, word) ? functions[word] : undefined
    if (!apply) return Object.hasOwn(quantities, word) ? quantities[word]! : Number.NaN
    if (!take('(')) return Number.NaN
    const values = [sum()]
    while (take(',')) values.push(sum())
    return take(')') ? apply(...values) : Number.NaN
  }
  const value = sum()
  return at === tokens.length && Number.isFinite(value) ? value : undefined
}

function tokensOf(expression: string): string[] | undefined {
  const words: string[] = []
  const next = word()
  while (next.lastIndex < expression.trimEnd().length) {
    const match = next.exec(expression)
    if (!match) return undefined
    words.push(match[1]!)
  }
  return words
}
