// Trains the ranker that ships with the package; the same data gives the same bytes.
//   node scripts/train-ranker.ts                      writes src/model/rankers/learned/weights.json
//   node scripts/train-ranker.ts --folds 5 FOLDER     writes FOLDER/fold-0.json and so on, each trained without its own questions
//   node scripts/train-ranker.ts --without nq FILE    trained without one data set
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RankerWeights } from '../src/model/rankers/learned.ts'
import { foldOf } from './ranker/lists.ts'
import { examplesOf, parts, train } from './ranker/train.ts'

const data = process.env.FOVEA_DATA
if (!data) throw new Error('set FOVEA_DATA to the folder that holds the data sets')
const [option, value = '', place = ''] = process.argv.slice(2)
const share = Number(process.env.RANKER_SHARE ?? 1)

async function write(path: string, weights: RankerWeights): Promise<void> {
  const text = `${JSON.stringify(weights, null, 2)}\n`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  console.log(`${path}: ${text.length} bytes, SHA-256 ${createHash('sha256').update(text).digest('hex')}`)
}

const examples = await examplesOf(data, share, console.log)
if (option === '--folds') {
  const count = Number(value)
  for (let fold = 0; fold < count; fold++)
    await write(
      join(place, `fold-${fold}.json`),
      train(examples, (question) => foldOf(question, count) !== fold),
    )
} else if (option === '--without') {
  if (!parts.some(({ set }) => set === value)) throw new Error(`no set is called "${value}"`)
  await write(
    place,
    train(examples, (_, set) => set !== value),
  )
} else {
  await write(join(import.meta.dirname, '../src/model/rankers/learned/weights.json'), train(examples))
}
