import { type Answer, FoveaError, loadLeaf } from '../core/index.ts'
import { strategies } from './catalog.ts'
import type { AskEvent, AskParts, AskRequest, Strategy } from './contract.ts'

/**
 * Asks and waits for the answer. The strategy is `direct` where there is a model, else `extract`, unless one is named.
 * Throws `leaf-unknown` for a strategy that there is not, `no-answer`, and what the strategy throws.
 */
export async function ask(
  parts: AskParts,
  request: AskRequest,
  options: { readonly strategy?: string | Strategy; readonly onEvent?: (event: AskEvent) => void } = {},
): Promise<Answer> {
  const named = options.strategy ?? (parts.model ? 'direct' : 'extract')
  const strategy = typeof named === 'string' ? await loadLeaf(strategies, named) : named
  let answer: Answer | undefined
  for await (const event of strategy(parts, request)) {
    options.onEvent?.(event)
    if (event.type === 'answer') answer = event.answer
  }
  if (!answer)
    throw new FoveaError(
      'no-answer',
      `the strategy "${typeof named === 'string' ? named : 'given'}" ended without an answer; this is a fault of the strategy`,
    )
  return answer
}
