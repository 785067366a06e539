import type { TaskMeta } from '../contract.ts'
import { ItemPlacer } from '../generators/items.ts'
import { asks, difficulties, frames, layouts, makeWanted, type News, newsFor, writeDay } from '../generators/news.ts'
import { aroundOf, series, wholeOption, wordOption } from '../generators/series.ts'
import { integer } from '../random.ts'
import { setF1 } from '../rows.ts'

export const meta = {
  name: 'financial-sweep',
  summary:
    'Financial news in brief, some about a company, of some days or of some mood: list them, however all is laid out.',
  paper: 'Gupta et al. 2024, Systematic Evaluation of Long-Context LLMs on Financial Concepts, arXiv 2412.15386',
  options: {
    difficulty: 'company-sentiment',
    position: 'spread',
    instruction: 'after',
    layout: 'plain',
    keys: 4,
    negatives: 6,
  },
  metrics: ['f1', 'degenerate'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

/** Shares of the text within which the news that fit stand. */
const positions = { spread: [0, 1], start: [0, 0.1], middle: [0.45, 0.55], end: [0.9, 1] } as const

/**
 * One generator for all that the paper sweeps: `difficulty` is what is looked for (its four tasks), `position` where the news
 * that fit stand (a depth asked for comes first), `instruction` whether the task is told before the text, after it or both,
 * `layout` how it is written, `keys` how many fit and `negatives` how many nearly do. News are ours, of one sentence each.
 * Told before alone, the question behind the text only points back to it, so that what chooses text by it has little to go by.
 */
export default series(
  meta,
  (request) => new ItemPlacer(request),
  async ({ request, kit, id, random }) => {
    const { options } = request
    const wanted = makeWanted(wordOption(options, 'difficulty', difficulties), random)
    const position = wordOption(options, 'position', ['spread', 'start', 'middle', 'end'])
    const told = wordOption(options, 'instruction', ['before', 'after', 'both'])
    const frame = frames[wordOption(options, 'layout', layouts)]
    const count = wholeOption(options, 'keys', 1, 100)
    const negatives = wholeOption(options, 'negatives', 0, 200)
    const codes = new Set<string>()
    const codeOf = (): string => {
      for (;;) {
        const code = `FN-${integer(100_000, 999_999, random)}`
        if (codes.has(code)) continue
        codes.add(code)
        return code
      }
    }
    const write = (news: News): string => frame.write(news, writeDay(news.day, integer(0, 2, random)))
    const task = `${asks(wanted)} Give their codes, such as FN-123456, parted by commas, and nothing else.`
    const ask = {
      ...(told === 'after' ? {} : { instruction: task }),
      question: told === 'before' ? 'Give the codes of the news that were asked for above.' : task,
      cue: 'Codes:',
    }
    const [low, high] = positions[position]
    const keys = Array.from({ length: count }, () => newsFor(wanted, 'key', codeOf(), random))
    const near = Array.from({ length: negatives }, () => newsFor(wanted, 'near', codeOf(), random))
    const where = keys.map(() => request.depth ?? low + (high - low) * random())
    const placed = await kit.place(id, {
      around: aroundOf(ask),
      head: frame.head,
      foot: frame.foot,
      separator: frame.separator,
      keys: [
        ...keys.map((news, index) => ({ text: write(news), depth: where[index]! })),
        ...near.map((news) => ({ text: write(news), depth: random() })),
      ],
      item: () => write(newsFor(wanted, 'far', codeOf(), random)),
      rest: frame.rest,
    })
    const listed = (seen: (index: number) => boolean | undefined): string =>
      keys
        .filter((_, index) => seen(index))
        .map(({ code }) => code)
        .join(', ')
    return {
      id,
      cell: wanted.kind,
      corpus: placed.corpus,
      ...ask,
      answers: keys.map(({ code }) => [code]),
      evidence: placed.keys.slice(0, count),
      needs: keys.map((_, index) => [index]),
      distractors: near.map(({ code }, index) => ({ span: placed.keys[count + index]!, says: code })),
      tags: {
        length: request.length,
        depth: where[0]!,
        difficulty: wanted.kind,
        position: request.depth === undefined ? position : 'asked',
        instruction: told,
        layout: wordOption(options, 'layout', layouts),
        keys: count,
        diffusion: negatives > 0 ? 'high' : 'low',
        scope: count < 5 ? 'low' : 'high',
      },
      tokens: placed.tokens,
      solve: (seen) => listed((index) => seen[index]) || 'none',
      check: (said) => ({
        f1: setF1(
          said.match(/FN-\d{6}/g) ?? [],
          keys.map(({ code }) => code),
        ),
      }),
    }
  },
)
