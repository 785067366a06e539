import type { CodeLanguage } from './language.ts'

export const ruby: CodeLanguage = {
  name: 'ruby',
  mediaType: 'text/x-ruby',
  grammar: 'ruby',
  extensions: ['rb', 'rake', 'gemspec', 'ru', 'podspec', 'gemfile', 'rakefile', 'vagrantfile', 'podfile'],
  commands: ['ruby', 'jruby'],
  blocks: ['body_statement', 'then', 'else', 'do', 'block_body', 'case', 'when', 'begin', 'ensure', 'rescue'],
  word: '[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*[?!]?',
  query: `
    (comment) @comment
    [(string_content) (heredoc_content)] @string
    (class name: (_) @name) @class
    (module name: (_) @name) @namespace
    (method name: (_) @name) @function
    (singleton_method name: (_) @name) @function
    (call receiver: (_)? @scope method: (identifier) @require (#match? @require "^(require|require_relative|load|autoload)$") !receiver) @import
    (assignment left: (constant) @name) @constant
  `,
}
