import { listFiles, place, readRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { items, tagsOf, textCorpus } from '../items.ts'

export const meta = {
  name: 'minictx',
  summary:
    'Theorems of Lean after the file that stands before them; the evidence is declarations that the proof names.',
  paper: 'Hu, Zhu and Welleck 2024, miniCTX, arXiv 2408.03350',
  folder: 'minictx',
  licence: 'MIT; each project has its own terms',
  metrics: ['recall', 'all-gold', 'characters-kept'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly srcContext: string
  readonly theoremStatement: string
  readonly theoremName?: string
  readonly fileCreated?: { readonly commit?: string; readonly date?: string } | string
  readonly theoremCreated?: { readonly commit?: string; readonly date?: string } | string
  readonly file?: string
  readonly module?: string
  readonly positionMetadata?: { readonly lineInFile?: number; readonly tokenPositionInFile?: number }
  readonly dependencyMetadata?: {
    readonly inFilePremises?: boolean
    readonly numInFilePremises?: number
    readonly repositoryPremises?: boolean
    readonly numRepositoryPremises?: number
  }
  readonly proofMetadata?: {
    readonly hasProof?: boolean
    readonly proof?: string
    readonly proofType?: string
    readonly proofLengthLines?: number
  }
}
const modifiers = '(?:private|protected|noncomputable|unsafe|partial|scoped|local|nonrec)\\s+'
const declaration = new RegExp(
  `^(?:@\\[[^\\]]*\\]\\s*)*(?:${modifiers})*(?:theorem|lemma|def|abbrev|instance|structure|inductive|class|axiom|opaque)\\s+([^\\s:({\\[⦃]+)`,
)
/** What ends a declaration without beginning another. */
const command = /^(?:namespace|section|end|open|variable|universe|export|attribute|set_option|#\w+|import)\b/

interface Piece {
  readonly start: number
  readonly end: number
  readonly name?: string
}

/** A file cut into its declarations, each with the comment and the attributes before it, and what stands between. */
export function declarationsOf(text: string): Piece[] {
  const cuts: { at: number; name?: string }[] = []
  let at = 0
  let ahead: number | undefined
  let comment = false
  for (const line of text.split('\n')) {
    const own = declaration.exec(line)
    const starts = comment || /^\/-/.test(line) || /^--/.test(line) || /^@\[[^\]]*\]\s*$/.test(line)
    if (/^\/-/.test(line)) comment = true
    if (comment && line.includes('-/')) comment = false
    if (own) {
      cuts.push({ at: ahead ?? at, name: own[1]! })
      ahead = undefined
    } else if (starts) ahead ??= at
    else if (command.test(line)) {
      cuts.push({ at: ahead ?? at })
      ahead = undefined
    } else if (line.trim() !== '') ahead = undefined
    at += line.length + 1
  }
  return cuts.flatMap(({ at: start, name }, index): Piece[] => {
    const end = start + text.slice(start, cuts[index + 1]?.at ?? text.length).trimEnd().length
    return end > start ? [{ start, end, ...(name === undefined ? {} : { name }) }] : []
  })
}

/** Whether a proof names a declaration: by its whole name, or by its last part, as after `open` or behind a dot. */
export function namedBy(proof: string): (name: string) => boolean {
  const said = new Set(proof.match(/[\p{L}_][\p{L}\p{N}_'!?₀-₉]*(?:\.[\p{L}_][\p{L}\p{N}_'!?₀-₉]*)*/gu) ?? [])
  const ends = new Set([...said].map((word) => word.slice(word.lastIndexOf('.') + 1)))
  return (name) => said.has(name) || ends.has(name.slice(name.lastIndexOf('.') + 1))
}
const dateOf = (made: Row['fileCreated']): string | undefined => (typeof made === 'object' ? made.date : made)

/**
 * From huggingface.co/datasets/l3lab/miniCTX or github.com/cmu-l3/minictx-eval: its files of lines (`pfr.jsonl` and so on).
 * What is measured is whether the declarations that the proof needs are still there after a step has cut the context:
 * proving takes Lean, which is the user's. Premises of other files are not in the context and not looked for; a row whose
 * premises in the file are known to be there though none is named counts one unresolved. Rows without a proof are left
 * out and told to `warn`.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const files = (await listFiles(request, meta.folder)).filter((file) => file.endsWith('.jsonl'))
  if (files.length === 0) await place(request, `${meta.folder}/pfr.jsonl`)
  for (const file of files) {
    const project = file.replace(/\.jsonl$/, '')
    const cell = `miniCTX, ${project}`
    if (!wants(cell)) continue
    let index = -1
    for await (const row of readRows<Row>(request, `${meta.folder}/${file}`)) {
      index++
      if (!wants(cell)) break
      const { proof = '', proofType, proofLengthLines, hasProof = proof !== '' } = row.proofMetadata ?? {}
      if (!hasProof || proof.trim() === '') {
        request.warn?.({ path: file, line: index + 1, message: 'it has no proof; it is left out' })
        continue
      }
      const { source, ...corpus } = await textCorpus(`${project} ${index}`, row.srcContext)
      const pieces = declarationsOf(source.text)
      const place = ({ start, end }: Piece) => ({ source: source.id, start, end })
      const names = namedBy(proof)
      const needed = pieces.filter(({ name }) => name !== undefined && names(name))
      const premises = row.dependencyMetadata ?? {}
      yield {
        id: `minictx ${project} ${index} ${row.theoremName ?? ''}`.trim(),
        cell,
        corpus: { ...corpus, ...(pieces.length > 0 ? { units: pieces.map(place) } : {}) },
        instruction: 'Below is the beginning of a file of Lean 4. Prove the theorem that follows it.',
        question: row.theoremStatement,
        answers: [[proof.trim()]],
        evidence: needed.map(place),
        ...(premises.inFilePremises && needed.length === 0 ? { unresolved: 1 } : {}),
        tags: tagsOf({
          project,
          theorem: row.theoremName,
          file: row.file,
          module: row.module,
          line: row.positionMetadata?.lineInFile,
          file_created: dateOf(row.fileCreated),
          theorem_created: dateOf(row.theoremCreated),
          premises_in_file: premises.numInFilePremises,
          premises_in_repository: premises.numRepositoryPremises,
          proof_type: proofType,
          proof_lines: proofLengthLines,
        }),
      }
    }
  }
})

export default dataset
