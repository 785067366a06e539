import { Composer, Parser } from 'yaml'
import type { Format, FormatMeta } from '../contract.ts'
import { textSources } from '../parts.ts'
import { type Entry, outlineOf } from './config/entries.ts'
import { iniEntries } from './config/ini.ts'
import { TomlError, tomlEntries } from './config/toml.ts'
import { yamlEntries } from './config/yaml.ts'

export const meta = {
  name: 'config',
  summary: 'YAML, TOML and INI: the keys and tables as units, nested ones where they are long.',
  extensions: [
    ...['yaml', 'yml', 'toml', 'ini', 'cfg', 'properties', 'desktop', 'service'],
    ...['pipfile', 'cargo.lock', 'poetry.lock', 'uv.lock', 'pdm.lock', '.editorconfig', '.gitconfig', '.clang-format'],
  ],
  mediaTypes: ['application/yaml', 'application/toml', 'text/x-ini'],
  version: 1,
  streams: true,
} as const satisfies FormatMeta

/** Longer YAML is not checked, since its parser is slow; its keys are found all the same. */
const longestCheck = 256 * 1024
const longest = 4 * 1024 * 1024

const toml = new Set(['toml', 'pipfile', 'lock'])
const yaml = new Set(['yaml', 'yml', 'clang-format'])

interface Dialect {
  readonly mediaType: string
  /** The entries, or why there are none. */
  entries(text: string, depth: number): readonly Entry[] | string
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** The first error of a YAML stream; aliases are not followed. */
function yamlError(text: string): string | undefined {
  const composer = new Composer({ uniqueKeys: false, keepSourceTokens: false, prettyErrors: false })
  for (const document of composer.compose(new Parser().parse(text))) {
    const [error] = document.errors
    if (error) return `it is no YAML: ${error.message.split('\n')[0]} (line ${lineOf(text, error.pos[0])})`
  }
  return undefined
}

function nested(text: string, depth: number): boolean {
  let open = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if ((unit === 91 || unit === 123) && ++open > depth) return true
    if ((unit === 93 || unit === 125) && open > 0) open--
  }
  return false
}

const dialects: Readonly<Record<'yaml' | 'toml' | 'ini', Dialect>> = {
  yaml: {
    mediaType: 'application/yaml',
    entries(text, depth) {
      if (nested(text, depth)) return `its values are nested more than ${depth} deep`
      return (text.length <= longestCheck ? yamlError(text) : undefined) ?? yamlEntries(text)
    },
  },
  toml: {
    mediaType: 'application/toml',
    entries(text, depth) {
      try {
        return tomlEntries(text, depth)
      } catch (error) {
        if (error instanceof TomlError) return `it is no TOML: ${error.message} (line ${lineOf(text, error.at)})`
        throw error
      }
    },
  },
  ini: { mediaType: 'text/x-ini', entries: (text) => iniEntries(text) },
}

function dialectOf(uri: string): Dialect {
  const name = uri.slice(Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('\\')) + 1).toLowerCase()
  const ending = name.slice(name.lastIndexOf('.') + 1)
  return dialects[toml.has(ending) ? 'toml' : yaml.has(ending) ? 'yaml' : 'ini']
}

/** The text is the file's own; one that breaks the rules of its language is plain text, with a warning `unparsed`. */
const read: Format = (input, context) => {
  const dialect = dialectOf(input.uri)
  return textSources(input, context, dialect.mediaType, ({ text }) => {
    const entries =
      text.length > longest ? `it has more than ${longest} characters` : dialect.entries(text, context.limits.depth)
    if (typeof entries !== 'string') return { outline: outlineOf(entries, context.limits.depth) }
    context.warn({
      code: 'unparsed',
      uri: input.uri,
      message: `${input.uri}: read as plain text without its keys, since ${entries}`,
    })
    return {}
  })
}

export default read
