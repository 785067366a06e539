import { attribute, parseXml, type XmlHandler } from '../../adapters/xml.ts'
import type { ZipArchive } from '../../adapters/zip.ts'
import type { ComposedFacts } from '../../compose.ts'
import type { ReadContext, ReadInput } from '../../contract.ts'
import { resolvePart } from '../../ooxml.ts'
import { readError } from '../../problems.ts'

export interface Book {
  readonly facts: ComposedFacts
  /** Documents in reading order; `depth` from 1 is that of the entry in the table of contents. */
  readonly chapters: readonly { readonly part: string; readonly title?: string; readonly depth: number }[]
  /** Parts that cannot be read without a key; fonts that are only obscured are not among them. */
  readonly encrypted: ReadonlySet<string>
}

interface Item {
  readonly id: string
  readonly part: string
  readonly type: string
  readonly properties: string
}

/** Finds the package document of an EPUB and reads its spine and table of contents. Throws `corrupt`. */
export function readBook(input: ReadInput, archive: ZipArchive, context: ReadContext): Book {
  const parse = (part: string, handler: XmlHandler): void => {
    const bytes = archive.bytes(part)
    if (bytes) parseXml(input, context, part, bytes, handler)
  }
  const root = packagePart(archive, parse)
  if (root === undefined)
    throw readError('corrupt', input, 'it has no package document', 'check that the file is a whole EPUB')
  const items = new Map<string, Item>()
  const spine: string[] = []
  const texts = new Map<string, string>()
  let toc: string | undefined
  let current = ''
  parse(root, {
    open(name, attributes) {
      if (name === 'item') {
        const { id = '', href = '', properties = '' } = attributes
        items.set(id, { id, part: hrefPart(root, href), type: attributes['media-type'] ?? '', properties })
      } else if (name === 'spine') toc = attributes.toc
      else if (name === 'itemref') spine.push(attributes.idref ?? '')
      current = /^(title|language|date)$/.test(name) && !texts.has(name) ? name : ''
    },
    close() {
      current = ''
    },
    text(text) {
      if (current) texts.set(current, (texts.get(current) ?? '') + text)
    },
  })
  const all = [...items.values()]
  const nav = all.find(({ properties }) => properties.split(/\s+/).includes('nav'))
  const ncx = items.get(toc ?? '') ?? all.find(({ type }) => type === 'application/x-dtbncx+xml')
  const titles = nav ? navTitles(parse, nav.part) : new Map()
  if (titles.size === 0 && ncx) for (const [part, entry] of ncxTitles(parse, ncx.part)) titles.set(part, entry)
  const chapters = spine.flatMap((id) => {
    const item = items.get(id)
    if (!item || item === nav) return []
    return [{ depth: 1, ...titles.get(item.part), part: item.part }]
  })
  return { facts: factsOf(texts), chapters, encrypted: encryptedParts(parse) }
}

function packagePart(archive: ZipArchive, parse: (part: string, handler: XmlHandler) => void): string | undefined {
  let found: string | undefined
  parse('META-INF/container.xml', {
    open(name, attributes) {
      if (name === 'rootfile') found ??= attributes['full-path']
    },
  })
  return found !== undefined && archive.has(found) ? found : archive.names.find((name) => name.endsWith('.opf'))
}

function hrefPart(from: string, href: string): string {
  const path = href.replace(/#.*$/, '')
  try {
    return resolvePart(from, decodeURIComponent(path))
  } catch {
    return resolvePart(from, path)
  }
}

function factsOf(texts: ReadonlyMap<string, string>): ComposedFacts {
  const title = texts.get('title')?.replace(/\s+/g, ' ').trim()
  const language = /^[a-z]{2,3}\b/i.exec(texts.get('language')?.trim() ?? '')?.[0]?.toLowerCase()
  const time = Date.parse(texts.get('date')?.trim() ?? '')
  return { ...(title ? { title } : {}), ...(language ? { language } : {}), ...(Number.isNaN(time) ? {} : { time }) }
}

type Titles = Map<string, { title: string; depth: number }>

/** Titles by document from the navigation document's table of contents (EPUB 3). */
function navTitles(parse: (part: string, handler: XmlHandler) => void, part: string): Titles {
  const titles: Titles = new Map()
  let inToc = 0
  let lists = 0
  let href: string | undefined
  let title = ''
  parse(part, {
    open(name, attributes) {
      if (name === 'nav') inToc = (attribute(attributes, 'type') ?? 'toc').includes('toc') ? 1 : 0
      else if (name === 'ol') lists++
      else if (name === 'a' && inToc) {
        href = attributes.href
        title = ''
      }
    },
    close(name) {
      if (name === 'nav') inToc = 0
      else if (name === 'ol') lists--
      else if (name === 'a' && href !== undefined) {
        note(titles, hrefPart(part, href), title, lists)
        href = undefined
      }
    },
    text(text) {
      if (href !== undefined) title += text
    },
  })
  return titles
}

/** Titles by document from the NCX (EPUB 2). */
function ncxTitles(parse: (part: string, handler: XmlHandler) => void, part: string): Titles {
  const titles: Titles = new Map()
  let depth = 0
  let title = ''
  let inLabel = false
  parse(part, {
    open(name, attributes) {
      if (name === 'navPoint') {
        depth++
        title = ''
      } else if (name === 'navLabel') inLabel = true
      else if (name === 'content' && attributes.src !== undefined && depth > 0)
        note(titles, hrefPart(part, attributes.src), title, depth)
    },
    close(name) {
      if (name === 'navPoint') depth--
      else if (name === 'navLabel') inLabel = false
    },
    text(text) {
      if (inLabel) title += text
    },
  })
  return titles
}

/** The first entry that points to a document names it. */
function note(titles: Titles, part: string, title: string, depth: number): void {
  const plain = title.replace(/\s+/g, ' ').trim()
  if (plain && !titles.has(part)) titles.set(part, { title: plain, depth: Math.max(1, Math.min(8, depth)) })
}

function encryptedParts(parse: (part: string, handler: XmlHandler) => void): Set<string> {
  const parts = new Set<string>()
  let method = ''
  parse('META-INF/encryption.xml', {
    open(name, attributes) {
      if (name === 'EncryptedData') method = ''
      else if (name === 'EncryptionMethod' && method === '') method = attributes.Algorithm ?? ''
      else if (name === 'CipherReference' && !/obfuscation|RC$/i.test(method))
        parts.add(hrefPart('', attributes.URI ?? ''))
    },
  })
  return parts
}
