import { readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import ignore from 'ignore'

/** The rules of one folder's ignore files; paths are tested relative to it. */
interface Rules {
  readonly folder: string
  readonly matcher: ReturnType<typeof ignore>
}
/** Rules that hold in a folder, the outermost first. */
export type RuleStack = readonly Rules[]

const slashes = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'))

/** Adds the rules of a folder's own `.gitignore` and `.ignore`, the second stronger. */
export async function withRules(stack: RuleStack, folder: string, names: ReadonlySet<string>): Promise<RuleStack> {
  const texts: string[] = []
  for (const name of ['.gitignore', '.ignore'])
    if (names.has(name)) texts.push(await readFile(join(folder, name), 'utf8').catch(() => ''))
  if (texts.length === 0) return stack
  return [...stack, { folder, matcher: ignore().add(texts.join('\n')) }]
}

/** True when the last rule that matches, from the innermost folder outwards, leaves the path out. */
export function isIgnored(stack: RuleStack, path: string, folder: boolean): boolean {
  for (let at = stack.length - 1; at >= 0; at--) {
    const rules = stack[at]!
    const below = slashes(relative(rules.folder, path))
    if (!ignore.isPathValid(below)) continue
    const { ignored, unignored } = rules.matcher.test(folder ? `${below}/` : below)
    if (ignored) return true
    if (unignored) return false
  }
  return false
}

/** The rules of the folders above `root` in its repository, unless they leave out `root` itself. */
export async function rulesAbove(root: string): Promise<RuleStack> {
  const folders: string[] = []
  let inRepository = false
  for (let folder = root; ; folder = dirname(folder)) {
    if (folder !== root) folders.unshift(folder)
    inRepository = await stat(join(folder, '.git')).then(
      () => true,
      () => false,
    )
    if (inRepository || dirname(folder) === folder) break
  }
  if (!inRepository) return []
  let stack: RuleStack = []
  for (const folder of folders) stack = await withRules(stack, folder, new Set(['.gitignore', '.ignore']))
  return isIgnored(stack, root, true) ? [] : stack
}

const always = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  '__pycache__',
  'site-packages',
  '.git',
  '.hg',
  '.svn',
])

/** Folders with common names are build folders only beside the file of a tool that makes them. */
const beside: Readonly<Record<string, RegExp>> = {
  dist: /^(package\.json|pyproject\.toml|setup\.py|.*\.cabal)$/,
  build: /^(package\.json|pyproject\.toml|setup\.py|cmakelists\.txt|build\.gradle(\.kts)?|meson\.build|pubspec\.yaml)$/,
  out: /^(package\.json|tsconfig\.json|build\.gradle(\.kts)?|cmakelists\.txt|.*\.iml)$/,
  coverage: /^(package\.json|pyproject\.toml)$/,
  target: /^(cargo\.toml|pom\.xml|build\.sbt|project\.clj)$/,
  vendor: /^(go\.mod|composer\.json|gemfile)$/,
  bin: /\.(cs|fs|vb)proj$|\.sln$/,
  obj: /\.(cs|fs|vb)proj$|\.sln$/,
  pods: /^podfile$/,
  deps: /^mix\.exs$/,
  _build: /^(mix\.exs|dune-project|rebar\.config|conf\.py)$/,
}

/** True for folders that tools fill: by name, by the files beside them, or by a mark inside. */
export async function isBuildFolder(path: string, name: string, siblings: ReadonlySet<string>): Promise<boolean> {
  if (always.has(name)) return true
  const markers = beside[name.toLowerCase()]
  if (markers) for (const sibling of siblings) if (markers.test(sibling.toLowerCase())) return true
  for (const mark of ['CACHEDIR.TAG', 'pyvenv.cfg']) {
    const found = await stat(join(path, mark)).catch(() => undefined)
    if (found?.isFile()) return true
  }
  return false
}

/** A glob over paths with `/` as a pattern: `*`, `**`, `?`, `[...]`, `{a,b}`; without `/` it is tried on the last name. */
export function globPattern(glob: string): RegExp {
  const anywhere = !glob.replace(/\/$/, '').includes('/')
  let pattern = ''
  let depth = 0
  for (let at = 0; at < glob.length; at++) {
    const sign = glob[at]!
    if (sign === '*' && glob[at + 1] === '*') {
      pattern += glob[at + 2] === '/' ? '(?:.*/)?' : '.*'
      at += glob[at + 2] === '/' ? 2 : 1
    } else if (sign === '*') pattern += '[^/]*'
    else if (sign === '?') pattern += '[^/]'
    else if (sign === '{') {
      pattern += '(?:'
      depth++
    } else if (sign === '}' && depth > 0) {
      pattern += ')'
      depth--
    } else if (sign === ',' && depth > 0) pattern += '|'
    else if (sign === '[' && glob.indexOf(']', at) > at + 1) {
      const end = glob.indexOf(']', at)
      pattern += `[${glob
        .slice(at + 1, end)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`
      at = end
    } else pattern += sign.replace(/[\\^$.|+()[\]{}/-]/, '\\$&')
  }
  pattern += ')'.repeat(depth)
  return new RegExp(`^${anywhere ? '(?:.*/)?' : ''}${pattern.replace(/^\\\//, '').replace(/\\\/$/, '')}(?:/.*)?$`, 's')
}
