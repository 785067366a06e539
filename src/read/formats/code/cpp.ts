import type { SyntaxNode } from '../../adapters/tree-sitter.ts'
import type { CodeLanguage } from './language.ts'

/** Follows the declarators of C (pointers, arrays, functions) down to what they name. */
function title(unit: SyntaxNode): SyntaxNode | undefined {
  let node = unit.childForFieldName('declarator')
  for (let depth = 0; node && depth < 20; depth++) {
    const inner: SyntaxNode | null =
      node.childForFieldName('declarator') ??
      (/^(reference|parenthesized|attributed)_declarator$/.test(node.type) ? node.namedChild(0) : null)
    if (!inner) return node
    node = inner
  }
  return undefined
}

const common = `
  (comment) @comment
  [(string_content) (system_lib_string)] @string
  (function_definition body: (_) @body) @function
  (struct_specifier name: (_) @name body: (_) @body) @type
  (union_specifier name: (_) @name body: (_) @body) @type
  (enum_specifier name: (_) @name body: (_) @body) @type
  (type_definition declarator: (_)) @type
  (preproc_def name: (identifier) @name) @constant
  (preproc_function_def name: (identifier) @name) @constant
  (preproc_include) @import
  (translation_unit (declaration declarator: (_)) @constant)
  (declaration_list (declaration declarator: (_)) @constant)
  [(preproc_ifdef (declaration declarator: (_)) @constant) (preproc_if (declaration declarator: (_)) @constant)]
  [(preproc_else (declaration declarator: (_)) @constant) (preproc_elif (declaration declarator: (_)) @constant)]
`

export const cpp: CodeLanguage = {
  name: 'cpp',
  mediaType: 'text/x-c++',
  grammar: 'cpp',
  extensions: ['cpp', 'cc', 'cxx', 'c++', 'hpp', 'hh', 'hxx', 'h++', 'ipp', 'tpp', 'inl', 'cu', 'cuh', 'ino'],
  signs: /^[ \t]*(?:class|namespace|template|using)\s|^\s*(?:public|private|protected):|^#include <\w+>|\bstd::/m,
  blocks: ['compound_statement', 'case_statement'],
  query: `${common}
    (raw_string_content) @string
    (template_declaration) @wrap
    (function_definition !body) @function
    (class_specifier name: (_) @name body: (_) @body) @class
    (namespace_definition name: (_) @name body: (_) @body) @namespace
    (concept_definition name: (_) @name) @type
    (alias_declaration name: (_) @name) @type
    (using_declaration) @import
  `,
  title,
}

/** Without its own grammar, C is read by that of C++, which misses about a third of the functions of old C. */
export const c: CodeLanguage = {
  name: 'c',
  mediaType: 'text/x-c',
  grammar: 'c',
  extensions: ['c', 'h'],
  blocks: ['compound_statement', 'case_statement'],
  query: common,
  title,
  instead: cpp,
}
