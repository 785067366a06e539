import { blocks, common } from './javascript.ts'
import type { CodeLanguage } from './language.ts'

const query = `${common}
  (class_declaration name: (type_identifier) @name body: (_) @body) @class
  (abstract_class_declaration name: (type_identifier) @name body: (_) @body) @class
  (public_field_definition name: (_) @name value: [(arrow_function) (function_expression)] @value) @closure
  (function_signature name: (identifier) @name) @type
  (abstract_method_signature name: (_) @name) @type
  (interface_declaration name: (type_identifier) @name) @type
  (type_alias_declaration name: (type_identifier) @name) @type
  (enum_declaration name: (identifier) @name) @type
  (internal_module name: (_) @name body: (_) @body) @namespace
  (module name: (_) @name body: (_) @body) @namespace
  (ambient_declaration) @wrap
  (import_require_clause (identifier) @imported)
  (import_alias) @import
  (import_alias . (identifier) @imported)
`

export const typescript: CodeLanguage = {
  name: 'typescript',
  mediaType: 'text/typescript',
  grammar: 'typescript',
  extensions: ['ts', 'mts', 'cts'],
  commands: ['tsx', 'ts-node'],
  blocks,
  query,
}

export const tsx: CodeLanguage = {
  ...typescript,
  name: 'tsx',
  mediaType: 'text/tsx',
  grammar: 'tsx',
  extensions: ['tsx'],
  commands: [],
}
