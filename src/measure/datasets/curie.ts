import { type FileRequest, listFiles, place, readJson, readText } from '../adapters/files.ts'
import { identityRatio } from '../align.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { found, items, tagsOf, textCorpus } from '../items.ts'

export const meta = {
  name: 'curie',
  summary: 'Ten tasks of six sciences over whole papers: extraction, derivation, codes, maps, protein sequences.',
  paper: 'Cui et al. 2025, CURIE, arXiv 2503.13517',
  folder: 'curie',
  licence: 'Apache-2.0; each paper has its own terms',
  metrics: ['rouge-l', 'reference-judged'],
  tested: 'shape',
} as const satisfies DatasetMeta

type Truth = Readonly<Record<string, unknown>>
interface Task {
  readonly name: string
  readonly folder: string
  readonly question: string
  /** What the truth's file holds for this task. Default: all of it but its ids. */
  readonly truth?: (truth: Truth) => string
  readonly check?: (said: string, reference: string) => Readonly<Record<string, number>>
}

/** JSON texts in the code of a calculation: `structure_metadata_X = …parse_raw('{…}')`. */
const parsed = (name: string) => (truth: Truth) => {
  const pattern = new RegExp(`${name}\\w*\\s*=\\s*\\w+\\.parse_raw\\(\\s*'(\\{[\\s\\S]*?\\})'\\s*\\)`, 'g')
  return `[${[...String(truth.code ?? '').matchAll(pattern)].map(([, json]) => json).join(', ')}]`
}

const box = (text: string): readonly number[] | undefined => {
  const side = (name: string): number =>
    Number(new RegExp(`["']?\\b${name}\\b["']?\\s*[:=]\\s*["']?(-?\\d+(?:\\.\\d+)?)`).exec(text)?.[1] ?? Number.NaN)
  const sides = ['W', 'S', 'E', 'N'].map(side)
  return sides.some(Number.isNaN) ? undefined : sides
}

/** The area that two boxes of west, south, east and north share over the area that they cover together. */
export function boxOverlap(said: string, reference: string): number {
  const [one, other] = [box(said), box(reference)]
  if (!one || !other) return 0
  const area = (sides: readonly number[]): number =>
    Math.max(0, sides[2]! - sides[0]!) * Math.max(0, sides[3]! - sides[1]!)
  const shared = area([0, 1, 2, 3].map((side) => (side < 2 ? Math.max : Math.min)(one[side]!, other[side]!)))
  const together = area(one) + area(other) - shared
  return together === 0 ? 0 : shared / together
}

/** Letters of a sequence: those after the heading of a FASTA record where there is one. */
const sequence = (text: string): string => {
  const record = /^>[^\n]*\n([A-Za-z\s*-]+)/m.exec(text)?.[1]
  return (record ?? /[A-Z][A-Z\s]{5,}/.exec(text)?.[0] ?? text).replace(/[^A-Za-z]/g, '').toUpperCase()
}
const sequenceOf = (truth: Truth): string => {
  const named = Object.entries(truth).find(([key]) => /sequence|fasta/i.test(key))?.[1]
  const texts = Object.entries(truth).flatMap(([key, value]) =>
    typeof value === 'string' && !/_id$/.test(key) ? [value] : [],
  )
  return typeof named === 'string' ? named : (texts.sort((one, other) => other.length - one.length)[0] ?? '')
}

