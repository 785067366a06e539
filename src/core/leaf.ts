import { FoveaError } from './errors.ts'

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

/** Loads one leaf of a catalog by name. Throws `leaf-unknown`, listing the names there are. */
export async function loadLeaf<Meta extends LeafMeta, Leaf>(catalog: Catalog<Meta, Leaf>, name: string): Promise<Leaf> {
  const entry = catalog.find((candidate) => candidate.meta.name === name)
  if (!entry) {
    const names = catalog.map((candidate) => candidate.meta.name).join(', ')
    throw new FoveaError('leaf-unknown', `there is no "${name}"; choose one of: ${names}`, { detail: { name } })
  }
  return (await entry.load()).default
}
