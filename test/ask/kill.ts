// Kills a reading at random moments until it has been killed often enough, then lets it end; shared with bench/kill-ask.ts.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { reader, serve } from '../model/servers.ts'

export interface Killed {
  /** Calls of a run that is left alone. */
  readonly whole: number
  /** Replies in the journal when each run began, and the calls that it made. */
  readonly runs: readonly { readonly kept: number; readonly made: number; readonly killed: boolean }[]
  readonly same: boolean
}

/** `random` gives numbers from 0 to 1; each reply takes `delay` milliseconds. */
export async function killing(options: {
  readonly parts: number
  readonly kills: number
  readonly delay: number
  readonly random: () => number
}): Promise<Killed> {
  const { parts, kills, delay, random } = options
  const read = reader(/leaves at noon/)
  let made = 0
  let killAt = Number.POSITIVE_INFINITY
  let kill = (): void => {}
  const server = await serve('compatible', async (asked, index) => {
    if (++made === killAt) setTimeout(() => kill(), random() * 2 * delay)
    await new Promise((resolve) => setTimeout(resolve, delay * (0.5 + random())))
    return read(asked, index)
  })
  const folder = mkdtempSync(join(tmpdir(), 'fovea-kill-'))
  const run = async (journal: string): Promise<{ out: string; killed: boolean }> => {
    made = 0
    const child = spawn(process.execPath, [join(import.meta.dirname, 'kill-child.ts'), journal, String(parts)], {
      env: { ...process.env, ...server.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.on('data', (piece) => (out += piece))
    kill = () => void child.kill('SIGKILL')
    if (killAt === 0) setTimeout(kill, random() * 1500)
    const [, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
      child.on('close', (code, signal) => resolve([code, signal])),
    )
    return { out, killed: signal === 'SIGKILL' }
  }
  const keptIn = (journal: string): number => {
    if (!existsSync(journal)) return 0
    const database = new DatabaseSync(journal)
    try {
      const table = database.prepare("select name from sqlite_master where type = 'table'").get() as
        | { name: string }
        | undefined
      return table ? (database.prepare(`select count(*) as n from "${table.name}"`).get() as { n: number }).n : 0
    } finally {
      database.close()
    }
  }
  try {
    const alone = await run(join(folder, 'alone.sqlite'))
    const whole = made
    server.asked.length = 0
    const journal = join(folder, 'journal.sqlite')
    const runs: Killed['runs'][number][] = []
    let out = ''
    for (let left = kills; ; ) {
      const kept = keptIn(journal)
      killAt = left > 0 ? Math.floor((random() * 2 * (whole - kept)) / (left + 1)) : Number.POSITIVE_INFINITY
      const ended = await run(journal)
      runs.push({ kept, made, killed: ended.killed })
      out = ended.out
      if (ended.killed) left--
      else break
    }
    return { whole, runs, same: alone.out !== '' && out === alone.out }
  } finally {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
