// Writes docs/papers.md from docs/papers.tsv and docs/taxonomy.tsv; with --check, fails when the page is stale or the tables are wrong.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface Paper {
  readonly number: string
  readonly system: string
  readonly title: string
  readonly rooms: readonly string[]
  readonly taxonomy: readonly string[]
  readonly state: string
  readonly files: readonly string[]
  readonly shown: readonly Shown[]
  readonly note: string
}
/** A test file or a bench spec, and words of the test's name that stand in it. */
interface Shown {
  readonly path: string
  readonly words: string
}
export interface Leaf {
  readonly part: string
  readonly leaf: string
  /** Folders and files that serve it, whatever paper they come from. */
  readonly modules: readonly string[]
}
/** What a table is checked against: `undefined` where there is no such file. */
export type Look = (path: string) => string | undefined

export const states = {
  here: 'The idea works, and a test or a benchmark that is named shows what it must do.',
  'in part': 'Some of it works and is tested; the note says what is missing.',
  'not yet': 'It belongs here and is not built; the note says what is missing.',
  'not here': 'It has nothing to do with long context in text or video; the note says why.',
} as const
const built: readonly string[] = ['here', 'in part']

/** Rooms in the order of the page. A room without a folder in `src/` is planned. */
export const rooms: Readonly<Record<string, string>> = {
  read: 'bytes become text with a map back to the original',
  store: 'text and its indexes, kept on disk',
  find: 'a query becomes ranked passages',
  fit: 'passages become a pack within a budget',
  run: 'a local transformer with its attention, positions and key-value cache open',
  ask: 'a question becomes an answer with citations',
  remember: 'turns and events become a memory that can be searched',
  act: 'the transcript of an agent becomes the pack for its next step',
  make: 'texts become long training data and made-up questions',
  see: 'video and audio become text and events in time',
  train: 'the weights of models are changed, or trained ones are loaded',
  measure: 'methods are compared on tasks and data sets',
  outside: 'papers on other things than long context',
}

export const total = 295
const columns = ['number', 'system', 'title', 'room', 'taxonomy', 'state', 'files', 'shown', 'note']
const list = (cell: string): string[] => cell.split(',').flatMap((part) => part.trim() || [])

function rowsOf(text: string, wanted: readonly string[], name: string): string[][] {
  const [header = '', ...lines] = text.replace(/\n+$/, '').split('\n')
  if (header !== wanted.join('\t')) throw new Error(`${name}: the header must be ${wanted.join(', ')}, parted by tabs`)
  return lines.map((line, index) => {
    const cells = line.split('\t')
    if (cells.length === wanted.length) return cells
    throw new Error(`${name}:${index + 2}: ${cells.length} cells instead of ${wanted.length}`)
  })
}

export const papersOf = (text: string): Paper[] =>
  rowsOf(text, columns, 'docs/papers.tsv').map((cells) => {
    const [number, system, title, room, taxonomy, state, files, shown, note] = cells as [string, ...string[]]
    return {
      number,
      system: system!,
      title: title!,
      rooms: list(room!),
      taxonomy: list(taxonomy!),
      state: state!,
      files: list(files!),
      // A test's name may hold commas: a new entry begins with a folder.
      shown: shown!.split(/,\s*(?=(?:test|bench|docs|examples)\/)/).flatMap((entry) => {
        const [, path, words = ''] = /^(\S+?)(?:: (.+))?$/.exec(entry.trim()) ?? []
        return path ? [{ path, words }] : []
      }),
      note: note!,
    }
  })

export const leavesOf = (text: string): Leaf[] =>
  rowsOf(text, ['part', 'leaf', 'modules'], 'docs/taxonomy.tsv').map((cells) => {
    const [part, leaf, modules] = cells as [string, string, string]
    return { part, leaf, modules: list(modules) }
  })

