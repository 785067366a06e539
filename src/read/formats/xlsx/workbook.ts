import { attribute, prefixedAttribute, walkXml, type XmlHandler } from '../../adapters/xml.ts'
import type { ReadContext, ReadInput } from '../../contract.ts'
import type { OfficePackage } from '../../ooxml.ts'
import { readError } from '../../problems.ts'
import { type NumberFormat, parseNumberFormat } from './numbers.ts'

export interface SheetPart {
  readonly name: string
  readonly part: string
  readonly hidden: boolean
}

export interface Workbook {
  readonly sheets: readonly SheetPart[]
  readonly strings: readonly string[]
  /** Formats by the index that a cell's `s` gives. */
  readonly formats: readonly NumberFormat[]
  /** Dates count from 1904 instead of 1900. */
  readonly from1904: boolean
}

/** What `numFmtId` means where the workbook does not say (ECMA-376, 18.8.30). */
const builtIn: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  14: 'yyyy-mm-dd',
  15: 'yyyy-mm-dd',
  16: 'yyyy-mm-dd',
  17: 'yyyy-mm',
  18: 'hh:mm',
  19: 'hh:mm:ss',
  20: 'hh:mm',
  21: 'hh:mm:ss',
  22: 'yyyy-mm-dd hh:mm',
  27: 'yyyy-mm-dd',
  30: 'yyyy-mm-dd',
  36: 'yyyy-mm-dd',
  37: '#,##0',
  38: '#,##0',
  39: '#,##0.00',
  40: '#,##0.00',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss',
  50: 'yyyy-mm-dd',
  57: 'yyyy-mm-dd',
}

/** Sheets in the order of their tabs, shared strings and number formats. */
export function readWorkbook(input: ReadInput, office: OfficePackage, context: ReadContext): Workbook {
  const relations = office.relationships(office.main)
  const targets = new Map(relations.map(({ id, target }) => [id, target]))
  const part = (type: string): string => relations.find((one) => one.type === type)?.target ?? `xl/${type}.xml`
  const sheets: SheetPart[] = []
  let from1904 = false
  office.parse(office.main, {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = /^(1|true)$/i.test(attribute(attributes, 'date1904') ?? '')
      if (name !== 'sheet') return
      const target = targets.get(prefixedAttribute(attributes, 'id') ?? '')
      const title = attributes.name ?? `Sheet${sheets.length + 1}`
      if (target !== undefined && office.archive.has(target))
        sheets.push({ name: title, part: target, hidden: /hidden/i.test(attributes.state ?? '') })
      else
        context.warn({ code: 'missing-part', uri: input.uri, message: `${input.uri}: the sheet "${title}" is missing` })
    },
  })
  if (sheets.length === 0) throw readError('corrupt', input, 'it has no sheets', 'check that the file is whole')
  return {
    sheets,
    strings: readStrings(input, office, context, part('sharedStrings')),
    formats: readFormats(office, part('styles')),
    from1904,
  }
}

function readStrings(input: ReadInput, office: OfficePackage, context: ReadContext, part: string): string[] {
  const strings: string[] = []
  let current = ''
  let inText = false
  let phonetic = false
  const handler: XmlHandler = {
    open(name) {
      if (name === 'si') current = ''
      else if (name === 'rPh') phonetic = true
      else if (name === 't') inText = !phonetic
    },
    close(name) {
      if (name === 'si') strings.push(current)
      else if (name === 'rPh') phonetic = false
      else if (name === 't') inText = false
    },
    text(text) {
      if (inText) current += text
    },
  }
  for (const _ of walkXml(input, context, part, office.archive.stream(part), handler));
  return strings
}

function readFormats(office: OfficePackage, part: string): NumberFormat[] {
  const codes = new Map<number, string>()
  const formats: NumberFormat[] = []
  const parsed = new Map<number, NumberFormat>()
  let inCells = false
  office.parse(part, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const id = Number(attributes.numFmtId ?? 0)
        const format = parsed.get(id) ?? parseNumberFormat(codes.get(id) ?? builtIn[id] ?? 'General')
        parsed.set(id, format)
        formats.push(format)
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  return formats
}
