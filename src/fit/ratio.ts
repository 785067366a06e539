import type { FitRequest } from './contract.ts'
import { fit } from './fit.ts'

/**
 * The budget that is `share` (0 to 1) of what all of the passages take when rendered whole. Counts the whole text.
 * Throws as `fit` does.
 */
export async function ratio(request: Omit<FitRequest, 'budget' | 'compressor'>, share: number): Promise<number> {
  const all = await fit({
    ...request,
    passages: [],
    required: [...(request.required ?? []), ...request.passages],
    budget: Number.MAX_SAFE_INTEGER,
  })
  return Math.floor(share * (all.tokens.count + all.tokens.margin))
}
