/** What a field holds. `record` names another type of the schema. */
export type FieldType =
  | { readonly kind: 'text' | 'number' | 'boolean' }
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: FieldType }
  | { readonly kind: 'record'; readonly name: string }
export interface Field {
  readonly name: string
  readonly type: FieldType
  readonly required: boolean
  readonly about?: string
}
export interface RecordType {
  readonly name: string
  /** The type that it is a kind of: its fields come first. */
  readonly parent?: string
  readonly about?: string
  /** Its own fields, without those of its parent. */
  readonly fields: readonly Field[]
}
export type RecordSchema = readonly RecordType[]

/** All fields of a type, those of its parents first; a parent that is missing or goes round is passed over. */
export function fieldsOf(schema: RecordSchema, name: string): readonly Field[] {
  const seen = new Set<string>()
  const lists: (readonly Field[])[] = []
  for (let type = find(schema, name); type && !seen.has(type.name); type = find(schema, type.parent ?? '')) {
    seen.add(type.name)
    lists.unshift(type.fields)
  }
  return [...new Map(lists.flat().map((field) => [field.name, field])).values()]
}
const find = (schema: RecordSchema, name: string): RecordType | undefined => schema.find((type) => type.name === name)

/** True where a type is the wanted one or a kind of it. */
export function isKind(schema: RecordSchema, name: string, wanted: string): boolean {
  const seen = new Set<string>()
  for (let at: string | undefined = name; at !== undefined && !seen.has(at); at = find(schema, at)?.parent) {
    if (at === wanted) return true
    seen.add(at)
  }
  return false
}

/**
 * Reads a schema: Python-like classes (`class Person(Entity):` with lines `name: str  # about it`), or JSON RecordSchema, either of one
 * object with a `title` or with the types under `$defs` or by their names. Undefined where it is neither.
 */
export function schemaOf(text: string): RecordSchema | undefined {
  const given = text.trim()
  if (given.startsWith('{')) {
    try {
      return fromJson(JSON.parse(given) as Json)
    } catch {
      return undefined
    }
  }
  return fromClasses(given)
}

interface Json {
  readonly title?: string
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly items?: Json
  readonly $ref?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Json>>
  readonly $defs?: Readonly<Record<string, Json>>
}
function fromJson(json: Json): RecordSchema | undefined {
  const own = json.properties ? [[json.title ?? 'Record', json] as const] : []
  const named = Object.entries(json.$defs ?? (json.properties ? {} : (json as Readonly<Record<string, Json>>)))
  const types = [...own, ...named.filter(([, type]) => type?.properties)].map(
    ([name, { description, properties = {}, required }]): RecordType => ({
      name,
      ...(description ? { about: description } : {}),
      fields: Object.entries(properties).map(([field, value]) => ({
        name: field,
        type: typeFromJson(value),
        required: required?.includes(field) ?? false,
        ...(value.description ? { about: value.description } : {}),
      })),
    }),
  )
  return types.length > 0 ? types : undefined
}
function typeFromJson({ type, enum: values, items, $ref }: Json): FieldType {
  if ($ref) return { kind: 'record', name: $ref.slice($ref.lastIndexOf('/') + 1) }
  if (values) return { kind: 'one-of', values: values.map(String) }
  if (type === 'array') return { kind: 'list', of: typeFromJson(items ?? {}) }
  return { kind: type === 'number' || type === 'integer' ? 'number' : type === 'boolean' ? 'boolean' : 'text' }
}

