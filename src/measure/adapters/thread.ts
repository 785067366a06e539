import { parentPort, workerData } from 'node:worker_threads'
import { FoveaError, messageOf } from '../../core/index.ts'
import { type Row, runJob } from '../job.ts'
import { partsOf } from '../parts.ts'
import type { FromThread, ThreadSetup, ToThread } from './protocol.ts'

const port = parentPort!
const tell = (message: FromThread): void => port.postMessage(message)
const fail = (error: unknown): void =>
  tell({ type: 'failed', code: FoveaError.is(error) ? error.code : 'fault', message: messageOf(error) })

const mostRows = 200

try {
  const { spec, surroundings } = workerData as ThreadSetup
  const parts = await partsOf(spec, surroundings, (message) => tell({ type: 'warn', message }))
  port.on('message', (message: ToThread) => {
    if (message.type === 'stop') {
      port.close()
      return
    }
    void work(message).then(() => tell({ type: 'finished' }), fail)
  })
  async function work({ job, done }: ToThread & { type: 'job' }): Promise<void> {
    const known = new Set(done)
    let rows: Row[] = []
    let told = performance.now()
    for await (const row of runJob(job, { ...parts, done: (key) => known.has(key) })) {
      rows.push(row)
      if (rows.length < mostRows && performance.now() - told < 500) continue
      tell({ type: 'rows', rows })
      rows = []
      told = performance.now()
    }
    tell({ type: 'rows', rows })
  }
  tell({ type: 'ready' })
} catch (error) {
  fail(error)
  port.close()
}
