import type { ReadContext, ReadInput } from '../../contract.ts'
import { readError } from '../../problems.ts'
import { type Line, pageLines, type RawPage } from './lines.ts'

/** What the PDF's own outline says: a title and where it points. */
export interface Bookmark {
  readonly title: string
  /** 1 for the outermost. */
  readonly level: number
  /** Page from 1. */
  readonly page: number
  /** Height above the page's lower edge, in points, when the outline gives it. */
  readonly y?: number
}

export interface PdfText {
  readonly title?: string
  readonly language?: string
  readonly time?: number
  /** Lines of each page, in reading order. */
  readonly pages: readonly (readonly Line[])[]
  readonly bookmarks: readonly Bookmark[]
}

type Library = typeof import('unpdf')
type PdfDocument = Awaited<ReturnType<Library['getDocumentProxy']>>
type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>
type OutlineEntries = Awaited<ReturnType<PdfDocument['getOutline']>>

const mostBookmarks = 10_000

/**
 * The text lines of every page, with the names of their fonts. Pages that cannot be read are left out with a warning
 * `corrupt`; pages without text that may be scans get a warning `no-text`.
 * Throws `encrypted`, `corrupt`, and `no-text` when no page has text.
 */
export async function openPdf(input: ReadInput, context: ReadContext): Promise<PdfText> {
  const bytes = await input.bytes(context.abortSignal)
  if (bytes.length === 0) throw readError('empty', input, 'it has no bytes', 'nothing can be found in it')
  const { getDocumentProxy } = await import('unpdf')
  let document: PdfDocument
  try {
    // The parser takes the bytes for itself, so it is given a copy (and it refuses a Buffer). Images are not looked at.
    document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0, maxImageSize: 1, disableFontFace: true })
  } catch (cause) {
    if ((cause as Error | null)?.name === 'PasswordException')
      throw readError('encrypted', input, 'it is protected by a password', 'save it without one', cause)
    throw corrupt(input, cause)
  }
  try {
    return await readDocument(document, input, context)
  } finally {
    await document.loadingTask.destroy().catch(() => undefined)
  }
}

const corrupt = (input: ReadInput, cause?: unknown) =>
  readError('corrupt', input, 'it is no whole PDF', 'fetch it again, or repair it (for example with qpdf)', cause)

async function readDocument(document: PdfDocument, input: ReadInput, context: ReadContext): Promise<PdfText> {
  const pages: Line[][] = []
  const fonts = new Map<string, string>()
  const broken: number[] = []
  const silent: number[] = []
  let cause: unknown
  for (let number = 1; number <= document.numPages; number++) {
    context.abortSignal?.throwIfAborted()
    try {
      const page = await document.getPage(number)
      const lines = pageLines(await readPage(page, fonts), number)
      pages.push(lines)
      if (lines.length === 0) silent.push(number)
      page.cleanup()
    } catch (error) {
      cause = error
      broken.push(number)
      pages.push([])
    }
  }
  const some = pages.some((lines) => lines.length > 0)
  if (!some && broken.length > 0) throw corrupt(input, cause)
  if (!some)
    throw readError('no-text', input, 'it has no text layer, only pictures of pages', 'run ocrmypdf on it first (OCR)')
  const warn = (code: string, numbers: readonly number[], what: string): void => {
    if (numbers.length === 0) return
    const list = numbers.length > 20 ? `${numbers.slice(0, 20).join(', ')} and more` : numbers.join(', ')
    context.warn({ code, uri: input.uri, message: `${input.uri}: ${what}: pages ${list}` })
  }
  warn('corrupt', broken, 'pages that cannot be read were left out')
  if (likelyScans(silent, pages.length))
    warn('no-text', silent, 'pages without a text layer (if they are scans, run ocrmypdf first)')
  return { pages, bookmarks: await readBookmarks(document), ...(await readFacts(document)) }
}

/** Single pages without text are blank ones; many of them, or three in a row, are likely pictures. */
const likelyScans = (silent: readonly number[], pages: number): boolean =>
  silent.length > Math.max(1, pages * 0.1) || silent.some((page, index) => silent[index + 2] === page + 2)

async function readPage(page: PdfPage, fonts: Map<string, string>): Promise<RawPage> {
  const { items, styles } = await page.getTextContent()
  const fresh = Object.keys(styles).filter((id) => !fonts.has(id))
  if (fresh.length > 0) {
    // Names of fonts come with the drawing commands of the first page that uses them.
    await page.getOperatorList({ annotationMode: 0 }).catch(() => undefined)
    for (const id of fresh) fonts.set(id, fontName(page, id))
  }
  return { items: items.filter((item) => 'str' in item), styles, fonts, view: page.view }
}

function fontName(page: PdfPage, id: string): string {
  try {
    const font = page.commonObjs.get(id) as { name?: unknown } | null
    return typeof font?.name === 'string' ? font.name : ''
  } catch {
    return ''
  }
}

async function readFacts(document: PdfDocument): Promise<Pick<PdfText, 'title' | 'language' | 'time'>> {
  try {
    const { info } = (await document.getMetadata()) as unknown as { info: Record<string, unknown> }
    const title = typeof info.Title === 'string' ? info.Title.replace(/\s+/g, ' ').trim() : ''
    const language = /^[a-z]{2,3}\b/i.exec(String(info.Language ?? ''))?.[0]?.toLowerCase()
    const time = parseDate(String(info.ModDate ?? info.CreationDate ?? ''))
    return { ...(title ? { title } : {}), ...(language ? { language } : {}), ...(time === undefined ? {} : { time }) }
  } catch {
    return {}
  }
}

/** `D:20240305143000+01'00'` (ISO 32000, 7.9.4). */
function parseDate(text: string): number | undefined {
  const match = /^(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+-])(\d\d)'?(\d\d)?)?/.exec(text)
  if (!match) return undefined
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', sign, hours, minutes = '00'] =
    match
  const zone = sign ? `${sign}${hours}:${minutes}` : 'Z'
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`)
  return Number.isNaN(time) ? undefined : time
}

async function readBookmarks(document: PdfDocument): Promise<Bookmark[]> {
  const bookmarks: Bookmark[] = []
  const walk = async (entries: OutlineEntries, level: number): Promise<void> => {
    for (const { title, dest, items } of entries) {
      if (bookmarks.length >= mostBookmarks || level > 16) return
      const place = await resolve(document, dest)
      const plain = title.replace(/\s+/g, ' ').trim()
      if (place && plain) bookmarks.push({ title: plain, level, ...place })
      await walk(items as OutlineEntries, level + 1)
    }
  }
  try {
    await walk((await document.getOutline()) ?? [], 1)
  } catch {
    return []
  }
  return bookmarks
}

async function resolve(document: PdfDocument, given: unknown): Promise<Pick<Bookmark, 'page' | 'y'> | undefined> {
  try {
    const dest = typeof given === 'string' ? await document.getDestination(given) : given
    if (!Array.isArray(dest)) return undefined
    const [target, kind, first, second] = dest as [unknown, { name?: string } | undefined, unknown, unknown]
    const index =
      typeof target === 'number' ? target : await document.getPageIndex(target as { num: number; gen: number })
    const y = kind?.name === 'XYZ' ? second : kind?.name === 'FitH' ? first : undefined
    return { page: index + 1, ...(typeof y === 'number' ? { y } : {}) }
  } catch {
    return undefined
  }
}
