import type { CodeLanguage } from './language.ts'

export const bash: CodeLanguage = {
  name: 'bash',
  mediaType: 'text/x-shellscript',
  grammar: 'bash',
  extensions: ['sh', 'bash', 'zsh', 'ksh', 'bats', 'ebuild', 'pkgbuild'],
  commands: ['sh', 'bash', 'zsh', 'dash', 'ksh'],
  blocks: ['compound_statement', 'do_group', 'case_statement', 'case_item'],
  word: '[A-Za-z_\\u0080-\\uffff][\\w.:\\u0080-\\uffff-]*',
  query: `
    (comment) @comment
    [(raw_string) (heredoc_body)] @string
    (function_definition name: (word) @name body: (_) @body) @function
    (program (variable_assignment name: (variable_name) @name) @constant)
    (program (declaration_command (variable_assignment name: (variable_name) @name)) @constant)
  `,
}