const tasks: readonly Task[] = [
  {
    name: 'DFT-S',
    folder: 'dft',
    truth: parsed('structure_metadata_'),
    question: 'List as JSON every structure that was computed, with all that the paper says of each.',
  },
  {
    name: 'DFT-P',
    folder: 'dft',
    truth: parsed('dft_params_'),
    question: 'List as JSON the parameters of every density functional calculation in the paper.',
  },
  {
    name: 'DFT-C',
    folder: 'dft',
    truth: ({ code }) => String(code ?? ''),
    question: 'Write Python code that does the calculations of the paper.',
  },
  {
    name: 'MPV',
    folder: 'mpve',
    question: 'List as JSON every property of a material that the paper gives, with its value, unit and conditions.',
  },
  {
    name: 'HFD',
    folder: 'hfd',
    question: 'Derive the mean-field Hamiltonian of the paper by the Hartree-Fock approximation, step by step.',
  },
  {
    name: 'HFE',
    folder: 'hfe',
    question: 'Give the most general mean-field Hamiltonian of the paper with all of its terms.',
  },
  {
    name: 'QECC',
    folder: 'qecc_65',
    question: 'Describe the quantum error-correcting code of the paper as an entry of a catalogue, in YAML.',
  },
  {
    name: 'GEO',
    folder: 'geo',
    question: 'List as JSON every data set that the paper uses, with its place, time and source.',
  },
  {
    name: 'BIOGR',
    folder: 'biogr',
    question: 'Give the box of the map as JSON with W, S, E and N in degrees.',
    check: (said, reference) => ({ 'box-overlap': boxOverlap(said, reference) }),
  },
  {
    name: 'PDB',
    folder: 'pdb',
    truth: sequenceOf,
    question: 'Give the sequence of amino acids of the structure, as a FASTA record.',
    check: (said, reference) => ({ 'identity-ratio': identityRatio(sequence(said), sequence(reference)) }),
  },
]
const whole = (truth: Truth): string =>
  JSON.stringify(Object.fromEntries(Object.entries(truth).filter(([key]) => !/^(record|arxiv|paper)_id$/.test(key))))

/** A ground truth, in which numbers that are not known may stand as a bare NaN. */
async function truthOf(request: FileRequest, path: string): Promise<Truth | Truth[]> {
  const text = await readText(request, path)
  if (!/[:[,]\s*NaN\b/.test(text)) return readJson(request, path)
  try {
    return JSON.parse(text) as Truth
  } catch {
    return JSON.parse(text.replace(/([:[,]\s*)NaN\b/g, '$1"NaN"')) as Truth
  }
}

/**
 * From github.com/google/curie: unpack `data/data.zip`, so that `curie/dft/inputs/ID.json` and `curie/dft/ground_truth/ID.json`
 * are there, `difficulty_levels.json` beside the folders. Maps come as images, which no reader here sees: BIOGR has the
 * caption alone. Questions are in our words. The paper's LLMSim is left to `reference-judged`; its BERTScore is not taken.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const [levels] = await found(request, [`${meta.folder}/difficulty_levels.json`])
  const difficulty = levels ? await readJson<Record<string, Record<string, string>>>(request, levels) : {}
  const folders = await listFiles(request, meta.folder)
  if (!tasks.some(({ folder }) => folders.includes(folder))) await place(request, `${meta.folder}/dft/inputs`)
  for (const { name, folder, question, truth = whole, check } of tasks) {
    const cell = `CURIE, ${name}`
    if (!folders.includes(folder) || !wants(cell)) continue
    for (const file of await listFiles(request, `${meta.folder}/${folder}/inputs`)) {
      if (!file.endsWith('.json')) continue
      if (!wants(cell)) break
      const input = await readJson<{ record_id?: string; text: string }>(
        request,
        `${meta.folder}/${folder}/inputs/${file}`,
      )
      const raw = await truthOf(request, `${meta.folder}/${folder}/ground_truth/${file}`)
      const reference = Array.isArray(raw) ? `[${raw.map(whole).join(', ')}]` : truth(raw as Truth)
      const id = file.replace(/\.json$/, '')
      const { source, ...corpus } = await textCorpus(`${name} ${id}`, input.text)
      if (reference === '' || reference === '[]') {
        request.warn?.({
          path: `${folder}/ground_truth/${file}`,
          message: `it holds nothing for ${name}; the sample is left out`,
        })
        continue
      }
      yield {
        id: `curie ${name} ${id}`,
        cell,
        corpus,
        instruction: 'Read the paper, then do what is asked.',
        question,
        answers: [[reference]],
        evidence: [],
        tags: tagsOf({
          task: name,
          record: input.record_id ?? id,
          difficulty: difficulty[folder]?.[id],
          characters: source.text.length,
        }),
        ...(check ? { check: (said: string) => check(said, reference) } : {}),
      } satisfies Sample
    }
  }
})

export default dataset
