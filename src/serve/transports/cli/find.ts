import { passageText } from '../../../core/index.ts'
import { exit } from './exit.ts'
import { filterOf, number, type SharedOptions, session } from './session.ts'
import { safe } from './terminal.ts'

/** `fovea find PATH... "query"`. */
export async function find(
  paths: readonly string[],
  query: string,
  options: SharedOptions & { readonly limit: string; readonly retriever?: string; readonly explain?: boolean },
): Promise<number> {
  const filter = filterOf(options)
  return session(paths, options, async ({ library, term, abortSignal, exitCode }) => {
    const limit = number(options.limit, 'limit')
    const passages = await library.find(query, {
      limit,
      abortSignal,
      ...(filter ? { filter } : {}),
      ...(options.retriever ? { retriever: options.retriever } : {}),
    })
    const found = await Promise.all(
      passages.map(async (passage) => ({
        label: await library.cite(passage),
        ...passage,
        text: await passageText(passage, library.store.texts, abortSignal),
      })),
    )
    if (term.json) term.result({ query, passages: found })
    else {
      for (const { label, score, text, trail } of found) {
        term.print(`${term.style('cyan', safe(label))} ${term.style('dim', score.toFixed(2))}`)
        if (options.explain) term.print(`  ${term.style('dim', `by ${trail.join(', then ')}`)}`)
        term.print(`${preview(text)}\n`)
      }
      if (found.length === 0) term.note('nothing found: try other words, or fewer filters')
    }
    return found.length > 0 ? exitCode : exit.notFound
  })
}

const preview = (text: string): string => {
  const lines = safe(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
  const shown = lines.slice(0, 6).map((line) => `  ${line.length > 200 ? `${line.slice(0, 199)}…` : line}`)
  return [...shown, ...(lines.length > 6 ? [`  … ${lines.length - 6} more lines`] : [])].join('\n')
}
