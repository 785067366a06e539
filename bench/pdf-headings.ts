// Headings of PDFs against labels: ours and fonts alone, heading F1 and tree edit accuracy; pages per second beside unpdf.
// Given PDFs of your own, also their detected headings against their own bookmarks (which are not looked at), and their speed.
// node bench/pdf-headings.ts [file.pdf ...]
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { getDocumentProxy } from 'unpdf'
import { hyphenated, makeBlocks, measureBody } from '../src/read/formats/pdf/blocks.ts'
import { findHeadings } from '../src/read/formats/pdf/headings.ts'
import { openPdf } from '../src/read/formats/pdf/open.ts'
import { withoutRunning } from '../src/read/formats/pdf/running.ts'
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

/** Headings as they are found when a PDF has no bookmarks, those that it has, and what fonts give; numbers left out of all. */
async function againstBookmarks(path: string): Promise<Record<string, string> | undefined> {
  const bytes = new Uint8Array(readFileSync(path))
  const context = { limits: defaultLimits, warn: () => undefined }
  const pdf = await openPdf(bytesInput(path, bytes), context)
  if (pdf.bookmarks.length < 4 || pdf.bookmarks.length > 400) return undefined
  const bare = ([level, title]: Label): Label => [
    level,
    title.replace(/^((chapter|appendix|part)\s+)?([A-Z]|[\dIVX]+)(\.\d+)*[.)]?\s+/i, ''),
  ]
  const wanted = pdf.bookmarks.map(({ level, title }) => bare([level, title]))
  const pages = withoutRunning(pdf.pages)
  const body = measureBody(pages)
  const words = hyphenated(pages)
  const found = findHeadings(makeBlocks(pages, body), body, words).map(({ level, title }) => bare([level, title]))
  const plain = (await fontsOnly(bytes, defaultLimits)).map(bare)
  const scores = [
    headingF1(found, wanted),
    headingF1(plain, wanted),
    treeAccuracy(found, wanted),
    treeAccuracy(plain, wanted),
  ]
  const [ours = 0, fonts = 0, oursTree = 0, fontsTree = 0] = scores
  unseen.push(scores)
  return Object.fromEntries(
    Object.entries({ ours, fonts, oursTree, fontsTree }).map(([key, value]) => [key, value.toFixed(3)]),
  )
}

const unseen: number[][] = []
const others: Record<string, Record<string, string>> = {}
for (const path of process.argv.slice(2)) {
  const row = await againstBookmarks(path).catch((error: unknown) => void console.error(String(error)))
  if (row) others[basename(path)] = row
}
if (unseen.length > 0) {
  console.table(others)
  const means = [0, 1, 2, 3].map((column) => unseen.reduce((sum, row) => sum + row[column]!, 0) / unseen.length)
  console.log(`means against bookmarks: ${means.map((mean) => mean.toFixed(3)).join(' ')}`)
}

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
/** Seconds of processor time, which other work on the machine does not change. */
const spent = (start: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}
const rates = { unpdf: [] as number[], ours: [] as number[] }
for (let run = 0; run < 7; run++) {
  let pages = 0
  let start = process.cpuUsage()
  for (const bytes of timed) pages += await unpdfAlone(bytes)
  rates.unpdf.push(pages / spent(start))
  start = process.cpuUsage()
  for (const bytes of timed) await ours(bytes).catch(() => [])
  rates.ours.push(pages / spent(start))
}
console.log(
  `pages per second of processor time, median of 7: unpdf ${median(rates.unpdf).toFixed(0)}, ours ${median(rates.ours).toFixed(0)}`,
)
