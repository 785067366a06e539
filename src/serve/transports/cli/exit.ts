import { FoveaError } from '../../../core/index.ts'

/** Exit codes of the command line, documented in `fovea --help` and docs/serve.md. */
export const exit = {
  done: 0,
  notFound: 1,
  usage: 2,
  partial: 3,
  budget: 4,
  locked: 5,
  storage: 6,
  model: 7,
  failure: 70,
  interrupted: 130,
} as const

export const exitHelp = `Exit codes:
  0    done
  1    nothing found (no evidence for the question, no match)
  2    the command was not understood, or a path, an index or a citation is not there
  3    done, but some files or parts could not be read (they are named on stderr)
  4    what is required does not fit the token budget
  5    another process writes the index
  6    the index cannot be written or read (disk full, read-only, corrupt)
  7    the model failed
  70   a fault of fovea, or Node is too old
  130  interrupted; what was read is kept, and answered where there is an answer`

const byCode: Readonly<Record<string, number>> = {
  'path-missing': exit.usage,
  'no-index': exit.usage,
  'citation-unknown': exit.usage,
  'leaf-unknown': exit.usage,
  'language-unknown': exit.usage,
  'analyzer-changed': exit.usage,
  'tokenizer-unknown': exit.usage,
  'provider-missing': exit.usage,
  'provider-unknown': exit.usage,
  'key-missing': exit.usage,
  'spec-invalid': exit.usage,
  'reader-unknown': exit.usage,
  'data-missing': exit.usage,
  'data-invalid': exit.usage,
  'reader-missing': exit.usage,
  'part-missing': exit.usage,
  'retriever-invalid': exit.usage,
  'module-unusable': exit.usage,
  'model-unfit': exit.usage,
  'required-too-large': exit.budget,
  'budget-too-small': exit.budget,
  locked: exit.locked,
  'disk-full': exit.storage,
  unwritable: exit.storage,
  'store-corrupt': exit.storage,
  'store-newer': exit.storage,
  'store-older': exit.storage,
  'store-missing': exit.storage,
  'store-failed': exit.storage,
  'store-full': exit.storage,
  'writer-failed': exit.storage,
  'journal-unusable': exit.storage,
  'results-unusable': exit.storage,
  'embedder-changed': exit.storage,
}

export function exitCodeOf(error: unknown): number {
  if (!FoveaError.is(error))
    return (error as { name?: string })?.name === 'AbortError' ? exit.interrupted : exit.failure
  return byCode[error.code] ?? (/^(model-|over-cost)/.test(error.code) ? exit.model : exit.failure)
}
