import type { CodeLanguage } from './language.ts'

export const powershell: CodeLanguage = {
  name: 'powershell',
  mediaType: 'text/x-powershell',
  grammar: 'powershell',
  extensions: ['ps1', 'psm1', 'psd1'],
  commands: ['pwsh', 'powershell'],
  blocks: ['statement_list', 'statement_block', 'script_block_body'],
  word: '[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff-]*',
  query: `
    (comment) @comment
    (verbatim_string_characters) @string
    (function_statement (function_name) @name) @function
    (class_statement . (simple_name) @name) @class
    (class_method_definition (simple_name) @name) @function
    (enum_statement . (simple_name) @name) @type
  `,
}
