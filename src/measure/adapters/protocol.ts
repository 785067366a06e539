import type { Row } from '../job.ts'
import type { Surroundings } from '../parts.ts'
import type { Job, Spec } from '../spec.ts'

/** What a thread of a run is told, and what it tells. */
export interface ThreadSetup {
  readonly spec: Spec
  readonly surroundings: Surroundings
}
export type ToThread =
  | { readonly type: 'job'; readonly job: Job; readonly done: readonly string[] }
  | { readonly type: 'stop' }
export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'rows'; readonly rows: readonly Row[] }
  | { readonly type: 'warn'; readonly message: string }
  | { readonly type: 'finished' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
