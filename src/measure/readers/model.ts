import { FoveaError } from '../../core/index.ts'
import { languageModel, modelPort } from '../../model/index.ts'
import type { ReaderFactory, ReaderMeta } from '../contract.ts'

export const meta = {
  name: 'model',
  summary:
    'A model of the AI SDK, by provider and name: its calls are journalled, so that a run that goes on pays for none twice.',
  origin: 'model',
} as const satisfies ReaderMeta

/** `name` is `provider/name`. Throws as `languageModel` does. */
const factory: ReaderFactory = async (name, { counter: _counter, environment, ...options }) => {
  if (!name.includes('/'))
    throw new FoveaError('reader-unknown', `name a model as provider/name, such as model/openai/gpt-5, not "${name}"`)
  const model = await languageModel(name, environment)
  const port = await modelPort(model, options)
  return {
    name,
    origin: meta.origin,
    ...(port.window === undefined ? {} : { window: port.window }),
    port: async () => port,
    close: () => port.close(),
  }
}
export default factory
