import type { CodeLanguage } from './language.ts'

export const php: CodeLanguage = {
  name: 'php',
  mediaType: 'text/x-php',
  grammar: 'php',
  extensions: ['php', 'phtml', 'php5', 'php7', 'inc'],
  commands: ['php'],
  blocks: ['compound_statement', 'switch_block', 'case_statement', 'default_statement'],
  query: `
    (comment) @comment
    [(string_content) (text)] @string
    (namespace_definition name: (_) @name body: (_) @body) @namespace
    (class_declaration name: (name) @name body: (_) @body) @class
    (trait_declaration name: (name) @name body: (_) @body) @class
    (interface_declaration name: (name) @name body: (_) @body) @type
    (enum_declaration name: (name) @name body: (_) @body) @type
    (function_definition name: (name) @name body: (_) @body) @function
    (method_declaration name: (name) @name body: (_)? @body) @function
    [(namespace_use_declaration)] @import
    (namespace_use_clause [(name) @imported (qualified_name (name) @imported)] .)
    (namespace_use_clause alias: (name) @imported)
    (const_declaration (const_element (name) @name)) @constant
  `,
}
