import type { CodeLanguage } from './language.ts'

export const python: CodeLanguage = {
  name: 'python',
  mediaType: 'text/x-python',
  grammar: 'python',
  extensions: ['py', 'pyi', 'pyw', 'sconstruct', 'sconscript', 'wscript'],
  commands: ['python', 'python2', 'python3', 'pypy', 'pypy3'],
  blocks: ['block'],
  query: `
    (comment) @comment
    (string_content) @string
    (decorated_definition) @wrap
    (function_definition name: (identifier) @name body: (_) @body) @function
    (class_definition name: (identifier) @name body: (_) @body) @class
    [(import_statement) (import_from_statement) (future_import_statement)] @import
    (import_statement name: (dotted_name . (identifier) @imported))
    (import_from_statement name: (dotted_name (identifier) @imported))
    (aliased_import alias: (identifier) @imported)
    (module (expression_statement (assignment left: (identifier) @name)) @constant)
    (module (expression_statement (assignment left: (pattern_list (identifier) @name))) @constant)
    (type_alias_statement left: (type (identifier) @name)) @type
  `,
}
