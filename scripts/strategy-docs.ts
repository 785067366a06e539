// Writes what docs/strategies.md tells of each strategy, from its `meta` and the docstring of its leaf.
import type { StrategyMeta } from '../src/ask/index.ts'

/** The docstring that stands right above what a leaf exports as its default, as one paragraph; '' where there is none. */
export function docstringOf(source: string): string {
  const name = /^export default (\w+)$/m.exec(source)?.[1]
  const before = source.indexOf(name ? `\nconst ${name}` : '\nexport default ')
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/$/.exec(source.slice(0, before).trimEnd())?.[1] ?? ''
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
    .join(' ')
    .trim()
}

/** The steps of `meta.flow` as a diagram; a step after `?` decides, and sends back by two where it fails. */
export function diagramOf(flow: string): string {
  const steps = flow.split(' > ')
  const decides = steps.map((step) => step.startsWith('? '))
  const nodes = steps.map((step, index) => (decides[index] ? `n${index}{"${step.slice(2)}?"}` : `n${index}["${step}"]`))
  const edges = steps.slice(1).map((_, index) => `  n${index} ${decides[index] ? '-- yes ' : ''}--> n${index + 1}`)
  const back = steps.flatMap((_, index) => (decides[index] ? [`  n${index} -- no --> n${Math.max(0, index - 2)}`] : []))
  return ['```mermaid', 'flowchart LR', ...nodes.map((node) => `  ${node}`), ...edges, ...back, '```'].join('\n')
}

/** What a page shows of a strategy: its leaf, its example, and what the example prints. */
export interface StrategyLeaf {
  readonly meta: StrategyMeta
  readonly source: string
  readonly example: string
  readonly output: string
}

/** The comment that an example begins with, as one paragraph. */
const introduction = (example: string): string =>
  (/^(?:\/\/[^\n]*\n)+/.exec(example)?.[0] ?? '')
    .replace(/^\/\/ ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim()

export function strategyPage(leaves: readonly StrategyLeaf[]): string {
  const index = [
    '| name | what it is | calls, at most |',
    '|---|---|---|',
    ...leaves.map(({ meta }) => `| [\`${meta.name}\`](#${meta.name}) | ${meta.summary} | \`${meta.calls ?? ''}\` |`),
  ]
  const sections = leaves.map(({ meta, source, example, output }) => {
    const { name, use = '', calls = '', options = {}, flow = '', paper } = meta as StrategyMeta & { paper?: string }
    const bounds = Object.entries(options).map(([option, value]) => `\`${option}\` ${value}`)
    return [
      `### ${name}`,
      use,
      diagramOf(flow),
      docstringOf(source),
      `Calls: \`${calls}\`${bounds.length > 0 ? `, with ${bounds.join(', ')} unless told otherwise` : ''}.${paper ? ` From: ${paper}.` : ''}`,
      `[Example](../examples/strategies/${name}.ts), with a program in the model's place. ${introduction(example)}`,
      ['```text', output.trimEnd(), '```'].join('\n'),
    ]
      .filter(Boolean)
      .join('\n\n')
  })
  return [index.join('\n'), ...sections].join('\n\n')
}
