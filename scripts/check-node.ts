// Runs the built command under the oldest Node that is supported, and under one that is too old.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const problems: string[] = []
const fovea = (version: string, ...args: string[]) => {
  const command = ['exec', '--yes', `--package=node@${version}`, '--', 'node', join(root, 'bin/fovea.js'), ...args]
  const done = spawnSync('npm', command, { cwd: folder, encoding: 'utf8' })
  const lines = done.stderr.split('\n').filter((line) => line && !line.startsWith('npm '))
  console.log(`node ${version}: exit ${done.status}\n${done.stdout}${lines.join('\n')}`)
  return { ...done, lines }
}
const folder = mkdtempSync(join(tmpdir(), 'fovea-node-'))
try {
  writeFileSync(
    join(folder, 'note.md'),
    '# Note\n\nThe fovea is the small pit in the retina where sight is sharpest.\n',
  )
  const old = fovea('20.19.0', 'status')
  if (old.status !== 70 || !/needs Node 22\.16/.test(old.stderr))
    problems.push('an old Node is not refused with a message')
  const oldest = fovea('22.16.0', 'ask', 'note.md', 'What is the fovea?', '--index', join(folder, 'index'))
  if (oldest.status !== 0 || !/note\.md#L3/.test(oldest.stdout))
    problems.push('the oldest supported Node does not answer')
  if (oldest.lines.length > 0) problems.push('the oldest supported Node writes to stderr')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
