import type { AskEvent } from '../contract.ts'

/**
 * Turns work that tells events as it goes into a stream of them: events come in the order in which they are told, what the work
 * throws is thrown at the end of the stream, and a reader who leaves early stops the work by `stop`.
 */
export async function* streamed(
  work: (emit: (event: AskEvent) => void) => Promise<void>,
  stop: (reason: unknown) => void,
): AsyncGenerator<AskEvent, void, void> {
  const waiting: AskEvent[] = []
  let wake: (() => void) | undefined
  let ended = false
  let failure: { readonly error: unknown } | undefined
  const rouse = (): void => {
    wake?.()
    wake = undefined
  }
  const working = work((event) => {
    waiting.push(event)
    rouse()
  })
    .catch((error: unknown) => {
      failure = { error }
    })
    .finally(() => {
      ended = true
      rouse()
    })
  let left = true
  try {
    for (;;) {
      for (const event of waiting.splice(0)) yield event
      if (ended && waiting.length === 0) break
      if (waiting.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
    left = false
  } finally {
    if (left) stop(new Error('nobody reads on'))
    await working
  }
  if (failure) throw failure.error
}
