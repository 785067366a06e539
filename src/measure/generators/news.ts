import { integer, pick } from '../random.ts'
import { invented } from './facts.ts'

export const sentiments = ['good', 'bad', 'neutral'] as const
export type Sentiment = (typeof sentiments)[number]
export const layouts = ['plain', 'markdown', 'json', 'xml'] as const
export type Layout = (typeof layouts)[number]

/** A piece of financial news in brief. */
export interface News {
  readonly code: string
  /** Days since 1970. */
  readonly day: number
  readonly company: string
  readonly sentiment: Sentiment
  readonly text: string
}

const lines = ['Foundry', 'Ferries', 'Foods', 'Finance', 'Fabrics', 'Motors', 'Mining', 'Media', 'Airways', 'Insurance']
/** A company; those of one town are easily taken for each other. */
export const companyOf = (town: string, random: () => number): string => `${town} ${pick(lines, random)}`
export const town = (random: () => number): string => invented.town(random)

const events: Readonly<Record<Sentiment, readonly string[]>> = {
  good: [
    'raised its forecast for the year after orders doubled',
    'won the contract that its rivals had fought for since spring',
    'paid its shareholders twice the dividend of last year',
    'said that its debts were repaid two years early',
    'opened a second plant to keep up with demand',
    'saw its shares close at the highest price ever',
  ],
  bad: [
    'cut a fifth of its staff after sales collapsed',
    'withdrew its forecast and dismissed its treasurer',
    'lost its largest customer to a rival from abroad',
    'missed a payment on its bonds for the second time',
    'called back all that it sold since autumn',
    'saw its shares fall by a third within an hour',
  ],
  neutral: [
    'moved its head office to the other side of the street',
    'will hold its general meeting a week later than planned',
    'changed the typeface of its yearly report',
    'named a new secretary to its board in place of one who retires',
    'said that it had nothing to add to last week',
    'renewed the lease of its warehouse on the same terms',
  ],
}
const asides = [
  'trading was calm on the day',
  'a spokesman gave no further details',
  'the exchange had been told in the morning',
  'analysts had met the board the week before',
  'the news came after the close of trading',
  'the unions were informed at the same time',
]
const months = 'January February March April May June July August September October November December'.split(' ')

/** A day in one of three notations. */
export function writeDay(day: number, way: number): string {
  const date = new Date(day * 86_400_000)
  const [year, month, own] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  if (way === 0) return `${own} ${months[month]} ${year}`
  return way === 1 ? `${months[month]} ${own}, ${year}` : date.toISOString().slice(0, 10)
}

export const makeNews = (
  code: string,
  day: number,
  company: string,
  sentiment: Sentiment,
  random: () => number,
): News => ({
  code,
  day,
  company,
  sentiment,
  text: `${company} ${pick(events[sentiment], random)}; ${pick(asides, random)}`,
})

interface Frame {
  readonly head: string
  readonly foot: string
  readonly separator: string
  write(news: News, date: string): string
  /** Words that are no news. */
  rest(words: string): string
}
/** How the news are written one under the other; none has more than one sentence. */
export const frames: Readonly<Record<Layout, Frame>> = {
  plain: {
    head: '',
    foot: '',
    separator: '\n',
    write: ({ code, text }, date) => `${code}, ${date}: ${text}.`,
    rest: (words) => words,
  },
  markdown: {
    head: '',
    foot: '',
    separator: '\n',
    write: ({ code, text }, date) => `- **${code}** (${date}) ${text}.`,
    rest: (words) => `- ${words}`,
  },
  json: {
    head: '[\n',
    foot: '\n]',
    separator: ',\n',
    write: ({ code, text }, date) => `{"code": "${code}", "date": "${date}", "text": "${text}."}`,
    rest: (words) => `"${words}"`,
  },
  xml: {
    head: '<news>\n',
    foot: '\n</news>',
    separator: '\n',
    write: ({ code, text }, date) => `<item code="${code}" date="${date}">${text}.</item>`,
    rest: (words) => `<!-- ${words} -->`,
  },
}

export const difficulties = ['company', 'date', 'company-date', 'company-sentiment'] as const
export type Difficulty = (typeof difficulties)[number]
/** What is looked for; news of the wrong kind that come near are made from it too. */
export interface Wanted {
  readonly kind: Difficulty
  readonly town: string
  readonly company: string
  readonly from: number
  readonly to: number
  readonly sentiment: Sentiment
}

/** Day numbers of the years that news are of: 2015 to 2023. */
const years = [16_436, 19_722] as const

export function makeWanted(kind: Difficulty, random: () => number): Wanted {
  const home = town(random)
  const from = integer(years[0] + 400, years[1] - 400, random)
  return {
    kind,
    town: home,
    company: companyOf(home, random),
    from,
    to: from + 9,
    sentiment: pick(['good', 'bad'] as const, random),
  }
}

export function asks({ kind, company, from, to, sentiment }: Wanted): string {
  const when = `from ${writeDay(from, 0)} to ${writeDay(to, 0)}, both included`
  if (kind === 'company') return `Which of the news are about the company ${company}?`
  if (kind === 'date') return `Which of the news are of the days ${when}?`
  if (kind === 'company-date') return `Which of the news are about the company ${company} and of the days ${when}?`
  return `Which of the news are about the company ${company} and ${sentiment} for its owners?`
}

export function fits({ kind, company, from, to, sentiment }: Wanted, news: News): boolean {
  const own = news.company === company
  const then = news.day >= from && news.day <= to
  if (kind === 'company') return own
  if (kind === 'date') return then
  return own && (kind === 'company-date' ? then : news.sentiment === sentiment)
}

/** News that fit (`key`), that come near without fitting (`near`), or that have nothing to do with it (`far`). */
export function newsFor(wanted: Wanted, sort: 'key' | 'near' | 'far', code: string, random: () => number): News {
  const { kind, company, from, to } = wanted
  const usesDate = kind === 'date' || kind === 'company-date'
  for (;;) {
    let [day, who, mood] = [
      integer(years[0], years[1], random),
      companyOf(town(random), random),
      pick(sentiments, random),
    ]
    if (sort !== 'far' && kind !== 'date') who = company
    if (sort === 'key') {
      if (usesDate) day = integer(from, to, random)
      if (kind === 'company-sentiment') mood = wanted.sentiment
    } else if (sort === 'near') {
      if (kind === 'company') who = companyOf(wanted.town, random)
      // A few days off, or the same days of another year.
      if (usesDate) day = pick([from - integer(1, 4, random), to + integer(1, 4, random), from + 365, to - 366], random)
      if (kind === 'company-date' && random() < 0.4)
        [day, who] = [integer(from, to, random), companyOf(wanted.town, random)]
    } else if (who === company) continue
    const news = makeNews(code, day, who, mood, random)
    if (fits(wanted, news) === (sort === 'key')) return news
  }
}
