import type { AskEvent } from '../../../ask/index.ts'
import type { Answer } from '../../../core/index.ts'
import { answerJson, printAnswer } from './answer.ts'
import { exit } from './exit.ts'
import { type ChosenModel, chooseModel } from './models.ts'
import { type AskCommandOptions, checkStrategy, requestOf } from './request.ts'
import { type Session, session } from './session.ts'
import { safe } from './terminal.ts'
import { parts, recorder, watch } from './watch.ts'

/** `fovea ask PATH... "question"`. */
export async function ask(paths: readonly string[], question: string, options: AskCommandOptions): Promise<number> {
  if (options.strategy) checkStrategy(options.strategy)
  requestOf(options, undefined)
  if (options.compare) {
    const { compare } = await import('./compare.ts')
    return compare(paths, question, options)
  }
  const shared = options.jsonl ? { ...options, json: true } : options
  return session(paths, shared, async (asking) => {
    const chosen = await chooseModel(options, asking.library.location)
    try {
      return await askOnce(asking, question, options, chosen)
    } finally {
      await chosen?.close()
    }
  })
}

async function askOnce(
  { library, report, term, abortSignal, softly, exitCode }: Session,
  question: string,
  options: AskCommandOptions,
  chosen: ChosenModel | undefined,
): Promise<number> {
  const stop = new AbortController()
  const name = options.strategy ?? (chosen ? 'auto' : 'extract')
  const watching = watch(library, term, name)
  const record = recorder(options.events, options.jsonl ?? false)
  softly(() => {
    if (!watching.tally.tells) return false
    stop.abort(new DOMException('asked to stop', 'AbortError'))
    watching.say('stopping: calls in flight are waited for; Ctrl-C again ends at once')
    return true
  })
  let streamed = false
  const onEvent = async (event: AskEvent): Promise<void> => {
    record(event)
    await watching.event(event)
    if (event.type !== 'text' || !term.live || !chosen || watching.tally.tells) return
    if (!streamed) term.quiet()
    streamed = true
    term.write(safe(event.text))
  }
  const asking = library.ask(question, { ...requestOf(options, chosen), stopSignal: stop.signal, abortSignal })
  let step = await asking.next()
  for (; !step.done; step = await asking.next()) await onEvent(step.value)
  const answer: Answer = step.value
  term.quiet()
  watching.end()
  const { coverage } = watching.tally
  if (term.json && !options.jsonl)
    term.result({
      question,
      ...(await answerJson(library, answer)),
      ...(coverage.of > 0 ? { coverage } : {}),
      ...(report ? { refresh: report } : {}),
    })
  else if (!term.json) await printAnswer(library, term, answer, streamed)
  const part = coverage.read < coverage.of
  if (part) term.note(`\n${parts(coverage)} were read.${stop.signal.aborted ? ` To read the rest: ${again()}` : ''}`)
  if (stop.signal.aborted) return exit.interrupted
  if (!answer.found) return exit.notFound
  return part ? exit.partial : exitCode
}

/** The command that was given, quoted for a shell; what was paid for is answered by the journal. */
const again = (): string =>
  ['fovea', ...process.argv.slice(2)]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ')
