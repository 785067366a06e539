import type { SyntaxNode } from '../../adapters/tree-sitter.ts'

/**
 * One language. Its query gives each unit by one of these captures, the unit's `@name`, and `@body`, before which its
 * signature ends:
 * `@class`, `@namespace` (a container whose values are the module's own), `@function`, `@closure` (a function that is a
 * unit only outside functions or when it spans lines), `@type` (a definition wherever it stands outside functions),
 * `@constant` (a definition of the module), `@section`, `@import`.
 * `@receiver` goes in front of the name. `@imported` is a name that an import binds, `@imported.path` one whose last
 * segment is bound. `@wrap` encloses a unit that takes its range (an export, a decorated function). `@lead` belongs to
 * what follows (attributes); `@comment` does so too and holds no uses; nor does `@string`.
 */
export interface CodeLanguage {
  readonly name: string
  readonly mediaType: string
  /** Name of the grammar's file. */
  readonly grammar: string
  /** Lower-case endings, and whole names of files. */
  readonly extensions: readonly string[]
  /** Commands of a first line such as `#!/usr/bin/env python3`. */
  readonly commands?: readonly string[]
  /** Content by which a file of a language that this one is an `instead` of belongs to this one. */
  readonly signs?: RegExp
  /** The language whose grammar reads it where its own is not installed, or where `signs` say that it is that. */
  readonly instead?: CodeLanguage
  readonly query: string
  /** Types of nodes whose named children are statements. */
  readonly blocks: readonly string[]
  /** Source of a regular expression for one name. Default: letters, digits, `_` and `$`. */
  readonly word?: string
  /** Set where names are not made of words and dots, as selectors are not. */
  readonly verbatimNames?: true
  /** Finds the name where a query cannot. */
  title?(unit: SyntaxNode): SyntaxNode | undefined
}