/** What is wrong with the tables, each as a sentence that names the place. */
export function problemsOf(
  papers: readonly Paper[],
  leaves: readonly Leaf[],
  look: Look,
  folders: readonly string[] = [],
): string[] {
  const problems: string[] = []
  const seen = new Map<string, number>()
  for (const { number } of papers) seen.set(number, (seen.get(number) ?? 0) + 1)
  for (let number = 1; number <= total; number++) {
    const times = seen.get(String(number)) ?? 0
    if (times !== 1) problems.push(`paper ${number} stands there ${times === 0 ? 'not at all' : `${times} times`}`)
    seen.delete(String(number))
  }
  for (const number of seen.keys()) problems.push(`"${number}" is no number from 1 to ${total}`)
  const known = new Set(leaves.map(({ leaf }) => leaf))
  for (const paper of papers) {
    const say = (what: string): void => void problems.push(`paper ${paper.number}: ${what}`)
    const { rooms: own, taxonomy, state, files, shown, note } = paper
    if (!(state in states)) say(`"${state}" is no state; write ${Object.keys(states).join(', ')}`)
    if (own.length === 0) say('it has no room')
    for (const room of own) if (!(room in rooms)) say(`"${room}" is no room; write ${Object.keys(rooms).join(', ')}`)
    for (const leaf of taxonomy) if (!known.has(leaf)) say(`"${leaf}" is no leaf of docs/taxonomy.tsv`)
    if (taxonomy.length === 0 && own[0] !== 'outside') say('it has no leaf of the taxonomy')
    if ((state === 'not here') !== (own[0] === 'outside')) say('"not here" and the room "outside" go together')
    if (paper.system === '' || paper.title === '') say('it has no system or no title')
    if (!/\S\.$/.test(note)) say('its note is no sentence that ends with a full stop')
    if (built.includes(state) && (files.length === 0 || shown.length === 0))
      say(`"${state}" needs a file in which it lives, and a test or benchmark that shows it`)
    if (!built.includes(state) && files.length + shown.length > 0) say(`"${state}" names files; is it "in part"?`)
    for (const path of files) {
      if (look(path) === undefined) say(`${path} is not there`)
      if (/(^|\/)(index|catalog)\.ts$/.test(path)) say(`${path} only lists others; name the file that does it`)
    }
    for (const { path, words } of shown) {
      const text = look(path)
      if (text === undefined) say(`${path} is not there`)
      else if (!text.includes(words)) say(`${path} has no test named "${words}"`)
    }
  }
  for (const { leaf, modules } of leaves)
    for (const path of modules) if (look(path) === undefined) problems.push(`taxonomy, ${leaf}: ${path} is not there`)
  const tagged = leaves.flatMap(({ modules }) => modules)
  for (const folder of folders)
    if (!tagged.includes(folder)) problems.push(`taxonomy: ${folder} serves no leaf; add it to the modules of one`)
  return problems
}

const link = (path: string, text: string): string =>
  `[${text}](${path.startsWith('docs/') ? path.slice(5) : `../${path}`})`
const short = (path: string): string => path.replace(/^src\//, '').replace(/\.ts$/, '')
const cell = (text: string): string => text.replaceAll('|', '\\|')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---|').join('')}`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n')
const amount = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`

function sectionOf(room: string, papers: readonly Paper[], isThere: boolean): string {
  const rows = papers.map(({ number, system, title, rooms: [, ...also], state, files, shown, note }) => [
    number,
    `**${system}**: ${title}${also.length > 0 ? ` (also ${also.join(', ')})` : ''}`,
    state,
    files.map((path) => link(path, short(path))).join(', '),
    shown.map(({ path, words }) => link(path, basename(path)) + (words && `: ${words}`)).join('; '),
    note,
  ])
  const open = room === 'outside' ? '' : isThere ? '' : ' This room is planned; it has no folder yet.'
  return `## ${room}\n\n${rooms[room]![0]!.toUpperCase()}${rooms[room]!.slice(1)}.${open}\n\n${table(['no.', 'paper', 'state', 'where', 'shown by', 'note'], rows)}\n`
}

function taxonomyOf(papers: readonly Paper[], leaves: readonly Leaf[]): string {
  const at = ({ leaf }: Leaf): readonly Paper[] => papers.filter(({ taxonomy }) => taxonomy.includes(leaf))
  const numbers = (of: readonly Paper[]): string => of.map(({ number }) => number).join(', ')
  const parts = [...Map.groupBy(leaves, ({ part }) => part)].map(([part, own]) => {
    const rows = own.map((leaf) => {
      const found = at(leaf)
      return [
        leaf.leaf,
        leaf.modules.map((path) => link(path, short(path))).join(', '),
        ...[...built, 'not yet'].map((state) => numbers(found.filter((paper) => paper.state === state))),
      ]
    })
    return `### ${part}\n\n${table(['leaf', 'served by', 'papers here', 'in part', 'not yet'], rows)}\n`
  })
  const empty = leaves.filter(
    (leaf) => leaf.modules.length === 0 && !at(leaf).some(({ state }) => built.includes(state)),
  )
  const open = empty.map((leaf) => {
    const wanted = at(leaf).length
    return `- ${leaf.leaf} (${leaf.part.toLowerCase()}): ${wanted === 0 ? 'no paper of the list either' : amount(wanted, 'paper')}${wanted === 0 ? '' : ' waiting'}`
  })
  return `## Taxonomy

The tree is that of a survey in the list, *A Survey of Context Engineering for Large Language Models* (number 205; arXiv 2507.13334): its components,
systems and evaluation, with its section on long sequences in four leaves and without its outlook. It has no place for the making of
data and the training of models; "Beside the survey" holds these. A leaf is served by folders of the project, whatever paper
they come from.

${parts.join('\n')}
### Not covered

${open.length === 0 ? 'Every leaf is served.' : `Nothing here serves ${open.length} of the ${leaves.length} leaves:\n\n${open.join('\n')}`}
`
}

