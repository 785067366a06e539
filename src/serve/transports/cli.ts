import { readFile } from 'node:fs/promises'
import { Command, CommanderError, Option } from 'commander'
import { strategies } from '../../ask/index.ts'
import { FoveaError, messageOf } from '../../core/index.ts'
import type { Transport } from '../contract.ts'
import { exit, exitCodeOf, exitHelp } from './cli/exit.ts'
import { list, type SharedOptions, UsageError, withFilter, withIndex, withJson } from './cli/session.ts'
import { oneLine, safe } from './cli/terminal.ts'

const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`

const tokenBudget = (text: string, value: string): Option => new Option('--token-budget <tokens>', text).default(value)
/** The strategies by name, each with what it is, on lines of at most so many characters. */
function strategyHelp(width: number): string {
  const listed = [
    { name: 'auto', summary: 'Chooses one by the question, the size of the text and the limits; no model is asked.' },
    ...strategies.map(({ meta }) => meta),
  ]
  const indent = 2 + Math.max(...listed.map(({ name }) => name.length)) + 2
  const entry = ({ name, summary }: (typeof listed)[number]): string => {
    const lines = [`  ${name}`.padEnd(indent)]
    for (const word of summary.split(' ')) {
      if (lines.at(-1)!.length + word.length > width) lines.push(' '.repeat(indent))
      lines.push(`${lines.pop()!}${word} `)
    }
    return lines.map((line) => line.trimEnd()).join('\n')
  }
  return `\nStrategies (--strategy):\n${listed.map(entry).join('\n')}\n`
}
const withModel = (command: Command): Command =>
  command
    .option(
      '--model <provider/name>',
      'model to answer with, such as openai/gpt-5 or ollama/llama3.2; default FOVEA_MODEL, else none',
    )
    .option('--strategy <name>', 'way of answering, see below; default auto with a model, else extract')
    .option('--compare <names>', 'answer by several strategies, such as direct,map-reduce, and show them side by side')
    .option('--option <name=value>', 'an option of the strategy (may be repeated)', list)
    .option('--max-calls <number>', 'begin no call of the model after so many; the answer is of what was read')
    .option('--max-tokens <number>', 'the same for tokens of input and output together')
    .option('--max-cost <dollars>', 'stop before a call that would pass this sum')
    .option('--max-prompt <tokens>', 'most tokens of one prompt; default 8000')
    .option('--concurrency <number>', 'calls in flight at once; default 4')
    .option('--events <file>', 'write every event of the run to a file, as lines of JSON')
    .option('--jsonl', 'print every event as a line of JSON, the last of them the answer')

/** The command line `fovea`: writes to stdout and stderr. */
export const run: Transport = async (argv) => {
  let code: number = exit.done
  const program = program_(await version(), (promise) => promise.then((value) => void (code = value)))
  const json = argv.includes('--json')
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage
    return report(error, json)
  }
}

function report(error: unknown, json: boolean): number {
  const usage = error instanceof UsageError
  const code = usage ? exit.usage : exitCodeOf(error)
  const name = usage
    ? 'usage'
    : FoveaError.is(error)
      ? error.code
      : (error as Error)?.name === 'AbortError'
        ? 'interrupted'
        : 'fault'
  if (json)
    process.stdout.write(`${JSON.stringify({ error: { code: name, message: messageOf(error), exitCode: code } })}\n`)
  process.stderr.write(`fovea: ${oneLine(messageOf(error))}\n`)
  if (code === exit.failure && process.env.FOVEA_DEBUG && error instanceof Error)
    process.stderr.write(`${safe(error.stack ?? '')}\n`)
  return code
}

const version = async (): Promise<string> =>
  (JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version

function program_(version: string, settle: (code: Promise<number>) => Promise<void>): Command {
  const program = new Command('fovea')
    .description(
      'Finds the evidence in piles of files, fits it into a budget of tokens, and answers with exact citations.',
    )
    .version(version)
    .showHelpAfterError('(fovea --help shows what there is)')
    .exitOverride()
    .addHelpText(
      'after',
      `${examples(
        'fovea ask docs "How do I rotate the keys?"',
        'fovea ask docs src --model anthropic/claude-sonnet-4-5 "Where is the retry limit set?"',
        'cat long.log | fovea fit --token-budget 4000 --query "why did the job fail"',
        'fovea show "docs/keys.md#L10-L14"',
      )}\n\n${exitHelp}`,
    )

  withModel(withFilter(withIndex(program.command('ask <paths...>'))))
    .usage('[options] <paths...> <question>')
    .summary('answer a question from files, each sentence with its citation')
    .description('Answers a question from files and folders. The last argument is the question.')
    .addOption(tokenBudget('most tokens of evidence', '4000'))
    .option('--limit <passages>', 'passages to look at before fitting', '50')
    .option(
      '--compressor <name>',
      'how passages are shortened: evidence (sentences; the default), whole, or any other leaf',
    )
    .option('--order <name>', 'order of the evidence: document, relevance, ends')
    .option('--dry-run', 'say what would be read and what a model would cost')
    .addHelpText(
      'after',
      strategyHelp(process.stdout.columns || 80) +
        examples(
          'fovea ask docs "What does the cache keep?"',
          'fovea ask a.pdf b.docx --json "Who signed the lease?"',
          'fovea ask docs --model openai/gpt-5-mini --strategy map-reduce --dry-run "What was decided?"',
          'fovea ask docs --model openai/gpt-5-mini --compare direct,map-reduce "What was decided?"',
        ),
    )
    .action(async (args: string[], options) => {
      const [paths, question] = split(args, 'question')
      const { ask } = await import('./cli/ask.ts')
      if (!options.dryRun) return settle(ask(paths, question, options))
      const [{ dryRun }, { quoteOf }] = await Promise.all([import('./cli/index.ts'), import('./cli/quote.ts')])
      return settle(dryRun(paths, options, (library, survey) => quoteOf(question, options, library, survey)))
    })

  withIndex(program.command('index <paths...>'))
    .summary('read new and changed files into the index')
    .option('--force', 'read every file again')
    .option('--dry-run', 'say what would be read')
    .addHelpText('after', examples('fovea index docs', 'fovea index ~/notes --exclude "drafts/**" --language de'))
    .action(async (paths: string[], options) => {
      const { dryRun, index } = await import('./cli/index.ts')
      return settle(options.dryRun ? dryRun(paths, options) : index(paths, options))
    })

  withFilter(withIndex(program.command('find <paths...>')))
    .usage('[options] <paths...> <query>')
    .summary('list the passages that fit a query best')
    .description('Lists the best passages. The last argument is the query; "quoted words" must stand together.')
    .option('--limit <passages>', 'most passages to list', '10')
    .option('--retriever <name>', 'how passages are found, such as "keyword" or "bridge(keyword)"')
    .option('--explain', 'say how each passage was found')
    .addHelpText('after', examples('fovea find src "retry limit"', `fovea find docs '"exit codes" table' --json`))
    .action(async (args: string[], options) => {
      const [paths, query] = split(args, 'query')
      const { find } = await import('./cli/find.ts')
      return settle(find(paths, query, options))
    })

  withJson(program.command('fit [files...]'))
    .summary('shorten files or stdin to a budget of tokens')
    .description('Writes the best evidence of files or stdin to stdout, verbatim, within a hard budget of tokens.')
    .addOption(tokenBudget('most tokens to write', '4000'))
    .option('--query <text>', 'what the text is wanted for; without it the beginning is kept')
    .option(
      '--method <name>',
      'compressor: evidence (sentences; the default), whole (passages), head, or any other leaf',
    )
    .option('--compressor <name>', 'the same')
    .option('--pruner <folder>', 'a Provence model (model.onnx, tokenizer.json) for --method prune')
    .option('--order <name>', 'document, relevance, ends, or any other leaf')
    .option('--explain', 'say on stderr what was kept and dropped, with scores, trails and reasons')
    .option('--tokenizer <name>', 'encoding or model whose tokens count', 'o200k_base')
    .option('--cite', 'put the citation before each passage')
    .addHelpText(
      'after',
      examples(
        'fovea fit report.pdf --token-budget 2000 --query "risks"',
        'cat *.log | fovea fit --query "first error" --token-budget 1000',
      ),
    )
    .action(async (files: string[], options) => settle((await import('./cli/fit.ts')).fit(files, options)))

  withJson(program.command('show <citation>'))
    .summary('print the source around a citation')
    .option('--index <folder>', 'the index to read')
    .option('--context <lines>', 'lines before and after', '3')
    .addHelpText(
      'after',
      examples(
        'fovea show "docs/keys.md#L10-L14"',
        'fovea show "paper.pdf#page=4"',
        'fovea show "talk.vtt#t=00:12:30"',
        'fovea show "sales.xlsx#cell=B7"',
      ),
    )
    .action(async (citation: string, options) => settle((await import('./cli/show.ts')).show(citation, options)))

  withJson(program.command('bench [place]'))
    .summary('measure retrieval, fitting, strategies and models, on tasks, data sets or your own folder')
    .description(
      'Measures what a spec (a YAML file) names, or makes a benchmark of a folder of your own without labels and recommends settings.',
    )
    .option('--list', 'show the tasks, data sets, systems, readers, metrics and reports there are')
    .option(
      '--report <file>',
      'write a report: .html, .md, .csv or .json (may be repeated)',
      (file: string, before: string[] = []) => [...before, file],
    )
    .option('--results <file>', 'the file of results to append to; default in the cache folder')
    .option('--samples <number>', 'samples of each task or cell')
    .option('--threads <number>', 'threads that work side by side where no model is asked', '2')
    .option('--max-cost <dollars>', 'stop before a call that would pass this sum')
    .option('--report-only', 'measure nothing; report what earlier runs of this spec left')
    .option('--fresh', 'forget the results of this run and measure all again')
    .option('--dry-run', 'say what would be measured and what models would cost')
    .addHelpText(
      'after',
      examples(
        'fovea bench notes',
        'fovea bench ruler.yaml --report ruler.html',
        'fovea bench ruler.yaml --dry-run',
        'fovea bench --list',
      ),
    )
    .action(async (place: string | undefined, options) =>
      settle((await import('./cli/bench.ts')).bench(place, options)),
    )

  withJson(program.command('status [paths...]'))
    .summary('say what is kept and how large it is')
    .option('--index <folder>', 'the index to look at')
    .action(async (paths: string[], options: SharedOptions) =>
      settle((await import('./cli/status.ts')).status(paths, options)),
    )

  withJson(program.command('clear [paths...]'))
    .summary('remove an index; the files themselves are never touched')
    .option('--index <folder>', 'the index to remove')
    .option('--all', 'remove every index in the cache folder')
    .action(async (paths: string[], options) => settle((await import('./cli/status.ts')).clear(paths, options)))

  return program
}

function split(args: readonly string[], what: string): [paths: string[], text: string] {
  const text = args.at(-1)
  if (args.length < 2 || !text?.trim())
    throw new UsageError(`a path and a ${what} are needed: fovea ask docs "your ${what}"`)
  return [args.slice(0, -1), text]
}
