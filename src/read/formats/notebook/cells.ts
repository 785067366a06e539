export interface NotebookCell {
  /** From 1, in the order of the file. */
  readonly number: number
  readonly kind: 'code' | 'markdown' | 'raw'
  readonly source: string
  /** Programming language of a code cell. */
  readonly language?: string
  readonly outputs: readonly string[]
}

export interface Notebook {
  readonly title?: string
  readonly cells: readonly NotebookCell[]
  /** Numbers of the cells whose outputs were cut. */
  readonly cut: readonly number[]
}

type Fields = Readonly<Record<string, unknown>>

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : list(value)
        .filter((line) => typeof line === 'string')
        .join('')
const word = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() ? value.trim() : undefined

const lines = (value: string): string => value.replace(/\r\n?/g, '\n')
/** Without colours, and with what a carriage return overwrote left out. */
const printed = (value: string): string =>
  value
    .replace(/\x1b\[[\d;?]*[A-Za-z]/g, '')
    .split('\n')
    .map((line) => {
      const shown = line.trimEnd()
      return shown.slice(shown.lastIndexOf('\r') + 1)
    })
    .join('\n')
    .trimEnd()

/** The text that an output shows: written words, a Markdown or plain rendering, or the error. */
function outputText(output: unknown): string {
  const { output_type: kind, text: words, data, traceback, ename, evalue, ...rest } = fields(output)
  if (kind === 'error' || kind === 'pyerr')
    return printed(
      list(traceback).length > 0 ? list(traceback).map(text).join('\n') : `${text(ename)}: ${text(evalue)}`,
    )
  if (kind === 'stream') return printed(text(words))
  // Notebooks before version 4 keep the renderings beside the type.
  const renderings =
    data === undefined
      ? { 'text/plain': words, 'text/markdown': rest.markdown, 'text/latex': rest.latex, 'image/png': rest.png }
      : fields(data)
  const plain = printed(text(renderings['text/plain']))
  const picture = Object.keys(renderings).some(
    (type) => /^(?:image|video|audio)\//.test(type) && renderings[type] !== undefined,
  )
  if (picture && (plain === '' || /^<[^\n]*>$/.test(plain))) return ''
  return printed(text(renderings['text/markdown'])) || plain || printed(text(renderings['text/latex']))
}

/** The cells of a notebook of format 3 or 4, or undefined when the value is none. Outputs of one cell have at most `longest` characters. */
export function cellsOf(value: unknown, longest: number): Notebook | undefined {
  const notebook = fields(value)
  const sheets = list(notebook.worksheets)
  if (!Array.isArray(notebook.cells) && sheets.length === 0) return undefined
  const metadata = fields(notebook.metadata)
  const language = word(fields(metadata.language_info).name) ?? word(fields(metadata.kernelspec).language)
  const title = word(metadata.title)
  const raw = Array.isArray(notebook.cells) ? notebook.cells : sheets.flatMap((sheet) => list(fields(sheet).cells))
  const cut: number[] = []
  const cells = raw.map((entry, index): NotebookCell => {
    const cell = fields(entry)
    const number = index + 1
    const source = lines(text(cell.source ?? cell.input))
    if (cell.cell_type === 'heading')
      return {
        number,
        kind: 'markdown',
        source: `${'#'.repeat(Math.min(6, Math.max(1, Number(cell.level) || 1)))} ${source}`,
        outputs: [],
      }
    if (cell.cell_type === 'markdown' || cell.cell_type === 'raw')
      return { number, kind: cell.cell_type, source, outputs: [] }
    const tongue = word(cell.language) ?? language
    const outputs: string[] = []
    let left = longest
    for (const output of list(cell.outputs)) {
      const shown = outputText(output)
      if (shown === '') continue
      const kept = shown.length <= left ? shown : cutShort(shown, left)
      if (kept.length < shown.length && cut.at(-1) !== number) cut.push(number)
      if (kept !== '') outputs.push(kept)
      left -= kept.length
    }
    return { number, kind: 'code', source, ...(tongue ? { language: tongue } : {}), outputs }
  })
  return { ...(title ? { title } : {}), cells, cut }
}

/** The first lines that fit, else the first characters. */
function cutShort(words: string, length: number): string {
  const newline = words.lastIndexOf('\n', length)
  const kept = words.slice(0, newline > 0 ? newline : length)
  return kept.isWellFormed() ? kept : kept.slice(0, -1)
}
