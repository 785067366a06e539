/** The part of JSON Schema that replies are checked by. */
export interface Schema extends Readonly<Record<string, unknown>> {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly minLength?: number
}

/** What is wrong with a value by a schema, in words; undefined where nothing is. */
export function violationOf(value: unknown, schema: Schema, at = 'the reply'): string | undefined {
  const { type, minimum, maximum, maxItems, minLength } = schema
  if (schema.enum && !schema.enum.includes(value))
    return `${at} must be one of ${schema.enum.map((one) => JSON.stringify(one)).join(', ')}`
  if (type !== undefined && !isOf(value, type)) return `${at} must be of type ${type}`
  if (typeof value === 'number') {
    if (minimum !== undefined && value < minimum) return `${at} must be at least ${minimum}`
    if (maximum !== undefined && value > maximum) return `${at} must be at most ${maximum}`
  }
  if (typeof value === 'string' && minLength !== undefined && value.length < minLength)
    return `${at} must have at least ${minLength} characters`
  if (Array.isArray(value)) {
    if (maxItems !== undefined && value.length > maxItems) return `${at} must have at most ${maxItems} items`
    if (schema.items)
      for (const [index, item] of value.entries()) {
        const fault = violationOf(item, schema.items, `${at}[${index}]`)
        if (fault !== undefined) return fault
      }
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const own = value as Record<string, unknown>
  for (const name of schema.required ?? []) if (!Object.hasOwn(own, name)) return `${at} lacks "${name}"`
  for (const [name, inner] of Object.entries(own)) {
    const wanted = schema.properties?.[name]
    if (!wanted && schema.additionalProperties === false) return `${at} must not have "${name}"`
    const fault = wanted && violationOf(inner, wanted, `${at}.${name}`)
    if (fault !== undefined) return fault
  }
  return undefined
}

function isOf(value: unknown, type: NonNullable<Schema['type']>): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'array':
      return Array.isArray(value)
    case 'null':
      return value === null
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'string':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
  }
}
