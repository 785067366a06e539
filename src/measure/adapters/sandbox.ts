import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, normalize } from 'node:path'
import { FoveaError } from '../../core/index.ts'
import { harness } from './sandbox-harness.ts'

export interface SandboxRequest {
  /** Code under test by its path below the folder, with `/`. */
  readonly files: Readonly<Record<string, string>>
  /** The file of tests: functions `test…`, classes `Test…` and those of `unittest`. */
  readonly test: string
  /** Only the test of this name. */
  readonly only?: string
  /** Default 10. */
  readonly seconds?: number
  /** Mebibytes of address space. Default 1024. */
  readonly megabytes?: number
  /** Name or path of the interpreter. Default `python3`. */
  readonly python?: string
}
export interface TestOutcome {
  readonly name: string
  readonly passed: boolean
  readonly error?: string
}
export interface Coverage {
  /** Lines that can be run, and those that were, from 1. */
  readonly lines: readonly number[]
  readonly covered: readonly number[]
}
export interface SandboxResult {
  /** There was a test, and all of them passed. */
  readonly passed: boolean
  readonly tests: readonly TestOutcome[]
  readonly files: Readonly<Record<string, Coverage>>
  /** Why there is no report of the tests, or `memory` where one ran out of it. */
  readonly failure?: 'time' | 'memory' | 'crash' | 'no-tests'
  /** `cut` where the operating system gave no network at all; `fenced` where only Python's own calls are refused. */
  readonly network: 'cut' | 'fenced'
}

const searchPath = (): string => process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'
const missing = (python: string): FoveaError =>
  new FoveaError('sandbox-missing', `tests run in Python, and ${python} is not there; install Python 3.10 or later`, {
    detail: { python },
  })

const named = (program: string, path: string): string | undefined => {
  const candidates = program.includes('/') ? [program] : path.split(delimiter).map((folder) => join(folder, program))
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * Path of the interpreter itself, which what is found by name may only start (as managers of versions do): asked once, it
 * saves that start for each run. Throws `sandbox-missing` without Python.
 */
export function pythonPath(python = 'python3'): string {
  const interpreter = named(python, searchPath())
  if (!interpreter) throw missing(python)
  const told = spawnSync(interpreter, ['-I', '-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' })
  return told.stdout?.trim() || interpreter
}

/**
 * Runs a file of Python tests in a fresh folder and a process of its own: with limits of time and memory, an empty
 * environment, no network, and no files but those given and Python's own libraries. It waits for the end, as `check` of a
 * sample must. It is a fence around tests that a model wrote, not a wall against an attacker: code that breaks Python's
 * interpreter open is held by the user's rights alone. Throws `sandbox-missing` without Python, `sandbox-path` for a path
 * that leads outside.
 */
export function runTests(request: SandboxRequest): SandboxResult {
  const { files, test, only = '', seconds = 10, megabytes = 1024, python = 'python3' } = request
  const path = searchPath()
  const interpreter = named(python, path)
  if (!interpreter) throw missing(python)
  const folder = mkdtempSync(join(tmpdir(), 'fovea-sandbox-'))
  try {
    for (const [name, text] of [...Object.entries(files), ['test_in_sandbox.py', test] as const]) {
      const whole = join(folder, normalize(name))
      if (!whole.startsWith(`${folder}/`))
        throw new FoveaError('sandbox-path', `${name} leads outside the folder of the test; give paths below it`)
      mkdirSync(dirname(whole), { recursive: true })
      writeFileSync(whole, text)
    }
    const word = randomUUID()
    const command = [interpreter, '-I', '-B', '-c', harness, folder, word, String(megabytes), String(seconds), only]
    const unshare = named('unshare', path)
    const cut = unshare !== undefined && spawnSync(unshare, ['-rn', 'true'], { env: { PATH: path } }).status === 0
    const [program, ...rest] = cut ? [unshare, '-rn', ...command] : command
    const ended = spawnSync(program!, rest, {
      cwd: folder,
      env: {},
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024 * 1024,
      encoding: 'utf8',
    })
    const network = cut ? 'cut' : 'fenced'
    const told = ended.stdout?.startsWith(word) ? ended.stdout.slice(word.length) : undefined
    if (told === undefined) {
      const late =
        (ended.error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT' || ended.signal === 'SIGXCPU'
      const memory = /MemoryError/.test(ended.stderr ?? '')
      return { passed: false, tests: [], files: {}, failure: late ? 'time' : memory ? 'memory' : 'crash', network }
    }
    const { tests, files: lines } = JSON.parse(told) as { tests: TestOutcome[]; files: Record<string, Coverage> }
    const memory = tests.some(({ error }) => error?.startsWith('MemoryError'))
    const failure = memory ? 'memory' : tests.length === 0 ? 'no-tests' : undefined
    const passed = tests.length > 0 && tests.every((one) => one.passed)
    return { passed, tests, files: lines, network, ...(failure ? { failure } : {}) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
