import type { Library, Survey } from '../../../open.ts'
import { exit } from './exit.ts'
import { type SharedOptions, session } from './session.ts'
import { megabytes, safe, type Terminal } from './terminal.ts'

/** `fovea index PATH...`: reads what is new or changed. */
export async function index(
  paths: readonly string[],
  options: SharedOptions & { readonly force?: boolean },
): Promise<number> {
  return session(
    paths,
    options,
    async ({ library, report, term, exitCode }) => {
      const status = await library.status()
      if (term.json) term.result({ ...report, status })
      else if (report) {
        const seconds = (report.milliseconds / 1000).toFixed(1)
        const did = [
          `${report.read} read`,
          `${report.unchanged} unchanged`,
          report.moved && `${report.moved} moved`,
          report.removed && `${report.removed} removed`,
        ]
        term.print(
          `${report.files.toLocaleString('en')} files: ${did.filter(Boolean).join(', ')} (${megabytes(report.bytes)} in ${seconds} s)`,
        )
        term.print(
          `${status.passages.toLocaleString('en')} passages in ${library.location} (${megabytes(status.bytes)})`,
        )
        printSkipped(term, report.skipped)
        if (report.problems.length > 0)
          term.print(`${report.problems.length} could not be read; "fovea status" lists them`)
      }
      return exitCode
    },
    options.force ?? false,
  )
}

function printSkipped(term: Terminal, skipped: Survey['skipped']): void {
  const counts = Object.entries(skipped).map(([why, count]) => `${count} ${why}`)
  if (counts.length > 0) term.print(`skipped: ${counts.join(', ')}`)
}

/** What a run would read, and what a model's answer would cost; nothing is written but the empty index. */
export async function dryRun(
  paths: readonly string[],
  options: SharedOptions,
  quote?: (library: Library, survey: Survey) => Promise<{ readonly text: string; readonly [key: string]: unknown }>,
): Promise<number> {
  return session(paths, { ...options, refresh: false }, async ({ library, term }) => {
    const survey = await library.survey()
    const price = await quote?.(library, survey)
    if (term.json) term.result({ dryRun: true, ...survey, ...(price ? { quote: price } : {}) })
    else {
      const kinds = Object.entries(survey.toRead).sort(([, a], [, b]) => b.bytes - a.bytes)
      const files = kinds.reduce((sum, [, kind]) => sum + kind.files, 0)
      const bytes = kinds.reduce((sum, [, kind]) => sum + kind.bytes, 0)
      term.print(
        `would read ${files.toLocaleString('en')} of ${survey.files.toLocaleString('en')} files, ${megabytes(bytes)}; ${survey.unchanged} are unchanged, ${survey.toRemove} are gone`,
      )
      for (const [ending, kind] of kinds)
        term.print(
          `  ${safe(ending).padEnd(8)} ${String(kind.files).padStart(7)} files ${megabytes(kind.bytes).padStart(10)}`,
        )
      printSkipped(term, survey.skipped)
      if (price) term.print(price.text)
    }
    return exit.done
  })
}
