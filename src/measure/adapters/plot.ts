import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { FoveaError } from '../../core/index.ts'

/** Browser builds of D3 and Observable Plot, in the order in which a page runs them; they set `d3` and `Plot`. Throws `plot-missing`. */
export async function plotScripts(): Promise<string[]> {
  try {
    const plot = createRequire(import.meta.url).resolve('@observablehq/plot')
    const d3 = createRequire(plot).resolve('d3')
    return await Promise.all([
      readFile(join(dirname(d3), '../dist/d3.min.js'), 'utf8'),
      readFile(join(dirname(plot), '../dist/plot.umd.min.js'), 'utf8'),
    ])
  } catch (cause) {
    throw new FoveaError(
      'plot-missing',
      'the page needs @observablehq/plot; install it with npm, or choose another report',
      {
        cause,
      },
    )
  }
}
