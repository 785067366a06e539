import type { Node } from './node.ts'
import fs = require('fs')

export interface Options {
  readonly depth: number
}
export type Result<T> = T | undefined
export enum Color { Red, Green }
declare module 'other' {
  export function helper(a: string): void
}
export namespace Inner {
  export const value = 1
  export function run(): number { return value }
}
function over(a: string): string
function over(a: number): number
function over(a: unknown): unknown {
  return a
}

@Component({ selector: 'x' })
export class Tree<T> implements Iterable<T> {
  constructor(private readonly options: Options) {}
  @Input() name = 'x'
  /** Adds. */
  @HostListener('click')
  add(node: Node): Result<Color> {
    return over(node) as Result<Color>
  }
  private find = async <K,>(key: K): Promise<K> => {
    return key
  }
}

export abstract class Shape {
  abstract area(): number
}
export const make = <T,>(options: Options): Tree<T> => new Tree<T>(options)
