#!/usr/bin/env node
import fs, { readFile as read } from 'node:fs'
import * as path from 'node:path'
const { join } = require('path')

/** The limit. */
export const limit = 10

export default class Parser extends Base {
  #depth = 0
  handle = (event) => {
    this.parse(event)
    return limit
  }

  static get name() { return `${limit} join` }

  /** Parses. */
  async *parse(text) {
    yield join(text, '😀')
  }
}

export const twice = (value) => value * 2

function* walk(tree) {
  const visit = (node) => visit(node)
  yield twice(tree)
}

module.exports.helper = function (a) { return walk(a) }
Parser.prototype.close = function () {
  return path.join(read)
}

const api = {
  get(url) { return fs.get(url) },
  post: async (url) => {
    await twice(url)
    return url
  },
}

describe('everything', () => {
  it('walks the whole of the tree, which is written here over two lines', () => {
    walk(new Parser())
  })
})
