import { bash } from './bash.ts'
import { c, cpp } from './cpp.ts'
import { csharp } from './csharp.ts'
import { css } from './css.ts'
import { go } from './go.ts'
import { java } from './java.ts'
import { javascript } from './javascript.ts'
import type { CodeLanguage } from './language.ts'
import { php } from './php.ts'
import { powershell } from './powershell.ts'
import { python } from './python.ts'
import { ruby } from './ruby.ts'
import { rust } from './rust.ts'
import { tsx, typescript } from './typescript.ts'

export const languages: readonly CodeLanguage[] = [
  python,
  javascript,
  typescript,
  tsx,
  java,
  go,
  rust,
  c,
  cpp,
  csharp,
  ruby,
  php,
  bash,
  css,
  powershell,
]

/** The language of a file, by its name, by the signs of another in its text, or by a first line such as `#!/bin/sh`. */
export function languageOf(uri: string, text: string): CodeLanguage | undefined {
  const name = uri.slice(Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('\\')) + 1).toLowerCase()
  const ending = name.slice(name.lastIndexOf('.') + 1)
  const named = languages.find(({ extensions }) => extensions.includes(ending))
  if (named) return ending === 'h' && named.instead?.signs?.test(text) ? named.instead : named
  const command = /^#!\s*(?:\S*\/)?([^\s/]+)(?:\s+(?:-S\s+)?(\S+))?/.exec(text)
  if (!command) return undefined
  const program = (command[1] === 'env' ? (command[2] ?? '') : command[1]!)
    .replace(/.*\//, '')
    .replace(/(?<=\d)\.\d+$/, '')
  return languages.find(({ commands }) => commands?.includes(program))
}
