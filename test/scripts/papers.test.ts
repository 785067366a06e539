// The table of papers: each thing that may be wrong with it is named, and the page says what the table says.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Look, leavesOf, pageOf, papersOf, problemsOf, states, total } from '../../scripts/papers.ts'

const files: Readonly<Record<string, string>> = {
  'src/find': '',
  'src/find/retrievers/parent.ts': '',
  'test/find/parent.test.ts': "test('parent: long units, nothing twice', () => {})",
  'bench/specs/parent.yaml': 'name: parent',
}
const look: Look = (path) => files[path]
const leaves = leavesOf('part\tleaf\tmodules\nRetrieval\tsearch\tsrc/find\nRetrieval\tgraphs\t\n')
const header = 'number\tsystem\ttitle\troom\ttaxonomy\tstate\tfiles\tshown\tnote'
const waiting = (number: number): string =>
  `${number}\tS${number}\tTitle ${number}\trun\tgraphs\tnot yet\t\t\tMissing: it.`
const built =
  '2\tParent | P\tLong, longer\tfind,ask\tsearch\there\tsrc/find/retrievers/parent.ts\ttest/find/parent.test.ts: parent: long units, nothing twice, bench/specs/parent.yaml\tIt works.'
const far = '3\tFar\tOn pictures\toutside\t\tnot here\t\t\tNo text.'
const lines = Array.from({ length: total }, (_, at) => [waiting(1), built, far][at] ?? waiting(at + 1))
const tableWith = (change: (rows: string[]) => string[]): string => [header, ...change([...lines]), ''].join('\n')
const problems = (change: (rows: string[]) => string[], folders: readonly string[] = []): string[] =>
  problemsOf(papersOf(tableWith(change)), leaves, look, folders)
/** The table with other words in the row of the paper that is built. */
const edited = (from: string, to: string): string[] => {
  assert.ok(built.includes(from))
  return problems((rows) => rows.with(1, built.replace(from, to)))
}

test('a sound table has no problems', () => {
  assert.deepEqual(
    problems((rows) => rows, ['src/find']),
    [],
  )
})

test('a missing number, a number twice and a number that is none are each named', () => {
  assert.deepEqual(
    problems((rows) => rows.toSpliced(6, 1)),
    ['paper 7 stands there not at all'],
  )
  assert.deepEqual(
    problems((rows) => rows.with(6, waiting(8))),
    ['paper 7 stands there not at all', 'paper 8 stands there 2 times'],
  )
  assert.deepEqual(
    problems((rows) => [...rows, waiting(total + 1)]),
    [`"${total + 1}" is no number from 1 to ${total}`],
  )
})

test('an unknown state, room or leaf is named with those that there are', () => {
  assert.match(edited('\there\t', '\tdone\t')[0]!, /^paper 2: "done" is no state; write here, in part/)
  assert.match(edited('find,ask', 'find,cellar')[0]!, /^paper 2: "cellar" is no room; write read, store, find/)
  assert.deepEqual(edited('\tsearch\t', '\tsearch,soup\t'), ['paper 2: "soup" is no leaf of docs/taxonomy.tsv'])
  assert.deepEqual(
    problems((rows) => rows.with(2, far.replace('outside', 'see'))),
    ['paper 3: it has no leaf of the taxonomy', 'paper 3: "not here" and the room "outside" go together'],
  )
})

test('a file or a test that is gone is named', () => {
  assert.deepEqual(edited('retrievers/parent.ts', 'retrievers/gone.ts'), [
    'paper 2: src/find/retrievers/gone.ts is not there',
  ])
  assert.deepEqual(edited('test/find/parent', 'test/find/gone'), ['paper 2: test/find/gone.test.ts is not there'])
  assert.deepEqual(edited('nothing twice', 'nothing thrice'), [
    'paper 2: test/find/parent.test.ts has no test named "parent: long units, nothing thrice"',
  ])
  assert.match(edited('retrievers/parent.ts', 'index.ts').join('\n'), /only lists others/)
})

test('what is built names a file and a test, what is not names none, and each has a note', () => {
  const bare = built.split('\t').with(7, '').join('\t')
  assert.match(problems((rows) => rows.with(1, bare))[0]!, /^paper 2: "here" needs a file .* and a test/)
  assert.deepEqual(edited('\there\t', '\tnot yet\t'), ['paper 2: "not yet" names files; is it "in part"?'])
  assert.deepEqual(edited('It works.', ''), ['paper 2: its note is no sentence that ends with a full stop'])
})

test('a room that serves no leaf, and a module that is gone, are named', () => {
  assert.deepEqual(
    problems((rows) => rows, ['src/find', 'src/attic']),
    ['taxonomy: src/attic serves no leaf; add it to the modules of one'],
  )
  const gone = leavesOf('part\tleaf\tmodules\nRetrieval\tsearch\tsrc/gone\nRetrieval\tgraphs\t\n')
  assert.deepEqual(problemsOf(papersOf(tableWith((rows) => rows)), gone, look), [
    'taxonomy, search: src/gone is not there',
  ])
})

test('a table of another form is refused with its line', () => {
  assert.throws(() => papersOf('number\tsystem\n'), /docs\/papers.tsv: the header must be number, system, title/)
  assert.throws(() => papersOf(`${header}\n${waiting(1)}\n2\tS\n`), /docs\/papers.tsv:3: 2 cells instead of 9/)
})

test('the page holds every paper, counts them, links to files and lists the leaves that nothing serves', () => {
  const page = pageOf(papersOf(tableWith((rows) => rows)), leaves, (room) => room === 'find')
  for (let number = 1; number <= total; number++) assert.match(page, new RegExp(`^\\| ${number} \\| \\*\\*`, 'm'))
  assert.ok(page.includes(`| all | 1 | 0 | ${total - 2} | 1 | ${total} |`))
  for (const [state, meaning] of Object.entries(states)) assert.ok(page.includes(`| ${state} | ${meaning} |`))
  assert.ok(
    page.includes(
      '**Parent \\| P**: Long, longer (also ask) | here | [find/retrievers/parent](../src/find/retrievers/parent.ts)',
    ),
  )
  assert.ok(
    page.includes(
      '[parent.test.ts](../test/find/parent.test.ts): parent: long units, nothing twice; [parent.yaml](../bench/specs/parent.yaml)',
    ),
  )
  assert.match(page, /\| search \| \[find\]\(\.\.\/src\/find\) \| 2 \|/)
  assert.match(
    page,
    /### Not covered\n\nNothing here serves 1 of the 2 leaves:\n\n- graphs \(retrieval\): 293 papers waiting/,
  )
  assert.match(page, /## run\n\n.*This room is planned/)
})
