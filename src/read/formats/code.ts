import type { OutlineNode } from '../../core/index.ts'
import { makeSource, messageOf } from '../../core/index.ts'
import { treeSitter } from '../adapters/tree-sitter.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { readParts } from '../parts.ts'
import type { CodeLanguage } from './code/language.ts'
import { languageOf } from './code/languages.ts'
import { outlineOf } from './code/outline.ts'

export const meta = {
  name: 'code',
  summary: 'Source code by tree-sitter: functions, classes and definitions with the names that they use, statements.',
  extensions: [
    ...['py', 'pyi', 'pyw', 'sconstruct', 'sconscript', 'wscript'],
    ...['js', 'mjs', 'cjs', 'jsx', 'es6', 'jsm', 'ts', 'mts', 'cts', 'tsx'],
    ...['java', 'go', 'rs', 'cs', 'csx'],
    ...['c', 'h', 'cpp', 'cc', 'cxx', 'c++', 'hpp', 'hh', 'hxx', 'h++', 'ipp', 'tpp', 'inl', 'cu', 'cuh', 'ino'],
    ...['rb', 'rake', 'gemspec', 'ru', 'podspec', 'gemfile', 'rakefile', 'vagrantfile', 'podfile'],
    ...['php', 'phtml', 'php5', 'php7', 'inc'],
    ...['sh', 'bash', 'zsh', 'ksh', 'bats', 'ebuild', 'pkgbuild', 'ps1', 'psm1', 'psd1', 'css'],
  ],
  mediaTypes: [
    ...['text/x-python', 'text/javascript', 'text/typescript', 'text/tsx', 'text/x-java', 'text/x-go', 'text/x-rust'],
    ...['text/x-c', 'text/x-c++', 'text/x-csharp', 'text/x-ruby', 'text/x-php', 'text/x-shellscript'],
    ...['text/x-powershell', 'text/css'],
  ],
  pattern: '^#!',
  version: 1,
  streams: true,
} as const satisfies FormatMeta

/** Longer texts are tables or generated; they are read as plain text. */
const longest = 4 * 1024 * 1024

const grammars = treeSitter()

/** Why a text is better not parsed. */
function unfit(text: string, depth: number): string | undefined {
  if (text.length > longest) return `it has more than ${longest} characters`
  let lines = 1
  let open = 0
  let deepest = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 10) lines++
    else if (unit === 40 || unit === 91 || unit === 123) deepest = Math.max(deepest, ++open)
    else if ((unit === 41 || unit === 93 || unit === 125) && open > 0) open--
  }
  if (deepest > depth) return `its brackets are nested more than ${depth} deep`
  return text.length > 5000 && text.length / lines > 500 ? 'its lines are very long, as in minified code' : undefined
}

async function parse(text: string, language: CodeLanguage, depth: number): Promise<OutlineNode[] | string> {
  const reason = unfit(text, depth)
  if (reason) return reason
  try {
    const grammar = await grammars(language.grammar, language.query)
    return (
      grammar.parse(text, depth, (tree) => outlineOf(text, language, tree)) ?? 'its syntax is too far from the language'
    )
  } catch (error) {
    if (language.instead && (error as { code?: unknown }).code === 'MODULE_NOT_FOUND')
      return parse(text, language.instead, depth)
    return `the parser failed: ${messageOf(error)}`
  }
}

/** A file that cannot be parsed is read as plain text, with a warning `unparsed`; one with errors gives what could be parsed. */
const read: Format = async function* (input, context) {
  const { limits, abortSignal, warn } = context
  let language: CodeLanguage | undefined
  for await (const { text, encoding, anchors, part } of readParts(input, context)) {
    abortSignal?.throwIfAborted()
    language ??= languageOf(input.uri, text)
    const outline = language ? await parse(text, language, limits.depth) : 'its language is not known'
    if (typeof outline === 'string')
      warn({
        code: 'unparsed',
        uri: input.uri,
        message: `${input.uri}: read as plain text without functions and classes, since ${outline}`,
      })
    yield await makeSource({
      uri: input.uri,
      text,
      mediaType: language?.mediaType ?? 'text/plain',
      ...(typeof outline === 'string' ? {} : { outline }),
      origin: { encoding, anchors },
      ...(part ? { part } : {}),
    })
  }
}

export default read
