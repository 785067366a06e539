// The command as a person runs it: real processes, real folders.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const bin = join(root, 'bin/fovea.js')
const base = mkdtempSync(join(tmpdir(), 'fovea-cli-'))
after(() => rmSync(base, { recursive: true, force: true }))
let made = 0

/** A folder of its own with a cache of its own. */
function place(files: Record<string, string | Uint8Array> = {}): { folder: string; env: NodeJS.ProcessEnv } {
  const folder = join(base, `place-${made++}`)
  mkdirSync(folder)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const { FOVEA_MODEL: _model, FORCE_COLOR: _color, ...env } = process.env
  return { folder, env: { ...env, FOVEA_CACHE: `${folder}-cache` } }
}

interface Options {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  readonly input?: string | Uint8Array
}
function fovea({ folder, env, input }: Options, ...args: string[]) {
  const done = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  })
  assert.doesNotMatch(done.stdout, /\u001b/, 'no colours or cursor movements in a pipe')
  return { code: done.status, out: done.stdout, err: done.stderr, json: () => JSON.parse(done.stdout) }
}

const notes = {
  'notes/garden.md':
    '# Garden\n\nThe apple trees were planted in 1987.\n\n## Water\n\nThe well is eleven metres deep and never runs dry.\n',
  'notes/boat.txt': 'The boat is called Perla. Her engine needs two litres of oil.\n',
}

