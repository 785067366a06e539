// The page carries these functions as they are: they refer to nothing outside but types and each other.
import type { Origin } from '../contract.ts'

/** A share as percent with one decimal; other numbers with as many as they need. */
export function scoreText(value: number, share: boolean): string {
  if (!Number.isFinite(value)) return '–'
  const text = share ? (100 * value).toFixed(1) : amountText(value)
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−')
}

export function rangeText(low: number, high: number, share: boolean): string {
  const text = scoreText(low, share)
  return `${text}${text.startsWith('−') ? ' to ' : '–'}${scoreText(high, share)}`
}

export function amountText(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size >= 100) return Math.round(value).toLocaleString('en')
  if (size >= 1) return value.toFixed(1)
  return value === 0 ? '0' : value.toPrecision(2)
}

export function lengthText(length: number): string {
  if (length === 0) return 'own'
  if (length % 1_048_576 === 0) return `${length / 1_048_576}M`
  return length % 1024 === 0 ? `${length / 1024}k` : length.toLocaleString('en')
}

export function originText(origin: Origin): string {
  switch (origin) {
    case 'simulated':
      return 'simulated reader: a program with stated weaknesses, not a model'
    case 'scripted':
      return 'scripted: answers written beforehand, no model had a part'
    case 'replayed':
      return 'replayed: answers of a model that were stored earlier'
    case 'model':
      return 'model: answers asked of a model for this run'
    default:
      return 'computed: what was chosen is scored itself, no reader had a part'
  }
}
