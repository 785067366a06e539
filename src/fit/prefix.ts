import type { TokenCounter } from '../core/index.ts'

/** What of a prompt a cache can still use after the prompt before. */
export interface SharedPrefix {
  /** UTF-8 bytes from the start that are the same. */
  readonly bytes: number
  /** Of all bytes of the new prompt, 0 to 1. */
  readonly share: number
  readonly tokens: number
}

/** The beginning that two prompts have in common. */
export function sharedPrefix(before: string, after: string, counter: TokenCounter): SharedPrefix {
  let length = 0
  const most = Math.min(before.length, after.length)
  while (length < most && before.charCodeAt(length) === after.charCodeAt(length)) length++
  if (length > 0 && /[\ud800-\udbff]/.test(after[length - 1]!)) length--
  const same = after.slice(0, length)
  const bytes = new TextEncoder().encode(same).length
  const all = new TextEncoder().encode(after).length
  return { bytes, share: all === 0 ? 1 : bytes / all, tokens: counter.count(same) }
}
