import type { Embedder, LeafMeta, Ranker, Retriever, TokenEmbedder } from '../core/index.ts'
import type { ModelPort } from '../model/index.ts'
import type { Searchable } from '../store/index.ts'

/** What a retriever may be made from; `meta.needs` says which of these it cannot do without. */
export interface RetrieverParts {
  readonly store: Searchable
  /** Retrievers that a combinator works on, in order of preference. */
  readonly inner: readonly Retriever[]
  readonly embedder?: Embedder
  readonly ranker?: Ranker
  readonly model?: ModelPort
  readonly tokenEmbedder?: TokenEmbedder
}

type Part = 'inner' | 'embedder' | 'ranker' | 'model' | 'tokenEmbedder'

export interface RetrieverMeta extends LeafMeta {
  /** `inner`: works on at least one other retriever; the others: needs that model. */
  readonly needs: readonly Part[]
  /** Taken where it is given; `composer` gives the ranker that ships. */
  readonly uses?: readonly Part[]
}

/** The default export of a leaf in `retrievers/`. Options are the leaf's own, all with defaults. */
export type RetrieverFactory<Options = Record<string, never>> = (
  parts: RetrieverParts,
  options?: Partial<Options>,
) => Retriever
