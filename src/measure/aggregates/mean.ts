// Nothing here may refer to anything outside but types and its neighbours: the page carries these functions as they are.
import type { Estimate } from '../stats.ts'

/**
 * The mean of independent means, each with the weight of a cell, whatever its count; its interval follows from theirs.
 * Zou and Donner 2008, Construction of confidence limits about effect measures (the method of variance estimates recovery).
 */
export function meanOf(parts: readonly (Estimate & { readonly weight?: number })[]): Estimate | undefined {
  let weights = 0
  let middle = 0
  let count = 0
  for (const { weight = 1, mean, count: own } of parts) {
    weights += weight
    middle += weight * mean
    count += own
  }
  if (weights === 0) return undefined
  middle /= weights
  let below = 0
  let above = 0
  for (const { weight = 1, mean, low, high } of parts) {
    below += ((weight / weights) * (mean - low)) ** 2
    above += ((weight / weights) * (high - mean)) ** 2
  }
  return { mean: middle, low: middle - Math.sqrt(below), high: middle + Math.sqrt(above), count }
}
