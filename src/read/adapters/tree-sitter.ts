import { createRequire } from 'node:module'
import type { Language, Node, Parser } from 'web-tree-sitter'

export type SyntaxNode = Node

export interface SyntaxCapture {
  readonly name: string
  readonly node: SyntaxNode
}

/** A parsed text and what the grammar's query found in it. Its nodes live until the callback that was given it returns. */
export interface SyntaxTree {
  readonly root: SyntaxNode
  /** For each match of the query, its captures. */
  readonly matches: readonly SyntaxCapture[][]
}

export interface Grammar {
  /**
   * Parses a text and hands the tree to `use`; offsets are UTF-16 units, and nodes below `depth` are not looked at.
   * Gives undefined when the work grew out of proportion to the text: in steps of the parser, or in time, at fifty
   * times of what real source code takes.
   */
  parse<Result>(text: string, depth: number, use: (tree: SyntaxTree) => Result): Result | undefined
}

/** Loads a grammar by its name, with a query that is compiled once. Rejects with `MODULE_NOT_FOUND` where it is not installed. */
export type Grammars = (name: string, query: string) => Promise<Grammar>

/** The parser reports every 100 of its operations; real source code makes about one report per 180 units. */
const reports = (length: number): number => 5000 + Math.ceil(length / 5)
const milliseconds = (length: number): number => 2000 + length / 250

const fileOf = (name: string): string =>
  name === 'c' ? 'tree-sitter-c/tree-sitter-c.wasm' : `@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`

/** The engine and its grammars, each loaded once when first asked for. `now` gives milliseconds. */
export function treeSitter(now: () => number = () => performance.now()): Grammars {
  const files = createRequire(import.meta.url)
  const languages = new Map<string, Promise<Language>>()
  const grammars = new Map<string, Map<string, Promise<Grammar>>>()
  let engine: Promise<typeof import('web-tree-sitter')> | undefined
  let parser: Parser | undefined

  const start = async () => {
    const module = await import('web-tree-sitter')
    await module.Parser.init()
    return module
  }

  async function load(name: string, query: string): Promise<Grammar> {
    engine ??= start()
    const module = await engine
    let loading = languages.get(name)
    if (!loading) {
      loading = module.Language.load(files.resolve(fileOf(name)))
      languages.set(name, loading)
    }
    const language = await loading
    const compiled = new module.Query(language, query)
    return {
      parse(text, depth, use) {
        parser ??= new module.Parser()
        parser.setLanguage(language)
        let left = reports(text.length)
        const end = now() + milliseconds(text.length)
        const late = (): boolean => now() > end
        const progressCallback = (): boolean => left-- <= 0 || late()
        let tree: ReturnType<Parser['parse']>
        try {
          tree = parser.parse(text, null, { progressCallback })
        } catch (error) {
          parser = undefined
          throw error
        }
        if (!tree) {
          parser.reset()
          return undefined
        }
        try {
          const root = tree.rootNode
          const options = { maxStartDepth: Math.min(depth, 4096), progressCallback: late }
          const matches = compiled.matches(root, options)
          if (late()) return undefined
          return use({ root, matches: matches.map(({ captures }) => captures) })
        } finally {
          tree.delete()
        }
      },
    }
  }

  return (name, query) => {
    const known = grammars.get(name) ?? new Map<string, Promise<Grammar>>()
    grammars.set(name, known)
    let grammar = known.get(query)
    if (!grammar) {
      grammar = load(name, query)
      known.set(query, grammar)
    }
    return grammar
  }
}
