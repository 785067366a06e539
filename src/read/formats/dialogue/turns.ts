/** A date or a clock, in brackets or in front of a dash. */
const stamp =
  '(?:\\[[\\d/.,:T \\t\\u202f-]*\\d[\\d/.,:T \\t\\u202f-]*(?:[ap]\\.?m\\.?)?Z?\\]|\\d[\\d/.,:T \\t\\u202f-]*\\d(?:[ \\u202f]?[ap]\\.?m\\.?)?Z?(?: +-)?)'
const level = '(?:ERROR|WARN|WARNING|INFO|DEBUG|TRACE|FATAL|NOTICE|CRITICAL|NOTE|TODO|FIXME|https?|ftp|file)\\b'
const name = `(?!${level})[\\p{L}_@+~][\\p{L}\\p{M}\\p{N} ._'’()+@~#-]{0,38}?`

/** The beginning of a turn: an optional time, then `name:` or `<name>`. */
export const turnPattern = `\\u200e?(?:${stamp}[ \\t\\u200e]*)?(?:<[@+~&%!]?[^<>\\s]{1,40}>(?=\\s)|${name}:(?=[ \\t\\r\\n]))`

const turn = new RegExp(
  `^[ \\t]*\\u200e?(?:(?<stamp>${stamp})[ \\t\\u200e]*)?(?:<[@+~&%! ]?(?<nick>[^<>\\s]{1,40})>(?=\\s)|(?<name>${name}):(?=[ \\t]|$))`,
  'iu',
)

export interface Turn {
  readonly start: number
  end: number
  readonly speaker: string
  /** Milliseconds since 1970, read as UTC. */
  readonly time?: number
  /** The time of day where no date is given. */
  readonly clock?: string
}

export interface Turns {
  readonly turns: readonly Turn[]
  /** Lines that are not blank, and those of them that begin a turn. */
  readonly lines: number
  /** Paragraphs, and those of them that begin with a turn. */
  readonly paragraphs: number
  readonly begun: number
}

/** The turns of a text; lines that begin none belong to the turn before. */
export function findTurns(text: string): Turns {
  const turns: Turn[] = []
  let lines = 0
  let paragraphs = 0
  let begun = 0
  let blank = true
  let dayFirst = false
  const stamps: { turn: number; stamp: string }[] = []
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline + 1
    const line = text.slice(start, Math.min(end, start + 200)).trimEnd()
    if (line.trim() === '') {
      blank = true
    } else {
      lines++
      const found = turn.exec(line)?.groups
      if (blank) {
        paragraphs++
        if (found) begun++
      }
      blank = false
      if (found) {
        if (found.stamp) {
          stamps.push({ turn: turns.length, stamp: found.stamp })
          if (Number(/(\d{1,2})[/.]\d{1,2}[/.]\d{2,4}/.exec(found.stamp)?.[1]) > 12) dayFirst = true
        }
        turns.push({ start, end, speaker: (found.nick ?? found.name ?? '').trim() })
      } else if (turns.length > 0) turns.at(-1)!.end = end
    }
    start = end
  }
  for (const { turn: at, stamp: text } of stamps) Object.assign(turns[at]!, timeOf(text, dayFirst))
  for (const [at, one] of turns.entries())
    one.end = turns[at + 1]?.start ?? (one.end > one.start ? text.length : one.end)
  return { turns, lines, paragraphs, begun }
}

/** True when most lines, or most paragraphs, begin a turn, and the same few people speak again and again. */
export function isDialogue({ turns, lines, paragraphs, begun }: Turns): boolean {
  if (turns.length < 3) return false
  const most = turns.length >= lines * 0.5 || (begun >= 4 && begun >= paragraphs * 0.7)
  const speakers = new Set(turns.map(({ speaker }) => speaker)).size
  return most && speakers >= 2 && (speakers <= turns.length * 0.5 || speakers === 2)
}

function timeOf(stamp: string, dayFirst: boolean): { time?: number; clock?: string } {
  const clock = /(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[\s\u202f]*([ap])\.?m)?/i.exec(stamp)
  const iso = /(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(stamp)
  const common = iso ? undefined : /(\d{1,2})([/.])(\d{1,2})[/.](\d{2,4})/.exec(stamp)
  if (!iso && !common) return clock ? { clock: clock[0] } : {}
  const first = dayFirst || common?.[2] === '.'
  const [year, month, day] = iso
    ? [Number(iso[1]), Number(iso[2]), Number(iso[3])]
    : [Number(common![4]), Number(common![first ? 3 : 1]), Number(common![first ? 1 : 3])]
  const half = clock?.[4]?.toLowerCase()
  const hour = Number(clock?.[1] ?? 0)
  const hours = half === 'p' && hour < 12 ? hour + 12 : half === 'a' && hour === 12 ? 0 : hour
  const time = Date.UTC(
    year < 100 ? 2000 + year : year,
    month - 1,
    day,
    hours,
    Number(clock?.[2] ?? 0),
    Number(clock?.[3] ?? 0),
  )
  return Number.isNaN(time) ? {} : { time }
}
