// Headings of PDFs against labels: ours and fonts alone, heading F1 and tree edit accuracy; pages per second beside unpdf.
// node bench/pdf-headings.ts [more.pdf ...]
import { readFileSync } from 'node:fs'
import { getDocumentProxy } from 'unpdf'
import { bytesInput, defaultLimits, read } from '../src/read/index.ts'
import { fontsOnly } from '../test/read/fonts-only.ts'
import { headingF1, type Label, labelledPdfs, treeAccuracy } from '../test/read/labelled.ts'

async function ours(bytes: Uint8Array): Promise<Label[]> {
  const labels: Label[] = []
  for await (const { outline = [] } of read(bytesInput('a.pdf', bytes)))
    for (const { kind, level, title = '' } of outline) if (kind === 'section') labels.push([level, title])
  return labels
}

const rows: Record<string, Record<string, string>> = {}
const sums = { ours: 0, fonts: 0, oursTree: 0, fontsTree: 0 }
const files = labelledPdfs()
for (const { name, bytes, headings } of files) {
  const found = await ours(bytes)
  const plain = await fontsOnly(bytes, defaultLimits)
  const scores = {
    ours: headingF1(found, headings),
    fonts: headingF1(plain, headings),
    oursTree: treeAccuracy(found, headings),
    fontsTree: treeAccuracy(plain, headings),
  }
  for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += scores[key] / files.length
  rows[name] = Object.fromEntries(Object.entries(scores).map(([key, value]) => [key, value.toFixed(3)]))
}
rows.mean = Object.fromEntries(Object.entries(sums).map(([key, value]) => [key, value.toFixed(3)]))
console.table(rows)

async function unpdfAlone(bytes: Uint8Array): Promise<number> {
  const document = await getDocumentProxy(bytes.slice(), { verbosity: 0 })
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    await page.getTextContent()
    page.cleanup()
  }
  const { numPages } = document
  await document.loadingTask.destroy()
  return numPages
}

const median = (values: number[]): number => values.sort((one, two) => one - two)[values.length >> 1]!
const timed =
  process.argv.length > 2
    ? process.argv.slice(2).map((path) => new Uint8Array(readFileSync(path)))
    : files.map(({ bytes }) => bytes)
const rates = { unpdf: [] as number[], ours: [] as number[] }
for (let run = 0; run < 7; run++) {
  let start = performance.now()
  let pages = 0
  for (const bytes of timed) pages += await unpdfAlone(bytes)
  rates.unpdf.push((pages / (performance.now() - start)) * 1000)
  start = performance.now()
  for (const bytes of timed) await ours(bytes)
  rates.ours.push((pages / (performance.now() - start)) * 1000)
}
console.log(`pages/s, median of 7: unpdf ${median(rates.unpdf).toFixed(0)}, ours ${median(rates.ours).toFixed(0)}`)
