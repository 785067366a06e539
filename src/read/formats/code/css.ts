import type { CodeLanguage } from './language.ts'

export const css: CodeLanguage = {
  name: 'css',
  mediaType: 'text/css',
  grammar: 'css',
  extensions: ['css'],
  verbatimNames: true,
  blocks: ['block'],
  word: '--[\\w-]+',
  query: `
    (comment) @comment
    (string_value) @string
    (rule_set (selectors) @name) @type
    [(media_statement (block) @body) (supports_statement (block) @body) (at_rule (block) @body)] @section
    (keyframes_statement (keyframes_name) @name) @type
    (import_statement) @import
  `,
}
