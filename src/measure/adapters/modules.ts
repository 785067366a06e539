import { basename, dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { FoveaError, messageOf } from '../../core/index.ts'
import type { SystemFactory } from '../contract.ts'

/** Whether a name is the path of a module of one's own rather than the name of a leaf. */
export const isModule = (name: string): boolean => /\.[cm]?[jt]s$/.test(name)

/** The path of a module as it is told in labels: `peers/minisearch.ts` is `minisearch`. */
export const moduleName = (path: string): string => basename(path).replace(/\.[cm]?[jt]s$/, '')

export const besideFile = (path: string, file: string): string => resolve(dirname(file), path)

/** What a module exports. Throws `module-unusable` with its path. */
export async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>
  } catch (cause) {
    throw new FoveaError('module-unusable', `${path} cannot be loaded: ${messageOf(cause)}`, { cause })
  }
}

/** A system of one's own: the default export is its factory; `meta.answers` says whether it answers by itself. */
export async function systemModule(path: string): Promise<{ readonly make: SystemFactory; readonly answers: boolean }> {
  const { default: make, meta } = await importModule(path)
  if (typeof make !== 'function')
    throw new FoveaError('module-unusable', `${path}: the default export of a system is a function of its options`)
  return { make: make as SystemFactory, answers: (meta as { answers?: boolean } | undefined)?.answers === true }
}
