import type { FieldValue, PlainRecord } from './records.ts'

export interface Scores {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

const isRecord = (value: FieldValue): value is PlainRecord => typeof value === 'object' && !Array.isArray(value)
const fold = (value: FieldValue): string =>
  isRecord(value)
    ? `${value.type}(${Object.entries(value.fields)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, inner]) => `${name}=${fold(inner)}`)
        .join(',')})`
    : Array.isArray(value)
      ? `[${value.map(fold).sort().join(',')}]`
      : String(value).toLowerCase().replace(/\s+/g, ' ').trim()

/** F1 of two sets: how many keys both have. Nothing said of nothing wanted is 1. */
function scored(said: ReadonlySet<string>, wanted: ReadonlySet<string>): Scores {
  const both = [...said].filter((key) => wanted.has(key)).length
  if (said.size === 0 && wanted.size === 0) return { precision: 1, recall: 1, f1: 1 }
  const precision = said.size === 0 ? 0 : both / said.size
  const recall = wanted.size === 0 ? 0 : both / wanted.size
  return { precision, recall, f1: both === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}
const keys = (records: readonly PlainRecord[], of: (record: PlainRecord) => readonly string[]): Set<string> =>
  new Set(records.flatMap(of))

/** Every record that stands in a record, itself first. */
function inner(record: PlainRecord): PlainRecord[] {
  const of = (value: FieldValue): PlainRecord[] =>
    isRecord(value) ? inner(value) : Array.isArray(value) ? value.flatMap(of) : []
  return [record, ...Object.values(record.fields).flatMap(of)]
}

/**
 * Entities by type and the words of their first text field, also those inside other records (Li et al. 2024, Code4UIE, arXiv
 * 2311.02962; strict: the words must be the same but for case and spaces). `types` are those that are entities.
 */
export function entityF1(
  said: readonly PlainRecord[],
  wanted: readonly PlainRecord[],
  types: readonly string[],
): Scores {
  const of = (record: PlainRecord): string[] =>
    inner(record)
      .filter(({ type }) => types.includes(type))
      .map(
        ({ type, fields }) =>
          `${type}: ${fold(Object.values(fields).find((value) => typeof value === 'string') ?? '')}`,
      )
  return scored(keys(said, of), keys(wanted, of))
}

/** Relations by type and all their arguments; an argument that is an entity counts by its type and words. */
export function relationF1(
  said: readonly PlainRecord[],
  wanted: readonly PlainRecord[],
  types: readonly string[],
): Scores {
  const of = (record: PlainRecord): string[] => (types.includes(record.type) ? [fold(record)] : [])
  return scored(keys(said, of), keys(wanted, of))
}

/** Events: `trigger` by type and the field that names the trigger, `argument` by type, role and words. */
export function eventF1(
  said: readonly PlainRecord[],
  wanted: readonly PlainRecord[],
  types: readonly string[],
  triggerField = 'trigger',
): { readonly trigger: Scores; readonly argument: Scores } {
  const events = (records: readonly PlainRecord[]) => records.filter(({ type }) => types.includes(type))
  const triggers = ({ type, fields }: PlainRecord): string[] => [`${type}: ${fold(fields[triggerField] ?? '')}`]
  const argumentsOf = ({ type, fields }: PlainRecord): string[] =>
    Object.entries(fields)
      .filter(([name]) => name !== triggerField)
      .flatMap(([name, value]) =>
        (Array.isArray(value) ? (value as readonly FieldValue[]) : [value]).map(
          (one) => `${type}.${name}: ${fold(one)}`,
        ),
      )
  return {
    trigger: scored(keys(events(said), triggers), keys(events(wanted), triggers)),
    argument: scored(keys(events(said), argumentsOf), keys(events(wanted), argumentsOf)),
  }
}
