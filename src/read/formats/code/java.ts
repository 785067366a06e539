import type { CodeLanguage } from './language.ts'

export const java: CodeLanguage = {
  name: 'java',
  mediaType: 'text/x-java',
  grammar: 'java',
  extensions: ['java'],
  blocks: ['block', 'constructor_body', 'switch_block', 'switch_block_statement_group'],
  query: `
    [(line_comment) (block_comment)] @comment
    [(string_fragment) (multiline_string_fragment)] @string
    (class_declaration name: (identifier) @name body: (_) @body) @class
    (record_declaration name: (identifier) @name body: (_) @body) @class
    (interface_declaration name: (identifier) @name body: (_) @body) @type
    (annotation_type_declaration name: (identifier) @name body: (_) @body) @type
    (enum_declaration name: (identifier) @name body: (_) @body) @type
    (method_declaration name: (identifier) @name body: (_)? @body) @function
    (constructor_declaration name: (identifier) @name body: (_) @body) @function
    (compact_constructor_declaration name: (identifier) @name body: (_) @body) @function
    [(import_declaration) (package_declaration)] @import
    (import_declaration (scoped_identifier name: (identifier) @imported) .)
  `,
}
