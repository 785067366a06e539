import pLimit from 'p-limit'

/** Runs at most `concurrency` tasks at once, in the order in which they came. */
export const limiter = (concurrency: number): (<Value>(task: () => Promise<Value>) => Promise<Value>) =>
  pLimit(concurrency)
