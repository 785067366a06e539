import type { Answer, Usage } from '../../../core/index.ts'
import { answerJson } from './answer.ts'
import { exit } from './exit.ts'
import { chooseModel } from './models.ts'
import { type AskCommandOptions, checkStrategy, requestOf } from './request.ts'
import { session } from './session.ts'
import { oneLine, safe, type Terminal } from './terminal.ts'
import { parts, recorder, watch } from './watch.ts'

interface Outcome {
  readonly strategy: string
  readonly answer?: Answer
  readonly labels: readonly string[]
  readonly asked: number
  readonly coverage: { readonly read: number; readonly of: number }
  readonly seconds: number
  readonly error?: string
}

/** `fovea ask … --compare a,b,c`: the same question by several strategies, one after the other, answers and costs side by side. */
export async function compare(paths: readonly string[], question: string, options: AskCommandOptions): Promise<number> {
  const names = [...new Set((options.compare ?? '').split(',').map((name) => name.trim()))].filter(Boolean)
  for (const name of names) checkStrategy(name)
  return session(paths, options, async ({ library, report, term, abortSignal, softly, exitCode }) => {
    const chosen = await chooseModel(options, library.location)
    const stop = new AbortController()
    softly(() => {
      stop.abort(new DOMException('asked to stop', 'AbortError'))
      term.note('stopping: calls in flight are waited for; Ctrl-C again ends at once')
      return true
    })
    const record = recorder(options.events, false)
    const outcomes: Outcome[] = []
    try {
      for (const strategy of names) {
        if (stop.signal.aborted) break
        const watching = watch(library, term, strategy)
        const started = performance.now()
        const outcome = async (): Promise<Pick<Outcome, 'answer' | 'labels' | 'error'>> => {
          try {
            const request = { ...requestOf(options, chosen), strategy, stopSignal: stop.signal, abortSignal }
            const asking = library.ask(question, request)
            let step = await asking.next()
            for (; !step.done; step = await asking.next()) {
              record(step.value)
              await watching.event(step.value)
            }
            const labels = step.value.citations.map(({ passage }) => library.cite(passage))
            return { answer: step.value, labels: [...new Set(await Promise.all(labels))] }
          } catch (error) {
            abortSignal.throwIfAborted()
            return { labels: [], error: error instanceof Error ? error.message : String(error) }
          }
        }
        const own = await outcome()
        term.quiet()
        watching.end()
        outcomes.push({
          strategy,
          ...own,
          asked: watching.tally.asked || own.answer?.usage.calls || 0,
          coverage: watching.tally.coverage,
          seconds: (performance.now() - started) / 1000,
        })
      }
      if (term.json)
        term.result({
          question,
          compared: await Promise.all(
            outcomes.map(async ({ answer, ...rest }) => ({
              ...rest,
              ...(answer ? await answerJson(library, answer) : {}),
            })),
          ),
          ...(report ? { refresh: report } : {}),
        })
      else printOutcomes(term, outcomes)
      if (stop.signal.aborted) return exit.interrupted
      if (outcomes.every(({ error }) => error !== undefined)) return exit.model
      return outcomes.some(({ answer }) => answer?.found) ? exitCode : exit.notFound
    } finally {
      await chosen?.close()
    }
  })
}

const money = ({ calls, cost }: Usage): string => (cost === undefined ? (calls === 0 ? '0' : '?') : cost.toFixed(4))

function printOutcomes(term: Terminal, outcomes: readonly Outcome[]): void {
  const head = ['strategy', 'found', 'verified', 'calls', 'paid', 'tokens in', 'out', 'dollars', 'read', 'seconds']
  const rows = outcomes.map(({ strategy, answer, asked, coverage, seconds }) => {
    if (!answer) return [strategy, 'failed', '', String(asked), '', '', '', '', '', seconds.toFixed(1)]
    const { found, citations, usage } = answer
    return [
      strategy,
      found ? 'yes' : 'no',
      `${citations.filter(({ verified }) => verified).length} of ${citations.length}`,
      String(asked),
      String(usage.calls),
      usage.inputTokens.total.toLocaleString('en'),
      usage.outputTokens.toLocaleString('en'),
      money(usage),
      coverage.of > 0 ? parts(coverage) : '',
      seconds.toFixed(1),
    ]
  })
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd()
  term.print(term.style('bold', line(head)))
  for (const row of rows) term.print(line(row))
  for (const { strategy, answer, labels, error } of outcomes) {
    term.print(`\n${term.style('bold', strategy)}`)
    term.print(error === undefined ? safe(answer!.text) : term.style('red', oneLine(error)))
    for (const label of labels) term.print(`  ${term.style('cyan', safe(label))}`)
  }
}
