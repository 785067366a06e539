import type { CodeLanguage } from './language.ts'

export const rust: CodeLanguage = {
  name: 'rust',
  mediaType: 'text/x-rust',
  grammar: 'rust',
  extensions: ['rs'],
  blocks: ['block', 'match_block'],
  query: `
    [(line_comment) (block_comment)] @comment
    (string_content) @string
    (raw_string_literal) @string
    (attribute_item) @lead
    (function_item name: (_) @name body: (_) @body) @function
    (function_signature_item name: (_) @name) @type
    (impl_item type: (_) @name body: (_) @body) @class
    (trait_item name: (type_identifier) @name body: (_) @body) @type
    (mod_item name: (identifier) @name body: (_) @body) @namespace
    (struct_item name: (type_identifier) @name) @type
    (enum_item name: (type_identifier) @name) @type
    (union_item name: (type_identifier) @name) @type
    (type_item name: (type_identifier) @name) @type
    (macro_definition name: (identifier) @name) @function
    (const_item name: (identifier) @name) @constant
    (static_item name: (identifier) @name) @constant
    [(use_declaration) (extern_crate_declaration)] @import
    (use_declaration argument: (identifier) @imported)
    (use_declaration argument: (scoped_identifier name: (identifier) @imported))
    (use_list (identifier) @imported)
    (use_list (scoped_identifier name: (identifier) @imported))
    (use_as_clause alias: (identifier) @imported)
  `,
}
