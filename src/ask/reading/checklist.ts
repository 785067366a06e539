import { sentences } from '../../core/index.ts'

/** What a program can check of a text. `told` says it to a model. */
export interface Constraint {
  readonly told: string
  /** How far it is met, 0 to 1; 1 is met. */
  met(text: string): number
}
export interface Checked {
  readonly told: string
  readonly met: number
}

const spelled: Readonly<Record<string, number>> = {
  one: 1,
  a: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
}
const amount = String.raw`(\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten)`
const numberOf = (text: string): number => spelled[text.toLowerCase()] ?? Number(text.replaceAll(',', ''))
/** 1 inside the bounds, else as near as the value comes to them. */
const nearness = (value: number, least: number, most: number): number =>
  value < least ? value / least : value > most ? most / value : 1

const counts: Readonly<Record<string, (text: string) => number>> = {
  word: (text) => text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0,
  sentence: (text) =>
    sentences(text).filter(
      ([start, end]) =>
        /[\p{L}\p{N}]/u.test(text.slice(start, end)) && !/^#{1,6}\s/.test(text.slice(start, end).trim()),
    ).length,
  paragraph: (text) =>
    text.split(/\n\s*\n/).filter((part) => part.trim() !== '' && !/^#{1,6}\s[^\n]*$/.test(part.trim())).length,
  section: (text) => text.match(/^#{1,6}\s+\S/gm)?.length ?? 0,
  bullet: (text) => text.match(/^\s*[-*•]\s+\S/gm)?.length ?? 0,
  character: (text) => text.length,
}
export const wordsIn = (text: string): number => counts.word!(text)

/** A constraint on how many words, sentences, paragraphs, sections or bullets a text has. */
export function countBetween(unit: string, least: number, most: number): Constraint {
  const bounds =
    least === most
      ? `exactly ${least}`
      : least > 0 && Number.isFinite(most)
        ? `${least} to ${most}`
        : least > 0
          ? `at least ${least}`
          : `at most ${most}`
  return { told: `${bounds} ${unit}s`, met: (text) => nearness(counts[unit]!(text), least, most) }
}

/**
 * The constraints of a request that a program can check: numbers of words, sentences, paragraphs, sections, bullets and characters; words
 * that must and must not occur (in quotation marks); first and last words. English only; what it does not know is no constraint here.
 */
export function constraintsOf(request: string): Constraint[] {
  const found: Constraint[] = []
  const unit = '(word|sentence|paragraph|section|bullet|character)(?: points?)?s?'
  const taken = new Set<string>()
  const count = (pattern: string, bounds: (numbers: readonly number[]) => readonly [number, number]): void => {
    for (const match of request.matchAll(new RegExp(`${pattern}\\s*-?${unit}\\b`, 'gi'))) {
      const name = match.at(-1)!.toLowerCase()
      if (taken.has(name)) continue
      taken.add(name)
      found.push(countBetween(name, ...bounds(match.slice(1, -1).map(numberOf))))
    }
  }
  count(`\\b(?:between )?${amount}\\s*(?:-|–|to|and)\\s*${amount}`, ([least, most]) => [least!, most!])
  count(
    `\\b(?:at most|no more than|up to|under|fewer than|less than|maximum(?: of)?|max\\.?|within)\\s+${amount}`,
    ([most]) => [0, most!],
  )
  count(`\\b(?:at least|no fewer than|no less than|more than|over|minimum(?: of)?|min\\.?)\\s+${amount}`, ([least]) => [
    least!,
    Number.POSITIVE_INFINITY,
  ])
  count(`\\b(?:about|around|roughly|approximately|some)\\s+${amount}`, ([near]) => [
    Math.floor(near! * 0.85),
    Math.ceil(near! * 1.15),
  ])
  count(`\\b(?:exactly|in|of|with|into)\\s+${amount}`, ([exact]) =>
    exact! >= 50 ? [Math.floor(exact! * 0.9), Math.ceil(exact! * 1.1)] : [exact!, exact!],
  )
  const words = `["“]([^"”]{1,80})["”]`
  const has = (text: string, word: string): boolean => text.toLowerCase().includes(word.toLowerCase())
  for (const [, word] of request.matchAll(
    new RegExp(
      `\\b(?:mention|include|use|contain|name|cover)(?:s|ing)? (?:the (?:word|phrase|term)s? )?${words}`,
      'gi',
    ),
  ))
    if (!new RegExp(`(?:not|never|avoid|without)\\b[^.]{0,30}${escaped(word!)}`, 'i').test(request))
      found.push({ told: `mention "${word}"`, met: (text) => (has(text, word!) ? 1 : 0) })
  for (const [, word] of request.matchAll(
    new RegExp(
      `\\b(?:(?:do not|don't|never) (?:mention|use|include)|avoid|without)(?: the (?:word|phrase|term)s?)? ${words}`,
      'gi',
    ),
  ))
    found.push({ told: `do not use "${word}"`, met: (text) => (has(text, word!) ? 0 : 1) })
  for (const [, word] of request.matchAll(new RegExp(`\\b(?:begin|start)s? with ${words}`, 'gi')))
    found.push({ told: `begin with "${word}"`, met: (text) => (text.trimStart().startsWith(word!) ? 1 : 0) })
  for (const [, word] of request.matchAll(new RegExp(`\\b(?:end|finish|close)s? with ${words}`, 'gi')))
    found.push({ told: `end with "${word}"`, met: (text) => (text.trimEnd().endsWith(word!) ? 1 : 0) })
  return found
}
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

export const checklist = (text: string, constraints: readonly Constraint[]): Checked[] =>
  constraints.map(({ told, met }) => ({ told, met: met(text) }))

/** Mean of how far all are met; 1 without any. */
export const shareMet = (checked: readonly Checked[]): number =>
  checked.length === 0 ? 1 : checked.reduce((sum, { met }) => sum + met, 0) / checked.length

export const unmet = (checked: readonly Checked[]): string[] =>
  checked.filter(({ met }) => met < 1).map(({ told }) => told)
