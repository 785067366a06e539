import type { CodeLanguage } from './language.ts'

const functions = '[(arrow_function) (function_expression) (generator_function)]'

/** What the grammars of JavaScript and TypeScript share. */
export const common = `
  (comment) @comment
  [(string_fragment) (regex_pattern)] @string
  (template_string (string_fragment) @string)
  [(export_statement) (decorator)] @wrap
  (decorator) @lead
  (function_declaration name: (identifier) @name body: (_) @body) @function
  (generator_function_declaration name: (identifier) @name body: (_) @body) @function
  (method_definition name: (_) @name body: (_) @body) @function
  (lexical_declaration (variable_declarator name: (identifier) @name value: (_ body: (_) @body) @value)) @closure
  (variable_declaration (variable_declarator name: (identifier) @name value: (_ body: (_) @body) @value)) @closure
  (expression_statement (assignment_expression left: (_) @name right: (_ body: (_) @body) @value)) @closure
  (pair key: (_) @name value: (_ body: (_) @body) @value) @closure
  (import_statement) @import
  (import_clause (identifier) @imported)
  (import_specifier name: (identifier) @imported !alias)
  (import_specifier alias: (identifier) @imported)
  (namespace_import (identifier) @imported)
  (program (lexical_declaration (variable_declarator name: (identifier) @name)) @constant)
  (program (variable_declaration (variable_declarator name: (identifier) @name)) @constant)
  (program (export_statement (lexical_declaration (variable_declarator name: (identifier) @name)) @constant))
  (program (lexical_declaration (variable_declarator
    name: (object_pattern (shorthand_property_identifier_pattern) @name))) @constant)
  (program (variable_declaration (variable_declarator
    name: (object_pattern (shorthand_property_identifier_pattern) @name))) @constant)
`
  .replaceAll('value: (_ body: (_) @body) @value', `value: ${functions} @value`)
  .replaceAll('right: (_ body: (_) @body) @value', `right: ${functions} @value`)

export const blocks = [
  'statement_block',
  'class_body',
  'switch_body',
  'switch_case',
  'switch_default',
  'object',
  'array',
  'arguments',
]

export const javascript: CodeLanguage = {
  name: 'javascript',
  mediaType: 'text/javascript',
  grammar: 'javascript',
  extensions: ['js', 'mjs', 'cjs', 'jsx', 'es6', 'jsm'],
  commands: ['node', 'nodejs', 'deno', 'bun'],
  blocks,
  query: `${common}
    (class_declaration name: (identifier) @name body: (_) @body) @class
    (field_definition property: (_) @name value: ${functions} @value) @closure
    (program (lexical_declaration (variable_declarator name: (identifier) @name value: (class body: (_) @body))) @class)
  `,
}
