// Time and memory of making needle samples of 128k tokens, and how far their lengths are from what was asked for.
// Run: node bench/samples.ts [samples = 500]; with FOVEA_DATA the haystack is real prose.
import { loadLeaf } from '../src/core/index.ts'
import { defaultHaystack } from '../src/measure/adapters/haystack.ts'
import { tasks } from '../src/measure/index.ts'
import { tokenCounter } from '../src/model/index.ts'

const samples = Number(process.argv[2] ?? 500)
const length = 131_072
const data = process.env.FOVEA_DATA ?? ''
const counter = await tokenCounter('o200k_base')
const haystack = await defaultHaystack(data, () => {})
const needles = ['needle-grid', 'nolima', ...tasks.map(({ meta }) => meta.name).filter((name) => name.includes('niah'))]
for (const { meta } of tasks.filter(({ meta: { name } }) => needles.includes(name))) {
  const task = await loadLeaf(tasks, meta.name)
  const started = performance.now()
  let far = 0
  let made = 0
  let early = 0
  for await (const sample of task({ length, samples, seed: 1, counter, haystack, data, options: meta.options })) {
    far = Math.max(far, Math.abs((sample.tokens ?? 0) - length))
    if (++made === Math.ceil(samples / 10)) early = process.memoryUsage.rss()
  }
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`
  console.log(
    `${meta.name}: ${made} samples in ${((performance.now() - started) / 1000).toFixed(1)} s, at most ${far} tokens off, ${megabytes(early)} after a tenth of them and ${megabytes(process.memoryUsage.rss())} after all`,
  )
}
