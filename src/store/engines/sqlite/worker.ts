import { parentPort, workerData } from 'node:worker_threads'
import { FoveaError, messageOf } from '../../../core/index.ts'
import type { AnalyzerFactory } from '../../contract.ts'
import { storeError } from './errors.ts'
import { Indexer } from './indexer.ts'
import type { IndexerSetup, Interrupt, Report, Request } from './protocol.ts'

const setup = workerData as IndexerSetup
const port = parentPort!
const report = (message: Report): void => port.postMessage(message)

try {
  const module: { default: AnalyzerFactory } = await import(setup.analyzerModule!.url)
  const analyzer = await module.default(setup.analyzerModule!.options)
  if (analyzer.name !== setup.analyzerName)
    throw new FoveaError(
      'analyzer-changed',
      `${setup.analyzerModule!.url} makes the analyzer ${analyzer.name}, not ${setup.analyzerName}; give its options in "module"`,
    )
  const indexer = new Indexer(setup, analyzer, (message) => {
    report(message)
    if (message.type === 'done' && message.id === closing) port.close()
  })
  let closing: number | undefined
  port.on('message', (message: readonly Request[] | Interrupt) => {
    if (!Array.isArray(message)) {
      indexer.interrupt(message as Interrupt)
      return
    }
    const requests = message as readonly Request[]
    const last = requests.at(-1)
    if (last?.type === 'close') closing = last.id
    indexer.post(requests)
  })
  report({ type: 'ready' })
} catch (error) {
  const known = storeError(error, setup.path)
  report({
    type: 'failed',
    ...(FoveaError.is(known)
      ? { code: known.code, message: known.message, detail: known.detail }
      : { code: 'writer-failed', message: `writing ${setup.path} failed: ${messageOf(known)}`, detail: {} }),
  })
  port.close()
}
