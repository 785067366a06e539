import { attribute, prefixedAttribute, type XmlAttributes } from '../adapters/xml.ts'
import { Composer } from '../compose.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { cellText, isOn, namesColumns, type OfficePackage, openPackage } from '../ooxml.ts'
import { readError } from '../problems.ts'

export const meta = {
  name: 'pptx',
  summary: 'PowerPoint presentations: slides in order with title, text, tables, diagrams and speaker notes.',
  extensions: ['pptx', 'pptm', 'potx', 'ppsx', 'ppsm'],
  mediaTypes: ['application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  version: 1,
  magic: ['504b0304'],
  zipEntry: 'ppt/presentation.xml',
} as const satisfies FormatMeta

interface Shape {
  /** Type of its placeholder: `title`, `body`, `sldNum`; empty for other shapes. */
  readonly placeholder: string
  readonly paragraphs: { text: string; depth: number }[]
  /** Rows of cells, for a table. */
  rows?: string[][]
  firstRow?: boolean
}

/** Placeholders that say the same on every slide. */
const running = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg'])

/** The text of a slide is its title, its shapes in their order, then its notes; `slide` counts from 1. */
const read: Format = async function* (input, context) {
  const office = await openPackage(input, context, meta.zipEntry)
  const slides = slideParts(office)
  if (slides.length === 0) throw readError('corrupt', input, 'it has no slides', 'check that the file is whole')
  const composer = new Composer(input, context, meta.mediaTypes[0])
  Object.assign(composer.facts, office.facts)
  for (const [index, part] of slides.entries()) {
    context.abortSignal?.throwIfAborted()
    if (!office.archive.has(part)) {
      const message = `${input.uri}: the part of slide ${index + 1} is missing; the others were read`
      context.warn({ code: 'missing-part', uri: input.uri, message })
      continue
    }
    writeSlide(composer, office, part, index + 1)
    yield* composer.ready()
  }
  yield* composer.finish()
}

export default read

/** Slides in the order of the presentation, not of their files' names. */
function slideParts(office: OfficePackage): string[] {
  const targets = new Map(office.relationships(office.main).map(({ id, target }) => [id, target]))
  const parts: string[] = []
  office.parse(office.main, {
    open(name, attributes) {
      const target = name === 'sldId' ? targets.get(prefixedAttribute(attributes, 'id') ?? '') : undefined
      if (target !== undefined) parts.push(target)
    },
  })
  return parts
}

function writeSlide(composer: Composer, office: OfficePackage, part: string, slide: number): void {
  const { shapes, hidden } = readShapes(office, part)
  const relations = office.relationships(part)
  for (const { type, target } of relations)
    if (type === 'diagramData') shapes.push(...readShapes(office, target, 'pt').shapes)
  const isTitle = ({ placeholder }: Shape): boolean => placeholder === 'title' || placeholder === 'ctrTitle'
  const titles = shapes.filter(isTitle)
  const title = cellText(titles.length > 0 ? titles.map(shapeText).join(' ') : firstLine(shapes))
  const place = { slide }
  composer.separate('\n\n')
  const detail = hidden ? { detail: { hidden: true } } : {}
  composer.open('slide', { ...(title ? { title } : {}), ...detail })
  for (const shape of [...titles, ...shapes.filter((one) => !isTitle(one))]) {
    if (running.has(shape.placeholder)) continue
    composer.separate('\n\n')
    if (shape.rows) writeTable(composer, shape, slide)
    else composer.write(shapeText(shape), place)
  }
  const notes = relations.find(({ type }) => type === 'notesSlide')
  const spoken = notes ? readShapes(office, notes.target).shapes.filter((one) => one.placeholder === 'body') : []
  const text = spoken.map(shapeText).filter(Boolean).join('\n\n')
  if (text) {
    composer.separate('\n\n')
    composer.open('section', { title: 'Notes' })
    composer.write(text, place)
    composer.close()
  }
  composer.close()
}

/** What a slide without a title begins with, when it reads like one. */
function firstLine(shapes: readonly Shape[]): string {
  const first = shapes.find((shape) => !running.has(shape.placeholder) && (shape.rows || shapeText(shape) !== ''))
  const text = first && !first.rows ? shapeText(first) : ''
  return text.length <= 120 && !text.includes('\n') ? text : ''
}

const shapeText = ({ paragraphs }: Shape): string =>
  paragraphs
    .filter(({ text }) => /\S/.test(text))
    .map(({ text, depth }) => '  '.repeat(depth) + text.trim())
    .join('\n')

function writeTable(composer: Composer, { rows = [], firstRow }: Shape, slide: number): void {
  composer.open('table')
  const named = rows.length > 1 && (firstRow || namesColumns(rows[0]!))
  rows.forEach((cells, index) => {
    const written = cells.map((text) => ({ text, place: { slide } }))
    if (cells.some(Boolean)) composer.row(written, index === 0 && named)
  })
  composer.close()
}

/** The shapes of a slide, of its notes, or (by another element) the points of a diagram, those of groups included. */
function readShapes(office: OfficePackage, part: string, element = 'sp'): { shapes: Shape[]; hidden: boolean } {
  const shapes: Shape[] = []
  let shape: Shape | undefined
  let hidden = false
  let skip = 0
  let inText = false
  let cell: string[] | undefined
  const start = (): Shape => {
    const made: Shape = { placeholder: '', paragraphs: [] }
    shapes.push(made)
    return made
  }
  const add = (text: string): void => {
    const last = shape?.paragraphs.at(-1)
    if (cell) cell.push(text)
    else if (last) last.text += text
  }
  const depthOf = (attributes: XmlAttributes): number =>
    Math.max(0, Math.min(8, Number(attribute(attributes, 'lvl') ?? 0) || 0))
  office.parse(part, {
    open(name, attributes) {
      if (skip > 0 || name === 'Fallback') skip++
      else if (name === 'sld') hidden = attributes.show !== undefined && !isOn({ val: attributes.show })
      else if (name === element) shape = start()
      else if (name === 'ph' && shape) Object.assign(shape, { placeholder: attributes.type ?? 'body' })
      else if (name === 'tbl') {
        shape = start()
        shape.rows = []
      } else if (name === 'tblPr' && shape) shape.firstRow = attributes.firstRow === '1'
      else if (name === 'tr') shape?.rows?.push([])
      else if (name === 'tc') cell = []
      else if (name === 'p' && !cell) shape?.paragraphs.push({ text: '', depth: 0 })
      else if (name === 'pPr' && !cell) Object.assign(shape?.paragraphs.at(-1) ?? {}, { depth: depthOf(attributes) })
      else if (name === 't') inText = true
      else if (name === 'br' || name === 'tab') add(name === 'br' ? '\n' : '\t')
    },
    close(name) {
      if (skip > 0) skip--
      else if (name === 't') inText = false
      else if (name === 'p') cell?.push(' ')
      else if (name === element || name === 'tbl') shape = undefined
      else if (name === 'tc' && cell) {
        shape?.rows?.at(-1)?.push(cellText(cell.join('')))
        cell = undefined
      }
    },
    text(text) {
      if (inText && skip === 0) add(text)
    },
  })
  return { shapes, hidden }
}
