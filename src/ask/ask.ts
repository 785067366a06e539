import { type Answer, FoveaError, loadLeaf, type Passage } from '../core/index.ts'
import { hasSandbox } from './adapters/sandbox.ts'
import { strategies } from './catalog.ts'
import type { AskEvent, AskParts, AskRequest, Strategy } from './contract.ts'
import { corpusTokens } from './reading/size.ts'
import { type Route, route } from './router.ts'

/**
 * Asks and waits for the answer. Where none is named, the router chooses the strategy (`auto`), without a model `extract`. Throws `leaf-unknown` for a strategy that there is not, `no-answer`, and what the strategy throws.
 */
export async function ask(
  parts: AskParts,
  request: AskRequest,
  options: { readonly strategy?: string | Strategy; readonly onEvent?: (event: AskEvent) => void } = {},
): Promise<Answer> {
  const named = options.strategy ?? (parts.model ? 'auto' : 'extract')
  const strategy = typeof named === 'string' ? await strategyOf(named) : named
  let answer: Answer | undefined
  for await (const event of strategy(parts, request)) {
    options.onEvent?.(event)
    if (event.type === 'answer') answer = event.answer
  }
  if (!answer)
    throw new FoveaError('no-answer', 'the strategy ended without an answer; this is a fault of the strategy')
  return answer
}

/** The strategy of a name in the catalog, or `auto`. Throws `leaf-unknown`. */
export const strategyOf = async (name: string): Promise<Strategy> =>
  name === 'auto' ? auto : loadLeaf(strategies, name)

/** What the router chooses for a request: it sizes the text and asks no model. */
export async function routeOf(parts: AskParts, request: AskRequest): Promise<Route> {
  const { question, budget, filter, limits = {}, abortSignal } = request
  const { window = Number.POSITIVE_INFINITY } = parts.model ?? {}
  return route(
    {
      question,
      budget,
      tokens: await corpusTokens(parts, filter, abortSignal),
      model: parts.model !== undefined,
      prompt: Math.max(200, Math.floor(Math.min(limits.prompt ?? 8000, window * 0.7) * 0.85)),
      ...(limits.calls === undefined ? {} : { calls: limits.calls }),
      ...(limits.tokens === undefined ? {} : { spend: limits.tokens }),
    },
    strategies.flatMap(({ meta }) => (meta.needs.includes('sandbox') && !hasSandbox() ? [] : [meta.name])),
  )
}

/** Does what the router chooses. What fits the budget is read with all passages, so that nothing is left out. */
const auto: Strategy = async function* (parts, request) {
  const { way, strategy, why } = await routeOf(parts, request)
  request.abortSignal?.throwIfAborted()
  yield { type: 'planned', plan: why, steps: [strategy] }
  const chosen = await loadLeaf(strategies, strategy)
  for await (const event of chosen(way === 'whole' ? wholly(parts) : parts, request))
    yield event.type === 'answer'
      ? { ...event, answer: { ...event.answer, trail: [`auto: ${way}`, ...event.answer.trail] } }
      : event
}

/** Parts whose retriever gives all sources in order, then what it finds. */
function wholly(parts: AskParts): AskParts {
  const { store, retriever } = parts
  return {
    ...parts,
    retriever: {
      name: `whole(${retriever.name})`,
      async retrieve(query) {
        const rest: Passage[] = []
        for await (const { id, length } of store.sources(query.filter)) {
          query.abortSignal?.throwIfAborted()
          if (length > 0)
            rest.push({
              spans: [{ source: id, start: 0, end: length }],
              score: -rest.length,
              trail: ['whole'],
            })
        }
        // Where the size was estimated too low, passages stand in for the source that does not fit.
        const found = await retriever.retrieve(query)
        return [...rest, ...found.map((passage) => ({ ...passage, score: passage.score - rest.length - 1e6 }))]
      },
    },
  }
}