function fromClasses(text: string): RecordSchema | undefined {
  const types: (RecordType & { fields: Field[] })[] = []
  for (const line of text.split('\n')) {
    const head = /^\s*class\s+(\w+)\s*(?:\(\s*([\w.]*)[^)]*\))?\s*:\s*(?:#\s*(.*))?$/.exec(line)
    if (head) {
      const parent = head[2] && !/^(object|BaseModel|ABC|Enum)$/.test(head[2]) ? { parent: head[2] } : {}
      types.push({ name: head[1]!, ...parent, ...(head[3] ? { about: head[3].trim() } : {}), fields: [] })
      continue
    }
    const type = types.at(-1)
    if (!type) continue
    const field = /^\s+(\w+)\s*:\s*([^=#]+?)\s*(=[^#]*)?(?:#\s*(.*))?$/.exec(line)
    const about = /^\s*"""(.+?)(?:""")?\s*$/.exec(line)
    if (about && type.about === undefined && type.fields.length === 0)
      types[types.length - 1] = { ...type, about: about[1]!.trim() }
    if (!field || field[1] === 'self') continue
    const optional = field[3] !== undefined || /^Optional\[|\|\s*None\b/.test(field[2]!)
    const comment = field[4] ? { about: field[4].trim() } : {}
    type.fields.push({ name: field[1]!, type: typeFromWords(field[2]!), required: !optional, ...comment })
  }
  return types.length > 0 ? types : undefined
}
function typeFromWords(words: string): FieldType {
  const text = words.replace(/\s*\|\s*None\b/, '').trim()
  const inner = /^(?:\w+\.)*(\w+)\[(.*)\]$/s.exec(text)
  if (inner?.[1] === 'Optional') return typeFromWords(inner[2]!)
  if (inner && /^(list|set|tuple|sequence)$/i.test(inner[1]!))
    return { kind: 'list', of: typeFromWords(inner[2]!.replace(/,\s*\.\.\.$/, '')) }
  if (inner?.[1] === 'Literal')
    return { kind: 'one-of', values: [...inner[2]!.matchAll(/["']([^"']*)["']/g)].map(([, value]) => value!) }
  if (/^(list|set|tuple)$/i.test(text)) return { kind: 'list', of: { kind: 'text' } }
  if (/^(int|float|number)$/.test(text)) return { kind: 'number' }
  if (/^bool(ean)?$/.test(text)) return { kind: 'boolean' }
  if (/^(str|string|date|datetime|any)$/i.test(text)) return { kind: 'text' }
  return { kind: 'record', name: text.replace(/^["']|["']$/g, '') }
}

/** The schema as Python-like classes: what a model is shown. */
export function classesOf(schema: RecordSchema): string {
  const words = (type: FieldType): string =>
    type.kind === 'list'
      ? `List[${words(type.of)}]`
      : type.kind === 'one-of'
        ? `Literal[${type.values.map((value) => JSON.stringify(value)).join(', ')}]`
        : type.kind === 'record'
          ? type.name
          : { text: 'str', number: 'float', boolean: 'bool' }[type.kind]
  return schema
    .map(({ name, parent, about, fields }) => {
      const lines = fields.map(
        (field) =>
          `    ${field.name}: ${field.required ? words(field.type) : `Optional[${words(field.type)}] = None`}${field.about ? `  # ${field.about}` : ''}`,
      )
      return [
        `class ${name}${parent ? `(${parent})` : ''}:`,
        ...(about ? [`    """${about}"""`] : []),
        ...(lines.length > 0 ? lines : ['    pass']),
      ].join('\n')
    })
    .join('\n\n')
}

/** The types of records that were given as examples: every field that one has, required where all have it. */
export function schemaOfExamples(
  records: readonly { readonly type: string; readonly fields: Readonly<Record<string, unknown>> }[],
): RecordSchema {
  const guess = (value: unknown): FieldType =>
    Array.isArray(value)
      ? { kind: 'list', of: guess(value[0] ?? '') }
      : typeof value === 'number' || typeof value === 'boolean'
        ? { kind: typeof value as 'number' | 'boolean' }
        : typeof value === 'object' && value !== null && 'type' in value
          ? { kind: 'record', name: String(value.type) }
          : { kind: 'text' }
  return [...Map.groupBy(records, ({ type }) => type)].map(([name, list]) => {
    const names = [...new Set(list.flatMap(({ fields }) => Object.keys(fields)))]
    const fields = names.map((field): Field => {
      const values = list.flatMap((record) => record.fields[field] ?? [])
      const value = list.find((record) => record.fields[field] != null)?.fields[field]
      return { name: field, type: guess(value ?? values[0]), required: list.every((one) => one.fields[field] != null) }
    })
    return { name, fields }
  })
}