/** The page. `isThere` tells whether a room has a folder. */
export function pageOf(papers: readonly Paper[], leaves: readonly Leaf[], isThere: (room: string) => boolean): string {
  const names = Object.keys(states)
  const count = (own: readonly Paper[], state: string): number => own.filter((paper) => paper.state === state).length
  const byRoom = Object.keys(rooms).flatMap((room) => {
    const own = papers.filter(({ rooms: [first] }) => first === room)
    return own.length > 0 ? [{ room, own }] : []
  })
  const counts = [
    ...byRoom.map(({ room, own }) => [
      `[${room}](#${room})${room === 'outside' || isThere(room) ? '' : ', planned'}`,
      ...names.map((state) => String(count(own, state) || '')),
      String(own.length),
    ]),
    ['all', ...names.map((state) => String(count(papers, state))), String(papers.length)],
  ]
  return `<!-- Generated by \`npm run papers\` from docs/papers.tsv and docs/taxonomy.tsv. Do not edit. -->
# Papers and where their ideas live

A list of ${papers.length} papers on long context and what borders on it: how to find, fit, order, read, remember, make and measure more text
than a model reads well. This page says of each where its idea lives in the project, or that it is not built, or why it never will be.
The ideas are written anew, and figures of the papers are not ours.

${table(
  ['state', 'what it means', 'papers'],
  Object.entries(states).map(([state, meaning]) => [state, meaning, String(count(papers, state))]),
)}

A paper stands in the room where it belongs; other rooms that it touches are in brackets. "Shown by" names a test file, with words of the
test's name, or a spec of a benchmark. "A small file of the published form" is one that we wrote in the documented shape of a data set
whose files were not at hand: the loader is tested, the published files are not.

${table(['room', ...names, 'all'], counts)}

The [taxonomy](#taxonomy) stands after the rooms, and [how to change a row](#for-maintainers) at the end.

${byRoom.map(({ room, own }) => sectionOf(room, own, isThere(room))).join('\n')}
${taxonomyOf(papers, leaves)}
## For maintainers

\`npm run papers\` writes this page from \`docs/papers.tsv\` (one row for each paper, cells parted by tabs) and \`docs/taxonomy.tsv\`;
\`npm run lint:docs\` fails when the page is not what they say, or when a file or a test that they name is gone.

| column | what it holds |
|---|---|
| \`number\`, \`system\`, \`title\` | the paper, numbered from 1 to ${total} |
| \`room\` | the room where it belongs, then others that it touches, parted by commas |
| \`taxonomy\` | leaves of \`docs/taxonomy.tsv\`, parted by commas |
| \`state\` | ${names.map((state) => `\`${state}\``).join(', ')} |
| \`files\` | files of the repository in which the idea lives, parted by commas; not those that only list others |
| \`shown\` | test files and specs that show it, parted by commas; \`path: words\` asks for a test with these words in its name |
| \`note\` | one sentence: what ours does, where it differs, what is missing, or why it cannot be |
`
}

function run(): void {
  const root = join(import.meta.dirname, '..')
  const look: Look = (path) => {
    const full = join(root, path)
    if (!existsSync(full)) return undefined
    return statSync(full).isDirectory() ? '' : readFileSync(full, 'utf8')
  }
  const papers = papersOf(look('docs/papers.tsv') ?? '')
  const leaves = leavesOf(look('docs/taxonomy.tsv') ?? '')
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['open', 'testing'].includes(entry.name))
    .map(({ name }) => `src/${name}`)
  const problems = problemsOf(papers, leaves, look, folders)
  const page = pageOf(papers, leaves, (room) => existsSync(join(root, 'src', room)))
  if (problems.length === 0 && page !== look('docs/papers.md')) {
    if (process.argv.includes('--check')) problems.push('docs/papers.md is out of date: run npm run papers')
    else {
      writeFileSync(join(root, 'docs/papers.md'), page)
      console.log('wrote docs/papers.md')
    }
  }
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
if (import.meta.main)
  try {
    run()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
