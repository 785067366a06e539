// Programs that work the answers of some tasks out anew from the text alone, in other ways than those that made them.
import assert from 'node:assert/strict'
import { numeralsIn } from '../../src/measure/numbers.ts'

/** Runs cells as Python would, by changing arrays in place; another program than the one that makes them. */
export function interpret(cells: readonly string[]): Map<string, number[]> {
  const lists = new Map<string, number[]>()
  const values = (text: string): number[] =>
    text
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(Number)
  for (const cell of cells)
    for (const step of cell.split('; ')) {
      const set = /^(\w+) = \[(.*)\]$/.exec(step)
      if (set) lists.set(set[1]!, values(set[2]!))
      const added = /^(\w+)\[(\d+)\] ([+-])= (\d+)$/.exec(step)
      if (added) lists.get(added[1]!)![Number(added[2])]! += Number(`${added[3]}${added[4]}`)
      const cut = /^del (\w+)\[-2:\]$/.exec(step)
      if (cut) lists.get(cut[1]!)!.splice(-2)
      const call = /^(\w+)\.(\w+)\((.*)\)$/.exec(step)
      if (!call || call[3]!.includes('.') || call[2] === 'copy') continue
      const [, name, method, given] = call as unknown as [string, string, string, string]
      const list = lists.get(name)!
      const numbers = values(given.replace(/[[\]]/g, ''))
      if (method === 'append' || method === 'extend') list.push(...numbers)
      else if (method === 'insert') list.splice(numbers[0]!, 0, numbers[1]!)
      else if (method === 'pop') assert.equal(list.splice(numbers[0] ?? list.length - 1, 1).length, 1)
      else if (method === 'remove') list.splice(list.indexOf(numbers[0]!), 1)
      else if (method === 'reverse') list.reverse()
      else if (method === 'sort') list.sort((one, other) => one - other)
      else assert.equal(method, 'count')
    }
  return lists
}

/** Whether the answer to a question of one of the exam's tasks is right, worked out anew. */
export const marks: Record<string, (question: string, answer: string) => boolean> = {
  addition: (question, answer) =>
    numeralsIn(question).reduce((sum, { values }) => sum + values[0]!, 0) === Number(answer),
  subtraction: (question, answer) =>
    numeralsIn(question)[0]!.values[0]! - numeralsIn(question)[1]!.values[0]! === Number(answer),
  product: (question, answer) =>
    numeralsIn(question)[0]!.values[0]! * numeralsIn(question)[1]!.values[0]! === Number(answer),
  letters: (question, answer) => question.length === Number(answer),
  next: (question, answer) => {
    const [one, other, , last] = question.split(', ').map(Number)
    return last! + other! - one! === Number(answer)
  },
  minutes: (question, answer) => {
    const [hours, minutes] = question.match(/\d+/g)!.map(Number)
    return hours! * 60 + minutes! === Number(answer)
  },
  parity: (question, answer) => /[02468]$/.test(question) === (answer === 'yes'),
  larger: (question, answer) => {
    const [one, other] = question.split(' and ').map(Number)
    return one! > other! === (answer === 'yes')
  },
  divisible: (question, answer) =>
    ([...question].reduce((sum, digit) => sum + Number(digit), 0) % 3 === 0) === (answer === 'yes'),
  contains: (question, answer) => /e/.test(question) === (answer === 'yes'),
  sorting: (question, answer) => question.split(', ').sort().join(', ') === answer,
  reversing: (question, answer) => Array.from(question).toReversed().join('') === answer,
  roman: (question, answer) => {
    const worth: Record<string, number> = { I: 1, V: 5, X: 10, L: 50, C: 100 }
    const values = [...answer].map((sign) => worth[sign]!)
    return (
      values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0) === Number(question)
    )
  },
  alphabet: (question, answer) => question.split(', ').every((word) => answer <= word),
}

const day = (date: string): number => Date.parse(`${date} UTC`)

