import { FoveaError } from '../../core/index.ts'

/** Loads an optional peer. Throws `provider-missing` with the command that installs it. */
export async function loadPeer(name: string): Promise<Record<string, unknown>> {
  try {
    return (await import(name)) as Record<string, unknown>
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new FoveaError('provider-missing', `this model needs the package ${name}: run npm install ${name}`, {
      cause,
      detail: { peer: name },
    })
  }
}

/** A key from the environment. Throws `key-missing`, naming the variable. */
export function requireKey(environment: Readonly<Record<string, string | undefined>>, variable: string): string {
  const key = environment[variable]
  if (!key)
    throw new FoveaError('key-missing', `this model needs a key: set the variable ${variable}`, {
      detail: { variable },
    })
  return key
}
