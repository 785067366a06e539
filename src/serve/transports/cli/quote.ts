import { callsOf, chunksOf, quantitiesIn, route, type StrategyMeta, strategies } from '../../../ask/index.ts'
import type { Library, Survey } from '../../../open.ts'
import { chooseModel } from './models.ts'
import { type AskCommandOptions, checkStrategy, limitsOf, strategyOptions } from './request.ts'
import { filterOf, number } from './session.ts'

/** Tokens of instructions and question beside the text of a prompt, and of a reply, where nothing better is known. */
const beside = 250
const reply = 800
/** Bytes to a token in files that are not read yet. */
const bytesPerToken = 4

/** What most often comes of quantities that are known only when a strategy runs. */
const guessed = { merges: 0, repairs: 0, statements: 1 }
const allNames = strategies.map(({ meta }) => meta.name)

export interface Quote {
  readonly text: string
  readonly [key: string]: unknown
}

/**
 * What answering would cost before anything is asked: parts of the text, calls, tokens and dollars, for the strategy or each compared. Calls
 * that options bound are the most that there can be.
 */
export async function quoteOf(
  question: string,
  options: AskCommandOptions,
  library: Library,
  survey: Survey,
): Promise<Quote> {
  const chosen = await chooseModel(options)
  if (!chosen) return { text: 'no model would be called: the strategy "extract" quotes the evidence itself' }
  try {
    const names = options.compare?.split(',').map((name) => name.trim()) ?? [options.strategy ?? 'auto']
    for (const name of names) checkStrategy(name)
    const { port } = chosen
    const limits = limitsOf(options)
    // As `reading` shares a prompt out; the model's window is not known before it is asked.
    const room = Math.max(200, (limits.prompt ?? 8000) - 1200)
    const filter = filterOf(options)
    const parts = { store: library.store, texts: library.store.texts, counter: port.counter, label: async () => '' }
    const unread = Object.values(survey.toRead).reduce((sum, { bytes }) => sum + bytes, 0) / bytesPerToken
    const files = Object.values(survey.toRead).reduce((sum, kind) => sum + kind.files, 0)
    const partsOf = async (tokens: number) => {
      let text = Math.ceil(unread)
      // A part is of one source.
      let chunks = Math.max(files, Math.ceil(unread / tokens))
      for await (const chunk of chunksOf(parts, filter ? { filter } : {}, {
        tokens,
        overlap: Math.floor(tokens / 40),
      })) {
        chunks++
        text += port.counter.count(chunk.text)
      }
      return { chunks, text }
    }
    const { chunks, text } = await partsOf(room)
    const sizes = new Map([[room, chunks]])
    const budget = number(options.tokenBudget, 'token-budget')
    const given = Object.entries(strategyOptions(options.option)).filter(([, value]) => typeof value === 'number')
    const numbers = Object.fromEntries(given) as Record<string, number>
    const facts = {
      question,
      tokens: text,
      budget,
      model: true,
      prompt: room,
      ...definedOf({ calls: limits.calls, spend: limits.tokens }),
    }
    // Passages are found among those of the index; of notes there is about a tenth of the text.
    const { passages } = await library.status()
    const found = passages === 0 ? text : Math.min(text, Number(options.limit) * (text / passages))
    const full = (tokens: number): number => Math.max(1, Math.ceil(tokens / room))
    const estimated = { batches: full(text), prompts: full(found), filters: full(text / 10), looks: full(text / 10) }
    const quoted = async (given: string) => {
      const routed = given === 'auto' ? route(facts, allNames) : undefined
      const name = routed?.strategy ?? given
      const because = routed ? `${routed.why}\n` : ''
      const meta: StrategyMeta = strategies.find((leaf) => leaf.meta.name === name)!.meta
      const { calls: expression, options: bounds = {} } = meta
      const size = Math.max(50, Math.min(room, numbers.chunk ?? meta.chunk ?? room))
      if (!sizes.has(size)) sizes.set(size, (await partsOf(size)).chunks)
      const quantities = { ...estimated, ...bounds, chunks: sizes.get(size)!, ...numbers }
      const counted = expression === undefined ? undefined : callsOf(expression, { ...guessed, ...quantities })
      const most = limits.calls ?? Number.POSITIVE_INFINITY
      const calls = counted === undefined ? undefined : Math.ceil(Math.min(counted, most))
      const unknown = expression
        ? quantitiesIn(expression).filter((quantity) => !(quantity in { ...guessed, ...quantities }))
        : []
      if (calls === undefined) {
        const cause = expression
          ? `makes ${expression} calls; ${unknown.join(', ')} ${unknown.length === 1 ? 'is' : 'are'} known only when it runs`
          : 'makes a number of calls that is known only when it runs'
        return {
          name,
          expression,
          dollars: undefined,
          text: `${because}${name} ${cause} (limit them by --max-calls, --max-tokens or --max-cost)`,
        }
      }
      const counts = quantitiesIn(expression!)
      const read = counts.includes('chunks')
        ? (text / Math.max(1, quantities.chunks)) * Math.max(0, calls - 1)
        : counts.includes('batches')
          ? text
          : counts.includes('prompts')
            ? found
            : (calls - 1) * budget
      const input = Math.ceil(read + calls * beside + budget)
      const output = calls * reply
      const dollars = port.price(input, output)
      const price = dollars === undefined ? 'at a price that is not known here' : `for about $${dollars.toFixed(4)}`
      const count = `${calls.toLocaleString('en')} ${calls === 1 ? 'call' : 'calls'}`
      return {
        name,
        expression,
        calls,
        input,
        output,
        dollars,
        text: `${because}${name} would make ${Object.keys(bounds).length > 0 ? 'up to' : 'about'} ${count} of ${port.name}, ${input.toLocaleString('en')} tokens in and up to ${output.toLocaleString('en')} out, ${price}`,
      }
    }
    const quotes: Awaited<ReturnType<typeof quoted>>[] = []
    for (const name of names) quotes.push(await quoted(name))
    const about = unread > 0 ? 'about ' : ''
    const head = `${about}${chunks.toLocaleString('en')} ${chunks === 1 ? 'part' : 'parts'} of up to ${room.toLocaleString('en')} tokens, ${about}${text.toLocaleString('en')} tokens in all`
    return {
      text: [head, ...quotes.map((quote) => quote.text)].join('\n'),
      model: port.name,
      chunks,
      tokens: text,
      room,
      ...(quotes.length === 1 ? { dollars: quotes[0]!.dollars } : {}),
      strategies: quotes.map(({ text: _text, ...quote }) => quote),
    }
  } finally {
    await chosen.close()
  }
}

const definedOf = (given: { readonly calls: number | undefined; readonly spend: number | undefined }) => ({
  ...(given.calls === undefined ? {} : { calls: given.calls }),
  ...(given.spend === undefined ? {} : { spend: given.spend }),
})
