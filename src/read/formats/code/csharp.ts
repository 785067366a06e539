import type { CodeLanguage } from './language.ts'

export const csharp: CodeLanguage = {
  name: 'csharp',
  mediaType: 'text/x-csharp',
  grammar: 'c-sharp',
  extensions: ['cs', 'csx'],
  blocks: ['block', 'switch_body', 'switch_section'],
  query: `
    (comment) @comment
    [(string_literal_content) (verbatim_string_literal) (raw_string_literal) (string_content)] @string
    (namespace_declaration name: (_) @name body: (_) @body) @namespace
    (class_declaration name: (identifier) @name body: (_) @body) @class
    (struct_declaration name: (identifier) @name body: (_) @body) @class
    (record_declaration name: (identifier) @name body: (_)? @body) @class
    (interface_declaration name: (identifier) @name body: (_) @body) @type
    (enum_declaration name: (identifier) @name body: (_) @body) @type
    (delegate_declaration name: (identifier) @name) @type
    (method_declaration name: (identifier) @name body: (_)? @body) @function
    (local_function_statement name: (identifier) @name body: (_)? @body) @function
    (constructor_declaration name: (identifier) @name body: (_)? @body) @function
    (destructor_declaration name: (identifier) @name body: (_)? @body) @function
    (property_declaration name: (identifier) @name) @closure
    (operator_declaration operator: _ @name body: (_)? @body) @function
    (using_directive) @import
    (using_directive name: (identifier) @imported)
  `,
}
