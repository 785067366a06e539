import { listFiles, readText } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { pool, pools } from '../corpus.ts'

export const meta = {
  name: 'babi',
  summary: 'Twenty tasks of reasoning over short stories; the evidence is lines of the story so far.',
  paper: 'Weston et al. 2015, Towards AI-Complete Question Answering, arXiv 1502.05698',
  folder: 'babi',
  licence: 'CC BY 3.0',
  metrics: ['recall', 'all-gold', 'exact-match'],
  tested: 'published',
} as const satisfies DatasetMeta

const dataset: Dataset = pools(async function* (request) {
  const files = (await listFiles(request, meta.folder)).filter((file) => file.endsWith('_test.txt'))
  const task = (file: string): number => Number.parseInt(file.slice(2), 10)
  for (const file of files.sort((first, second) => task(first) - task(second))) {
    let story: string[] = []
    let ids: number[] = []
    for (const line of (await readText(request, `${meta.folder}/${file}`)).split('\n')) {
      const [, id, rest] = /^(\d+) (.*)$/.exec(line) ?? []
      if (id === undefined || rest === undefined) continue
      if (id === '1') {
        story = []
        ids = []
      }
      // One task of this copy has bars where the others have tabs.
      const [text = '', answer, evidence] = rest.replace(/\s*\|([^|]+)\|([\d ]+)$/, '\t$1\t$2').split('\t')
      if (answer === undefined || evidence === undefined) {
        story.push(rest)
        ids.push(Number(id))
        continue
      }
      const gold = evidence
        .trim()
        .split(/\s+/)
        .map((number) => ids.indexOf(Number(number)))
        .filter((unit) => unit >= 0)
      yield pool(
        'bAbI',
        [...story],
        [{ text, gold: [...new Set(gold)], answers: [answer], tags: { task: `qa${task(file)}` } }],
      )
    }
  }
})

export default dataset
