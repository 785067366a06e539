// Which texts are mostly in scripts that set no spaces between words.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isUnspaced } from '../../src/core/index.ts'

test('a text is unspaced where such characters are more than the words beside them', () => {
  for (const text of [
    '灯塔建于哪一年?',
    'C919的全称是什么?',
    'EMNLP2022的举办地',
    '東京はどこですか',
    'ประเทศไทยอยู่ที่ไหน',
  ])
    assert.ok(isUnspaced(text), text)
  for (const text of [
    '',
    '?',
    'Who is 梁冠华?',
    'What does 東京 mean in English?',
    'Где стоит маяк?',
    '2022',
    '등대는 어디에 있습니까',
  ])
    assert.ok(!isUnspaced(text), text)
})
