// Checks that the documentation is true: headings of ARCHITECTURE.md, links, quoted examples, command help, words.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { strategyPage } from './strategy-docs.ts'

const root = join(import.meta.dirname, '..')
const problems: string[] = []
/** With `--write`, blocks of output are made new instead of compared. */
const write = process.argv.includes('--write')
const cache = mkdtempSync(join(tmpdir(), 'fovea-docs-'))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

const folders = readdirSync(join(root, 'src'))
  .filter((name) => statSync(join(root, 'src', name)).isDirectory())
  .sort()
const headings = [...read('ARCHITECTURE.md').matchAll(/^## `src\/([\w/]+)`/gm)].map((match) => match[1]!)
if (JSON.stringify([...headings].sort()) !== JSON.stringify(folders))
  problems.push(
    `ARCHITECTURE.md: the headings "## \`src/NAME\`" are ${headings.join(', ')}; the folders are ${folders.join(', ')}`,
  )

const rooms = folders.filter((name) => !['open', 'testing'].includes(name))
for (const room of rooms)
  if (!existsSync(join(root, 'docs', `${room}.md`))) problems.push(`docs/${room}.md is missing: each room has a page`)

interface Meta {
  readonly name: string
  readonly summary: string
  readonly paper?: string
  readonly metrics?: readonly string[]
  readonly options?: Readonly<Record<string, unknown>>
  readonly licence?: string
  readonly tested?: string
  readonly atDepth?: boolean
  readonly needs?: readonly string[]
  readonly use?: string
  readonly calls?: string
}

async function tableOf(room: string, kind: string): Promise<string> {
  const catalog = (await import(pathToFileURL(join(root, 'src', room, 'catalog.ts')).href)) as Record<
    string,
    readonly { readonly meta: Meta }[]
  >
  const metas = catalog[kind]!.map(({ meta }) => meta)
  const cell = (text: string): string => text.replaceAll('|', '\\|')
  const columns: [title: string, of: (meta: Meta) => string][] = [
    ['name', ({ name, atDepth }) => `\`${name}\`${atDepth ? ' @k' : ''}`],
    ['what it is', ({ summary }) => summary],
    [
      'options',
      ({ options = {} }) =>
        Object.entries(options)
          .map(([name, value]) => `\`${name}: ${value}\``)
          .join(' '),
    ],
    ['when to use it', ({ use = '' }) => use],
    ['calls', ({ calls = '' }) => (calls === '' ? '' : `\`${calls}\``)],
    ['needs', ({ needs = [] }) => needs.join(', ')],
    ['metrics', ({ metrics = [] }) => metrics.join(', ')],
    ['licence', ({ licence = '' }) => licence],
    [
      'tested on',
      ({ tested }) =>
        tested === 'shape' ? 'a file of its shape' : tested === 'published' ? 'the published files' : '',
    ],
    ['from', ({ paper = '' }) => paper],
  ]
  const used = columns.filter(([, of]) => metas.some((meta) => of(meta) !== ''))
  const rows = metas.map((meta) => `| ${used.map(([, of]) => cell(of(meta))).join(' | ')} |`)
  return [`| ${used.map(([title]) => title).join(' | ')} |`, `|${used.map(() => '---|').join('')}`, ...rows].join('\n')
}

const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[`*_]/g, '')
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
const withoutCode = (text: string): string =>
  text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '')
const anchorsOf = (path: string): Set<string> =>
  new Set([...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map((match) => slug(match[1]!)))

for (const page of pages) {
  const text = read(page)
  for (const match of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
    const [target = '', anchor] = match[1]!.split('#')
    if (/^[a-z]+:/.test(match[1]!)) continue
    const path = target ? resolve(root, dirname(page), target) : join(root, page)
    if (!existsSync(path)) problems.push(`${page}: the link ${match[1]} leads nowhere`)
    else if (anchor && path.endsWith('.md') && !anchorsOf(path).has(anchor))
      problems.push(`${page}: no heading for the link ${match[1]}`)
  }
  for (const [path] of text.matchAll(/\b(?:bench|scripts|test|examples)\/[\w./-]+\.(?:ts|yaml)\b/g))
    if (!existsSync(join(root, path))) problems.push(`${page}: it names ${path}, which is not there`)
  // A block behind such a comment is the file itself, so what runs in CI is what stands in the page.
  for (const match of text.matchAll(/<!-- file: (\S+) -->\n```\w*\n([\s\S]*?)^```/gm)) {
    const [, path = '', block] = match
    if (!existsSync(join(root, path))) problems.push(`${page}: ${path} is not there`)
    else if (read(path).trim() !== block!.trim()) problems.push(`${page}: the block of ${path} differs from the file`)
  }
  let current = text
  for (const match of text.matchAll(/<!-- output: (.+?) -->\n```\w*\n([\s\S]*?)^```/gm)) {
    const [whole, command = '', block = ''] = match
    const done = spawnSync('bash', ['-c', command], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FOVEA_CACHE: cache, COLUMNS: '100' },
    })
    if (done.stdout.trim() === block.trim()) continue
    if (write)
      current = current.replace(
        whole,
        () => `${whole.slice(0, whole.length - block.length - 3) + done.stdout.trimEnd()}\n\`\`\``,
      )
    else
      problems.push(
        `${page}: the block of \`${command}\` differs from what it prints${done.stderr && `\n${done.stderr}`}`,
      )
  }
  // A table of a catalog is made from its leaves' own `meta`.
  for (const match of text.matchAll(/<!-- table: (\w+) (\w+) -->\n([\s\S]*?)<!-- end -->/g)) {
    const [whole, room = '', kind = '', block = ''] = match
    const table = await tableOf(room, kind)
    if (block.trim() === table.trim()) continue
    if (write) current = current.replace(whole, () => `<!-- table: ${room} ${kind} -->\n${table}\n<!-- end -->`)
    else problems.push(`${page}: the table of ${room} ${kind} is out of date; run node scripts/check-docs.ts --write`)
  }
  for (const match of text.matchAll(/<!-- strategies -->\n([\s\S]*?)<!-- end of strategies -->/g)) {
    const [whole, block = ''] = match
    const { strategies } = await import('../src/ask/catalog.ts')
    const made = strategyPage(
      strategies.map(({ meta }) => {
        const example = `examples/strategies/${meta.name}`
        const there = existsSync(join(root, `${example}.ts`)) && existsSync(join(root, `${example}.out`))
        if (!there) problems.push(`the strategy ${meta.name} has no example: ${example}.ts and ${example}.out`)
        const [code, output] = there ? [read(`${example}.ts`), read(`${example}.out`)] : ['', '']
        return { meta, source: read(`src/ask/strategies/${meta.name}.ts`), example: code, output }
      }),
    )
    if (block.trim() === made.trim()) continue
    if (write) current = current.replace(whole, () => `<!-- strategies -->\n${made}\n<!-- end of strategies -->`)
    else problems.push(`${page}: what it tells of strategies is out of date; run node scripts/check-docs.ts --write`)
  }
  if (current !== text) writeFileSync(join(root, page), current)
}
rmSync(cache, { recursive: true, force: true })

for (const problem of problems) console.error(problem)
console.log(
  `${pages.length} pages, ${headings.length} rooms: ${problems.length === 0 ? 'all true' : `${problems.length} problems`}`,
)
process.exitCode = problems.length === 0 ? 0 : 1
