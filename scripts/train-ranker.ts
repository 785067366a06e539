// Trains the ranker that ships with the package; the same data gives the same bytes.
//   node scripts/train-ranker.ts                        writes src/model/rankers/learned/weights.json
//   node scripts/train-ranker.ts --judge FOLDER         writes FOLDER/folds/fold-0.json and so on, each trained without its own
//                                                       questions, and FOLDER/without/SET.json, each trained without a data set
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { partOf } from '../src/measure/adapters/held-out.ts'
import type { RankerWeights } from '../src/model/rankers/learned.ts'
import { examplesOf, parts, train } from './ranker/train.ts'

const data = process.env.FOVEA_DATA
if (!data) throw new Error('set FOVEA_DATA to the folder that holds the data sets')
const folds = 3
const [option, place = ''] = process.argv.slice(2)

async function write(path: string, weights: RankerWeights): Promise<void> {
  const text = `${JSON.stringify(weights, null, 2)}\n`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  console.log(`${path}: ${text.length} bytes, SHA-256 ${createHash('sha256').update(text).digest('hex')}`)
}

const examples = await examplesOf(data, console.log)
if (option === '--judge') {
  for (let fold = 0; fold < folds; fold++)
    await write(
      join(place, 'folds', `fold-${fold}.json`),
      train(examples, (question) => partOf(question, folds) !== fold),
    )
  for (const left of new Set(parts.map(({ set }) => set)))
    await write(
      join(place, 'without', `${left}.json`),
      train(examples, (_, set) => set !== left),
    )
} else await write(join(import.meta.dirname, '../src/model/rankers/learned/weights.json'), train(examples))
