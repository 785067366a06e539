/**
 * What every leaf says of itself, as data. A leaf is a module with a constant `meta` and a default export that its
 * room's contract describes; the generated catalog lists `meta` and loads the module when it is used.
 */
export interface LeafMeta {
  readonly name: string
  /** One sentence. */
  readonly summary: string
  /** The paper that it comes from: title and year or arXiv number. */
  readonly paper?: string
  /** What must be supplied for it to work. */
  readonly needs?: readonly string[]
}

export interface LeafEntry<Meta extends LeafMeta, Leaf> {
  readonly meta: Meta
  load(): Promise<{ readonly meta: Meta; readonly default: Leaf }>
}

export type Catalog<Meta extends LeafMeta, Leaf> = readonly LeafEntry<Meta, Leaf>[]
