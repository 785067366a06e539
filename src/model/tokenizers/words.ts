import { FoveaError } from '../../core/index.ts'
import type { TokenizerFactory, TokenizerMeta } from '../contract.ts'

export const meta = {
  name: 'words',
  summary:
    'Words between white space, with each character of a run of Han or kana as one: the measure of many data sets.',
  encodings: ['words'],
} as const satisfies TokenizerMeta

const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/

const factory: TokenizerFactory = async (encoding) => {
  if (encoding !== 'words') throw new FoveaError('tokenizer-unknown', `no tokenizer for "${encoding}"; use words`)
  return {
    name: 'words',
    count(text) {
      let count = 0
      for (const [word] of text.matchAll(/\S+/g)) count += unspaced.test(word) ? word.length : 1
      return count
    },
    margin: () => 0,
  }
}
export default factory
