import type { JournalEntry, JournalFactory, JournalMeta } from '../contract.ts'

export const meta = {
  name: 'memory',
  summary: 'Replies kept for the life of this process.',
  durable: false,
} as const satisfies JournalMeta

const factory: JournalFactory = async () => {
  const entries = new Map<string, JournalEntry>()
  return {
    get: async (key) => entries.get(key),
    set: async (entry) => void entries.set(entry.key, entry),
    close: async () => {},
  }
}
export default factory
