import { attribute, parseXml, type XmlHandler } from './adapters/xml.ts'
import { openZip, type ZipArchive } from './adapters/zip.ts'
import type { ComposedFacts } from './compose.ts'
import type { ReadContext, ReadInput } from './contract.ts'
import { readError } from './problems.ts'

export interface Relationship {
  readonly id: string
  /** Last step of the relationship's type, such as `slide`. */
  readonly type: string
  /** Name of the part in the archive. */
  readonly target: string
}

/** Name of the part that `target`, as written in `part`, points to. */
export function resolvePart(part: string, target: string): string {
  const steps = target.startsWith('/') ? [] : part.split('/').slice(0, -1)
  for (const step of target.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.join('/')
}

export interface OfficePackage {
  readonly archive: ZipArchive
  /** Walks a part when it is there; says whether it was. */
  parse(part: string, handler: XmlHandler): boolean
  /** Relationships of a part in their order, external ones left out. */
  relationships(part: string): Relationship[]
  /** Name of the main part. Throws `corrupt` when there is none. */
  readonly main: string
  /** Title, language and time of change, as the document says. */
  readonly facts: ComposedFacts
}

/** Opens an Office Open XML file (ECMA-376, part 2): its parts, their relationships and its properties. */
export async function openPackage(input: ReadInput, context: ReadContext, usual: string): Promise<OfficePackage> {
  const archive = await openZip(input, context)
  const parse = (part: string, handler: XmlHandler): boolean => {
    const bytes = archive.bytes(part)
    if (bytes) parseXml(input, context, part, bytes, handler)
    return bytes !== undefined
  }
  const relationships = (part: string): Relationship[] => {
    const found: Relationship[] = []
    const at = part.lastIndexOf('/') + 1
    parse(`${part.slice(0, at)}_rels/${part.slice(at)}.rels`, {
      open(name, attributes) {
        const { Id: id, Type: type = '', Target: target, TargetMode: mode } = attributes
        if (name !== 'Relationship' || id === undefined || target === undefined || mode === 'External') return
        found.push({ id, type: type.slice(type.lastIndexOf('/') + 1), target: resolvePart(part, target) })
      },
    })
    return found
  }
  const roots = relationships('')
  const named = roots.find(({ type }) => type === 'officeDocument')?.target
  const main = named !== undefined && archive.has(named) ? named : usual
  if (!archive.has(main))
    throw readError('corrupt', input, `it has no part ${usual}`, 'check that the file is whole and of this kind')
  const properties = roots.find(({ type }) => type === 'core-properties')?.target ?? 'docProps/core.xml'
  return { archive, parse, relationships, main, facts: readProperties(parse, properties) }
}

function readProperties(parse: OfficePackage['parse'], part: string): ComposedFacts {
  const texts = new Map<string, string>()
  let current = ''
  parse(part, {
    open(name) {
      current = name
    },
    close() {
      current = ''
    },
    text(text) {
      if (current) texts.set(current, (texts.get(current) ?? '') + text)
    },
  })
  const title = texts.get('title')?.trim()
  const language = /^[a-z]{2,3}\b/i.exec(texts.get('language') ?? '')?.[0]?.toLowerCase()
  const time = Date.parse(texts.get('modified') ?? texts.get('created') ?? '')
  return { ...(title ? { title } : {}), ...(language ? { language } : {}), ...(time > 0 ? { time } : {}) }
}

/** The value of an on-off property such as `<w:b/>` or `<w:b w:val="0"/>`. */
export function isOn(attributes: Readonly<Record<string, string>>): boolean {
  const value = attribute(attributes, 'val')
  return value === undefined || !/^(0|false|off|none)$/i.test(value)
}

/** Text as it stands in the cell of a row: on one line. */
export const cellText = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** True for a first row that reads like the names of columns: short words in every cell. */
export const namesColumns = (cells: readonly string[]): boolean =>
  cells.length > 1 && cells.every((text) => text !== '' && text.length <= 60 && !/^[\d.,%\s-]+$/.test(text))