/** Codes of the news that a question asks for. */
export function fittingNews(text: string, layout: string, question: string): string[] {
  const news =
    layout === 'json'
      ? (JSON.parse(text) as (string | { code: string; date: string; text: string })[]).flatMap((item) =>
          typeof item === 'string' ? [] : [[item.code, item.date, item.text]],
        )
      : [
          ...text.matchAll(
            /(?:<item code="|^- \*\*|^)(FN-\d{6})(?:" date="|\*\* \(|, )(.+?\d{4}|\d{4}-\d\d-\d\d)(?:">|\) |: )([A-Z].*)/gm,
          ),
        ].map((match) => match.slice(1))
  assert.ok(news.length > 15, text)
  const company = /company (\w+ \w+?)(?:\?| and)/.exec(question)?.[1]
  const days = /days from (.+?) to (.+?),/.exec(question)?.slice(1).map(day)
  const told: Record<string, RegExp> = {
    good: /raised its forecast|won the contract|twice the dividend|repaid two|second plant|highest price/,
    bad: /fifth of its staff|withdrew|largest customer|missed a payment|called back|fall by a third/,
  }
  const mood = /and (good|bad) for/.exec(question)?.[1]
  const fitting = news.filter(
    ([, date, line]) =>
      (!company || line!.startsWith(`${company} `)) &&
      (!days || (day(date!) >= days[0]! && day(date!) <= days[1]!)) &&
      (!mood || told[mood]!.test(line!)),
  )
  return fitting.map(([code]) => code!)
}

/** Translates a question's sentence with what the book says, into its language. */
export function translated(text: string, question: string): string {
  const words = new Map(
    [...text.matchAll(/^Word: (\w+), (\w+), "(\w+)"\.$/gm)].map(([, word, kind, english]) => [
      english!,
      { word: word!, kind: kind! },
    ]),
  )
  const rule = (name: string, pattern: RegExp): string[] =>
    pattern.exec(text.split(`Rule (${name}): `)[1]!.split('\n')[0]!)!.slice(1)
  const order = rule('order', /the (\w+) comes first, then the (\w+)/)
  order.push(['subject', 'object', 'verb'].find((part) => !order.includes(part))!)
  const [plural, agreement, ending, past] = ['plural', 'agreement', 'case', 'past'].map(
    (name) => rule(name, /ending -(\w+)/)[0]!,
  )
  const [future] = rule('future', /(\w+)- is put/)
  const [no, where] = rule('negation', /word (\w+), which stands (\w+)/)
  const [query, side] = rule('question', /word (\w+) at its (\w+);/)
  const asked = question.endsWith('?')
  const english = question
    .replace(/^.*?: /, '')
    .toLowerCase()
    .match(/\w+/g)!
  const negative = english.includes('not')
  const singular = (form: string): string | undefined => {
    const roots = [
      form,
      form.replace(/s$/, ''),
      form.replace(/es$/, ''),
      form.replace(/ies$/, 'y'),
      form.replace(/ed$/, ''),
      form.replace(/ed$/, 'e'),
      form.replace(/ied$/, 'y'),
    ]
    return roots.find((root) => words.has(root))
  }
  let tense = english.includes('will') ? 'future' : english.includes('did') ? 'past' : 'present'
  const phrases: { adjective?: string; noun?: string; plural?: boolean }[] = []
  let verb = ''
  for (const form of english) {
    if (form === 'the') phrases.push({})
    const root = singular(form)
    if (!root) continue
    const { kind } = words.get(root)!
    if (kind === 'adjective') phrases.at(-1)!.adjective = root
    else if (kind === 'noun') Object.assign(phrases.at(-1)!, { noun: root, plural: form !== root })
    else {
      verb = root
      if (form.endsWith('ed') && !root.endsWith('ed')) tense = 'past'
    }
  }
  const phrase = ({ adjective, noun, plural: many }: (typeof phrases)[number], object: boolean): string => {
    const head = words.get(noun!)!.word + (many ? plural : '') + (object ? ending : '')
    const quality = adjective ? words.get(adjective)!.word + (many ? agreement : '') : ''
    return (/directly before its noun/.test(text) ? [quality, head] : [head, quality]).filter(Boolean).join(' ')
  }
  const parts: Record<string, string> = {
    subject: phrase(phrases[0]!, false),
    object: phrase(phrases[1]!, true),
    verb: `${negative && where === 'directly' ? `${no} ` : ''}${tense === 'future' ? future : ''}${words.get(verb)!.word}${tense === 'past' ? past : ''}`,
  }
  let built = order.map((part) => parts[part]).join(' ')
  if (negative && where === 'behind') built += ` ${no}`
  if (asked) built = side === 'beginning' ? `${query} ${built}` : `${built} ${query}`
  return built
}
