import type { CodeLanguage } from './language.ts'

export const go: CodeLanguage = {
  name: 'go',
  mediaType: 'text/x-go',
  grammar: 'go',
  extensions: ['go'],
  blocks: ['block', 'statement_list', 'expression_case', 'type_case', 'default_case', 'communication_case'],
  query: `
    (comment) @comment
    [(interpreted_string_literal) (raw_string_literal)] @string
    (function_declaration name: (identifier) @name body: (_)? @body) @function
    (method_declaration
      receiver: (parameter_list (parameter_declaration type: (_) @receiver))
      name: (field_identifier) @name body: (_)? @body) @function
    (type_declaration (type_spec name: (type_identifier) @name)) @type
    (type_declaration (type_alias name: (type_identifier) @name)) @type
    [(import_declaration) (package_clause)] @import
    (import_spec name: (package_identifier) @imported)
    (import_spec !name path: (interpreted_string_literal) @imported.path)
    (source_file (const_declaration (const_spec name: (identifier) @name)) @constant)
    (source_file (var_declaration (var_spec name: (identifier) @name)) @constant)
    (source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name))) @constant)
  `,
}