test('ask answers with the exact place, show prints it, and --json carries exact spans', () => {
  const at = place(notes)
  const asked = fovea(at, 'ask', 'notes', 'How deep is the well?')
  assert.equal(asked.code, 0, asked.err)
  assert.match(asked.out, /eleven metres deep/)
  assert.match(asked.out, /\[1\] notes\/garden\.md#L7$/m)
  assert.equal(asked.err, '')

  const shown = fovea(at, 'show', 'notes/garden.md#L7', '--context', '2')
  assert.equal(shown.code, 0, shown.err)
  assert.match(shown.out, /^ +5 ## Water$/m)
  assert.match(shown.out, /^> +7 The well is eleven metres deep/m)

  const { found, citations } = fovea(at, 'ask', 'notes', 'How deep is the well?', '--json').json()
  assert.equal(found, true)
  const [span] = citations[0].passage.spans
  assert.equal(readFileSync(join(at.folder, 'notes/garden.md'), 'utf8').slice(span.start, span.end), citations[0].text)
  assert.equal(citations[0].label, 'notes/garden.md#L7')
})

test('texts that end in signs of two units are found, cited, shown and fitted', () => {
  const fish = '\u{1f41f}'
  const at = place({
    'texts/lease.md': `The lease ends on 4 May 2027. ${fish}${fish}\n\nThe rent is 300 a month ${fish}`,
    'texts/chat.txt': `[01/03/2024, 10:00:00] Ann: The rent went up ${fish}\n[01/03/2024, 10:01:00] Bo: How much? ${fish}\n`,
    'texts/berths.csv': `berth,rent\nfour ${fish},7${fish}\n`,
    'texts/odd.txt': `${fish.repeat(90)}x The rent of the quay is 12. ${fish.repeat(90)}`,
  })
  const found = fovea(at, 'find', 'texts', 'rent', '--limit', '10')
  assert.equal(found.code, 0, found.err)
  for (const name of ['lease.md#L', 'chat.txt#L', 'berths.csv#L', 'odd.txt#L1 '])
    assert.ok(found.out.includes(`texts/${name}`), found.out)
  const asked = fovea(at, 'ask', 'texts', 'When does the lease end?')
  assert.equal(asked.code, 0, asked.err)
  assert.match(asked.out, /\[1\] texts\/lease\.md#L1$/m)
  assert.equal(fovea(at, 'show', 'texts/lease.md#L1').code, 0)
  for (const budget of ['12', '40', '400'])
    assert.equal(fovea(at, 'fit', 'texts', '--token-budget', budget, '--query', 'rent').code, 0)
})

test('an honest "not found" exits with 1', () => {
  const asked = fovea(place(notes), 'ask', 'notes', 'Who won the chess championship of 1972?')
  assert.equal(asked.code, 1, asked.out)
})

test('a changed, a new, a moved and a removed file are seen at the next question; --no-refresh leaves the index as it is', () => {
  const at = place(notes)
  assert.equal(fovea(at, 'index', 'notes').code, 0)
  writeFileSync(
    join(at.folder, 'notes/boat.txt'),
    'The boat is called Sirena now. Her engine needs three litres of oil.\n',
  )
  cpSync(join(at.folder, 'notes/garden.md'), join(at.folder, 'notes/yard.md'))
  rmSync(join(at.folder, 'notes/garden.md'))
  assert.match(fovea(at, 'ask', 'notes', 'What is the boat called?', '--no-refresh').out, /Perla/)
  const { refresh } = fovea(at, 'ask', 'notes', 'What is the boat called?', '--json').json()
  assert.deepEqual([refresh.files, refresh.read, refresh.moved, refresh.removed], [2, 1, 1, 0])
  assert.match(fovea(at, 'ask', 'notes', 'What is the boat called?').out, /Sirena/)
  const moved = fovea(at, 'find', 'notes', 'well metres deep').out
  assert.match(moved, /yard\.md/)
  assert.doesNotMatch(moved, /garden/)
  rmSync(join(at.folder, 'notes/boat.txt'))
  assert.equal(fovea(at, 'index', 'notes', '--json').json().removed, 1)
  assert.equal(fovea(at, 'find', 'notes', 'Sirena oil').code, 1)
})

test('show warns when the file has changed since it was read, not when it was only touched', () => {
  const at = place(notes)
  fovea(at, 'index', 'notes')
  const path = join(at.folder, 'notes/boat.txt')
  utimesSync(path, 1, 1)
  assert.equal(fovea(at, 'show', 'notes/boat.txt#L1').err, '')
  writeFileSync(path, 'Sold.\n')
  const shown = fovea(at, 'show', 'notes/boat.txt#L1')
  assert.match(shown.err, /has changed since it was read/)
  assert.match(shown.out, /Perla/)
  assert.equal(fovea(at, 'show', 'notes/boat.txt#L99').code, 2)
  assert.equal(fovea(at, 'show', '/nowhere/x.md#L1').code, 2)
})

test('bad files are named with the reason, all else is read, and the exit code tells', () => {
  const at = place({
    ...notes,
    'notes/empty.md': '',
    'notes/cut.pdf': '%PDF-1.7\n1 0 obj\n<<',
    'notes/fake.docx': 'PK\u0003\u0004 no archive at all',
    'notes/odd \u{1f600}\nname.md': '# Odd\n\nThe parrot speaks Latin.\n',
    'notes/latin.txt': Buffer.from('Der Schl\xfcssel liegt unter dem gr\xfcnen Kr\xfcglein.', 'latin1'),
    'notes/image.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]),
    'notes/node_modules/x/index.js': 'nothing to see',
    'notes/.gitignore': 'secret*\n',
    'notes/secret.md': 'The password is swordfish.',
  })
  symlinkSync('..', join(at.folder, 'notes/loop'))
  const indexed = fovea(at, 'index', 'notes', '--json')
  assert.equal(indexed.code, 3, indexed.err)
  const report = indexed.json()
  const problems = Object.fromEntries(
    report.problems.map((problem: { uri: string; code: string }) => [problem.uri, problem.code]),
  )
  assert.equal(problems['empty.md'], 'empty')
  assert.equal(problems['fake.docx'], 'corrupt')
  assert.ok(problems['cut.pdf'])
  assert.match(fovea(at, 'ask', 'notes', 'What does the parrot speak?').out, /Latin/)
  assert.match(fovea(at, 'ask', 'notes', 'Wo liegt der Schlüssel?', '--language', 'de').out, /grünen Krüglein/)
  assert.equal(fovea(at, 'find', 'notes', 'swordfish password').code, 1)
  const status = fovea(at, 'status', 'notes')
  assert.match(status.out, /could not be read/)
  assert.match(status.out, /empty\.md/)
  assert.equal(statSync(report.status.location.replace(/\/store\.sqlite$/, '')).mode & 0o777, 0o700)
})

test('files that may not be read are warned about and tried again', {
  skip: process.getuid?.() === 0 && 'root may read everything',
}, () => {
  const at = place(notes)
  const path = join(at.folder, 'notes/boat.txt')
  chmodSync(path, 0)
  assert.equal(fovea(at, 'index', 'notes').code, 3)
  chmodSync(path, 0o600)
  assert.equal(fovea(at, 'index', 'notes').code, 0)
})

test('what is not understood exits with 2 and says what to do', () => {
  const at = place(notes)
  assert.equal(fovea(at, 'status', 'notes').code, 2)
  for (const args of [
    ['ask', 'notes'],
    ['frobnicate'],
    ['ask', 'nowhere', 'what?'],
    ['find', 'notes', 'x', '--limit', 'many'],
    ['ask', 'notes', 'x', '--model', 'gpt'],
    ['fit', 'notes', '--order', 'sideways'],
  ]) {
    const done = fovea(at, ...(args as [string]))
    assert.equal(done.code, 2, `${args.join(' ')}: ${done.err}`)
    assert.ok(done.err.length > 20)
  }
  const failed = fovea(at, 'ask', 'nowhere', 'what?', '--json')
  assert.equal(failed.json().error.code, 'path-missing')
})

test('fit keeps a budget exactly, from stdin and from files, whole when it fits', () => {
  const at = place(notes)
  const short = 'One line.\nAnother line.\n'
  assert.equal(fovea({ ...at, input: short }, 'fit', '--token-budget', '100').out.trim(), short.trim())
  const long = Array.from(
    { length: 400 },
    (_, index) =>
      `Line ${index} speaks of ordinary things at some length.${index === 250 ? ' The culprit was a zebra in the turbine.' : ''}`,
  ).join('\n')
  const fitted = fovea(
    { ...at, input: long },
    'fit',
    '--token-budget',
    '120',
    '--query',
    'zebra turbine',
    '--json',
  ).json()
  assert.ok(fitted.tokens.count <= 120)
  assert.match(fitted.text, /culprit was a zebra/)
  const unknown = fovea({ ...at, input: long }, 'fit', '--token-budget', '50', '--method', 'nonsense')
  assert.deepEqual([unknown.code, unknown.out], [2, ''])
  const misspelt = fovea(
    { ...at, input: short },
    'fit',
    '--token-budget',
    '100',
    '--query',
    'line',
    '--method',
    'evidnce',
  )
  assert.deepEqual([misspelt.code, misspelt.out], [2, ''], 'a wrong name is told where all fits, too')
  const asking = fovea({ ...at, input: long }, 'fit', '--token-budget', '50', '--method', 'evidence')
  assert.deepEqual([asking.code, asking.out], [2, ''])
  assert.match(asking.err, /needs a query/)
  const head = fovea({ ...at, input: long }, 'fit', '--token-budget', '50').out
  assert.match(head, /^Line 0 /)
  assert.match(
    fovea(at, 'fit', 'notes/boat.txt', 'notes/garden.md', '--token-budget', '30', '--query', 'deep well').out,
    /eleven metres/,
  )
  assert.equal(fovea({ ...at, input: '' }, 'fit').code, 1)
})

test('a dry run reads nothing and says what it would do', () => {
  const at = place(notes)
  const dry = fovea(at, 'ask', 'notes', 'How deep is the well?', '--dry-run')
  assert.equal(dry.code, 0, dry.err)
  assert.match(dry.out, /would read 2 of 2 files/)
  assert.match(dry.out, /no model would be called/)
  const priced = fovea(
    { ...at, env: { ...at.env, OPENAI_API_KEY: 'x' } },
    'ask',
    'notes',
    'x?',
    '--dry-run',
    '--model',
    'openai/gpt-5',
    '--json',
  ).json()
  assert.ok(priced.quote.dollars > 0)
  assert.equal(fovea(at, 'find', 'notes', 'well', '--no-refresh').code, 1)
})

test('clear removes the index and nothing else', () => {
  const at = place(notes)
  fovea(at, 'index', 'notes', '--index', 'kept here')
  writeFileSync(join(at.folder, 'kept here/mine.txt'), 'mine')
  assert.equal(fovea(at, 'clear').code, 2)
  assert.equal(fovea(at, 'clear', '--index', 'kept here').code, 0)
  assert.equal(readFileSync(join(at.folder, 'kept here/mine.txt'), 'utf8'), 'mine')
  assert.equal(fovea(at, 'clear', '--index', 'notes').code, 2)
  fovea(at, 'index', 'notes')
  assert.match(fovea(at, 'clear', '--all').out, /removed/)
  assert.match(fovea(at, 'status').out, /no index is kept/)
})

test('help has examples, and a reader that goes away is no error', async () => {
  const at = place(notes)
  for (const args of [
    ['--help'],
    ['ask', '--help'],
    ['find', '--help'],
    ['fit', '--help'],
    ['show', '--help'],
    ['index', '--help'],
  ]) {
    const help = fovea(at, ...(args as [string]))
    assert.equal(help.code, 0)
    assert.match(help.out, /Examples:/)
  }
  const piped = spawnSync(
    'bash',
    ['-c', `"${process.execPath}" "${bin}" find notes "the" --limit 50 --json | head -c 1`],
    { cwd: at.folder, env: at.env, encoding: 'utf8' },
  )
  assert.equal(piped.stderr, '')
})

const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.on('close', resolve))

test('Ctrl-C leaves a usable index, says how to go on, and exits with 130', async () => {
  const words = 'alpha beta gamma delta epsilon zeta eta theta iota kappa'.split(' ')
  const files = Object.fromEntries(
    Array.from({ length: 3000 }, (_, index) => [
      `many/${index}.txt`,
      `Document ${index} about ${words[index % 10]} number${index}. `.repeat(200),
    ]),
  )
  const at = place(files)
  const child = spawn(process.execPath, [bin, 'index', 'many'], { cwd: at.folder, env: at.env })
  let err = ''
  child.stderr.on('data', (piece) => (err += piece))
  const over = ended(child)
  // The index is opened after the handler of signals is in place.
  const cache = at.env.FOVEA_CACHE!
  while (
    child.exitCode === null &&
    !(
      existsSync(cache) && readdirSync(cache, { recursive: true }).some((name) => String(name).endsWith('store.sqlite'))
    )
  )
    await new Promise((resolve) => setTimeout(resolve, 20))
  setTimeout(() => child.kill('SIGINT'), 300)
  const code = await over
  if (code !== 0) {
    assert.equal(code, 130, err)
    assert.match(err, /the same command goes on/)
  }
  const finished = fovea(at, 'index', 'many', '--json')
  assert.equal(finished.code, 0, finished.err)
  const { files: count, status } = finished.json()
  assert.deepEqual([count, status.files], [3000, 3000])
  const { passages } = fovea(at, 'find', 'many', 'number1234', '--json', '--limit', '50', '--no-refresh').json()
  const places = passages.map(
    (passage: { spans: { source: string; start: number }[] }) =>
      `${passage.spans[0]!.source}:${passage.spans[0]!.start}`,
  )
  assert.equal(new Set(places).size, places.length)
  assert.ok(places.length > 0)
})

test('an answer of a model is checked against the source, streamed replies are journalled, failures are named', async (t) => {
  let calls = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      calls++
      if (request.url?.startsWith('/down')) return response.writeHead(400).end('{"error":{"message":"no"}}')
      const chunk = (choice: object, rest: object = {}) =>
        `data: ${JSON.stringify({ id: '1', created: 1, model: 'm', choices: [{ index: 0, ...choice }], ...rest })}\n\n`
      const answer =
        'The well is eleven metres deep [1: "The well is eleven metres deep"]. It was dug by monks [1: "dug by monks"].'
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of answer.match(/.{1,9}/gs)!) response.write(chunk({ delta: { content } }))
      response.end(
        `${chunk({ delta: {}, finish_reason: 'stop' }, { usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 } })}data: [DONE]\n\n`,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const at = place(notes)
  const env = { ...at.env, FOVEA_BASE_URL: `http://127.0.0.1:${port}/v1` }
  const ask = async (more: string[], environment: NodeJS.ProcessEnv, question = 'How deep is the well?') => {
    const child = spawn(process.execPath, [bin, 'ask', 'notes', question, '--model', 'compatible/m', ...more], {
      cwd: at.folder,
      env: environment,
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (piece) => (out += piece))
    child.stderr.on('data', (piece) => (err += piece))
    return { code: await ended(child), out, err }
  }
  const first = await ask([], env)
  assert.equal(first.code, 0, first.err)
  assert.match(first.out, /eleven metres deep\. \[1\]/)
  assert.match(first.out, /not supported by a verified quote/)
  const again = await ask(['--json'], env)
  const answer = JSON.parse(again.out)
  assert.deepEqual(
    answer.citations.map((citation: { verified: boolean }) => citation.verified),
    [true, false],
  )
  assert.equal(calls, 1)
  const down = await ask(
    [],
    { ...env, FOVEA_BASE_URL: `http://127.0.0.1:${port}/down` },
    'When were the trees planted?',
  )
  assert.equal(down.code, 7, down.err)
})

test('an index remembers its languages and selection; others over the same places stand beside it', () => {
  const at = place({ ...notes, 'notes/haus.txt': 'Die Häuser am Hafen sind blau gestrichen.\n' })
  assert.equal(fovea(at, 'index', 'notes', '--language', 'de', '--include', '**/*.txt', '--index', 'kept').code, 0)
  const status = fovea(at, 'status', '--index', 'kept', '--json').json()[0]
  assert.deepEqual(status.selection, { include: ['**/*.txt'], languages: ['de'] })
  assert.equal(status.files, 2)
  assert.match(fovea(at, 'show', 'notes/haus.txt#L1', '--index', 'kept').out, /Häuser/)
  assert.match(fovea(at, 'ask', 'notes', 'Welches Haus ist blau?', '--index', 'kept').out, /blau gestrichen/)

  assert.equal(fovea(at, 'index', 'notes').code, 0)
  assert.equal(fovea(at, 'index', 'notes', '--exclude', '**/*.md', '--json').json().files, 2)
  assert.equal(fovea(at, 'index', 'notes', '--json').json().unchanged, 3)
  assert.equal(fovea(at, 'status', 'notes', '--json').json().length, 2)
  assert.equal(fovea(at, 'clear', 'notes', '--json').json().removed.length, 2)
})
