import { harmonic } from '../../words.ts'

/** A line without comment and without white space that does not part words; empty lines are none. */
const codeLine = (line: string): string =>
  line
    .replace(/\/\/.*$/, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\w\s]) ?/g, '$1')
    .trim()
const codeLines = (code: string): string[] =>
  code
    .split('\n')
    .map(codeLine)
    .filter((line) => line !== '')

/** The program in a reply: what its last fence holds. */
export const codeIn = (said: string): string | undefined =>
  [...said.matchAll(/```(?:cpp|c\+\+|C\+\+)?\s*\n([\s\S]*?)```/g)].at(-1)?.[1]

/** Lines that two programs share in order (longest common subsequence). */
function shared(one: readonly string[], other: readonly string[]): number {
  let before = new Uint32Array(other.length + 1)
  for (const line of one) {
    const now = new Uint32Array(other.length + 1)
    for (let at = 0; at < other.length; at++)
      now[at + 1] = line === other[at] ? before[at]! + 1 : Math.max(before[at + 1]!, now[at]!)
    before = now
  }
  return before[other.length]!
}

/**
 * How near a program is to the reference, line by line. It is no test of what the program does: one that is right in other
 * words scores below 1. The paper runs the tests of the problem; `testsPassed` does, with a runner that the caller brings.
 */
export function scoreCode(reference: string, said: string): { lines: number; exact: number } {
  const code = codeIn(said)
  const [gold, heard] = [codeLines(reference), codeLines(code ?? '')]
  if (gold.length === 0 || heard.length === 0) return { lines: 0, exact: 0 }
  const same = shared(gold, heard)
  const lines = harmonic(same / heard.length, same / gold.length)
  return { lines, exact: gold.length === heard.length && same === gold.length ? 1 : 0 }
}

/** Compiles a C++ program and gives what it prints for each input; throws where it does not compile. */
export type CodeRunner = (program: string, inputs: readonly string[]) => Promise<readonly string[]>
/** Lines put in and lines that must come out. */
export type TestCase = readonly [input: readonly string[], output: readonly string[]]

const words = (text: string): string => text.trim().split(/\s+/).join(' ')

/** Share of a problem's tests that the program in a reply passes; 0 where there is none or it does not compile. */
export async function testsPassed(said: string, tests: readonly TestCase[], run: CodeRunner): Promise<number> {
  const code = codeIn(said)
  if (code === undefined) return 0
  const program = `#include <bits/stdc++.h>\nusing namespace std;\n${code}`
  const printed = await run(
    program,
    tests.map(([input]) => `${input.join('\n')}\n`),
  ).catch(() => [])
  const passed = tests.filter(([, output], index) => words(printed[index] ?? '') === words(output.join('\n')))
  return tests.length === 0 ? 0 : passed.length / tests.length
}
