import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import type { Progress, Warning } from '../../../core/index.ts'

type Style = Parameters<typeof styleText>[0]

/** Where a command writes: results to stdout, all else to stderr; colours and progress only on a terminal. */
export interface Terminal {
  /** True when results are to be JSON. */
  readonly json: boolean
  /** True when a person watches stdout. */
  readonly live: boolean
  print(text: string): void
  write(text: string): void
  result(value: unknown): void
  note(text: string): void
  warn(warning: Warning): void
  progress(progress: Progress): void
  /** Takes the progress line away. */
  quiet(): void
  style(style: Style, text: string): string
}

const cleared = '\r\u001b[2K'

export function terminal(options: { readonly json: boolean; readonly progress?: boolean }): Terminal {
  const out = process.stdout as WriteStream
  const err = process.stderr as WriteStream
  const watch = err.isTTY && options.progress !== false && !options.json
  let shown = 0
  let last = ''
  const quiet = (): void => {
    if (last) err.write(cleared)
    last = ''
  }
  const style = (format: Style, text: string): string => styleText(format, text, { stream: out })
  return {
    json: options.json,
    live: Boolean(out.isTTY) && !options.json,
    style,
    quiet,
    write: (text) => void out.write(text),
    print(text) {
      quiet()
      out.write(`${text}\n`)
    },
    result: (value) => void out.write(`${JSON.stringify(value, undefined, out.isTTY ? 2 : undefined)}\n`),
    note(text) {
      quiet()
      err.write(`${text}\n`)
    },
    warn(warning) {
      quiet()
      err.write(`${styleText('yellow', 'warning', { stream: err })} ${oneLine(warning.message)} [${warning.code}]\n`)
    },
    progress({ stage, done, total, unit, message }) {
      const now = performance.now()
      if (!watch || now - shown < 80) return
      shown = now
      const amount = unit === 'bytes' ? megabytes : (value: number) => value.toLocaleString('en')
      const bar = total ? `${meter(done / total)} ${amount(done)} of ${amount(total)}` : amount(done)
      const line = `${stage} ${bar}${unit && unit !== 'bytes' ? ` ${unit}` : ''}${message ? `  ${oneLine(message)}` : ''}`
      last = line.slice(0, Math.max(20, (err.columns || 80) - 1))
      err.write(cleared + last)
    },
  }
}

const meter = (share: number): string => {
  const filled = Math.round(20 * Math.min(1, Math.max(0, share)))
  return `[${'#'.repeat(filled)}${'.'.repeat(20 - filled)}]`
}

export const megabytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

/** Control characters of file names and texts must not drive the terminal. */
export const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
export const safe = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g, ' ')
